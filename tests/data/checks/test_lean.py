"""Lean transfers: only what a display cannot do without is asked for; the absence of the rest is said."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

from cutbook.data.checks.content import check_datasets
from cutbook.data.checks.records import ON_FIRST_LINES
from derive.cases import table
from transfer_files import clean_datasets, study_of

PC = table("USUBJID PCTESTCD PCSPEC PCSTRESN PCDTC", ("01-001", "X", "PLASMA", 0.0, "2024-01-10T11:00"))
MATRIX = {"specimen": "PLASMA", "testcd": "X", "label": "Plasma", "unit": "ng/mL"}


def checked(datasets: dict[str, pd.DataFrame], **study: Any) -> tuple[list[str], pd.DataFrame]:
    faults, issues = check_datasets(datasets, study_of(["dm", "ds", "ex", "ae"], ["lb", "pc"], **study))
    return [str(fault) for fault in faults], issues


def without(dataset: str, *variables: str) -> dict[str, pd.DataFrame]:
    datasets = clean_datasets()
    return datasets | {dataset: datasets[dataset].drop(columns=list(variables))}


def said(issues: pd.DataFrame) -> list[str]:
    return issues.loc[issues["FINDING"].ne("Not provided."), "FINDING"].tolist()


@pytest.mark.parametrize(
    ("dataset", "variables", "findings"),
    [
        ("dm", ("DTHFL", "DTHDTC"), ["DTHFL not delivered; deaths are those that DS or AE tells."]),
        (
            "dm",
            ("DTHDTC",),
            ["DTHDTC not delivered; a death that DM tells counts at every cut-off, for nothing dates it."],
        ),
        ("dm", ("STUDYID", "SUBJID", "RACE", "ETHNIC", "COUNTRY", "DOMAIN"), []),
        ("dm", ("ACTARMCD",), ["ACTARMCD not delivered; the arm as planned (ARMCD) counts as the one received."]),
        ("ae", ("AESEQ",), []),
        ("ae", ("AEACN",), ["AEACN not delivered; action taken with study drug is not counted."]),
        ("ds", ("DSSEQ",), []),
        ("ex", ("EXSEQ",), []),
        ("ex", ("EXDOSU",), ["EXDOSU not delivered; doses count as in the unit of the study file."]),
        ("ex", ("EXDOSE",), ["EXDOSE not delivered; amounts are not known."]),
        ("lb", ("LBSEQ", "LBSTRESC", "VISIT", "VISITNUM"), []),
        ("lb", ("LBSTRESU",), ["LBSTRESU not delivered; values are shown without a unit."]),
    ],
)
def test_a_variable_that_displays_can_do_without_stops_nothing_and_its_absence_is_said(dataset, variables, findings):
    faults, issues = checked(without(dataset, *variables))
    assert (faults, [one for one in said(issues) if "not delivered" in one]) == ([], findings)


@pytest.mark.parametrize(
    ("dataset", "variable", "shows"),
    [
        ("dm", "ARMCD", "every column of an arm"),
        ("ae", "AESER", "every display of serious events"),
        ("ex", "EXSTDTC", "every display of treated participants"),
        ("ds", "DSCAT", "disposition, to tell the end of the study from other records"),
        ("lb", "LBTESTCD", "every display of its results"),
    ],
)
def test_a_variable_that_displays_cannot_do_without_is_a_fault_that_says_which_and_how_to_give_it(
    dataset, variable, shows
):
    faults, _ = checked(without(dataset, variable))
    assert faults[0] == (
        f"{dataset}.{variable}: found no such variable; expected a variable that is needed for {shows}; "
        f"have it sent, or give it by sources.defaults.{dataset}.{variable} of the study file"
    )


def test_measurements_without_any_variable_of_results_are_a_fault():
    faults, _ = checked(without("lb", "LBSTRESN", "LBSTRESC"))
    assert faults == [
        (
            "lb.LBSTRESN: found no LBSTRESN and no LBSTRESC; expected one that holds the results; have it sent, or "
            "give it by sources.defaults.lb.LBSTRESN of the study file"
        )
    ]


def test_a_schedule_by_visitnum_without_visitnum_is_said_on_the_first_lines_and_one_by_day_is_not():
    family = {"id": "chem", "label": "Chemistry", "dataset": "lb", "schedule": "visits"}
    visit = {"label": "Week 1", "visitnum": [3], "first_day": 2, "last_day": 9}
    found = {}
    for by in ("visitnum", "day"):
        schedules = {"visits": {"by": by, "visits": [visit]}}
        faults, issues = checked(without("lb", "VISITNUM"), findings=[family], schedules=schedules)
        assert faults == []
        found[by] = issues.loc[issues["VARIABLE"].eq("VISITNUM"), ["FINDING", "WEIGHT"]].to_numpy().tolist()
    assert found["visitnum"] == [
        [
            "VISITNUM not delivered; no value after baseline of Chemistry is shown: the schedule asks for it.",
            ON_FIRST_LINES,
        ]
    ]
    assert found["day"] == []


def test_what_a_default_copies_must_be_there():
    sources = {"defaults": {"lb": {"LBTEST": {"from": "LBTSET"}}}}
    faults, _ = checked(clean_datasets(), sources=sources)
    assert faults == [
        (
            'lb.LBTSET: found no such variable; the nearest name is "LBTEST"; expected a variable that '
            "sources.defaults.lb.LBTEST.from of the study file names; mend the study file, have it sent, or give it by "
            "sources.defaults.lb.LBTSET of the study file"
        )
    ]


@pytest.mark.parametrize(("below", "number"), [(["BLQ"], 1), (["0"], 0), (["0.0", "BLQ"], 0)])
def test_a_concentration_of_0_without_a_limit_is_said_unless_the_study_file_says_what_it_means(below, number):
    rules = {"matrices": [MATRIX], "below_limit": below}
    faults, issues = checked({**clean_datasets(), "pc": PC}, pharmacokinetics=rules)
    zeros = issues[issues["KIND"].eq("Concentration of 0 without a limit of quantification")]
    assert (faults, len(zeros)) == ([], number)
    assert zeros["WEIGHT"].eq(ON_FIRST_LINES).all()


def test_a_concentration_of_0_below_a_stated_limit_is_no_oddity():
    rules = {"matrices": [MATRIX]}
    _, issues = checked({**clean_datasets(), "pc": PC.assign(PCLLOQ=0.5)}, pharmacokinetics=rules)
    assert not issues["KIND"].str.startswith("Concentration of 0").any()


def test_lean_concentrations_say_what_is_not_known():
    _, issues = checked({**clean_datasets(), "pc": PC.assign(PCSTRESN=1.0)}, pharmacokinetics={"matrices": [MATRIX]})
    assert issues.loc[issues["DATASET"].eq("pc"), "FINDING"].tolist() == [
        "PCSTRESU not delivered; concentrations count as in the unit of the study file.",
        "PCLLOQ not delivered; below the limit is only what the result says, and the limit is not shown.",
        "VISITNUM not delivered; samples are not told apart by visit, and no profile of one visit is drawn.",
        (
            "Sample of a dose whose time is not known: 1 record of 1 participant (pc/01-001/X,PLASMA,2024-01-10T11:00)"
            "; the planned time stands in for the time since the dose."
        ),
    ]
