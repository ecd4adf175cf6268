"""The cut keeps whoever was treated, whatever is known of their entry, and says so."""

from __future__ import annotations

from pathlib import Path

import pytest

from case_study import CaseStudy, read_case, row_of
from cutbook.data.checks.records import ON_FIRST_LINES

FOUND = (
    "Treated, but without a dated record of entry: 4 records of 1 participant (ex/ZZ1-006/1, ex/ZZ1-006/2, "
    "ex/ZZ1-006/3 and 1 more); no record of DS.DSSTDTC and DSDECOD RANDOMIZED dates it; they are kept, and their day "
    "of entry is missing."
)


@pytest.fixture(scope="module")
def case(shared: Path) -> CaseStudy:
    return read_case(shared / "cases", "treated-without-entry")


def test_the_base_has_neither_faults_nor_findings(shared: Path) -> None:
    base = read_case(shared / "cases", "base")
    assert base.faults == []
    assert base.findings == []


def test_the_first_finding_is_who_was_treated_without_a_dated_entry(case: CaseStudy) -> None:
    assert case.faults == []
    assert case.findings == [FOUND]
    assert case.issues["WEIGHT"].tolist() == [ON_FIRST_LINES]


def test_a_treated_participant_stays_in_safety_with_all_events(case: CaseStudy) -> None:
    adsl = case.frames.adsl
    person = row_of(adsl, "ZZ1-006")
    assert adsl["SAFFL"].tolist() == ["Y"] * 12
    assert (person["TRT01A"], person["DOSETOT"]) == ("Zeta 30 mg", 120.0)
    assert adsl.loc[adsl["RANDDT"].isna(), "USUBJID"].tolist() == ["ZZ1-006"]
    assert case.frames.adae["AESER"].eq("Y").sum() == 1
    assert case.cut.removed.empty


def test_the_cut_says_whom_it_kept_without_a_date_of_entry(case: CaseStudy) -> None:
    told = case.cut.kept[["KEY", "VARIABLE", "VALUE", "REASON"]].to_numpy().tolist()
    reason = "treated by the cut-off, and no record dates the entry by then"
    assert told == [["dm/ZZ1-006", "DSSTDTC", "", reason]]


def test_the_study_file_can_refuse_them(shared: Path) -> None:
    case = read_case(shared / "cases", "treated-without-entry", data_cut={"treated_without_entry": "refuse"})
    assert "\n".join(case.faults) == (
        "ex.USUBJID row 21 key ex/ZZ1-006/1: found doses of ZZ1-006 without a dated record of entry in rows 21, 22, 23 "
        "and 1 more; expected a dated record of DS.DSSTDTC and DSDECOD RANDOMIZED for everybody treated; complete it "
        "at the source, or write data_cut.treated_without_entry: keep into the study file"
    )


def test_an_entry_typed_after_the_cut_off_loses_nobody(shared: Path) -> None:
    base = read_case(shared / "cases", "base")
    ds = base.datasets["ds"]
    is_entry = ds["USUBJID"].eq("ZZ1-006") & ds["DSDECOD"].eq("RANDOMIZED")
    case = base.with_columns("ds", DSSTDTC=ds["DSSTDTC"].mask(is_entry, "2031-03-18"))
    assert "\n".join(case.findings) == (
        "Dose before the day of entry (DS.DSSTDTC and DSDECOD RANDOMIZED): 4 records of 1 participant (ex/ZZ1-006/1, "
        "ex/ZZ1-006/2, ex/ZZ1-006/3 and 1 more); both dates are used as they are.\n"
        "Dated more than half a year after all other dates of the transfer: 1 record of 1 participant (ds/ZZ1-006/1); "
        "counted as they are dated, so in no cut before."
    )
    assert row_of(case.frames.adsl, "ZZ1-006")["SAFFL"] == "Y"


