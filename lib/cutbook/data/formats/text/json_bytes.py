"""JSON text with bytes that are not UTF-8: in which variable and row they stand, or where a file is cut off."""

from __future__ import annotations

import json
from typing import Any

import numpy as np

from cutbook.data.formats.text.encodings import (
    WRITE_AGAIN,
    Undecodable,
    encoding_faults,
    ends_inside_character,
)
from cutbook.errors import Fault

_RESEND = "have the file sent again"
_OPEN_ENDS = ("", '"', "]", '"]', "]]}", '"]]}')
"""What closes a record, or a list of records, that was cut off inside a value or behind one."""


def undecodable_object(content: bytes, dataset: str) -> list[Fault]:
    """Return the faults of bytes in a Dataset-JSON object that are not UTF-8; none where all are, or it is no JSON."""
    if _is_utf_8(content):
        return []
    whole = content.decode("utf-8", "surrogateescape")
    document, is_cut = _closed(whole) if ends_inside_character(content) else (_parsed(whole), False)
    return _faults(document, _rows(document), dataset, is_cut=is_cut)


def undecodable_lines(content: bytes, dataset: str) -> list[Fault]:
    """Return the same of Dataset-JSON line by line."""
    if _is_utf_8(content):
        return []
    first, *lines = content.rstrip(b"\r\n").decode("utf-8", "surrogateescape").split("\n")
    rows = [_parsed(line) for line in lines]
    is_cut = bool(rows) and rows[-1] is None and ends_inside_character(content)
    if is_cut:
        rows[-1], _ = _closed(lines[-1])
    return _faults(_parsed(first), rows, dataset, is_cut=is_cut)


def _is_utf_8(content: bytes) -> bool:
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _parsed(text: str) -> Any:  # noqa: ANN401 - JSON holds anything; what is no record is left out below
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def _closed(text: str) -> tuple[Any, bool]:
    """Return what a text that may be cut off states, and whether something had to be closed."""
    for ending in _OPEN_ENDS:
        found = _parsed(text + ending)
        if found is not None:
            return found, bool(ending)
    return None, True


def _rows(document: object) -> list[Any]:
    rows = document.get("rows") if isinstance(document, dict) else None
    return rows if isinstance(rows, list) else []


def _names(document: object) -> list[str]:
    columns = document.get("columns") if isinstance(document, dict) else None
    return [str(item.get("name", "")) for item in columns or [] if isinstance(item, dict)]


def _faults(document: object, rows: list[Any], dataset: str, *, is_cut: bool) -> list[Fault]:
    names = _names(document)
    records = [row if isinstance(row, list) else [] for row in rows]
    if is_cut:
        width = len(records[-1]) if records else 0
        variable = names[width - 1] if 0 < width <= len(names) else ""
        found = f"a file cut off in the middle of a character, in row {len(records)}"
        return [Fault(dataset, found, "a whole file", _RESEND, variable, len(records) or None)]
    faults = []
    for position, name in enumerate(names):
        values = [row[position] if position < len(row) else None for row in records]
        faults += _column_faults(dataset, name, values)
    return faults


def _column_faults(dataset: str, variable: str, values: list[Any]) -> list[Fault]:
    texts = [(row, value) for row, value in enumerate(values, 1) if isinstance(value, str) and not value.isascii()]
    bad = [(row, value) for row, value in texts if _has_escapes(value)]
    if not bad:
        return []
    contents = [value.encode("utf-8", "surrogateescape") for _, value in bad]
    rows = np.array([row for row, _ in bad])
    undecodable = Undecodable(rows, contents, "utf-8", has_sound_values=len(bad) < len(texts), remedy=WRITE_AGAIN)
    return encoding_faults(dataset, variable, undecodable)


def _has_escapes(text: str) -> bool:
    """Return whether a text holds bytes that were no UTF-8, and nothing else that cannot be written as bytes."""
    try:
        content = text.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:
        return False
    return not _is_utf_8(content)
