"""Adverse events: AE and SUPPAE."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache

from .case import Case, qualifier
from .csf import peak_visit, protein, white_cells
from .facts import fact, table
from .laboratory import rise_visit
from .record import Record, Value, numbered
from .stories import Story, stories
from .subject import end_of_study
from .visits import iso, moment

CSF_TERMS = ("CSF white blood cell count increased", "CSF protein increased")
REPEAT = 0.35
SERIOUS = ("AESCONG", "AESDISAB", "AESDTH", "AESHOSP", "AESLIFE", "AESMIE")


@dataclass(frozen=True, slots=True)
class Event:
    """One episode. ``start`` and ``end`` are ordinals (``end`` 0: not over), ``minute`` is 0 for an unknown time."""

    term: str
    start: int
    minute: int
    end: int
    severity: str
    relation: str
    story: Story | None = None


@cache
def _terms() -> dict[str, dict[str, str]]:
    return {row["term"]: row for row in table("terms.csv")}


def adverse_events(case: Case) -> list[Record]:
    """Return records of AE, not yet numbered."""
    return [_record(case, event, rank) for rank, event in enumerate([*_planned(case), *_told(case)])]


def numbered_events(records: Sequence[Record]) -> list[Record]:
    """Return records of AE in order, with sequence number and sponsor's identifier."""
    ordered = numbered(list(records))
    for number, record in enumerate(ordered, start=1):
        record.values["AESPID"] = f"E{number:02d}"
    return ordered


def event_qualifiers(case: Case, records: Sequence[Record]) -> list[Record]:
    """Return records of SUPPAE: whether the investigator relates an event to the lumbar puncture."""
    return [_qualifier(case, record) for record in records]


def last_known_day(case: Case) -> int:
    """Ordinal of the last day on which an event can begin: the last visit, or the day before an early end."""
    return case.ended - 1 if case.ended else case.visits[-1].date


def _drawn(case: Case, term: str, key: str, start: int, minute: int = 0) -> Event:
    row, draws = _terms()[term], case.draws
    typical = float(row["days"])
    days = max(1.0, typical * math.exp(0.5 * draws.normal(f"ae.days.{key}"))) if typical else 0.0
    end = start + int(days) - 1 if days else 0
    percent = 100 * draws.uniform(f"ae.severity.{key}")
    moderate = float(row["moderate"])
    severity = "SEVERE" if percent < moderate / 12 else ("MODERATE" if percent < moderate else "MILD")
    related = 100 * draws.uniform(f"ae.related.{key}")
    chance = float(row["related"])
    relation = "RELATED" if related < chance / 3 else ("POSSIBLY RELATED" if related < chance else "NOT RELATED")
    return Event(term, start, minute, end if end <= last_known_day(case) else 0, severity, relation)


def _planned(case: Case) -> list[Event]:
    found: list[Event] = []
    for order, term in enumerate(case.share.events):
        kind = _terms()[term]["kind"]
        if kind == "puncture":
            found += _after_punctures(case, term)
        elif kind == "csf":
            found.append(_from_fluid(case, term))
        elif kind == "blood":
            visit = rise_visit(case, term)
            found.append(_drawn(case, term, term, visit.date, visit.dose_minute - 110))
        else:
            found.append(_drawn(case, term, f"{term}.{order}", _any_day(case, f"{term}.{order}", term)))
    return found


def _after_punctures(case: Case, term: str) -> list[Event]:
    visits = [visit for visit in case.doses if visit.date <= last_known_day(case)]
    first = min(case.draws.weighted(f"occasion.{term}", (0, 1, 2, 3, 4), (40, 22, 16, 12, 10)), len(visits) - 1)
    found: list[Event] = []
    for occasion in range(first, len(visits)):
        key = f"{term}.{occasion}"
        if occasion > first and not case.draws.chance(f"repeat.{key}", REPEAT):
            continue
        visit = visits[occasion]
        delay = case.draws.weighted(
            f"delay.{key}", (0, 1, 2), (50, 38, 12) if term != "Post lumbar puncture syndrome" else (10, 60, 30)
        )
        minute = visit.dose_minute + 15 * case.draws.whole(f"minute.{key}", 2, 26) if delay == 0 else 0
        event = _drawn(case, term, key, visit.date + delay, minute)
        limit = visits[occasion + 1].date - 1 if occasion + 1 < len(visits) else 0
        found.append(replace(event, end=min(event.end or limit, limit)) if limit else event)
    return [event for event in found if event.start <= last_known_day(case)]


