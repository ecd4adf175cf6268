"""Tables of groups by ordered categories within strata: Cochran, Mantel and Haenszel's tests."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.special import chdtrc

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class ChiSquare:
    """A chi-square test: statistic, degrees of freedom, p value, and in how many strata something could be compared."""

    statistic: float
    df: int
    p: float
    strata: int


def row_mean_scores(groups: pd.Series, scores: pd.Series, strata: pd.Series) -> ChiSquare | str:
    """Return the Cochran-Mantel-Haenszel test that groups have the same mean score within strata.

    Parameters
    ----------
    groups : Series
        Group of each participant, in any number.
    scores : Series of float
        Score of the participant's category; the categories themselves as numbers are SAS's table scores.
    strata : Series
        Stratum of each participant. Participants for whom any of the three is missing do not take part.

    Returns
    -------
    ChiSquare or str
        Degrees of freedom are groups less one; or why there is no test.

    Notes
    -----
    Landis, Heyman and Koch, Int Stat Rev 1978;46:237. Agrees with SAS PROC FREQ (``CMH``, row mean scores differ) and
    R's ``coin::cmh_test`` with scores.

    Examples
    --------
    >>> some = pd.Series(list("AABBAABB"))
    >>> found = row_mean_scores(some, pd.Series([1.0, 2, 2, 3, 1, 1, 3, 2]), pd.Series([1] * 4 + [2] * 4))
    >>> round(found.statistic, 4), found.df
    (3.9474, 1)
    """
    data = pd.DataFrame({"group": groups, "score": scores.astype("float64"), "stratum": strata}).dropna()
    names = sorted(data["group"].unique())
    if len(names) < 2:
        return "fewer than two groups have a value"
    surplus, variance, told = np.zeros(len(names)), np.zeros((len(names), len(names))), 0
    for _, own in data.groupby("stratum", sort=True, observed=True):
        size = len(own)
        if size < 2:
            continue
        counts = own["group"].value_counts().reindex(names, fill_value=0).to_numpy("float64")
        sums = own.groupby("group")["score"].sum().reindex(names, fill_value=0.0).to_numpy("float64")
        mean, spread = own["score"].mean(), own["score"].var(ddof=0)
        surplus += sums - counts * mean
        variance += spread / (size - 1) * (np.diag(counts) * size - np.outer(counts, counts))
        told += int(spread > 0 and (counts > 0).sum() > 1)
    return _judged(surplus[:-1], variance[:-1, :-1], told)


def general_association(groups: pd.Series, categories: pd.Series, strata: pd.Series) -> ChiSquare | str:
    """Return the Cochran-Mantel-Haenszel test that groups and unordered categories are independent within strata.

    Arguments and result as in :func:`row_mean_scores`; degrees of freedom are (groups - 1) (categories - 1). Agrees
    with SAS PROC FREQ (``CMH``, general association) and R's ``mantelhaen.test(correct = FALSE)``.
    """
    data = pd.DataFrame({"group": groups, "category": categories, "stratum": strata}).dropna()
    rows, columns = (sorted(data[name].unique()) for name in ("group", "category"))
    if len(rows) < 2 or len(columns) < 2:
        return "fewer than two groups or categories have a value"
    length = (len(rows) - 1) * (len(columns) - 1)
    surplus, variance, told = np.zeros(length), np.zeros((length, length)), 0
    for _, own in data.groupby("stratum", sort=True, observed=True):
        table = pd.crosstab(own["group"], own["category"]).reindex(index=rows, columns=columns, fill_value=0)
        counts = table.to_numpy("float64")
        size, by_row, by_column = counts.sum(), counts.sum(axis=1), counts.sum(axis=0)
        if size < 2:
            continue
        surplus += (counts - np.outer(by_row, by_column) / size)[:-1, :-1].ravel()
        parts = [(np.diag(part) * size - np.outer(part, part))[:-1, :-1] for part in (by_row, by_column)]
        variance += np.kron(*parts) / (size**2 * (size - 1))
        told += int((by_row > 0).sum() > 1 and (by_column > 0).sum() > 1)
    return _judged(surplus, variance, told)


def _judged(surplus: Floats, variance: Floats, told: int) -> ChiSquare | str:
    scale = np.sqrt(np.diag(variance))
    if not told or (scale <= 0).any():
        return "no stratum has two groups with values that differ"
    scaled = variance / np.outer(scale, scale)
    if np.linalg.eigvalsh(scaled)[0] < 1e-10:
        return "the groups are in no stratum together"
    standard = surplus / scale
    statistic = float(standard @ np.linalg.solve(scaled, standard))
    return ChiSquare(statistic, len(surplus), float(chdtrc(len(surplus), statistic)), told)
