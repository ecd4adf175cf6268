"""Dose proportionality by the power model: slope, ratio of dose-normalised means, limits, lack of fit, predictions."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.special import fdtrc, stdtrit

Floats = npt.NDArray[Any]

LEVEL = 0.90
"""Level of the intervals, as bioequivalence has it."""

SMITH, HUMMEL = 0.8, 0.5
"""Least ratio of dose-normalised means from the highest to the lowest dose: Smith 2000, and exploratory Hummel 2009."""


class PowerReason(StrEnum):
    """Why there is no power model."""

    ONE_DOSE = "fewer than two doses with a value"
    TOO_FEW = "fewer than three values"
    EXACT = "the values follow the doses exactly"


@dataclass(frozen=True)
class PowerModel:
    """A fitted power model ``ln P = a + b ln dose``.

    Attributes
    ----------
    n : int
        Values.
    ratio_of_doses : float
        Highest by lowest dose.
    intercept, slope : float
        a and b.
    slope_low, slope_high : float
        90 % limits of b (t).
    rdnm, rdnm_low, rdnm_high : float
        ``r**(b - 1)``: ratio of the dose-normalised geometric means of the highest and the lowest dose, its limits.
    df : int
        Residual degrees of freedom.
    sigma : float
        Residual standard deviation of the logarithms.
    lack_of_fit : float
        p of the F test against a mean for every dose; missing where there are only two doses, or one value a dose.
    """

    n: int
    ratio_of_doses: float
    intercept: float
    slope: float
    slope_low: float
    slope_high: float
    rdnm: float
    rdnm_low: float
    rdnm_high: float
    df: int
    sigma: float
    lack_of_fit: float
    centre: float
    spread: float

    def predicted(self, dose: float) -> tuple[float, float, float]:
        """Return the value predicted for one further participant at a dose, with its 90 % prediction interval."""
        x = np.log(dose)
        error = self.sigma * np.sqrt(1 + 1 / self.n + (x - self.centre) ** 2 / self.spread)
        return self._around(x, error)

    def mean_at(self, dose: float) -> tuple[float, float, float]:
        """Return the geometric mean that the model has at a dose, with its 90 % confidence interval."""
        x = np.log(dose)
        return self._around(x, self.sigma * np.sqrt(1 / self.n + (x - self.centre) ** 2 / self.spread))

    def _around(self, x: float, error: float) -> tuple[float, float, float]:
        middle, half = self.intercept + self.slope * x, float(stdtrit(self.df, (1 + LEVEL) / 2)) * error
        return float(np.exp(middle)), float(np.exp(middle - half)), float(np.exp(middle + half))


def smith_limits(ratio_of_doses: float, least: float = SMITH) -> tuple[float, float]:
    """Return the limits of the slope within which exposure counts as proportional to dose.

    ``1 ± ln(1 / least) / ln(r)``, r the highest by the lowest dose: the ratio of dose-normalised
    means lies within ``least`` and ``1 / least``. Smith BP et al., Pharm Res 2000;17:1278-83,
    doi:10.1023/A:1026451721686; 0.5 for exploratory trials: Hummel J et al., Pharm Stat 2009;8:38-49,
    doi:10.1002/pst.326.

    Examples
    --------
    >>> [round(limit, 3) for limit in smith_limits(5)], [round(limit, 3) for limit in smith_limits(5, HUMMEL)]
    ([0.861, 1.139], [0.569, 1.431])
    """
    half = float(np.log(1 / least) / np.log(ratio_of_doses))
    return 1 - half, 1 + half


def power_model(dose: npt.ArrayLike, value: npt.ArrayLike) -> PowerModel | PowerReason:
    """Return the power model of values by dose, by least squares of the logarithms.

    Parameters
    ----------
    dose, value : array of float
        One a participant; pairs of which one is missing or not above zero take no part.

    Returns
    -------
    PowerModel or PowerReason
        Agrees with R ``lm(log(value) ~ log(dose))``; lack of fit with ``anova`` against ``factor(dose)``.

    Examples
    --------
    >>> fit = power_model([1, 1, 10, 10], [2, 8, 20, 80])
    >>> round(fit.slope, 6), round(fit.rdnm, 6), fit.df
    (1.0, 1.0, 2)
    """
    doses, values = (np.asarray(part, dtype="float64") for part in (dose, value))
    with np.errstate(invalid="ignore"):
        taken = (doses > 0) & (values > 0) & np.isfinite(doses) & np.isfinite(values)
    x, y = np.log(doses[taken]), np.log(values[taken])
    if len(np.unique(x)) < 2:
        return PowerReason.ONE_DOSE
    if len(x) < 3:
        return PowerReason.TOO_FEW
    return _fit(x, y)


def _fit(x: Floats, y: Floats) -> PowerModel | PowerReason:
    spread, centre, number = float(((x - x.mean()) ** 2).sum()), float(x.mean()), len(x)
    slope = float(((x - centre) * (y - y.mean())).sum() / spread)
    intercept = float(y.mean() - slope * centre)
    rest = float(((y - intercept - slope * x) ** 2).sum())
    df = number - 2
    sigma = float(np.sqrt(rest / df))
    if sigma < 1e-12:
        return PowerReason.EXACT
    half = float(stdtrit(df, (1 + LEVEL) / 2)) * sigma / float(np.sqrt(spread))
    ratio = float(np.exp(x.max() - x.min()))
    low, high = slope - half, slope + half
    return PowerModel(
        number, ratio, intercept, slope, low, high, ratio ** (slope - 1), ratio ** (low - 1), ratio ** (high - 1), df,
        sigma, _lack_of_fit(x, y, rest), centre, spread,
    )  # fmt: skip


def _lack_of_fit(x: Floats, y: Floats, rest: float) -> float:
    """Return p of the F test of the line against a mean for every dose."""
    _, place = np.unique(np.round(x, 12), return_inverse=True)
    sizes = np.bincount(place)
    means = np.bincount(place, weights=y) / sizes
    within = float(((y - means[place]) ** 2).sum())
    more, freedom = len(sizes) - 2, len(y) - len(sizes)
    if more < 1 or freedom < 1 or within <= 0:
        return float("nan")
    return float(fdtrc(more, freedom, (rest - within) / more / (within / freedom)))
