"""Proportions and their differences."""

from __future__ import annotations

from math import sqrt

from scipy.special import betaincinv, ndtri


def clopper_pearson(count: int, total: int, level: float = 0.95) -> tuple[float, float]:
    """Return the exact two-sided confidence interval of a proportion.

    Parameters
    ----------
    count, total : int
        Participants with the event, 0 to ``total``; participants at risk, at least 1.
    level : float
        Confidence level, between 0 and 1.

    Returns
    -------
    tuple of float
        Lower and upper limit, 0 to 1.

    Notes
    -----
    Clopper and Pearson, Biometrika 1934;26:404; agrees with R's ``binom.test``.

    Examples
    --------
    >>> [round(limit, 4) for limit in clopper_pearson(0, 10)]
    [0.0, 0.3085]
    """
    tail = (1 - level) / 2
    lower = 0.0 if count == 0 else float(betaincinv(count, total - count + 1, tail))
    upper = 1.0 if count == total else float(betaincinv(count + 1, total - count, 1 - tail))
    return lower, upper


def wilson(count: int, total: int, level: float = 0.95) -> tuple[float, float]:
    """Return Wilson's score interval of a proportion, without continuity correction.

    Wilson, J Am Stat Assoc 1927;22:209; agrees with R's ``prop.test(correct = FALSE)``. Arguments and result as in
    :func:`clopper_pearson`.

    Examples
    --------
    >>> [round(limit, 4) for limit in wilson(1, 10)]
    [0.0179, 0.4042]
    """
    z = float(ndtri((1 + level) / 2))
    share = count / total
    centre = share + z * z / (2 * total)
    half = z * sqrt(share * (1 - share) / total + z * z / (4 * total * total))
    scale = 1 + z * z / total
    return max(0.0, (centre - half) / scale), min(1.0, (centre + half) / scale)


def risk_difference(
    count: int, total: int, other_count: int, other_total: int, level: float = 0.95
) -> tuple[float, float, float]:
    """Return the difference of two independent proportions with Newcombe's hybrid score interval (his method 10).

    Parameters
    ----------
    count, total : int
        Events and participants of the first group.
    other_count, other_total : int
        The same of the group to compare with.
    level : float
        Confidence level.

    Returns
    -------
    tuple of float
        First minus other, lower limit, upper limit; each -1 to 1.

    Notes
    -----
    Newcombe, Stat Med 1998;17:873.

    Examples
    --------
    >>> [round(part, 4) for part in risk_difference(56, 70, 48, 80)]
    [0.2, 0.0524, 0.3339]
    """
    share, other = count / total, other_count / other_total
    low, high = wilson(count, total, level)
    other_low, other_high = wilson(other_count, other_total, level)
    difference = share - other
    lower = difference - sqrt((share - low) ** 2 + (other_high - other) ** 2)
    upper = difference + sqrt((high - share) ** 2 + (other - other_low) ** 2)
    return difference, lower, upper
