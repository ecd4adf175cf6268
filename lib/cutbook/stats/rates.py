"""Rates: how many events for the time in which they could happen."""

from __future__ import annotations

import pandas as pd

DAYS_PER_YEAR = 365.25


def person_years(days: pd.Series, groups: pd.Series) -> pd.DataFrame:
    """Return the years of participants together, by group.

    Parameters
    ----------
    days : Series of float
        Days of each participant, at least 0; missing where they are not known.
    groups : Series
        Group of each participant (a categorical has a row for every category).

    Returns
    -------
    frame
        Index group; ``years``, of 365.25 days, of those whose days are known; ``people`` and ``known``, participants,
        and those whose days are known.

    Examples
    --------
    >>> person_years(pd.Series([365.25, 730.5, None]), pd.Series(["A", "A", "B"])).loc["A", "years"].item()
    3.0
    """
    by_group = days.astype("float64").groupby(groups, observed=False)
    return pd.DataFrame({"years": by_group.sum() / DAYS_PER_YEAR, "people": by_group.size(), "known": by_group.count()})


def event_rate(events: pd.Series, years: pd.Series, per: float = 100.0) -> pd.Series:
    """Return events per so many person-years; missing where there are no years.

    Examples
    --------
    >>> event_rate(pd.Series([3.0, 1.0]), pd.Series([2.0, 0.0])).tolist()
    [150.0, nan]
    """
    return per * events / years.where(years > 0)
