"""Whole studies from the transfer to the published pages."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path

import pandas as pd
import pytest

from command_line import UNBLINDED

pytestmark = pytest.mark.slow
REPORTS = ("safety", "pharmacokinetics", "efficacy")


class Page(HTMLParser):
    """Collects addresses, texts and the columns of the page."""

    def __init__(self) -> None:
        super().__init__()
        self.addresses: list[str] = []
        self.text: list[str] = []

    def handle_starttag(self, _tag, attrs):
        self.addresses += [value or "" for name, value in attrs if name in {"src", "href", "srcset", "action"}]

    def handle_data(self, data):
        self.text.append(data)


def run(project: Path, outputs: Path, study: str, cut: str) -> Path:
    command = [sys.executable, "-m", "cutbook", "run", study, cut, *UNBLINDED, "--outputs", str(outputs)]
    done = subprocess.run(command, cwd=project, capture_output=True, text=True, timeout=500, check=False)
    assert done.returncode == 0, done.stderr
    return outputs / study / cut / "unblinded"


def read(folder: Path, report: str) -> Page:
    page = Page()
    page.feed((folder / f"{report}.html").read_text(encoding="utf-8"))
    return page


@pytest.fixture(scope="module")
def trial(project, tmp_path_factory):
    """Return the published sets of the first two cuts of the virtual trial."""
    assert (project / "data/tofersen/C2").is_dir(), "make test generates the virtual trial"
    outputs = tmp_path_factory.mktemp("outputs")
    return [run(project, outputs, "tofersen", cut) for cut in ("C1", "C2")]


@pytest.fixture(scope="module")
def pilot(project, shared, tmp_path_factory):
    """Return the published sets of two cuts of the pilot study, one mid-study."""
    assert (shared / "data/cdiscpilot01").is_dir()
    outputs = tmp_path_factory.mktemp("outputs")
    return [run(project, outputs, "cdiscpilot01", cut) for cut in ("2013-06-30", "final")]


@pytest.mark.parametrize("report", REPORTS)
def test_a_page_is_whole_and_needs_no_network(trial, report):
    page = read(trial[1], report)
    assert page.addresses
    beside = [f"{name}.html" for name in ("safety", "pharmacokinetics", "efficacy") if name != report]
    away = [address for address in page.addresses if not address.startswith(("#", "data:"))]
    own = [address for address in away if address.startswith(f"{report}.tables.html")]
    assert [address for address in away if address not in own] == [*beside, "../../index-unblinded.html"]
    whole = (trial[1] / f"{report}.tables.html").read_text(encoding="utf-8") if own else ""
    ids = set(re.findall(r'\bid="?([^"\s>]+)', whole))
    assert [address for address in own if "#" in address and address.partition("#")[2] not in ids] == []
    text = " ".join(page.text)
    assert "End of report." in text
    assert "Synthetic data: no real participant is in this report." in text
    assert "UNBLINDED" in text


def test_the_second_cut_stands_beside_the_first(trial):
    results = [pd.read_parquet(folder / "safety.results.parquet") for folder in trial]
    treated = [
        table.loc[table["display"].eq("D1") & table["variable"].eq("SAFFL") & table["statistic"].eq("n"), "value"].max()
        for table in results
    ]
    assert treated == [13, 25]
    assert re.search(r"Treated\s+13\s+25\s+\+12", " ".join(read(trial[1], "safety").text))


def test_every_number_of_a_count_has_the_keys_behind_it(trial):
    table = pd.read_parquet(trial[1] / "safety.results.parquet")
    counts = table[table["display"].isin(["D4", "D5"]) & table["statistic"].eq("n")]
    people = counts["keys"].map(lambda keys: len({key.split("/")[1] for key in keys}))
    assert people.tolist() == counts["value"].tolist()
    assert len(counts) > 100


def test_the_pilot_shows_the_official_counts(pilot, shared):
    table = pd.read_parquet(pilot[1] / "safety.results.parquet")
    own = table[table["display"].eq("D4") & table["variable"].eq("TEAE") & table["statistic"].eq("n")]
    shown = dict(zip(own["group_words"], own["text"], strict=True))
    reference = pd.read_csv(shared / "reference/pilot_tables/teae_overview.csv").query("category == 'any TEAE'")
    assert {arm: shown[arm] for arm in reference["arm"]} == {
        arm: str(count) for arm, count in zip(reference["arm"], reference["subjects"], strict=True)
    }
    assert re.search(r"65\s+\(75\.6\)\s+\[281\]", " ".join(read(pilot[1], "safety").text))


def test_the_pilot_says_that_its_concentrations_are_synthetic(pilot):
    for folder in pilot:
        assert "synthetic additions" in " ".join(read(folder, "pharmacokinetics").text)


def test_a_mid_study_cut_knows_nothing_that_came_later(pilot):
    removed = pd.read_parquet(pilot[0] / "removed.parquet")
    assert len(removed) > 100_000
    table = pd.read_parquet(pilot[0] / "safety.results.parquet")
    randomised = table[table["display"].eq("D1") & table["variable"].eq("RANDFL") & table["statistic"].eq("n")]
    assert randomised["value"].max() == 131


def test_running_again_gives_the_same_results(trial, project, tmp_path):
    again = run(project, tmp_path, "tofersen", "C1")
    for report in REPORTS:
        first, second = (pd.read_parquet(folder / f"{report}.results.parquet") for folder in (trial[0], again))
        pd.testing.assert_frame_equal(first, second)


def test_a_plain_papermill_run_works_too(project, tmp_path):
    command = [
        sys.executable, "-m", "papermill", "notebooks/efficacy.ipynb", str(tmp_path / "out.ipynb"), "-f",
        "parameters/tofersen/C1.yaml", "--no-progress-bar",
    ]  # fmt: skip
    done = subprocess.run(
        command, cwd=project, capture_output=True, text=True, timeout=300, check=False, env=dict(os.environ)
    )
    assert done.returncode == 0, done.stderr
    assert "end-of-report" in (tmp_path / "out.ipynb").read_text(encoding="utf-8")
