from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from cutbook.data.checks.content import check_datasets
from cutbook.data.transfer.sources import read_transfer
from cutbook.parameters.project import find_project, read_study
from transfer_files import clean_datasets, frame_of_records, study_of

REQUIRED = ["dm", "ds", "ex", "ae"]


def issues_of(datasets: dict[str, pd.DataFrame], optional: list[str] | None = None, **study: Any) -> list[list[object]]:
    faults, issues = check_datasets(datasets, study_of(REQUIRED, optional or ["lb"], **study))
    assert faults == []
    plain = issues[["DATASET", "VARIABLE", "ROW", "KEY", "FINDING"]].astype(object)
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


NOT_SERIOUS = "but not recorded as serious"
OTHERWISE = {"AEOUT": "UNKNOWN", "AESDTH": "N"}


def test_an_event_with_a_criterion_of_seriousness_and_not_serious_is_listed_once_a_record() -> None:
    datasets = changed(
        "ae",
        AESER=["N", None, "Y"],
        AEOUT=["FATAL", "UNKNOWN", "FATAL"],
        AESHOSP=["Y", None, "Y"],
        AESMIE=[None, "Y", None],
    )
    datasets["dm"] = datasets["dm"].assign(DTHFL=["Y", "Y", None])
    deaths = datasets["ds"].iloc[:2].assign(DSSEQ=2.0, DSDECOD="DEATH")
    datasets["ds"] = pd.concat([datasets["ds"], deaths], ignore_index=True)
    assert [issue for issue in issues_of(datasets) if not issue[4].startswith("Blank")] == [
        [
            "ae",
            "AESER",
            1,
            "ae/01-001/1",
            f"Fatal and hospitalisation, {NOT_SERIOUS} (AESER N); counted as not serious.",
        ],
        [
            "ae",
            "AESER",
            2,
            "ae/01-002/1",
            f"Other medically important event, {NOT_SERIOUS} (AESER blank); counted as not serious.",
        ],
    ]


@pytest.mark.parametrize(
    ("fatal", "dm", "decode", "words"),
    [
        ({"AEOUT": "FATAL"}, {}, "LOST TO FOLLOW-UP", "DM nor in DS"),
        ({"AESDTH": "Y"}, {}, "DEATH", "DM"),
        ({"AEOUT": "FATAL"}, {"DTHFL": "Y"}, "ADVERSE EVENT", "DS"),
        ({"AEOUT": "FATAL"}, {"DTHDTC": "2024-03", "DTHFL": "Y"}, "ADVERSE EVENT", "DS"),
    ],
)
def test_a_death_that_only_adverse_events_tell_is_listed(
    fatal: dict[str, str], dm: dict[str, str], decode: str, words: str
) -> None:
    datasets = changed("ae", **{name: [OTHERWISE[name], OTHERWISE[name], value] for name, value in fatal.items()})
    datasets["dm"] = datasets["dm"].assign(**{name: [None, value, None] for name, value in dm.items()})
    ends = datasets["ds"].iloc[[1]].assign(DSSEQ=2.0, DSDECOD=decode)
    datasets["ds"] = pd.concat([datasets["ds"], ends], ignore_index=True)
    finding = f"Fatal event, but no death in {words}; counted as a death."
    told = [issue for issue in issues_of(datasets) if "another outcome" not in issue[4]]
    assert told == [["ae", "AEOUT", 3, "ae/01-002/2", finding]]


def test_a_death_that_every_dataset_tells_is_no_issue() -> None:
    datasets = changed("ae", AEOUT=[OTHERWISE["AEOUT"], OTHERWISE["AEOUT"], "FATAL"])
    datasets["dm"] = datasets["dm"].assign(DTHFL=[None, "Y", None])
    death = datasets["ds"].iloc[[1]].assign(DSSEQ=2.0, DSDECOD="DEATH")
    datasets["ds"] = pd.concat([datasets["ds"], death], ignore_index=True)
    assert issues_of(datasets) == []


@pytest.mark.parametrize(
    ("related", "counted"), [(["RELATED"], "counted as not related."), (["RELATED", ""], "counted as related.")]
)
def test_events_without_a_relationship_are_one_issue_with_their_number(related: list[str], counted: str) -> None:
    datasets = changed("ae", AEREL=["RELATED", None, None])
    finding = f"Relationship to treatment (AEREL) blank in 2 records; {counted}"
    issues = issues_of(datasets, adverse_events={"related": related})
    assert issues == [["ae", "AEREL", 2, "ae/01-002/1", finding]]


