"""Models of a response by dose: a line in the dose or in its logarithm, Emax, and the trend over the arms."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.special import stdtr, stdtrit

Floats = npt.NDArray[np.float64]

_LEVEL = 0.95
_DEPENDENT = 1e-10
_GRID = 200
_SPAN = 100.0
"""ED50 is looked for between the lowest dose over this number and the highest dose times it."""


@dataclass(frozen=True)
class Line:
    """An estimate with its standard error, degrees of freedom, 95 % limits and two-sided p value."""

    estimate: float
    se: float
    df: int
    ci_low: float
    ci_high: float
    p: float


@dataclass(frozen=True)
class Emax:
    """A fitted Emax model, response = E0 + effect x dose / (ED50 + dose).

    Attributes
    ----------
    effect, ed50 : Line
        The greatest effect, and the dose with half of it (limits on the logarithmic scale, without p).
    residual_ss : float
        Residual sum of squares.
    covariance : array
        Covariance of effect and ln(ED50).
    """

    effect: Line
    ed50: Line
    residual_ss: float
    covariance: Floats

    def at(self, dose: float) -> tuple[float, float, float]:
        """Return the difference from dose 0 at a dose, with its 95 % limits (delta method)."""
        share = dose / (self.ed50.estimate + dose)
        slope = np.array([share, -self.effect.estimate * share * (1 - share)])
        centre, se = self.effect.estimate * share, float(np.sqrt(slope @ self.covariance @ slope))
        half = float(stdtrit(self.effect.df, (1 + _LEVEL) / 2)) * se
        return centre, centre - half, centre + half


def line(
    data: pd.DataFrame, response: str, dose: str, *, covariates: Sequence[str] = (), factors: Sequence[str] = ()
) -> Line | str:
    """Return the slope of a response by dose, adjusted for covariates and factors, by least squares.

    Parameters
    ----------
    data : frame
        One row a participant: ``response``, ``dose`` and ``covariates`` (float64), ``factors`` (text). Rows with a
        missing value do not take part.
    response, dose : str
        Columns; the dose as it enters, for example :func:`log_dose`.
    covariates, factors : sequence of str
        Terms beside the dose.

    Notes
    -----
    Agrees with R's ``lm`` and SAS PROC GLM with the dose as a covariate.

    Examples
    --------
    >>> some = pd.DataFrame({"y": [0.0, 1, 2, 3.3], "dose": [0.0, 10, 20, 30]})
    >>> found = line(some, "y", "dose")
    >>> round(found.estimate, 3), found.df
    (0.109, 2)
    """
    used = data[[response, dose, *covariates, *factors]].dropna()
    if any(used[name].nunique() < 2 for name in (dose, *covariates)):
        return "the terms of the model cannot be told apart"
    design = np.column_stack([used[dose].to_numpy("float64"), _others(used, covariates, factors)])
    fit = _least_squares(design, used[response].to_numpy("float64"))
    if isinstance(fit, str):
        return fit
    beta, inverse, df, residual_ss = fit
    return _line(float(beta[0]), float(np.sqrt(inverse[0, 0] * residual_ss / df)), df)


def trend(differences: Sequence[float], covariance: npt.ArrayLike, df: int) -> Line | str:
    """Return the contrast of means that is linear in the order of the arms, from the differences from the first arm.

    Parameters
    ----------
    differences : sequence of float
        Of the second, third ... arm from the first.
    covariance : array
        Their covariance.
    df : int
        Degrees of freedom.

    Returns
    -------
    Line or str
        With weights -2, -1, 0, 1, 2 of five arms, as R's ``emmeans::contrast("poly")``; of an even number of arms -3,
        -1, 1, 3.
    """
    count = len(differences) + 1
    if count < 3:
        return "fewer than three arms have an estimate"
    weights = np.arange(count) - (count - 1) / 2
    weights = (weights * (1 if count % 2 else 2))[1:]
    estimate = float(weights @ np.asarray(differences))
    return _line(estimate, float(np.sqrt(weights @ np.asarray(covariance) @ weights)), df)


def log_dose(doses: pd.Series, lowest: float) -> pd.Series:
    """Return ln(1 + dose / lowest), which is 0 without a dose.

    Examples
    --------
    >>> log_dose(pd.Series([0.0, 20.0]), 20.0).round(4).tolist()
    [0.0, 0.6931]
    """
    return pd.Series(np.log1p(doses.to_numpy("float64") / lowest), index=doses.index)


def emax(
    data: pd.DataFrame, response: str, dose: str, *, covariates: Sequence[str] = (), factors: Sequence[str] = ()
) -> Emax | str:
    """Return the Emax model of a response by dose, adjusted for covariates and factors, or why there is none.

    Arguments as in :func:`line`, the dose as given. ED50 of least squares between the lowest dose / 100 and the highest
    x 100; where it lies at an end the doses do not tell it.

    Notes
    -----
    Standard errors by the Jacobian at the estimate, as R's ``nls``.
    """
    used = data[[response, dose, *covariates, *factors]].dropna()
    given, observed = used[dose].to_numpy("float64"), used[response].to_numpy("float64")
    positive = np.unique(given[given > 0])
    if len(positive) < 2 or not (given == 0).any():
        return "fewer than two doses besides 0"
    others = _others(used, covariates, factors)
    grid = np.linspace(np.log(positive[0] / _SPAN), np.log(positive[-1] * _SPAN), _GRID)
    sums = [_residual(given, observed, others, float(at)) for at in grid]
    best = int(np.nanargmin(sums))
    if best in (0, _GRID - 1):
        return "the doses do not tell the dose of half the effect"
    logarithm = _golden(lambda at: _residual(given, observed, others, at), grid[best - 1], grid[best + 1])
    return _emax_at(given, observed, others, logarithm)


def _emax_at(given: Floats, observed: Floats, others: Floats, logarithm: float) -> Emax | str:
    half_dose = float(np.exp(logarithm))
    share = given / (half_dose + given)
    fit = _least_squares(np.column_stack([share, others]), observed)
    if isinstance(fit, str):
        return fit
    effect = float(fit[0][0])
    jacobian = np.column_stack([share, -effect * share * (1 - share), others])
    whole = _least_squares(jacobian, observed)
    if isinstance(whole, str):
        return "the doses do not tell the dose of half the effect"
    df = whole[2]
    covariance = whole[1][:2, :2] * fit[3] / df
    error = float(np.sqrt(covariance[1, 1]))
    half = float(stdtrit(df, (1 + _LEVEL) / 2)) * error
    effect_line = _line(effect, float(np.sqrt(covariance[0, 0])), df)
    if isinstance(effect_line, str):
        return effect_line
    low, high = float(half_dose * np.exp(-half)), float(half_dose * np.exp(half))
    return Emax(effect_line, Line(half_dose, half_dose * error, df, low, high, float("nan")), fit[3], covariance)


def _others(used: pd.DataFrame, covariates: Sequence[str], factors: Sequence[str]) -> Floats:
    columns: list[Floats] = [np.ones(len(used))]
    columns += [(used[name] - used[name].mean()).to_numpy("float64") for name in covariates]
    for factor in factors:
        columns += [np.asarray(used[factor].eq(level), dtype="float64") for level in sorted(used[factor].unique())[1:]]
    return np.column_stack(columns)


def _least_squares(design: Floats, observed: Floats) -> tuple[Floats, Floats, int, float] | str:
    """Return coefficients, inverse of the cross-products, degrees of freedom and residual sum of squares."""
    df = len(observed) - design.shape[1]
    if df < 1:
        return "too few participants for the model"
    scale = np.linalg.norm(design, axis=0)
    if (scale == 0).any():
        return "the terms of the model cannot be told apart"
    orthogonal, triangle = np.linalg.qr(design / scale)
    if np.abs(np.diag(triangle)).min() < _DEPENDENT:
        return "the terms of the model cannot be told apart"
    root = np.linalg.inv(triangle) / scale[:, None]
    beta = root @ (orthogonal.T @ observed)
    return beta, root @ root.T, df, float(np.sum((observed - design @ beta) ** 2))


def _residual(given: Floats, observed: Floats, others: Floats, logarithm: float) -> float:
    share = given / (np.exp(logarithm) + given)
    design = np.column_stack([share, others])
    beta = np.linalg.lstsq(design, observed, rcond=None)[0]
    return float(np.sum((observed - design @ beta) ** 2))


def _golden(value: Callable[[float], float], low: float, high: float) -> float:
    """Return where a function of one minimum between two ends has it."""
    ratio = (np.sqrt(5) - 1) / 2
    for _ in range(80):
        first, second = high - ratio * (high - low), low + ratio * (high - low)
        if value(first) < value(second):
            high = second
        else:
            low = first
    return (low + high) / 2


def _line(estimate: float, se: float, df: int) -> Line | str:
    if not se > 0:
        return "the terms of the model explain the response exactly"
    half = float(stdtrit(df, (1 + _LEVEL) / 2)) * se
    return Line(estimate, se, df, estimate - half, estimate + half, float(2 * stdtr(df, -abs(estimate / se))))
