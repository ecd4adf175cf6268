"""Mixed model for repeated measures: fit, least-squares means and contrasts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from cutbook.stats.mmrm import freedom, means
from cutbook.stats.mmrm.covariances import STRUCTURES
from cutbook.stats.mmrm.design import make_design
from cutbook.stats.mmrm.fitting import Fitted, fit
from cutbook.stats.mmrm.formula import parse
from cutbook.stats.mmrm.likelihood import Problem
from cutbook.stats.mmrm.patterns import Prepared, constant, group_patterns, prepare
from cutbook.stats.mmrm.reasons import NotEstimable
from cutbook.stats.mmrm.rows import Floats, Roles, read_rows

LEVEL = 0.95
"""Confidence level of the intervals."""

METHODS = ("reml", "ml")
FREEDOMS = ("kenward_roger", "kenward_roger_linear", "satterthwaite", "residual", "between_within")
VARIANCES = ("asymptotic", "empirical")
WEIGHTS = ("equal", "proportional")


@dataclass(frozen=True)
class Settings:
    """How a model is fitted and judged: names as in :func:`mmrm`."""

    method: str
    df: str
    vcov: str

    def __post_init__(self) -> None:
        """Refuse names that are none and combinations that have no meaning."""
        for name, value, known in (
            ("method", self.method, METHODS), ("df", self.df, FREEDOMS), ("vcov", self.vcov, VARIANCES),
        ):  # fmt: skip
            if value not in known:
                raise ValueError(f"{name} {value!r} is none of {', '.join(known)}")
        if self.df.startswith("kenward_roger") and (self.method != "reml" or self.vcov != "asymptotic"):
            raise ValueError("Kenward-Roger needs method 'reml' and vcov 'asymptotic'")


@dataclass(frozen=True)
class Mmrm:
    """A fitted mixed model for repeated measures.

    Attributes
    ----------
    coefficients : frame
        One row a term: term, estimate, se, df, t, p (two-sided), reason (why not estimable; empty otherwise). A term
        that those before it determine is left out of the model and has a reason, as in R.
    beta_covariance : frame
        Covariance of the coefficients, as their standard errors use it; missing where a term is not estimable.
    covariance : frame or dict of frame
        Covariance of the visits; with covariance groups one a group.
    log_likelihood : float
        (Restricted) log-likelihood.
    structure : str
        Covariance structure that was fitted.
    attempts : tuple of str
        What was tried, one sentence each, in the order tried; the last one is this fit.
    n_observations, n_participants, n_parameters, n_left_out : int
        Records, participants and covariance parameters of the fit; records without response or with a missing variable.
    iterations : int
        Steps to convergence.
    decrement : float
        By how much less the deviance was to be when the last step was taken.
    """

    coefficients: pd.DataFrame
    beta_covariance: pd.DataFrame
    covariance: pd.DataFrame | dict[object, pd.DataFrame]
    log_likelihood: float
    structure: str
    attempts: tuple[str, ...]
    n_observations: int
    n_participants: int
    n_parameters: int
    n_left_out: int
    iterations: int
    decrement: float
    _estimated: means.Estimated = field(repr=False)

    @property
    def aic(self) -> float:
        """Akaike's criterion over the covariance parameters, as R's ``mmrm``."""
        return 2 * (self.n_parameters - self.log_likelihood)

    @property
    def bic(self) -> float:
        """Schwarz's criterion over the covariance parameters and participants, as R's ``mmrm``."""
        return float(np.log(self.n_participants) * self.n_parameters - 2 * self.log_likelihood)

    def lsmeans(self, factors: Sequence[str], weights: str = "equal", *, level: float = LEVEL) -> pd.DataFrame:
        """Return least-squares means of the combinations of factors.

        Parameters
        ----------
        factors : sequence of str
            Factors of the model.
        weights : {"equal", "proportional"}
            How the combinations of the other factors are averaged over: equally, or in proportion to their records.
        level : float
            Confidence level.

        Returns
        -------
        frame
            One row a combination of levels, the last factor running fastest: ``factors``, n (records), estimate, se,
            df, ci_low, ci_high, t, p, reason. Declared levels without a value have a reason and no estimate.

        Notes
        -----
        Covariates stand at their mean over the records. Agrees with R's ``emmeans`` and SAS ``LSMEANS`` (``OM`` for
        proportional weights).
        """
        rows = self._means(factors, weights)
        keys = means.cells(self._estimated.design, factors)
        counts = means.observations(self._estimated.design, factors)
        head = pd.DataFrame(keys, columns=list(factors), index=range(len(keys)))
        found = self._estimates([rows.get(key) for key in keys], level)
        return pd.concat([head.assign(n=[counts.get(key, 0) for key in keys]), found], axis=1)

    def contrasts(
        self, factor: str, control: object, *, by: Sequence[str] = (), weights: str = "equal", level: float = LEVEL
    ) -> pd.DataFrame:
        """Return differences of least-squares means from those of a control level, unadjusted for their number.

        Parameters
        ----------
        factor : str
            Factor whose levels are compared.
        control : object
            Level with which the others are compared.
        by : sequence of str
            Factors within whose combinations they are compared, for example the visit.
        weights, level
            As in :meth:`lsmeans`.

        Returns
        -------
        frame
            ``by``, ``factor``, control, estimate, se, df, ci_low, ci_high, t, p, reason.
        """
        rows = self._means((*by, factor), weights)
        keys = [key for key in means.cells(self._estimated.design, (*by, factor)) if key[-1] != control]
        pairs = [(rows.get(key), rows.get((*key[:-1], control))) for key in keys]
        head = pd.DataFrame([(*key, control) for key in keys], columns=[*by, factor, "control"])
        found = self._estimates([None if a is None or b is None else a - b for a, b in pairs], level)
        return pd.concat([head, found], axis=1)

    def combinations(self, rows: Floats, *, level: float = LEVEL) -> pd.DataFrame:
        """Return estimates of linear combinations of the coefficients, in the order of the terms."""
        return self._estimates(list(np.asarray(rows, dtype="float64")), level)

    def _means(self, factors: Sequence[str], weights: str) -> dict[means.Cell, Floats]:
        if weights not in WEIGHTS:
            raise ValueError(f"weights {weights!r} is none of {', '.join(WEIGHTS)}")
        means.cells(self._estimated.design, factors)
        return means.mean_rows(self._estimated.design, factors, weights)

    def _estimates(self, rows: Sequence[Floats | None], level: float) -> pd.DataFrame:
        return means.estimates(self._estimated, rows, level)


def mmrm(  # noqa: PLR0913 - the settings of a model are its own
    data: pd.DataFrame, formula: str, *, subject: str, visit: str, covariance: str | Sequence[str] = "us",
    group: str | None = None, weights: str | None = None, method: str = "reml", df: str = "kenward_roger",
    vcov: str = "asymptotic",
) -> Mmrm | NotEstimable:  # fmt: skip
    """Return a mixed model for repeated measures, or why the data give none.

    Parameters
    ----------
    data : frame
        One row a participant and visit. Rows without response or with a missing explaining variable do not take part.
    formula : str
        ``response ~ terms``, see :func:`~cutbook.stats.mmrm.formula.parse`.
    subject, visit : str
        Columns of participant and visit. Visits are in the order of their categories, else sorted.
    covariance : str or sequence of str
        Structure of the covariance of the visits (us, toep, toeph, ar1, ar1h, cs, csh, ad, adh), or several in the
        order in which they are tried until one converges, for example :data:`~cutbook.stats.mmrm.FALL_BACK`.
    group : str, optional
        Column whose levels have a covariance of their own.
    weights : str, optional
        Column of weights: the variance of a record is divided by its weight.
    method : {"reml", "ml"}
        Restricted or full likelihood.
    df : str
        kenward_roger, kenward_roger_linear, satterthwaite, residual or between_within.
    vcov : {"asymptotic", "empirical"}
        Covariance of the coefficients: by the model (adjusted with Kenward-Roger), or the sandwich.

    Raises
    ------
    ValueError
        The formula or a name is none; no content of ``data`` raises.

    Notes
    -----
    Agrees with R's ``mmrm`` and ``emmeans``; with ``df="kenward_roger_linear"`` with SAS PROC MIXED ``REPEATED``.

    Examples
    --------
    >>> visits = pd.DataFrame({"ID": [1, 1, 2, 2, 3, 3, 4, 4], "VISIT": ["1", "2"] * 4, "ARM": list("AAAABBBB"),
    ...                        "y": [1.0, 3, 3, 4, 4, 9, 6, 8]})
    >>> found = mmrm(visits, "y ~ ARM * VISIT", subject="ID", visit="VISIT", df="satterthwaite")
    >>> found.contrasts("ARM", "A", by=["VISIT"])["estimate"].round(6).tolist()
    [3.0, 5.0]
    """
    settings = Settings(method, df, vcov)
    names = [covariance] if isinstance(covariance, str) else list(covariance)
    unknown = [name for name in names if name not in STRUCTURES]
    if unknown or not names:
        raise ValueError(
            f"covariance {', '.join(map(repr, unknown)) or 'without a name'} is none of {', '.join(STRUCTURES)}"
        )
    rows = read_rows(data, parse(formula), Roles(subject, visit, group, weights))
    if isinstance(rows, NotEstimable):
        return rows
    ready = prepare(rows, make_design(parse(formula), rows))
    return ready if isinstance(ready, NotEstimable) else _first_that_converges(ready, names, settings)


def _first_that_converges(ready: Prepared, names: Sequence[str], settings: Settings) -> Mmrm | NotEstimable:
    groups, visits = group_patterns(ready), len(ready.rows.visit.levels)
    is_restricted = settings.method == "reml"
    fixed = constant(ready, is_restricted=is_restricted)
    attempts: list[str] = []
    reason = ""
    for name in names:
        fitted = fit(Problem(STRUCTURES[name], groups, visits, is_restricted, fixed))
        words = f"{STRUCTURES[name].words} covariance"
        if isinstance(fitted, Fitted):
            attempts.append(f"{words}: converged in {fitted.iterations} steps")
            return describe(ready, fitted, settings, name, tuple(attempts))
        reason = fitted.reason
        attempts.append(f"{words}: {reason}")
    return NotEstimable(reason, tuple(attempts))


def describe(ready: Prepared, fitted: Fitted, settings: Settings, name: str, attempts: tuple[str, ...]) -> Mmrm:
    """Return what a fit says, on the scale of the response and by the terms of the formula."""
    design, rows = ready.design, ready.rows
    uncertainty = freedom.uncertainty_of(ready, fitted, df=settings.df, vcov=settings.vcov)
    beta = ready.least_squares + ready.scale * fitted.state.coefficients
    estimated = means.Estimated(design, beta, uncertainty)
    coefficients = means.terms(estimated, LEVEL).drop(columns=["ci_low", "ci_high"])
    coefficients.insert(0, "term", list(design.names))
    combined = design.in_basis(np.eye(len(design.names)))
    told = np.where(design.is_kept, 1.0, np.nan)
    variance = combined @ uncertainty.variance @ combined.T * np.outer(told, told)
    visits = [
        pd.DataFrame(part.value * ready.scale**2, index=list(rows.visit.levels), columns=list(rows.visit.levels))
        for part in fitted.state.covariances
    ]
    return Mmrm(
        coefficients=coefficients,
        beta_covariance=pd.DataFrame(variance, index=list(design.names), columns=list(design.names)),
        covariance=visits[0] if rows.group.levels == ("",) else dict(zip(rows.group.levels, visits, strict=True)),
        log_likelihood=-fitted.state.deviance / 2, structure=name, attempts=attempts,
        n_observations=len(rows.response), n_participants=len(rows.subject.levels),
        n_parameters=len(fitted.state.theta), n_left_out=rows.left_out, iterations=fitted.iterations,
        decrement=fitted.decrement,
        _estimated=estimated,
    )  # fmt: skip