def test_an_action_that_no_event_has_was_not_collected() -> None:
    assert issues_of(changed("ae", AEACN=[None] * 3)) == [["ae", "AEACN", None, "", "Action taken was not collected."]]
    (blank,) = issues_of(changed("ae", AEACN=[None, "DRUG WITHDRAWN", None]))
    assert blank[4].startswith("Blank: 2 records of 2 participants")


def of_ends(datasets: dict[str, pd.DataFrame]) -> list[list[Any]]:
    """Return the issues about ends of dosing alone."""
    return [issue for issue in issues_of(datasets) if issue[1] == "EXENDTC"]


def doses(*ends: str | None, **columns: Any) -> dict[str, pd.DataFrame]:
    """Return the clean datasets, participant 01-002 with a record of EX for each end."""
    frame = pd.concat([clean_datasets()["ex"].iloc[[1]]] * len(ends), ignore_index=True)
    first = clean_datasets()["ex"].iloc[[0]]
    numbered = frame.assign(EXSEQ=[float(n + 1) for n in range(len(ends))], EXENDTC=list(ends), **columns)
    numbered["EXSTDTC"] = [f"2024-01-11T10:{n:02}" for n in range(len(ends))]
    return clean_datasets() | {"ex": pd.concat([first, numbered], ignore_index=True)}


def test_a_dosing_period_without_an_end_is_listed_where_most_records_have_one() -> None:
    datasets = doses("2024-01-20", None, "2024-03-01", None, EXDOSFRQ=["QD", "QD", "QD", "ONCE"])
    until = "the next record, the end of the study or the cut-off"
    assert of_ends(datasets) == [
        ["ex", "EXENDTC", 3, "ex/01-002/2", f"No end of dosing (EXENDTC); counted up to {until}."],
        ["ex", "EXENDTC", 5, "ex/01-002/4", "No end of dosing (EXENDTC); counted up to the day it started."],
    ]


@pytest.mark.parametrize(
    ("ends", "columns"),
    [
        (["2024-01-20", None, None, None], {"EXDOSFRQ": "QD"}),
        (["2024-01-20", None], {"EXOCCUR": ["Y", "N"], "EXDOSFRQ": "QD"}),
        (["2024-01-20", None], {"EXSTAT": [None, "NOT DONE"], "EXDOSFRQ": "QD"}),
    ],
)
def test_a_missing_end_is_no_issue_where_few_records_have_one_or_no_dose_was_given(
    ends: list[str | None], columns: dict[str, Any]
) -> None:
    assert of_ends(doses(*ends, **columns)) == []


CHEMISTRY = {"id": "chem", "label": "C", "dataset": "lb", "schedule": "s", "parameters": ["GLUC", "SOD1"]}
SOD1 = {"paramcd": "SOD1", "label": "S", "dataset": "lb", "schedule": "s", "where": {"LBTESTCD": ["SOD1"]}}


def test_results_in_text_only_are_one_issue_a_test_that_is_shown() -> None:
    datasets = changed("lb", LBSTRESC=[">30", "<0.5", "4.9", " <0.5"], LBSTRESN=[None, None, 4.9, None])
    words = "with a result in text only"
    glucose = ["lb", "LBSTRESC", 1, "lb/01-001/1", f'GLUC: 1 record {words} (first ">30"), not in the statistics.']
    sod1 = ["lb", "LBSTRESC", 2, "lb/01-001/2", f'SOD1: 2 records {words} (first "<0.5"), not in the statistics.']
    assert issues_of(datasets, findings=[CHEMISTRY], endpoints=[SOD1]) == [glucose, sod1]
    assert issues_of(datasets, findings=[CHEMISTRY | {"parameters": []}]) == [glucose, sod1]
    assert issues_of(datasets, endpoints=[SOD1]) == [sod1]
    assert issues_of(datasets) == []


def test_words_and_numbers_with_a_sign_are_no_results_in_text_only() -> None:
    missing, undone = ["5.1", "<0.5", None, "101"], [None, None, "NOT DONE", None]
    datasets = changed(
        "lb", LBSTRESC=["NEGATIVE", "<0.5", None, "101"], LBSTRESN=[None, 0.5, None, 101.0], LBORRES=missing,
        LBSTAT=undone,
    )  # fmt: skip
    assert issues_of(datasets, findings=[CHEMISTRY]) == []


