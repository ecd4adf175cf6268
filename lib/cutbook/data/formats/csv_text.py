"""Comma-separated text as frames: the standard decides which variables are numbers, everything else stays text."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from itertools import islice

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from cutbook.data.formats.columns import (
    Column,
    Columns,
    Delivered,
    Source,
    delivered,
    name_faults,
    text_faults,
)
from cutbook.data.formats.numbers import dates_from_text, numbers_from_text
from cutbook.data.formats.text.encodings import (
    decode_values,
    encoding_faults,
    ends_inside_character,
    is_utf_8,
    undecodable_of,
)
from cutbook.data.formats.variables import kind_of
from cutbook.data.wording import row_list
from cutbook.errors import DataError, Fault

_BYTE_ORDER_MARK = b"\xef\xbb\xbf"
_ROWS_AT_ONCE = 20_000
_EXPECTED = "comma-separated text with a line of variable names"
_OTHER_SIGNS = {";": "semicolon", "\t": "tab", "|": "vertical bar"}
_RESEND = "have the file sent again"


def read_csv(content: bytes, source: Source) -> Delivered:
    """Return the dataset that comma-separated text holds.

    Fields may be quoted and then hold commas, quotes (doubled) and line ends. An empty or blank field is missing;
    nothing else is: ``NA``, ``.`` and ``-`` are text, and in a numeric variable a fault.

    Raises
    ------
    DataError
        Damaged quoting, rows with too few or too many fields, text that is not in the encoding, or values of numeric
        variables that are not numbers; all faults at once.
    """
    content = _without_mark(content, source)
    names, text, faults = _parse(content, source)
    if faults:
        raise DataError(_cut_off(content, source) or faults)
    columns: Columns = {}
    for name, values in zip(names, text, strict=True):
        columns[name], found = _column(name, values, source)
        faults += found
    if faults:
        raise DataError(faults)
    return delivered(columns, len(text[0]))


def _without_mark(content: bytes, source: Source) -> bytes:
    if content.startswith(_BYTE_ORDER_MARK):
        if not is_utf_8(source.encoding):
            found = f"the byte order mark of UTF-8 in a file declared as {source.encoding}"
            raise DataError(Fault(source.dataset, found, _EXPECTED, "declare utf-8 under sources.encodings"))
        return content.removeprefix(_BYTE_ORDER_MARK)
    return content


def _parse(content: bytes, source: Source) -> tuple[list[str], list[pa.Array], list[Fault]]:
    """Return names, columns of undecoded text (bytes as Latin-1 characters), and faults of structure."""
    reader = csv.reader(io.StringIO(content.decode("latin-1"), newline=""), strict=True)
    try:
        names = next(reader, [])
        faults = _name_faults(source, names)
        if faults:
            return names, [], faults
        chunks, ragged = _chunks(reader, len(names))
    except csv.Error as error:
        return [], [], [_fault(source, f"{error} at line {reader.line_num}")]
    if ragged:
        found = f"another number of fields than {len(names)} in {row_list(ragged)}"
        faults.append(_fault(source, found, row=ragged[0]))
    return names, [pa.concat_arrays([_EMPTY, *parts]) for parts in chunks], faults


def _name_faults(source: Source, names: list[str]) -> list[Fault]:
    """Return the faults of the line of names: none, names that no variable has, or names parted by another sign."""
    if not names:
        return [_fault(source, "no line of variable names")]
    sign, word = next((pair for pair in _OTHER_SIGNS.items() if pair[0] in names[0]), ("", ""))
    if sign and not name_faults(source.dataset, names[0].split(sign)):
        remedy = f"save it as CSV with commas between its fields; {word}s stand between them"
        return [Fault(source.dataset, f"variable names with {word}s between them", _EXPECTED, remedy)]
    return name_faults(source.dataset, names)


_EMPTY = pa.array([], pa.large_string())


def _chunks(reader: Iterator[list[str]], width: int) -> tuple[list[list[pa.Array]], list[int]]:
    """Return the parts of each column, and the rows with another number of fields than ``width``."""
    parts: list[list[pa.Array]] = [[] for _ in range(width)]
    ragged: list[int] = []
    blank: list[int] = []
    row = last = 0
    while records := list(islice(reader, _ROWS_AT_ONCE)):
        lengths = np.array([len(record) for record in records])
        blank += (np.flatnonzero(lengths == 0) + row + 1).tolist()
        ragged += (np.flatnonzero((lengths != width) & (lengths != 0)) + row + 1).tolist()
        whole = [record for record in records if len(record) == width]
        for part, values in zip(parts, zip(*whole, strict=True), strict=False):
            part.append(pa.array(values, pa.large_string()))
        last = max([last, *(np.flatnonzero(lengths) + row + 1)[-1:].tolist()])
        row += len(records)
    return parts, sorted(ragged + [line for line in blank if line < last])


def _column(variable: str, raw: pa.Array, source: Source) -> tuple[Column, list[Fault]]:
    text, faults = _decoded(variable, raw, source)
    kind = kind_of(variable, source.model)
    if kind == "number":
        values, found = numbers_from_text(source.dataset, variable, text)
        return values, faults or found
    if kind == "date":
        dates, found = dates_from_text(source.dataset, variable, text)
        return dates, faults or found
    return text, faults


def _decoded(variable: str, raw: pa.Array, source: Source) -> tuple[pa.Array, list[Fault]]:
    is_plain = np.asarray(pc.string_is_ascii(raw), dtype=bool)
    if is_plain.all():
        return raw, []
    rows = np.flatnonzero(~is_plain)
    values = [text.encode("latin-1") for text in raw.take(pa.array(rows)).to_pylist()]
    texts, is_bad = decode_values(values, source.encoding)
    decoded = pc.replace_with_mask(raw, pa.array(~is_plain), pa.array(texts, pa.large_string()))
    if is_bad.any():
        undecodable = undecodable_of(rows + 1, values, is_bad, source.encoding)
        return decoded, encoding_faults(source.dataset, variable, undecodable)
    return decoded, text_faults(source.dataset, variable, decoded, source.encoding)


def _cut_off(content: bytes, source: Source) -> list[Fault]:
    """Return the fault of a file that ends in the middle of a character, and therefore of a record; else nothing."""
    if not (is_utf_8(source.encoding) and ends_inside_character(content)):
        return []
    text = content.decode("latin-1")
    # The last field is closed where the cut left its quotes open, so that its record can be counted.
    for ending in ("", '"'):
        try:
            names, *records = csv.reader(io.StringIO(text + ending, newline=""), strict=True)
        except (csv.Error, ValueError):
            continue
        if records and len(records[-1]) <= len(names) and not name_faults(source.dataset, names):
            found = f"a file cut off in the middle of a character, in row {len(records)}"
            return [_fault(source, found, row=len(records), variable=names[len(records[-1]) - 1])]
    return []


def _fault(source: Source, found: str, row: int | None = None, variable: str = "") -> Fault:
    return Fault(source.dataset, found, _EXPECTED, _RESEND, variable, row)
