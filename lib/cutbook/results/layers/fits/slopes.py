"""Random-slope models: the rate of change of every arm and their differences."""

from __future__ import annotations

import pandas as pd

from cutbook.catalogue.kinds.estimates import Estimates, RandomSlope
from cutbook.results.layers.fits import rows
from cutbook.results.layers.scope import Scope
from cutbook.stats.random_slope import random_slope
from cutbook.vocabulary import contrast

DAYS_A_MONTH = 365.25 / 12


def rows_of_slopes(layer: Estimates, method: RandomSlope, data: pd.DataFrame, scope: Scope) -> pd.DataFrame:
    """Return the change a month of every arm and their differences, from one model of all values of a participant.

    Returns
    -------
    frame
        ``LSMEAN``: n (participants), records (values) and slope by arm; ``DIFF`` by contrast; ``MODEL``: n, records.
    """
    control = scope.study.treatment.control_arm
    if control is None:
        return rows.no_fit("the study file names no control")
    arms = [arm.code for arm in scope.study.treatment.arms]
    months = data["ADY"].sub(1).clip(lower=0) / DAYS_A_MONTH
    used = data.assign(MONTHS=months).dropna(subset=["AVAL", "MONTHS", *method.factors])
    fit = random_slope(used, "AVAL", "MONTHS", arms, control=control.code, factors=method.factors, df=method.df)
    if isinstance(fit, str):
        return rows.no_fit(fit)
    means = fit.slopes.rename(columns={"arm": "group", "df": "ddf"}).assign(reason="")
    differences = fit.differences.rename(columns={"arm": "group", "df": "ddf"}).assign(reason="")
    parts = [
        _counts(used, means["group"].tolist()),
        rows.mean_rows(means, method, layer.decimals),
        rows.difference_rows(differences, method, layer.decimals),
        *(_again(used, method, layer, pair) for pair in _pairs(means["group"].tolist(), method, scope)),
        _facts(used),
    ]
    return pd.concat(parts, ignore_index=True)


def _pairs(arms: list[str], method: RandomSlope, scope: Scope) -> list[tuple[str, str]]:
    own = rows.pairs_of(scope.study, arms, is_all=method.is_all_pairs)
    return own[len(rows.pairs_of(scope.study, arms, is_all=False)) :]


def _again(used: pd.DataFrame, method: RandomSlope, layer: Estimates, pair: tuple[str, str]) -> pd.DataFrame:
    """Return the difference of two arms that are both not the control."""
    high, low = pair
    arms = sorted(used["ARM"].unique())
    fit = random_slope(used, "AVAL", "MONTHS", arms, control=low, factors=method.factors, df=method.df)
    if isinstance(fit, str):
        return rows.no_fit(fit).assign(variable=rows.DIFFERENCE, statistic="estimate", group=contrast(high, low))
    found = fit.differences.rename(columns={"arm": "group", "df": "ddf"}).assign(reason="")
    return rows.difference_rows(found[found["group"].eq(high)], method, layer.decimals)


def _counts(used: pd.DataFrame, arms: list[str]) -> pd.DataFrame:
    by_arm = used.groupby("ARM")
    people, values = by_arm["USUBJID"].nunique().reindex(arms), by_arm.size().reindex(arms)
    parts = [
        pd.DataFrame({"group": arms, "statistic": name, "value": numbers.to_numpy("float64")})
        for name, numbers in (("n", people), ("records", values))
    ]
    return pd.concat(parts).assign(variable=rows.MEAN)


def _facts(used: pd.DataFrame) -> pd.DataFrame:
    facts = {"n": used["USUBJID"].nunique(), "records": len(used)}
    return pd.DataFrame({"variable": rows.MODEL, "statistic": list(facts), "value": list(map(float, facts.values()))})
