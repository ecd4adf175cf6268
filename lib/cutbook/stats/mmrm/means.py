"""Combinations of coefficients that are least-squares means, and what is said of any combination."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any

import numpy as np
import pandas as pd
from scipy.special import stdtr, stdtrit

from cutbook.stats.mmrm.design import Design
from cutbook.stats.mmrm.freedom import Uncertainty
from cutbook.stats.mmrm.rows import Factor, Floats

NO_VALUE = "no value at this level"
NOT_TOLD = "the data cannot tell it from other terms"
NO_FREEDOM = "no degrees of freedom"
NO_VARIANCE = "its variance is not positive"

Cell = tuple[Any, ...]


@dataclass(frozen=True)
class Estimated:
    """Coefficients of the basis of a design, on the scale of the response, and how far they can be trusted."""

    design: Design
    coefficients: Floats
    uncertainty: Uncertainty


def cells(design: Design, factors: Sequence[str]) -> list[Cell]:
    """Return the combinations of the declared levels of factors, the last one running fastest.

    Raises
    ------
    ValueError
        One of them is no factor of the model.
    """
    for name in factors:
        if not isinstance(design.variables.get(name), Factor):
            raise ValueError(f"{name!r} is no factor of the model")
    return list(product(*(_factor(design, name).declared for name in factors)))


def mean_rows(design: Design, factors: Sequence[str], weights: str) -> dict[Cell, Floats]:
    """Return for each combination of occurring levels the combination of all columns that is its mean.

    Covariates stand at their mean over all records; factors that are not named are averaged over: their combinations
    equally, or in proportion to their records.
    """
    others = [name for name, values in design.variables.items() if isinstance(values, Factor) and name not in factors]
    grid = list(product(*(range(len(_factor(design, name).levels)) for name in (*factors, *others))))
    values = {name: np.array([point[place] for point in grid], dtype="float64")
              for place, name in enumerate((*factors, *others))}  # fmt: skip
    for name, observed in design.variables.items():
        if not isinstance(observed, Factor):
            values[name] = np.full(len(grid), observed.mean())
    shares = _shares(design, others, weights)
    rows = design.columns(values) if values else np.ones((1, len(design.names)))
    means = (rows.reshape(-1, len(shares), rows.shape[1]) * shares[:, None]).sum(axis=1)
    levels = product(*(_factor(design, name).levels for name in factors))
    return dict(zip(levels, means, strict=True))


def _factor(design: Design, name: str) -> Factor:
    found = design.variables[name]
    assert isinstance(found, Factor)  # noqa: S101 - callers choose factors
    return found


def _shares(design: Design, others: Sequence[str], weights: str) -> Floats:
    sizes = [len(_factor(design, name).levels) for name in others]
    if weights == "equal" or not others:
        return np.full(int(np.prod(sizes)), 1 / np.prod(sizes))
    places = np.ravel_multi_index([_factor(design, name).codes for name in others], sizes)
    counts = np.bincount(places, minlength=int(np.prod(sizes)))
    return np.asarray(counts / counts.sum())


def observations(design: Design, factors: Sequence[str]) -> dict[Cell, int]:
    """Return the number of records of each combination of occurring levels."""
    found = pd.Series(1, index=range(len(design.basis)))
    if not factors:
        return {(): len(found)}
    codes = [_factor(design, name).codes for name in factors]
    counted = found.groupby(codes).sum()
    keys = [key if isinstance(key, tuple) else (key,) for key in counted.index]
    named = (
        tuple(_factor(design, name).levels[place] for name, place in zip(factors, key, strict=True)) for key in keys
    )
    return dict(zip(named, counted.tolist(), strict=True))


def estimates(fitted: Estimated, rows: Sequence[Floats | None], level: float) -> pd.DataFrame:
    """Return what is estimated of combinations of all columns, where the data determine them.

    Parameters
    ----------
    rows : sequence of array or None
        Combinations; None where a level does not occur.
    level : float
        Confidence level.

    Returns
    -------
    frame
        estimate, se, df, ci_low, ci_high, t, p (two-sided), and ``reason``, empty where there is an estimate; without
        one the numbers are missing.
    """
    width = len(fitted.design.names)
    matrix = np.array([np.zeros(width) if row is None else row for row in rows], dtype="float64").reshape(-1, width)
    is_told = fitted.design.can_tell(matrix)
    reasons = [NO_VALUE if row is None else "" if told else NOT_TOLD for row, told in zip(rows, is_told, strict=True)]
    return _judged(fitted, matrix, reasons, level)


def terms(fitted: Estimated, level: float) -> pd.DataFrame:
    """Return what is estimated of each column in the model of the kept ones, as R does."""
    reasons = ["" if kept else NOT_TOLD for kept in fitted.design.is_kept]
    return _judged(fitted, np.eye(len(fitted.design.names)), reasons, level)


def _judged(fitted: Estimated, matrix: Floats, reasons: list[str], level: float) -> pd.DataFrame:
    combined = fitted.design.in_basis(matrix)
    variance = np.einsum("ra,ab,rb->r", combined, fitted.uncertainty.variance, combined)
    freedom = fitted.uncertainty.freedom(combined, matrix[:, fitted.design.is_kept])
    unsound = np.select([~(variance > 0), ~((freedom > 0) & np.isfinite(freedom))], [NO_VARIANCE, NO_FREEDOM], "")
    reasons = [reason or str(other) for reason, other in zip(reasons, unsound, strict=True)]
    numbers = {"estimate": combined @ fitted.coefficients, "se": np.sqrt(np.maximum(variance, 0.0)), "df": freedom}
    is_there = np.array([not reason for reason in reasons], dtype=bool)
    frame = pd.DataFrame({name: np.where(is_there, values, np.nan) for name, values in numbers.items()})
    with np.errstate(divide="ignore", invalid="ignore"):
        half = stdtrit(frame["df"], (1 + level) / 2) * frame["se"]
        ratio = frame["estimate"] / frame["se"]
        p = 2 * stdtr(frame["df"], -ratio.abs())
    return frame.assign(ci_low=frame["estimate"] - half, ci_high=frame["estimate"] + half, t=ratio, p=p, reason=reasons)
