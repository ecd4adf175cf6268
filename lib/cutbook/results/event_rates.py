"""Rates of adverse events: how many for the time that participants were at risk."""

from __future__ import annotations

import pandas as pd

from cutbook.derive.exposure import days_at_risk
from cutbook.parameters.study import Study
from cutbook.results.counting import Groups, size_rows, treatment_groups
from cutbook.results.participants import DAYS_PER_YEAR
from cutbook.results.table import results_table

_NOBODY, _UNKNOWN = "nobody in this group", "the time at risk of a participant is not known"


def rate_results(overview: pd.DataFrame, adsl: pd.DataFrame, study: Study) -> pd.DataFrame:
    """Return display D12: treatment-emergent events per 100 person-years at risk, in the rows of the overview.

    Parameters
    ----------
    overview : results table
        Display D4, whose events are counted there once.
    adsl : frame
        Participants.
    study : Study
        Arms, and the window of treatment emergence.

    Returns
    -------
    results table
        Variable PYEARS (``sum``, years of 365.25 days at risk: see `cutbook.derive.exposure.days_at_risk`), then the
        variables of the overview that count events (``rate``, 100 events / years; every event counts). Missing, with
        its reason, in a group of nobody or when somebody's time at risk is not known.
    """
    treated = adsl[adsl["SAFFL"].eq("Y")]
    groups = treatment_groups(treated, study)
    years = _years_at_risk(treated, groups, study)
    counted = overview.loc[overview["statistic"].eq("events"), ["variable", "level", "group", "value"]]
    rates = counted.merge(years.rename(columns={"value": "YEARS"}), on="group", validate="many_to_one")
    parts = [
        size_rows(groups),
        years.assign(variable="PYEARS", statistic="sum", unit="years", decimals=0),
        rates.assign(statistic="rate", value=100 * rates["value"] / rates["YEARS"]),
    ]
    return results_table(pd.concat(parts).assign(display="D12", population="Safety"))


def _years_at_risk(treated: pd.DataFrame, groups: Groups, study: Study) -> pd.DataFrame:
    """Return group, value (years, missing where not known) and reason."""
    days = days_at_risk(treated, study.adverse_events.teae_window_days)
    members = groups.members.merge(treated[["USUBJID"]].assign(DAYS=days), on="USUBJID")
    by_group = members.groupby("GROUP", observed=False)["DAYS"]
    is_known = by_group.count().eq(by_group.size()) & by_group.size().gt(0)
    reason = by_group.size().gt(0).map({True: _UNKNOWN, False: _NOBODY}).astype("str").mask(is_known, "")
    value = (by_group.sum() / DAYS_PER_YEAR).where(is_known)
    columns = {"group": groups.labels, "value": value.to_numpy(), "reason": reason.to_numpy()}
    return pd.DataFrame(columns)
