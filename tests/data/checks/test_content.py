from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from cutbook.data.checks.content import check_datasets
from cutbook.data.checks.records import ISSUE_COLUMNS
from cutbook.data.transfer.sources import read_transfer
from cutbook.parameters.project import Project, read_study
from transfer_files import clean_datasets, study_of

REQUIRED = ["dm", "ds", "ex", "ae"]


def faults_of(datasets: dict[str, pd.DataFrame], **study: Any) -> list[str]:
    faults, _ = check_datasets(datasets, study_of(REQUIRED, ["lb"], **study))
    return [str(fault).split("; expected")[0] for fault in faults]


def changed(name: str, **columns: Any) -> dict[str, pd.DataFrame]:
    datasets = clean_datasets()
    return datasets | {name: datasets[name].assign(**columns)}


def without(name: str, *variables: str) -> dict[str, pd.DataFrame]:
    datasets = clean_datasets()
    return datasets | {name: datasets[name].drop(columns=list(variables))}


def test_clean_datasets_have_neither_faults_nor_issues() -> None:
    faults, issues = check_datasets(clean_datasets(), study_of(REQUIRED, ["lb"]))
    assert faults == []
    assert issues.columns.tolist() == list(ISSUE_COLUMNS)
    assert issues.empty


def test_checking_changes_nothing() -> None:
    datasets = clean_datasets()
    check_datasets(datasets, study_of(REQUIRED))
    for name, frame in clean_datasets().items():
        pd.testing.assert_frame_equal(datasets[name], frame)


def test_the_pilot_has_no_faults(project: Path, shared: Path) -> None:
    study = read_study(Project(project), "cdiscpilot01")
    folder = shared / "data" / "cdiscpilot01"
    manifest = project / "parameters" / "cdiscpilot01" / "manifest.json"
    transfer = read_transfer(study, folder, manifest)
    faults, _ = check_datasets(transfer.datasets, study)
    assert faults == []


def test_a_required_dataset_that_is_missing_is_a_fault() -> None:
    datasets = {name: frame for name, frame in clean_datasets().items() if name != "ae"}
    assert faults_of(datasets) == ["ae: found no such dataset in the transfer"]


def test_a_required_variable_that_is_missing_is_a_fault_that_names_the_nearest() -> None:
    datasets = clean_datasets()
    datasets["ae"] = datasets["ae"].rename(columns={"AESTDTC": "AESTDT", "AEBODSYS": "BODYSYSTEM"})
    assert faults_of(datasets) == [
        "ae.AEBODSYS: found no such variable",
        'ae.AESTDTC: found no such variable; the nearest name is "AESTDT"',
    ]


def test_a_variable_in_small_letters_is_the_nearest_name() -> None:
    datasets = clean_datasets()
    datasets["dm"] = datasets["dm"].rename(columns={"ARMCD": "armcd"})
    assert faults_of(datasets) == ['dm.ARMCD: found no such variable; the nearest name is "armcd"']


@pytest.mark.parametrize(
    ("study", "expected"),
    [
        ({"data_cut": {"rules": {"lb": {"rule": "date", "date": ["LBENDTC"]}}}}, "lb.LBENDTC: data_cut.rules.lb.date"),
        (
            {"data_cut": {"screened": {"dataset": "dm", "date": "RFICDTC"}, "rules": {"dm": {"rule": "special_dm"}}}},
            "dm.RFICDTC: data_cut.screened.date",
        ),
        (
            {"data_cut": {"roll_back": [{"dataset": "ae", "date": "AEENDTC", "reset": {"AEENRTPT": ""}}]}},
            "ae.AEENRTPT: data_cut.roll_back.0",
        ),
        (
            {
                "data_cut": {
                    "roll_back": [{"dataset": "ae", "date": "RFENDTC", "date_from": "dm", "reset": {"AEOUT": ""}}]
                }
            },
            "dm.RFENDTC: data_cut.roll_back.0.date",
        ),
        ({"characteristics": [{"variable": "HEIGHT", "label": "Height"}]}, "dm.HEIGHT: characteristics.HEIGHT"),
        (
            {"populations": {"efficacy": [{"dataset": "lb", "where": {"LBXYZ": ["1"]}}]}},
            "lb.LBXYZ: populations.efficacy.0.where",
        ),
        (
            {
                "findings": [
                    {"id": "h", "label": "H", "dataset": "lb", "schedule": "s", "where": {"LBPOS": ["SITTING"]}}
                ]
            },
            "lb.LBPOS: findings.h.where",
        ),
        (
            {
                "endpoints": [
                    {"paramcd": "SOD1", "label": "S", "dataset": "lb", "schedule": "s", "where": {"LBSPEC": ["CSF"]}}
                ]
            },
            "lb.LBSPEC: endpoints.SOD1.where",
        ),
    ],
)
def test_a_variable_that_the_study_file_names_must_be_there(study: dict[str, Any], expected: str) -> None:
    faults, _ = check_datasets(clean_datasets(), study_of(REQUIRED, ["lb"], **study))
    assert [f"{fault.dataset}.{fault.variable}: {fault.expected}" for fault in faults] == [
        expected.replace(": ", ": a variable that ") + " of the study file names"
    ]


def test_a_derived_characteristic_needs_no_variable_of_dm() -> None:
    items = [
        {"variable": "BMIBL", "label": "BMI", "statistic": "bmi"},
        {"variable": "HEIGHTBL", "label": "Height", "dataset": "vs", "testcd": ["HEIGHT"]},
    ]
    assert faults_of(clean_datasets(), characteristics=items) == []


