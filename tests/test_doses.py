"""Exposure counts doses of the study drug, in the study's unit, and says what it converted or left out."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from case_study import CUTOFF, CaseStudy, read_case, row_of
from cutbook.data.checks.dosing.drugs import with_drugs
from cutbook.data.checks.dosing.frequencies import with_periods
from cutbook.data.checks.dosing.given import administrations
from cutbook.data.checks.records import IN_LIST, ON_FIRST_LINES
from cutbook.derive.exposure import treatment_summary, with_ends

TOTALS = [0.0, 40.0, 120.0] * 4


@pytest.fixture(scope="module")
def cases(shared: Path) -> Path:
    return shared / "cases"


def doses(case: CaseStudy) -> tuple[list[float], list[float]]:
    return case.frames.adsl["DOSEN"].tolist(), case.frames.adsl["DOSETOT"].tolist()


def test_doses_of_another_drug_are_left_out_and_said_on_the_first_lines(cases: Path) -> None:
    case = read_case(cases, "two-drugs")
    assert case.faults == []
    assert "\n".join(case.findings) == (
        'Another drug in EX, "BACKGROUNDINE": 48 records of 12 participants (ex/ZZ1-001/11, ex/ZZ1-001/12, '
        "ex/ZZ1-001/13 and 45 more); left out of all doses, because the drug is Zeta."
    )
    assert case.issues["WEIGHT"].tolist() == [ON_FIRST_LINES]
    assert doses(case) == ([4.0] * 12, TOTALS)


def test_the_study_file_names_the_study_drug_and_its_placebo_counts_with_it(cases: Path) -> None:
    own = read_case(cases, "two-drugs", treatment={"drugs": "zeta ", "compound": "Something else"})
    assert own.faults == []
    assert doses(own) == ([4.0] * 12, TOTALS)
    other = read_case(cases, "two-drugs", treatment={"drugs": "BACKGROUNDINE"})
    assert doses(other) == ([8.0, 4.0, 4.0] * 4, [2000.0] * 12)
    both = read_case(cases, "two-drugs", treatment={"drugs": ["ZETA", "BACKGROUNDINE"]})
    assert doses(both) == ([8.0] * 12, [2000.0, 2040.0, 2120.0] * 4)


def test_several_drugs_of_which_none_has_the_name_of_the_compound_ask_for_a_choice(cases: Path) -> None:
    case = read_case(cases, "two-drugs", treatment={"compound": "XY-1"})
    assert "\n".join(case.faults) == (
        'ex.EXTRT row 5 key ex/ZZ1-002/1: found doses of "ZETA" and "BACKGROUNDINE", the first in row 5; expected one '
        "drug besides placebo, or a choice; list the values of EXTRT that are the study drug under treatment.drugs of "
        "the study file"
    )


def test_leaving_out_all_doses_of_somebody_asks_for_a_choice(cases: Path) -> None:
    base = read_case(cases, "base")
    trt = base.datasets["ex"]["EXTRT"]
    case = base.with_columns("ex", EXTRT=trt.mask(base.datasets["ex"]["USUBJID"].eq("ZZ1-002"), "COMPARATOR"))
    assert len(case.faults) == 1
    assert "of which ZZ1-002 had no other than those left out" in case.faults[0]


def test_a_drug_that_no_record_has_is_a_fault(cases: Path) -> None:
    case = read_case(cases, "base", treatment={"drugs": "ZETTA"})
    assert len(case.faults) == 1
    assert 'found doses of "ZETA" only, the first in row 5; expected ZETTA' in case.faults[0]


def test_one_drug_besides_placebo_needs_no_name(cases: Path) -> None:
    case = read_case(cases, "base", treatment={"compound": "XY-1"})
    assert (case.faults, case.findings) == ([], [])
    assert doses(case) == ([4.0] * 12, TOTALS)


def test_the_drug_is_chosen_from_the_whole_transfer_not_from_what_a_cut_keeps(cases: Path) -> None:
    case = read_case(cases, "two-drugs")
    ex = case.datasets["ex"]
    study = with_drugs(case.study, ex)
    early = {"ex": ex[ex["USUBJID"].eq("ZZ1-001")]}
    assert study.treatment.drugs == ["PLACEBO", "ZETA"]
    assert len(administrations(early, pd.Series({"ZZ1-001": 0.0}), study.treatment)) == 4


def test_without_exposure_the_study_stays_as_it_is(cases: Path) -> None:
    study = read_case(cases, "two-drugs").study
    assert with_drugs(study, pd.DataFrame()) == study


def test_a_dose_in_another_unit_is_converted(cases: Path) -> None:
    case = read_case(cases, "units-of-dose")
    assert case.faults == []
    assert "\n".join(case.findings) == (
        "Dose in ug instead of mg: 2 records of 1 participant (ex/ZZ1-002/3 and ex/ZZ1-002/4); converted to mg."
    )
    assert case.issues["WEIGHT"].tolist() == [IN_LIST]
    assert doses(case) == ([4.0] * 12, TOTALS)


@pytest.mark.parametrize(("unit", "dose"), [("g", 0.01), ("MG", 10.0), ("mcg", 10000.0), ("\N{MICRO SIGN}g", 10000.0)])
def test_masses_are_converted_in_every_spelling(cases: Path, unit: str, dose: float) -> None:
    ex = read_case(cases, "base").datasets["ex"]
    own = ex["EXDOSE"].eq(10)
    case = read_case(cases, "base").with_columns("ex", EXDOSE=ex["EXDOSE"].mask(own, dose), EXDOSU=unit)
    assert row_of(case.frames.adsl, "ZZ1-002")["DOSETOT"] == pytest.approx(40.0, abs=1e-12)


@pytest.mark.parametrize("unit", ["mg/kg", "TABLET", "mL", "IU"])
def test_a_unit_without_a_known_conversion_is_a_fault_that_names_the_rows(cases: Path, unit: str) -> None:
    base = read_case(cases, "base")
    own = base.datasets["ex"]["USUBJID"].isin(["ZZ1-002", "ZZ1-001"])
    case = base.with_columns("ex", EXDOSU=base.datasets["ex"]["EXDOSU"].mask(own, unit))
    assert "\n".join(case.faults) == (
        f'ex.EXDOSU row 5 key ex/ZZ1-002/1: found doses in "{unit}" in rows 5, 6, 7 and 1 more; expected mg, the '
        "treatment.dose_unit of the study file, or a unit that can be converted; convert them at the source, or mend "
        "treatment.dose_unit"
    )


PERIOD = ("2024-03-05", "2024-04-01")


@pytest.mark.parametrize(
    ("frequency", "number"),
    [
        ("ONCE", 1),
        ("QD", 28),
        ("bid", 56),
        ("Q8H", 84),
        ("Q12H", 56),
        ("QOD", 14),
        ("Q3D", 10),
        ("EVERY WEEK", 4),
        ("EVERY 2 WEEKS", 2),
        ("Q4W", 1),
        ("2 TIMES PER WEEK", 8),
        ("5 TIMES PER DAY", 140),
        ("PRN", None),
        ("INTERMITTENT", None),
        ("", None),
    ],
)
def test_a_period_is_expanded_by_its_frequency_or_its_doses_are_not_known(frequency: str, number: int | None) -> None:
    record = {"USUBJID": "01", "EXSEQ": 1.0, "EXDOSE": 10.0, "EXDOSFRQ": frequency}
    ex = pd.DataFrame([record | {"EXSTDTC": PERIOD[0], "EXENDTC": PERIOD[1]}])
    given = administrations({"ex": ex}, pd.Series({"01": 10.0}))
    row = treatment_summary(with_ends(given, pd.Series(dtype="datetime64[s]"), "2024-12-31")).loc["01"]
    known = [None if pd.isna(row[name]) else row[name] for name in ("DOSEN", "DOSETOT")]
    assert known == [number, None if number is None else 10.0 * number]


def test_an_infusion_over_midnight_is_one_dose() -> None:
    ex = pd.DataFrame([{"USUBJID": "01", "EXSEQ": 1.0, "EXDOSE": 10.0}])
    ex = ex.assign(EXSTDTC="2024-03-05T22:00", EXENDTC="2024-03-06T01:00")
    assert administrations({"ex": ex}, pd.Series({"01": 10.0}))["IS_SINGLE"].tolist() == [True]


def test_periods_whose_doses_are_not_known_are_listed(cases: Path) -> None:
    base = read_case(cases, "base")
    own = base.datasets["ex"]["USUBJID"].eq("ZZ1-002")
    case = base.with_columns("ex", EXDOSFRQ=base.datasets["ex"]["EXDOSFRQ"].mask(own, "PRN"))
    assert "\n".join(case.findings) == (
        "Dosing period with the frequency PRN: 4 records of 1 participant (ex/ZZ1-002/1, ex/ZZ1-002/2, ex/ZZ1-002/3 "
        "and 1 more); the number of doses and the total dose are not known."
    )


def periods(*rows: tuple[str, str, str | None]) -> pd.DataFrame:
    """Return daily dosing without a frequency, as participant, start and end."""
    ex = pd.DataFrame(rows, columns=["USUBJID", "EXSTDTC", "EXENDTC"])
    return ex.assign(EXSEQ=range(1, len(ex) + 1), EXTRT="ZETA", EXDOSE=10.0, EXDOSU="mg")


def days_of_treatment(case: CaseStudy, ex: pd.DataFrame, whole: pd.DataFrame) -> list[float]:
    study = with_periods(case.study, whole)
    given = administrations({"ex": ex}, pd.Series({"01": 10.0, "02": 10.0}), study.treatment)
    return treatment_summary(with_ends(given, pd.Series(dtype="datetime64[s]"), CUTOFF))["TRTDURD"].tolist()


def test_a_period_without_a_frequency_whose_end_the_cut_removed_goes_on_to_the_cut_off(cases: Path) -> None:
    case = read_case(cases, "base")
    whole = periods(
        ("01", "2021-06-01", "2021-06-10"), ("01", "2021-06-11", "2021-08-31"), ("02", "2021-06-21", "2021-09")
    )
    cut = whole.assign(EXENDTC=["2021-06-10", None, None])
    assert days_of_treatment(case, cut, whole) == [30.0, 10.0]
    early = whole.assign(EXENDTC=[None, None, None])
    assert days_of_treatment(case, early, whole) == [30.0, 10.0]
    assert days_of_treatment(case, early, early) == [11.0, 1.0]


def test_a_dose_without_an_end_stays_one_dose_where_records_are_single_doses(cases: Path) -> None:
    case = read_case(cases, "base")
    whole = periods(("01", "2021-06-01", "2021-06-01"), ("01", "2021-06-11", None), ("02", "2021-06-21", "2021-06-21"))
    assert days_of_treatment(case, whole, whole) == [11.0, 1.0]


def test_the_study_file_says_what_a_record_without_frequency_and_end_is(cases: Path) -> None:
    open_ones = periods(("01", "2021-06-01", None))
    said = read_case(cases, "base", treatment={"open_records": "periods"})
    assert days_of_treatment(said, open_ones, open_ones) == [30.0]
    ended = periods(("01", "2021-06-01", "2021-06-09"), ("01", "2021-06-11", None))
    said = read_case(cases, "base", treatment={"open_records": "doses"})
    assert days_of_treatment(said, ended, ended) == [11.0]


def test_what_a_period_without_an_end_is_counted_to_is_said(cases: Path) -> None:
    base = read_case(cases, "base")
    ex = base.datasets["ex"].drop(columns="EXDOSFRQ")
    ends = ex["EXSTDTC"].str[:4] + "-12-28"
    case = CaseStudy(base.study, {**base.datasets, "ex": ex.assign(EXENDTC=ends.mask(ex.index == 0))})
    told = [text for text in case.findings if "EXENDTC" in text]
    assert told == [
        "No end of dosing (EXENDTC); counted up to the next record, the end of the study or the cut-off.",
    ]
