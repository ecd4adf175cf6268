"""Ages, sizes and results are shown in the unit of the study file, whatever unit they were delivered in."""

from __future__ import annotations

from pathlib import Path

import pytest

from case_study import read_case, row_of


def test_an_age_in_months_is_shown_in_years_and_said(shared: Path) -> None:
    case = read_case(shared / "cases", "age-in-months")
    assert case.faults == []
    assert case.frames.adsl["AGE"].tolist() == [float(age) for age in range(41, 53)]
    assert "\n".join(case.findings) == (
        "Age in MONTHS instead of years: 3 records of 3 participants (dm/ZZ1-001, dm/ZZ1-002 and dm/ZZ1-003); "
        "converted to years."
    )


@pytest.mark.parametrize(
    ("age", "unit", "shown"),
    [(2191.5, "DAYS", 6.0), (104.357142857, "Weeks", 2.0), (8766.0, "HOURS", 1.0), (41.0, None, 41.0)],
)
def test_an_age_is_converted_by_its_unit(shared: Path, age: float, unit: str | None, shown: float) -> None:
    base = read_case(shared / "cases", "base")
    own = base.datasets["dm"]["USUBJID"].eq("ZZ1-001")
    columns = {name: base.datasets["dm"][name].mask(own, value) for name, value in [("AGE", age), ("AGEU", unit)]}
    assert row_of(base.with_columns("dm", **columns).frames.adsl, "ZZ1-001")["AGE"] == pytest.approx(shown, abs=1e-9)


def test_a_study_of_children_can_show_ages_in_months(shared: Path) -> None:
    months = [{"variable": "AGE", "label": "Age", "unit": "months"}]
    case = read_case(shared / "cases", "age-in-months", characteristics=months)
    assert row_of(case.frames.adsl, "ZZ1-001")["AGE"] == 492.0
    assert row_of(case.frames.adsl, "ZZ1-004")["AGE"] == 528.0


def test_an_unknown_unit_of_age_is_a_fault_that_names_the_rows(shared: Path) -> None:
    base = read_case(shared / "cases", "base")
    own = base.datasets["dm"]["USUBJID"].isin(["ZZ1-002", "ZZ1-003"])
    assert base.with_columns("dm", AGEU=base.datasets["dm"]["AGEU"].mask(own, "MOONS")).faults == [
        (
            'dm.AGEU row 2 key dm/ZZ1-002: found ages in "MOONS" in rows 2 and 3; expected YEARS, MONTHS, WEEKS, DAYS '
            "or HOURS; correct it at the source and have the transfer sent again"
        )
    ]


def test_heights_in_metres_and_weights_in_pounds_are_converted(shared: Path) -> None:
    base = read_case(shared / "cases", "base")
    vs = base.datasets["vs"]
    is_height, is_weight = (vs["VSTESTCD"].eq(name) for name in ("HEIGHT", "WEIGHT"))
    result = vs["VSSTRESN"].mask(is_height, vs["VSSTRESN"] / 100).mask(is_weight, vs["VSSTRESN"] / 0.45359237)
    unit = vs["VSSTRESU"].mask(is_height, "m").mask(is_weight, "LB")
    person = row_of(base.with_columns("vs", VSSTRESN=result, VSSTRESU=unit).frames.adsl, "ZZ1-001")
    assert [person[name] for name in ("HEIGHTBL", "WEIGHTBL")] == pytest.approx([161.0, 61.0])
    assert person["BMIBL"] == pytest.approx(61 / 1.61**2)
