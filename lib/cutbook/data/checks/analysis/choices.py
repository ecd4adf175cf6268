"""Which records of an analysis dataset stand for a participant at a visit: by flag, and by rule where they share it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

import numpy as np
import pandas as pd

from cutbook.data.characters import looks_like
from cutbook.data.checks.records import ON_FIRST_LINES, Issue, kind_issue
from cutbook.data.wording import first_few, quoted
from cutbook.parameters.study import Endpoint, Findings, Study
from cutbook.parameters.study.visits import Schedule
from cutbook.record_names import text_of
from cutbook.records import Where, meets
from cutbook.vocabulary import BASELINE

_FLAG = re.compile(r"ANL[0-9]{2}FL")
_USUAL = "ANL01FL"
_PLACE = ["USUBJID", "PARAMCD", "VISIT"]
_RULE = "the nearest to the target day of the visit counts, of equally near ones the later"


def is_candidate(records: pd.DataFrame, where: Where) -> pd.Series:
    """Return True for each record that may stand for its participant at its visit.

    Parameters
    ----------
    records : DataFrame
        Of an analysis dataset.
    where : mapping
        Condition of the study file.

    Notes
    -----
    Rules, the first that applies: the study file names a flag ANLzzFL → those that it chooses; ANL01FL is Y in any
    record of the parameter → those where it is; otherwise all.
    """
    if any(_FLAG.fullmatch(name) for name in where):
        return meets(records, where)
    if _USUAL not in records:
        return pd.Series(True, index=records.index)
    is_flagged = text_of(records[_USUAL]).eq("Y")
    has_flags = is_flagged.groupby(records["PARAMCD"]).transform("any").astype(bool)
    return is_flagged | ~has_flags


def analysis_visit_ids(labels: pd.Series, schedule: Schedule) -> pd.Series:
    """Return the id of each analysis visit, whatever capitals and blanks its label has; other labels as they are.

    Examples
    --------
    >>> week = Schedule(by="day", visits=[{"label": "Week 8", "first_day": 2, "last_day": 84, "target_day": 56}])
    >>> analysis_visit_ids(pd.Series(["BASELINE", "WEEK 8 ", "Week 9", None]), week).tolist()
    ['BASELINE', 'D56', 'Week 9', nan]
    """
    known = {looks_like(BASELINE): BASELINE}
    known |= {looks_like(name): visit.code for visit in schedule.visits for name in (visit.code, visit.label)}
    stated = labels.dropna().drop_duplicates()
    ids = {label: known.get(looks_like(str(label)), str(label).strip()) for label in stated}
    return labels.map(ids).astype("str")


def analysis_issues(datasets: Mapping[str, pd.DataFrame], study: Study) -> Iterator[Issue]:
    """Return issues of each family and endpoint: several records of a visit, no flag, visits that no schedule names."""
    if study.sources.model != "adam":
        return
    families: list[Findings | Endpoint] = [*study.findings, *study.endpoints]
    for family in families:
        name, where = selection(family, datasets)
        frame = datasets.get(name, pd.DataFrame())
        schedule = study.schedules.get(family.schedule)
        if schedule is not None and {"USUBJID", "PARAMCD", "AVISIT", *where} <= set(frame.columns):
            yield from _of_family(name, frame, family, where, schedule)


def selection(family: Findings | Endpoint, datasets: Mapping[str, pd.DataFrame]) -> tuple[str, dict[str, list[str]]]:
    """Return the analysis dataset of a family or an endpoint, and the condition of its records."""
    if isinstance(family, Endpoint):
        name = "adqs" if "adqs" in datasets and "adeff" not in datasets else "adeff"
        return name, {"PARAMCD": [family.paramcd]}
    codes = {"PARAMCD": family.codes} if family.parameters else {}
    return f"ad{family.dataset.removeprefix('ad')}", {**family.where, **codes}


def _of_family(
    name: str, frame: pd.DataFrame, family: Findings | Endpoint, where: Where, schedule: Schedule
) -> Iterator[Issue]:
    own = meets(frame, {one: values for one, values in where.items() if not _FLAG.fullmatch(one)})
    visit = analysis_visit_ids(frame["AVISIT"], schedule)
    if _USUAL in frame and not any(_FLAG.fullmatch(one) for one in where):
        unflagged = own & ~text_of(frame[_USUAL])[own].eq("Y").groupby(frame["PARAMCD"]).transform("any").reindex(
            frame.index, fill_value=True
        )
        words = (f"No record with {_USUAL} Y ({family.label})", f"every record of a visit may count: {_RULE}")
        yield from kind_issue((name, _USUAL), frame, unflagged & visit.notna(), words, ON_FIRST_LINES)
    placed = frame[own & is_candidate(frame, where) & visit.notna()].assign(VISIT=visit)
    number = placed.groupby(_PLACE)["VISIT"].transform("size")
    is_several = pd.Series(frame.index.isin(placed.index[number > 1]), index=frame.index)
    words = (f"Several records of one participant, parameter and visit ({family.label})", _RULE)
    yield from kind_issue((name, "AVISIT"), frame, is_several, words, ON_FIRST_LINES)
    ids = {BASELINE, *(one.code for one in schedule.visits)}
    is_other = own & visit.notna() & ~visit.isin(ids) & is_candidate(frame, where)
    told = first_few(quoted(one) for one in frame.loc[is_other, "AVISIT"].drop_duplicates())
    words = (f"Analysis visit that the schedule of {family.label} does not name, {told}", "shown under its own name")
    yield from kind_issue((name, "AVISIT"), frame, is_other, words)


def distance_from_target(records: pd.DataFrame, schedule: Schedule) -> pd.Series:
    """Return how many days each record lies from the target day of its visit; 0 where there is none.

    Parameters
    ----------
    records : DataFrame
        AVISITID, ADY.
    schedule : Schedule
        Whose visits have target days.
    """
    targets = {visit.code: visit.target_day for visit in schedule.visits if visit.target_day is not None}
    target = records["AVISITID"].map(targets).astype("float64")
    away = (records["ADY"] - target).abs()
    return away.where(target.notna(), 0.0).replace(np.inf, np.nan)
