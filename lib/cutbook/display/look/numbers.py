"""Numbers become text here, and only here."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

import pandas as pd

from cutbook.catalogue.kinds.display import NOT_ESTIMABLE
from cutbook.results.statistics import SIGNS, STATISTICS, rounded_as_shown
from cutbook.rounding import rounded, rounded_to_figures

NOT_APPLICABLE = "–"
MINUS = "−"


def fixed(value: float, decimals: int) -> str:
    """Return a number with this many decimals, rounded by `cutbook.rounding.rounded`, minus as ``−``.

    Examples
    --------
    >>> fixed(100 * 3 / 48, 1), fixed(2.675, 2), fixed(-0.5, 0), fixed(-0.04, 1)
    ('6.3', '2.68', '−1', '0.0')
    """
    return _written(rounded(value, decimals))


def significant(value: float, figures: int = 3) -> str:
    """Return a number with this many significant figures, halves rounded away from zero, never in scientific notation.

    Examples
    --------
    >>> significant(0.012345), significant(1234.5), significant(9.996), significant(0)
    ('0.0123', '1230', '10.0', '0')
    """
    return _written(rounded_to_figures(value, figures))


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


def with_text(results: pd.DataFrame, signs: Mapping[str, str] | None = None) -> pd.DataFrame:
    """Return the results table with ``text`` filled: each statistic as it is shown.

    Counts are whole; % and CV have one decimal; mean, median and quartiles one decimal more than the data, SD at most
    two more and three significant figures, minimum and maximum as collected; results without a stated number of
    decimals have three significant figures: as the register of statistics says.

    Parameters
    ----------
    results : results table
        Statistics.
    signs : mapping of str to str, optional
        What stands in the place of a missing value, by display: ``NC`` (not calculated) for pharmacokinetic results;
        ``NE`` (not estimable) otherwise. A reason that has a sign of its own (BLQ) comes first.
    """
    names = ("display", "reason", "statistic", "value")
    parts = zip(*(results[name].tolist() for name in names), results["decimals"].astype("float64"), strict=True)
    texts = [
        _text(statistic, value, decimals) if value == value else _sign(display, reason, signs or {})
        for display, reason, statistic, value, decimals in parts
    ]
    return results.assign(text=pd.Series(texts, index=results.index, dtype="str"))


def _written(number: Decimal) -> str:
    text = f"{abs(number):f}"
    return MINUS + text if number < 0 else text


def _sign(display: str, reason: str, signs: Mapping[str, str]) -> str:
    return SIGNS.get(reason) or signs.get(display, NOT_ESTIMABLE)


def _text(statistic: str, value: float, decimals: float) -> str:
    if STATISTICS[statistic].is_p:
        return p_value(value)
    return _written(rounded_as_shown(statistic, value, decimals))
