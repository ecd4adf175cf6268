"""Weights of oddities: what a check says, and what the study file makes of it."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

from cutbook.data.checks.content import check_datasets
from cutbook.data.checks.kinds import Told, kind_sentence, kinds_of
from cutbook.data.checks.records import IN_LIST, ON_FIRST_LINES, Issue, issue_table
from cutbook.data.checks.weights import STOPS, stopping_faults, weighed
from cutbook.parameters.study import Oddity
from transfer_files import clean_datasets, study_of

SEVERITY = ("ae", "AESEV")
NO_ARM = ("dm", "ARMCD")
NOT_ENTERED = ("ds", "ex")


@pytest.fixture(scope="module")
def found() -> pd.DataFrame:
    """Return a severity that no list knows (first lines) in two events of one participant, and a missing arm (list)."""
    datasets = clean_datasets()
    datasets = {
        name: frame[frame["USUBJID"].ne("01-001")] if name in NOT_ENTERED else frame for name, frame in datasets.items()
    }
    datasets["ae"] = datasets["ae"].assign(AESEV=["MILD", "ODD", "ODD"])
    datasets["dm"] = datasets["dm"].assign(ARMCD=[None, *datasets["dm"]["ARMCD"].iloc[1:]])
    faults, issues = check_datasets(datasets, study_of(["dm", "ds", "ex", "ae"]))
    assert faults == []
    return issues[issues["VARIABLE"].isin(["AESEV", "ARMCD"])].reset_index(drop=True)


def rule(place: tuple[str, str], weight: str, reason: str = "") -> Oddity:
    dataset, variable = place
    return Oddity.model_validate({"dataset": dataset, "variable": variable, "weight": weight, "reason": reason})


def places(issues: pd.DataFrame) -> list[tuple[Any, ...]]:
    return list(issues[["DATASET", "VARIABLE", "WEIGHT", "REASON"]].itertuples(index=False, name=None))


def test_what_weighs_more_stands_first_without_a_word_of_the_study_file(found: pd.DataFrame) -> None:
    assert places(weighed(found, [])) == [(*SEVERITY, ON_FIRST_LINES, ""), (*NO_ARM, IN_LIST, "")]


def test_a_raised_weight_needs_no_reason_and_a_lowered_one_carries_it(found: pd.DataFrame) -> None:
    rules = [rule(NO_ARM, "first lines"), rule(SEVERITY, "list", "Query 12 is answered")]
    assert places(weighed(found, rules)) == [
        (*NO_ARM, ON_FIRST_LINES, ""),
        (*SEVERITY, IN_LIST, "Query 12 is answered"),
    ]


def test_a_rule_about_another_variable_or_dataset_changes_nothing(found: pd.DataFrame) -> None:
    rules = [rule(("ae", "AESER"), "stop"), rule(("vs", "AESEV"), "stop"), rule(("ae", ""), "stop")]
    assert places(weighed(found, rules)) == places(weighed(found, []))


def test_what_the_study_file_stops_is_a_fault_with_number_row_and_key(found: pd.DataFrame) -> None:
    (fault,) = stopping_faults(weighed(found, [rule(SEVERITY, "stop")]))
    assert str(fault) == (
        'ae.AESEV row 2 key ae/01-002/1: found Severity that adverse_events.severities does not list, "ODD": 2 records '
        "of 1 participant; such an event counts as one without a severity; expected nothing of the kind, for oddities "
        "of the study file gives it the weight stop; correct it at the source and have the transfer sent again, or "
        "give it another weight there"
    )


def test_what_lies_in_the_restricted_part_is_ruled_by_its_dataset() -> None:
    issues = issue_table([Issue("restricted/ex", "EXTRT", 1, "ex/01/1", "odd")])
    assert weighed(issues, [rule(("ex", "EXTRT"), "stop")])["WEIGHT"].tolist() == [STOPS]


def test_without_oddities_nothing_is_weighed_or_stopped() -> None:
    nothing = weighed(issue_table([]), [rule(SEVERITY, "stop")])
    assert (len(nothing), stopping_faults(nothing)) == (0, [])


def test_oddities_of_a_kind_are_counted_together_each_participant_once() -> None:
    kind = ("Fatal, but not serious", "counted as not serious")
    fatal = [Issue("ae", "AESER", row, f"ae/{key}", f"event {row}", 3, *kind, 1, 1) for row, key in enumerate("ab", 1)]
    again = fatal[0]._replace(row=9, key="ae/a/9")
    several = Issue("ae", "AESER", 4, "ae/c/1", "three", 3, "Blank", "", 3, 2)
    absent = Issue("pc", "", None, "", "Not provided.")
    fatal = [one._replace(key=f"{one.key}/1") for one in fatal]
    kinds = kinds_of(issue_table([*fatal, again, several, absent]))
    told = kinds[["CODE", "RECORDS", "PARTICIPANTS"]].astype("object").where(kinds.notna(), None)
    assert told.to_numpy().tolist() == [["ae.AESER", 3, 2], ["ae.AESER#2", 3, 2], ["pc", None, None]]
    assert kinds.index.tolist() == [0, 3, 4]


def test_records_without_participants_are_counted_alone() -> None:
    told = Told("ts", "STUDYID", "Records of another study", "nothing comes of it")
    assert kind_sentence(told, "5", "") == "TS.STUDYID: Records of another study: 5 records; nothing comes of it."
