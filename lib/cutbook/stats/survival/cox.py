"""Cox's proportional hazards of one explaining number."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.special import ndtr, ndtri

_ITERATIONS = 50


@dataclass(frozen=True)
class Hazard:
    """A hazard ratio: coefficient, its standard error, ratio with its 95 % limits, and Wald's two-sided p value."""

    coefficient: float
    se: float
    ratio: float
    ci_low: float
    ci_high: float
    p: float


def hazard_ratio(
    times: pd.Series, is_event: pd.Series, covariate: pd.Series, strata: pd.Series | None = None
) -> Hazard | str:
    """Return the hazard ratio of a number, for example 1 for treated and 0 for control, or why there is none.

    Parameters
    ----------
    times, is_event
        As for `cutbook.stats.survival.kaplan_meier.kaplan_meier`.
    covariate : Series of float
        What explains the hazard.
    strata : Series, optional
        Strata with baseline hazards of their own.

    Notes
    -----
    Ties by Efron; agrees with R's ``coxph``. Where one group has no event there is no finite ratio.

    Examples
    --------
    >>> found = hazard_ratio(pd.Series([1.0, 2, 3, 4]), pd.Series([True] * 4), pd.Series([0.0, 1, 0, 1]))
    >>> found.ratio < 1
    True
    """
    stratum = pd.Series("", index=times.index) if strata is None else strata
    data = pd.DataFrame({"time": times, "event": is_event, "x": covariate, "stratum": stratum}).dropna()
    data["event"] = data["event"].astype("bool")
    with_event = data.loc[data["event"], "x"]
    if data["x"].nunique() < 2 or with_event.empty:
        return "no event, or nobody to compare with"
    if data["x"].nunique() == 2 and with_event.nunique() < 2:
        return "one group has no event"
    beta = 0.0
    for _ in range(_ITERATIONS):
        slope, information = _derivatives(data, beta)
        if not information > 0:
            return "the events do not tell the ratio"
        step = float(np.clip(slope / information, -2, 2))
        beta += step
        if abs(step) < 1e-10:
            error = float(1 / np.sqrt(_derivatives(data, beta)[1]))
            margin = float(ndtri(0.975)) * error
            p = float(2 * ndtr(-abs(beta / error)))
            low, high = float(np.exp(beta - margin)), float(np.exp(beta + margin))
            return Hazard(beta, error, float(np.exp(beta)), low, high, p)
    return "the fit did not converge"


def _derivatives(data: pd.DataFrame, beta: float) -> tuple[float, float]:
    """Return slope and information of the partial likelihood, ties by Efron."""
    slope = information = 0.0
    for _, own in data.groupby("stratum"):
        x, time, event = (own[name].to_numpy() for name in ("x", "time", "event"))
        weight = np.exp(beta * x)
        for at in np.unique(time[event]):
            risk, died = time >= at, (time == at) & event
            count = int(died.sum())
            sums = [float((weight * x**power)[risk].sum()) for power in range(3)]
            tied = [float((weight * x**power)[died].sum()) for power in range(3)]
            for part in range(count):
                zero, one, two = (whole - part / count * same for whole, same in zip(sums, tied, strict=True))
                slope -= one / zero
                information += two / zero - (one / zero) ** 2
            slope += float(x[died].sum())
    return slope, information
