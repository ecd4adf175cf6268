"""P values and limits of several comparisons with one control, adjusted for their number."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from scipy.optimize import brentq
from scipy.special import gammaln, ndtr

Floats = npt.NDArray[np.float64]

_NODES, _WEIGHTS = np.polynomial.hermite_e.hermegauss(120)
_LEGENDRE = np.polynomial.legendre.leggauss(96)


def holm(p_values: Sequence[float]) -> list[float]:
    """Return p values adjusted by Holm's method; missing ones stay missing and are not counted.

    Holm, Scand J Stat 1979;6:65; agrees with R's ``p.adjust(method = "holm")``.

    Examples
    --------
    >>> [round(p, 3) for p in holm([0.01, 0.04, 0.03])]
    [0.03, 0.06, 0.06]
    """
    given = np.asarray(p_values, dtype="float64")
    known = np.flatnonzero(~np.isnan(given))
    order = known[np.argsort(given[known], kind="stable")]
    adjusted = np.full(len(given), np.nan)
    steps = given[order] * np.arange(len(order), 0, -1)
    adjusted[order] = np.minimum(np.maximum.accumulate(steps), 1.0) if len(order) else steps
    return [float(p) for p in adjusted]


def dunnett(statistics: Sequence[float], covariance: npt.ArrayLike, df: float) -> list[float]:
    """Return two-sided p values of comparisons with one control, adjusted by Dunnett's method.

    Parameters
    ----------
    statistics : sequence of float
        t statistics of the differences.
    covariance : array, comparisons x comparisons
        Their covariance, or any multiple of it.
    df : float
        Degrees of freedom of their common residual SD; above 0.

    Returns
    -------
    list of float
        The probability that the largest of all is at least as far from 0, by the multivariate t distribution.

    Notes
    -----
    Dunnett, J Am Stat Assoc 1955;50:1096. Exact for the correlations of a one-factor structure, which differences from
    one control have with covariates to a close approximation; agrees with R's ``emmeans(adjust = "mvt")`` to 1e-3.

    Examples
    --------
    >>> round(dunnett([2.0], [[1.0]], 10)[0], 4)
    0.0734
    """
    loadings = _loadings(np.asarray(covariance, dtype="float64"))
    return [1 - _inside(abs(one), loadings, df) if one == one else float("nan") for one in statistics]


def dunnett_quantile(covariance: npt.ArrayLike, df: float, level: float = 0.95) -> float:
    """Return how many standard errors the simultaneous limits of comparisons with one control lie from the estimate.

    Arguments as in :func:`dunnett`.

    Examples
    --------
    >>> round(dunnett_quantile([[1.0]], 10), 3)
    2.228
    """
    loadings = _loadings(np.asarray(covariance, dtype="float64"))
    return float(brentq(lambda at: _inside(at, loadings, df) - level, 0.0, 200.0))


def _loadings(covariance: Floats) -> Floats:
    """Return one number a comparison whose products are nearest to the correlations of the comparisons."""
    deviations = np.sqrt(np.diag(covariance))
    correlation = covariance / np.outer(deviations, deviations)
    count = len(correlation)
    if count < 2:
        return np.zeros(count)
    middle = float(correlation[~np.eye(count, dtype=bool)].mean())
    loadings: Floats = np.full(count, np.sqrt(min(max(middle, 0.0), 0.99)))
    for _ in range(200):
        off = correlation - np.diag(np.diag(correlation))
        loadings = np.clip(off @ loadings / np.maximum(loadings @ loadings - loadings**2, 1e-12), 0.0, 0.9999)
    return loadings


def _inside(limit: float, loadings: Floats, df: float) -> float:
    """Return the probability that all of them lie within a limit, over the common factor and the residual SD."""
    points, weights = _LEGENDRE
    high = 1 + 12 / np.sqrt(2 * df) if df > 1 else 12.0
    scale, share = (points + 1) / 2 * high, weights / 2 * high
    constant = df / 2 * np.log(df / 2) - gammaln(df / 2) + np.log(2)
    density = np.exp(constant + (df - 1) * np.log(scale) - df * scale**2 / 2)
    rest = np.sqrt(1 - loadings**2)
    edges = limit * scale[:, None, None] / rest
    moved = (loadings * _NODES[:, None]) / rest
    within = (ndtr(edges - moved) - ndtr(-edges - moved)).prod(axis=2)
    return float((within @ (_WEIGHTS / _WEIGHTS.sum())) @ (density * share))