@pytest.mark.parametrize(
    ("columns", "expected"),
    [
        ({"AGE": ["40", "51", "62"]}, 'dm.AGE row 1 key dm/01-001: found text, text "40" in rows 1, 2 and 3'),
        ({"AGE": ["40", "51,5", "62"]}, 'dm.AGE row 2 key dm/01-002: found text, a decimal comma "51,5" in row 2'),
        ({"SITEID": [1.0, 1.0, 2.0]}, "dm.SITEID: found numbers"),
        ({"DTHDTC": pd.to_datetime(["2024-01-01"] * 3).as_unit("s")}, "dm.DTHDTC: found numeric dates"),
    ],
)
def test_a_variable_of_the_wrong_type_is_a_fault(columns: dict[str, Any], expected: str) -> None:
    datasets = changed("dm", **columns)
    datasets["dm"] = datasets["dm"].astype({name: "str" for name, values in columns.items() if name == "AGE"})
    assert faults_of(datasets) == [expected]


def test_a_variable_that_the_standard_does_not_name_may_have_any_type() -> None:
    assert faults_of(changed("ae", AEXYZ=[1.0, 2.0, 3.0], AEABC=["a", "b", "c"])) == []


@pytest.mark.parametrize("variable", ["LBSTRESC", "LBORRES"])
def test_a_result_with_a_decimal_comma_and_no_number_is_a_fault(variable: str) -> None:
    columns = {variable: ["5.1", "<0,5", "4,9", "101"], "LBSTRESN": [5.1, None, None, 101.0]}
    assert faults_of(changed("lb", **columns)) == [
        f'lb.{variable} row 2 key lb/01-001/2: found "<0,5" (a decimal comma) in rows 2 and 3'
    ]


def test_other_results_without_a_number_are_no_faults() -> None:
    results = ["<0.5", ">100", "NEG", "1,5,6"]
    assert faults_of(changed("lb", LBORRES=results, LBSTRESC=results, LBSTRESN=float("nan"))) == []


def test_a_comma_as_collected_is_accepted_when_the_number_is_there() -> None:
    assert faults_of(changed("lb", LBORRES=["5,1", "<0.5", "4,9", "101"])) == []


@pytest.mark.parametrize(
    ("codes", "found"),
    [
        (["PBO", "Act", None], '"Act" in 1 record'),
        (["B", "A", "B"], '"B" and "A" in 3 records'),
    ],
)
def test_arms_that_the_study_file_does_not_list_are_named_without_telling_whose_they_are(
    codes: list[str | None], found: str
) -> None:
    assert faults_of(changed("dm", ACTARMCD=codes)) == [f"dm.ACTARMCD: found {found}, unknown to the study file"]


def test_of_many_unknown_arms_three_are_named() -> None:
    dm = clean_datasets()["dm"].loc[[0] * 5].reset_index(drop=True)
    dm = dm.assign(USUBJID=list("abcde"), ARMCD=list("VWXYZ")).astype({"USUBJID": "str", "ARMCD": "str"})
    found = 'dm.ARMCD: found "V", "W", "X" and 2 more in 5 records, unknown to the study file'
    assert found in faults_of(clean_datasets() | {"dm": dm})


def test_screen_failures_may_have_a_code_that_is_no_arm() -> None:
    assert faults_of(changed("dm", ARMCD=["PBO", "ACT", "SCRNFAIL"])) == []


def test_records_of_another_domain_are_a_fault() -> None:
    assert faults_of(changed("dm", DOMAIN=["DM", "AE", "DM"])) == [
        "dm.DOMAIN row 2 key dm/01-002: found records of another domain in row 2"
    ]


def test_a_demography_without_records_is_a_fault() -> None:
    datasets = clean_datasets()
    assert "dm: found no records" in faults_of(datasets | {"dm": datasets["dm"].iloc[:0]})


def test_events_without_records_are_none() -> None:
    datasets = clean_datasets()
    assert faults_of(datasets | {"ae": datasets["ae"].iloc[:0]}) == []


def test_all_faults_are_reported_at_once() -> None:
    datasets = without("ae", "AEOUT")
    datasets["dm"] = pd.concat([datasets["dm"], datasets["dm"].iloc[[0]]], ignore_index=True)
    datasets["lb"] = datasets["lb"].assign(LBSTRESU=["mmHg", "ug/L", "U/L", "ug/L"])
    del datasets["ex"]
    assert [fault.split(":")[0].split(" row")[0] for fault in faults_of(datasets)] == [
        "ex",
        "ae.AEOUT",
        "dm.USUBJID",
        "lb.LBSTRESU",
    ]


def test_supplemental_datasets_need_their_six_variables() -> None:
    datasets = clean_datasets() | {"suppae": pd.DataFrame({"USUBJID": ["01-001"]}, dtype="str")}
    assert [fault.split(":")[0] for fault in faults_of(datasets)] == [
        f"suppae.{name}" for name in ("RDOMAIN", "IDVAR", "IDVARVAL", "QNAM", "QVAL")
    ]


def test_analysis_datasets_are_checked_by_their_own_standard() -> None:
    adsl = pd.DataFrame(
        {
            "STUDYID": ["DEMO"],
            "USUBJID": ["01-001"],
            "SUBJID": ["001"],
            "SITEID": ["01"],
            "AGE": [40.0],
            "SEX": ["F"],
            "TRT01P": ["Placebo"],
            "TRT01A": ["Placebo"],
            "SAFFL": ["Y"],
            "TRTSDT": [19725.0],
            "TRTEDT": pd.to_datetime(["2024-01-02"]).as_unit("s"),
        }
    )
    study = study_of(["adsl"], sources={"model": "adam"})
    faults, _ = check_datasets({"adsl": adsl}, study)
    assert [(fault.variable, fault.found, fault.expected) for fault in faults] == [
        ("TRTSDT", "numbers", "numeric dates")
    ]
