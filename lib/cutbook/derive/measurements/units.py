"""Results of a parameter in one unit: converted where that is known, and never pooled where it is not."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
import pandas as pd

from cutbook.record_names import text_of
from cutbook.records import same_unit
from cutbook.rounding import rounded_values
from cutbook.standards.conversion import Scale, scale_of

ALL_TESTS = ""
"""Stands for every test that is not named."""

_NUMBERS = ("AVAL", "ANRLO", "ANRHI")
_MOST_DECIMALS = 6


class _Target(NamedTuple):
    """How the results of one parameter in one unit are converted."""

    unit: str
    scale: Scale


def in_units(records: pd.DataFrame, units: Mapping[str, str]) -> pd.DataFrame:
    """Return the results in the unit of the study file, else in the one that most of their parameter have.

    Parameters
    ----------
    records : DataFrame
        PARAMCD, AVAL, AVALC, AVALU, ANRLO, ANRHI, DECIMALS.
    units : mapping of str to str
        Unit in which each test is shown; under `ALL_TESTS` that of all others.

    Returns
    -------
    DataFrame
        Numbers, limits of normal, text and unit of what can be converted; anything else as it was collected. A number
        has as many decimals as the digits collected support; another text (``<4``) names its own unit.
    """
    stated = same_unit(records["AVALU"])
    main = main_units(records)
    targets = {
        (code, unit): _target(str(code), str(unit), units, main)
        for code, unit in zip(records["PARAMCD"], stated, strict=True)
    }
    changed = {pair: target for pair, target in targets.items() if target.unit}
    if not changed:
        return records
    full = records
    for (code, unit), target in changed.items():
        full = _converted(full, records["PARAMCD"].eq(code) & stated.eq(unit), target)
    return full


def main_units(records: pd.DataFrame) -> pd.Series:
    """Return the unit that most results of each parameter have, of equally frequent ones the first by alphabet."""
    counted = pd.DataFrame({"PARAMCD": records["PARAMCD"], "UNIT": same_unit(records["AVALU"])})
    sizes = counted[records["AVAL"].notna()].groupby(["PARAMCD", "UNIT"], as_index=False).size()
    ordered = sizes.sort_values(["size", "UNIT"], ascending=[False, True])
    return ordered.drop_duplicates("PARAMCD").set_index("PARAMCD")["UNIT"]


def is_in_main_unit(records: pd.DataFrame) -> pd.Series:
    """Return True for each record in the unit that most results of its parameter have.

    Results in another unit are never pooled with them: they keep their row and take part in nothing.

    Parameters
    ----------
    records : DataFrame
        PARAMCD, AVAL, AVALU.

    Examples
    --------
    >>> protein = pd.DataFrame({"PARAMCD": "PROT", "AVAL": 40.0, "AVALU": ["mg/dL", "mg/dL", "g/L"]})
    >>> is_in_main_unit(protein).tolist()
    [True, True, False]
    """
    expected = records["PARAMCD"].map(main_units(records)).astype("str")
    return expected.isna() | same_unit(records["AVALU"]).eq(expected)


def _target(code: str, unit: str, units: Mapping[str, str], main: pd.Series) -> _Target:
    """Return the unit of a parameter and how to convert into it; no unit where nothing is to be done."""
    named = units.get(code) or units.get(ALL_TESTS) or ""
    target = named or str(main.get(code, ""))
    scale = scale_of(unit, target, code)
    is_same = unit in ("", target) if named else unit in ("", target) or target == ""
    return _Target("", Scale(1.0)) if is_same or not scale.is_known else _Target(target, scale)


def _converted(records: pd.DataFrame, is_own: pd.Series, target: _Target) -> pd.DataFrame:
    factor, shift = target.scale
    new = {name: records[name].mask(is_own, records[name] * factor + shift) for name in _NUMBERS}
    if target.scale == Scale(1.0):
        return records.assign(AVALU=records["AVALU"].mask(is_own, target.unit))
    number = records["AVAL"].notna() & is_own
    supported = _supported(records[number], new["AVAL"][number])
    decimals = records["DECIMALS"].mask(is_own, supported)
    texts = records["AVALC"].mask(number, text_of(rounded_values(new["AVAL"], supported)))
    other = is_own & ~number & records["AVALC"].notna()
    texts = texts.mask(other, records["AVALC"] + " " + records["AVALU"].fillna(""))
    return records.assign(
        **new, AVALC=texts, AVALU=records["AVALU"].mask(is_own, target.unit), DECIMALS=decimals.astype("int64")
    )


def _supported(collected: pd.DataFrame, converted: pd.Series) -> int:
    """Return the decimals that the digits of collected results support in another unit, the most of them."""
    digits = text_of(collected["AVAL"]).str.replace(r"\D", "", regex=True).str.lstrip("0").str.len()
    size = np.floor(np.log10(converted.abs().where(converted.ne(0))))
    most = (digits - 1 - size).clip(0, _MOST_DECIMALS).max()
    return 0 if pd.isna(most) else int(most)
