"""Parquet files as frames: plain columns of text, numbers and dates only."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from numpy.typing import NDArray

from cutbook.data.formats.columns import (
    Column,
    Columns,
    Delivered,
    Source,
    delivered,
    name_faults,
    text_faults,
)
from cutbook.data.formats.numbers import number_faults
from cutbook.data.formats.text.encodings import WRITE_AGAIN, decode_values, encoding_faults, undecodable_of
from cutbook.data.formats.variables import kind_of
from cutbook.errors import DataError, Fault

LARGEST_TABLE_BYTES = 2 * 1024**3
"""Bytes that a file may unpack to."""

_EXPECTED = "a Parquet file of plain columns: text, numbers, dates"
_RESEND = "have the file sent again"
_EXACT = 2**53
_CELL_BYTES = 8


def read_parquet(content: bytes, source: Source) -> Delivered:
    """Return the dataset that a Parquet file holds; whole numbers become float64, dates datetime64[s].

    Raises
    ------
    DataError
        The file is damaged, would unpack to more than 2 GB, has nested or otherwise unusable columns, text that is
        not UTF-8, or whole numbers that float64 cannot hold; all faults at once.
    """
    try:
        table = _table(content, source)
    except (pa.ArrowException, OSError, ValueError) as error:
        raise DataError(_fault(source, f"a damaged file ({type(error).__name__})")) from None
    columns: Columns = {}
    faults: list[Fault] = []
    for name in table.column_names:
        columns[name], found = _column(name, table.column(name).combine_chunks(), source)
        faults += found
    if faults:
        raise DataError(faults)
    return delivered(columns, table.num_rows)


def _table(content: bytes, source: Source) -> pa.Table:
    file = pq.ParquetFile(pa.BufferReader(content))
    schema, metadata = file.schema_arrow, file.metadata
    faults = name_faults(source.dataset, schema.names)
    faults += [_type_fault(source, item) for item in schema if not _is_usable(item.type)]
    groups = [metadata.row_group(index) for index in range(metadata.num_row_groups)]
    cells = metadata.num_rows * max(metadata.num_columns, 1)
    unpacked = max(cells * _CELL_BYTES, sum(group.total_byte_size for group in groups))
    if unpacked > LARGEST_TABLE_BYTES:
        faults.append(_fault(source, f"a file that unpacks to {unpacked} bytes"))
    if faults:
        raise DataError(faults)
    return file.read()


def _is_usable(kind: pa.DataType) -> bool:
    if pa.types.is_dictionary(kind):
        return _is_text(kind.value_type)
    return _is_text(kind) or _is_number(kind) or _is_date(kind) or _may_be_empty(kind)


def _may_be_empty(kind: pa.DataType) -> bool:
    """Return whether a column of this type is read when it holds nothing: writers infer it where no value says more."""
    return bool(pa.types.is_null(kind) or pa.types.is_boolean(kind))


def _is_text(kind: pa.DataType) -> bool:
    return bool(pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_string_view(kind))


def _is_number(kind: pa.DataType) -> bool:
    return bool(pa.types.is_integer(kind) or pa.types.is_floating(kind) or pa.types.is_decimal(kind))


def _is_date(kind: pa.DataType) -> bool:
    return bool(pa.types.is_date(kind) or (pa.types.is_timestamp(kind) and kind.tz is None))


def _column(variable: str, values: pa.Array, source: Source) -> tuple[Column, list[Fault]]:
    if _may_be_empty(values.type):
        faults = [_type_fault(source, pa.field(variable, values.type))] if values.null_count < len(values) else []
        return _empty(variable, len(values), source), faults
    if pa.types.is_dictionary(values.type):
        values = values.dictionary_decode()
    if _is_text(values.type):
        return _text(variable, values, source)
    if _is_date(values.type):
        return np.asarray(values.cast(pa.timestamp("s"), safe=False)).astype("datetime64[s]"), []
    return _numbers(variable, values, source)


def _empty(variable: str, rows: int, source: Source) -> Column:
    if kind_of(variable, source.model) == "number":
        return np.full(rows, np.nan)
    return pa.nulls(rows, pa.large_string())


def _numbers(variable: str, values: pa.Array, source: Source) -> tuple[NDArray[np.float64], list[Fault]]:
    numbers = values.cast(pa.float64(), safe=False).to_numpy(zero_copy_only=False).astype("float64")
    if pa.types.is_integer(values.type) and (np.abs(numbers) > _EXACT).any():
        found = "whole numbers beyond 9007199254740992, which lose digits as numbers"
        return numbers, [_fault(source, found, variable)]
    return numbers, number_faults(source.dataset, variable, numbers)


def _text(variable: str, values: pa.Array, source: Source) -> tuple[pa.Array, list[Fault]]:
    raw = values.cast(pa.large_binary())
    try:
        text = raw.cast(pa.large_string())
    except pa.ArrowInvalid:
        contents = [value or b"" for value in raw.to_pylist()]
        _, is_bad = decode_values(contents, "utf-8")
        undecodable = undecodable_of(np.arange(1, len(contents) + 1), contents, is_bad, "utf-8")
        return values, encoding_faults(source.dataset, variable, replace(undecodable, remedy=WRITE_AGAIN))
    return text, text_faults(source.dataset, variable, pc.fill_null(text, fill_value=""), "utf-8")


def _type_fault(source: Source, column: pa.Field) -> Fault:
    return _fault(source, f"a column of type {str(column.type)[:60]}", column.name)


def _fault(source: Source, found: str, variable: str = "") -> Fault:
    return Fault(source.dataset, found, _EXPECTED, _RESEND, variable=variable)
