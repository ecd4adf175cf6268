"""The covariance parameters of greatest likelihood, by Newton's method, or why there are none."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from cutbook.stats.mmrm.covariances import STRUCTURES, start
from cutbook.stats.mmrm.likelihood import Problem, Slopes, State, evaluate, slopes
from cutbook.stats.mmrm.patterns import Patterns
from cutbook.stats.mmrm.reasons import NotEstimable
from cutbook.stats.mmrm.rows import Floats

_ITERATIONS = 60
_DECREMENT = 1e-9
"""Greatest fall of the deviance that a further step would bring; the last step, which is taken, squares it."""
_SINGULAR = 1e-8
"""Least eigenvalue of a correlation matrix, and least share of the residual deviation, that counts as above 0."""
_FLAT = 1e-8
"""Least eigenvalue of the information on the parameters, scaled to ones on its diagonal, that counts as above 0."""
_STEP = 2.0


@dataclass(frozen=True)
class Fitted:
    """Covariance parameters of greatest likelihood.

    Attributes
    ----------
    problem : Problem
        What was fitted.
    state : State
        The likelihood there.
    slopes : Slopes
        Its derivatives there.
    parameter_covariance : array
        Inverse of the observed information on the parameters, as R's ``mmrm`` has it.
    iterations : int
        Steps taken.
    decrement : float
        Fall of the deviance that a further step was to bring when the last one was taken.
    """

    problem: Problem
    state: State
    slopes: Slopes
    parameter_covariance: Floats
    iterations: int
    decrement: float


def fit(problem: Problem) -> Fitted | NotEstimable:
    """Return the covariance parameters of greatest likelihood.

    Starts from the residuals of ordinary least squares, and where that does not converge from uncorrelated visits of
    equal variance. A fit stands only where the gradient is zero, the information positive definite and no correlation
    matrix singular.
    """
    reason = _never_together(problem)
    if reason:
        return NotEstimable(reason)
    found = _newton(problem, np.concatenate([_observed_start(problem, group) for group in problem.groups]))
    if isinstance(found, NotEstimable):
        flat = start(problem.structure, np.eye(problem.visits))
        again = _newton(problem, np.tile(flat, len(problem.groups)))
        return found if isinstance(again, NotEstimable) else again
    return found


def _never_together(problem: Problem) -> str:
    if problem.structure is not STRUCTURES["us"]:
        return ""
    for group in problem.groups:
        mask = group.mask.astype("int64")
        if not (mask.T @ mask).all():
            return "two visits have no participant with values at both"
    return ""


def _observed_start(problem: Problem, group: Patterns) -> Floats:
    """Return parameters near the covariance of the residuals of least squares, which stand for the response."""
    visits = problem.visits
    only = np.zeros((group.columns, group.columns))
    only[-1, -1] = 1.0
    sums = group.traces(only).sum(axis=0)
    both = np.einsum("k,ka,kb->ab", group.counts, group.mask, group.mask)
    observed = np.where(both > 0, sums / np.maximum(both, 1), 0.0)
    variances = np.maximum(np.diag(observed), 0.05)
    deviations = np.sqrt(variances)
    correlation = np.clip(observed / np.outer(deviations, deviations), -0.95, 0.95)
    np.fill_diagonal(correlation, 1.0)
    least = np.linalg.eigvalsh(correlation)[0]
    shrink = 1.0 if least > 0.01 else 0.99 / (1 - least)
    correlation = shrink * correlation + (1 - shrink) * np.eye(visits)
    return start(problem.structure, correlation * np.outer(deviations, deviations))


def _newton(problem: Problem, theta: Floats) -> Fitted | NotEstimable:
    state = evaluate(problem, theta)
    if state is None:
        return NotEstimable("the fit has no start")
    for iteration in range(_ITERATIONS):
        if _is_singular(state):
            return NotEstimable("the fit runs to a singular covariance matrix of the visits")
        slope = slopes(problem, state)
        step, decrement = _step(slope)
        if not np.isfinite(decrement):
            return NotEstimable("the fit has no finite gradient")
        moved = _moved(problem, state, slope, step)
        if decrement < _DECREMENT:
            return accepted(problem, moved or state, iteration + 1, decrement)
        if moved is None:
            return NotEstimable(f"the fit stopped after {iteration + 1} steps without converging")
        state = moved
    return NotEstimable(f"the fit did not converge in {_ITERATIONS} steps")


def _step(slope: Slopes) -> tuple[Floats, float]:
    """Return Newton's step, along which curvature that is not positive is turned, and what it promises."""
    if not (np.isfinite(slope.hessian).all() and np.isfinite(slope.gradient).all()):
        return slope.gradient, np.inf
    scale = 1 / np.sqrt(np.maximum(np.abs(np.diag(slope.hessian)), 1e-12))
    values, vectors = np.linalg.eigh(slope.hessian * np.outer(scale, scale))
    floor = max(1e-6 * np.abs(values).max(), 1e-12)
    direction = vectors.T @ (scale * slope.gradient)
    step = -scale * (vectors @ (direction / np.maximum(np.abs(values), floor)))
    largest = np.abs(step).max()
    # What the whole step promises, neither shortened nor with its curvature raised beyond what a fit must have.
    decrement = float(np.sum(direction**2 / np.maximum(np.abs(values), _FLAT)))
    return step * min(1.0, _STEP / largest if largest else 1.0), decrement


def _moved(problem: Problem, state: State, slope: Slopes, step: Floats) -> State | None:
    """Return the state after the step, halved until the deviance falls; None where it does not."""
    promised = slope.gradient @ step
    slack = 1e-12 * max(abs(state.deviance), 1.0)
    for _ in range(30):
        moved = evaluate(problem, state.theta + step)
        if moved is not None and moved.deviance <= state.deviance + 1e-4 * promised + slack:
            return moved
        step, promised = step / 2, promised / 2
    return None


def _is_singular(state: State) -> bool:
    for part in state.covariances:
        deviations = np.sqrt(np.diag(part.value))
        if deviations.min() < _SINGULAR:
            return True
        if np.linalg.eigvalsh(part.value / np.outer(deviations, deviations))[0] < _SINGULAR:
            return True
    return False


def accepted(problem: Problem, state: State, iterations: int, decrement: float) -> Fitted | NotEstimable:
    """Return the fit that ends at a state, or why none can stand there."""
    if _is_singular(state):
        return NotEstimable("the fit runs to a singular covariance matrix of the visits")
    slope = slopes(problem, state)
    diagonal = np.diag(slope.hessian)
    if not (np.isfinite(slope.hessian).all() and (diagonal > 0).all()):
        return NotEstimable("the information on the covariance of the visits is not positive definite")
    scale = 1 / np.sqrt(diagonal)
    scaled = slope.hessian * np.outer(scale, scale)
    if np.linalg.eigvalsh(scaled)[0] < _FLAT:
        return NotEstimable("the information on the covariance of the visits is not positive definite")
    inverse = 2 * np.linalg.inv(scaled) * np.outer(scale, scale)
    return Fitted(problem, state, slope, (inverse + inverse.T) / 2, iterations, decrement)