@pytest.mark.parametrize(
    ("more", "rows"),
    [
        ({}, 1),
        ({"LBORRES": ["5.1", "<0.5", None, "101"]}, 0),
        ({"LBSTRESC": ["5.1", "<0.5", "4.9", "101"]}, 0),
        ({"LBSTRESN": [5.1, None, 4.9, 101.0]}, 0),
        ({"LBSTAT": [None, None, "NOT DONE", None]}, 0),
        ({"LBSTRESN": [None, None, None, 101.0], "LBSTRESC": [None, "<0.5", None, "101"]}, 2),
    ],
    ids=["no standardised result", "nothing collected", "as text", "as number", "not done", "two"],
)
def test_a_result_as_collected_without_a_standardised_one_is_said(more: dict[str, list[Any]], rows: int) -> None:
    columns = {"LBSTRESC": ["5.1", "<0.5", None, "101"], "LBSTRESN": [5.1, None, None, 101.0]} | more
    told = [issue[4] for issue in issues_of(changed("lb", **columns), findings=[CHEMISTRY])]
    said = [
        finding for finding in told if finding.startswith("Result as collected (LBORRES) without a standardised one: ")
    ]
    assert [finding.split(": ")[1].split(" of ")[0] for finding in said] == (
        [f"{rows} record{'s' if rows > 1 else ''}"] if rows else []
    )
    assert all(finding.endswith("; not counted.") for finding in said)


@pytest.mark.parametrize(
    ("more", "rows"),
    [
        ({}, 1),
        ({"LBSTAT": [None, None, "NOT DONE", None]}, 0),
        ({"LBSTAT": [None, None, None, "NOT DONE"]}, 1),
        ({"LBORRES": ["5.1", "<0.5", "4.9", "101"]}, 0),
        ({"LBSTRESC": ["5.1", None, None, "101"]}, 2),
    ],
    ids=["no result", "not done", "another not done", "collected", "two"],
)
def test_a_record_without_a_result_that_is_not_said_to_be_not_done_is_told(more: dict[str, list[Any]], rows: int):
    columns = {"LBSTRESC": ["5.1", "<0.5", None, "101"], "LBSTRESN": [5.1, None, None, 101.0]} | more
    columns = {"LBORRES": [None] * 4} | columns
    told = [issue[4] for issue in issues_of(changed("lb", **columns), findings=[CHEMISTRY])]
    said = [one for one in told if one.startswith("Record without a result, and not said to be not done (LBSTAT): ")]
    assert [one.split(": ")[1].split(" of ")[0] for one in said] == (
        [f"{rows} record{'s' if rows > 1 else ''}"] if rows else []
    )
    assert all(one.endswith("; not counted.") for one in said)


def test_the_issues_of_the_pilot_are_those_of_its_records(project: Path, shared: Path) -> None:
    study = read_study(find_project(project), "cdiscpilot01")
    manifest = project / "parameters" / "cdiscpilot01" / "manifest.json"
    faults, issues = check_datasets(read_transfer(study, shared / "data" / "cdiscpilot01", manifest).datasets, study)
    assert faults == []
    assert issues.loc[issues["VARIABLE"].eq("PCDTC"), "KIND"].tolist() == ["Sample of a dose whose time is not known"]
    assert issues["VARIABLE"].value_counts().to_dict() == {
        "AESER": 33, "EXENDTC": 6, "LBSTRESC": 2, "LBBLFL": 2, "VSBLFL": 1, "AEREL": 1, "AEACN": 1, "DTHDTC": 1,
        "MHSEQ": 1, "PCDTC": 1, "PPSEQ": 1, "EXDOSE": 1, "AESEQ": 1, "VISITNUM": 3, "AETERM": 1, "QSSTRESC": 1,
        "AEENDTC": 1,
    }  # fmt: skip
    assert issues["FINDING"].str.startswith("Fatal").sum() == 3
    assert issues.loc[issues["VARIABLE"].eq("AETERM"), "RECORDS"].tolist() == [603]
    said = " ".join(issues["FINDING"])
    assert "Relationship to treatment (AEREL) blank in 4 records; counted as not related." in said
    assert 'BILI: 5 records with a result in text only (first "<3.42"), not in the statistics.' in said
    assert "Action taken was not collected." in said
