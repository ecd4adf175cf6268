"""Analysis of covariance: least-squares means of treatment arms and their differences from a control arm."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.special import stdtr, stdtrit

_LEVEL = 0.95
"""Confidence level of the intervals."""

_DEPENDENT = 1e-10
"""Least share of a column of the design that the columns before it must leave for it to count as another one."""

Floats = npt.NDArray[Any]


@dataclass(frozen=True)
class Ancova:
    """A fitted analysis of covariance.

    Attributes
    ----------
    means : frame
        One row an arm with data, in the order given: arm, n, estimate, se, ci_low, ci_high. Least-squares means at the
        mean of every covariate, levels of factors weighted equally.
    differences : frame
        One row an arm other than the control: arm, estimate, se, ci_low, ci_high, t, p (two-sided). Empty when the
        control arm has no data.
    df : int
        Residual degrees of freedom.
    residual_sd : float
        Residual standard deviation.
    covariance : array
        Covariance of the differences, in their order.
    """

    means: pd.DataFrame
    differences: pd.DataFrame
    df: int
    residual_sd: float
    covariance: Floats


def ancova(
    data: pd.DataFrame, response: str, arms: Sequence[str], *, control: str, covariates: Sequence[str],
    factors: Sequence[str] = (),
) -> Ancova | str:  # fmt: skip
    """Return the analysis of covariance of ``response`` on arm, covariates and factors, by ordinary least squares.

    Parameters
    ----------
    data : frame
        One row a participant: ARM (text), ``response``, ``covariates`` (float64) and ``factors`` (text). Rows with a
        missing value do not take part.
    response : str
        Column to explain; for a ratio, the natural logarithm of the ratio.
    arms : sequence of str
        Arms in display order.
    control : str
        The arm with which the others are compared.
    covariates, factors : sequence of str
        Terms beside the arm, without interactions.

    Returns
    -------
    Ancova or str
        The fit, or the reason why there is none.

    Notes
    -----
    By an orthogonal factorisation of the design. Agrees with R's ``lm`` and ``emmeans`` (equal weights) and with SAS
    PROC GLM ``LSMEANS``.

    Examples
    --------
    >>> data = pd.DataFrame({"ARM": list("AAABBB"), "y": [1.0, 2, 3, 3, 4, 5], "x": [1.0, 2, 3, 1, 2, 3]})
    >>> fit = ancova(data, "y", ["A", "B"], control="A", covariates=["x"])
    >>> round(fit.differences["estimate"].item(), 6)
    2.0
    """
    used = data[["ARM", response, *covariates, *factors]].dropna()
    used = used[used["ARM"].isin(list(arms))]
    present = [arm for arm in arms if used["ARM"].eq(arm).any()]
    design, targets = _design(used, present, covariates, factors)
    freedom = len(used) - design.shape[1]
    if len(present) < 1 or freedom < 1:
        return "too few participants for the model"
    scale = np.linalg.norm(design, axis=0)
    if any(used[name].nunique() < 2 for name in covariates):
        return "the terms of the model cannot be told apart"
    # The factors of the design itself are as exact as the data; those of its cross-products lose half of the digits.
    orthogonal, triangle = np.linalg.qr(design / scale)
    if np.abs(np.diag(triangle)).min() < _DEPENDENT:
        return "the terms of the model cannot be told apart"
    observed = used[response].to_numpy(dtype="float64")
    root = np.linalg.inv(triangle) / scale[:, None]
    beta = root @ (orthogonal.T @ observed)
    inverse = root @ root.T
    residual_sd = float(np.sqrt(np.sum((observed - design @ beta) ** 2) / freedom))
    quantile = float(stdtrit(freedom, (1 + _LEVEL) / 2))
    means = _estimates(targets, beta, inverse * residual_sd**2, quantile)
    means.insert(0, "arm", present)
    means.insert(1, "n", used["ARM"].value_counts().reindex(present).to_numpy())
    compared = _differences(targets, present, control, beta, inverse, (residual_sd, freedom, quantile))
    rows = _rows_of_differences(targets, present, control)
    return Ancova(means, compared, freedom, residual_sd, rows @ inverse @ rows.T * residual_sd**2)


def _design(
    used: pd.DataFrame, present: Sequence[str], covariates: Sequence[str], factors: Sequence[str]
) -> tuple[Floats, Floats]:
    """Return the design matrix and, one row an arm, the point at which its least-squares mean is taken."""
    columns = [used["ARM"].eq(arm).to_numpy(dtype="float64") for arm in present]
    points = [np.eye(len(present))]
    for covariate in covariates:
        centred = (used[covariate] - used[covariate].mean()).to_numpy(dtype="float64")
        columns.append(centred)
        points.append(np.zeros((len(present), 1)))
    for factor in factors:
        levels = sorted(used[factor].unique())
        for one in levels[1:]:
            columns.append(used[factor].eq(one).to_numpy(dtype="float64"))
            points.append(np.full((len(present), 1), 1 / len(levels)))
    design = np.column_stack(columns) if columns else np.empty((len(used), 0))
    return design, np.hstack(points)


def _estimates(rows: Floats, beta: Floats, covariance: Floats, quantile: float) -> pd.DataFrame:
    estimate = rows @ beta
    error = np.sqrt(np.einsum("ij,jk,ik->i", rows, covariance, rows))
    limits = {"ci_low": estimate - quantile * error, "ci_high": estimate + quantile * error}
    return pd.DataFrame({"estimate": estimate, "se": error, **limits})


def _rows_of_differences(targets: Floats, present: list[str], control: str) -> Floats:
    if control not in present:
        return targets[:0]
    others = [place for place, arm in enumerate(present) if arm != control]
    return np.asarray(targets[others] - targets[present.index(control)])


def _differences(
    targets: Floats, present: list[str], control: str, beta: Floats, inverse: Floats, scale: tuple[float, int, float]
) -> pd.DataFrame:
    if control not in present:
        return pd.DataFrame(columns=["arm", "estimate", "se", "ci_low", "ci_high", "t", "p"])
    residual_sd, freedom, quantile = scale
    others = [place for place, arm in enumerate(present) if arm != control]
    rows = _rows_of_differences(targets, present, control)
    found = _estimates(rows, beta, inverse * residual_sd**2, quantile)
    found.insert(0, "arm", [present[place] for place in others])
    ratio = found["estimate"] / found["se"]
    return found.assign(t=ratio, p=2 * stdtr(freedom, -ratio.abs()))
