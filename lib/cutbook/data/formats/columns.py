"""Columns as delivered, and a dataset of them: names, text that is text, blanks around values removed."""

from __future__ import annotations

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

from cutbook.data.formats.text.encodings import DECLARE, is_utf_8
from cutbook.data.formats.text.trimming import trim
from cutbook.data.formats.variables import Model, kind_of
from cutbook.data.wording import first_few, quoted, row_list
from cutbook.errors import Fault

_DAMAGED = r"\x{0}\x{fffd}"
_CONTROLS_BEYOND_ASCII = r"\x{80}-\x{9f}"
_RESEND = "have the file sent again by who still has the characters"
_OR_DECLARE = f"{DECLARE}, or have the file sent again"
_VARIABLE_NAME = re.compile(r"[A-Z_][A-Z0-9_]{0,31}")


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
        Text columns `str` without blanks around values, those of blanks only missing; numbers float64; ADaM's numeric
        dates datetime64[s]; RangeIndex.
    labels : dict of str to str
        Variable labels, empty when the format has none.
    trimmed : dict of str to array of int
        Places (from 0) of the values of a text variable that had blanks around them, where it had any.
    """

    frame: pd.DataFrame
    labels: dict[str, str] = field(default_factory=dict)
    trimmed: dict[str, NDArray[np.intp]] = field(default_factory=dict)


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


def text_faults(dataset: str, variable: str, text: pa.Array, encoding: str) -> list[Fault]:
    """Return a fault when a text column holds what no text holds: NUL, the sign U+FFFD, or U+0080 to U+009F.

    The first ends a text early for other readers; the second says that an earlier program already lost the character;
    the third are bytes of another encoding, except in text that is UTF-8 and states them as characters.
    """
    if pc.all(pc.string_is_ascii(text), min_count=0).as_py() and not _any(pc.match_substring(text, "\0")):
        return []
    damaged, remedy = (_DAMAGED, _RESEND) if is_utf_8(encoding) else (_DAMAGED + _CONTROLS_BEYOND_ASCII, _OR_DECLARE)
    is_damaged = np.asarray(pc.fill_null(pc.match_substring_regex(text, f"[{damaged}]"), fill_value=False), dtype=bool)
    if not is_damaged.any():
        return []
    rows = np.flatnonzero(is_damaged)
    value = quoted(text[int(rows[0])].as_py())
    return [
        Fault(
            dataset,
            found=f"characters that no text has in {row_list(rows + 1)}, first {value}",
            expected=f"text in {encoding}",
            remedy=remedy,
            variable=variable,
            row=int(rows[0]) + 1,
        )
    ]


def delivered(columns: Columns, rows: int, labels: dict[str, str] | None = None) -> Delivered:
    """Return the columns as a dataset: Arrow text becomes `str` without blanks around values, under a RangeIndex."""
    series: dict[str, pd.Series] = {}
    trimmed: dict[str, NDArray[np.intp]] = {}
    for name, values in columns.items():
        if isinstance(values, np.ndarray):
            series[name] = pd.Series(values)
        else:
            text, places = trim(values.cast(pa.large_string()))
            series[name] = pd.Series(pd.array(text, dtype=pd.StringDtype(na_value=np.nan)))
            trimmed |= {name: places} if len(places) else {}
    return Delivered(pd.DataFrame(series, index=pd.RangeIndex(rows)), labels or {}, trimmed)


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


def _any(condition: pa.Array) -> bool:
    return bool(pc.any(condition, min_count=0).as_py())
