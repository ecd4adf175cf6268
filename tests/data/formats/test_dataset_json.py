from __future__ import annotations

import json
import zlib
from collections.abc import Callable
from typing import Any

import pandas as pd
import pytest

from cutbook.data.formats import dataset_json
from cutbook.data.formats.columns import Source
from cutbook.data.formats.dataset_json import read_compressed_dataset_json, read_dataset_json, read_dataset_ndjson
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


def test_a_byte_order_mark_is_no_part_of_the_text() -> None:
    mark = b"\xef\xbb\xbf"
    whole = read_dataset_json(mark + json.dumps(tree()).encode(), SOURCE).frame
    pd.testing.assert_frame_equal(whole, clean_datasets()["lb"])
    pd.testing.assert_frame_equal(read_dataset_ndjson(mark + ndjson(tree()), SOURCE).frame, whole)


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


def one_column(name: str, kind: str, values: list[object]) -> dict[str, Any]:
    column = {"itemOID": "a", "name": name, "label": "", "dataType": kind}
    return tree() | {"records": len(values), "columns": [column], "rows": [[value] for value in values]}


def test_blank_text_in_a_column_of_numbers_is_missing_and_numbers_in_one_of_decimals_are_read() -> None:
    assert read_tree(one_column("LBSTRESN", "decimal", ["", " ", None, "0.10", 0.25, 3]))["LBSTRESN"].fillna(
        -1
    ).tolist() == [-1, -1, -1, 0.1, 0.25, 3.0]
    assert read_tree(one_column("LBSTRESN", "float", ["", 0.5]))["LBSTRESN"].fillna(-1).tolist() == [-1, 0.5]


def test_an_empty_column_typed_boolean_is_read_and_one_with_values_is_a_fault() -> None:
    assert read_tree(one_column("LBSTAT", "boolean", [None, ""]))["LBSTAT"].isna().all()
    with pytest.raises(DataError, match=r'lb\.LBSTAT row 2: found "True" in row 2; expected no values'):
        read_tree(one_column("LBSTAT", "boolean", [None, True]))


def test_compressed_lines_give_the_same_frame_and_labels() -> None:
    lines = read_dataset_ndjson(ndjson(tree()), SOURCE)
    for level in (0, 1, 6, 9):
        compressed = read_compressed_dataset_json(zlib.compress(ndjson(tree()), level), SOURCE)
        pd.testing.assert_frame_equal(compressed.frame, lines.frame)
        assert compressed.labels == lines.labels


@pytest.mark.parametrize(
    ("content", "found"),
    [
        (zlib.compress(ndjson(tree()))[:-9], "compressed data that are cut off"),
        (zlib.compress(ndjson(tree())) + b"more", "4 bytes behind the compressed data"),
        (b"\x78\x9c" + b"\xff" * 20, "damaged compressed data"),
        (zlib.compress(b"joblib"), "no JSON"),
    ],
    ids=["cut off", "more", "damaged", "other"],
)
def test_damaged_compressed_data_are_refused(content: bytes, found: str) -> None:
    with pytest.raises(DataError, match=found):
        read_compressed_dataset_json(content, SOURCE)


def test_compressed_data_that_unpack_beyond_the_limit_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dataset_json, "LARGEST_TABLE_BYTES", 1000)
    with pytest.raises(DataError, match="unpacks to more than 1000 bytes"):
        read_compressed_dataset_json(zlib.compress(b"0" * 100_000), SOURCE)


def accented() -> dict[str, Any]:
    return one_column("LBORRES", "string", ["Müller", "x", "café"])


@pytest.mark.parametrize("is_lines", [True, False])
def test_bytes_that_are_no_text_are_told_with_variable_and_row(is_lines: bool) -> None:
    text = json.dumps(accented(), ensure_ascii=False).encode()
    read, content = (read_dataset_ndjson, lines_of(accented())) if is_lines else (read_dataset_json, text)
    windows, cut = content.replace("é".encode(), b"\xe9"), content.replace("é".encode(), b"\xc3")
    with pytest.raises(DataError, match=r"lb\.LBORRES row 3: found text cut off in the middle of a character"):
        read(cut, SOURCE)
    with pytest.raises(
        DataError, match=r'bytes that are not utf-8 in rows 1 and 3; .* written again in UTF-8.* "Müller"'
    ):
        read(windows.replace("ü".encode(), b"\xfc"), SOURCE)


@pytest.mark.parametrize("is_lines", [True, False])
def test_a_file_cut_off_inside_a_character_says_in_which_variable_and_row(is_lines: bool) -> None:
    text = json.dumps(accented(), ensure_ascii=False).encode()
    read, content = (read_dataset_ndjson, lines_of(accented())) if is_lines else (read_dataset_json, text)
    with pytest.raises(
        DataError, match=r"lb\.LBORRES row 3: found a file cut off in the middle of a character, in row 3"
    ):
        read(content[: content.index("é".encode()) + 1], SOURCE)


def lines_of(document: dict[str, Any]) -> bytes:
    head = {key: value for key, value in document.items() if key != "rows"}
    return "\n".join(json.dumps(line, ensure_ascii=False) for line in [head, *document["rows"]]).encode()


def test_text_that_looks_like_something_else_stays_text() -> None:
    values = ["None", "nan", "NaN", "inf", "-inf", "NA", "null", "1e5"]
    assert read_tree(one_column("LBORRES", "string", values))["LBORRES"].tolist() == values


def test_half_of_a_character_pair_is_told_with_variable_and_row() -> None:
    with pytest.raises(DataError, match=r"lb\.LBORRES row 2: found text cut off in the middle of a character"):
        read_tree(one_column("LBORRES", "string", ["x", "headache \ud83d"]))


@pytest.mark.parametrize(
    "value", [10**400, -(10**400), 10**16, 1e300], ids=["huge", "hugely negative", "whole", "float"]
)
def test_a_number_that_no_measurement_gives_is_told_with_variable_and_row(value: float) -> None:
    with pytest.raises(DataError, match=r"lb\.LBSTRESN row 2: found .* in row 2; expected a number of at most 1e15"):
        read_tree(one_column("LBSTRESN", "integer", [1, value]))
