"""Samples whose dose was decided otherwise than their own record says, or that have no dose or no time, are told."""

from __future__ import annotations

import pandas as pd
import pytest

from case_study import CaseStudy
from cutbook.data.checks.records import IN_LIST, ON_FIRST_LINES
from cutbook.data.checks.sampling.times import sampling_issues
from cutbook.derive.concentrations.adpc import derive_adpc
from derive.cases import adsl, numbers, small_study, table
from test_fuzz_of_codes import known

STUDY = small_study(
    pharmacokinetics={"matrices": [{"specimen": "PLASMA", "testcd": "DRUG", "label": "Plasma", "unit": "ng/mL"}]}
)
DM = table("USUBJID ARMCD ACTARMCD", ("01", "HIGH", "HIGH"))
EX = table(
    "USUBJID EXSEQ EXTRT EXDOSE EXSTDTC",
    ("01", 1.0, "COMPOUND", 100.0, "2024-03-05T10:00"),
    ("01", 2.0, "COMPOUND", 100.0, "2024-03-19T09:00"),
    ("01", 3.0, "COMPOUND", 100.0, "2024-04-02"),
)
PC = "USUBJID PCSEQ PCSPEC PCTESTCD PCSTRESC PCSTRESN PCSTRESU PCTPTNUM PCDTC PCRFTDTC"
MOVED = "Sample whose planned time does not fit the dose that its reference time names"
UNKNOWN = "Sample with a reference time at which EX has no dose"
EARLY = "Sample dated before the first dose, but planned after a dose"
WITHOUT_DOSE = "Sample without a dose to which it can be referred"
WITHOUT_TIME = "Sample without a time of day"
UNTIMED_DOSE = "Sample of a dose whose time is not known"


def samples(*taken, result="12.5"):
    """Return samples from their planned hour, their own time and their reference time."""
    rows = [("01", float(n), "PLASMA", "DRUG", result, 12.5, "ng/mL", *one) for n, one in enumerate(taken, start=1)]
    return table(PC, *rows)


def told(pc, ex=EX):
    issues = list(sampling_issues({"pc": pc, "dm": DM, "ex": ex}, STUDY))
    return [(issue.kind, issue.records, issue.participants) for issue in issues]


@pytest.mark.parametrize(
    ("taken", "kinds", "dose"),
    [
        ((4.0, "2024-03-05T14:00", "2024-03-05T10:00"), [], 1),
        ((4.0, "2024-03-05T14:00", None), [], 1),
        ((0.0, "2024-03-05T09:30", None), [], 1),
        ((0.0, "2024-03-19T08:30", "2024-03-05T10:00"), [MOVED], 2),
        ((4.0, "2024-03-19T13:00", "2024-03-05T10:00"), [MOVED], 2),
        ((4.0, "2024-03-05T14:00", "2024-03-06T10:00"), [UNKNOWN], 1),
        ((4.0, "2024-03-12T14:00", "2024-03-06T10:00"), [WITHOUT_DOSE], None),
        ((4.0, "2024-03-01T14:00", None), [EARLY], None),
        ((0.0, "2024-02-20T09:00", None), [WITHOUT_DOSE], None),
        ((4.0, None, None), [WITHOUT_DOSE], None),
        ((4.0, "2024-03-05", None), [WITHOUT_TIME], 1),
        ((4.0, "2024-04-02T14:00", None), [UNTIMED_DOSE], 3),
        ((4.0, "2024-04-02T14:00", "2024-04-02T10:00"), [], 3),
    ],
)
def test_a_sample_is_told_as_it_is_referred(taken, kinds, dose):
    pc = samples(taken)
    assert told(pc) == [(kind, 1, 1) for kind in kinds]
    assert numbers(derive_adpc({"pc": pc, "ex": EX}, adsl(), STUDY)["DOSEOCC"]) == [dose]


def test_samples_odd_in_one_way_are_one_line_on_the_first_lines():
    pc = samples((0.0, "2024-03-19T08:30", "2024-03-05T10:00"), (4.0, "2024-03-19T13:00", "2024-03-05T10:00"))
    (issue,) = sampling_issues({"pc": pc, "dm": DM, "ex": EX}, STUDY)
    assert issue.weight == ON_FIRST_LINES
    assert issue.finding == (
        "Sample whose planned time does not fit the dose that its reference time names: 2 records of 1 participant "
        "(pc/01/1 and pc/01/2); referred to the dose that their planned time fits, from which their time is counted."
    )


