"""Dates judged together: ends before their start, midnight instead of a time, and what no participant's life allows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import pandas as pd

from cutbook.data.checks.dosing.drugs import first_dose_days, is_dose
from cutbook.data.checks.records import IN_LIST, ON_FIRST_LINES, Issue, kind_issue
from cutbook.dates import date_part, earliest, latest_possible

_MIDNIGHT = r"T00:00(?::00(?:[.,]0+)?)?(?:Z|[+-][0-9]{2}(?::?[0-9]{2})?)?$"
_NEARLY_ALL = 0.9
_STARTS = ("STDTC", "DTC")
_ENDS = {
    "ae": "the end counts as missing",
    "ex": "they count as ending on the day on which they started",
}
_MAY_PRECEDE_CONSENT = frozenset({"cm", "mh", "su", "pr", "fa", "sc", "ds", "dd", "co", "relrec", "ce", "pp"})
_OF_THE_LIVING = frozenset({"ae", "ex"})
_MAY_FOLLOW_DEATH = frozenset({"dm", "ds", "dd", "co", "relrec"})


def is_midnight(text: pd.Series) -> pd.Series:
    """Return True for each date with the time 00:00 or 00:00:00."""
    found: pd.Series = text.str.contains(_MIDNIGHT, na=False).astype(bool)
    return found


def has_uncollected_times(text: pd.Series) -> bool:
    """Return whether midnight stands for a time that was not collected: in nearly all (90 %) of the dates with a time.

    Examples
    --------
    >>> has_uncollected_times(pd.Series(["2024-03-05T00:00:00", "2024-03-06T00:00", "2024-03-07"]))
    True
    >>> has_uncollected_times(pd.Series(["2024-03-05T00:00:00", "2024-03-06T09:30"]))
    False
    """
    midnights, timed = is_midnight(text).sum(), text.str.contains("T", na=False).sum()
    return bool(midnights and midnights >= _NEARLY_ALL * timed)


def without_uncollected_times(text: pd.Series) -> pd.Series:
    """Return the dates of a column, those at midnight without a time where it stands for one not collected."""
    return text.str.replace(_MIDNIGHT, "", regex=True) if has_uncollected_times(text) else text


def ends_before_start(start: pd.Series, end: pd.Series) -> pd.Series:
    """Return True for each record of which even the latest end lies before the earliest start; midnight is the day."""
    days = end.str.replace(_MIDNIGHT, "", regex=True)
    ended: pd.Series = latest_possible(days) < earliest(without_uncollected_times(start))
    return ended


def time_issues(datasets: Mapping[str, pd.DataFrame]) -> Iterator[Issue]:
    """Return an issue for each variable whose dates contradict others: ends, times, dates of a life, dosing periods."""
    for dataset, frame in datasets.items():
        yield from _reversed(dataset, frame)
    for dataset, frame in datasets.items():
        yield from _midnights(dataset, frame, datasets)
    for dataset, frame in datasets.items():
        yield from _after_death(dataset, frame, datasets)
        yield from _before_consent(dataset, frame, datasets)
    yield from _overlapping(datasets.get("ex", pd.DataFrame()))


def _reversed(dataset: str, frame: pd.DataFrame) -> Iterator[Issue]:
    start, end = (f"{dataset[:2].upper()}{suffix}" for suffix in ("STDTC", "ENDTC"))
    if not {"USUBJID", start, end} <= _texts(frame):
        return
    words = (f"End before start ({end} before {start})", _ENDS.get(dataset, "both dates stay as they are"))
    yield from kind_issue((dataset, end), frame, ends_before_start(frame[start], frame[end]), words)


def _midnights(dataset: str, frame: pd.DataFrame, datasets: Mapping[str, pd.DataFrame]) -> Iterator[Issue]:
    variable = _dated(dataset, frame)
    if not variable or not is_midnight(frame[variable]).any():
        return
    place, is_odd = (dataset, variable), is_midnight(frame[variable])
    if has_uncollected_times(frame[variable]):
        words = ("00:00 in nearly every date with a time", "it counts as a time that was not collected")
        yield from kind_issue(place, frame, is_odd, words)
        return
    if dataset != "ex":
        is_odd &= date_part(frame[variable]).eq(_first_days(frame, datasets))
    what = "it counts as on or after the dose" if dataset == "ae" else "it counts as the time of the record"
    words = (
        "00:00 as the time, on the day of the first dose" if dataset != "ex" else "00:00 as the time of a dose",
        what,
    )
    yield from kind_issue(place, frame, is_odd, words, ON_FIRST_LINES)


def _first_days(frame: pd.DataFrame, datasets: Mapping[str, pd.DataFrame]) -> pd.Series:
    """Return the day of the first dose of each record's participant."""
    days = first_dose_days(datasets.get("ex", pd.DataFrame()))
    first: pd.Series = days.reindex(frame["USUBJID"].to_numpy()).set_axis(frame.index)
    return first


