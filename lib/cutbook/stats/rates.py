"""Rates: how many events for the time in which they could happen."""

from __future__ import annotations

from math import isinf, sqrt

import pandas as pd
from scipy.optimize import brentq
from scipy.special import gammaincinv, ndtri

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


def exact_rate_limits(events: float, years: float, per: float = 100.0, level: float = 0.95) -> tuple[float, float]:
    """Return the exact two-sided confidence interval of a rate, events being Poisson.

    Parameters
    ----------
    events, years : float
        Events, 0 or more; time in which they could happen, above 0.
    per : float
        Years that a rate is of.
    level : float
        Confidence level, between 0 and 1.

    Returns
    -------
    tuple of float
        Lower and upper limit, per so many years.

    Notes
    -----
    Garwood, Biometrika 1936;28:437; agrees with R's ``poisson.test``.

    Examples
    --------
    >>> [round(limit, 3) for limit in exact_rate_limits(2, 0.5)]
    [48.442, 1444.938]
    """
    tail = (1 - level) / 2
    lower = 0.0 if events == 0 else float(gammaincinv(events, tail))
    upper = float(gammaincinv(events + 1, 1 - tail))
    return per * lower / years, per * upper / years


def rate_difference(
    events: float, years: float, other_events: float, other_years: float, per: float = 100.0, level: float = 0.95
) -> tuple[float, float, float]:
    """Return the difference of two rates with its score confidence interval, events being Poisson.

    Parameters
    ----------
    events, years : float
        Of the first group: 0 or more; above 0.
    other_events, other_years : float
        Of the group to compare with.
    per, level : float
        As for :func:`exact_rate_limits`.

    Returns
    -------
    tuple of float
        First minus other, lower limit, upper limit, per so many years.

    Notes
    -----
    Miettinen and Nurminen, Stat Med 1985;4:213, asymptotic score with the rates under the difference by maximum
    likelihood; agrees with R's ``ratesci::scoreci(distrib = "poi", skew = FALSE, bcf = FALSE)``.

    Examples
    --------
    >>> [round(part, 1) for part in rate_difference(76, 6.817248, 64, 14.537988)]
    [674.6, 420.8, 971.6]
    """
    z = float(ndtri((1 + level) / 2))
    difference = events / years - other_events / other_years
    counts, times = (events, other_events), (years, other_years)
    limits = [_score_limit(counts, times, difference, side, z) for side in (-1.0, 1.0)]
    return per * difference, per * limits[0], per * limits[1]


def _score(difference: float, counts: tuple[float, float], times: tuple[float, float]) -> float:
    """Return how many standard errors the observed difference lies above a supposed one."""
    total = sum(times)
    linear = total * difference - sum(counts)
    root = sqrt(max(linear * linear + 4 * total * counts[1] * difference, 0.0))
    other = max((root - linear) / (2 * total), 0.0, -difference)
    variance = max(other + difference, 0.0) / times[0] + other / times[1]
    observed = counts[0] / times[0] - counts[1] / times[1] - difference
    if variance <= 0:
        return 0.0 if observed == 0 else float("inf") if observed > 0 else float("-inf")
    return observed / sqrt(variance)


def _score_limit(
    counts: tuple[float, float], times: tuple[float, float], difference: float, side: float, z: float
) -> float:
    """Return the difference, below (-1) or above (1) the observed one, that lies z standard errors from it."""
    step = (sqrt(sum(counts)) + 1) / min(times)
    end = difference + side * step
    while not isinf(_score(end, counts, times)) and abs(_score(end, counts, times)) < z:
        step *= 2
        end = difference + side * step

    def beyond(supposed: float) -> float:
        return min(max(-side * _score(supposed, counts, times), -10 * z), 10 * z) - z

    return float(brentq(beyond, difference, end, xtol=1e-14, rtol=1e-14))
