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
    "ae", "cm", "ds", "eg", "ex", "lb", "mh", "pc", "qs", "re", "sc", "suppae", "suppdm", "sv", "ts", "vs",
)  # fmt: skip
ALWAYS = {"A1", "A3", "A7", "I2", "I2P", "I2T", "I6", "D1", "D2", "D3", "D4", "D4S"}
"""Displays of files, of the comparison, and tables whose rows do not depend on the data: they show zeros."""

OWN = {
    "T-E2-{number}": "No Plasma concentrations by the cut-off.",
    "F-E3-{number}": "No concentrations by the cut-off.",
    "F-F2-{endpoint}": "No values after baseline by the cut-off.",
    "F-F4-{endpoint}": "No values after baseline by the cut-off.",
    "T-F1-{endpoint}": "Not estimable at Day 85: too few participants for the model.",
    "L-D9-discontinuations": (
        "No adverse event is recorded by the cut-off as having led to discontinuation of study drug."
    ),
}
"""Sentences of displays that stand once a matrix, an endpoint or a kind of event."""

FIRST = {
    "safety": (
        "0 of 0 randomised participants were treated; 0 completed the study, 0 are ongoing and 0 discontinued it."
    ),
    "pharmacokinetics": "No concentrations by the cut-off.",
    "efficacy": "CSF SOD1: no values after baseline by the cut-off.",
}


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
    told = {display.anchor: html.unescape(one._repr_html_()) for display, one in made.displays}
    mute = [
        display.anchor
        for display, _ in made.displays
        if display.key not in ALWAYS | {"A3R"} and OWN.get(display.anchor, display.empty) not in told[display.anchor]
    ]
    assert mute == []
    assert made.report.headline.sentences[0].text == FIRST[name]


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
    early = cut.model_copy(update={"cutoff_date": cutoff, "previous_cut": ""})
    now = Rendering("2026-01-01T00:00:00Z")
    made = stage_cut(home, study, early, tmp_path / "staged", is_unverified_allowed=False, rendering=now)
    assert [len(shown(name, made, made.datasets).results) > 0 for name in REPORTS] == [True, True, True]