def _after_death(dataset: str, frame: pd.DataFrame, datasets: Mapping[str, pd.DataFrame]) -> Iterator[Issue]:
    variable, dm = _dated(dataset, frame), datasets.get("dm", pd.DataFrame())
    if dataset in _MAY_FOLLOW_DEATH or not variable or not {"USUBJID", "DTHDTC"} <= _texts(dm):
        return
    died = latest_possible(dm["DTHDTC"]).set_axis(dm["USUBJID"])
    died = died[~died.index.duplicated()].reindex(frame["USUBJID"].to_numpy()).set_axis(frame.index)
    words = ("Dated after the death (DTHDTC of DM)", "counted as they are dated")
    weight = ON_FIRST_LINES if dataset in _OF_THE_LIVING else IN_LIST
    yield from kind_issue((dataset, variable), frame, earliest(frame[variable]) > died.dt.ceil("D"), words, weight)


def _before_consent(dataset: str, frame: pd.DataFrame, datasets: Mapping[str, pd.DataFrame]) -> Iterator[Issue]:
    """Return an issue about records dated before the birth, and one about those before the consent (RFICDTC)."""
    variable, dm = _dated(dataset, frame), datasets.get("dm", pd.DataFrame())
    if not variable or dataset == "dm" or "USUBJID" not in _texts(dm):
        return
    for name, what in (("BRTHDTC", "birth"), ("RFICDTC", "consent")):
        if name in _texts(dm) and (what == "birth" or dataset not in _MAY_PRECEDE_CONSENT):
            since = earliest(dm[name]).set_axis(dm["USUBJID"])
            since = since[~since.index.duplicated()].reindex(frame["USUBJID"].to_numpy()).set_axis(frame.index)
            words = (f"Dated before the {what} ({name} of DM)", "counted as they are dated")
            is_odd = latest_possible(frame[variable]) < since
            yield from kind_issue((dataset, variable), frame, is_odd, words, ON_FIRST_LINES)


def _overlapping(ex: pd.DataFrame) -> Iterator[Issue]:
    """Return an issue about dosing periods of one treatment that begin before an earlier one of a participant ended.

    One more about those that begin on the day on which another ended, where no time tells them apart.
    """
    if not {"USUBJID", "EXSTDTC", "EXENDTC"} <= _texts(ex):
        return
    given = ex[is_dose(ex)]
    days = given.assign(FIRST=latest_possible(given["EXSTDTC"]).dt.floor("D"), LAST=earliest(given["EXENDTC"]))
    days = days.assign(LAST=days["LAST"].dt.floor("D")).dropna(subset=["FIRST"]).sort_values(["USUBJID", "FIRST"])
    by = [name for name in ("USUBJID", "EXTRT") if name in ex]
    ended = days.groupby(by, dropna=False)["LAST"].cummax()
    before = ended.groupby([days[name] for name in by], dropna=False).shift()
    is_odd = (days["FIRST"] < before).reindex(ex.index, fill_value=False)
    words = ("Dosing periods that overlap", "the doses of each are counted")
    yield from kind_issue(("ex", "EXSTDTC"), ex, is_odd, words, ON_FIRST_LINES)
    is_period = (days["LAST"] > days["FIRST"]).groupby([days[name] for name in by], dropna=False)
    is_timed = given["EXSTDTC"].str.contains("T", na=False).reindex(days.index)
    is_shared = days["FIRST"].eq(before) & is_period.shift().eq(True) & ~is_timed
    words = ("Dosing period that begins on the day on which another ended", "the doses of both on that day are counted")
    shared = is_shared.reindex(ex.index, fill_value=False)
    yield from kind_issue(("ex", "EXSTDTC"), ex, shared, words, ON_FIRST_LINES)


def _dated(dataset: str, frame: pd.DataFrame) -> str:
    """Return the variable that dates the start of a dataset's records; empty where there is none."""
    names = _texts(frame)
    found = (f"{dataset[:2].upper()}{suffix}" for suffix in _STARTS)
    return next((name for name in found if {"USUBJID", name} <= names), "")


def _texts(frame: pd.DataFrame) -> set[str]:
    return {str(name) for name in frame.columns if frame[name].dtype == "str"}
