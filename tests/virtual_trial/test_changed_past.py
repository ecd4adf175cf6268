"""What changed of the past between the cuts of the virtual trial: all that was planted, and no ordinary progress."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from functools import reduce
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from cutbook.data.checks.content import blank_impossible_dates
from cutbook.data.comparing.past import past_changes
from cutbook.data.cutting.cut import CutDatasets, apply_cut
from cutbook.data.transfer.parts.restricted import read_whole_transfer
from cutbook.parameters.project import Project, read_cut, read_study
from cutbook.parameters.study import Study
from cutbook.records import record_keys

CUTS = ("C1", "C2", "C3", "IA", "SL", "DBL")
STEPS = list(itertools.pairwise(CUTS))
Planted = dict[str, dict[str, Any]]


@pytest.fixture(scope="module")
def study(project: Path) -> Study:
    """Return the study file of the trial as it is."""
    return read_study(Project(project), "tofersen")


@pytest.fixture(scope="module")
def cut_offs(project: Path) -> dict[str, str]:
    """Return the cut-off of each cut."""
    return {cut: read_cut(Project(project), "tofersen", cut).cutoff_date for cut in CUTS}


@pytest.fixture(scope="module")
def cuts(study: Study, cut_offs: dict[str, str], transfers: Path) -> dict[str, CutDatasets]:
    """Return every transfer, cut at its cut-off."""
    made = {}
    for cut in CUTS:
        folder = transfers / cut
        whole = read_whole_transfer(study, folder, folder / "manifest.json", folder / "restricted")
        made[cut] = apply_cut(blank_impossible_dates(whole.datasets)[0], study.data_cut, cut_offs[cut])
    return made


@pytest.fixture(scope="module")
def past(study: Study, cut_offs: dict[str, str], cuts: dict[str, CutDatasets]) -> Callable[[int], pd.DataFrame]:
    """Return a function that gives what changed of the past in one step."""
    found = [past_changes(cuts[now], cuts[then], study.data_cut, cut_offs[then]) for then, now in STEPS]
    return found.__getitem__


def first_stated(dates: list[pd.Series]) -> pd.Series:
    """Return of each record the first date that is not missing."""
    return reduce(pd.Series.combine_first, dates)


@pytest.mark.parametrize(
    ("item", "number"),
    [
        ("end-before-start", 1),
        ("severity-edit", 1),
        ("misspelled-country", 1),
        ("changed-site", 1),
        ("corrected-birth-year", 1),
        ("sample-swap", 1),
        ("late-death-date", 1),
        ("missing-severity", 2),
        ("causality-edit", 2),
        ("upgraded-to-serious", 2),
        ("recoded-after-autopsy", 3),
        ("dictionary-upcode", 3),
        ("re-assayed-batch", 3),
        ("range-revision", 3),
    ],
)
def test_a_planted_edit_of_the_past_is_told(
    past: Callable[[int], pd.DataFrame], planted: Planted, item: str, number: int
) -> None:
    then, now = STEPS[number]
    told = past(number).set_index(["KEY", "VARIABLE"])
    edits = [
        record
        for record in planted[item]["records"]
        if {then, now} <= record["shown"].keys() and record["shown"][then] != record["shown"][now]
    ]
    assert edits
    for record in edits:
        texts = [
            f"{value:.15g}" if isinstance(value, float) else value for value in map(record["shown"].get, (then, now))
        ]
        assert told.loc[(record["key"], record["variable"]), ["OLD", "NEW"]].tolist() == texts


def test_all_31_answered_queries_are_told_at_the_final_lock(
    past: Callable[[int], pd.DataFrame], changes: list[dict[str, Any]]
) -> None:
    assert sorted(past(4)["KEY"].unique()) == sorted(changes[4]["changed"])
    assert set(past(4)["RULE"]) == {"altered"}


@pytest.mark.parametrize(
    ("item", "number", "rule"),
    [
        ("late-entered-event", 0, "dated before the previous cut-off, not seen then"),
        ("late-medication", 0, "dated before the previous cut-off, not seen then"),
        ("duplicate-event", 1, "withdrawn: in the previous cut, and no longer delivered"),
    ],
)
def test_a_planted_late_entry_or_deletion_is_told(
    past: Callable[[int], pd.DataFrame], planted: Planted, item: str, number: int, rule: str
) -> None:
    told = past(number).set_index("KEY")
    assert [told.loc[record["key"], "RULE"] for record in planted[item]["records"]] == [rule]


@pytest.mark.parametrize("number", range(5))
def test_a_new_record_is_told_only_when_it_is_dated_by_the_previous_cut_off(
    past: Callable[[int], pd.DataFrame], cut_offs: dict[str, str], number: int
) -> None:
    new = past(number).query("CHANGE == 'new' and VARIABLE != ''")
    assert (new["NEW"].str[:10] <= cut_offs[STEPS[number][0]]).all()


@pytest.mark.parametrize("number", range(5))
def test_exactly_the_new_records_of_known_participants_dated_by_the_previous_cut_off_are_told(
    past: Callable[[int], pd.DataFrame],
    cuts: dict[str, CutDatasets],
    cut_offs: dict[str, str],
    study: Study,
    changes: list[dict[str, Any]],
    number: int,
) -> None:
    then, now = STEPS[number]
    told = past(number).query("CHANGE == 'new' and VARIABLE != ''")
    known = set(cuts[then].datasets["dm"]["USUBJID"])
    expected = []
    for name, rule in study.data_cut.rules.items():
        if rule.rule == "date" and name in cuts[now].datasets:
            frame = cuts[now].datasets[name]
            dated = first_stated([frame[date] for date in rule.date]).set_axis(record_keys(name, frame))
            is_early = (dated.str[:10].fillna("") <= cut_offs[then]) & frame["USUBJID"].isin(known).to_numpy()
            expected += sorted(set(dated[is_early].index) & set(changes[number]["new"]))
    assert sorted(told["KEY"]) == sorted(expected)


@pytest.mark.parametrize("number", range(5))
def test_what_runs_on_with_a_participant_is_no_past_that_changed(
    past: Callable[[int], pd.DataFrame], number: int
) -> None:
    told = past(number)
    assert not told["VARIABLE"].str.fullmatch(r"RF[XP]?ENDTC|RFX?STDTC|(ACT)?ARM(CD)?|ARMNRS|[A-Z]{2}(ST|EN)?DY").any()


@pytest.mark.parametrize("number", range(5))
def test_an_end_is_told_only_when_it_lies_before_the_previous_cut_off(
    past: Callable[[int], pd.DataFrame], cut_offs: dict[str, str], number: int
) -> None:
    told = past(number)
    ends = told[told["VARIABLE"].str.fullmatch("(AE|CM)ENDTC") & told["OLD"].eq("")]
    assert (ends["NEW"].str[:10] <= cut_offs[STEPS[number][0]]).all()


@pytest.mark.parametrize("number", range(3))
def test_few_of_the_new_records_of_a_dose_review_are_dated_back(
    past: Callable[[int], pd.DataFrame], changes: list[dict[str, Any]], number: int
) -> None:
    told = past(number).query("CHANGE == 'new'")
    assert 0 < len(told) < len(changes[number]["new"]) / 30
