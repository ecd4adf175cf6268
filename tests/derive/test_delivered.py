"""Studies that deliver ADaM: used as it is, after its columns are checked."""

from __future__ import annotations

import pandas as pd
import pytest

from cutbook.derive import Frames, derive_adae, derive_adeff, derive_adpc, derive_adsl, derive_findings
from cutbook.errors import DataError
from cutbook.parameters.study import Findings
from derive.cases import adsl, dates, days, numbers, small_study, table, texts

ADAM = {"sources": {"root": "nowhere", "model": "adam", "required": ["adsl"]}}
ADSL = table(
    "USUBJID AGE SEX TRT01P TRT01A SAFFL TRTSDT TRTEDT EFFFL",
    ("01", 50.0, "F", "20 mg", "100 mg", "Y", "2024-03-05", "2024-03-19", "Y"),
)
BDS = table(
    "USUBJID PARAMCD PARAM AVAL AVISIT AVISITN ANL01FL ABLFL BASE CHG ASEQ",
    ("01", "ALT", "ALT (U/L)", 20.25, "Week 2", 2.0, "Y", None, 18.0, 2.25, 1.0),
    ("01", "AST", "AST (U/L)", 21.0, "Week 2", 2.0, "Y", None, 18.0, 3.0, 2.0),
)
LAB = Findings(id="lab", label="Laboratory", dataset="lb", schedule="visits", parameters=["ALT"])


def test_the_participants_are_those_delivered_with_numbers_for_the_arms_of_the_study_file():
    people = derive_adsl({"adsl": ADSL}, small_study(**ADAM), "2024-12-31")
    assert people[["TRT01A", "TRT01AN", "DOSE01A", "EFFFL", "KEY"]].iloc[0].tolist() == [
        "100 mg",
        3.0,
        100.0,
        "Y",
        "adsl/01",
    ]
    assert dates(people["TRTSDT"]) == ["2024-03-05"]
    assert texts(people["PKFL"]) == [None]


@pytest.mark.parametrize(
    "given",
    [
        pd.Series([23440.0]),
        pd.Series(["2024-03-05"]),
        pd.Series(["2024-03-05T10:00"]),
        days("2024-03-05"),
        pd.to_datetime(pd.Series(["2024-03-05"])),
    ],
)
def test_dates_may_be_sas_numbers_text_or_dates(given):
    people = derive_adsl({"adsl": ADSL.assign(TRTSDT=given)}, small_study(**ADAM), "2024-12-31")
    assert dates(people["TRTSDT"]) == ["2024-03-05"]
    assert people["TRTSDT"].dtype == "datetime64[s]"


def test_every_missing_column_is_named_at_once():
    with pytest.raises(DataError) as raised:
        derive_adsl({"adsl": ADSL.drop(columns=["SEX", "TRTEDT"])}, small_study(**ADAM), "2024-12-31")
    assert [(fault.dataset, fault.variable) for fault in raised.value.faults] == [("adsl", "SEX"), ("adsl", "TRTEDT")]


def test_a_characteristic_must_be_delivered():
    study = small_study(**ADAM, characteristics=[{"variable": "BMIBL", "label": "BMI"}])
    with pytest.raises(DataError, match=r"adsl\.BMIBL"):
        derive_adsl({"adsl": ADSL}, study, "2024-12-31")


def test_a_dataset_that_did_not_come_has_no_records_but_participants_must_come():
    assert len(derive_adae({}, adsl(), small_study(**ADAM))) == 0
    with pytest.raises(DataError, match="adsl: found no such dataset"):
        derive_adsl({}, small_study(**ADAM), "2024-12-31")


def test_findings_are_those_delivered_with_the_columns_of_their_participants():
    bds = derive_findings({"adlb": BDS}, adsl(), LAB, small_study(**ADAM))
    assert texts(bds["KEY"]) == ["adlb/01/1"]
    assert bds[["DECIMALS", "TRT01A", "SAFFL"]].iloc[0].tolist() == [2, "100 mg", "Y"]
    assert numbers(bds["ANRHI"]) == [None]


def test_findings_without_a_record_have_no_decimals_to_tell():
    assert derive_findings({"adlb": BDS.iloc[:0]}, adsl(), LAB, small_study(**ADAM)).empty


def test_endpoints_are_those_of_the_study_file_in_its_order():
    endpoints = [
        {"paramcd": name, "label": name, "dataset": "adqs", "where": {}, "schedule": "visits"}
        for name in ("AST", "ALT")
    ]
    study = small_study(**ADAM, endpoints=endpoints)
    assert texts(derive_adeff({"adqs": BDS}, adsl(), study)["PARAMCD"]) == ["AST", "ALT"]


def test_adverse_events_and_concentrations_are_used_as_delivered():
    adae = table("USUBJID AESEQ AEDECOD AEBODSYS ASTDT TRTEMFL", ("01", 1.0, "Headache", "Nervous", "2024-03-06", "Y"))
    events = derive_adae({"adae": adae}, adsl(), small_study(**ADAM))
    assert events[["KEY", "TRTEMFL", "SAFFL"]].iloc[0].tolist() == ["adae/01/1", "Y", "Y"]
    assert texts(events["TEAE28"]) == [None]
    adpc = table(
        "USUBJID MATRIX PARAMCD AVAL AVALC VISIT NOMTIME BLQFL", ("01", "Plasma", "DRUG", 1.5, "1.5", "Day 1", 2.0, "N")
    )
    samples = derive_adpc({"adpc": adpc}, adsl(), small_study(**ADAM))
    assert samples[["KEY", "NOMTIME", "PKFL"]].iloc[0].tolist() == ["adpc/01/DRUG,Plasma,Day 1,2", 2.0, "Y"]


def test_characteristics_and_endpoints_that_came_as_adsl_and_adeff_are_delivered():
    score = {"variable": "SCOREBL", "label": "Score", "dataset": "qs", "testcd": "TOTAL"}
    endpoint = {"paramcd": "SCORE", "label": "Score", "dataset": "qs", "where": {"QSTESTCD": ["TOTAL"]}}
    endpoint |= {"schedule": "visits", "unit": "points", "better": "higher"}
    study = small_study(**ADAM, characteristics=[score], endpoints=[endpoint])
    assert not Frames({"adae": ADSL}, study, "2024-12-31").is_delivered("qs")
    for name in ("adsl", "adeff"):
        assert Frames({name: ADSL}, study, "2024-12-31").is_delivered("qs")
    assert Frames({"adsl": ADSL}, study, "2024-12-31").received(["QS"]) == ("ADSL",)
