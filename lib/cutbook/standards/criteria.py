"""Criteria that turn a laboratory result into a grade or a level."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pandas as pd

_ROOM = Path(__file__).parent
_NUMBERS = (
    "grade",
    "limit_si",
    "limit_us",
    "limit",
    "low_us",
    "high_us",
    "low_si",
    "high_si",
    "factor",
    "slope",
    "intercept",
)
_BOUNDS = ("lower_exclusive", "upper_inclusive")
RELATIVE = frozenset({"times_lln", "times_uln", "times_baseline", "percent_change", "percent_decrease"})
"""Quantities that have no unit."""


def ctcae() -> pd.DataFrame:
    """Return the laboratory terms of CTCAE v5.0 that have numbers.

    Returns
    -------
    frame
        One row a condition: standard, source, term, testcd, direction (``LOW``, ``HIGH``), grade (1 to 4), quantity
        (``value``, ``times_lln``, ``times_uln``, ``times_baseline``, ``above_uln``, ``percent_change``), operator,
        limit_si, unit_si, limit_us, unit_us, condition, reading (``both``, ``lab_only``, ``worst_case``),
        when_missing (``off``: without the value that it needs the row does not apply, and says nothing), remark.
    """
    return table("ctcae_v5")


def not_gradable() -> pd.DataFrame:
    """Return what CTCAE v5.0 has no numbers for: testcd, direction, why."""
    return table("ctcae_v5_not_gradable")


def fda_levels() -> pd.DataFrame:
    """Return the levels 1 to 3 of the FDA's integrated guide v2.0 (Tables 56 and 57), in the form of `ctcae`."""
    return table("fda_v2_levels")


def fda_extremes() -> pd.DataFrame:
    """Return results that are hardly possible (Tables 58 to 60): below low_us or low_si, above high_us or high_si."""
    return table("fda_v2_extremes")


def pressures() -> pd.DataFrame:
    """Return the categories of blood pressure (Tables 36 to 38): based_on (maximum, minimum), operator, limit."""
    return table("fda_v2_vitals")


def qtcf_categories() -> pd.DataFrame:
    """Return the categories of QTcF (ICH E14): quantity (value, change), above lower_exclusive to upper_inclusive."""
    return table("ich_e14_qtcf")


def qtcf_effect() -> float:
    """Return the effect on QTcF, ms, below which the upper end of its 90 % interval must lie (ICH E14)."""
    return float(table("ich_e14_effect")["limit"].iloc[0])


@cache
def table(name: str) -> pd.DataFrame:
    """Return a file of this room; its limits are numbers, empty where there is none.

    Parameters
    ----------
    name : str
        Of the file, without its ending.
    """
    read = pd.read_csv(_ROOM / f"{name}.csv", dtype="str", keep_default_na=False)
    numbers = {name: pd.to_numeric(read[name]) for name in (*_NUMBERS, *_BOUNDS) if name in read}
    return read.assign(**numbers)


def hepatic(item: str) -> float:
    """Return a limit of the displays of the liver: ``transaminase``, ``bilirubin``, ``phosphatase``, ``r_...``."""
    limits = table("hepatic").set_index("item")["limit"]
    return float(limits[item])
