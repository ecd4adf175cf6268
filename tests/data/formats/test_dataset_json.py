from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pandas as pd
import pytest

from cutbook.data.formats.columns import Source
from cutbook.data.formats.dataset_json import read_dataset_json, read_dataset_ndjson
from cutbook.errors import DataError
from transfer_files import clean_datasets, dataset_json_of

SOURCE = Source("lb", "utf-8", "sdtm")


def tree() -> dict[str, Any]:
    return dataset_json_of("lb", clean_datasets()["lb"])


def read_tree(document: object) -> pd.DataFrame:
    return read_dataset_json(json.dumps(document).encode(), SOURCE).frame


def ndjson(document: dict[str, Any]) -> bytes:
    head = {key: value for key, value in document.items() if key != "rows"}
    return "\n".join(json.dumps(line) for line in [head, *document["rows"]]).encode()


def test_an_object_and_its_lines_give_the_same_frame_and_labels() -> None:
    whole = read_dataset_json(json.dumps(tree()).encode(), SOURCE)
    lines = read_dataset_ndjson(ndjson(tree()) + b"\n", SOURCE)
    pd.testing.assert_frame_equal(whole.frame, clean_datasets()["lb"])
    pd.testing.assert_frame_equal(lines.frame, whole.frame)
    assert whole.labels["LBSEQ"] == lines.labels["LBSEQ"] == "Label of LBSEQ"


def test_decimals_are_read_from_their_text_and_numeric_dates_from_iso() -> None:
    document = tree() | {
        "records": 2,
        "columns": [
            {"itemOID": "a", "name": "LBSTRESN", "label": "", "dataType": "decimal", "targetDataType": "decimal"},
            {"itemOID": "b", "name": "ADT", "label": "", "dataType": "date", "targetDataType": "integer"},
            {"itemOID": "c", "name": "LBDTC", "label": "", "dataType": "datetime"},
        ],
        "rows": [["0.10", "2024-01-02", "2024-01"], [None, None, None]],
    }
    frame = read_tree(document)
    assert frame["LBSTRESN"].tolist()[0] == 0.1
    assert frame["ADT"].tolist() == [pd.Timestamp("2024-01-02"), pd.NaT]
    assert frame["LBDTC"].tolist()[0] == "2024-01"


@pytest.mark.parametrize(
    ("change", "found"),
    [
        (lambda tree: tree | {"datasetJSONVersion": "1.0.0"}, 'version "1.0.0"'),
        (lambda tree: tree | {"name": "AE"}, 'a dataset named "AE"'),
        (lambda tree: tree | {"records": 5}, "4 rows where the file states 5 records"),
        (lambda tree: tree | {"records": True}, "no usable records"),
        (lambda tree: tree | {"columns": []}, "columns without itemOID"),
        (lambda tree: tree | {"columns": [*tree["columns"][:-1], {"name": "LBDTC"}]}, "columns without itemOID"),
        (lambda tree: tree | {"rows": {}}, "rows that are not a list"),
        (lambda tree: tree | {"rows": [*tree["rows"][:3], ["x"]]}, "another number of values than 13 in row 4"),
        (lambda _: {"cells": [], "nbformat": 4, "metadata": {}}, "a Jupyter notebook"),
        (lambda _: {"clinicalData": {}}, "no usable datasetJSONCreationDateTime"),
        (lambda tree: [tree], "no JSON object"),
    ],
)
def test_what_the_standard_does_not_allow_is_refused(change: Callable[[dict[str, Any]], object], found: str) -> None:
    with pytest.raises(DataError, match=found):
        read_tree(change(tree()))


@pytest.mark.parametrize(
    ("column", "value", "shown"),
    [
        ("USUBJID", 7, r'lb\.USUBJID row 2: found "7" in row 2'),
        ("USUBJID", ["a"], r"lb\.USUBJID row 2: found \"\['a'\]\" in row 2"),
        ("LBSTRESN", "1,5", r'lb\.LBSTRESN row 2: found "1,5" in row 2'),
        ("LBSTRESN", True, r'lb\.LBSTRESN row 2: found "True" in row 2'),
        ("LBORRES", {"a": {"b": 1}}, r"lb\.LBORRES row 2: found"),
    ],
)
def test_values_of_another_type_are_named(column: str, value: object, shown: str) -> None:
    document = tree()
    position = [item["name"] for item in document["columns"]].index(column)
    document["rows"][1][position] = value
    with pytest.raises(DataError, match=shown):
        read_tree(document)


@pytest.mark.parametrize(
    ("content", "found"),
    [
        (b"[" * 200_000, "nested too deep"),
        (b'{"a":' * 200_000, "nested too deep"),
        (b'{"name": "LB", "name": "AE"}', 'key "name" twice'),
        (b'{"records": NaN}', "no strict JSON: NaN"),
        (b'{"records": -Infinity}', "no strict JSON: -Infinity"),
        (b'{"label": "\xe9"}', "not UTF-8 at position 11"),
        (b'{"label": ', "no JSON: Expecting value at line 1"),
        (b'{"records": ' + b"9" * 5000 + b"}", "expected CDISC Dataset-JSON"),
    ],
    ids=["lists", "objects", "twice", "nan", "infinity", "latin-1", "cut off", "digits"],
)
def test_hostile_or_damaged_json_is_refused(content: bytes, found: str) -> None:
    with pytest.raises(DataError, match=found):
        read_dataset_json(content, SOURCE)


@pytest.mark.parametrize("value", ["a\x00b", "a\ufffdb", "\ud800"])
def test_characters_that_no_text_has_are_refused(value: str) -> None:
    document = tree()
    document["rows"][0][0] = value
    with pytest.raises(DataError, match="USUBJID"):
        read_tree(document)


def test_numbers_beyond_float64_are_refused() -> None:
    content = json.dumps(tree()).replace("101.0", "1e999").encode()
    with pytest.raises(DataError, match=r'lb\.LBSTRESN row 4: found "inf"'):
        read_dataset_json(content, SOURCE)


@pytest.mark.parametrize(
    ("content", "found"),
    [
        (b"[1]\n[2]", "no metadata object in line 1"),
        (b"\n", "no JSON"),
        (ndjson(tree())[:-3], "in line 5"),
        (ndjson(tree()).replace(b"\n", b"\n\n", 1), "in line 2"),
        (json.dumps(tree()).encode(), "no metadata object in line 1"),
    ],
    ids=["list", "empty", "cut off", "blank line", "whole object"],
)
def test_damaged_lines_are_refused(content: bytes, found: str) -> None:
    with pytest.raises(DataError, match=found):
        read_dataset_ndjson(content, SOURCE)


def test_lines_cut_off_between_two_records_are_refused_by_the_stated_number() -> None:
    content = b"\n".join(ndjson(tree()).split(b"\n")[:-1])
    with pytest.raises(DataError, match="3 rows where the file states 4 records"):
        read_dataset_ndjson(content, SOURCE)
