"""Potential cases of Hy's law and kinds of liver injury."""

from __future__ import annotations

import pandas as pd

from cutbook.derive.formulas.grading import beyond


def at_least(values: pd.Series, limit: float) -> pd.Series:
    """Return which values reach a limit; missing ones do not.

    Examples
    --------
    >>> at_least(pd.Series([3 * 34 / 34, 2.9, None]), 3).tolist()
    [True, False, False]
    """
    return pd.Series(beyond(values.to_numpy("float64"), ">=", limit), index=values.index)


def quadrants(across: pd.Series, up: pd.Series, limits: tuple[float, float]) -> pd.Series:
    """Return in which quadrant a participant's two highest values lie, missing without both.

    Parameters
    ----------
    across, up : Series of float
        Highest transaminase (or phosphatase) and highest bilirubin, multiples of the upper limit of normal.
    limits : tuple of float
        From which value on each is to the right, or above.

    Examples
    --------
    >>> quadrants(pd.Series([3.0, 2.9, 3.0]), pd.Series([2.0, 2.0, None]), (3, 2)).tolist()
    ['right upper', 'left upper', nan]
    """
    sides = at_least(across, limits[0]).map({True: "right", False: "left"})
    heights = at_least(up, limits[1]).map({True: "upper", False: "lower"})
    return (sides + " " + heights).astype("str").where(across.notna() & up.notna())


def days_until(first: pd.DataFrame, later: pd.DataFrame) -> pd.Series:
    """Return by participant the fewest days from an increase to another on the same day or later.

    Parameters
    ----------
    first, later : frame
        USUBJID and ADT of the results that reach their limit.

    Returns
    -------
    Series of float
        By USUBJID, those alone who have both in this order.
    """
    pairs = first[["USUBJID", "ADT"]].merge(later[["USUBJID", "ADT"]], on="USUBJID", suffixes=("", "_LATER"))
    days = (pairs["ADT_LATER"] - pairs["ADT"]).dt.days.astype("float64")
    return days[days.ge(0)].groupby(pairs["USUBJID"]).min()


def kind_of_injury(ratio: pd.Series, hepatocellular: float, cholestatic: float) -> pd.Series:
    """Return the kind of injury that R tells, R = (ALT / ULN) / (ALP / ULN) of one day; missing without it.

    Examples
    --------
    >>> kind_of_injury(pd.Series([5.0, 4.0, 2.0, None]), 5, 2).tolist()
    ['hepatocellular', 'mixed', 'cholestatic', nan]
    """
    words = pd.Series("mixed", index=ratio.index, dtype="str").mask(at_least(ratio, hepatocellular), "hepatocellular")
    is_low = pd.Series(beyond(ratio.to_numpy("float64"), "<=", cholestatic), index=ratio.index)
    return words.mask(is_low, "cholestatic").where(ratio.notna())
