"""Records that contradict themselves, values that no person has, and blanks that displays count by are told."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from case_study import CaseStudy, read_case
from cutbook.data.checks.contradictions.agreement import is_rounded_to
from cutbook.data.checks.records import IN_LIST, ON_FIRST_LINES


@cache
def base(shared: Path) -> CaseStudy:
    """Return the sound case with statuses and an indicator that say nothing odd."""
    case = read_case(shared / "cases", "base")
    lb, ex = case.datasets["lb"], case.datasets["ex"]
    case = case.with_columns("lb", LBSTAT=pd.Series(None, index=lb.index, dtype="str"))
    case = case.with_columns("lb", LBNRIND=pd.Series("NORMAL", index=lb.index, dtype="str"))
    return case.with_columns("ex", EXOCCUR=pd.Series("Y", index=ex.index, dtype="str"))


def first_of(case: CaseStudy, dataset: str, where: Mapping[str, str]) -> int:
    frame = case.datasets[dataset]
    chosen = pd.Series(data=True, index=frame.index)
    for name, value in where.items():
        chosen &= frame[name].eq(value)
    return int(frame.index[chosen][0])


def changed(case: CaseStudy, dataset: str, where: Mapping[str, str], values: Mapping[str, Any]) -> CaseStudy:
    """Return the case with other values in the first record that meets a condition."""
    frame, row = case.datasets[dataset], first_of(case, dataset, where)
    columns = {name: frame[name].where(frame.index != row, value) for name, value in values.items()}
    return case.with_columns(dataset, **{name: column.astype(frame[name].dtype) for name, column in columns.items()})


def told(before: CaseStudy, after: CaseStudy) -> list[tuple[str, str, str, int, int]]:
    """Return what is told anew: dataset, variable, kind, records and weight."""
    assert after.faults == []
    new = after.issues[~after.issues["FINDING"].isin(before.findings)]
    return [(one.DATASET, one.VARIABLE, one.KIND, one.RECORDS, one.WEIGHT) for one in new.itertuples()]


ALT, PRESSURE = {"LBTESTCD": "ALT"}, {"VSTESTCD": "SYSBP"}
SECOND = {"USUBJID": "ZZ1-002"}
OTHER_TEXT = "A number in LBSTRESN that is not that of its text (LBSTRESC)"
REVERSED = "Lower limit of normal above the upper one (LBSTNRLO, LBSTNRHI)"
JUDGED = "Judged otherwise against the reference range (LBNRIND) than by its limits"
FAR_OFF = "Result five times off the median of its test, SYSBP"
EARLY = "End of the study before the first dose"
NOT_GIVEN = "Said not to be given (EXOCCUR, EXSTAT), with a dose above 0"


@pytest.mark.parametrize(
    ("dataset", "where", "values", "variable", "kind"),
    [
        ("lb", ALT, {"LBSTRESN": 230.0}, "LBSTRESN", OTHER_TEXT),
        ("lb", ALT, {"LBSTNRLO": 30.0, "LBSTNRHI": 5.0, "LBNRIND": None}, "LBSTNRLO", REVERSED),
        ("lb", ALT, {"LBNRIND": "HIGH"}, "LBNRIND", JUDGED),
        ("lb", ALT, {"LBSTAT": "NOT DONE"}, "LBSTAT", "A result of a record that says it was not done (LBSTAT)"),
        ("lb", ALT, {"LBSTRESN": -5.0, "LBSTRESC": "-5", "LBNRIND": "LOW"}, "LBSTRESN", "Negative result, ALT"),
        ("vs", PRESSURE, {"VSSTRESN": 1190.0, "VSSTRESC": "1190"}, "VSSTRESN", FAR_OFF),
        ("vs", PRESSURE, {"VSSTRESN": 0.0, "VSSTRESC": "0"}, "VSSTRESN", FAR_OFF),
        ("dm", SECOND, {"AGE": 420.0}, "AGE", "Age above 122 years, or below 0"),
        ("dm", SECOND, {"AGE": None}, "AGE", "Blank"),
        ("ex", SECOND, {"EXOCCUR": "N"}, "EXDOSE", NOT_GIVEN),
        ("ae", SECOND, {"AEDECOD": None}, "AEDECOD", "Not coded: preferred term blank"),
        ("ae", SECOND, {"AEBODSYS": None}, "AEBODSYS", "Not coded: body system blank"),
        ("ae", SECOND, {"AESTDTC": None}, "AESTDTC", "Event without a date of start"),
        ("ds", {"DSDECOD": "COMPLETED"}, {"DSSTDTC": None}, "DSSTDTC", "End of the study without a date (DSSTDTC)"),
        ("ds", {"DSDECOD": "COMPLETED"}, {"DSSTDTC": "2021-01-04"}, "DSSTDTC", EARLY),
    ],
    ids=[
        "number and text", "limits", "indicator", "not done", "negative", "digit too many", "nought", "old",
        "age blank", "not given", "not coded", "no class", "undated event", "undated end", "early end",
    ],
)  # fmt: skip
def test_a_record_that_cannot_be_true_stands_on_the_first_lines(
    shared: Path, dataset: str, where: Mapping[str, str], values: Mapping[str, Any], variable: str, kind: str
) -> None:
    case = base(shared)
    assert (dataset, variable, kind, 1, ON_FIRST_LINES) in told(case, changed(case, dataset, where, values))


def test_a_report_without_words_is_listed(shared: Path) -> None:
    case = base(shared)
    assert told(case, changed(case, "ae", SECOND, {"AETERM": None})) == [
        ("ae", "AETERM", "Reported term blank", 1, IN_LIST)
    ]


def test_a_height_in_metres_is_converted_and_not_called_odd(shared: Path) -> None:
    case = base(shared)
    values = {"VSSTRESN": 1.62, "VSSTRESC": "1.62", "VSSTRESU": "m"}
    kinds = [kind for _, _, kind, _, _ in told(case, changed(case, "vs", {"VSTESTCD": "HEIGHT"}, values))]
    assert kinds == ["Result of HEIGHT in m instead of cm"]


def test_a_dose_split_in_two_is_told_as_two_doses_of_one_day_and_as_one_more_than_planned(shared: Path) -> None:
    case = base(shared)
    ex = case.datasets["ex"]
    row = first_of(case, "ex", SECOND)
    halves = ex.assign(EXDOSE=ex["EXDOSE"].where(ex.index != row, 5.0))
    second = halves.loc[[row]].assign(EXSEQ=9.0, EXSTDTC=ex.loc[row, "EXSTDTC"][:10] + "T11:00")
    after = CaseStudy(case.study, {**case.datasets, "ex": pd.concat([halves, second], ignore_index=True)})
    found = {kind: records for _, _, kind, records, _ in told(case, after)}
    assert found["Several doses on one day"] == 2
    assert found["More doses than the 4 of treatment.planned_doses"] == 1


def test_two_doses_a_day_all_along_are_no_oddity(shared: Path) -> None:
    case = base(shared)
    ex = case.datasets["ex"]
    evening = ex.assign(EXSEQ=ex["EXSEQ"] + 10, EXSTDTC=ex["EXSTDTC"].str[:10] + "T21:00")
    twice = pd.concat([ex, evening], ignore_index=True)
    after = CaseStudy(case.study, {**case.datasets, "ex": twice})
    assert "Several doses on one day" not in {kind for _, _, kind, _, _ in told(case, after)}


@pytest.mark.parametrize("variable", ["AEDECOD", "AEBODSYS", "AETERM", "AESTDTC"])
def test_what_no_event_has_was_not_collected_and_is_no_blank(shared: Path, variable: str) -> None:
    case = base(shared)
    nothing = pd.Series(None, index=case.datasets["ae"].index, dtype="str")
    kinds = {kind for _, _, kind, _, _ in told(case, case.with_columns("ae", **{variable: nothing}))}
    assert not any(kind.startswith(("Not coded", "Reported term", "Event without")) for kind in kinds)


@pytest.mark.parametrize(
    ("number", "text", "is_same"),
    [
        (5.149, "5.1", True), (5.151, "5.1", False), (120.0, "1.2E2", True), (126.0, "1.2E2", False),
        (0.049, "0.0", True), (-1.0, "1", False), (23.0, "23 U/L", True), (23.0, "", True), (float("nan"), "4", True),
    ],
)  # fmt: skip
def test_a_number_is_that_of_its_text_where_it_rounds_to_it(number: float, text: str, *, is_same: bool) -> None:
    assert is_rounded_to(pd.Series([number]), pd.Series([text], dtype="str")).tolist() == [is_same]


def test_limits_that_were_rounded_are_no_contradiction(shared: Path) -> None:
    case = base(shared)
    values = {"LBSTRESN": 2.11, "LBSTRESC": "2.11", "LBSTNRLO": 1.6, "LBSTNRHI": 2.1, "LBNRIND": "NORMAL"}
    assert JUDGED not in {kind for _, _, kind, _, _ in told(case, changed(case, "lb", ALT, values))}


def test_a_sound_transfer_says_nothing_of_the_kind(shared: Path) -> None:
    assert base(shared).faults == []
    assert base(shared).findings == []
