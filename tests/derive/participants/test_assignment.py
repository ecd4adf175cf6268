"""Randomised, failed screening, planned and actual arm."""

from __future__ import annotations

import pytest

from cutbook.derive.participants.adsl import derive_adsl
from cutbook.derive.participants.assignment import randomisation_dates
from derive.cases import dates, small_study, table, texts

DM = "USUBJID ARMCD ACTARMCD ARMNRS"
DS = "USUBJID DSCAT DSDECOD DSSTDTC"
EX = "USUBJID EXSEQ EXTRT EXDOSE EXSTDTC"

RANDOMISED = ("01", "PROTOCOL MILESTONE", "RANDOMIZED", "2024-03-04")
FAILED = ("01", "DISPOSITION EVENT", "SCREEN FAILURE", "2024-03-01")
DOSED = ("01", 1.0, "DRUG", 20.0, "2024-03-05")


def participant(person, events, doses, **changes):
    datasets = {"dm": table(DM, person), "ds": table(DS, *events), "ex": table(EX, *doses)}
    return derive_adsl(datasets, small_study(**changes), "2024-12-31").iloc[0]


@pytest.mark.parametrize(
    ("person", "events", "doses", "expected"),
    [
        # USUBJID ARMCD ACTARMCD ARMNRS, records of DS, of EX: SCRFFL RANDFL SAFFL TRT01P TRT01A
        (("01", "LOW", "LOW", None), [RANDOMISED], [DOSED], ["N", "Y", "Y", "20 mg", "20 mg"]),
        (("01", "LOW", "HIGH", None), [RANDOMISED], [DOSED], ["N", "Y", "Y", "20 mg", "100 mg"]),
        (("01", "LOW", "OTHER", None), [RANDOMISED], [DOSED], ["N", "Y", "Y", "20 mg", "Missing"]),
        (("01", "LOW", None, None), [RANDOMISED], [], ["N", "Y", "N", "20 mg", "20 mg"]),
        (("01", "LOW", "NOTTRT", None), [RANDOMISED], [], ["N", "Y", "N", "20 mg", "20 mg"]),
        (("01", "OTHER", "LOW", None), [RANDOMISED], [DOSED], ["N", "Y", "Y", "Missing", "20 mg"]),
        (("01", None, None, None), [RANDOMISED], [DOSED], ["N", "Y", "Y", "Missing", "Missing"]),
        (("01", None, None, None), [], [DOSED], ["N", "Y", "Y", "Missing", "Missing"]),
        (("01", "SCRNFAIL", "SCRNFAIL", None), [], [], ["Y", "N", "N", None, None]),
        (("01", None, None, "SCREEN FAILURE"), [], [], ["Y", "N", "N", None, None]),
        (("01", None, None, "SCREEN FAILURE"), [RANDOMISED], [], ["N", "Y", "N", "Missing", "Missing"]),
        (("01", None, None, "Screen Failure"), [], [], ["Y", "N", "N", None, None]),
        (("01", None, None, "NOT ASSIGNED"), [], [], ["N", "N", "N", None, None]),
        (("01", None, None, "NOT ASSIGNED"), [FAILED], [], ["Y", "N", "N", None, None]),
        (("01", "LOW", "LOW", "SCREEN FAILURE"), [], [], ["N", "N", "N", None, None]),
        (("01", "SCRNFAIL", "SCRNFAIL", None), [RANDOMISED], [], ["Y", "N", "N", None, None]),
        (("01", None, None, None), [FAILED], [], ["Y", "N", "N", None, None]),
        (("01", "LOW", "LOW", None), [FAILED, RANDOMISED], [DOSED], ["N", "Y", "Y", "20 mg", "20 mg"]),
        (("01", None, None, None), [], [], ["N", "N", "N", None, None]),
    ],
)
def test_arm_and_flags_follow_the_ordered_rules(person, events, doses, expected):
    adsl = participant(person, events, doses)
    found = [adsl[name] for name in ("SCRFFL", "RANDFL", "SAFFL", "TRT01P", "TRT01A")]
    assert [None if value != value else value for value in found] == expected


def test_arms_are_numbered_in_the_order_of_the_study_file_and_a_missing_one_comes_last():
    dm = table(DM, ("01", "HIGH", "HIGH", None), ("02", "PBO", "PBO", None), ("03", None, None, None))
    ds = table(DS, *[(person, "PROTOCOL MILESTONE", "RANDOMIZED", "2024-03-04") for person in ("01", "02", "03")])
    adsl = derive_adsl({"dm": dm, "ds": ds}, small_study(), "2024-12-31")
    assert adsl["TRT01AN"].tolist() == [3.0, 1.0, 4.0]
    assert texts(adsl["DOSE01A"]) == ["100.0", "0.0", None]


def test_a_study_may_analyse_safety_in_the_arm_of_randomisation():
    adsl = participant(("01", "LOW", "HIGH", None), [RANDOMISED], [DOSED], populations={"actual_arm": "ARMCD"})
    assert adsl["TRT01A"] == "20 mg"


def test_randomisation_is_dated_by_the_earliest_record_that_the_study_file_names():
    ds = table(DS, ("01", None, "RANDOMIZED", "2024-03-09"), RANDOMISED, FAILED, ("02", None, "RANDOMIZED", None))
    found = randomisation_dates({"ds": ds}, small_study().data_cut.included)
    assert list(found.index) == ["01"]
    assert dates(found) == ["2024-03-04"]
