"""Rows of a results table that every model gives: means and differences, on the scale of the endpoint."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from cutbook.catalogue.kinds.estimates import Comparing
from cutbook.parameters.study import Study
from cutbook.vocabulary import COUNTS_CHANGE, contrast

MEAN, DIFFERENCE, MODEL, ATTEMPT = "LSMEAN", "DIFF", "MODEL", "FIT"
"""Variables: means of the arms, differences of arms, numbers of the whole model, structures that were tried."""

_LIMITS = ("estimate", "ci_low", "ci_high")
PERCENT = dict(zip(_LIMITS, ("diff_pct", "diff_pct_low", "diff_pct_high"), strict=True))
_DIFFERENCE = (*_LIMITS, "se", "ddf", "p")


def responses(records: pd.DataFrame, method: Comparing) -> pd.DataFrame:
    """Return records with RESPONSE and COVARIATE: change and baseline, or the logarithms of ratio and baseline.

    Both are missing where value or baseline is, and on logarithms unless both are above 0; IS_CHANGED tells those with
    both.
    """
    value, base = records["AVAL"].astype("float64"), records["BASE"].astype("float64")
    is_changed = value.notna() & base.notna()
    if method.is_ratio:
        is_positive = value.gt(0) & base.gt(0)
        value, base = (some.where(is_positive).transform(np.log) for some in (value, base))
    return records.assign(RESPONSE=value - base, COVARIATE=base, IS_CHANGED=is_changed)


def pairs_of(study: Study, arms: Sequence[str], *, is_all: bool) -> list[tuple[str, str]]:
    """Return which arms are compared with which: each with the control, then the higher doses with the lower."""
    control = study.treatment.control_arm
    others = [arm for arm in arms if control is None or arm != control.code]
    first = [(arm, control.code) for arm in others] if control and control.code in arms else []
    if not is_all:
        return first
    return first + [(high, low) for place, high in enumerate(others) for low in others[:place]]


def counted(used: pd.DataFrame, data: pd.DataFrame, by: Sequence[str]) -> dict[tuple[Any, ...], dict[str, object]]:
    """Return number, keys and name of what was counted of the records of a fit, by group; a name where all take part.

    Parameters
    ----------
    used, data : frame
        Records that take part, and all of them: KEY, IS_CHANGED and ``by``.
    """
    keys = used.groupby(list(by), observed=True)["KEY"].agg(list)
    every = data[data["IS_CHANGED"]].groupby(list(by), observed=True)["KEY"].size()
    found: dict[tuple[Any, ...], dict[str, object]] = {}
    for place, own in keys.items():
        named = place if isinstance(place, tuple) else (place,)
        is_all = every.get(place, 0) == len(own)
        found[named] = {"value": float(len(own)), "keys": own, "counts": COUNTS_CHANGE if is_all else ""}
    return found


def mean_rows(found: pd.DataFrame, method: Comparing, decimals: int) -> pd.DataFrame:
    """Return rows of means: ``found`` has group, estimate, se, ddf, ci_low, ci_high, reason and other place columns."""
    shown = found.assign(**{name: np.exp(found[name]) for name in _LIMITS}) if method.is_ratio else found
    return _long(shown, MEAN, (*_LIMITS, "se", "ddf"), None if method.is_ratio else decimals)


def difference_rows(found: pd.DataFrame, method: Comparing, decimals: int) -> pd.DataFrame:
    """Return rows of differences: ``found`` has group and control (codes), and the columns of means and p."""
    groups = [contrast(arm, other) for arm, other in zip(found["group"], found["control"], strict=True)]
    named = found.assign(group=groups).drop(columns="control")
    if not method.is_ratio:
        return _long(named, DIFFERENCE, _DIFFERENCE, decimals)
    percent = {new: 100 * np.expm1(named[old]) for old, new in PERCENT.items()}
    return _long(named.assign(**percent), DIFFERENCE, (*_DIFFERENCE, *percent), None)


def _long(found: pd.DataFrame, variable: str, statistics: Sequence[str], decimals: int | None) -> pd.DataFrame:
    places = [name for name in ("visit", "visit_words", "group", "reason") if name in found]
    long = found.melt(places, list(statistics), "statistic", "value", ignore_index=False).sort_index(kind="stable")
    digits = pd.Series(decimals, index=long.index, dtype="Int64").mask(long["statistic"].isin(["se", "p", "ddf"]))
    return long.assign(variable=variable, decimals=digits).reset_index(drop=True)


def no_fit(reason: str) -> pd.DataFrame:
    """Return the row that says why there is no model."""
    return pd.DataFrame([{"variable": MODEL, "statistic": "n", "value": float("nan"), "reason": reason}])
