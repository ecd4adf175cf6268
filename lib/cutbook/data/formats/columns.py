"""Columns of text and numbers as delivered: decoding without loss, blanks as missing, numbers read strictly."""

from __future__ import annotations

import codecs
import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from cutbook.data.formats.variables import Model, kind_of
from cutbook.data.wording import first_few, quoted, row_list
from cutbook.errors import Fault

_DAMAGED = "[\\x{0}\\x{80}-\\x{9f}\\x{fffd}]"
_NUMBER = r"^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$"
_ISO_MOMENT = r"\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d)?)?"
_DECIMAL_COMMA = r"^[<>=+-]*\s*\d+,\d+$"
_VARIABLE_NAME = re.compile(r"[A-Z_][A-Z0-9_]{0,31}")
_PRINTABLE_ASCII = bytes(range(0x20, 0x7F))


Column: TypeAlias = pa.Array | NDArray[np.float64] | NDArray[np.datetime64]
"""Text (Arrow), numbers, or moments to the second."""

Columns: TypeAlias = dict[str, Column]
"""Columns by variable name, in the order of the file."""


@dataclass(frozen=True)
class Delivered:
    """One dataset as its file delivers it.

    Attributes
    ----------
    frame : frame
        Text columns `str` with blanks missing, numbers float64, ADaM's numeric dates datetime64[s]; RangeIndex.
    labels : dict of str to str
        Variable labels, empty when the format has none.
    """

    frame: pd.DataFrame
    labels: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Source:
    """What is known of a file before it is read: dataset (lower case), declared encoding, and the standard.

    An empty encoding means that the file states its own.
    """

    dataset: str
    encoding: str
    model: Model


Reader = Callable[[bytes, Source], Delivered]
"""Reads a file's bytes; raises DataError with all faults."""


def name_faults(dataset: str, names: Sequence[str]) -> list[Fault]:
    """Return faults of column names that no variable has, and of names that occur twice."""
    remedy = "name the columns as the standard does and have the file sent again"
    strange = [quoted(name) for name in names if not _VARIABLE_NAME.fullmatch(name)]
    twice = [quoted(name) for name, count in Counter(names).items() if count > 1]
    faults = []
    if strange:
        expected = "variable names in capital letters, digits and '_'"
        faults.append(Fault(dataset, f"columns named {first_few(strange)}", expected, remedy))
    if twice:
        faults.append(Fault(dataset, f"more than one column named {first_few(twice)}", "each name once", remedy))
    return faults


def is_usable_encoding(name: str) -> bool:
    """Return whether Python knows the encoding and it writes printable ASCII as ASCII does.

    Examples
    --------
    >>> is_usable_encoding("cp1252"), is_usable_encoding("utf-16"), is_usable_encoding("klingon")
    (True, False, False)
    """
    try:
        codecs.lookup(name)
        return _PRINTABLE_ASCII.decode(name) == _PRINTABLE_ASCII.decode("ascii")
    except (LookupError, UnicodeError, ValueError):
        return False


def decode_values(values: Sequence[bytes], encoding: str) -> tuple[list[str], NDArray[np.bool_]]:
    """Return the values as text, and which of them are not text in that encoding (given back empty).

    Characters are never replaced.
    """
    texts: list[str] = []
    is_bad = np.zeros(len(values), dtype=bool)
    for position, value in enumerate(values):
        try:
            texts.append(value.decode(encoding))
        except UnicodeDecodeError:
            texts.append("")
            is_bad[position] = True
    return texts, is_bad


def text_faults(dataset: str, variable: str, text: pa.Array, encoding: str) -> list[Fault]:
    """Return a fault when a text column holds what no text holds: NUL, U+0080 to U+009F, or the sign U+FFFD.

    The first ends a text early for other readers; the second are bytes of another encoding; the third says that an
    earlier program already lost the character.
    """
    if pc.all(pc.string_is_ascii(text), min_count=0).as_py() and not _any(pc.match_substring(text, "\0")):
        return []
    is_damaged = _truth(pc.match_substring_regex(text, _DAMAGED))
    if not is_damaged.any():
        return []
    rows = np.flatnonzero(is_damaged)
    value = quoted(text[int(rows[0])].as_py())
    return [
        Fault(
            dataset,
            found=f"characters that no text has in {row_list(rows + 1)}, first {value}",
            expected=f"text in {encoding}",
            remedy="declare the file's encoding under sources.encodings in the study file, or have the file sent again",
            variable=variable,
            row=int(rows[0]) + 1,
        )
    ]


def encoding_fault(dataset: str, variable: str, rows: NDArray[np.intp], encoding: str) -> Fault:
    """Return the fault of bytes that are not text in the encoding; ``rows`` count from 1."""
    return Fault(
        dataset,
        found=f"bytes that are not {encoding} in {row_list(rows)}",
        expected=f"text in {encoding}",
        remedy="declare the file's encoding under sources.encodings in the study file",
        variable=variable,
        row=int(rows[0]),
    )


def blank_as_missing(text: pa.Array) -> pa.Array:
    """Return the text with empty and whitespace-only values missing."""
    is_blank = pc.or_(pc.equal(pc.binary_length(text), 0), pc.utf8_is_space(text))
    return pc.if_else(pc.fill_null(is_blank, fill_value=True), pa.scalar(None, text.type), text)


