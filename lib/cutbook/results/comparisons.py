"""Results of the comparison of arms: analysis of covariance of an endpoint at one visit."""

from __future__ import annotations

import numpy as np
import pandas as pd

from cutbook.parameters.study import Analysis, Endpoint, Study
from cutbook.results.table import results_table
from cutbook.stats.ancova import Ancova, ancova

_LIMITS = ("estimate", "ci_low", "ci_high")


def ancova_results(adeff: pd.DataFrame, adsl: pd.DataFrame, study: Study) -> pd.DataFrame:
    """Return display F1: least-squares means and differences from the control, for endpoints with an analysis.

    On the ratio scale the model explains ln(value / baseline) by arm and ln(baseline); means are geometric mean ratios
    and differences are 100 x (ratio of geometric mean ratios - 1), in percent, with their t intervals transformed
    likewise. On the difference scale it explains the change by arm and baseline.

    Parameters
    ----------
    adeff, adsl : frame
        Derived endpoints and participants.
    study : Study
        Endpoints; the first arm is the control.

    Returns
    -------
    results table
        ``parameter`` PARAMCD, ``visit``; variable ``LSMEAN``: n, estimate, ci_low, ci_high by arm; variable ``DIFF``:
        estimate, se, ci_low, ci_high, p by arm, and on the ratio scale diff_pct, diff_pct_low, diff_pct_high; variable
        ``MODEL``: df and residual_sd. When there is no fit, ``df`` is missing with the reason.
    """
    parts = [pd.DataFrame()]
    for endpoint in study.endpoints:
        if endpoint.analysis:
            rows = _endpoint(adeff, adsl, study, endpoint, endpoint.analysis)
            place = {"parameter": endpoint.paramcd, "visit": endpoint.analysis.visit, "population": endpoint.population}
            parts.append(pd.DataFrame(rows).assign(display="F1", **place))
    return results_table(pd.concat(parts, ignore_index=True))


def _endpoint(
    adeff: pd.DataFrame, adsl: pd.DataFrame, study: Study, endpoint: Endpoint, analysis: Analysis
) -> list[dict[str, object]]:
    members = adsl[adsl[endpoint.population].eq("Y")]
    data = _analysed(adeff, members, endpoint, analysis)
    arms = [arm.label for arm in study.treatment.arms]
    fit = ancova(data, "RESPONSE", arms, covariates=["COVARIATE"], factors=analysis.factors)
    if isinstance(fit, str):
        return [{"variable": "MODEL", "statistic": "df", "value": float("nan"), "reason": fit}]
    used = data.dropna(subset=["RESPONSE", "COVARIATE", *analysis.factors])
    keys = used.groupby("ARM")["KEY"].agg(list).to_dict()
    means = [
        {**row, "keys": keys.get(row["group"], [])} if row["statistic"] == "n" else row for row in _means(fit, endpoint)
    ]
    return [*means, *_differences(fit, endpoint), *_model(fit)]


def _analysed(adeff: pd.DataFrame, members: pd.DataFrame, endpoint: Endpoint, analysis: Analysis) -> pd.DataFrame:
    own = adeff[adeff["PARAMCD"].eq(endpoint.paramcd) & adeff["AVISIT"].eq(analysis.visit) & adeff["ANL01FL"].eq("Y")]
    own = own[own["USUBJID"].isin(members["USUBJID"])]
    value, base = own["AVAL"].astype("float64"), own["BASE"].astype("float64")
    if endpoint.scale == "ratio":
        positive = value.gt(0) & base.gt(0)
        value, base = _logarithm(value.where(positive)), _logarithm(base.where(positive))
    arms = own["TRT01A"].astype("str")
    data = pd.DataFrame(
        {"USUBJID": own["USUBJID"], "KEY": own["KEY"], "ARM": arms, "RESPONSE": value - base, "COVARIATE": base}
    )
    return data.merge(members[["USUBJID", *analysis.factors]], on="USUBJID", how="left", validate="one_to_one")


def _logarithm(values: pd.Series) -> pd.Series:
    return pd.Series(np.log(values.to_numpy(dtype="float64")), index=values.index)


def _exponential(values: pd.Series) -> pd.Series:
    return pd.Series(np.exp(values.to_numpy(dtype="float64")), index=values.index)


def _means(fit: Ancova, endpoint: Endpoint) -> list[dict[str, object]]:
    means = fit.means
    if endpoint.scale == "ratio":
        means = means.assign(**{name: _exponential(means[name]) for name in _LIMITS})
    rows = _rows(means, "LSMEAN", ("n", *_LIMITS))
    return [{**row, "decimals": 1 if endpoint.scale == "ratio" else endpoint.decimals} for row in rows]


def _differences(fit: Ancova, endpoint: Endpoint) -> list[dict[str, object]]:
    rows = _rows(fit.differences, "DIFF", (*_LIMITS, "se", "p"))
    if endpoint.scale == "difference":
        return [{**row, "decimals": endpoint.decimals if row["statistic"] in _LIMITS else None} for row in rows]
    names = dict(zip(_LIMITS, ("diff_pct", "diff_pct_low", "diff_pct_high"), strict=True))
    percent = {new: 100 * (_exponential(fit.differences[old]) - 1) for old, new in names.items()}
    return [*rows, *_rows(pd.DataFrame({"arm": fit.differences["arm"], **percent}), "DIFF", tuple(percent))]


def _rows(frame: pd.DataFrame, variable: str, statistics: tuple[str, ...]) -> list[dict[str, object]]:
    long = frame.melt("arm", list(statistics), "statistic", "value")
    named = long.rename(columns={"arm": "group"}).assign(variable=variable)
    return [{str(name): part for name, part in row.items()} for row in named.to_dict("records")]


def _model(fit: Ancova) -> list[dict[str, object]]:
    return [
        {"variable": "MODEL", "statistic": "df", "value": float(fit.df), "decimals": 0},
        {"variable": "MODEL", "statistic": "residual_sd", "value": fit.residual_sd},
    ]
