"""Cross-products of the records, by covariance group and pattern of visits: all that a likelihood needs of them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from cutbook.stats.mmrm.design import Design
from cutbook.stats.mmrm.reasons import NotEstimable
from cutbook.stats.mmrm.rows import Floats, Integers, Rows


@dataclass(frozen=True)
class Prepared:
    """Records of a model, in the basis of its design and on the scale of their residuals.

    Attributes
    ----------
    rows : Rows
        The records.
    design : Design
        Their design.
    values : array, records x columns
        Basis of the design and, last, the residuals of least squares over ``scale``; weighted.
    scale : float
        Standard deviation of those residuals.
    least_squares : array
        Coefficients of the basis by least squares.
    """

    rows: Rows
    design: Design
    values: Floats
    scale: float
    least_squares: Floats


def prepare(rows: Rows, design: Design) -> Prepared | NotEstimable:
    """Return the records less their least-squares fit, or why they leave nothing to estimate a covariance from."""
    observations, coefficients = design.basis.shape
    if observations <= coefficients:
        return NotEstimable("there are too few values for the model")
    response = rows.response * np.sqrt(rows.weights)
    least_squares = design.basis.T @ response
    left = response - design.basis @ least_squares
    largest = np.abs(response).max()
    scale = float(np.linalg.norm(left / (largest or 1.0)) * largest / np.sqrt(observations - coefficients))
    if scale <= 1e-12 * largest:
        return NotEstimable("the terms of the model explain the response exactly")
    return Prepared(rows, design, np.column_stack([design.basis, left / scale]), scale, least_squares)


def constant(ready: Prepared, *, is_restricted: bool) -> float:
    """Return the part of the deviance of the response that no covariance parameter changes."""
    observations, coefficients = ready.design.basis.shape
    count = observations - coefficients * is_restricted
    size = 2 * np.log(np.abs(np.diag(ready.design.triangle))).sum() if is_restricted else 0.0
    return float(count * (np.log(2 * np.pi) + 2 * np.log(ready.scale)) + size - np.log(ready.rows.weights).sum())


@dataclass(frozen=True)
class Patterns:
    """Participants of one covariance group, put together by the visits at which they have values.

    Attributes
    ----------
    mask : array of bool, patterns x visits
        Visits with a value.
    counts : array of float
        Participants of each pattern.
    pattern, first, second : array of int
        Pattern and visits (first <= second) of each row of ``products``.
    products : array, rows x pairs of columns
        Sum over participants of z_first z_second' (and its transpose where the visits differ), upper triangle, where
        z holds the row of the design and the response.
    columns : int
        Length of z.
    """

    mask: npt.NDArray[np.bool_]
    counts: Floats
    pattern: Integers
    first: Integers
    second: Integers
    products: Floats
    columns: int

    def total(self, matrices: Floats) -> Floats:
        """Return the sum over participants of Z' M Z, for symmetric M of visits (..., patterns, visits, visits)."""
        packed = matrices[..., self.pattern, self.first, self.second] @ self.products
        rows, columns = np.triu_indices(self.columns)
        full = np.empty((*packed.shape[:-1], self.columns, self.columns))
        full[..., rows, columns] = packed
        full[..., columns, rows] = packed
        return full

    def traces(self, weight: Floats) -> Floats:
        """Return by pattern the matrix of visits with which M has the trace of ``weight`` times :meth:`total` of M."""
        rows, columns = np.triu_indices(self.columns)
        packed = self.products @ (weight[rows, columns] * np.where(rows == columns, 1.0, 2.0))
        packed = packed * np.where(self.first == self.second, 1.0, 0.5)
        visits = self.mask.shape[1]
        full = np.zeros((len(self.mask), visits, visits))
        full[self.pattern, self.first, self.second] = packed
        full[self.pattern, self.second, self.first] = packed
        return full


def group_patterns(ready: Prepared) -> tuple[Patterns, ...]:
    """Return the cross-products of each covariance group."""
    rows, values = ready.rows, ready.values
    people, visits = len(rows.subject.levels), len(rows.visit.levels)
    dense = np.zeros((people, visits, values.shape[1]))
    dense[rows.subject.codes, rows.visit.codes] = values
    mask = np.zeros((people, visits), dtype=bool)
    mask[rows.subject.codes, rows.visit.codes] = True
    group = np.zeros(people, dtype="int64")
    group[rows.subject.codes] = rows.group.codes
    return tuple(
        _patterns(dense[group == one], mask[group == one]) for one in range(len(rows.group.levels))
    )  # fmt: skip


def _patterns(dense: Floats, mask: npt.NDArray[np.bool_]) -> Patterns:
    found, member, counts = np.unique(np.packbits(mask, axis=1), axis=0, return_inverse=True, return_counts=True)
    masks = np.unpackbits(found, axis=1, count=mask.shape[1]).astype(bool)
    places, products = [], []
    width = dense.shape[2]
    upper = np.triu_indices(width)
    member = member.reshape(-1)
    for pattern, seen in enumerate(masks):
        visits = np.flatnonzero(seen)
        chosen = dense[member == pattern][:, visits].reshape(counts[pattern], -1)
        gram = (chosen.T @ chosen).reshape(len(visits), width, len(visits), width).swapaxes(1, 2)
        one, two = np.triu_indices(len(visits))
        pairs = gram[one, two] + np.where(one == two, 0.0, 1.0)[:, None, None] * gram[two, one]
        places.append(np.stack([np.full(len(one), pattern), visits[one], visits[two]]))
        products.append(pairs[:, upper[0], upper[1]])
    pattern_of, first, second = np.concatenate(places, axis=1)
    return Patterns(masks, counts.astype("float64"), pattern_of, first, second, np.concatenate(products), width)