def numbers_from_text(dataset: str, variable: str, text: pa.Array) -> tuple[NDArray[np.float64], list[Fault]]:
    """Return the numbers that the text writes, missing where it is missing, and a fault when it is not a number.

    Only decimal notation with a point counts: no decimal comma, no ``NA``, ``.``, ``inf``, underscore or hexadecimal.
    """
    trimmed = pc.ascii_trim_whitespace(text)
    is_number = _truth(pc.match_substring_regex(trimmed, _NUMBER))
    is_present = ~np.asarray(text.is_null())
    known = pc.if_else(pa.array(is_number), trimmed, pa.scalar(None, trimmed.type))
    values = pc.cast(known, pa.float64()).to_numpy(zero_copy_only=False).astype("float64")
    rows = np.flatnonzero(is_present & ~(is_number & np.isfinite(values)))
    if not len(rows):
        return values, []
    return values, [not_a_number(dataset, variable, rows + 1, str(text[int(rows[0])].as_py()))]


def not_a_number(dataset: str, variable: str, rows: NDArray[np.intp], first: str) -> Fault:
    """Return the fault of text in a numeric variable; ``rows`` count from 1, ``first`` is the value of the first."""
    kind = " (a decimal comma)" if is_decimal_comma(first) else ""
    others = " and the like" if len(rows) > 1 else ""
    return Fault(
        dataset,
        found=f"{quoted(first)}{kind}{others} in {row_list(rows)}",
        expected="a number written with a decimal point, or nothing",
        remedy="correct it at the source and have the file sent again",
        variable=variable,
        row=int(rows[0]),
    )


def finite_faults(dataset: str, variable: str, values: NDArray[np.float64]) -> list[Fault]:
    """Return a fault when a number is infinite."""
    rows = np.flatnonzero(np.isinf(values))
    return [not_a_number(dataset, variable, rows + 1, str(values[rows[0]]))] if len(rows) else []


def dates_from_text(dataset: str, variable: str, text: pa.Array) -> tuple[NDArray[np.datetime64], list[Fault]]:
    """Return complete ISO 8601 dates or moments as datetime64[s], and a fault when text is none."""
    series = pd.Series(text.to_pylist(), dtype="str")
    is_iso = series.str.fullmatch(_ISO_MOMENT, na=False)
    parsed = pd.to_datetime(series.where(is_iso), format="ISO8601", errors="coerce")
    values = parsed.to_numpy().astype("datetime64[s]")
    rows = np.flatnonzero((series.notna() & parsed.isna()).to_numpy())
    if not len(rows):
        return values, []
    fault = Fault(
        dataset,
        found=f"{quoted(series[rows[0]])} in {row_list(rows + 1)}",
        expected="a complete date YYYY-MM-DD or moment YYYY-MM-DDThh:mm:ss, or nothing",
        remedy="correct it at the source and have the file sent again",
        variable=variable,
        row=int(rows[0]) + 1,
    )
    return values, [fault]


def is_decimal_comma(value: str) -> bool:
    """Return whether a value is a number written with a decimal comma.

    Examples
    --------
    >>> is_decimal_comma("1,5"), is_decimal_comma("<0,5"), is_decimal_comma("1.5"), is_decimal_comma("a, b")
    (True, True, False, False)
    """
    return re.match(_DECIMAL_COMMA, value) is not None


def is_comma_number(text: pd.Series) -> pd.Series:
    """Return True for each value that is a number written with a decimal comma; missing is False."""
    return text.str.match(_DECIMAL_COMMA, na=False).astype(bool)


def frame_of(columns: Columns, rows: int) -> pd.DataFrame:
    """Return the columns as a frame with a RangeIndex; Arrow text becomes `str` with blanks missing."""
    series = {name: _series(values) for name, values in columns.items()}
    return pd.DataFrame(series, index=pd.RangeIndex(rows))


def settle_empty(frame: pd.DataFrame, model: Model) -> pd.DataFrame:
    """Return the frame with columns that hold nothing in the type that the standard gives them.

    Writers that infer types from values deliver an empty text variable as numbers, and the reverse.
    """
    settled: dict[str, pd.Series] = {}
    for name in frame.columns[frame.isna().all()]:
        kind = kind_of(name, model)
        if kind != "free":
            dtype = {"number": "float64", "text": "str", "date": "datetime64[s]"}[kind]
            settled[name] = pd.Series(None, index=frame.index, dtype=dtype)
    return frame.assign(**settled)


def _series(values: Column) -> pd.Series:
    if isinstance(values, np.ndarray):
        return pd.Series(values)
    text = blank_as_missing(values.cast(pa.large_string()))
    return pd.Series(pd.array(text, dtype=pd.StringDtype(na_value=np.nan)))


def _truth(condition: pa.Array) -> NDArray[np.bool_]:
    return np.asarray(pc.fill_null(condition, fill_value=False), dtype=bool)


def _any(condition: pa.Array) -> bool:
    return bool(pc.any(condition, min_count=0).as_py())
