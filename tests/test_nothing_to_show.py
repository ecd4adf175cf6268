"""Nothing to show is a sentence, never an error: no dataset, no records, no values yet, nobody treated yet."""

from __future__ import annotations

import html
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from cutbook.data.staging.staged import Rendering, StagedCut, stage_cut
from cutbook.parameters.project import Project, read_cut, read_study
from reported import Reported, as_first, reported

REPORTS = ("safety", "pharmacokinetics", "efficacy")
BESIDE_DM = (
    "ae", "cm", "ds", "ec", "eg", "ex", "is", "lb", "mh", "pc", "pr", "qs", "re", "sc", "suppae", "suppdm", "sv",
    "ts", "vs",
)  # fmt: skip
ALWAYS = {
    "A1", "A3", "A7", "B1", "D0", "D1", "D2", "D3", "D3P", "D4", "D4S", "D7", "D10", "D11", "D11P", "D19", "D23A",
    "F10", "I2", "I2P", "I2T", "I6", "I7",
}  # fmt: skip
"""Displays of files, of the comparison, and tables whose rows do not depend on the data: they show zeros."""

NO_PROFILE = "No profile by the cut-off: no dose is followed by 4 or more planned samples with a result."
OF_PROFILES = ("T-E4", "T-E4W", "T-E5", "F-E6", "T-E7", "T-E8", "F-E8", "T-E10", "T-E14", "T-G6")
OWN = {
    "T-C4": "Shown in blinded reports alone.",
    **{f"{name}-{{number}}": NO_PROFILE for name in OF_PROFILES},
    "T-E12": NO_PROFILE,
    "T-D24": "Not delivered: protocol deviations (DV).",
    "F-D22C-{parameter}": "No values by the cut-off.",
    "T-F3-{endpoint}": "Not estimable at Day 85: nobody with a dose has a value.",
    "T-F4R-{endpoint}": "Not estimable: no participant has a value and all that explains it.",
    "T-F4S-{endpoint}": "Not estimable: nobody has a value.",
    "T-F4C-{endpoint}": "Not estimable: nobody has a value at the visits.",
    "T-F6-{endpoint}": "Not estimable: fewer than two arms have participants.",
    "T-F6W-{endpoint}": "Not estimable: fewer than two arms have participants.",
    "F-F2W-{endpoint}": "No change from baseline at Day 85 by the cut-off.",
    "F-F7-{what}": "No curve: nobody is treated in one of the groups to compare.",
    "T-F7-{what}": "Not estimable: nobody is treated in one of the groups to compare.",
    "T-E2-{number}": "No Plasma concentrations by the cut-off.",
    "F-E3-{number}": "No concentrations by the cut-off.",
    "F-F2-{endpoint}": "No values after baseline by the cut-off.",
    "F-F4-{endpoint}": "No values after baseline by the cut-off.",
    "F-F1-{endpoint}": "Not estimable at Day 85.",
    "F-D0I": "No values by the cut-off.",
    "T-F1-{endpoint}": "Not estimable at Day 85: too few participants for the model.",
    "T-F1M-{endpoint}": "This is the first cut of the study.",
    "T-D3M": "This is the first cut of the study.",
    "T-D12M": "This is the first cut of the study.",
    "L-D9-discontinuations": (
        "No adverse event is recorded by the cut-off as having led to discontinuation of study drug."
    ),
}
"""Sentences of displays that stand once a matrix, an endpoint or a kind of event."""

FIRST = {
    "safety": ("Safety: dose review after 20 mg", "Nobody is treated yet; 0 screened."),
    "pharmacokinetics": ("Pharmacokinetics: dose review after 20 mg", "No concentrations by the cut-off."),
    "efficacy": (
        "Efficacy: dose review after 20 mg",
        (
            "Day 85, analysis of covariance of ln(ratio to baseline), 0 participants (0 treated); intervals not "
            "adjusted for multiplicity."
        ),
    ),
}
"""Title and line of a report without a record."""


def shown(name: str, cut: StagedCut, datasets: Mapping[str, pd.DataFrame]) -> Reported:
    """Return a report of other datasets, every display made into HTML."""
    made = reported(name, replace(cut, datasets=datasets))
    assert all(html for html in (one._repr_html_() for one in made.shown))
    return made


@pytest.fixture(scope="module")
def first(staged) -> StagedCut:
    """Return the first cut of the virtual trial."""
    return as_first(staged("C1"))


@pytest.mark.parametrize("name", REPORTS)
def test_without_a_single_record_every_display_says_its_sentence_or_shows_zeros(name, first):
    made = shown(name, first, {dataset: frame.iloc[:0] for dataset, frame in first.datasets.items()})
    told = [(display, html.unescape(one._repr_html_())) for display, one in made.displays]
    mute = [
        display.title
        for display, text in told
        if display.key not in ALWAYS | {"A3R"} and OWN.get(display.anchor, display.empty) not in text
        if "first screen" not in text
    ]
    assert mute == []
    assert (made.report.opening.title, made.report.opening.line) == FIRST[name]


def test_without_a_single_record_no_statistic_has_another_value_than_zero(first):
    made = shown("safety", first, {dataset: frame.iloc[:0] for dataset, frame in first.datasets.items()})
    results = made.results[~made.results["display"].str.startswith("A")]
    assert len(results) > 1_000
    assert set(results["value"].dropna()) == {0.0}
    assert results.loc[results["value"].isna(), "reason"].ne("").all()


@pytest.mark.slow
@pytest.mark.parametrize("dataset", BESIDE_DM)
def test_a_dataset_that_did_not_come_or_came_empty_stops_no_report(dataset, first):
    assert set(first.datasets) == {"dm", *BESIDE_DM}
    empty = {name: frame.iloc[:0] if name == dataset else frame for name, frame in first.datasets.items()}
    absent = {name: frame for name, frame in first.datasets.items() if name != dataset}
    for name in REPORTS:
        assert [len(shown(name, first, datasets).results) > 0 for datasets in (empty, absent)] == [True, True]


@pytest.mark.slow
@pytest.mark.parametrize("cutoff", ["2015-12-31", "2016-01-20", "2016-02-10", "2016-03-31", "2016-06-30", "2016-12-31"])
def test_every_cut_off_has_three_reports(cutoff, project: Path, tmp_path):
    home = Project(project)
    study, cut = read_study(home, "tofersen"), read_cut(home, "tofersen", "C1")
    early = cut.model_copy(update={"cutoff_date": cutoff, "previous_cut": "", "audience": "unblinded"})
    now = Rendering("2026-01-01T00:00:00Z")
    made = stage_cut(home, study, early, tmp_path / "staged", is_unverified_allowed=False, rendering=now)
    assert [len(shown(name, made, made.datasets).results) > 0 for name in REPORTS] == [True, True, True]
