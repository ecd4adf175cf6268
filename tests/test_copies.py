"""The virtual trial several times: it renders, and nothing published is compared with it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest

from cutbook.starter.making import make_project
from virtual_trial.simulate import simulate

pytestmark = pytest.mark.slow

STATEMENT = "The data are 2 copies of the trial: published results are compared with the trial itself only."


@pytest.fixture(scope="module")
def published(project: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the set of the cut at which published numbers are due, of a trial twice as large."""
    root = tmp_path_factory.mktemp("copies")
    make_project(root)
    simulate(root / "data/tofersen", copies=2, only=["DBL"])
    command = [sys.executable, "-m", "cutbook", "run", "tofersen", "DBL"]
    environment = {**os.environ, "PYTHONPATH": str(project / "lib")}
    done = subprocess.run(command, cwd=root, env=environment, capture_output=True, text=True, timeout=900, check=False)
    assert done.returncode == 0, done.stderr
    return root / "outputs/tofersen/DBL/unblinded"


def test_the_final_cut_of_a_larger_trial_is_published_with_all_its_participants(published: Path) -> None:
    results = pd.read_parquet(published / "safety.results.parquet")
    randomised = results[results["display"].eq("D1") & results["variable"].eq("RANDFL") & results["statistic"].eq("n")]
    assert randomised["value"].max() == 100


@pytest.mark.parametrize("page", ["index", "safety", "pharmacokinetics", "efficacy"])
def test_every_page_says_why_no_published_number_stands_on_it(published: Path, page: str) -> None:
    assert STATEMENT in (published / f"{page}.html").read_text("utf-8")
