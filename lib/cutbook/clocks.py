"""Clocks of places: the offset from UTC that a date states, and by how much one clock is ahead of another."""

from __future__ import annotations

import pandas as pd

_STATED_OFFSET = r"T[0-9].*(?:(?P<UTC>Z)|(?P<SIGN>[+-])(?P<HOURS>[0-9]{2})(?::?(?P<MINUTES>[0-9]{2}))?)$"


def clock_difference(text: pd.Series, other: pd.Series) -> pd.Series:
    """Return by how much the clock of each date is ahead of that of the other one, by their offsets from UTC.

    Parameters
    ----------
    text, other : Series
        ISO 8601 text, same index.

    Returns
    -------
    Series of timedelta64[s]
        Nothing (0) unless both state an offset. What elapsed from the other date to this one is the difference of their
        local clocks less this.

    Examples
    --------
    >>> samples = pd.Series(["2024-03-31T10:00+02:00", "2024-03-31T10:00Z", "2024-03-31T10:00"])
    >>> clock_difference(samples, pd.Series("2024-03-30T10:00+01:00", range(3))).dt.total_seconds().tolist()
    [3600.0, -3600.0, 0.0]
    """
    ahead = (utc_offsets(text) - utc_offsets(other)).fillna(0)
    return pd.to_timedelta(ahead, unit="min").astype("timedelta64[s]")


def utc_offsets(text: pd.Series) -> pd.Series:
    """Return the offset from UTC that each date states, in minutes; missing where it states none, or no time.

    Examples
    --------
    >>> utc_offsets(pd.Series(["2024-03-05T10:00-05:30", "2024-03-05T10:00Z", "2024-03-05T10:00", None])).tolist()
    [-330.0, 0.0, nan, nan]
    """
    codes, uniques = pd.factorize(text.astype(object))
    parts = pd.Series([*map(str, uniques), ""], dtype="str").str.extract(_STATED_OFFSET)
    minutes = parts["HOURS"].astype("float64") * 60 + parts["MINUTES"].fillna("0").astype("float64")
    minutes = minutes.mask(parts["SIGN"].eq("-"), -minutes).mask(parts["UTC"].notna(), 0.0)
    return pd.Series(minutes.to_numpy()[codes], index=text.index)
