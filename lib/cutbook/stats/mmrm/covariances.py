"""Covariance structures of the visits of a participant, with their first and second derivatives.

Every structure is ``D C D`` with a diagonal matrix D of exp(theta), one value a visit (heterogeneous) or one in all,
and a matrix C of the parameters that follow. The parameters are those of R's ``mmrm`` (vignette "Covariance
Structures"): the second derivatives, and so the covariance of Kenward and Roger, depend on them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]


class Derivatives(NamedTuple):
    """A matrix and its derivatives: visits x visits, parameters x ..., parameters x parameters x ..."""

    value: Floats
    first: Floats
    second: Floats


@dataclass(frozen=True)
class Structure:
    """A covariance structure.

    Attributes
    ----------
    words : str
        How a reader calls it.
    is_heterogeneous : bool
        Whether each visit has a variance of its own.
    count : callable
        Number of parameters of C for a number of visits.
    inner : callable
        C and its derivatives from its parameters and the number of visits.
    start : callable
        Parameters of C from a correlation matrix (for ``us``, D and C from a covariance matrix, see :func:`start`).
    """

    words: str
    is_heterogeneous: bool
    count: Callable[[int], int]
    inner: Callable[[Floats, int], Derivatives]
    start: Callable[[Floats], Floats]


def parameters(structure: Structure, visits: int) -> int:
    """Return the number of parameters."""
    return (visits if structure.is_heterogeneous else 1) + structure.count(visits)


def covariance(structure: Structure, theta: Floats, visits: int) -> Derivatives:
    """Return the covariance matrix of all visits and its derivatives by theta."""
    scales = visits if structure.is_heterogeneous else 1
    which = np.eye(visits) if structure.is_heterogeneous else np.ones((1, visits))
    deviations = np.exp(theta[:scales] @ which)
    product = np.outer(deviations, deviations)
    inner = structure.inner(theta[scales:], visits)
    value = product * inner.value
    twice = which[:, :, None] + which[:, None, :]
    count = len(theta)
    first = np.concatenate([value * twice, product * inner.first])
    second = np.empty((count, count, visits, visits))
    second[:scales, :scales] = value * twice[:, None] * twice[None]
    second[scales:, scales:] = product * inner.second
    second[:scales, scales:] = twice[:, None] * (product * inner.first)[None]
    second[scales:, :scales] = second[:scales, scales:].swapaxes(0, 1)
    return Derivatives(value, first, second)


def start(structure: Structure, observed: Floats) -> Floats:
    """Return parameters near an observed, positive definite covariance matrix of the visits."""
    visits = len(observed)
    if structure is STRUCTURES["us"]:
        factor = np.linalg.cholesky(observed)
        diagonal = np.diag(factor)
        return np.concatenate([np.log(diagonal), (factor / diagonal[:, None])[np.tril_indices(visits, -1)]])
    variances = np.diag(observed)
    deviations = np.sqrt(variances if structure.is_heterogeneous else [variances.mean()])
    correlation = observed / np.sqrt(np.outer(variances, variances))
    for shrink in (1.0, 0.7, 0.4, 0.1, 0.0):
        inner = structure.start(correlation * shrink + np.eye(visits) * (1 - shrink))
        if np.linalg.eigvalsh(structure.inner(inner, visits).value)[0] > 0.02:
            break
    return np.concatenate([np.log(deviations), inner])


def _lags(visits: int) -> npt.NDArray[np.int64]:
    places = np.arange(visits)
    return np.asarray(np.abs(places[:, None] - places))


def _no_parameters(visits: int) -> Derivatives:
    return Derivatives(np.ones((visits, visits)), np.empty((0, visits, visits)), np.empty((0, 0, visits, visits)))


def _by_correlation(theta: Floats, by_rho: Derivatives) -> Derivatives:
    """Return derivatives by theta where rho = theta / sqrt(1 + theta^2), given those by rho."""
    slope, bend = (1 + theta**2) ** -1.5, -3 * theta * (1 + theta**2) ** -2.5
    return _chained(by_rho, slope, bend)


def _chained(by_rho: Derivatives, slope: Floats, bend: Floats) -> Derivatives:
    second = by_rho.second * np.outer(slope, slope)[:, :, None, None]
    places = np.arange(len(slope))
    second[places, places] += by_rho.first * bend[:, None, None]
    return Derivatives(by_rho.value, by_rho.first * slope[:, None, None], second)


def _rho(theta: Floats) -> Floats:
    return theta / np.sqrt(1 + theta**2)


def _theta(rho: Floats) -> Floats:
    inside = np.clip(rho, -0.95, 0.95)
    return inside / np.sqrt(1 - inside**2)


def _unstructured(theta: Floats, visits: int) -> Derivatives:
    """C = L L' with a unit lower triangle L, filled by rows: R's ``us``."""
    rows, columns = np.tril_indices(visits, -1)
    factor = np.eye(visits)
    factor[rows, columns] = theta
    units = np.zeros((len(theta), visits, visits))
    units[np.arange(len(theta)), rows, columns] = 1.0
    half = units @ factor.T
    crossed = units[:, None] @ units.swapaxes(1, 2)[None]
    return Derivatives(factor @ factor.T, half + half.swapaxes(1, 2), crossed + crossed.swapaxes(2, 3))


def _toeplitz(theta: Floats, visits: int) -> Derivatives:
    lags = _lags(visits)
    bands = (lags == np.arange(1, visits)[:, None, None]).astype("float64")
    value = np.eye(visits) + np.tensordot(_rho(theta), bands, 1)
    return _by_correlation(theta, Derivatives(value, bands, np.zeros((visits - 1, visits - 1, visits, visits))))


def _autoregressive(theta: Floats, visits: int) -> Derivatives:
    if visits == 1:
        return _no_parameters(visits)
    lags, rho = _lags(visits), _rho(theta)[0]
    powers = rho ** np.arange(visits)
    once = np.concatenate([[0.0], np.arange(1, visits) * powers[:-1]])
    twice = np.concatenate([[0.0], np.arange(1, visits) * once[:-1]])
    return _by_correlation(theta, Derivatives(powers[lags], once[lags][None], twice[lags][None, None]))


def _symmetric(theta: Floats, visits: int) -> Derivatives:
    """Correlation (1 + a) / (1 + exp(-theta)) - a with a = 1 / (visits - 1), so that every theta is a covariance."""
    if visits == 1:
        return _no_parameters(visits)
    least = 1 / (visits - 1)
    share = 1 / (1 + np.exp(-theta))
    other = 1.0 - np.eye(visits)
    value = np.eye(visits) + (share[0] * (1 + least) - least) * other
    slope = share * (1 - share) * (1 + least)
    by_rho = Derivatives(value, other[None], np.zeros((1, 1, visits, visits)))
    return _chained(by_rho, slope, slope * (1 - 2 * share))


def _antedependent(theta: Floats, visits: int) -> Derivatives:
    """C[i, j] is the product of the correlations of neighbours between i and j."""
    rho, count = _rho(theta), visits - 1
    places = np.arange(visits)
    steps = np.arange(count)
    low, high = np.minimum.outer(places, places), np.maximum.outer(places, places)
    between = (low <= steps[:, None, None]) & (steps[:, None, None] < high)
    factors = np.where(between, rho[:, None, None], 1.0)
    first = (
        np.stack([_without(factors, [one]) * between[one] for one in range(count)]) if count else np.empty((0, 1, 1))
    )
    second = np.zeros((count, count, visits, visits))
    for one in range(count):
        for two in range(one):
            second[one, two] = second[two, one] = _without(factors, [one, two]) * (between[one] & between[two])
    return _by_correlation(theta, Derivatives(factors.prod(axis=0), first, second))


def _without(factors: Floats, gone: list[int]) -> Floats:
    return np.asarray(np.delete(factors, gone, axis=0).prod(axis=0))


def _start_of_lags(correlation: Floats) -> Floats:
    visits = len(correlation)
    return _theta(np.array([np.diagonal(correlation, lag).mean() for lag in range(1, visits)]))


def _start_of_neighbours(correlation: Floats) -> Floats:
    return _theta(np.diagonal(correlation, 1).copy())


def _start_of_mean_neighbour(correlation: Floats) -> Floats:
    return _theta(np.array([np.diagonal(correlation, 1).mean()])) if len(correlation) > 1 else np.empty(0)


def _start_of_mean(correlation: Floats) -> Floats:
    visits = len(correlation)
    if visits == 1:
        return np.empty(0)
    least = 1 / (visits - 1)
    rho = (correlation.sum() - visits) / (visits * (visits - 1))
    share = np.clip((rho + least) / (1 + least), 0.02, 0.98)
    return np.array([np.log(share / (1 - share))])


def _one(visits: int) -> int:
    return int(visits > 1)


def _neighbours(visits: int) -> int:
    return visits - 1


def _pairs(visits: int) -> int:
    return visits * (visits - 1) // 2


STRUCTURES = {
    "us": Structure("unstructured", True, _pairs, _unstructured, _start_of_neighbours),
    "toeph": Structure("heterogeneous Toeplitz", True, _neighbours, _toeplitz, _start_of_lags),
    "adh": Structure("heterogeneous ante-dependence", True, _neighbours, _antedependent, _start_of_neighbours),
    "ar1h": Structure("heterogeneous autoregressive", True, _one, _autoregressive, _start_of_mean_neighbour),
    "csh": Structure("heterogeneous compound symmetry", True, _one, _symmetric, _start_of_mean),
    "toep": Structure("Toeplitz", False, _neighbours, _toeplitz, _start_of_lags),
    "ad": Structure("ante-dependence", False, _neighbours, _antedependent, _start_of_neighbours),
    "ar1": Structure("autoregressive", False, _one, _autoregressive, _start_of_mean_neighbour),
    "cs": Structure("compound symmetry", False, _one, _symmetric, _start_of_mean),
}
"""Covariance structures by the name that R's ``mmrm`` has for them."""

FALL_BACK = ("us", "toeph", "ar1h", "csh", "toep", "ar1", "cs")
"""Structures in the order in which one that does not converge is followed by the next, from many parameters to few."""
