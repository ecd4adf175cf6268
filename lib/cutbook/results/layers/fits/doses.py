"""Models of the response by dose: the difference at the highest dose, and the dose of a difference."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import exp, expm1, isnan, log

import numpy as np
import pandas as pd

from cutbook.catalogue.kinds.estimates import DoseResponse, Estimates
from cutbook.results.layers.fits import rows
from cutbook.results.layers.scope import Scope
from cutbook.stats.ancova import ancova
from cutbook.stats.dose_response import Emax, Line, emax, line, log_dose, trend

DOSE = "DOSE"
"""Variable: models by dose, one a level."""

_WORDS = {
    "linear": "Line in the dose",
    "log_linear": "Line in ln(1 + dose / lowest dose)",
    "emax": "Emax",
    "trend": "Trend over the arms in their order",
}
_BEYOND = "no dose given reaches it"
_Numbers = dict[str, float | str]
"""By statistic a number, or why there is none."""


def rows_of_doses(layer: Estimates, method: DoseResponse, data: pd.DataFrame, scope: Scope) -> pd.DataFrame:
    """Return what models by dose say, one a level of ``DOSE``.

    Returns
    -------
    frame
        Difference from no dose at the highest one (estimate, or diff_pct on the ratio scale, with limits), p of slope
        or trend, ``ed`` with limits: the dose that reaches the target, ``ed50`` with limits; ``MODEL``: n.
    """
    if scope.study.treatment.control_arm is None:
        return rows.no_fit("the study file names no control")
    doses = dict(method.doses)
    made = rows.responses(data, method).dropna(subset=["RESPONSE", "COVARIATE", *method.factors])
    used = made[made["ARM"].isin(doses)]
    used = used.assign(DOSE=used["ARM"].map(doses).astype("float64"))
    positive = used.loc[used["DOSE"].gt(0), "DOSE"]
    if positive.empty:
        return rows.no_fit("nobody with a dose has a value")
    used = used.assign(LOGDOSE=log_dose(used["DOSE"], positive.min()))
    count = pd.DataFrame([{"variable": rows.MODEL, "statistic": "n", "value": float(len(used))}])
    found = [_rows_of(name, _numbers(name, used, method, scope), layer, method) for name in method.models]
    return pd.concat([*found, count], ignore_index=True)


def _numbers(name: str, used: pd.DataFrame, method: DoseResponse, scope: Scope) -> _Numbers:
    terms: Mapping[str, Sequence[str]] = {"covariates": ["COVARIATE"], "factors": method.factors}
    lowest, highest = used.loc[used["DOSE"].gt(0), "DOSE"].min(), float(used["DOSE"].max())
    if name == "emax":
        curve = emax(used, "RESPONSE", "DOSE", **terms)
        return _of_reason(curve) if isinstance(curve, str) else _within(_of_curve(curve, method, highest), highest)
    if name == "trend":
        return _of_trend(used, method, scope)
    is_log = name == "log_linear"
    found = line(used, "RESPONSE", "LOGDOSE" if is_log else "DOSE", **terms)
    if isinstance(found, str):
        return _of_reason(found)
    reach = float(np.log1p(highest / lowest) if is_log else highest)
    return _of_line(found, method, reach, float(lowest) if is_log else 0.0)


def _within(numbers: _Numbers, highest: float) -> _Numbers:
    """Return numbers without doses beyond the highest one given, of which the data tell nothing."""
    return {
        name: _BEYOND if name.startswith("ed") and isinstance(value, float) and value > highest else value
        for name, value in numbers.items()
    }


def _of_reason(reason: str) -> _Numbers:
    return dict.fromkeys(("estimate", "ci_low", "ci_high"), reason)


def _of_trend(used: pd.DataFrame, method: DoseResponse, scope: Scope) -> _Numbers:
    control = scope.study.treatment.control_arm
    arms = sorted(dict(method.doses), key=dict(method.doses).__getitem__)
    fit = ancova(
        used, "RESPONSE", arms, control=control.code if control else "", covariates=["COVARIATE"],
        factors=method.factors,
    )  # fmt: skip
    if isinstance(fit, str):
        return {"p": fit}
    found = trend(fit.differences["estimate"].tolist(), fit.covariance, fit.df)
    return {"p": found if isinstance(found, str) else found.p}


def _of_line(found: Line, method: DoseResponse, reach: float, lowest: float) -> _Numbers:
    """Return the numbers of a line, on whose axis ``reach`` is the highest dose; ``lowest``: 0 without logarithms."""
    numbers: _Numbers = {
        name: value * reach
        for name, value in (("estimate", found.estimate), ("ci_low", found.ci_low), ("ci_high", found.ci_high))
    }
    numbers["p"] = found.p
    if method.target is None:
        return numbers
    slopes = sorted((found.ci_low, found.ci_high), key=abs, reverse=True)
    for name, slope in (("ed", found.estimate), ("ed_low", slopes[0]), ("ed_high", slopes[1])):
        place = method.target / slope if slope else float("inf")
        dose = (lowest * expm1(place) if lowest else place) if 0 < place <= reach else float("nan")
        numbers[name] = _BEYOND if isnan(dose) else dose
    return numbers


def _of_curve(curve: Emax, method: DoseResponse, highest: float) -> _Numbers:
    numbers: _Numbers = dict(zip(("estimate", "ci_low", "ci_high"), curve.at(highest), strict=True))
    numbers |= {"ed50": curve.ed50.estimate, "ed50_low": curve.ed50.ci_low, "ed50_high": curve.ed50.ci_high}
    if method.target is None:
        return numbers
    left = curve.effect.estimate - method.target
    dose = curve.ed50.estimate * method.target / left if left * method.target > 0 else float("nan")
    if not 0 < dose <= highest:
        return numbers | {"ed": _BEYOND}
    slope = np.array([-1 / left, 1.0])
    margin = _half(curve) * float(np.sqrt(slope @ curve.covariance @ slope))
    return numbers | {"ed": dose, "ed_low": exp(log(dose) - margin), "ed_high": exp(log(dose) + margin)}


def _half(curve: Emax) -> float:
    """Return the quantile of t, read from the limits of ED50."""
    return log(curve.ed50.ci_high / curve.ed50.estimate) / float(np.sqrt(curve.covariance[1, 1]))


def _rows_of(name: str, numbers: _Numbers, layer: Estimates, method: DoseResponse) -> pd.DataFrame:
    decimals = None if method.is_ratio else layer.decimals
    made = []
    for statistic, number in numbers.items():
        is_effect = statistic in rows.PERCENT
        value = float("nan") if isinstance(number, str) else number
        made.append(
            {
                "statistic": rows.PERCENT[statistic] if method.is_ratio and is_effect else statistic,
                "value": 100 * expm1(value) if method.is_ratio and is_effect else value,
                "reason": number if isinstance(number, str) else "",
                "decimals": decimals if is_effect else None,
            }
        )
    return pd.DataFrame(made).assign(variable=DOSE, level=name, row_words=_WORDS[name])
