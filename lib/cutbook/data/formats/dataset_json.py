"""CDISC Dataset-JSON 1.1 as frames: one JSON object (.json), line by line (.ndjson), the lines compressed (.dsjc)."""

from __future__ import annotations

import math
import re
import zlib
from codecs import BOM_UTF8
from typing import Any

import numpy as np
import pyarrow as pa

from cutbook.data.formats.columns import (
    Column,
    Columns,
    Delivered,
    Source,
    delivered,
    name_faults,
    text_faults,
)
from cutbook.data.formats.numbers import dates_from_text, number_faults, numbers_from_text
from cutbook.data.formats.strict_json import strict_json
from cutbook.data.formats.text.json_bytes import undecodable_lines, undecodable_object
from cutbook.data.formats.text.trimming import trim_value
from cutbook.data.wording import quoted, row_list
from cutbook.errors import DataError, Fault

_REQUIRED: dict[str, type] = {
    "datasetJSONCreationDateTime": str,
    "datasetJSONVersion": str,
    "itemGroupOID": str,
    "records": int,
    "name": str,
    "label": str,
    "columns": list,
}
_COLUMN_REQUIRED = ("itemOID", "name", "label", "dataType")
_VERSION = re.compile(r"1\.1(\.\d+)?")
_HALF_PAIR = re.compile("[\ud800-\udfff]")
_NUMBER_TYPES = ("integer", "float", "double")
_VALUE_TYPES: dict[str, tuple[type, ...]] = {
    **dict.fromkeys(("string", "datetime", "date", "time", "URI"), (str,)),
    **dict.fromkeys(_NUMBER_TYPES, (int, float)),
    "decimal": (str, int, float),
    "boolean": (),
}
"""What the values of a type may be. No variable of SDTM or ADaM is boolean, so such a column may only be empty."""

LARGEST_TABLE_BYTES = 2 * 1024**3
"""Bytes that a compressed file may unpack to."""

_EXPECTED = "CDISC Dataset-JSON 1.1"
_RESEND = "have the file sent again"


def read_dataset_json(content: bytes, source: Source) -> Delivered:
    """Return the dataset that a Dataset-JSON object holds.

    Raises
    ------
    DataError
        The text is not JSON in UTF-8, names a key twice, is nested too deep, lacks what the standard requires, or has
        rows that do not match its columns; all faults at once.
    """
    text = content.removeprefix(BOM_UTF8)
    _refuse(undecodable_object(text, source.dataset))
    document = _parse(text, source, "")
    if not isinstance(document, dict):
        raise DataError(_fault(source, "no JSON object"))
    return _delivered(document, document.get("rows", []), source)


def read_dataset_ndjson(content: bytes, source: Source) -> Delivered:
    """Return the dataset that Dataset-JSON holds line by line: metadata first, then one array a record.

    Raises
    ------
    DataError
        As :func:`read_dataset_json`.
    """
    text = content.removeprefix(BOM_UTF8)
    _refuse(undecodable_lines(text, source.dataset))
    lines = text.rstrip(b"\r\n").split(b"\n")
    document = _parse(lines[0], source, " in line 1")
    if not isinstance(document, dict) or "rows" in document:
        raise DataError(_fault(source, "no metadata object in line 1"))
    rows = [_parse(line, source, f" in line {number}") for number, line in enumerate(lines[1:], 2)]
    return _delivered(document, rows, source)


def read_compressed_dataset_json(content: bytes, source: Source) -> Delivered:
    """Return the dataset that compressed Dataset-JSON holds: the lines of :func:`read_dataset_ndjson` in zlib's format.

    Raises
    ------
    DataError
        As :func:`read_dataset_json`; or the compressed data are damaged, cut off, followed by other data, or would
        unpack to more than 2 GB.
    """
    unpacking = zlib.decompressobj()
    try:
        lines = unpacking.decompress(content, LARGEST_TABLE_BYTES)
    except zlib.error:
        raise DataError(_fault(source, "damaged compressed data")) from None
    if unpacking.unconsumed_tail:
        raise DataError(_fault(source, f"a file that unpacks to more than {LARGEST_TABLE_BYTES} bytes"))
    if not unpacking.eof:
        raise DataError(_fault(source, "compressed data that are cut off"))
    if unpacking.unused_data:
        raise DataError(_fault(source, f"{len(unpacking.unused_data)} bytes behind the compressed data"))
    return read_dataset_ndjson(lines, source)


def _refuse(faults: list[Fault]) -> None:
    if faults:
        raise DataError(faults)


def _parse(content: bytes, source: Source, place: str) -> Any:  # noqa: ANN401 - JSON holds anything; checked below
    try:
        return strict_json(content)
    except ValueError as error:
        raise DataError(_fault(source, f"{error}{place}")) from None


