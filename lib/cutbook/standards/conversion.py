"""One unit in another: sizes of units of one kind, and what a test adds to them (molar masses, charges, scales)."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from functools import cache
from math import isnan
from typing import NamedTuple

import pandas as pd

from cutbook.standards.criteria import table
from cutbook.standards.units import spelled, standing_for

_NOT_KNOWN = float("nan")


class Scale(NamedTuple):
    """A value in the other unit is ``factor`` times it and ``shift``; not numbers where no conversion is known."""

    factor: float
    shift: float = 0.0

    @property
    def is_known(self) -> bool:
        """Return whether there is a conversion."""
        return not isnan(self.factor)


def converted(values: pd.Series, units: pd.Series, target: str, test: str = "") -> pd.Series:
    """Return values in one unit; missing where the conversion is not known, as they are where no unit is stated.

    Parameters
    ----------
    values : Series of float
        Results, sizes, doses or ages.
    units : Series of str
        The unit of each.
    target : str
        Another unit; empty: they stay as they are.
    test : str
        Test code, for what is converted of this test alone: mg/dL of glucose into mmol/L.

    Notes
    -----
    Capitals and the plural do not count, and micro is written in any way. Sizes of units are in ``unit_sizes.csv``,
    factors of tests in ``laboratory_units.csv``, scales with another zero in ``shifted_units.csv``.

    Examples
    --------
    >>> doses = pd.Series([10000.0, 0.01, 10.0, 5.0, 3.0])
    >>> converted(doses, pd.Series(["ug", "g", "MG", None, "mg/kg"]), "mg").tolist()
    [10.0, 10.0, 10.0, 5.0, nan]
    >>> converted(pd.Series([492.0]), pd.Series(["MONTHS"]), "years").tolist()
    [41.0]
    >>> converted(pd.Series([90.0, 90.0]), pd.Series(["mg/dL", "mg/L"]), "mmol/L", "GLUC").round(4).tolist()
    [4.9959, 0.4996]
    """
    codes, stated = pd.factorize(units)
    scales = [*(scale_of(str(unit), target, test) for unit in stated), Scale(1.0)]
    factor = pd.Series([scale.factor for scale in scales]).take(codes).set_axis(values.index)
    shift = pd.Series([scale.shift for scale in scales]).take(codes).set_axis(values.index)
    return (values * factor + shift).mask(factor.eq(1) & shift.eq(0), values)


@cache
def scale_of(unit: str, target: str, test: str = "") -> Scale:
    """Return how a value in a unit becomes one in another; the value itself where one of them is empty.

    Examples
    --------
    >>> scale_of("degF", "C", "TEMP").factor, scale_of("g/L", "g/dL").factor
    (0.5555555555555556, 0.1)
    >>> scale_of("ng/mL", "nmol/L").is_known
    False
    """
    one, other = _folded(unit), _folded(target)
    if "" in (one, other) or one == other:
        return Scale(1.0)
    ratio = _ratio(one, other)
    if not isnan(ratio):
        return Scale(ratio)
    return next((scale for scale in _of_test(one, other, test) if scale.is_known), Scale(_NOT_KNOWN))


@cache
def is_measure(unit: str) -> bool:
    """Return whether a unit is one that the tables know, so that another one can be told to be unlike it.

    Examples
    --------
    >>> [is_measure(unit) for unit in ("ng/mL", "points", "kg/m²")]
    [True, False, False]
    """
    name = _folded(unit)
    top, _, bottom = name.partition("/")
    tabulated = {_folded(one) for file in ("laboratory_units", "shifted_units") for one in table(file)["unit"]}
    known = set(table("unit_sizes")["unit"])
    return name in tabulated or bool(top and {_single(top, known), _single(bottom, known)} <= {*known, ""})


def _of_test(one: str, other: str, test: str) -> Iterator[Scale]:
    """Yield the conversions of a test between units, each reached from one of its tabulated units to another."""
    code = str(standing_for(pd.Series([test], dtype="str")).iloc[0])
    shifted, rows = table("shifted_units"), table("laboratory_units")
    scales = {
        _folded(unit): (float(slope), float(intercept))
        for name, unit, slope, intercept in zip(
            shifted["testcd"], shifted["unit"], shifted["slope"], shifted["intercept"], strict=True
        )
        if name == code
    }
    if one in scales and other in scales:
        (slope, intercept), (other_slope, other_intercept) = scales[one], scales[other]
        factor = other_slope / slope
        yield Scale(factor, other_intercept - intercept * factor)
    own = rows[rows["testcd"].eq(code)]
    for unit, size in zip(own["unit"], own["factor"], strict=True):
        for goal, other_size in zip(own["unit"], own["factor"], strict=True):
            yield Scale(_ratio(one, _folded(unit)) * other_size / size * _ratio(_folded(goal), other))


def _folded(unit: str) -> str:
    """Return a unit in the spelling of the tables, in small letters."""
    return str(spelled(pd.Series([unit], dtype="str")).iloc[0]).lower()


@cache
def _ratio(one: str, other: str) -> float:
    """Return the size of a unit in another one of the same kind; not a number where that is not known."""
    if one == other:
        return 1.0
    (top, _, bottom), (other_top, _, other_bottom) = one.partition("/"), other.partition("/")
    above, below = _exact(top, other_top), _exact(bottom, other_bottom)
    return float(above / below) if above and below else _NOT_KNOWN


def _exact(one: str, other: str) -> Fraction | None:
    """Return the size of a unit without a stroke in another; None where they are of two kinds, or of none."""
    if one == other:
        return Fraction(1)
    for sizes in _kinds():
        size, goal = (sizes.get(_single(name, set(sizes))) for name in (one, other))
        if size and goal:
            return size / goal
    return None


@cache
def _kinds() -> tuple[dict[str, Fraction], ...]:
    """Return the sizes of units, one mapping a kind."""
    kinds: dict[str, dict[str, Fraction]] = {}
    rows = table("unit_sizes")
    for kind, unit, size in zip(rows["kind"], rows["unit"], rows["size"], strict=True):
        kinds.setdefault(kind, {})[unit] = Fraction(size)
    return tuple(kinds.values())


def _single(name: str, known: set[str]) -> str:
    """Return a name of the tables without the plural."""
    return name if name in known else name.removesuffix("s")