@pytest.mark.parametrize(
    ("columns", "is_kept"),
    [
        ({}, True),
        ({"EXSTDTC": None}, True),
        ({"EXSTDTC": "2021-07-01"}, False),
        ({"EXOCCUR": "N"}, False),
        ({"EXDOSE": 0.0}, True),
    ],
    ids=["dosed", "undated", "dosed after the cut-off", "not given", "dose 0 only"],
)
def test_only_a_dose_by_the_cut_off_keeps_a_participant(case: CaseStudy, columns: dict, is_kept: bool) -> None:
    ex = case.datasets["ex"]
    own = {name: ex.get(name, ex["EXTRT"].mask(ex["EXTRT"].notna())) for name in columns}
    changed = {name: own[name].mask(ex["USUBJID"].eq("ZZ1-006"), value) for name, value in columns.items()}
    kept = case.with_columns("ex", **changed).cut.datasets["dm"]["USUBJID"]
    assert kept.eq("ZZ1-006").any() == is_kept


UNKNOWN = "Neither entry, screening nor a dose is dated: {} ({}); no date of {}; not among the participants."
ENTRY = "DS.DSSTDTC and DSDECOD RANDOMIZED"


def undated(case: CaseStudy, participant: str, *datasets: str) -> CaseStudy:
    """Return the case without dates of a participant's entry, and without doses and dates of consent where named."""
    ds, changed = case.datasets["ds"], dict(case.datasets)
    is_own = ds["USUBJID"].eq(participant) & ds["DSDECOD"].eq("RANDOMIZED")
    changed["ds"] = ds.assign(DSSTDTC=ds["DSSTDTC"].mask(is_own))
    if "ex" in datasets:
        changed["ex"] = case.datasets["ex"].loc[lambda ex: ex["USUBJID"].ne(participant)].reset_index(drop=True)
    if "dm" in datasets:
        dm = case.datasets["dm"]
        changed["dm"] = dm.assign(RFICDTC=dm["RFICDTC"].mask(dm["USUBJID"].eq(participant)))
    return CaseStudy(case.study, changed, case.cutoff)


def unknown(case: CaseStudy) -> list[str]:
    return [one for one in case.findings if one.startswith("Neither entry")]


def test_who_has_no_date_that_lets_them_into_the_data_is_said(shared: Path) -> None:
    base = read_case(shared / "cases", "base")
    left = undated(base, "ZZ1-006", "ex")
    assert "ZZ1-006" not in left.frames.adsl["USUBJID"].tolist()
    assert unknown(left) == [UNKNOWN.format("1 record of 1 participant", "dm/ZZ1-006", ENTRY)]
    assert unknown(undated(base, "ZZ1-006")) == []
    assert unknown(base) == []


def test_screened_participants_need_a_date_of_screening_alone(shared: Path) -> None:
    rules = {"screened": {"dataset": "dm", "date": "RFICDTC"}}
    base = read_case(shared / "cases", "base", data_cut=rules)
    if "RFICDTC" not in base.datasets["dm"]:
        base = base.with_columns("dm", RFICDTC="2024-01-01")
    assert unknown(undated(base, "ZZ1-006", "ex")) == []
    (told,) = unknown(undated(base, "ZZ1-006", "ex", "dm"))
    assert told == UNKNOWN.format("1 record of 1 participant", "dm/ZZ1-006", f"{ENTRY} or DM.RFICDTC")


def test_without_a_condition_of_entry_nobody_is_expected_to_have_entered(shared: Path) -> None:
    rules = {"included": {"dataset": "dm", "date": "RFSTDTC"}, "screened": None}
    base = read_case(shared / "cases", "base", data_cut=rules)
    left = undated(base, "ZZ1-006", "ex")
    dm = left.datasets["dm"]
    failed = left.with_columns("dm", RFSTDTC=dm["RFSTDTC"].mask(dm["USUBJID"].eq("ZZ1-006")))
    assert unknown(failed) == []