def _from_fluid(case: Case, term: str) -> Event:
    """Return an event that reports a CSF result: it lasts until a later puncture gives a normal one."""
    peak = peak_visit(case)
    event = _drawn(case, term, term, peak.date, peak.dose_minute - 3)
    value, limit = (white_cells, "WBC") if term == CSF_TERMS[0] else (protein, "PROT")
    _, high = fact("csf.normal")[limit]
    later = [visit for visit in case.visits if visit.has("L") and visit.date > peak.date]
    end = next((visit.date for visit in later if value(case, visit) <= high), 0)
    story = next((story for story in stories(case.person.role, case.person.arm) if story.term == term), None)
    severity = story.severity if story else ("MODERATE" if event.severity == "SEVERE" else event.severity)
    relation = "POSSIBLY RELATED" if case.person.is_active else "NOT RELATED"
    return replace(event, end=end, relation=relation, severity=severity, story=story)


def _any_day(case: Case, key: str, term: str) -> int:
    is_free = float(_terms()[term]["weight"]) > 0
    if is_free and case.draws.chance(f"ae.early.{key}", 0.05):
        return case.person.consent + case.draws.whole(f"ae.screening.{key}", 3, 16)
    low = case.person.day1 + 1
    return low + int(case.draws.uniform(f"ae.day.{key}") * (min(last_known_day(case), case.person.day1 + 168) - low))


def _told(case: Case) -> list[Event]:
    found = []
    for story in stories(case.person.role, case.person.arm):
        if story.term not in CSF_TERMS:
            start = case.person.day1 + story.first_day - 1
            end = case.person.day1 + story.last_day - 1
            found.append(Event(story.term, start, 0, end, story.severity, "NOT RELATED", story))
    return found


def _record(case: Case, event: Event, rank: int) -> Record:
    row = _terms()[event.term]
    words = case.draws.pick(f"words.{event.term}.{event.start}", row["words"].split("|"))
    start = moment(event.start, event.minute) if event.minute else iso(event.start)
    story = event.story
    values: dict[str, Value] = {
        "AETERM": story.words if story else words,
        "AEDECOD": event.term,
        "AEBODSYS": row["soc"],
        "AESOC": row["soc"],
        "AESEV": event.severity,
        "AESER": "Y" if story else "N",
        "AEACN": "NOT APPLICABLE" if event.start > case.doses[-1].date else "DOSE NOT CHANGED",
        "AEREL": event.relation,
        "AEOUT": _outcome(event),
        **{flag: "Y" if story and flag in story.criteria else "N" for flag in SERIOUS},
        "AECONTRT": "Y" if row["treatment"] and (story or case.draws.chance(f"treated.{rank}", 0.6)) else "N",
        "EPOCH": case.epoch(event.start),
        "AEDTC": iso(_collected(case, event)),
        "AEDY": case.study_day(_collected(case, event)),
        **case.dated("ae", start, iso(event.end) if event.end else ""),
    }
    record = case.record("ae", event.start, _reported(case, event), values, rank)
    _recall(case, event, record)
    return record


def _outcome(event: Event) -> str:
    if event.story and "AESDTH" in event.story.criteria:
        return "FATAL"
    if event.end:
        return "RECOVERED/RESOLVED"
    return "RECOVERING/RESOLVING" if event.term in CSF_TERMS else "NOT RECOVERED/NOT RESOLVED"


def _reported(case: Case, event: Event) -> int:
    if event.story:
        return event.story.reported(case.person.day1, event.start)
    visit = next((visit for visit in case.visits if visit.date >= event.start), None)
    return case.entered(visit, "phone") if visit else event.start + 6


def _collected(case: Case, event: Event) -> int:
    """Ordinal of the day on which the event was told: that of its report, or of the last contact before the report.

    Only a report that tells a death late is dated after participation.
    """
    told = _reported(case, event)
    return told if event.story and event.story.is_late else min(told, end_of_study(case))


def _recall(case: Case, event: Event, record: Record) -> None:
    """Note what was not known before the end of the event was reported."""
    if not event.end:
        return
    visit = next((visit for visit in case.visits if visit.date >= event.end), None)
    learnt = case.entered(visit, "form") if visit else event.end + (1 if event.story else 8)
    if learnt > record.entered:
        unknown: dict[str, Value] = {"AEENDTC": "", "AEENDY": "", "AEOUT": "NOT RECOVERED/NOT RESOLVED"}
        if record.values["AESDTH"] == "Y":
            unknown["AESDTH"] = "N"
        record.before(learnt, unknown)


def _qualifier(case: Case, event: Record) -> Record:
    is_procedural = _terms()[str(event.values["AEDECOD"])]["kind"] == "puncture"
    row = {
        "IDVAR": "AESEQ",
        "IDVARVAL": f"{event.values['AESEQ']:.0f}",
        "QNAM": "AELPREL",
        "QLABEL": "Related to Lumbar Puncture",
        "QVAL": "Y" if is_procedural else "N",
    }
    record = qualifier(case, "ae", row, event.entered, float(event.values["AESEQ"]))
    record.removed = event.removed
    return record
