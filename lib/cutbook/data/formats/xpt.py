"""SAS transport files, version 5, as frames: numbers exact, text decoded strictly in the declared encoding.

Record layout as in SAS technical note TS-140, "The Record Layout of a Data Set in SAS Transport (XPORT) Format". The
format has no row count: a file cut off between two records reads as a shorter dataset, so that only a manifest
catches it.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from cutbook.data.formats.columns import (
    Columns,
    Delivered,
    Source,
    delivered,
    name_faults,
    text_faults,
)
from cutbook.data.formats.numbers import number_faults
from cutbook.data.formats.sas_dates import moments
from cutbook.data.formats.text.encodings import decode_values, encoding_faults, undecodable_of
from cutbook.errors import DataError, Fault

XPT_MAGIC = b"HEADER RECORD*******LIBRARY HEADER RECORD!!!!!!!"

_CARD = 80
_MEMBER = b"HEADER RECORD*******MEMBER  HEADER RECORD!!!!!!!"
_NAMESTR = b"HEADER RECORD*******NAMESTR HEADER RECORD!!!!!!!"
_OBS = b"HEADER RECORD*******OBS     HEADER RECORD!!!!!!!"
_MEMBER_AT = 3 * _CARD
_NAMESTR_AT = 7 * _CARD
_VARIABLES_AT = 8 * _CARD
_NAMESTR_SIZES = (140, 136)
_NAMESTR_LAYOUT = struct.Struct(">hhhh8s40s8shhh2s8shhl")
_NUMERIC = 1
_PADDING = b" \0"
_MISSING_CODES = np.frombuffer(b"._ABCDEFGHIJKLMNOPQRSTUVWXYZ", dtype=np.uint8)
_RESEND = "have the file sent again"


@dataclass(frozen=True)
class _Variable:
    name: str
    label: bytes
    format: str
    is_numeric: bool
    start: int
    width: int


def read_xpt(content: bytes, source: Source) -> Delivered:
    """Return the dataset that a SAS transport file holds.

    Parameters
    ----------
    content : bytes
        The whole file.
    source : Source
        Dataset and the encoding in which text is decoded; never guessed.

    Raises
    ------
    DataError
        The file is damaged, is not version 5, holds several datasets, has text that is not in the encoding, or numbers
        that no measurement gives.
    """
    variables, start = _layout(content, source)
    records = _records(content, start, variables, source)
    columns: Columns = {}
    faults = name_faults(source.dataset, [variable.name for variable in variables])
    for variable in variables:
        raw = np.ascontiguousarray(records[:, variable.start : variable.start + variable.width])
        if variable.is_numeric:
            numbers = ibm_numbers(raw)
            columns[variable.name] = moments(numbers, variable.format)
            faults += number_faults(source.dataset, variable.name, numbers)
        else:
            columns[variable.name], found = _text(raw, variable.name, source)
            faults += found
    if faults:
        raise DataError(faults)
    labels = {variable.name: _label(variable, source) for variable in variables}
    return delivered(columns, len(records), labels)


def ibm_numbers(raw: NDArray[np.uint8]) -> NDArray[np.float64]:
    """Return IBM System/360 hexadecimal floating-point numbers as IEEE numbers; SAS missing values are missing.

    Parameters
    ----------
    raw : array of uint8, shape (n, w)
        2 to 8 bytes a number, big-endian; short numbers lack the low bytes.

    Returns
    -------
    array of float64, shape (n,)
        Equal to the number that SAS wrote; fractions beyond 53 bits are rounded to nearest.

    Examples
    --------
    >>> ibm_numbers(np.array([[0x41, 0x10, 0, 0], [0xC2, 0x76, 0xA0, 0], [0x2E, 0, 0, 0]], dtype=np.uint8)).tolist()
    [1.0, -118.625, nan]
    """
    count, width = raw.shape
    full = np.zeros((count, 8), dtype=np.uint8)
    full[:, :width] = raw
    word = full.view(">u8").reshape(count).astype(np.uint64)
    fraction = word & np.uint64(0x00FF_FFFF_FFFF_FFFF)
    sign = np.where(full[:, 0] & 0x80, -1.0, 1.0)
    exponent = (full[:, 0] & 0x7F).astype(np.int32)
    values = sign * np.ldexp(fraction.astype(np.float64), 4 * (exponent - 64) - 56)
    is_missing = (fraction == 0) & np.isin(full[:, 0], _MISSING_CODES)
    return np.where(is_missing, np.nan, values)


def _layout(content: bytes, source: Source) -> tuple[list[_Variable], int]:
    """Return the variables and where the first record starts."""
    problem = _problem(content)
    if problem:
        raise _damaged(source, problem)
    count = int(content[_NAMESTR_AT + 54 : _NAMESTR_AT + 58])
    size = int(content[_MEMBER_AT + 74 : _MEMBER_AT + 78])
    end = _VARIABLES_AT + count * size
    obs_at = -(-end // _CARD) * _CARD
    if not _card(content, obs_at, _OBS):
        raise _damaged(source, "no header of the records after the variables")
    if _has_card(content, obs_at, _MEMBER):
        raise _damaged(source, "more than one dataset in one file")
    variables = [_variable(content[at : at + size]) for at in range(_VARIABLES_AT, end, size)]
    wrong = _variable_problem(variables)
    if wrong:
        raise _damaged(source, wrong)
    return variables, obs_at + _CARD


def _problem(content: bytes) -> str:
    if not content.startswith(XPT_MAGIC):
        return "no header of a SAS transport file, version 5"
    if len(content) % _CARD:
        return f"{len(content)} bytes, not a multiple of {_CARD}: the file is cut off"
    if not (_card(content, _MEMBER_AT, _MEMBER) and _card(content, _NAMESTR_AT, _NAMESTR)):
        return "a damaged header"
    size, count = content[_MEMBER_AT + 74 : _MEMBER_AT + 78], content[_NAMESTR_AT + 54 : _NAMESTR_AT + 58]
    if not (size.isdigit() and count.isdigit() and int(size) in _NAMESTR_SIZES):
        return "a damaged header"
    return ""


def _card(content: bytes, at: int, expected: bytes) -> bool:
    return content[at : at + len(expected)] == expected


def _has_card(content: bytes, start: int, expected: bytes) -> bool:
    at = content.find(expected, start)
    while at >= 0 and at % _CARD:
        at = content.find(expected, at + 1)
    return at >= 0


def _variable(namestr: bytes) -> _Variable:
    kind, _, width, _, name, label, form, _, _, _, _, _, _, _, start = _NAMESTR_LAYOUT.unpack_from(namestr)
    return _Variable(
        name=name.strip(_PADDING).decode("ascii", "backslashreplace").upper(),
        label=label.rstrip(_PADDING),
        format=form.strip(_PADDING).decode("ascii", "backslashreplace").upper(),
        is_numeric=kind == _NUMERIC,
        start=start,
        width=width,
    )


def _variable_problem(variables: list[_Variable]) -> str:
    if not variables:
        return "no variables"
    end = 0
    for variable in sorted(variables, key=lambda item: item.start):
        is_width_possible = 2 <= variable.width <= 8 if variable.is_numeric else variable.width >= 1
        if not is_width_possible or variable.start != end:
            return "variables whose places in the record do not fit together"
        end += variable.width
    return ""


def _records(content: bytes, start: int, variables: list[_Variable], source: Source) -> NDArray[np.uint8]:
    """Return the records, shape (rows, bytes); the blanks that fill the last card are not a record."""
    length = sum(variable.width for variable in variables)
    count, rest = divmod(len(content) - start, length)
    if content[start + count * length :].strip(b" "):
        raise _damaged(source, f"a last record of {rest} bytes instead of {length}: the file is cut off")
    while count and _is_filling(content[start + (count - 1) * length :]):
        count -= 1
    return np.frombuffer(content, dtype=np.uint8, count=count * length, offset=start).reshape(count, length)


def _is_filling(tail: bytes) -> bool:
    return len(tail) < _CARD and not tail.strip(b" ")


def _text(raw: NDArray[np.uint8], variable: str, source: Source) -> tuple[pa.Array, list[Fault]]:
    is_plain: NDArray[np.bool_] = np.asarray(~(raw & 0x80).any(axis=1))
    if is_plain.all():
        text = _ascii(raw)
        return text, text_faults(source.dataset, variable, text, source.encoding)
    rows = np.flatnonzero(~is_plain)
    values = [bytes(raw[row]).rstrip(_PADDING) for row in rows]
    decoded, is_bad = decode_values(values, source.encoding)
    masked = np.where(is_plain[:, None], raw, np.uint8(0x20))
    text = pc.replace_with_mask(_ascii(masked), pa.array(~is_plain), pa.array(decoded, pa.large_string()))
    if is_bad.any():
        undecodable = undecodable_of(rows + 1, values, is_bad, source.encoding, width=raw.shape[1])
        return text, encoding_faults(source.dataset, variable, undecodable)
    return text, text_faults(source.dataset, variable, text, source.encoding)


def _ascii(raw: NDArray[np.uint8]) -> pa.Array:
    count, width = raw.shape
    fixed = pa.FixedSizeBinaryArray.from_buffers(pa.binary(width), count, [None, pa.py_buffer(raw)])
    return pc.ascii_rtrim(fixed.cast(pa.large_binary()).cast(pa.large_string()), characters=_PADDING.decode())


def _label(variable: _Variable, source: Source) -> str:
    """Return the label; one that is not in the declared encoding is not worth a fault and is left empty."""
    texts, _ = decode_values([variable.label], source.encoding)
    return texts[0]


def _damaged(source: Source, found: str) -> DataError:
    return DataError(Fault(source.dataset, found, "a SAS transport file (XPT), version 5, of one dataset", _RESEND))
