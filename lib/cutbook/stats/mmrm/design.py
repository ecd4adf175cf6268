"""The design matrix of a formula, and which of its combinations the data can tell."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import reduce

import numpy as np
import numpy.typing as npt

from cutbook.stats.mmrm.formula import Formula
from cutbook.stats.mmrm.rows import Factor, Floats, Rows

_TOLERANCE = 1e-7
"""Share of a column's length that must be its own: the tolerance of R's ``qr``."""


@dataclass(frozen=True)
class Design:
    """The columns of a model, in an orthonormal basis.

    Attributes
    ----------
    formula : Formula
        The terms.
    variables : mapping
        Explaining variables of the records.
    names : tuple of str
        Names of all columns, as R gives them.
    is_kept : array of bool
        False for a column that those before it determine; it has no coefficient.
    basis : array, records x kept columns
        Orthonormal columns that span the kept ones.
    triangle : array, kept x kept
        Kept columns = basis @ triangle.
    null : array, all columns x columns not kept
        Combinations of columns that are zero in every record.
    """

    formula: Formula
    variables: Mapping[str, Factor | Floats]
    names: tuple[str, ...]
    is_kept: npt.NDArray[np.bool_]
    basis: Floats
    triangle: Floats
    null: Floats

    @property
    def recorded(self) -> Floats:
        """All columns at the records."""
        values = {name: _values(variable) for name, variable in self.variables.items()}
        return _matrix(self.formula, self.variables, values, len(self.basis))[0]

    def columns(self, values: Mapping[str, Floats]) -> Floats:
        """Return rows of the design at given values: codes of factors' levels and numbers of covariates."""
        return _matrix(self.formula, self.variables, values, len(next(iter(values.values()), (0.0,))))[0]

    def in_basis(self, rows: Floats) -> Floats:
        """Return linear combinations of all columns as combinations of the basis."""
        return np.asarray(np.linalg.solve(self.triangle.T, rows[:, self.is_kept].T).T)

    def can_tell(self, rows: Floats) -> npt.NDArray[np.bool_]:
        """Return which linear combinations of columns the data determine, as R's ``estimability`` does."""
        if not self.null.size:
            return np.ones(len(rows), dtype=bool)
        size = np.maximum(np.linalg.norm(rows, axis=1), 1.0)
        return np.asarray(np.abs(rows @ self.null).max(axis=1) <= 1e-8 * size)


def make_design(formula: Formula, rows: Rows) -> Design:
    """Return the design of a formula for given records.

    Factors are coded by treatment contrasts, the first level being the reference; a factor whose margin is not in the
    formula, and the first one of a formula without intercept, has a column a level, as in R's ``model.matrix``.
    """
    values = {name: _values(variable) for name, variable in rows.variables.items()}
    matrix, names = _matrix(formula, rows.variables, values, len(rows.response))
    scale = np.linalg.norm(matrix, axis=0)
    scale[scale == 0] = 1.0
    weighted = matrix / scale * np.sqrt(rows.weights)[:, None]
    basis, triangle = np.linalg.qr(weighted)
    kept = _independent(triangle)
    upper = triangle
    if not kept.all():
        basis, upper = np.linalg.qr(weighted[:, kept])
    return Design(formula, rows.variables, names, kept, basis, upper * scale[kept], _null(triangle, kept, scale))


def _values(variable: Factor | Floats) -> Floats:
    return variable.codes.astype("float64") if isinstance(variable, Factor) else variable


def _matrix(
    formula: Formula, variables: Mapping[str, Factor | Floats], values: Mapping[str, Floats], rows: int
) -> tuple[Floats, tuple[str, ...]]:
    blocks: list[Floats] = [np.ones((rows, 1))] if formula.has_intercept else []
    names = ["(Intercept)"] if formula.has_intercept else []
    known = {frozenset(term) for term in formula.terms} | {frozenset[str]()}
    factors = [(term, name) for term in formula.terms for name in term if isinstance(variables[name], Factor)]
    # Without an intercept the first factor stands for it.
    whole = set() if formula.has_intercept else set(factors[:1])
    for term in formula.terms:
        is_coded = {name: frozenset(term) - {name} in known and (term, name) not in whole for name in term}
        block, labels = reduce(_product, (_part(name, variables[name], values[name], is_coded[name]) for name in term))
        blocks.append(block)
        names += labels
    return np.hstack(blocks) if blocks else np.empty((rows, 0)), tuple(names)


def _part(name: str, variable: Factor | Floats, values: Floats, is_coded: bool) -> tuple[Floats, list[str]]:
    if not isinstance(variable, Factor):
        return values[:, None], [name]
    first = 1 if is_coded else 0
    levels = variable.levels[first:]
    return (values[:, None] == np.arange(first, len(variable.levels))).astype("float64"), [f"{name}{x}" for x in levels]


def _product(left: tuple[Floats, list[str]], right: tuple[Floats, list[str]]) -> tuple[Floats, list[str]]:
    # The levels of the first variable run fastest.
    block = right[0][:, :, None] * left[0][:, None, :]
    return block.reshape(len(block), -1), [f"{one}:{two}" for two in right[1] for one in left[1]]


def _independent(triangle: Floats) -> npt.NDArray[np.bool_]:
    """Return which columns are not determined by those before them."""
    kept: list[int] = []
    basis = np.empty((len(triangle), 0))
    for place in range(triangle.shape[1]):
        column = triangle[:, place]
        left = column - basis @ (basis.T @ column)
        left -= basis @ (basis.T @ left)
        length = np.linalg.norm(left)
        if length > _TOLERANCE * np.linalg.norm(column):
            kept.append(place)
            basis = np.column_stack([basis, left / length])
    return np.isin(np.arange(triangle.shape[1]), kept)


def _null(triangle: Floats, kept: npt.NDArray[np.bool_], scale: Floats) -> Floats:
    gone = np.flatnonzero(~kept)
    null = np.zeros((len(kept), len(gone)))
    if not gone.size:
        return null
    null[kept] = -np.linalg.lstsq(triangle[:, kept], triangle[:, gone], rcond=None)[0]
    null[gone, np.arange(len(gone))] = 1.0
    null /= scale[:, None]
    return np.asarray(null / np.linalg.norm(null, axis=0))
