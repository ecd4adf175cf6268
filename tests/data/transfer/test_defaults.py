"""Defaults of the study file stand where a transfer has nothing, and each use is listed with its number of records."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from pydantic import ValidationError

from cutbook.data.checks.records import issue_table
from cutbook.data.transfer.defaults.occasions import occasions
from cutbook.data.transfer.defaults.values import with_defaults
from cutbook.data.transfer.sources import Transfer
from cutbook.errors import ParameterError
from cutbook.parameters.study import Default, Study
from derive.cases import SMALL, numbers, table, texts


def study_with(**defaults: Any) -> Study:
    sources = {"root": "nowhere", "required": ["dm"], "optional": ["ex", "pc", "lb", "ts"], "defaults": defaults}
    return Study.model_validate({**SMALL, "sources": sources})


def filled(datasets: dict[str, pd.DataFrame], **defaults: Any) -> Transfer:
    received = pd.DataFrame()
    transfer = Transfer(datasets, received, "", is_verified=True, labels={}, oddities=issue_table([]))
    return with_defaults(transfer, study_with(**defaults))


DOSES = table("USUBJID EXSEQ EXDOSE EXDOSU", ("1", 1.0, 5.0, "ug"), ("1", 2.0, 5.0, None), ("2", 1.0, 9.0, None))


def test_a_constant_stands_where_a_value_is_blank_and_nowhere_else():
    made = filled({"ex": DOSES}, ex={"EXDOSU": "mg"})
    assert texts(made.datasets["ex"]["EXDOSU"]) == ["ug", "mg", "mg"]
    assert texts(DOSES["EXDOSU"]) == ["ug", None, None]


def test_a_use_is_one_oddity_with_records_and_participants():
    made = filled({"ex": DOSES}, ex={"EXDOSU": "mg"}).oddities
    assert made["FINDING"].item() == (
        "EXDOSU blank: 2 records of 2 participants (ex/1/2 and ex/2/1); "
        'given as "mg" by sources.defaults of the study file.'
    )
    assert made[["DATASET", "VARIABLE", "RECORDS", "PARTICIPANTS"]].to_numpy().tolist() == [["ex", "EXDOSU", 2, 2]]


def test_a_default_that_nothing_needs_is_not_listed():
    assert filled({"ex": DOSES.assign(EXDOSU="ug")}, ex={"EXDOSU": "mg"}).oddities.empty


def test_a_variable_that_was_not_delivered_is_made_in_the_type_of_the_standard():
    made = filled({"pc": table("USUBJID PCSEQ", ("1", 1.0))}, pc={"PCLLOQ": 0.5, "PCSTRESU": "ng/mL"})
    assert made.datasets["pc"]["PCLLOQ"].tolist() == [0.5]
    assert made.datasets["pc"]["PCSTRESU"].tolist() == ["ng/mL"]
    assert [line.split(":")[0] for line in made.oddities["FINDING"]] == [
        "PCLLOQ not delivered",
        "PCSTRESU not delivered",
    ]


def test_a_copy_turns_numbers_into_text_and_text_into_numbers_and_copies_no_blank():
    pc = table("USUBJID NTIME PCSTRESN", ("1", "0.5", 3.0), ("1", "soon", 2.25), ("2", None, np.nan))
    made = filled({"pc": pc}, pc={"PCTPTNUM": {"from": "NTIME"}, "PCSTRESC": {"from": "PCSTRESN"}}).datasets["pc"]
    assert numbers(made["PCTPTNUM"]) == [0.5, None, None]
    assert texts(made["PCSTRESC"]) == ["3", "2.25", None]


def test_a_copy_of_what_was_not_delivered_gives_nothing():
    made = filled({"pc": table("USUBJID", ("1",))}, pc={"PCSTRESC": {"from": "PCSTRESN"}})
    assert "PCSTRESC" not in made.datasets["pc"]


def test_a_dataset_that_was_not_delivered_stays_away():
    assert filled({}, ex={"EXDOSU": "mg"}).datasets == {}


def test_the_stated_domain_takes_the_place_of_that_of_another_dataset_and_no_other_variable_does():
    lb = table("USUBJID DOMAIN LBSTRESU", ("1", "DM", "g/L"), ("2", "LB", None))
    made = filled({"lb": lb}, lb={"DOMAIN": "LB", "LBSTRESU": "U/L"})
    assert texts(made.datasets["lb"]["DOMAIN"]) == ["LB", "LB"]
    assert texts(made.datasets["lb"]["LBSTRESU"]) == ["g/L", "U/L"]
    assert made.oddities["RECORDS"].tolist() == [1, 1]


def test_a_dataset_without_participants_is_counted_by_records():
    made = filled({"ts": table("TSPARMCD TSVAL", ("A", None), ("B", "1"))}, ts={"TSVAL": "unknown"})
    assert made.oddities["FINDING"].tolist() == [
        'TSVAL blank: 1 record; given as "unknown" by sources.defaults of the study file.'
    ]


EX = table(
    "USUBJID EXTRT EXDOSE EXSTDTC",
    ("1", "Compound", 5.0, "2024-03-05T10:00"),
    ("1", "Compound", 5.0, "2024-03-05T18:00"),
    ("1", "Compound", 5.0, "2024-03-12"),
    ("1", "Other", 5.0, "2024-03-08"),
    ("2", "Compound", 5.0, None),
)


@pytest.mark.parametrize(
    ("person", "sampled", "reference", "planned", "day", "dose"),
    [
        ("1", "2024-03-05T09:50", None, 0.0, 1.0, 1.0),  # before the first dose
        ("1", "2024-03-04T23:50", None, 0.0, 1.0, 1.0),  # the evening before
        ("1", "2024-03-03", None, 0.0, None, None),  # two days before
        ("1", "2024-03-05T09:50", None, 1.0, 1.0, 1.0),  # of that day, whatever the time
        ("1", "2024-03-08", None, 72.0, 1.0, 1.0),  # the dose of another drug is none
        ("1", "2024-03-12T08:00", None, 0.0, 8.0, 2.0),  # before the second day of dosing
        ("1", "2024-03-12T08:00", None, None, 8.0, 2.0),
        ("1", "2024-03-12T08:00", "2024-03-05T18:00", 158.0, 1.0, 1.0),  # the record says which
        ("1", "2024-03-12T08:00", "2024-03-06", 146.0, None, None),  # no dose on the day that it names
        ("1", None, None, 2.0, None, None),
        ("1", "2024-03", None, 2.0, None, None),
        ("2", "2024-03-05", None, 2.0, None, None),
        ("3", "2024-03-05", None, 2.0, None, None),
    ],
)
def test_the_dose_that_a_sample_refers_to(person, sampled, reference, planned, day, dose):
    pc = table("USUBJID PCDTC PCRFTDTC PCTPTNUM", (person, sampled, reference, planned))
    pc = pc.astype({"PCDTC": "str", "PCRFTDTC": "str", "PCTPTNUM": "float64"})
    found = occasions("pc", pc, {"ex": EX}, study_with())
    assert (numbers(found["DAY"]), numbers(found["DOSE"])) == ([day], [dose])


def test_the_dose_names_the_visit_and_its_number_and_where_there_is_none_the_visit_stays_blank():
    pc = table("USUBJID PCDTC", ("1", "2024-03-05"), ("1", "2024-03-13"), ("2", "2024-03-05")).astype("str")
    visits = {"VISIT": {"occasion": "DOSE {dose}, DAY {day}"}, "VISITNUM": {"occasion": "{day}"}}
    made = filled({"pc": pc, "ex": EX}, pc=visits).datasets["pc"]
    assert texts(made["VISIT"]) == ["DOSE 1, DAY 1", "DOSE 2, DAY 8", None]
    assert numbers(made["VISITNUM"]) == [1.0, 8.0, None]


def test_without_doses_no_visit_is_made():
    pc = table("USUBJID PCDTC", ("1", "2024-03-05")).astype("str")
    assert "VISIT" not in filled({"pc": pc}, pc={"VISIT": {"occasion": "DAY {day}"}}).datasets["pc"]


def test_a_constant_that_is_no_number_for_a_numeric_variable_is_a_fault_of_the_study_file():
    with pytest.raises(ParameterError) as error:
        filled({"pc": table("USUBJID", ("1",))}, pc={"PCLLOQ": "low", "VISITNUM": "1"}, ex={"EXDOSE": "much"})
    assert [(fault.variable, fault.found) for fault in error.value.faults] == [
        ("sources.defaults.pc.PCLLOQ", '"low"'),
        ("sources.defaults.ex.EXDOSE", '"much"'),
    ]


@pytest.mark.parametrize(
    "written",
    ["", {}, {"from": "pcstresn"}, {"occasion": "DAY"}, {"occasion": "DAY {week}"}, {"from": "A", "value": "1"}],
)
def test_a_default_says_one_thing(written):
    with pytest.raises(ValidationError):
        Default.model_validate(written)


def test_defaults_are_those_of_datasets_that_are_read():
    with pytest.raises(ValidationError, match=r"a dataset of sources\.required or sources\.optional"):
        study_with(qs={"QSSTRESC": {"from": "QSORRES"}})


def test_a_study_file_with_defaults_is_the_same_after_it_was_staged():
    study = study_with(pc={"PCSTRESC": {"from": "PCSTRESN"}, "VISIT": {"occasion": "DAY {day}"}, "PCLLOQ": "1"})
    assert Study.model_validate_json(study.model_dump_json()) == study
