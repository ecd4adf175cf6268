"""Confidence intervals of means, of many groups at once."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from scipy.special import stdtrit

Floats = npt.NDArray[np.float64]


def mean_limits(mean: npt.ArrayLike, sd: npt.ArrayLike, n: npt.ArrayLike, level: float = 0.95) -> tuple[Floats, Floats]:
    """Return the confidence limits of means, by Student's t.

    Parameters
    ----------
    mean, sd, n : array of float
        Mean, standard deviation and number of values of each group.
    level : float
        Confidence level, between 0 and 1.

    Returns
    -------
    tuple of array
        Lower and upper limits, missing where there are fewer than two values. Agrees with R's ``t.test``.

    Examples
    --------
    >>> [round(limit.item(), 4) for limit in mean_limits([4.0], [2.0], [4.0])]
    [0.8176, 7.1824]
    """
    centre, spread, size = (np.asarray(part, dtype="float64") for part in (mean, sd, n))
    with np.errstate(invalid="ignore", divide="ignore"):
        half = stdtrit(np.clip(size - 1, 1, None), (1 + level) / 2) * spread / np.sqrt(size)
    half = np.where(size > 1, half, np.nan)
    return centre - half, centre + half
