"""The dose as given is held against the dose of the arm, and whoever had placebo alone is treated."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from case_study import CaseStudy, read_case, row_of
from cutbook.data.checks.records import IN_LIST, ON_FIRST_LINES


@pytest.fixture(scope="module")
def base(shared: Path) -> CaseStudy:
    return read_case(shared / "cases", "base")


def dosed(case: CaseStudy, participant: str, *, doses: list[float], drug: str) -> CaseStudy:
    """Return the case with other doses (four) of a participant."""
    ex = case.datasets["ex"]
    is_own = ex["USUBJID"].eq(participant)
    other = ex["EXDOSE"].astype("float64").copy()
    other.loc[is_own] = doses
    return case.with_columns("ex", EXDOSE=other, EXTRT=ex["EXTRT"].mask(is_own, drug))


def told(case: CaseStudy) -> list[tuple[str, int, int, int]]:
    own = case.issues[case.issues["VARIABLE"].eq("EXDOSE")]
    return list(own[["KIND", "RECORDS", "PARTICIPANTS", "WEIGHT"]].itertuples(index=False, name=None))


PLACEBO_ALONE = ("Only placebo given in an arm with a dose", 4, 1, ON_FIRST_LINES)
ACTIVE = ("Dose above 0 given in an arm without a dose", 4, 1, ON_FIRST_LINES)
ZEROS = ("Only doses of 0 recorded in an arm with a dose", 4, 1, ON_FIRST_LINES)
OTHER = ("Dose other than that of the arm", 1, 1, IN_LIST)


@pytest.mark.parametrize(
    ("participant", "doses", "drug", "expected"),
    [
        ("ZZ1-002", [0.0] * 4, "PLACEBO", ([PLACEBO_ALONE], "Y", 4.0)),
        ("ZZ1-001", [30.0] * 4, "ZETA", ([ACTIVE], "Y", 4.0)),
        ("ZZ1-002", [0.0] * 4, "ZETA", ([ZEROS], "N", None)),
        ("ZZ1-002", [10.0, 30.0, 10.0, 10.0], "ZETA", ([OTHER], "Y", 4.0)),
        ("ZZ1-002", [10.0, 0.0, 10.0, 10.0], "ZETA", ([], "Y", 3.0)),
        ("ZZ1-002", [10.0] * 4, "ZETA", ([], "Y", 4.0)),
    ],
)
def test_a_dose_that_is_none_of_the_arm_is_told(base, participant, doses, drug, expected):
    case = dosed(base, participant, doses=doses, drug=drug)
    own = row_of(case.frames.adsl, participant)
    assert (told(case), own["SAFFL"], None if pd.isna(own["DOSEN"]) else own["DOSEN"]) == expected


def test_a_dummy_of_placebo_beside_the_doses_of_an_arm_is_no_difference_and_no_dose(base: CaseStudy) -> None:
    ex = base.datasets["ex"]
    dummy = ex[ex["USUBJID"].eq("ZZ1-002")].assign(EXDOSE=0.0, EXTRT="PLACEBO", EXSEQ=lambda own: own["EXSEQ"] + 10)
    case = CaseStudy(base.study, {**base.datasets, "ex": pd.concat([ex, dummy], ignore_index=True)})
    assert told(case) == []
    assert row_of(case.frames.adsl, "ZZ1-002")["DOSEN"] == 4.0


def test_a_titrated_arm_plans_several_doses(shared: Path, base: CaseStudy) -> None:
    arms = [arm.model_dump() for arm in base.study.treatment.arms]
    arms[1] |= {"doses": [5, 10]}
    titrated = read_case(shared / "cases", "base", treatment={"arms": arms})
    assert told(dosed(titrated, "ZZ1-002", doses=[5.0, 10.0, 10.0, 10.0], drug="ZETA")) == []
    assert [one[1] for one in told(dosed(titrated, "ZZ1-002", doses=[5.0, 20.0, 10.0, 10.0], drug="ZETA"))] == [1]


def test_where_doses_or_arms_are_withheld_nothing_is_compared(base: CaseStudy) -> None:
    nobody = base.with_columns("dm", ARMCD=None, ACTARMCD=None)
    assert told(dosed(nobody, "ZZ1-001", doses=[30.0] * 4, drug="ZETA")) == []
