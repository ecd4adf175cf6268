"""A draft beside a study file that a person wrote: the same numbers where the decisions are the same."""

from __future__ import annotations

import shutil
from pathlib import Path

import pandas as pd
import pytest

from cutbook.data.staging.staged import Rendering, stage_cut
from cutbook.drafting.answers import read_answers
from cutbook.drafting.making import Request, make
from cutbook.parameters.project import Project, read_cut, read_study
from cutbook.starter.making import make_project
from reported import as_first, reported

pytestmark = pytest.mark.slow

KEYS = ["display", "population", "parameter", "variable", "level", "visit", "group", "statistic"]
SAME_FAMILY = {"hematology": "haematology", "vital_signs": "vitals", "electrocardiogram": "ecg"}
"""Families that the draft calls otherwise than the file of the pilot does."""

ANSWERS = """
is_synthetic: false
populations.actual_arm: ARMCD
cut.cutoff_date: "2015-03-05"
"""
DECIDED_OTHERWISE = {
    "D2": "height of every visit and weight to two decimals: nothing tells that the plan takes one visit, and rounds",
    "A7": "the amounts of data say how many datasets the study file reads",
    "A0": "the number of datasets read",
}
"""Displays in which numbers differ, each with the decision behind it."""


def results_of(project: Project, study: str, cut: str, name: str, to: Path) -> pd.DataFrame:
    """Return the results table of a report, by its keys."""
    parameters = read_cut(project, study, cut)
    staged = stage_cut(
        project, read_study(project, study), parameters, to, is_unverified_allowed=False,
        rendering=Rendering("2026-01-01T00:00:00Z"),
    )  # fmt: skip
    results = reported(name, as_first(staged)).results
    for column in KEYS:
        results[column] = results[column].astype("str").replace(SAME_FAMILY, regex=True)
    return results.drop_duplicates(KEYS)


@pytest.fixture(scope="module")
def drafted(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Project:
    """Return a project with the draft of the pilot from its transfer and three answers."""
    root = tmp_path_factory.mktemp("pilot")
    make_project(root)
    shutil.copytree(shared / "data/cdiscpilot01", root / "incoming/cdiscpilot01")
    answers = root / "answers.yaml"
    answers.write_text(ANSWERS, encoding="utf-8")
    project = Project(root)
    request = Request(root / "incoming/cdiscpilot01", project, "pilot", is_accepted=True)
    make(request, lambda draft: read_answers(answers, draft))
    return project


@pytest.mark.parametrize(("name", "least"), [("safety", 70_000), ("pharmacokinetics", 3_000)])
def test_the_draft_of_the_pilot_gives_the_numbers_of_its_study_file(
    project: Path, drafted: Project, name: str, least: int, tmp_path: Path
) -> None:
    written = results_of(Project(project), "cdiscpilot01", "final", name, tmp_path / "written")
    draft = results_of(drafted, "pilot", "cdiscpilot01", name, tmp_path / "draft")
    both = written.merge(draft, on=KEYS, suffixes=("", "_draft"))
    differs = both["value"].ne(both["value_draft"]) & ~(both["value"].isna() & both["value_draft"].isna())
    assert len(both) > least
    assert set(both.loc[differs, "display"]) <= set(DECIDED_OTHERWISE)
    assert differs.sum() < 0.002 * len(both)
