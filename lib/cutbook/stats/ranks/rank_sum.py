"""Two groups by ranks: Wilcoxon's rank sum test, and Hodges and Lehmann's shift."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.special import ndtr, ndtri


@dataclass(frozen=True)
class RankSum:
    """Rank sum test of two groups.

    Attributes
    ----------
    w : float
        Mann-Whitney's count of pairs in which the first group is higher, ties as halves (R's W).
    z, p : float
        Normal approximation with ties, two-sided.
    shift, ci_low, ci_high : float
        Median of the pairwise differences, first less second, and its 95 % limits by the normal approximation.
    """

    w: float
    z: float
    p: float
    shift: float
    ci_low: float
    ci_high: float


def rank_sum(first: Sequence[float], second: Sequence[float], *, is_corrected: bool = False) -> RankSum | str:
    """Return Wilcoxon's rank sum test and Hodges and Lehmann's shift of two groups, or why there is none.

    Parameters
    ----------
    first, second : sequence of float
        Values of the groups.
    is_corrected : bool
        With continuity correction.

    Notes
    -----
    Agrees with R's ``wilcox.test(exact = FALSE)``; the shift is the median of all differences, where R gives the root
    of its test.

    Examples
    --------
    >>> found = rank_sum([3.0, 4.0, 5.0], [1.0, 2.0])
    >>> found.w, found.shift
    (6.0, 2.5)
    """
    one, two = (np.asarray(group, dtype="float64") for group in (first, second))
    if not len(one) or not len(two):
        return "a group has no values"
    ranks = pd.Series(np.concatenate([one, two])).rank().to_numpy()
    total = len(ranks)
    w = float(ranks[: len(one)].sum() - len(one) * (len(one) + 1) / 2)
    ties = np.unique(ranks, return_counts=True)[1]
    variance = len(one) * len(two) / 12 * (total + 1 - (ties**3 - ties).sum() / (total * (total - 1)))
    if variance <= 0:
        return "all values are the same"
    surplus = w - len(one) * len(two) / 2
    z = float((surplus - (np.sign(surplus) / 2 if is_corrected else 0.0)) / np.sqrt(variance))
    differences = np.sort((one[:, None] - two[None, :]).ravel())
    margin = float(ndtri(0.975)) * np.sqrt(len(one) * len(two) * (total + 1) / 12)
    place = max(int(np.floor(len(one) * len(two) / 2 - margin)), 0)
    shift = float(np.median(differences))
    return RankSum(w, z, float(2 * ndtr(-abs(z))), shift, float(differences[place]), float(differences[-1 - place]))
