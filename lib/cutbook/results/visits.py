"""Results of the displays by visit: laboratory, vital signs, efficacy endpoints."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from scipy.special import stdtrit

from cutbook.parameters.study import Endpoint, Study
from cutbook.results.counting import Groups, size_rows, treatment_groups
from cutbook.results.summarising import summary_rows
from cutbook.results.table import results_table
from cutbook.stats.descriptive import geometric_summaries

SHOWN = ("n", "mean", "sd", "median", "min", "max")
VALUE, CHANGE, RATIO = "AVAL", "CHG", "RATIO"


def findings_results(bds: pd.DataFrame, adsl: pd.DataFrame, study: Study, *, display: str) -> pd.DataFrame:
    """Return a display by visit (D15 laboratory, D20 vital signs): value and change from baseline.

    Parameters
    ----------
    bds : frame
        Derived findings; rows with ANL01FL ``Y`` represent their participant at AVISIT, 0 is baseline.
    adsl : frame
        Participants; treated ones are shown.
    study : Study
        Arms.
    display : str
        Row id of the display.

    Returns
    -------
    results table
        ``parameter`` PARAMCD, ``visit`` AVISIT, ``variable`` AVAL or CHG; n, mean, sd, median, min, max, ci_low and
        ci_high of the mean (t, 95 %). Only visits with data are there. CHG needs a baseline and a post-baseline value
        of the same participant.
    """
    treated = adsl[adsl["SAFFL"].eq("Y")]
    groups = treatment_groups(treated, study)
    long = _long(bds[bds["ANL01FL"].eq("Y")], [VALUE, CHANGE])
    rows = pd.concat([size_rows(groups), _change_rows(long, groups)], ignore_index=True)
    return results_table(rows.assign(display=display, population="Safety"))


def endpoint_results(adeff: pd.DataFrame, adsl: pd.DataFrame, study: Study) -> pd.DataFrame:
    """Return displays F4 (change) and F2 (ratio): every endpoint of the study file by visit.

    Parameters
    ----------
    adeff : frame
        Derived endpoints, LOCF rows included where the study file asks for them.
    adsl : frame
        Participants with the population flags that the endpoints name.
    study : Study
        Endpoints and arms.

    Returns
    -------
    results table
        As :func:`findings_results`. An endpoint on the ratio scale has geomean, geocv, ci_low and ci_high of the
        geometric mean for variables AVAL and RATIO.
    """
    parts = [pd.DataFrame()]
    for endpoint in study.endpoints:
        members = adsl[adsl[endpoint.population].eq("Y")]
        groups = treatment_groups(members, study)
        own = adeff[adeff["PARAMCD"].eq(endpoint.paramcd) & adeff["ANL01FL"].eq("Y")]
        is_ratio = endpoint.scale == "ratio"
        long = _long(own, [VALUE, CHANGE]).assign(decimals=endpoint.decimals)
        if is_ratio:
            long["variable"] = long["variable"].replace(CHANGE, RATIO)
            long["decimals"] = long["decimals"].mask(long["variable"].eq(RATIO), 1)
        rows = _ratio_rows(long, groups) if is_ratio else _change_rows(long, groups)
        sizes = size_rows(groups).assign(parameter=endpoint.paramcd)
        rows = pd.concat([sizes, rows], ignore_index=True)
        parts.append(rows.assign(display="F2" if is_ratio else "F4", population=endpoint.population))
    return results_table(pd.concat(parts, ignore_index=True))


def shown_course(own: pd.DataFrame, endpoint: Endpoint) -> tuple[str, str]:
    """Return which variable of an endpoint's results shows its course, and its words.

    The change, or the ratio, from baseline; the value itself where nobody has a baseline, as with an impression of
    change.
    """
    if own["variable"].eq(RATIO).any():
        return RATIO, "geometric mean ratio to baseline"
    if own["variable"].eq(CHANGE).any():
        return CHANGE, "mean change from baseline"
    return VALUE, "geometric mean" if endpoint.scale == "ratio" else "mean value"


def _long(bds: pd.DataFrame, variables: Sequence[str]) -> pd.DataFrame:
    renamed = bds.rename(columns={"PARAMCD": "parameter", "AVISIT": "visit", "AVALU": "unit", "DECIMALS": "decimals"})
    ordered = renamed.sort_values(["_ORDER", "AVISITN"] if "_ORDER" in renamed else ["AVISITN"], kind="stable")
    first = {name: place for place, name in enumerate(dict.fromkeys(renamed["parameter"]))}
    ordered = ordered.assign(_P=ordered["parameter"].map(first))
    keep = ["USUBJID", "KEY", "parameter", "visit", "AVISITN", "unit", "decimals", "_P"]
    parts = [
        ordered[keep].assign(variable=variable, VALUE=ordered[variable].astype("float64"), _V=place)
        for place, variable in enumerate(variables)
    ]
    long = pd.concat(parts, ignore_index=True)
    known = long[long["VALUE"].notna()]
    sorted_rows = known.sort_values(["_P", "AVISITN", "_V"], kind="stable")
    return sorted_rows.drop(columns=["_P", "_V", "AVISITN"]).reset_index(drop=True)


def _change_rows(long: pd.DataFrame, groups: Groups) -> pd.DataFrame:
    by = ["parameter", "visit", "variable"]
    rows = summary_rows(long, by, groups, value="VALUE", statistics=SHOWN)
    return pd.concat([rows, _limits(rows, [*by, "group", "unit", "decimals"])], ignore_index=True)


def _limits(rows: pd.DataFrame, place: list[str]) -> pd.DataFrame:
    wide = rows.pivot_table(index=place, columns="statistic", values="value", sort=False, dropna=False)
    wide = wide[wide["n"].gt(0)].reset_index()
    half = stdtrit((wide["n"] - 1).clip(lower=1), 0.975) * wide["sd"] / np.sqrt(wide["n"])
    reason = half.isna().map({True: "one value only", False: ""})
    low = wide[place].assign(statistic="ci_low", value=wide["mean"] - half, reason=reason)
    high = wide[place].assign(statistic="ci_high", value=wide["mean"] + half, reason=reason)
    return pd.concat([low, high], ignore_index=True)


def _ratio_rows(long: pd.DataFrame, groups: Groups) -> pd.DataFrame:
    by = ["parameter", "visit", "variable"]
    counts = summary_rows(long, by, groups, value="VALUE", statistics=("n", "median", "min", "max"))
    place = [*by, "group", "unit", "decimals"]
    joined = long.merge(groups.members, on="USUBJID").assign(group=lambda frame: frame["GROUP"].astype("str"))
    found = geometric_summaries(joined, [*by, "group"], "VALUE").reset_index()
    logs = joined.assign(LOG=np.log(joined["VALUE"].where(joined["VALUE"].gt(0))))
    spread = logs.groupby([*by, "group"])["LOG"].std().rename("s").reset_index()
    found = found.merge(spread, on=[*by, "group"], how="left", validate="one_to_one")
    half = stdtrit((found["n"] - 1).clip(lower=1), 0.975) * found["s"] / np.sqrt(found["n"])
    found = found.assign(ci_low=found["geomean"] * np.exp(-half), ci_high=found["geomean"] * np.exp(half))
    described = counts[place].drop_duplicates()
    full = described.merge(found, on=[*by, "group"], how="left", validate="one_to_one")
    more = full.melt(place, ["geomean", "geocv", "ci_low", "ci_high"], "statistic", "value")
    more["reason"] = more["value"].isna().map({True: "fewer than two values, or a value of zero", False: ""})
    return pd.concat([counts, more], ignore_index=True)
