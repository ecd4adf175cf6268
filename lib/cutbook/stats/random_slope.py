"""Rates of change: a random intercept and a random slope of each participant (random coefficient model)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.special import stdtr, stdtrit

Floats = npt.NDArray[np.float64]

FREEDOMS = ("satterthwaite", "kenward_roger")

_LEVEL = 0.95
_ITERATIONS = 100
_GRADIENT = 1e-8
_FLOOR = 1e-9
_FLAT = 1e-6


@dataclass(frozen=True)
class RandomSlope:
    """A fitted model of a score over time.

    Attributes
    ----------
    slopes : frame
        One row an arm with data: arm, n (participants), estimate (change of the score in a unit of time), se, df,
        ci_low, ci_high.
    differences : frame
        One row an arm other than the control: the same columns but n, with control and p (two-sided).
    log_likelihood : float
        Restricted log-likelihood.
    variances : tuple of float
        Of the intercepts, their covariance with the slopes, of the slopes, and of the residuals.
    observations : int
        Values that take part.
    """

    slopes: pd.DataFrame
    differences: pd.DataFrame
    log_likelihood: float
    variances: tuple[float, float, float, float]
    observations: int


@dataclass(frozen=True)
class _Blocks:
    """Values of participants, padded to the same length: design, time, response, and which are there."""

    design: Floats
    time: Floats
    response: Floats
    mask: Floats


@dataclass(frozen=True)
class _State:
    """The likelihood at some variances, with what its derivatives need."""

    log_likelihood: float
    gradient: Floats
    observed: Floats
    expected: Floats
    coefficients: Floats
    variance: Floats
    first: Floats
    second: Floats


def random_slope(  # noqa: PLR0913 - the settings of a model are its own
    data: pd.DataFrame, response: str, time: str, arms: Sequence[str], *, control: str, factors: Sequence[str] = (),
    df: str = "satterthwaite",
) -> RandomSlope | str:  # fmt: skip
    """Return the slopes of the arms and their differences, or why there are none.

    Parameters
    ----------
    data : frame
        One row a value: USUBJID, ARM (text), ``response`` and ``time`` (float64), ``factors`` (text). Rows with a
        missing value do not take part.
    response, time : str
        Score and time; slopes are in the unit of the score by that of the time.
    arms : sequence of str
        Arms in display order.
    control : str
        The arm with which the others are compared.
    factors : sequence of str
        Terms beside arm, time and arm by time.
    df : {"satterthwaite", "kenward_roger"}
        Degrees of freedom.

    Notes
    -----
    Restricted maximum likelihood of ``response ~ arm * time + factors`` with an unstructured covariance of intercept
    and slope. Agrees with R's ``lmer(score ~ arm * time + (time | id))`` with ``lmerTest`` and ``pbkrtest``, and so
    with SAS PROC MIXED ``RANDOM INTERCEPT TIME / TYPE=UN``.
    """
    if df not in FREEDOMS:
        raise ValueError(f"df {df!r} is none of {', '.join(FREEDOMS)}")
    used = data[["USUBJID", "ARM", response, time, *factors]].dropna()
    used = used[used["ARM"].isin(list(arms))]
    present = [arm for arm in arms if used["ARM"].eq(arm).any()]
    reason = _unfit(used, time, present)
    if reason:
        return reason
    design = _design(used, time, present, factors)
    if np.linalg.matrix_rank(design / np.linalg.norm(design, axis=0)) < design.shape[1]:
        return "the terms of the model cannot be told apart"
    blocks, scale = _blocks(used, design, response, time)
    if scale == 0:
        return "the terms of the model explain the response exactly"
    fit = _fitted(blocks)
    if isinstance(fit, str):
        return fit
    theta, state = fit
    return _told(used, present, control, (theta, state, scale), df)


def _unfit(used: pd.DataFrame, time: str, present: Sequence[str]) -> str:
    if not present:
        return "nobody has a value"
    several = used.groupby("USUBJID")[time].nunique()
    if (several > 1).sum() <= 2:
        return "fewer than three participants have values at two times"
    if len(used) - len(several) <= 2 * len(present):
        return "too few values for the model"
    return ""


def _design(used: pd.DataFrame, time: str, present: Sequence[str], factors: Sequence[str]) -> Floats:
    """Return a column an arm, a column a slope of an arm, then the factors."""
    member = np.column_stack([used["ARM"].eq(arm).astype("float64") for arm in present])
    moved = member * used[time].to_numpy("float64")[:, None]
    other = [
        np.asarray(used[factor].eq(level), dtype="float64")
        for factor in factors
        for level in sorted(used[factor].unique())[1:]
    ]
    return np.column_stack([member, moved, *other])


def _blocks(used: pd.DataFrame, design: Floats, response: str, time: str) -> tuple[_Blocks, float]:
    """Return the values by participant; the response as residuals of least squares, by their standard deviation."""
    observed = used[response].to_numpy("float64")
    left = observed - design @ np.linalg.lstsq(design, observed, rcond=None)[0]
    scale = float(np.sqrt(np.mean(left**2)))
    if scale <= 1e-12 * max(float(np.abs(observed).max()), 1.0):
        return _Blocks(*(np.empty(0),) * 4), 0.0
    person = pd.factorize(used["USUBJID"])[0]
    place = used.groupby("USUBJID").cumcount().to_numpy()
    shape = (person.max() + 1, place.max() + 1)
    parts = [np.zeros((*shape, design.shape[1])), np.zeros(shape), np.zeros(shape), np.zeros(shape)]
    for whole, values in zip(parts, (design, used[time].to_numpy("float64"), observed / scale, 1.0), strict=True):
        whole[person, place] = values
    return _Blocks(*parts), scale


def _fitted(blocks: _Blocks) -> tuple[Floats, _State] | str:
    """Return the variances of greatest restricted likelihood, by scoring with halved steps."""
    spread = max(float(blocks.time.std()), 1e-6)
    theta = np.array([0.6, 0.0, 0.1 / spread**2, 0.4])
    state = _state(blocks, theta)
    for _ in range(_ITERATIONS):
        if state is None:
            return "the fit has no start"
        size = np.sqrt(np.diag(state.expected))
        if np.abs(state.gradient / size).max() < _GRADIENT:
            return _accepted(theta, state)
        is_near = np.linalg.eigvalsh(state.observed / np.outer(size, size))[0] > 1e-6
        step: Floats = np.asarray(np.linalg.solve(state.observed if is_near else state.expected, state.gradient))
        moved = _moved(blocks, theta, state, step)
        if moved is None:
            return _accepted(theta, state) if np.abs(state.gradient / size).max() < 1e-5 else _singular(theta)
        theta, state = moved
    return _singular(theta)


def _moved(blocks: _Blocks, theta: Floats, state: _State, step: Floats) -> tuple[Floats, _State] | None:
    for _ in range(40):
        there = theta + step
        if _is_inside(there):
            found = _state(blocks, there)
            if found is not None and found.log_likelihood >= state.log_likelihood - 1e-12:
                return there, found
        step = step / 2
    return None


def _is_inside(theta: Floats) -> bool:
    between, both, slope, rest = theta
    return bool(min(between, slope, rest) > 0 and between * slope - both**2 > _FLOOR * between * slope)


def _singular(theta: Floats) -> str:
    is_flat = theta[2] < _FLAT
    what = "the slopes do not differ between participants" if is_flat else "intercepts and slopes determine each other"
    return f"the fit runs to its bounds: {what}"


def _accepted(theta: Floats, state: _State) -> tuple[Floats, _State] | str:
    size = np.sqrt(np.abs(np.diag(state.observed)))
    if not (size > 0).all() or np.linalg.eigvalsh(state.observed / np.outer(size, size))[0] < 1e-8:
        return "the information on the variances is not positive definite"
    return theta, state


def _state(blocks: _Blocks, theta: Floats) -> _State | None:
    """Return the restricted likelihood at variances of intercepts, covariance, of slopes and of residuals.

    Notes
    -----
    With P = M - M X Phi X' M: gradient -tr(P V_i) / 2 + y' P V_i P y / 2, expected information tr(P V_i P V_j) / 2,
    observed y' P V_i P V_j P y less the expected one.
    """
    both = blocks.mask[:, :, None] * blocks.mask[:, None, :]
    earlier, later = blocks.time[:, :, None], blocks.time[:, None, :]
    eye = np.eye(both.shape[1])
    parts = np.stack([both, both * (earlier + later), both * earlier * later, both * eye])
    value = np.einsum("k,kiab->iab", theta, parts) + eye * (1 - blocks.mask)[:, :, None]
    try:
        logarithm = 2 * np.log(np.diagonal(np.linalg.cholesky(value), axis1=1, axis2=2)).sum()
        inverse = np.linalg.inv(value) * both
        weighed = inverse @ blocks.design
        information = np.einsum("iap,iaq->pq", blocks.design, weighed)
        size = 2 * np.log(np.diag(np.linalg.cholesky(information))).sum()
    except np.linalg.LinAlgError:
        return None
    variance = np.linalg.inv(information)
    coefficients = variance @ np.einsum("iap,ia->p", weighed, blocks.response)
    left = blocks.response - blocks.design @ coefficients
    pulled = np.einsum("iab,ib->ia", inverse, left)
    turned = np.einsum("kiab,ibp->kiap", parts, weighed)
    first = -np.einsum("iap,kiaq->kpq", weighed, turned)
    second = np.einsum("kiap,iab,libq->klpq", turned, inverse, turned, optimize=True)
    moved = np.einsum("kiab,ib->kia", parts, pulled)
    crossed = np.einsum("kia,iap->kp", moved, weighed)
    traces, pairs = _traces(inverse, parts, variance, (first, second))
    squares = np.einsum("kia,iab,lib->kl", moved, inverse, moved, optimize=True) - crossed @ variance @ crossed.T
    gradient = (np.einsum("ia,kia->k", pulled, moved) - traces) / 2
    count = blocks.mask.sum() - len(variance)
    deviance = logarithm + size + float((left * pulled).sum()) + count * np.log(2 * np.pi)
    return _State(-deviance / 2, gradient, squares - pairs / 2, pairs / 2, coefficients, variance, first, second)


def _traces(inverse: Floats, parts: Floats, variance: Floats, turned: tuple[Floats, Floats]) -> tuple[Floats, Floats]:
    """Return tr(P V_i) and tr(P V_i P V_j)."""
    first, second = turned
    own = np.einsum("iab,kibc->kiac", inverse, parts)
    traces = np.einsum("kiaa->k", own) + np.einsum("pq,kqp->k", variance, first)
    shifted = np.einsum("pq,kqr->kpr", variance, first)
    pairs = np.einsum("kiab,liba->kl", own, own, optimize=True)
    pairs = pairs - 2 * np.einsum("pq,klqp->kl", variance, second) + np.einsum("kpq,lqp->kl", shifted, shifted)
    return np.asarray(traces), np.asarray(pairs)


def _told(
    used: pd.DataFrame, present: list[str], control: str, fit: tuple[Floats, _State, float], df: str
) -> RandomSlope:
    theta, state, scale = fit
    count = len(present)
    rows = np.zeros((count, len(state.coefficients)))
    rows[np.arange(count), count + np.arange(count)] = 1.0
    people = used.drop_duplicates("USUBJID")["ARM"].value_counts().reindex(present).to_numpy()
    slopes = pd.DataFrame({"arm": present, "n": people}).join(_judged(rows, state, scale, df).drop(columns="p"))
    place = present.index(control) if control in present else -1
    others = [one for one in range(count) if one != place] if place >= 0 else []
    differences = (
        _judged(rows[others] - rows[[place]], state, scale, df) if others else _judged(rows[:0], state, scale, df)
    )
    differences.insert(0, "control", control)
    differences.insert(0, "arm", [present[one] for one in others])
    observations = len(used)
    likelihood = state.log_likelihood - (observations - len(state.coefficients)) * np.log(scale)
    first, covariance, second, rest = (float(part) for part in theta * scale**2)
    return RandomSlope(slopes, differences, float(likelihood), (first, covariance, second, rest), observations)


def _judged(rows: Floats, state: _State, scale: float, df: str) -> pd.DataFrame:
    """Return estimate, se, df, limits and p of combinations of the coefficients."""
    frame = pd.DataFrame([_one(row, state, df) for row in rows], columns=["estimate", "se", "df"], dtype="float64")
    frame[["estimate", "se"]] *= scale
    half = stdtrit(frame["df"], (1 + _LEVEL) / 2) * frame["se"]
    p = 2 * stdtr(frame["df"], -(frame["estimate"] / frame["se"]).abs())
    return frame.assign(ci_low=frame["estimate"] - half, ci_high=frame["estimate"] + half, p=p)


def _one(row: Floats, state: _State, df: str) -> tuple[float, float, float]:
    estimate, phi = float(row @ state.coefficients), state.variance
    if df == "satterthwaite":
        spread = np.linalg.inv(state.observed)
        variance = float(row @ phi @ row)
        slope = -np.einsum("p,kpq,q->k", phi @ row, state.first, phi @ row)
        return estimate, float(np.sqrt(variance)), float(2 * variance**2 / (slope @ spread @ slope))
    spread = np.linalg.inv(state.expected)
    bent = np.einsum("kl,klpq->pq", spread, state.second) - np.einsum(
        "kl,kpr,rs,lsq->pq", spread, state.first, phi, state.first, optimize=True
    )
    adjusted = phi + 2 * phi @ bent @ phi
    return estimate, float(np.sqrt(row @ adjusted @ row)), _kenward_roger(row, phi, spread, state.first)


def _kenward_roger(row: Floats, phi: Floats, spread: npt.NDArray[Any], first: Floats) -> float:
    """Return the degrees of freedom of one combination (Kenward and Roger 1997, doi:10.2307/2533558)."""
    theta = np.outer(row, row) / float(row @ phi @ row)
    turned = theta @ phi @ first @ phi
    traces = np.einsum("kpp->k", turned)
    a1 = float(traces @ spread @ traces)
    a2 = float(np.einsum("kl,kpq,lqp->", spread, turned, turned, optimize=True))
    b = (a1 + 6 * a2) / 2
    g = (2 * a1 - 5 * a2) / (3 * a2)
    below = 3 + 2 * (1 - g)
    c1, c2, c3 = g / below, (1 - g) / below, (3 - g) / below
    spread_of_f = 2 * (1 + c1 * b) / ((1 - c2 * b) ** 2 * (1 - c3 * b))
    rho = spread_of_f * (1 - a2) ** 2 / 2
    return float(4 + 3 / (rho - 1))
