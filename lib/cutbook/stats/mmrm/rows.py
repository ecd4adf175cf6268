"""The records of a model: which take part, and what makes them unfit for one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from cutbook.stats.mmrm.formula import Formula
from cutbook.stats.mmrm.reasons import NotEstimable

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Factor:
    """A variable with levels.

    Attributes
    ----------
    levels : tuple
        Levels that occur, in the order of their categories, else sorted.
    codes : array of int
        Place of each record's level, -1 where it is missing.
    declared : tuple
        Levels and, of a categorical, the categories that do not occur.
    """

    levels: tuple[Any, ...]
    codes: Integers
    declared: tuple[Any, ...]


@dataclass(frozen=True)
class Roles:
    """Columns that say whose record it is and when: participant, visit, covariance group and weight."""

    subject: str
    visit: str
    group: str | None
    weights: str | None


@dataclass(frozen=True)
class Rows:
    """Records that take part in a model, sorted by nothing.

    Attributes
    ----------
    response, weights : array of float
        Value to explain and weight of each record.
    variables : mapping
        Explaining variables: a factor or an array of float.
    subject, visit, group : Factor
        Participant, visit and covariance group of each record.
    left_out : int
        Records without response or with a missing explaining variable.
    """

    response: Floats
    weights: Floats
    variables: Mapping[str, Factor | Floats]
    subject: Factor
    visit: Factor
    group: Factor
    left_out: int


def read_rows(data: pd.DataFrame, formula: Formula, roles: Roles) -> Rows | NotEstimable:
    """Return the records that have a response and all explaining variables, or why there is no model of them.

    Parameters
    ----------
    data : frame
        One row a participant and visit. Numbers are covariates; anything else (text, categories, booleans), the visit
        and the covariance group are factors. A blank text is missing.
    formula : Formula
        Response and terms.
    roles : Roles
        Columns of participant, visit, covariance group and weight.
    """
    wrong = _wrong_columns(data, formula, roles)
    if wrong:
        return NotEstimable(wrong)
    always = (roles.subject, roles.visit, roles.group)
    variables = {name: _factor(data[name]) if name in always else _variable(data[name]) for name in formula.variables}
    response = _floats(data[formula.response])
    kept = ~np.isnan(response)
    for values in variables.values():
        kept &= values.codes >= 0 if isinstance(values, Factor) else ~np.isnan(values)
    used = data.loc[kept]
    weights = _floats(used[roles.weights]) if roles.weights else np.ones(len(used))
    group = _factor(used[roles.group]) if roles.group else Factor(("",), np.zeros(len(used), dtype="int64"), ("",))
    rows = Rows(
        response[kept], weights, {name: _part(values, kept) for name, values in variables.items()},
        _factor(used[roles.subject]), _factor(used[roles.visit]), group, int((~kept).sum()),
    )  # fmt: skip
    reason = _unfit(rows, formula, roles)
    return NotEstimable(reason) if reason else rows


def _wrong_columns(data: pd.DataFrame, formula: Formula, roles: Roles) -> str:
    named = [formula.response, *formula.variables, roles.subject, roles.visit, roles.group, roles.weights]
    absent = [name for name in dict.fromkeys(named) if name is not None and name not in data]
    if absent:
        return f"the data have no {' and no '.join(absent)}"
    texts = [name for name in (formula.response, roles.weights) if name and not _is_numeric(data[name])]
    return f"{' and '.join(texts)} must be numeric" if texts else ""


def _is_numeric(values: pd.Series) -> bool:
    return pd.api.types.is_numeric_dtype(values) and not pd.api.types.is_bool_dtype(values)


def _floats(values: pd.Series) -> Floats:
    return values.to_numpy(dtype="float64", na_value=np.nan)


def _variable(values: pd.Series) -> Factor | Floats:
    return _floats(values) if _is_numeric(values) else _factor(values)


def _factor(values: pd.Series) -> Factor:
    codes: Integers
    if isinstance(values.dtype, pd.CategoricalDtype):
        codes, declared = np.asarray(values.cat.codes, dtype="int64"), list(values.cat.categories)
    else:
        codes, declared = _sorted_levels(values)
    blank = [place for place, level in enumerate(declared) if isinstance(level, str) and not level.strip()]
    codes = np.where(np.isin(codes, blank), -1, codes) if blank else codes
    named = tuple(level for place, level in enumerate(declared) if place not in blank)
    return _compressed(tuple(declared), codes, named)


def _sorted_levels(values: pd.Series) -> tuple[Integers, list[Any]]:
    found, index = pd.factorize(values)
    levels = index.tolist()
    is_mixed = len({type(level) for level in levels}) > 1
    order = sorted(
        range(len(levels)), key=[str(level) for level in levels].__getitem__ if is_mixed else levels.__getitem__
    )
    ranks = np.full(len(levels) + 1, -1)
    ranks[order] = np.arange(len(levels))
    return ranks[found], [levels[place] for place in order]


def _compressed(levels: tuple[Any, ...], codes: Integers, declared: tuple[Any, ...]) -> Factor:
    counts = np.bincount(codes[codes >= 0], minlength=len(levels))
    places = np.append(np.cumsum(counts > 0) - 1, -1).astype("int64")
    return Factor(tuple(level for level, count in zip(levels, counts, strict=True) if count), places[codes], declared)


def _part(values: Factor | Floats, kept: npt.NDArray[np.bool_]) -> Factor | Floats:
    if isinstance(values, Factor):
        return _compressed(values.levels, values.codes[kept], values.declared)
    return values[kept]


def _unfit(rows: Rows, formula: Formula, roles: Roles) -> str:
    """Return what is wrong with the records, first match; empty where nothing is."""
    if not len(rows.response):
        return "no participant has a value and all that explains it"
    for name, values in {formula.response: rows.response, **rows.variables}.items():
        if not isinstance(values, Factor) and not np.isfinite(values).all():
            return f"{name} is not finite in {_records(np.sum(~np.isfinite(values)))}"
    for column, factor in ((roles.subject, rows.subject), (roles.visit, rows.visit), (roles.group, rows.group)):
        if (factor.codes < 0).any():
            return f"{column} is missing in {_records(np.sum(factor.codes < 0))} with a value"
    unsound = ~(np.isfinite(rows.weights) & (rows.weights > 0))
    if unsound.any():
        return f"{roles.weights} is missing or not positive in {_records(unsound.sum())}"
    return _wrong_participants(rows, roles)


def _wrong_participants(rows: Rows, roles: Roles) -> str:
    people = len(rows.subject.levels)
    if people < 2:
        return "only one participant has a value"
    moments = rows.subject.codes * len(rows.visit.levels) + rows.visit.codes
    doubled = np.unique(moments, return_counts=True)[1] > 1
    if doubled.any():
        return f"{doubled.sum()} participants' visits have more than one value" if doubled.sum() > 1 else (
            "a participant's visit has more than one value"
        )  # fmt: skip
    pairs = np.unique(rows.subject.codes * len(rows.group.levels) + rows.group.codes)
    if len(pairs) > people:
        return f"{roles.group} changes within {len(pairs) - people} participants"
    alone = np.sum(np.bincount(pairs % len(rows.group.levels)) < 2)
    if alone:
        return f"{alone} levels of {roles.group} have only one participant with a value"
    return ""


def _records(count: Any) -> str:  # noqa: ANN401 - a count of numpy or Python
    return "1 record" if count == 1 else f"{count} records"
