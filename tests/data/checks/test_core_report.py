from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from cutbook.data.checks.core_report import read_core_report
from cutbook.errors import ParameterError

ERROR = "rule evaluation error - operation failed"


def summary(core_id: str, dataset: str, issues: int, message: str = "A fault in AETERM.") -> dict[str, Any]:
    return {"core_id": core_id, "dataset": dataset, "message": message, "issues": issues}


def detail(core_id: str, dataset: str, row: Any, **more: Any) -> dict[str, Any]:
    record = {"core_id": core_id, "dataset": dataset, "row": row, "USUBJID": "01-001", "SEQ": row}
    return {**record, "executability": "fully executable", "variables": ["AETERM"], "values": ["x"], **more}


def report(folder: Path, summaries: list[Any], details: list[Any], **more: Any) -> Path:
    file = folder / "core.json"
    file.write_text(json.dumps({"Issue_Summary": summaries, "Issue_Details": details, **more}), encoding="utf-8")
    return file


def findings(file: Path) -> list[str]:
    return list(read_core_report(file)["FINDING"])


def test_a_rule_is_one_line_with_its_records_and_the_first_three_keys(tmp_path: Path) -> None:
    details = [detail("CORE-000002", "AE", row) for row in (4, 7, 8, 9)]
    found = read_core_report(report(tmp_path, [summary("CORE-000002", "AE", 482)], details))
    told = found[["DATASET", "VARIABLE", "ROW", "KEY", "FINDING", "WEIGHT"]]
    assert told.to_dict("records")[0] | {"ROW": None} == {
        "DATASET": "ae",
        "VARIABLE": "",
        "ROW": None,
        "KEY": "ae/01-001/4",
        "FINDING": "CORE-000002: A fault in AETERM; 482 records: ae/01-001/4, ae/01-001/7, ae/01-001/8 and 479 more.",
        "WEIGHT": 3,
    }


def test_rules_stand_in_the_order_of_their_numbers(tmp_path: Path) -> None:
    told = [summary("CORE-000300", "AE", 1), summary("CORE-000020", "AE", 1)]
    details = [detail("CORE-000300", "AE", 1), detail("CORE-000020", "AE", 2)]
    assert findings(report(tmp_path, told, details)) == [
        "CORE-000020: A fault in AETERM; 1 record: ae/01-001/2.",
        "CORE-000300: A fault in AETERM; 1 record: ae/01-001/1.",
    ]


def test_a_rule_of_several_datasets_counts_each_and_speaks_of_all(tmp_path: Path) -> None:
    told = [summary("CORE-000001", "AE", 2), summary("CORE-000001", "MH", 1, "A fault in MHTERM.")]
    details = [detail("CORE-000001", "AE", 1), detail("CORE-000001", "AE", 2), detail("CORE-000001", "MH", 1)]
    rules = [{"core_id": "CORE-000001", "message": "A fault in --TERM."}]
    found = read_core_report(report(tmp_path, told, details, Rules_Report=rules))
    assert found["DATASET"].tolist() == ["ae, mh"]
    assert found["FINDING"].tolist() == [
        "CORE-000001: A fault in --TERM; 3 records (ae 2, mh 1): ae/01-001/1, ae/01-001/2 and mh/01-001/1."
    ]


@pytest.mark.parametrize(
    ("more", "key"),
    [
        ({"SEQ": 3.0}, "ae/01-001/3"),
        ({"SEQ": ""}, "ae row 7"),
        ({"USUBJID": "", "SEQ": 1}, "ae row 7"),
        ({"USUBJID": None}, "ae row 7"),
        ({"dataset": "ae.xpt", "SEQ": 5}, "ae/01-001/5"),
    ],
)
def test_a_record_is_named_by_participant_and_number_else_by_its_row(
    tmp_path: Path, more: dict[str, Any], key: str
) -> None:
    file = report(tmp_path, [summary("CORE-000001", "AE", 1)], [detail("CORE-000001", "AE", 7) | more])
    assert read_core_report(file)["KEY"].tolist() == [key]


