"""Visits of the study file that no record has, and visits with records that it does not name."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import pandas as pd

from cutbook.data.checks.dosing.drugs import first_dose_days
from cutbook.data.checks.records import IN_LIST, Issue, kind_issue
from cutbook.data.wording import first_few
from cutbook.dates import earliest
from cutbook.parameters.study import Endpoint, Findings, Study
from cutbook.record_names import text_of
from cutbook.records import meets_any

_EMPTY = "the visit stays empty"


def visit_issues(datasets: Mapping[str, pd.DataFrame], study: Study) -> Iterator[Issue]:
    """Return an issue for each visit that a schedule names and no record has, and one a dataset of visits it lacks.

    Visits after the last one with records are yet to come, and records up to the day of the first dose need no visit
    after baseline.
    """
    families: list[Findings | Endpoint] = [*study.findings, *study.endpoints]
    known: dict[str, set[float]] = {}
    told: set[tuple[str, str]] = set()
    for family in families:
        schedule, frame = study.schedules.get(family.schedule), datasets.get(family.dataset, pd.DataFrame())
        if schedule is None or schedule.by != "visitnum" or not {"USUBJID", "VISITNUM"} <= set(frame.columns):
            continue
        known.setdefault(family.dataset, set()).update(one for visit in schedule.visits for one in visit.visitnum)
        if (family.dataset, family.schedule) not in told:
            told.add((family.dataset, family.schedule))
            used = [item for item in families if (item.dataset, item.schedule) == (family.dataset, family.schedule)]
            numbers = _numbers(frame, used)
            yield from _without_records(family.dataset, numbers, [(v.label, v.visitnum) for v in schedule.visits])
    for dataset, numbers in known.items():
        used = [item for item in families if item.dataset == dataset]
        yield from _without_visit(dataset, datasets[dataset], numbers, used, datasets.get("ex", pd.DataFrame()))


def _numbers(frame: pd.DataFrame, used: list[Findings | Endpoint]) -> set[float]:
    return set(frame.loc[meets_any(frame, (item.selects for item in used)), "VISITNUM"].dropna())


def _without_records(dataset: str, numbers: set[float], visits: list[tuple[str, list[float]]]) -> Iterator[Issue]:
    """Return an issue for each visit without records that comes before one with records."""
    reached = [place for place, (_, visitnum) in enumerate(visits) if numbers & set(visitnum)]
    for place, (label, visitnum) in enumerate(visits):
        if reached and place < reached[-1] and not numbers & set(visitnum):
            named = " or ".join(f"{one:g}" for one in visitnum)
            kind = f"No record with VISITNUM {named}, which the study file names for {label}"
            yield Issue(dataset, "VISITNUM", None, "", f"{kind}; {_EMPTY}.", IN_LIST, kind, _EMPTY)


def _without_visit(
    dataset: str, frame: pd.DataFrame, numbers: set[float], used: list[Findings | Endpoint], ex: pd.DataFrame
) -> Iterator[Issue]:
    """Return the issue about records after the first dose at a visit that no schedule names."""
    variable = f"{dataset[:2].upper()}DTC"
    if variable not in frame or frame[variable].dtype != "str":
        return
    since = first_dose_days(ex).reindex(frame["USUBJID"].to_numpy()).set_axis(frame.index)
    is_after = earliest(frame[variable]).dt.floor("D") > since
    is_odd = meets_any(frame, (item.selects for item in used)) & is_after & ~frame["VISITNUM"].isin(numbers)
    names = text_of(frame["VISIT"]) if "VISIT" in frame else text_of(frame["VISITNUM"])
    named = names.mask(names.eq(""), text_of(frame["VISITNUM"]))[is_odd].replace("", "without a number")
    told = first_few(named.value_counts(sort=False).index.astype("str"))
    words = (f"Visit that no schedule of the study file names, {told}", "in no table by visit")
    yield from kind_issue((dataset, "VISITNUM"), frame, is_odd, words)
