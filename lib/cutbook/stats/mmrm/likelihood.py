"""The (restricted) likelihood of covariance parameters, with its gradient and its observed information."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from cutbook.stats.mmrm.covariances import Derivatives, Structure, covariance, parameters
from cutbook.stats.mmrm.patterns import Patterns
from cutbook.stats.mmrm.rows import Floats


@dataclass(frozen=True)
class Problem:
    """What is to be fitted.

    Attributes
    ----------
    structure : Structure
        Of the covariance of the visits.
    groups : tuple of Patterns
        Cross-products of each covariance group.
    visits : int
        Number of visits.
    is_restricted : bool
        REML rather than ML.
    constant : float
        What is to be added to the deviance: it depends on no parameter.
    """

    structure: Structure
    groups: tuple[Patterns, ...]
    visits: int
    is_restricted: bool
    constant: float

    @property
    def parameters(self) -> int:
        """Number of covariance parameters of all groups."""
        return len(self.groups) * parameters(self.structure, self.visits)


@dataclass(frozen=True)
class State:
    """The likelihood at one set of covariance parameters.

    Attributes
    ----------
    theta : array
        Covariance parameters, group by group.
    deviance : float
        Minus two log-likelihoods.
    coefficients : array
        Coefficients of the basis of the design.
    information : array
        Inverse of the covariance matrix of the coefficients.
    variance : array
        Covariance matrix of the coefficients.
    covariances : tuple of Derivatives
        Covariance of the visits, group by group.
    inverses : tuple of array
        Inverse covariance of the visits of each pattern; zero where there is no value.
    """

    theta: Floats
    deviance: float
    coefficients: Floats
    information: Floats
    variance: Floats
    covariances: tuple[Derivatives, ...]
    inverses: tuple[Floats, ...]


@dataclass(frozen=True)
class Slopes:
    """Derivatives at a state.

    Attributes
    ----------
    gradient, hessian : array
        Derivatives of the deviance by theta.
    information : array, parameters x coefficients x coefficients
        Derivatives of :attr:`State.information`, the P of Kenward and Roger.
    """

    gradient: Floats
    hessian: Floats
    information: Floats


def evaluate(problem: Problem, theta: Floats) -> State | None:
    """Return the likelihood at theta; None where theta gives no covariance matrix.

    Notes
    -----
    The deviance is (n - p) log 2 pi + sum log|Sigma_i| + log|X'V^-1 X| + r'V^-1 r for REML, and n log 2 pi + sum
    log|Sigma_i| + r'V^-1 r for ML, as in R's ``mmrm`` and SAS PROC MIXED.
    """
    with np.errstate(over="ignore", invalid="ignore"):
        parts = tuple(
            covariance(problem.structure, part, problem.visits) for part in np.split(theta, len(problem.groups))
        )
    inverses, logarithm = [], 0.0
    for group, part in zip(problem.groups, parts, strict=True):
        inverted = _inverted(part.value, group)
        if inverted is None:
            return None
        inverses.append(inverted[0])
        logarithm += float(inverted[1] @ group.counts)
    total = np.sum([group.total(inverse) for group, inverse in zip(problem.groups, inverses, strict=True)], axis=0)
    information, moment = total[:-1, :-1], total[:-1, -1]
    try:
        factor = np.linalg.cholesky(information)
    except np.linalg.LinAlgError:
        return None
    variance = np.linalg.inv(information)
    coefficients = variance @ moment
    deviance = problem.constant + logarithm + total[-1, -1] - moment @ coefficients
    deviance += 2 * np.log(np.diag(factor)).sum() if problem.is_restricted else 0.0
    return State(theta, float(deviance), coefficients, information, variance, parts, tuple(inverses))


def _inverted(value: Floats, group: Patterns) -> tuple[Floats, Floats] | None:
    """Return the inverse for each pattern, zero where there is no visit, and the logarithm of the determinant."""
    if not np.isfinite(value).all():
        return None
    both = group.mask[:, :, None] & group.mask[:, None, :]
    padded = np.where(both, value, 0.0) + np.eye(len(value)) * ~group.mask[:, :, None]
    try:
        factors = np.linalg.cholesky(padded)
    except np.linalg.LinAlgError:
        return None
    logarithms = 2 * np.log(np.diagonal(factors, axis1=1, axis2=2)).sum(axis=1)
    inverse = np.linalg.inv(padded)
    return np.where(both, (inverse + inverse.swapaxes(1, 2)) / 2, 0.0), logarithms


def slopes(problem: Problem, state: State) -> Slopes:
    """Return gradient and Hessian of the deviance, and the derivatives of the coefficients' information.

    Notes
    -----
    With M the inverse covariance of a participant, M_i = -M S_i M and M_ij = M S_i M S_j M + M S_j M S_i M - M S_ij M
    for derivatives S_i, S_ij of the covariance (Lindstrom and Bates 1988, doi:10.1080/01621459.1988.10478693). Traces
    are taken with matrices of visits, so no sum runs over participants.
    """
    direction = np.append(-state.coefficients, 1.0)
    weight = np.outer(direction, direction)
    if problem.is_restricted:
        weight[:-1, :-1] += state.variance
    size = problem.parameters // len(problem.groups)
    gradient = np.empty(problem.parameters)
    hessian = np.zeros((problem.parameters, problem.parameters))
    totals = []
    for place, group in enumerate(problem.groups):
        part, inverse = state.covariances[place], state.inverses[place]
        own = slice(place * size, (place + 1) * size)
        turned = inverse @ group.traces(weight) @ inverse
        counted = inverse * group.counts[:, None, None]
        mean = (counted - turned).sum(axis=0)
        gradient[own] = np.tensordot(part.first, mean)
        hessian[own, own] = np.tensordot(part.second, mean) + _quadratic(part.first, inverse, 2 * turned - counted)
        totals.append(group.total(-(inverse @ part.first[:, None] @ inverse)))
    total = np.concatenate(totals)
    information = total[:, :-1, :-1]
    turned_moments = (total @ direction)[:, :-1]
    hessian -= 2 * turned_moments @ state.variance @ turned_moments.T
    if problem.is_restricted:
        moved = state.variance @ information
        hessian -= np.einsum("iab,jba->ij", moved, moved, optimize=True)
    return Slopes(gradient, (hessian + hessian.T) / 2, information)


def _quadratic(first: Floats, inverse: Floats, other: Floats) -> Floats:
    """Return the sum over patterns of tr(S_i M S_j Y)."""
    visits = inverse.shape[1]
    crossed = np.einsum("kda,kbc->abcd", other, inverse, optimize=True).reshape(visits**2, visits**2)
    flat = first.reshape(len(first), -1)
    return np.asarray(flat @ crossed @ flat.T)
