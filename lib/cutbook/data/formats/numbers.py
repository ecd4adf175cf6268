"""Numbers and complete dates as delivered: read strictly from text, and none that no measurement gives."""

from __future__ import annotations

import re
from typing import NamedTuple

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from cutbook.data.formats.text.trimming import trim
from cutbook.data.wording import quoted, row_list
from cutbook.errors import Fault

LARGEST_NUMBER = 1e15
"""Absolute value up to which a number is taken for one: beyond it whole numbers begin to lose their last digit."""

SMALLEST_NUMBER = float(np.finfo(np.float64).tiny)
"""Absolute value under which a number other than 0 is stored with fewer digits (a denormal)."""

_NUMBER = r"^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$"
_NOT_ZERO = r"^[^eE]*[1-9]"
_ISO_MOMENT = r"\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d)?)?"
_DECIMAL_COMMA = r"^[<>=+-]*\s*\d+,\d+$"
_AT_SOURCE = "correct it at the source and have the file sent again"


class _Rule(NamedTuple):
    """Numbers that no measurement gives, and what is expected in their place."""

    is_wrong: NDArray[np.bool_]
    expected: str


def numbers_from_text(dataset: str, variable: str, text: pa.Array) -> tuple[NDArray[np.float64], list[Fault]]:
    """Return the numbers that the text writes, missing where it is missing or blank, and a fault when it is no number.

    Only decimal notation with a point counts: no decimal comma, no ``NA``, ``.``, ``inf``, underscore or hexadecimal.
    Nor is a number too large or too small for :func:`number_faults`.
    """
    trimmed = trim(text).text
    is_number = _truth(pc.match_substring_regex(trimmed, _NUMBER))
    is_present = ~np.asarray(trimmed.is_null())
    known = pc.if_else(pa.array(is_number), trimmed, pa.scalar(None, trimmed.type))
    values = pc.cast(known, pa.float64()).to_numpy(zero_copy_only=False).astype("float64")
    is_lost = (values == 0) & _truth(pc.match_substring_regex(trimmed, _NOT_ZERO))
    rows = np.flatnonzero(is_present & ~(is_number & np.isfinite(values) & ~is_lost))
    faults = number_faults(dataset, variable, np.where(np.isfinite(values), values, 0.0))
    if not len(rows):
        return values, faults
    return values, [not_a_number(dataset, variable, rows + 1, str(trimmed[int(rows[0])].as_py())), *faults]


def not_a_number(dataset: str, variable: str, rows: NDArray[np.intp], first: str) -> Fault:
    """Return the fault of text in a numeric variable; ``rows`` count from 1, ``first`` is the value of the first."""
    kind = " (a decimal comma)" if is_decimal_comma(first) else ""
    others = " and the like" if len(rows) > 1 else ""
    return Fault(
        dataset,
        found=f"{quoted(first)}{kind}{others} in {row_list(rows)}",
        expected="a number written with a decimal point, or nothing",
        remedy=_AT_SOURCE,
        variable=variable,
        row=int(rows[0]),
    )


def number_faults(dataset: str, variable: str, values: NDArray[np.float64]) -> list[Fault]:
    """Return a fault when a number is infinite or beyond 1e15 in absolute value, and one when it is a denormal.

    No measurement gives such numbers; they come of damaged bytes, of codes for missing, or of identifiers stored as
    numbers.

    Parameters
    ----------
    dataset, variable : str
        Where the numbers stand.
    values : array of float64, shape (rows,)
        In any unit; missing values are right.
    """
    size = np.abs(values)
    rules = (
        _Rule(size > LARGEST_NUMBER, "a number of at most 1e15 in absolute value, or nothing"),
        _Rule((size > 0) & (size < SMALLEST_NUMBER), f"0, or a number of at least {SMALLEST_NUMBER:.1e}, or nothing"),
    )
    return [_number_fault(dataset, variable, values, rule) for rule in rules if rule.is_wrong.any()]


def dates_from_text(dataset: str, variable: str, text: pa.Array) -> tuple[NDArray[np.datetime64], list[Fault]]:
    """Return complete ISO 8601 dates or moments as datetime64[s], and a fault when text is none."""
    series = pd.Series(trim(text).text.to_pylist(), dtype="str")
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
        remedy=_AT_SOURCE,
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


def _number_fault(dataset: str, variable: str, values: NDArray[np.float64], rule: _Rule) -> Fault:
    rows = np.flatnonzero(rule.is_wrong)
    found = f"{quoted(values[rows[0]])} in {row_list(rows + 1)}"
    return Fault(dataset, found, rule.expected, _AT_SOURCE, variable, int(rows[0]) + 1)


def _truth(condition: pa.Array) -> NDArray[np.bool_]:
    return np.asarray(pc.fill_null(condition, fill_value=False), dtype=bool)
