"""The one rounding: halves away from zero, as SAS does, on the decimal text of a number."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Context, Decimal

import pandas as pd

_SIGNIFICANT = 13
_NOISE = Decimal("1e-10")
_ANY_SIZE = Context(prec=400, rounding=ROUND_HALF_UP)
"""Enough digits for every float64 with every number of decimals that is ever asked for."""


def rounded(value: float, decimals: int) -> Decimal:
    """Return a number rounded to this many decimals, halves away from zero.

    The rounding works on the decimal text of the number to 13 significant figures, so that noise in the last binary
    digits does not decide a tie.

    Parameters
    ----------
    value : float
        Finite or missing; a missing number stays missing.
    decimals : int
        Places behind the point.

    Examples
    --------
    >>> [str(rounded(value, 2)) for value in (2.675, -1.005, 0.004)]
    ['2.68', '-1.01', '0.00']
    """
    return _as_read(value).quantize(Decimal(1).scaleb(-decimals), context=_ANY_SIZE)


def rounded_to_figures(value: float, figures: int) -> Decimal:
    """Return a number rounded to this many significant figures, halves away from zero; noise around 0 is 0.

    Examples
    --------
    >>> [str(rounded_to_figures(value, 3)) for value in (0.012345, 9.996, 1e-12)]
    ['0.0123', '10.0', '0']
    """
    number = _as_read(value)
    if abs(number) < _NOISE:
        return Decimal(0)
    nearest = number.quantize(Decimal(1).scaleb(number.adjusted() - figures + 1), context=_ANY_SIZE)
    if nearest.adjusted() > number.adjusted():
        nearest = number.quantize(Decimal(1).scaleb(nearest.adjusted() - figures + 1), context=_ANY_SIZE)
    return nearest


def rounded_values(values: pd.Series, decimals: int) -> pd.Series:
    """Return numbers rounded as `rounded` does, as float64 of the same index; missing stays missing.

    Examples
    --------
    >>> rounded_values(pd.Series([162.56, 2.25, -2.25, 1.005]), 1).tolist()
    [162.6, 2.3, -2.3, 1.0]
    """
    distinct = values.dropna().drop_duplicates().astype("float64")
    nearest = {value: float(rounded(value, decimals)) for value in distinct.tolist()}
    return values.astype("float64").map(nearest).astype("float64")


def _as_read(value: float) -> Decimal:
    return Decimal(f"{value:.{_SIGNIFICANT}g}")
