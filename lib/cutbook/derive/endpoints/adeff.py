"""Efficacy and pharmacodynamic endpoints by visit, with baseline, change and carried values."""

from __future__ import annotations

import numpy as np
import pandas as pd

from cutbook.dates import study_day
from cutbook.derive.delivered import delivered_bds
from cutbook.derive.endpoints.sums import sums_of_items
from cutbook.derive.measurements.adfindings import COLUMNS as BDS_COLUMNS
from cutbook.derive.measurements.bds import analysed
from cutbook.derive.measurements.chosen import with_chosen
from cutbook.derive.measurements.findings import Handling, collected_findings
from cutbook.derive.measurements.units import ALL_TESTS
from cutbook.derive.records import Datasets, with_participant
from cutbook.parameters.study import Endpoint, Study
from cutbook.parameters.study.visits import Schedule, Visit

PARTICIPANT_COLUMNS = ("TRT01A", "TRT01AN", "SAFFL", "RANDFL", "EFFFL")
LOCF = "LOCF"

COLUMNS = (*BDS_COLUMNS, "EFFFL", "DTYPE")
"""Columns of the answer of `derive_adeff`."""

_TIMING = ["EOSSTT", "DCUTDT"]


def derive_adeff(datasets: Datasets, adsl: pd.DataFrame, study: Study) -> pd.DataFrame:
    """Return the records of all endpoints of the study file, in its order, one row a record and one a carried value.

    Parameters
    ----------
    datasets : mapping of str to frame
        The datasets that the endpoints name; one that was not delivered gives no rows.
    adsl : DataFrame
        Answer of `derive_adsl`.
    study : Study
        Endpoints and schedules.

    Returns
    -------
    DataFrame
        Columns of `derive_findings` with PARAMCD, PARAM (the endpoint's label) and DECIMALS from the study file, AVALU
        as collected or else from the study file, EFFFL, and DTYPE (``LOCF`` for a carried value). On the scale
        ``ratio`` CHG holds the ratio AVAL / BASE and PCHG 100 x (ratio - 1), missing unless both are above 0; else CHG
        is the difference.

    Raises
    ------
    DataError
        The study delivers ADaM and ``adeff`` (or ``adqs``) or a column of it is missing.
    """
    if study.sources.model == "adam":
        return _delivered(datasets, adsl, study)
    parts = [_endpoint(datasets, adsl, item, study.schedules[item.schedule]) for item in study.endpoints]
    if not parts:
        return pd.DataFrame(columns=list(COLUMNS))
    return pd.concat(parts, ignore_index=True)


def _endpoint(datasets: Datasets, adsl: pd.DataFrame, item: Endpoint, schedule: Schedule) -> pd.DataFrame:
    rule = item.baseline
    handling = Handling(item.replicates, rule.flag, {ALL_TESTS: item.unit})
    records = collected_findings(datasets, item.dataset, item.where, adsl, handling)
    records = sums_of_items(records) if item.is_sum else records
    named = records.assign(PARAMCD=item.paramcd, PARAM=item.label, DECIMALS=item.decimals)
    named["AVALU"] = named["AVALU"].fillna(item.unit) if item.unit else named["AVALU"]
    values = analysed(named, schedule, rule)
    values = values.assign(DTYPE=pd.Series(index=values.index, dtype="str"))
    if item.scale == "ratio":
        values = _as_ratio(values)
    if item.imputation == "locf":
        values = pd.concat([values, carried_values(values, schedule, adsl)])
    return with_participant(values, adsl, PARTICIPANT_COLUMNS)[list(COLUMNS)].reset_index(drop=True)


def carried_values(values: pd.DataFrame, schedule: Schedule, adsl: pd.DataFrame) -> pd.DataFrame:
    """Return one row for each analysis visit without a value to which an earlier one is carried.

    Parameters
    ----------
    values : DataFrame
        Answer of `analysed` for one parameter, with DTYPE.
    schedule : Schedule
        Analysis visits.
    adsl : DataFrame
        USUBJID, TRTSDT, EOSSTT, DCUTDT.

    Returns
    -------
    DataFrame
        Copies of the rows carried, with the AVISIT, AVISITN and AVISITID they are carried to, DTYPE ``LOCF``, ANL01FL
        ``Y`` and no WORSTLOFL and WORSTHIFL; dates, VISIT and KEY are those of the value carried.

    Notes
    -----
    The value carried is the one that represents the participant at the last earlier analysis visit after baseline; a
    baseline value is never carried. Nothing is carried to a visit that a participant still under way at the cut-off had
    not passed by then (its last day, else its target day, else its first day).
    """
    chosen = values[values["AVISITN"].gt(0) & values["ANL01FL"].eq("Y")]
    source = chosen.assign(ROW=chosen.index.astype("float64"))
    visits = [float(place) for place in range(1, len(schedule.visits) + 1)]
    observed = source.pivot_table(index="USUBJID", columns="AVISITN", values="ROW").reindex(columns=visits)
    filled = observed.ffill(axis="columns").where(observed.isna())
    long = filled.rename_axis(columns="AVISITN").melt(ignore_index=False, value_name="ROW").dropna().reset_index()
    due = long[_is_due(long, schedule, adsl)]
    labels = {float(place): visit.label for place, visit in enumerate(schedule.visits, start=1)}
    codes = {float(place): visit.code for place, visit in enumerate(schedule.visits, start=1)}
    rows = chosen.loc[due["ROW"].astype(chosen.index.dtype)]
    nothing = pd.Series(index=rows.index, dtype="str")
    return rows.assign(
        AVISITN=due["AVISITN"].to_numpy(dtype="float64"),
        AVISIT=due["AVISITN"].map(labels).to_numpy(),
        AVISITID=due["AVISITN"].map(codes).to_numpy(),
        DTYPE=LOCF,
        WORSTLOFL=nothing,
        WORSTHIFL=nothing,
    )


def _is_due(long: pd.DataFrame, schedule: Schedule, adsl: pd.DataFrame) -> pd.Series:
    days = {float(place): _closing_day(visit) for place, visit in enumerate(schedule.visits, start=1)}
    known = with_participant(long[["USUBJID"]], adsl, ["TRTSDT", *_TIMING])
    return known["EOSSTT"].ne("ONGOING") | (study_day(known["DCUTDT"], known["TRTSDT"]) >= long["AVISITN"].map(days))


def _closing_day(visit: Visit) -> float:
    known = [day for day in (visit.last_day, visit.target_day, visit.first_day) if day is not None]
    return float(known[0]) if known else np.inf


def _as_ratio(values: pd.DataFrame) -> pd.DataFrame:
    is_positive = values["AVAL"].gt(0) & values["BASE"].gt(0) & values["CHG"].notna()
    ratio = (values["AVAL"] / values["BASE"]).where(is_positive)
    return values.assign(CHG=ratio, PCHG=100 * (ratio - 1))


def _delivered(datasets: Datasets, adsl: pd.DataFrame, study: Study) -> pd.DataFrame:
    name = "adqs" if "adqs" in datasets and "adeff" not in datasets else "adeff"
    frame = delivered_bds(datasets, name, adsl[["USUBJID", *PARTICIPANT_COLUMNS]])
    own = [with_chosen(frame, {"PARAMCD": [item.paramcd]}, study.schedules[item.schedule]) for item in study.endpoints]
    own = [_as_ratio(part) if item.scale == "ratio" else part for part, item in zip(own, study.endpoints, strict=True)]
    return pd.concat(own or [frame.iloc[:0].assign(AVISITID="")], ignore_index=True)
