from __future__ import annotations

import pandas as pd
import pytest

from cutbook.data.checks.content import blank_impossible_dates, check_datasets
from transfer_files import clean_datasets, frame_of_records, study_of

POSSIBLE = ["2024-03", "2024", "2024---05", "--03-05", "2024-03-01T10:00+02:00", "2024-02-29", "2024-03-01T10:30Z"]
TYPES = ["str", "str", "Int64", "str", "str", "int64"]
IMPOSSIBLE = [
    "2024-02-30",
    "2023-02-29",
    "2024-13-01",
    "01MAR2024",
    "2024-3-1",
    "2024-03-01T25:00",
    "unknown",
    "2024-03-",
]


@pytest.mark.parametrize("value", POSSIBLE)
def test_partial_dates_and_offsets_are_kept(value: str) -> None:
    datasets = {"ae": frame_of_records({"USUBJID": ["a", "b"], "AESEQ": [1.0, 1.0], "AESTDTC": [value, None]})}
    blanked, issues = blank_impossible_dates(datasets)
    pd.testing.assert_frame_equal(blanked["ae"], datasets["ae"])
    assert issues.empty


@pytest.mark.parametrize("value", IMPOSSIBLE)
def test_an_impossible_date_is_missing_and_named(value: str) -> None:
    columns = {"USUBJID": ["a", "b"], "AESEQ": [1.0, 3.0], "AESTDTC": ["2024-01-01", value], "AETERM": ["x", value]}
    datasets = {"ae": frame_of_records(columns)}
    blanked, issues = blank_impossible_dates(datasets)
    assert blanked["ae"]["AESTDTC"].fillna("missing").tolist() == ["2024-01-01", "missing"]
    assert blanked["ae"]["AETERM"].tolist() == ["x", value]
    assert blanked["ae"].dtypes.astype(str).tolist() == ["str", "float64", "str", "str"]
    kind = ["No possible date", "treated as missing", 1, 1, ""]
    assert issues.to_numpy().tolist() == [
        ["ae", "AESTDTC", 2, "ae/b/3", f'"{value}" is no possible date and is treated as missing.', 3, *kind]
    ]


def test_every_impossible_date_is_listed_in_the_order_of_datasets_variables_and_rows() -> None:
    datasets = clean_datasets()
    datasets["dm"] = datasets["dm"].assign(DTHDTC=["2024-02-30", None, "x"])
    datasets["ae"] = datasets["ae"].assign(AEENDTC=["2024-99", None, None], AESTDTC=["2024-00", "2024", "2024-1"])
    _, issues = blank_impossible_dates(datasets)
    assert issues[["DATASET", "VARIABLE", "ROW", "KEY"]].to_numpy().tolist() == [
        ["dm", "DTHDTC", 1, "dm/01-001"],
        ["dm", "DTHDTC", 3, "dm/01-003"],
        ["ae", "AESTDTC", 1, "ae/01-001/1"],
        ["ae", "AESTDTC", 3, "ae/01-002/2"],
        ["ae", "AEENDTC", 1, "ae/01-001/1"],
    ]


def test_the_given_frames_are_not_changed() -> None:
    datasets = {"ae": frame_of_records({"USUBJID": ["a"], "AESTDTC": ["2024-02-30"]})}
    blank_impossible_dates(datasets)
    assert datasets["ae"]["AESTDTC"].tolist() == ["2024-02-30"]


def test_the_rows_keep_their_labels() -> None:
    frame = frame_of_records({"USUBJID": ["a", "b"], "AESEQ": [1.0, 2.0], "AESTDTC": ["2024", "2024-02-30"]})
    blanked, issues = blank_impossible_dates({"ae": frame.iloc[[1]]})
    assert blanked["ae"].index.tolist() == [1]
    assert issues["ROW"].tolist() == [2]


def test_issues_of_dates_and_of_checks_can_be_joined() -> None:
    datasets = clean_datasets()
    datasets["ae"] = datasets["ae"].assign(AESTDTC=["2024-02-30", None, None], USUBJID=["99-001", "01-002", "01-002"])
    _, checked = check_datasets(datasets, study_of(["dm", "ds", "ex", "ae"], ["vs"]))
    _, dated = blank_impossible_dates(datasets)
    joined = pd.concat([checked, dated], ignore_index=True)
    assert joined.dtypes.astype(str).tolist() == [*TYPES, "str", "str", "Int64", "Int64", "str"]
    assert joined["DATASET"].tolist() == ["vs", "ae", "ae", "ae"]


def test_an_impossible_date_of_entry_is_a_fault_since_it_would_leave_a_participant_out() -> None:
    datasets = clean_datasets()
    datasets["ds"] = datasets["ds"].assign(DSSTDTC=["2024-01-10", "2024-02-30", "2024-01-05"])
    faults, _ = check_datasets(datasets, study_of(["dm", "ds", "ex", "ae"]))
    assert [str(fault).split("; expected")[0] for fault in faults] == [
        'ds.DSSTDTC row 2 key ds/01-002/1: found impossible date "2024-02-30" in row 2'
    ]


@pytest.mark.parametrize(
    ("value", "looks"),
    [
        ("01MAR2024", ", a date of SAS"),
        ("1709251200", ", seconds since 1970 or 1960"),
        ("20240301", ", a date without signs between its parts"),
        ("03/01/2024", ", day, month and year between signs"),
        ("unknown", ""),
    ],
)
def test_many_impossible_dates_of_a_variable_are_one_line_that_says_what_they_look_like(value: str, looks: str) -> None:
    columns = {"USUBJID": list("aabb"), "AESEQ": [1.0, 2.0, 1.0, 2.0], "AESTDTC": [value] * 4}
    blanked, issues = blank_impossible_dates({"ae": frame_of_records(columns)})
    assert blanked["ae"]["AESTDTC"].isna().all()
    finding = f'No possible date, as "{value}"{looks}: 4 records of 2 participants (ae/a/1, ae/a/2, ae/b/1 and 1 more)'
    assert issues["FINDING"].tolist() == [f"{finding}; treated as missing."]


def test_a_column_in_another_format_by_which_the_cut_is_made_is_one_fault() -> None:
    datasets = clean_datasets()
    datasets["ae"] = datasets["ae"].assign(AESTDTC=["01MAR2024", "02MAR2024", "03MAR2024"])
    faults, _ = check_datasets(datasets, study_of(["dm", "ds", "ex", "ae"]))
    (fault,) = [str(one) for one in faults if one.variable == "AESTDTC"]
    assert '"01MAR2024", a date of SAS, and the like in 3 of 3 records, rows 1, 2 and 3' in fault
    datasets["ae"] = datasets["ae"].assign(AESTDTC=["01MAR2024", "2024-03-02", "2024-03-03"])
    assert [
        one for one in check_datasets(datasets, study_of(["dm", "ds", "ex", "ae"]))[0] if one.variable == "AESTDTC"
    ] == []