def _delivered(document: dict[str, Any], rows: Any, source: Source) -> Delivered:  # noqa: ANN401 - checked here
    faults = _metadata_faults(document, source)
    if faults:
        raise DataError(faults)
    names = [item["name"] for item in document["columns"]]
    faults = _row_faults(rows, len(names), document["records"], source)
    if faults:
        raise DataError(faults)
    columns: Columns = {}
    for position, item in enumerate(document["columns"]):
        columns[item["name"]], found = _column(item, [row[position] for row in rows], source)
        faults += found
    if faults:
        raise DataError(faults)
    labels = {item["name"]: item["label"] for item in document["columns"]}
    return delivered(columns, len(rows), labels)


def _metadata_faults(document: dict[str, Any], source: Source) -> list[Fault]:
    if "cells" in document and "nbformat" in document:
        return [_fault(source, "a Jupyter notebook")]
    wrong = [key for key, kind in _REQUIRED.items() if type(document.get(key)) is not kind]
    if wrong:
        return [_fault(source, f"no usable {', '.join(wrong)}")]
    faults = []
    if not _VERSION.fullmatch(document["datasetJSONVersion"]):
        faults.append(_fault(source, f"version {quoted(document['datasetJSONVersion'])}"))
    if document["name"].lower() != source.dataset:
        faults.append(_fault(source, f"a dataset named {quoted(document['name'])}"))
    items = document["columns"]
    if not items or not all(_is_column(item) for item in items):
        return [*faults, _fault(source, "columns without itemOID, name, label and a known dataType")]
    return faults + name_faults(source.dataset, [item["name"] for item in items])


def _is_column(item: object) -> bool:
    return (
        isinstance(item, dict)
        and all(isinstance(item.get(key), str) for key in _COLUMN_REQUIRED)
        and item["dataType"] in _VALUE_TYPES
    )


def _row_faults(rows: object, width: int, records: int, source: Source) -> list[Fault]:
    if not isinstance(rows, list):
        return [_fault(source, "rows that are not a list")]
    ragged = [number for number, row in enumerate(rows, 1) if not isinstance(row, list) or len(row) != width]
    faults = [] if not ragged else [_fault(source, f"another number of values than {width} in {row_list(ragged)}")]
    if records != len(rows):
        faults.append(_fault(source, f"{len(rows)} rows where the file states {records} records"))
    return faults


def _column(item: dict[str, Any], values: list[Any], source: Source) -> tuple[Column, list[Fault]]:
    variable, kind = item["name"], item["dataType"]
    known = [None if _is_blank(value) else value for value in values]
    wrong = [row for row, value in enumerate(known, 1) if value is not None and type(value) not in _VALUE_TYPES[kind]]
    if wrong:
        return pa.nulls(0), [_type_fault(variable, kind, values[wrong[0] - 1], wrong, source)]
    if kind == "boolean":
        return pa.nulls(len(values), pa.large_string()), []
    if kind in _NUMBER_TYPES:
        return _numbers(variable, known, source)
    return _text(item, values, source)


def _is_blank(value: object) -> bool:
    return isinstance(value, str) and not trim_value(value)


def _type_fault(variable: str, kind: str, first: object, rows: list[int], source: Source) -> Fault:
    expected = "no values in a column of type boolean" if kind == "boolean" else f"values of type {kind}"
    return Fault(source.dataset, f"{quoted(first)} in {row_list(rows)}", expected, _RESEND, variable, rows[0])


def _numbers(variable: str, values: list[Any], source: Source) -> tuple[Column, list[Fault]]:
    numbers = np.array([np.nan if value is None else _float(value) for value in values], dtype="float64")
    return numbers, number_faults(source.dataset, variable, numbers)


def _float(value: float) -> float:
    """Return a number as float64; a whole number beyond its range is infinite, which is a fault of its own."""
    try:
        return float(value)
    except OverflowError:
        return math.inf if value > 0 else -math.inf


def _text(item: dict[str, Any], values: list[Any], source: Source) -> tuple[Column, list[Fault]]:
    variable, is_decimal = item["name"], item["dataType"] == "decimal"
    texts = [repr(value) if isinstance(value, int | float) else value for value in values] if is_decimal else values
    try:
        text = pa.array(texts, pa.large_string())
    except UnicodeEncodeError:
        rows = [row for row, value in enumerate(texts, 1) if isinstance(value, str) and _HALF_PAIR.search(value)]
        found = f"text cut off in the middle of a character (half of a pair) in {row_list(rows)}"
        return pa.nulls(0), [Fault(source.dataset, found, "whole characters", _RESEND, variable, rows[0])]
    if is_decimal:
        return numbers_from_text(source.dataset, variable, text)
    if item["dataType"] in ("date", "datetime") and item.get("targetDataType") == "integer":
        return dates_from_text(source.dataset, variable, text)
    return text, text_faults(source.dataset, variable, text, "utf-8")


def _fault(source: Source, found: str) -> Fault:
    return Fault(source.dataset, found, _EXPECTED, _RESEND)
