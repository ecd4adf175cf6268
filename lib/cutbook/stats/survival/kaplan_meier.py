"""Kaplan and Meier's estimate of survival, with log-log limits, and the log-rank test."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.special import chdtrc, ndtri

Floats = npt.NDArray[np.float64]


def kaplan_meier(times: pd.Series, is_event: pd.Series, level: float = 0.95) -> pd.DataFrame:
    """Return the estimated share without the event after every time at which somebody has it or is last seen.

    Parameters
    ----------
    times : Series of float
        Time of the event, or until when there was none.
    is_event : Series of bool
        Whether the time is that of the event.
    level : float
        Confidence level.

    Returns
    -------
    frame
        time, at_risk (just before), events, survival, se (Greenwood), ci_low, ci_high (log-log; missing where the
        share is 1 or 0).

    Notes
    -----
    Kaplan and Meier 1958; agrees with R's ``survfit(conf.type = "log-log")``.

    Examples
    --------
    >>> found = kaplan_meier(pd.Series([1.0, 2.0, 3.0, 4.0]), pd.Series([True, False, True, False]))
    >>> found["survival"].tolist()
    [0.75, 0.75, 0.375, 0.375]
    """
    data = pd.DataFrame({"time": times.astype("float64"), "event": is_event.astype("bool")}).dropna()
    table = data.groupby("time")["event"].agg(["size", "sum"]).reset_index()
    at_risk = len(data) - table["size"].cumsum() + table["size"]
    events = table["sum"].astype("float64")
    survival = (1 - events / at_risk).cumprod()
    with np.errstate(divide="ignore", invalid="ignore"):
        spread = (events / (at_risk * (at_risk - events))).cumsum()
        logarithm = np.log(survival)
        margin = float(ndtri((1 + level) / 2)) * np.sqrt(spread) / np.abs(logarithm)
        low, high = (np.exp(-np.exp(np.log(-logarithm) + sign * margin)) for sign in (1, -1))
    is_told = survival.between(0, 1, inclusive="neither")
    columns = {"se": survival * np.sqrt(spread), "ci_low": low, "ci_high": high}
    found = pd.DataFrame({"time": table["time"], "at_risk": at_risk, "events": events, "survival": survival, **columns})
    return found.assign(**{name: found[name].where(is_told) for name in ("ci_low", "ci_high")})


@dataclass(frozen=True)
class LogRank:
    """A log-rank test: chi-square statistic, degrees of freedom, p value."""

    statistic: float
    df: int
    p: float


def log_rank(
    times: pd.Series, is_event: pd.Series, groups: pd.Series, strata: pd.Series | None = None
) -> LogRank | str:
    """Return the log-rank test that groups have the same survival, within strata where there are some.

    Agrees with R's ``survdiff``. Rows with a missing value do not take part.

    Examples
    --------
    >>> found = log_rank(pd.Series([1.0, 2, 3, 4]), pd.Series([True] * 4), pd.Series(list("AABB")))
    >>> round(found.statistic, 4)
    2.8824
    """
    stratum = pd.Series("", index=times.index) if strata is None else strata
    data = pd.DataFrame({"time": times, "event": is_event, "group": groups, "stratum": stratum}).dropna()
    names = sorted(data["group"].unique())
    if len(names) < 2:
        return "fewer than two groups"
    surplus, variance = np.zeros(len(names)), np.zeros((len(names), len(names)))
    for _, own in data.groupby("stratum"):
        for time in np.unique(own.loc[own["event"].astype("bool"), "time"]):
            here = own[own["time"].ge(time)]
            risk = here["group"].value_counts().reindex(names, fill_value=0).to_numpy("float64")
            died = here.loc[here["time"].eq(time) & here["event"].astype("bool"), "group"]
            seen = died.value_counts().reindex(names, fill_value=0).to_numpy("float64")
            total, events = risk.sum(), seen.sum()
            share = risk / total
            surplus += seen - events * share
            if total > 1:
                factor = events * (total - events) / (total - 1)
                variance += factor * (np.diag(share) - np.outer(share, share))
    inner = variance[:-1, :-1]
    if not np.trace(inner) > 0 or np.linalg.matrix_rank(inner) < len(inner):
        return "too few events to compare the groups"
    statistic = float(surplus[:-1] @ np.linalg.solve(inner, surplus[:-1]))
    return LogRank(statistic, len(names) - 1, float(chdtrc(len(names) - 1, statistic)))
