"""Numbers become text here, and only here."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

import pandas as pd
from pandas.api.typing import NaTType

from cutbook.results.concentrations import BELOW

NOT_ESTIMABLE = "NE"
NOT_CALCULATED = "NC"
BLQ = "BLQ"
NOT_APPLICABLE = "–"
MINUS = "−"

COUNTS = frozenset({"n", "N", "events", "nblq", "samples"})
"""Statistics that are whole numbers: what moved is told by how many."""

_SIGNIFICANT = 13
_NOISE = Decimal("1e-10")
_EXTRA_DECIMALS = {
    "mean": 1,
    "median": 1,
    "q1": 1,
    "q3": 1,
    "sd": 2,
    "min": 0,
    "max": 0,
    "sum": 1,
    "ci_low": 2,
    "ci_high": 2,
    "estimate": 2,
}
_FIXED_DECIMALS = {
    "pct": 1,
    "cv": 1,
    "geocv": 1,
    "rate": 1,
    "rd": 1,
    "rd_low": 1,
    "rd_high": 1,
    "df": 0,
    "diff_pct": 0,
    "diff_pct_low": 0,
    "diff_pct_high": 0,
}


def fixed(value: float, decimals: int) -> str:
    """Return a number with this many decimals, halves rounded away from zero as SAS does, minus as ``−``.

    The rounding works on the decimal text of the number to 13 significant figures, so that noise in the last binary
    digits does not decide a tie.

    Examples
    --------
    >>> fixed(100 * 3 / 48, 1), fixed(2.675, 2), fixed(-0.5, 0), fixed(-0.04, 1)
    ('6.3', '2.68', '−1', '0.0')
    """
    rounded = Decimal(f"{value:.{_SIGNIFICANT}g}").quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)
    text = f"{abs(rounded):f}"
    return MINUS + text if rounded < 0 else text


def significant(value: float, figures: int = 3) -> str:
    """Return a number with this many significant figures, halves rounded away from zero, never in scientific notation.

    Examples
    --------
    >>> significant(0.012345), significant(1234.5), significant(9.996), significant(0)
    ('0.0123', '1230', '10.0', '0')
    """
    number = Decimal(f"{value:.{_SIGNIFICANT}g}")
    if abs(number) < _NOISE:
        return "0"
    rounded = number.quantize(Decimal(1).scaleb(number.adjusted() - figures + 1), ROUND_HALF_UP)
    if rounded.adjusted() > number.adjusted():
        rounded = number.quantize(Decimal(1).scaleb(rounded.adjusted() - figures + 1), ROUND_HALF_UP)
    text = f"{abs(rounded):f}"
    return MINUS + text if rounded < 0 else text


def whole(value: float) -> str:
    """Return a count.

    Examples
    --------
    >>> whole(12.0)
    '12'
    """
    return fixed(value, 0)


def date(moment: pd.Timestamp | NaTType) -> str:
    """Return a day as YYYY-MM-DD, or a dash when missing.

    Examples
    --------
    >>> date(pd.Timestamp("2017-04-14T10:30")), date(pd.NaT)
    ('2017-04-14', '–')
    """
    return NOT_APPLICABLE if pd.isna(moment) else f"{moment:%Y-%m-%d}"


def signed(value: float, decimals: int = 0) -> str:
    """Return a number with its sign.

    Examples
    --------
    >>> signed(2), signed(-1.25, 1), signed(0)
    ('+2', '−1.3', '0')
    """
    text = fixed(value, decimals)
    return f"+{text}" if value > 0 and text.strip("0.") else text


def p_value(value: float) -> str:
    """Return a p value with four decimals, never as zero or one.

    Examples
    --------
    >>> p_value(0.04567), p_value(0.00001), p_value(0.99999)
    ('0.0457', '<0.0001', '>0.9999')
    """
    if value < 0.0001:
        return "<0.0001"
    return ">0.9999" if value > 0.9999 else fixed(value, 4)


def with_text(results: pd.DataFrame) -> pd.DataFrame:
    """Return the results table with ``text`` filled: each statistic as it is shown.

    Counts are whole; % and CV have one decimal; mean, median and quartiles one decimal more than the data, SD two more,
    minimum and maximum as collected; results without a stated number of decimals have three significant figures. A
    missing value is ``NC`` (not calculated) for pharmacokinetic results and ``NE`` (not estimable) otherwise.
    """
    statistics, values, displays = (results[name].tolist() for name in ("statistic", "value", "display"))
    decimals = results["decimals"].astype("float64").tolist()
    texts = [_text(*parts) for parts in zip(statistics, values, displays, decimals, strict=True)]
    is_below = results["reason"].eq(BELOW).tolist()
    texts = [BLQ if is_there else text for text, is_there in zip(texts, is_below, strict=True)]
    return results.assign(text=pd.Series(texts, index=results.index, dtype="str"))


def _text(statistic: str, value: float, display: str, decimals: float) -> str:
    if value != value:
        return NOT_CALCULATED if display.startswith("E") else NOT_ESTIMABLE
    if statistic in COUNTS:
        return whole(value)
    if statistic == "p":
        return p_value(value)
    if statistic in _FIXED_DECIMALS:
        return fixed(value, _FIXED_DECIMALS[statistic])
    if decimals != decimals or statistic == "geomean":
        return significant(value)
    return fixed(value, int(decimals) + _EXTRA_DECIMALS.get(statistic, 0))
