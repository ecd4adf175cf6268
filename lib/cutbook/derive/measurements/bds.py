"""Analysis values of findings: baseline, change, analysis visits, the record that represents each, and extremes."""

from __future__ import annotations

import numpy as np
import pandas as pd

from cutbook.data.checks.contradictions.baselines import can_be_baseline, is_before_treatment
from cutbook.derive.measurements.findings import time_order
from cutbook.derive.records import yes
from cutbook.parameters.study.analyses import Baseline
from cutbook.parameters.study.visits import Schedule, Visit
from cutbook.vocabulary import BASELINE

BASELINE_LABEL = "Baseline"
_PLACE = ["USUBJID", "PARAMCD"]


def analysed(records: pd.DataFrame, schedule: Schedule, rule: Baseline) -> pd.DataFrame:
    """Return collected findings with everything the analyses by visit and of extremes need.

    Parameters
    ----------
    records : DataFrame
        Answer of `collected_findings`.
    schedule : Schedule
        Analysis visits after treatment began.
    rule : Baseline
        Which records can be the baseline.

    Returns
    -------
    DataFrame
        The records with ABLFL, BASE, BNRIND, AVISIT, AVISITN, AVISITID (id in the study file), ANL01FL, CHG, PCHG,
        WORSTLOFL, WORSTHIFL and APOBLFL (taken after treatment began). The baseline record has AVISIT ``Baseline``,
        AVISITN 0 and AVISITID ``BASELINE``. Flags are ``Y`` or missing.
    """
    is_before = is_before_treatment(records, rule.time)
    placed = with_baseline(records, is_candidate=can_be_baseline(records, rule) & records["IS_USABLE"])
    is_baseline = placed["ABLFL"].eq("Y")
    label, number, distance = analysis_visits(placed, schedule)
    is_post = placed["TRTSDT"].notna() & ~is_before & (placed["ADT"].notna() | number.notna()) & ~is_baseline
    placed["APOBLFL"] = yes(is_post)
    placed["AVISIT"] = label.where(is_post).mask(is_baseline, BASELINE_LABEL)
    placed["AVISITN"] = number.where(is_post).mask(is_baseline, 0.0)
    placed["AVISITID"] = visit_ids(placed["AVISIT"], schedule)
    is_chosen = representatives(placed.assign(DISTANCE=distance), is_candidate=is_post & placed["IS_USABLE"])
    placed["ANL01FL"] = yes(is_chosen | is_baseline)
    placed["CHG"] = (placed["AVAL"] - placed["BASE"]).where(is_post & placed["IS_USABLE"])
    placed["PCHG"] = 100 * placed["CHG"] / placed["BASE"].where(placed["BASE"].ne(0))
    is_extreme = is_post & placed["IS_USABLE"] & placed["AVAL"].notna()
    placed["WORSTLOFL"] = yes(extremes(placed, is_candidate=is_extreme, is_lowest=True))
    placed["WORSTHIFL"] = yes(extremes(placed, is_candidate=is_extreme, is_lowest=False))
    return placed


def with_baseline(records: pd.DataFrame, *, is_candidate: pd.Series) -> pd.DataFrame:
    """Return the records with ABLFL, BASE and BNRIND: the last candidate of each participant and parameter.

    Among candidates of the same moment the highest sequence number is the last.
    """
    last = time_order(records[is_candidate]).drop_duplicates(_PLACE, keep="last")
    flagged = records.assign(ABLFL=yes(pd.Series(records.index.isin(last.index), index=records.index)))
    values = last[[*_PLACE, "AVAL", "ANRIND"]].rename(columns={"AVAL": "BASE", "ANRIND": "BNRIND"})
    joined = flagged.merge(values, on=_PLACE, how="left", validate="many_to_one")
    return joined.set_axis(records.index, axis="index")


def analysis_visits(records: pd.DataFrame, schedule: Schedule) -> tuple[pd.Series, pd.Series, pd.Series]:
    """Return label, number (1 for the first of the schedule) and distance from the target in days for each record.

    Parameters
    ----------
    records : DataFrame
        VISITNUM, ADY.
    schedule : Schedule
        By VISITNUM, or by windows of study days; of overlapping ones the first counts.

    Returns
    -------
    tuple of Series
        Label and number are missing outside every visit. The distance is 0 without a target, and missing without a
        study day.
    """
    label = pd.Series(index=records.index, dtype="str")
    number = pd.Series(np.nan, index=records.index)
    target = pd.Series(np.nan, index=records.index)
    for place, visit in reversed(list(enumerate(schedule.visits, start=1))):
        is_here = _belongs(records, visit, schedule.by)
        label = label.mask(is_here, visit.label)
        number = number.mask(is_here, float(place))
        target = target.mask(is_here, np.nan if visit.target_day is None else float(visit.target_day))
    distance = (records["ADY"] - target).abs().mask(target.isna(), 0.0)
    return label, number, distance


def visit_ids(labels: pd.Series, schedule: Schedule) -> pd.Series:
    """Return the id of each analysis visit, the text itself where the schedule has none of that label.

    Examples
    --------
    >>> week = Schedule(by="day", visits=[Visit(label="Week 8", first_day=2, last_day=84, target_day=56)])
    >>> visit_ids(pd.Series(["Baseline", "Week 8", "End of study", None]), week).tolist()
    ['BASELINE', 'D56', 'End of study', nan]
    """
    known = {BASELINE_LABEL: BASELINE, **{visit.label: visit.code for visit in schedule.visits}}
    return labels.map(known).astype("str").fillna(labels)


def representatives(records: pd.DataFrame, *, is_candidate: pd.Series) -> pd.Series:
    """Return True for the record that represents a participant at an analysis visit.

    Parameters
    ----------
    records : DataFrame
        USUBJID, PARAMCD, AVISITN, DISTANCE, ADT, ADTM, SEQ.
    is_candidate : Series of bool
        Records that may be chosen; those outside every analysis visit never are.

    Notes
    -----
    Of several candidates the nearest to the target day is chosen, then the later one, then the highest sequence number.
    """
    candidates = time_order(records[is_candidate & records["AVISITN"].notna()])
    nearest_last = candidates.sort_values("DISTANCE", ascending=False, kind="stable", na_position="first")
    chosen = nearest_last.drop_duplicates([*_PLACE, "AVISITN"], keep="last")
    return pd.Series(records.index.isin(chosen.index), index=records.index)


def extremes(records: pd.DataFrame, *, is_candidate: pd.Series, is_lowest: bool) -> pd.Series:
    """Return True for the candidate with the lowest or the highest value of each participant and parameter.

    Of equal values the earliest is flagged.
    """
    ordered = time_order(records[is_candidate]).sort_values("AVAL", ascending=is_lowest, kind="stable")
    worst = ordered.drop_duplicates(_PLACE)
    return pd.Series(records.index.isin(worst.index), index=records.index)


def _belongs(records: pd.DataFrame, visit: Visit, by: str) -> pd.Series:
    if by == "visitnum":
        return records["VISITNUM"].isin(visit.visitnum)
    first = -np.inf if visit.first_day is None else visit.first_day
    last = np.inf if visit.last_day is None else visit.last_day
    return records["ADY"].between(first, last)
