"""Estimates of models: least-squares means of the arms and their differences from the control."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from cutbook.catalogue.panels import Model
from cutbook.results.columns import arm_codes
from cutbook.results.scope import Scope
from cutbook.vocabulary import COUNTS_CHANGE, contrast

_LIMITS = ("estimate", "ci_low", "ci_high")
_PERCENT = ("diff_pct", "diff_pct_low", "diff_pct_high")
_NO_CONTROL = "the study file names no control"


def rows_of_model(layer: Model, scope: Scope) -> pd.DataFrame:
    """Return the estimates of a model.

    On the ratio scale the model explains ln(value / baseline) by arm and ln(baseline); means are geometric mean ratios
    and differences are 100 x (ratio of geometric mean ratios - 1), in percent, with their t intervals transformed
    likewise. On the difference scale it explains the change by arm and baseline.

    Returns
    -------
    frame
        Variable ``LSMEAN``: n, estimate, ci_low, ci_high by arm; ``DIFF``: estimate, se, ci_low, ci_high, p by
        contrast, and on the ratio scale diff_pct, diff_pct_low, diff_pct_high; ``MODEL``: df and residual_sd. When
        there is no fit, ``df`` is missing with the reason.
    """
    population = layer.population or scope.display.population
    members = population.members(scope.frames.adsl)
    place = {"parameter": layer.parameter, "visit": layer.visit, "visit_words": layer.visit_words}
    return pd.DataFrame(_estimates(layer, scope, members)).assign(**place)


def _estimates(layer: Model, scope: Scope, members: pd.DataFrame) -> list[dict[str, object]]:
    treatment = scope.study.treatment
    if treatment.control_arm is None:
        return [_no_fit(_NO_CONTROL)]
    data = _data(layer, scope, members)
    arms, control = [arm.code for arm in treatment.arms], treatment.control_arm.code
    fit = layer.fit(data, "RESPONSE", arms, control=control, covariates=["COVARIATE"], factors=layer.factors)
    if isinstance(fit, str):
        return [_no_fit(fit)]
    used = data.dropna(subset=["RESPONSE", "COVARIATE", *layer.factors])
    keys = used.groupby("ARM")["KEY"].agg(list).to_dict()
    changed = data[data["IS_CHANGED"]].groupby("ARM")["KEY"].agg(set).to_dict()
    means = fit.means.assign(**{name: np.exp(fit.means[name]) for name in _LIMITS}) if layer.is_ratio else fit.means
    rows = _long(means, "LSMEAN", ("n", *_LIMITS), layer.decimals)
    counted = [
        _counted(row, keys.get(row["group"], []), changed.get(row["group"], set())) if row["statistic"] == "n" else row
        for row in rows
    ]
    return [*counted, *_differences(fit.differences, control, layer), *_model(fit)]


def _counted(row: dict[str, Any], keys: list[str], changed: set[str]) -> dict[str, Any]:
    """Return the count of an arm, named after the changes where all of them take part."""
    return {**row, "keys": keys, "counts": COUNTS_CHANGE if set(keys) == changed else ""}


def _no_fit(reason: str) -> dict[str, object]:
    return {"variable": "MODEL", "statistic": "df", "value": float("nan"), "reason": reason}


def _data(layer: Model, scope: Scope, members: pd.DataFrame) -> pd.DataFrame:
    own = scope.records(layer.records)
    own = own[own["USUBJID"].isin(members["USUBJID"])]
    value, base = own["AVAL"].astype("float64"), own["BASE"].astype("float64")
    if layer.is_ratio:
        is_positive = value.gt(0) & base.gt(0)
        value, base = _logarithm(value.where(is_positive)), _logarithm(base.where(is_positive))
    arm = own["TRT01A"].map(arm_codes(scope.study)).astype("str")
    data = pd.DataFrame(
        {"USUBJID": own["USUBJID"], "KEY": own["KEY"], "ARM": arm, "RESPONSE": value - base, "COVARIATE": base,
         "IS_CHANGED": own["AVAL"].notna() & own["BASE"].notna()}
    )  # fmt: skip
    return data.merge(members[["USUBJID", *layer.factors]], on="USUBJID", how="left", validate="one_to_one")


def _logarithm(values: pd.Series) -> pd.Series:
    return pd.Series(np.log(values.to_numpy(dtype="float64")), index=values.index)


def _differences(found: pd.DataFrame, control: str, layer: Model) -> list[dict[str, object]]:
    named = found.assign(arm=[contrast(arm, control) for arm in found["arm"]])
    rows = _long(named, "DIFF", (*_LIMITS, "se", "p"), None if layer.is_ratio else layer.decimals)
    if not layer.is_ratio:
        return rows
    percent = {new: 100 * (np.exp(found[old]) - 1) for old, new in zip(_LIMITS, _PERCENT, strict=True)}
    return [*rows, *_long(named[["arm"]].assign(**percent), "DIFF", _PERCENT, None)]


def _long(frame: pd.DataFrame, variable: str, statistics: Sequence[str], decimals: int | None) -> list[dict[str, Any]]:
    long = frame.melt("arm", list(statistics), "statistic", "value").rename(columns={"arm": "group"})
    is_scaled = ~long["statistic"].isin(["se", "p"])
    places = pd.Series(decimals, index=long.index, dtype="Int64").where(is_scaled)
    rows = long.assign(variable=variable, decimals=places).to_dict("records")
    return [{str(name): part for name, part in row.items()} for row in rows]


def _model(fit: Any) -> list[dict[str, object]]:  # noqa: ANN401 - what functions of stats return has no common type
    return [
        {"variable": "MODEL", "statistic": "df", "value": float(fit.df), "decimals": 0},
        {"variable": "MODEL", "statistic": "residual_sd", "value": fit.residual_sd},
    ]
