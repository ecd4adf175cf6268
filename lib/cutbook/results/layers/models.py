"""Estimates of models: least-squares means of the arms and their differences from the control."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from cutbook.catalogue.kinds.panels import Model
from cutbook.results.columns import arm_codes
from cutbook.results.layers.scope import Scope
from cutbook.stats.multiplicity import dunnett, holm
from cutbook.vocabulary import COUNTS_CHANGE, contrast

_LIMITS = ("estimate", "ci_low", "ci_high")
_DIFFERENCE = (*_LIMITS, "se", "p")
_ADJUSTED = {"dunnett": "p_dunnett", "holm": "p_holm"}
_PERCENT = ("diff_pct", "diff_pct_low", "diff_pct_high")


def rows_of_model(layer: Model, scope: Scope) -> pd.DataFrame:
    """Return the estimates of a model.

    On the ratio scale the model explains ln(value / baseline) by arm and ln(baseline); means are geometric mean ratios
    and differences are 100 x (ratio of geometric mean ratios - 1), in percent, with their t intervals transformed
    likewise. On the difference scale it explains the change by arm and baseline.

    Returns
    -------
    frame
        Variable ``LSMEAN``: n, estimate, ci_low, ci_high by arm; ``BASE``: mean, on the ratio scale geomean, of those
        who take part; ``DIFF``: estimate, se, ci_low, ci_high, p by contrast, adjusted p values where they are asked
        for, and on the ratio scale diff_pct, diff_pct_low, diff_pct_high; ``MODEL``: df and residual_sd. When there is
        no fit, ``df`` is missing with the reason.
    """
    members = (layer.population or scope.display.population).members(scope.frames.adsl)
    place = {"parameter": layer.parameter, "visit": layer.visit, "visit_words": layer.visit_words}
    return _estimates(layer, scope, members).assign(**place)


def _estimates(layer: Model, scope: Scope, members: pd.DataFrame) -> pd.DataFrame:
    treatment = scope.study.treatment
    if treatment.control_arm is None:
        return _no_fit("the study file names no control")
    data = _data(layer, scope, members)
    arms, control = [arm.code for arm in treatment.arms], treatment.control_arm.code
    terms = {"covariates": ["COVARIATE"], "factors": layer.factors}
    fit = layer.fit(data, "RESPONSE", arms, control=control, **terms)
    if isinstance(fit, str):
        return _no_fit(fit)
    model = {
        "variable": "MODEL",
        "statistic": ["df", "residual_sd"],
        "value": [fit.df, fit.residual_sd],
        "decimals": [0, None],
    }
    parts = [
        _baselines(data, layer, fit.means["arm"].tolist()),
        _means(fit.means, data, layer),
        _differences(_adjusted(fit, layer), control, layer),
    ]
    for other in (arm.code for arm in treatment.arms if layer.is_all_pairs and arm is not treatment.control_arm):
        again = layer.fit(data, "RESPONSE", arms, control=other, **terms).differences
        higher = again[again["arm"].isin(arms[arms.index(other) + 1 :]) & again["arm"].ne(control)]
        parts.append(_differences(higher, other, layer))
    return pd.concat([*parts, pd.DataFrame(model)], ignore_index=True)


def _no_fit(reason: str) -> pd.DataFrame:
    return pd.DataFrame([{"variable": "MODEL", "statistic": "df", "value": float("nan"), "reason": reason}])


def _data(layer: Model, scope: Scope, members: pd.DataFrame) -> pd.DataFrame:
    own = scope.records(layer.records)
    own = own[own["USUBJID"].isin(members["USUBJID"])]
    value, base = own["AVAL"].astype("float64"), own["BASE"].astype("float64")
    is_changed = value.notna() & base.notna()
    if layer.is_ratio:
        is_positive = value.gt(0) & base.gt(0)
        value, base = (some.where(is_positive).transform(np.log) for some in (value, base))
    arm = own["TRT01A"].map(arm_codes(scope.study)).astype("str")
    data = own[["USUBJID", "KEY"]].assign(ARM=arm, RESPONSE=value - base, COVARIATE=base, IS_CHANGED=is_changed)
    return data.merge(members[["USUBJID", *layer.factors]], on="USUBJID", how="left", validate="one_to_one")


def _baselines(data: pd.DataFrame, layer: Model, arms: list[str]) -> pd.DataFrame:
    """Return the mean baseline of those who take part, on logarithms the geometric one."""
    mean = data[_takes_part(data, layer)].groupby("ARM")["COVARIATE"].mean().reindex(arms)
    rows = {"group": arms, "value": (np.exp(mean) if layer.is_ratio else mean).to_numpy()}
    statistic = "geomean" if layer.is_ratio else "mean"
    return pd.DataFrame(rows).assign(variable="BASE", statistic=statistic, decimals=layer.decimals)


def _takes_part(data: pd.DataFrame, layer: Model) -> pd.Series:
    return data[["RESPONSE", "COVARIATE", *layer.factors]].notna().all(axis=1)


def _adjusted(fit: Any, layer: Model) -> pd.DataFrame:  # noqa: ANN401 - the fit of a function of stats
    """Return the differences from the control with the adjusted p values that the layer asks for."""
    found: pd.DataFrame = fit.differences
    if "dunnett" in layer.adjustments:
        found = found.assign(p_dunnett=dunnett(found["t"].tolist(), fit.covariance, fit.df))
    return found.assign(p_holm=holm(found["p"].tolist())) if "holm" in layer.adjustments else found


def _means(found: pd.DataFrame, data: pd.DataFrame, layer: Model) -> pd.DataFrame:
    """Return the means of the arms; a count is named after the changes where all of them take part."""
    is_used = _takes_part(data, layer)
    keys = data[is_used].groupby("ARM")["KEY"].agg(list)
    without = set(data.loc[data["IS_CHANGED"] & ~is_used, "ARM"])
    means = found.assign(**{name: np.exp(found[name]) for name in _LIMITS}) if layer.is_ratio else found
    rows = _long(means, "LSMEAN", ("n", *_LIMITS), layer.decimals)
    is_count = rows["statistic"].eq("n")
    is_named = is_count & ~rows["group"].isin(without)
    return rows.assign(keys=rows["group"].map(keys).where(is_count), counts=is_named.map({True: COUNTS_CHANGE}))


def _differences(found: pd.DataFrame, control: str, layer: Model) -> pd.DataFrame:
    named = found.assign(arm=[contrast(arm, control) for arm in found["arm"]])
    statistics = (*_DIFFERENCE, *(name for name in _ADJUSTED.values() if name in named))
    if not layer.is_ratio:
        return _long(named, "DIFF", statistics, layer.decimals)
    percent = {new: 100 * (np.exp(found[old]) - 1) for old, new in zip(_LIMITS, _PERCENT, strict=True)}
    return _long(named.assign(**percent), "DIFF", (*statistics, *_PERCENT), None)


def _long(frame: pd.DataFrame, variable: str, statistics: Sequence[str], decimals: int | None) -> pd.DataFrame:
    long = frame.melt("arm", list(statistics), "statistic", "value").rename(columns={"arm": "group"})
    places = pd.Series(decimals, index=long.index, dtype="Int64").mask(
        long["statistic"].isin(["se", "p", *_ADJUSTED.values()])
    )
    return long.assign(variable=variable, decimals=places)
