"""Records of EX that are not one dose of one drug each: counted by a stated rule, and told on the first lines."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from case_study import CaseStudy, read_case, row_of
from cutbook.data.checks.dosing.drugs import is_placebo
from cutbook.data.checks.records import ON_FIRST_LINES

WHO = "ZZ1-002"
PERIOD = {"EXDOSFRQ": "QD", "EXSTDTC": "2021-03-07", "EXENDTC": "2021-03-20"}


@pytest.fixture(scope="module")
def base(shared: Path) -> CaseStudy:
    return read_case(shared / "cases", "base")


def with_doses(base: CaseStudy, ex: pd.DataFrame) -> CaseStudy:
    return CaseStudy(base.study, {**base.datasets, "ex": ex.reset_index(drop=True)})


def changed(base: CaseStudy, numbers: tuple[int, ...] = (1, 2, 3, 4), **values: Any) -> CaseStudy:
    """Return the case with other values in doses of one participant (10 mg, four times), by their number."""
    ex = base.datasets["ex"]
    is_own = ex["USUBJID"].eq(WHO) & ex["EXSEQ"].isin(numbers)
    return base.with_columns("ex", **{name: ex[name].mask(is_own, value) for name, value in values.items()})


def told(case: CaseStudy) -> list[tuple[str, int, int]]:
    assert case.faults == []
    issues = case.issues
    assert issues["WEIGHT"].isin([ON_FIRST_LINES]).all()
    return list(issues[["KIND", "RECORDS", "PARTICIPANTS"]].itertuples(index=False, name=None))


def doses(case: CaseStudy) -> tuple[float, float]:
    person = row_of(case.frames.adsl, WHO)
    return person["DOSEN"], person["DOSETOT"]


def test_a_dose_below_zero_is_a_fault_that_names_the_row(base: CaseStudy) -> None:
    (fault,) = changed(base, (2,), EXDOSE=-10.0).faults
    assert fault == (
        "ex.EXDOSE row 6 key ex/ZZ1-002/2: found doses below 0 in row 6; expected amounts of at least 0; correct it at "
        "the source and have the transfer sent again"
    )


def test_a_dose_without_an_amount_counts_and_leaves_the_total_unknown(base: CaseStudy) -> None:
    case = changed(base, (2,), EXDOSE=np.nan)
    assert told(case) == [("Dose without an amount", 1, 1)]
    assert doses(case) == (4.0, pytest.approx(np.nan, nan_ok=True))


@pytest.mark.parametrize("name", ["PLACEBO", "Zeta placebo", "SHAM"])
def test_one_dose_of_placebo_in_an_arm_with_a_dose_is_no_dose_of_the_drug(base: CaseStudy, name: str) -> None:
    case = changed(base, (2,), EXTRT=name)
    instead = ("Placebo on a day without an active dose, in an arm with a dose", 1, 1)
    assert told(case) == [("Placebo with a dose above 0", 1, 1), instead]
    assert doses(case) == (3.0, 30.0)


def test_placebo_beside_an_active_dose_is_a_dummy(base: CaseStudy) -> None:
    ex = base.datasets["ex"]
    dummy = ex[ex["USUBJID"].eq(WHO)].assign(EXTRT="PLACEBO", EXDOSE=0.0, EXSEQ=[11.0, 12.0, 13.0, 14.0])
    case = with_doses(base, pd.concat([ex, dummy], ignore_index=True))
    assert told(case) == []
    assert doses(case) == (4.0, 40.0)


def test_an_amount_of_placebo_is_nothing_of_the_drug(base: CaseStudy) -> None:
    ex = base.datasets["ex"]
    case = base.with_columns("ex", EXDOSE=ex["EXDOSE"].mask(ex["EXTRT"].eq("PLACEBO"), 500.0))
    assert told(case) == [("Placebo with a dose above 0", 16, 4)]
    assert case.frames.adsl.loc[case.frames.adsl["TRT01A"].eq("Placebo"), "DOSETOT"].tolist() == [0.0] * 4


def test_the_drug_or_its_placebo_is_named_as_neither() -> None:
    names = ["PLACEBO", "Zeta placebo", "ZETA OR PLACEBO", "Zeta/Placebo", "PLACEBO / ZETA", "FLORA PLACEBO", "ZETA"]
    found = is_placebo(pd.DataFrame({"EXTRT": names}))
    assert found.tolist() == [True, True, False, False, False, True, False]


@pytest.mark.parametrize("name", [None, ""])
def test_a_dose_of_no_named_treatment_counts_and_is_told(base: CaseStudy, name: str | None) -> None:
    case = changed(base, (2,), EXTRT=name)
    assert told(case) == [("Dose of which no treatment is named", 1, 1)]
    assert doses(case) == (4.0, 40.0)


def test_nobody_is_lost_whose_doses_have_a_date_alone(base: CaseStudy) -> None:
    case = changed(base, EXTRT=None, EXDOSE=np.nan)
    assert told(case) == [("Dose of which no treatment is named", 4, 1), ("Dose without an amount", 4, 1)]
    assert (row_of(case.frames.adsl, WHO)["SAFFL"], doses(case)[0]) == ("Y", 4.0)


def test_a_single_dose_that_lasts_for_weeks_counts_once_and_is_told(base: CaseStudy) -> None:
    ex = base.datasets["ex"]
    alone = with_doses(base, ex[ex["USUBJID"].ne(WHO) | ex["EXSEQ"].eq(1)])
    case = changed(alone, (1,), EXENDTC="2021-03-28T09:00")
    assert told(case) == [("Frequency ONCE, but an end more than a day after the start", 1, 1)]
    assert doses(case) == (1.0, 10.0)
    assert told(changed(alone, (1,), EXSTDTC="2021-03-07T23:30", EXENDTC="2021-03-08T00:30")) == []


def test_parts_of_one_dose_are_counted_each_and_told(base: CaseStudy) -> None:
    ex = base.datasets["ex"]
    half = ex.assign(EXDOSE=ex["EXDOSE"].mask(ex["USUBJID"].eq(WHO), 5.0))
    other = half[half["USUBJID"].eq(WHO)].assign(EXSEQ=[11.0, 12.0, 13.0, 14.0], EXLOC="LEFT")
    case = with_doses(base, pd.concat([half, other], ignore_index=True))
    assert case.issues[["KIND", "WEIGHT", "RECORDS"]].to_numpy().tolist() == [
        ["Dose other than that of the arm", 3, 8],
        ["Doses of one participant that start at the same time", ON_FIRST_LINES, 8],
    ]
    assert doses(case) == (8.0, 40.0)


def test_periods_that_share_a_day_are_told_unless_a_time_tells_them_apart(base: CaseStudy) -> None:
    ex = base.datasets["ex"]
    two = with_doses(base, ex[ex["USUBJID"].ne(WHO) | ex["EXSEQ"].le(2)])
    first = changed(two, (1,), **PERIOD)
    case = changed(first, (2,), EXDOSFRQ="QD", EXSTDTC="2021-03-20", EXENDTC="2021-04-05")
    rare = ("Frequency that fewer than one record in twenty has, QD", 2, 1)
    assert told(case) == [rare, ("Dosing period that begins on the day on which another ended", 1, 1)]
    assert doses(case) == (31.0, 310.0)
    assert told(changed(first, (2,), EXDOSFRQ="QD", EXSTDTC="2021-03-21", EXENDTC="2021-04-05")) == [rare]
    timed = changed(two, (1,), **PERIOD | {"EXENDTC": "2021-03-20T09:00"})
    assert told(changed(timed, (2,), EXDOSFRQ="QD", EXSTDTC="2021-03-20T21:00", EXENDTC="2021-04-05")) == [rare]


def test_a_dose_without_a_date_counts_and_is_told(base: CaseStudy) -> None:
    case = changed(base, (2,), EXSTDTC=None)
    assert told(case) == [("Dose without a date", 1, 1)]
    assert doses(case) == (4.0, 40.0)


def test_events_of_somebody_treated_on_unknown_days_are_treatment_emergent(base: CaseStudy) -> None:
    case = changed(base, EXSTDTC=None)
    assert case.faults == []
    own = case.frames.adae[case.frames.adae["USUBJID"].eq(WHO)]
    assert own[["TRTEMFL", "TRTEMRULE"]].to_numpy().tolist() == [["Y", "Date of the first dose missing"]]
    assert case.frames.adae["TRTEMFL"].eq("Y").sum() == len(base.datasets["ae"]) == 18
    without = with_doses(base, base.datasets["ex"][base.datasets["ex"]["USUBJID"].ne(WHO)])
    own = without.frames.adae[without.frames.adae["USUBJID"].eq(WHO)]
    assert own["TRTEMRULE"].tolist() == ["Not treated"]


@pytest.mark.parametrize("code", ["NOTASSGN", "SCRNFAIL"])
def test_somebody_treated_without_an_arm_is_told(shared: Path, code: str) -> None:
    base = read_case(shared / "cases", "base", treatment={"not_assigned": ["NOTASSGN", "SCRNFAIL"]})
    dm = base.datasets["dm"]
    own = dm["USUBJID"].eq(WHO)
    case = base.with_columns("dm", ARMCD=dm["ARMCD"].mask(own, code), ACTARMCD=dm["ACTARMCD"].mask(own, code))
    assert told(case) == [("Treated, but assigned to no arm", 4, 1)]
    assert row_of(case.frames.adsl, WHO)["SAFFL"] == "Y"
    assert told(base.with_columns("dm", ACTARMCD=dm["ACTARMCD"].mask(own, code))) == []
