"""Ages, sizes and results are shown in the unit of the study file, whatever unit they were delivered in."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from case_study import read_case, row_of
from cutbook.standards.conversion import converted
from test_fuzz_of_codes import known


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


@pytest.mark.parametrize(
    ("test", "factor", "unit"),
    [
        ("CREAT", 1 / 88.4, "mg/dL"),
        ("CREAT", 1 / 88.4, "MG/DL"),
        ("CREAT", 0.11312, "mg/L"),
        ("ALT", 1 / 60, "ukat/L"),
    ],
)
def test_a_laboratory_in_another_unit_is_converted_with_its_limits_and_said(
    shared: Path, test: str, factor: float, unit: str
) -> None:
    base = read_case(shared / "cases", "base")
    lb = base.datasets["lb"]
    is_other = lb["LBTESTCD"].eq(test) & lb["USUBJID"].isin(["ZZ1-001", "ZZ1-002"])
    names = ("LBSTRESN", "LBSTNRLO", "LBSTNRHI")
    case = base.with_columns(
        "lb",
        **{name: lb[name].mask(is_other, lb[name] * factor) for name in names},
        LBSTRESU=lb["LBSTRESU"].mask(is_other, unit),
        LBSTRESC=lb["LBSTRESC"].mask(is_other),
    )
    own = lb.loc[is_other, "LBSTRESU"].iloc[0]
    assert case.faults == []
    assert [text for text in case.findings if f"Result of {test} in {unit} instead of {own}: 6 records" in text]
    ours, before = (one.frames.adlb.set_index("KEY").loc[:, ["AVAL", "ANRLO", "ANRHI"]] for one in (case, base))
    pd.testing.assert_frame_equal(ours.loc[before.index], before, rtol=1e-4)
    assert case.frames.adlb["ANRIND"].tolist() == base.frames.adlb["ANRIND"].tolist()
    assert set(case.frames.adlb["AVALU"]) == {"U/L", "umol/L"}


def test_the_study_file_states_the_unit_in_which_a_test_is_shown(shared: Path) -> None:
    chemistry = {"id": "chemistry", "label": "Chemistry", "dataset": "lb", "schedule": "clinic"}
    case = read_case(shared / "cases", "base", findings=[chemistry | {"units": {"CREAT": "mg/dL"}}])
    creatinine = case.frames.adlb[case.frames.adlb["PARAMCD"].eq("chemistry-CREAT")]
    first = creatinine.iloc[0]
    collected = case.datasets["lb"].set_index("LBSEQ")["LBSTRESN"][4.0].iloc[0]
    assert (first["KEY"], first["AVALU"]) == ("lb/ZZ1-001/4", "mg/dL")
    assert first["AVAL"] == pytest.approx(collected / 88.4)
    assert first["DECIMALS"] == 2
    assert float(first["AVALC"]) == round(collected / 88.4, 2)


def test_a_result_that_cannot_be_told_in_the_stated_unit_is_a_fault_that_names_the_rows(shared: Path) -> None:
    base = known(shared)
    pc = base.datasets["pc"]
    (fault,) = base.with_columns("pc", PCSTRESU=pc["PCSTRESU"].mask(pc["PCSTRESU"].notna(), "nmol/L")).faults
    assert 'results in "nmol/L" in rows 7, 8, 9 and 25 more; expected ng/mL, the unit of pharmacokinetics.' in fault
    vs = base.datasets["vs"]
    (fault,) = base.with_columns("vs", VSSTRESU=vs["VSSTRESU"].mask(vs["VSTESTCD"].eq("HEIGHT"), "kg")).faults
    assert 'results in "kg" in rows 1, 6, 11 and 9 more; expected cm, the characteristics.HEIGHTBL.unit' in fault


def test_a_size_without_a_unit_stands_on_the_first_lines(shared: Path) -> None:
    base = read_case(shared / "cases", "base")
    vs = base.datasets["vs"]
    case = base.with_columns("vs", VSSTRESU=vs["VSSTRESU"].mask(vs["VSTESTCD"].eq("HEIGHT")))
    assert case.issues["WEIGHT"].tolist() == [2]
    assert case.findings[0].startswith("Result of HEIGHT without a unit: 12 records of 12 participants")


def test_a_temperature_is_converted_with_its_zero() -> None:
    found = converted(pd.Series([98.6, 37.0]), pd.Series(["F", "degC"]), "C", "TEMP")
    assert found.round(9).tolist() == [37.0, 37.0]
