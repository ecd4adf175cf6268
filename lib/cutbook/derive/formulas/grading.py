"""Grades and levels of results by a table of criteria."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt
import pandas as pd

Floats = npt.NDArray[np.float64]
Booleans = npt.NDArray[np.bool_]

_NOISE = 1e-9
"""What two numbers may differ by, as a part of them, and still be the same: noise of the last binary digits."""

_BY_BASELINE = ("baseline_normal", "baseline_abnormal")

_QUANTITIES: dict[str, Callable[[pd.DataFrame], pd.Series]] = {
    "value": lambda frame: frame["VALUE"],
    "times_lln": lambda frame: frame["VALUE"] / frame["LLN"].where(frame["LLN"].gt(0)),
    "times_uln": lambda frame: frame["VALUE"] / frame["ULN"].where(frame["ULN"].gt(0)),
    "times_baseline": lambda frame: frame["VALUE"] / frame["BASE"].where(frame["BASE"].gt(0)),
    "above_uln": lambda frame: frame["VALUE"] - frame["ULN"],
    "percent_change": lambda frame: 100 * (frame["VALUE"] - frame["BASE"]) / frame["BASE"].where(frame["BASE"].gt(0)),
    "percent_decrease": lambda frame: 100 * (frame["BASE"] - frame["VALUE"]) / frame["BASE"].where(frame["BASE"].gt(0)),
    "decrease_from_baseline": lambda frame: frame["BASE"] - frame["VALUE"],
    "increase_from_baseline": lambda frame: frame["VALUE"] - frame["BASE"],
}

_CONDITIONS: dict[str, Callable[[pd.DataFrame], pd.Series]] = {
    "baseline_normal": lambda frame: ~frame["IS_BASE_HIGH"],
    "baseline_abnormal": lambda frame: frame["IS_BASE_HIGH"],
    "below_lln": lambda frame: frame["VALUE"].lt(frame["LLN"]),
    "male": lambda frame: frame["SEX"].eq("M"),
    "female": lambda frame: frame["SEX"].eq("F"),
}
"""What a condition asks of a record; one that is not named here is met by choosing the rows of criteria."""


def grades(records: pd.DataFrame, criteria: pd.DataFrame) -> pd.Series:
    """Return the grade of every result: the highest of which a condition is met.

    Parameters
    ----------
    records : frame
        Results of one test and direction, in the unit of the criteria: VALUE, LLN, ULN (limits of normal), BASE
        (baseline), IS_BASE_HIGH (it lay above its upper limit; unknown counts as no), SEX (``M``, ``F``).
    criteria : frame
        Rows of one test and direction: grade, quantity, operator, limit, condition, when_missing.

    Returns
    -------
    Series of float
        0 where no condition is met. Missing without a value; where no condition is met and a limit or a baseline that
        one needs is not known; and where the way of grading depends on the baseline and the upper limit is not known.

    Notes
    -----
    NCI CTCAE v5.0; FDA Standard Safety Tables and Figures v2.0, Tables 56 and 57. Numbers that are the same in decimals
    are the same here: 16.1 - 14.6 is 1.5.

    Examples
    --------
    >>> rules = pd.DataFrame({"grade": [1.0, 2.0], "quantity": ["times_uln"] * 2, "operator": [">"] * 2,
    ...     "limit": [1.0, 3.0], "condition": ["any"] * 2, "when_missing": [""] * 2})
    >>> alt = pd.DataFrame({"VALUE": [34.0, 102.0, 103.0, 40.0], "LLN": 6.0, "ULN": [34.0, 34.0, 34.0, None],
    ...     "BASE": 20.0, "IS_BASE_HIGH": False, "SEX": "F"})
    >>> grades(alt, rules).tolist()
    [0.0, 1.0, 2.0, nan]
    """
    highest, is_open = np.zeros(len(records)), records["VALUE"].isna().to_numpy()
    for row in criteria.to_dict("records"):
        measured = _QUANTITIES[row["quantity"]](records).to_numpy("float64")
        applies = _applies(records, str(row["condition"]))
        is_met = applies & beyond(measured, str(row["operator"]), float(row["limit"]))
        highest = np.where(is_met, np.maximum(highest, float(row["grade"])), highest)
        is_off = row["when_missing"] == "off"
        is_open = is_open | (applies & np.isnan(measured) & (not is_off) & (row["condition"] != "below_lln"))
    unknown = is_open & (highest == 0) | records["VALUE"].isna().to_numpy()
    if criteria["condition"].isin(_BY_BASELINE).any():
        unknown = unknown | records["ULN"].isna().to_numpy()
    return pd.Series(np.where(unknown, np.nan, highest), index=records.index)


def _applies(records: pd.DataFrame, condition: str) -> Booleans:
    if condition not in _CONDITIONS:
        return np.ones(len(records), dtype="bool")
    applies: Booleans = _CONDITIONS[condition](records).to_numpy("bool")
    return applies


def beyond(values: Floats, operator: str, limit: float | Floats) -> Booleans:
    """Return which numbers lie beyond a limit; missing ones do not.

    Parameters
    ----------
    values : array of float
        The numbers.
    operator : str
        ``<``, ``<=``, ``>`` or ``>=``.
    limit : float or array of float
        The limit, of each where it is an array.

    Examples
    --------
    >>> beyond(np.array([1.5000000000000018, 1.6]), ">", 1.5).tolist()
    [False, True]
    """
    bounds = np.broadcast_to(np.asarray(limit, dtype="float64"), values.shape)
    with np.errstate(invalid="ignore"):
        is_same = np.abs(values - bounds) <= _NOISE * np.maximum(np.abs(values), np.abs(bounds))
        is_outside = values < bounds if operator.startswith("<") else values > bounds
    strictly: Booleans = is_outside & ~is_same
    return strictly | is_same if operator.endswith("=") else strictly
