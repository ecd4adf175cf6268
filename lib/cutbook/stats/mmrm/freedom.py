"""Covariance of the coefficients, and degrees of freedom of their combinations."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from cutbook.stats.mmrm.fitting import Fitted
from cutbook.stats.mmrm.patterns import Prepared
from cutbook.stats.mmrm.rows import Floats, Rows

Freedom = Callable[[Floats, Floats], Floats]
"""From combinations of the basis (rows), and the same of the kept columns, to the degrees of freedom of each."""


@dataclass(frozen=True)
class Uncertainty:
    """How far coefficients can be trusted.

    Attributes
    ----------
    variance : array
        Covariance matrix of the coefficients of the basis, as standard errors use it.
    freedom : callable
        Degrees of freedom of combinations.
    """

    variance: Floats
    freedom: Freedom


def uncertainty_of(ready: Prepared, fitted: Fitted, *, df: str, vcov: str) -> Uncertainty:
    """Return covariance and degrees of freedom by the names that a user gives."""
    design = ready.design
    variance, degrees = fitted.state.variance, satterthwaite(fitted)
    if df.startswith("kenward_roger"):
        variance = kenward_roger_variance(fitted, is_linear=df == "kenward_roger_linear")
    if vcov == "empirical":
        variance, degrees = empirical(fitted, ready.rows, ready.values)
    if df == "residual":
        degrees = residual(*design.basis.shape)
    if df == "between_within":
        columns = design.recorded[:, design.is_kept]
        degrees = between_within(ready.rows, columns, has_intercept=design.formula.has_intercept)
    return Uncertainty(variance * ready.scale**2, degrees)


def kenward_roger_variance(fitted: Fitted, *, is_linear: bool) -> Floats:
    """Return the covariance matrix of the coefficients, adjusted for the estimation of the covariance of the visits.

    V + 2 V (sum_ij W_ij (Q_ij - P_i V P_j - R_ij / 4)) V, with W the covariance of the parameters. The linear variant
    leaves out R, the second derivatives of the covariance.

    Notes
    -----
    Kenward and Roger 1997, doi:10.2307/2533558. Agrees with R's ``mmrm`` ("Kenward-Roger", "Kenward-Roger-Linear"); the
    linear variant with SAS PROC MIXED ``DDFM=KR`` for ``TYPE=UN`` and ``DDFM=KR(FIRSTORDER)``. The other one depends on
    the parameters of the covariance, which are those of R's ``mmrm``.
    """
    state, weights, groups = fitted.state, fitted.parameter_covariance, fitted.problem.groups
    size = len(weights) // len(groups)
    middle = -np.einsum("ij,iab,bc,jcd->ad", weights, fitted.slopes.information, state.variance,
                        fitted.slopes.information, optimize=True)  # fmt: skip
    for place, group in enumerate(groups):
        own = slice(place * size, (place + 1) * size)
        part, inverse = state.covariances[place], state.inverses[place]
        mixed = np.tensordot(weights[own, own], part.first, 1)
        inside = np.einsum("iab,kbc,icd->kad", part.first, inverse, mixed, optimize=True)
        if not is_linear:
            inside = inside - np.tensordot(weights[own, own], part.second) / 4
        middle = middle + group.total(inverse @ inside @ inverse)[:-1, :-1]
    adjusted = state.variance + 2 * state.variance @ middle @ state.variance
    return np.asarray((adjusted + adjusted.T) / 2)


def satterthwaite(fitted: Fitted) -> Freedom:
    """Return what gives 2 v^2 / (g' W g) for the variance v of a combination, with its gradient g by the parameters.

    Notes
    -----
    Fai and Cornelius 1996, doi:10.1080/00949659608811740. For one combination the degrees of freedom of Kenward and
    Roger are the same. Agrees with R's ``mmrm`` and with SAS PROC MIXED ``DDFM=SATTERTHWAITE`` and ``DDFM=KR``.
    """
    variance, information = fitted.state.variance, fitted.slopes.information

    def freedom(rows: Floats, _: Floats) -> Floats:
        turned = rows @ variance
        value = np.einsum("ra,ra->r", turned, rows)
        gradient = np.einsum("ra,iab,rb->ri", turned, information, turned, optimize=True)
        with np.errstate(divide="ignore", invalid="ignore"):
            spread = np.einsum("ri,ij,rj->r", gradient, fitted.parameter_covariance, gradient, optimize=True)
            return np.asarray(2 * value**2 / spread)

    return freedom


def residual(observations: int, coefficients: int) -> Freedom:
    """Return what gives the number of records less that of coefficients, as R's ``mmrm`` "Residual"."""

    def freedom(rows: Floats, _: Floats) -> Floats:
        return np.full(len(rows), float(observations - coefficients))

    return freedom


def between_within(rows: Rows, columns: Floats, *, has_intercept: bool) -> Freedom:
    """Return what gives between-participant degrees of freedom to combinations with a coefficient that is one.

    Participants less intercept and between columns; records less participants and within columns. A combination has the
    smaller of those of its coefficients; the intercept counts as within.

    Notes
    -----
    Schluchter and Elashoff 1990, doi:10.1080/00949659008811295. Agrees with R's ``mmrm`` "Between-Within", which
    differs from SAS PROC MIXED ``DDFM=BETWITHIN`` for ``TYPE=UN``.
    """
    people = len(rows.subject.levels)
    first = np.zeros(people, dtype="int64")
    first[rows.subject.codes[::-1]] = np.arange(len(columns))[::-1]
    varies = (columns != columns[first[rows.subject.codes]]).any(axis=0)
    is_between = ~varies
    if has_intercept and len(is_between):
        is_between[0] = False
    intercepts = int(has_intercept)
    between = people - intercepts - is_between.sum()
    within = len(columns) - people - (len(is_between) - intercepts - is_between.sum())

    def freedom(_: Floats, kept: Floats) -> Floats:
        used = np.abs(kept) > 1e-12
        lowest = np.where(used & is_between, between, np.inf).min(axis=1)
        return np.asarray(np.minimum(lowest, np.where(used & ~is_between, within, np.inf).min(axis=1)))

    return freedom


def empirical(fitted: Fitted, rows: Rows, values: Floats) -> tuple[Floats, Freedom]:
    """Return the sandwich covariance of the coefficients, and what gives its Satterthwaite degrees of freedom.

    V (sum_i X_i' M_i r_i r_i' M_i X_i) V, without correction for small samples, and the degrees of freedom of Bell and
    McCaffrey.

    Notes
    -----
    Liang and Zeger 1986, doi:10.1093/biomet/73.1.13; Pustejovsky and Tipton 2018, doi:10.1080/07350015.2016.1247004.
    Agrees with R's ``mmrm`` "Empirical" (``clubSandwich`` CR0) and with SAS PROC MIXED ``EMPIRICAL``.
    """
    state = fitted.state
    whitened = _whitened(fitted, rows, values)
    design = whitened[:, :-1]
    left = whitened[:, -1] - design @ state.coefficients
    people = len(rows.subject.levels)
    scores = _sums(rows.subject.codes, people, design * left[:, None])
    variance = state.variance @ (scores.T @ scores) @ state.variance

    def freedom(combinations: Floats, _: Floats) -> Floats:
        return np.array([_bell_mccaffrey(one @ state.variance) for one in combinations])

    def _bell_mccaffrey(turned: Floats) -> float:
        # G is diag(u) - K V K' of participants, with K the sums of x (x'V c) and u = K V c.
        own = _sums(rows.subject.codes, people, design * (design @ turned)[:, None])
        diagonal = own @ turned
        crossed = own @ state.variance
        leverage = np.einsum("ia,ia->i", crossed, own)
        inner = own.T @ crossed
        squares = np.sum(diagonal**2 - 2 * diagonal * leverage) + np.sum(inner * inner.T)
        return float(np.sum(diagonal - leverage) ** 2 / squares) if squares > 0 else np.nan

    return variance, freedom


def _sums(codes: npt.NDArray[np.int64], people: int, values: Floats) -> Floats:
    found = np.zeros((people, values.shape[1]))
    np.add.at(found, codes, values)
    return found


def _whitened(fitted: Fitted, rows: Rows, values: Floats) -> Floats:
    """Return the records of each participant times the inverse of the Cholesky factor of their covariance."""
    people, visits = len(rows.subject.levels), len(rows.visit.levels)
    dense = np.zeros((people, visits, values.shape[1]))
    dense[rows.subject.codes, rows.visit.codes] = values
    seen = np.zeros((people, visits), dtype=bool)
    seen[rows.subject.codes, rows.visit.codes] = True
    group = np.zeros(people, dtype="int64")
    group[rows.subject.codes] = rows.group.codes
    covariances = np.stack([part.value for part in fitted.state.covariances])
    padded = np.where(seen[:, :, None] & seen[:, None, :], covariances[group], 0.0)
    padded += np.eye(visits) * ~seen[:, :, None]
    factors = np.linalg.cholesky(padded)
    return np.asarray(np.linalg.solve(factors, dense)[rows.subject.codes, rows.visit.codes])