def test_a_time_that_the_planned_one_stands_in_for_is_told_in_the_list():
    (issue,) = sampling_issues({"pc": samples((4.0, "2024-03-05", None)), "dm": DM, "ex": EX}, STUDY)
    assert (issue.weight, issue.consequence) == (IN_LIST, "the planned time stands in for the time since the dose")


def test_a_sample_inside_a_dosing_period_is_told_unless_it_names_the_time_of_its_dose():
    period = table(
        "USUBJID EXSEQ EXTRT EXDOSE EXDOSFRQ EXSTDTC EXENDTC",
        ("01", 1.0, "COMPOUND", 100.0, "QD", "2024-03-05T08:00", "2024-03-20"),
    )
    assert told(samples((4.0, "2024-03-15T12:00", None)), period) == [(UNTIMED_DOSE, 1, 1)]
    assert told(samples((4.0, "2024-03-15T12:00", "2024-03-15T08:00")), period) == []


def test_a_sample_without_a_result_or_a_study_without_doses_tells_nothing():
    assert told(samples((4.0, None, None), result=None).assign(PCSTRESN=None)) == []
    assert told(samples((4.0, None, None)), EX.iloc[:0]) == []


OFF_PLAN = "Sample more than a day off its planned time after the dose to which it refers"
OF_ONE_PLAN = "Samples of one planned time that were taken at different times"


@pytest.mark.parametrize(
    ("taken", "kinds", "dose"),
    [
        ((24.0, "2024-03-06T14:00", None), [], 1),
        ((24.0, "2024-03-07T10:00", None), [], 1),
        ((24.0, "2024-03-07T11:00", None), [OFF_PLAN], 1),
        ((24.0, "2024-03-21T11:00", None), [OFF_PLAN], 2),
        ((1440.0, "2024-03-06T10:00", None), [OFF_PLAN], 1),
        ((24.0, "2024-03-07T11:00", "2024-03-05T10:00"), [OFF_PLAN], 1),
    ],
)
def test_a_sample_far_from_its_plan_is_told(taken, kinds, dose):
    pc = samples(taken)
    assert told(pc) == [(kind, 1, 1) for kind in kinds]
    assert numbers(derive_adpc({"pc": pc, "ex": EX}, adsl(), STUDY)["DOSEOCC"]) == [dose]


@pytest.mark.parametrize(
    ("visits", "times", "number"),
    [
        (None, ("2024-03-05T14:00", "2024-03-05T14:20"), 2),
        (None, ("2024-03-05T14:00", "2024-03-05T14:00"), 0),
        (None, ("2024-03-05T14:00", "2024-03-19T13:00"), 0),
        (["DAY 1", "DAY 1"], ("2024-03-05T14:00", "2024-03-19T13:00"), 2),
        (["DAY 1", "DAY 15"], ("2024-03-05T14:00", "2024-03-19T13:00"), 0),
    ],
)
def test_two_samples_of_one_planned_time_are_told(visits, times, number):
    pc = samples(*((4.0, time, None) for time in times))
    pc = pc.assign(VISIT=pd.Series(visits, dtype="str")) if visits else pc
    assert told(pc) == ([(OF_ONE_PLAN, number, 1)] if number else [])


def test_one_concentration_under_two_visits_is_told(shared):
    case = known(shared)
    pc = case.datasets["pc"]
    again = pc.iloc[[7]].assign(PCSEQ=900.0, VISIT="WEEK 2", VISITNUM=9.0)
    twice = CaseStudy(case.study, {**case.datasets, "pc": pd.concat([pc, again], ignore_index=True)})
    new = twice.issues[~twice.issues["FINDING"].isin(case.findings)]
    assert new[["KIND", "RECORDS", "WEIGHT"]].to_numpy().tolist() == [
        ["One concentration of one time in several records", 2, ON_FIRST_LINES]
    ]


def test_planned_numbers_at_which_hardly_any_sample_was_taken_are_told(shared) -> None:
    case = known(shared)
    pc = case.datasets["pc"]
    ordered = pc["PCTPTNUM"].map({0.0: 1.0, 1.0: 2.0, 4.0: 3.0, 8.0: 4.0, 24.0: 5.0})
    found = case.with_columns("pc", PCTPTNUM=ordered, PCTPT=("T" + ordered.astype("str"))).issues
    off = found[found["KIND"].str.startswith("Most samples of the first day after a dose")]
    assert off[["VARIABLE", "RECORDS", "PARTICIPANTS", "WEIGHT"]].to_numpy().tolist() == [
        ["PCTPTNUM", 48, 12, ON_FIRST_LINES]
    ]
    assert not case.issues["KIND"].str.startswith("Most samples").any()
