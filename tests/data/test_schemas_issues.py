from __future__ import annotations

from typing import Any

import pandas as pd

from cutbook.data.schemas import check_datasets
from transfer_files import clean_datasets, frame_of_records, study_of

REQUIRED = ["dm", "ds", "ex", "ae"]


def issues_of(datasets: dict[str, pd.DataFrame], optional: list[str] | None = None, **study: Any) -> list[list[object]]:
    faults, issues = check_datasets(datasets, study_of(REQUIRED, optional or ["lb"], **study))
    assert faults == []
    plain = issues.astype(object)
    return plain.where(plain.notna(), None).to_numpy().tolist()


def changed(name: str, **columns: Any) -> dict[str, pd.DataFrame]:
    datasets = clean_datasets()
    return datasets | {name: datasets[name].assign(**columns)}


def test_an_optional_dataset_that_is_missing_is_listed() -> None:
    assert issues_of(clean_datasets(), ["lb", "vs"]) == [["vs", "", None, "", "Not provided."]]


def test_a_participant_who_is_not_in_dm_is_listed_once_a_dataset() -> None:
    datasets = changed("ae", USUBJID=["01-001", "99-001", "99-001"])
    finding = "2 records of a participant who is not in DM; not shown in any display."
    assert issues_of(datasets) == [["ae", "USUBJID", 2, "ae/99-001", finding]]


def test_a_randomised_participant_without_exposure_is_listed() -> None:
    datasets = clean_datasets()
    datasets["ex"] = datasets["ex"].iloc[[0]]
    finding = "Assigned to an arm, but without a record in EX; not in the safety population."
    assert issues_of(datasets) == [["dm", "USUBJID", 2, "dm/01-002", finding]]


def test_a_participant_without_arm_is_listed_unless_a_reason_is_given() -> None:
    datasets = changed("dm", ARMCD=["PBO", None, None])
    finding = "No arm and no reason for it (ARMNRS); shown as Missing when randomised or treated."
    assert issues_of(datasets) == [["dm", "ARMCD", 2, "dm/01-002", finding]]


def test_every_participant_without_arm_is_listed_where_no_reasons_are_collected() -> None:
    datasets = clean_datasets()
    datasets["dm"] = datasets["dm"].drop(columns="ARMNRS")
    assert [issue[3] for issue in issues_of(datasets)] == ["dm/01-003"]


def test_what_the_study_file_names_and_no_record_has_is_listed() -> None:
    qualifiers = {
        "RDOMAIN": ["AE"],
        "USUBJID": ["01-001"],
        "IDVAR": ["AESEQ"],
        "IDVARVAL": ["1"],
        "QNAM": ["X"],
        "QVAL": ["Y"],
    }
    datasets = clean_datasets() | {"suppae": frame_of_records(qualifiers), "suppdm": frame_of_records(qualifiers)}
    issues = issues_of(
        datasets,
        findings=[{"id": "chem", "label": "C", "dataset": "lb", "schedule": "s", "parameters": ["GLUC", "ALT"]}],
        endpoints=[
            {"paramcd": "NFL", "label": "N", "dataset": "lb", "schedule": "s", "where": {"LBTESTCD": ["NFLP", "NFHP"]}}
        ],
        characteristics=[
            {"variable": "ONSET", "label": "Onset", "dataset": "suppdm"},
            {"variable": "SOD1BL", "label": "SOD1", "dataset": "lb", "testcd": ["SOD1"]},
        ],
        adverse_events={"flags": [{"label": "Related to puncture", "qnam": "AELPREL"}]},
    )
    assert [(issue[0], issue[1], issue[4]) for issue in issues] == [
        ("lb", "LBTESTCD", "No record with LBTESTCD ALT, which the study file names for findings chem."),
        ("lb", "LBTESTCD", "No record with LBTESTCD NFLP or NFHP, which the study file names for endpoint NFL."),
        ("suppdm", "QNAM", "No record with QNAM ONSET, which the study file names for characteristic ONSET."),
        ("suppae", "QNAM", "No record with QNAM AELPREL, which the study file names for adverse-event flag AELPREL."),
    ]


def test_what_is_not_provided_is_not_searched() -> None:
    datasets = {name: frame for name, frame in clean_datasets().items() if name != "lb"}
    family = {"id": "chem", "label": "C", "dataset": "lb", "schedule": "s", "parameters": ["ALT"]}
    assert [issue[4] for issue in issues_of(datasets, findings=[family])] == ["Not provided."]


def test_no_issues_are_searched_while_variables_are_missing() -> None:
    datasets = changed("ae", USUBJID=["99-001", "01-002", "01-002"])
    datasets["dm"] = datasets["dm"].drop(columns="ARMCD")
    faults, issues = check_datasets(datasets, study_of(REQUIRED))
    assert [fault.variable for fault in faults] == ["ARMCD"]
    assert issues.empty