def test_a_rule_about_datasets_names_them_and_no_record(tmp_path: Path) -> None:
    told = [summary("CORE-000001", name, 1) for name in ("AE", "CO")]
    details = [detail("CORE-000001", name, "", USUBJID="", SEQ="") for name in ("AE", "CO")]
    found = read_core_report(report(tmp_path, told, details))
    assert found["FINDING"].tolist() == ["CORE-000001: A fault in AETERM; in ae, co."]
    assert found["KEY"].tolist() == [""]


def test_a_rule_that_may_report_too_much_says_so(tmp_path: Path) -> None:
    words = "partially executable - possible overreporting"
    file = report(tmp_path, [summary("CORE-000001", "AE", 1)], [detail("CORE-000001", "AE", 1, executability=words)])
    assert findings(file) == [f"CORE-000001: A fault in AETERM; 1 record: ae/01-001/1; {words}."]


def test_rules_that_could_not_be_executed_are_one_line_and_no_fault_of_the_data(tmp_path: Path) -> None:
    told = [summary(f"CORE-00000{number}", name, 1, ERROR) for number in (5, 4, 3, 2) for name in ("AE", "DM")]
    first = "CORE-000002, CORE-000003, CORE-000004 and 1 more."
    assert findings(report(tmp_path, told, [])) == [
        f"CORE could not execute 4 rules, which say nothing of the data: {first}"
    ]
    assert findings(report(tmp_path, told[:1], [])) == [
        "CORE could not execute 1 rule, which says nothing of the data: CORE-000005."
    ]


def test_a_report_without_issues_has_no_line(tmp_path: Path) -> None:
    assert findings(report(tmp_path, [], [])) == []


def test_what_does_not_print_is_shown_as_its_escape(tmp_path: Path) -> None:
    told = [summary("CORE-000001", "AE", 1, "A fault\x1b[2J")]
    assert findings(report(tmp_path, told, [])) == [r"CORE-000001: A fault\x1b[2J; in ae."]


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (
            b"PK\x03\x04\xff",
            r"core.json: found bytes that are not UTF-8 at position 4; expected a report of CDISC CORE",
        ),
        (b"rule,message", r"core.json: found no JSON: .*; expected a report of CDISC CORE in JSON; give the file"),
        (b'{"files": []}', r"core.json.Issue_Summary: found Field required .*\n?core.json.Issue_Details: found Field"),
        (b"[]", r"core.json: found Input should be a valid dictionary"),
        (
            b'{"Issue_Summary": [{"core_id": "C"}], "Issue_Details": []}',
            r"core.json.Issue_Summary.0.dataset: found Field",
        ),
    ],
)
def test_another_file_is_a_fault_of_usage(tmp_path: Path, content: bytes, expected: str) -> None:
    file = tmp_path / "core.json"
    file.write_bytes(content)
    with pytest.raises(ParameterError, match=expected) as caught:
        read_core_report(file)
    assert caught.value.exit_code == 2


def test_an_absent_file_is_a_fault_of_usage(tmp_path: Path) -> None:
    with pytest.raises(ParameterError, match=r"^core.json: found No such file or directory; expected a report"):
        read_core_report(tmp_path / "core.json")


def test_a_report_that_core_wrote_is_read_whole(shared: Path) -> None:
    found = read_core_report(shared / "reference/core/tofersen_dbl.json")
    assert len(found) == 28 + 1
    assert found["FINDING"].iloc[0] == (
        'CORE-000014: ECOCCUR should only be provided when ECPRESP is equal to "Y"; 249 records: '
        "ec/233AS101-101001/1, ec/233AS101-101001/2, ec/233AS101-101001/3 and 246 more."
    )
    assert found["FINDING"].iloc[-1].startswith("CORE could not execute 12 rules")
