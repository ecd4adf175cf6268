"""Delivered analysis values: which record stands for a participant at each analysis visit."""

from __future__ import annotations

import pandas as pd

from cutbook.data.checks.analysis.choices import analysis_visit_ids, distance_from_target, is_candidate
from cutbook.derive.measurements.bds import representatives
from cutbook.derive.records import yes
from cutbook.parameters.study.visits import Schedule
from cutbook.records import Where, meets


def with_chosen(values: pd.DataFrame, where: Where, schedule: Schedule) -> pd.DataFrame:
    """Return the delivered values that meet a condition, with AVISITID, and ANL01FL in one record a visit.

    Parameters
    ----------
    values : DataFrame
        Answer of `delivered_bds`.
    where : mapping
        Condition of the study file.
    schedule : Schedule
        Analysis visits.

    Notes
    -----
    Which records may stand for a visit says `is_candidate`. Of several with a result the nearest to the target day
    is chosen, then the later one, then the highest ASEQ, as of collected values.
    """
    own = values[meets(values, where)]
    placed = own.assign(AVISITID=analysis_visit_ids(own["AVISIT"], schedule))
    has_result = placed["AVAL"].notna() | placed["AVALC"].notna()
    ordered = placed.assign(
        AVISITN=pd.Series(pd.factorize(placed["AVISITID"])[0], index=placed.index).astype("float64"),
        SEQ=placed["ASEQ"],
        DISTANCE=distance_from_target(placed, schedule),
    )
    may_stand = is_candidate(placed, where) & placed["AVISITID"].notna() & has_result
    return placed.assign(ANL01FL=yes(representatives(ordered, is_candidate=may_stand)))
