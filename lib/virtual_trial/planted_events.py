"""What is planted among the adverse events, before they are numbered."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from .case import Case
from .facts import fact, table
from .ledger import Note
from .record import Record
from .subject import dies_under_way, report_day
from .visits import iso

Events = list[Record]


def plant_events(case: Case, events: Events) -> list[Note]:
    """Change the adverse events of a participant as planned and say what was planted; copies may be appended."""
    notes = _upcoded(events)
    if case.person.copy == 0 and case.person.slot in _PLANTED:
        notes += _PLANTED[case.person.slot](case, events)
    if case.person.role == "death":
        notes += _deaths(case, events)
    return notes


def day_of(text: str) -> int:
    """Ordinal of an ISO date."""
    return date.fromisoformat(text[:10]).toordinal()


def _free_terms() -> set[str]:
    return {row["term"] for row in table("terms.csv") if float(row["weight"]) > 0}


def _first(case: Case, events: Events, *, known: str, ended: bool = False) -> Record:
    """First treatment-emergent event of a term that is not calibrated, in the database on a day, not serious."""
    free, latest = _free_terms(), day_of(known)
    for event in sorted(events, key=lambda event: event.order):
        end = str(event.values["AEENDTC"])
        is_known = event.entered <= latest and event.order[0] > case.person.day1
        is_over = not ended or (end != "" and all(change[0] < latest for change in event.earlier))
        if event.values["AEDECOD"] in free and is_known and is_over:
            return event
    raise LookupError(f"{case.person.slot} has no adverse event to plant in")


def _upcoded(events: Events) -> list[Note]:
    found = []
    for event in events:
        old = fact("ae.recoded_terms").get(event.values["AEDECOD"])
        if old:
            event.before(day_of(fact("ae.recoded_on")), {"AEDECOD": old})
            found.append(Note("dictionary-upcode", event, "AEDECOD"))
    return found


def _deaths(case: Case, events: Events) -> list[Note]:
    event = next(event for event in events if event.values["AESDTH"] == "Y")
    if dies_under_way(case):
        event.before(report_day(case) + 14, {"AEENDTC": iso(case.ended)[:7], "AEENDY": ""})
        return [Note("late-death-date", event, "AEENDTC")]
    if event.values["AEDECOD"] == fact("deaths.autopsy_finds"):
        old = {"AETERM": "ACUTE DYSPNOEA, CAUSE UNDER INVESTIGATION", "AEDECOD": "Dyspnoea"}
        event.before(day_of(fact("deaths.autopsy_on")), dict(old))
        return [Note("recoded-after-autopsy", event, "AEDECOD")]
    return [Note("learnt-after-cutoff", event, "AEOUT")]


def _start_month(case: Case, events: Events) -> list[Note]:
    event = _first(case, events, known="2017-09-01")
    event.values.update(AESTDTC=str(event.values["AESTDTC"])[:7], AESTDY="")
    return [Note("partial-start-month", event, "AESTDTC")]


def _start_year(case: Case, events: Events) -> list[Note]:
    event = _first(case, events, known="2018-01-12")
    event.values.update(AESTDTC=str(event.values["AESTDTC"])[:4], AESTDY="")
    return [Note("partial-start-year", event, "AESTDTC")]


def _end_before_start(case: Case, events: Events) -> list[Note]:
    event = _first(case, events, known="2017-09-06", ended=True)
    wrong = iso(day_of(str(event.values["AESTDTC"])) - 6)
    event.before(day_of("2017-10-10"), {"AEENDTC": wrong, "AEENDY": case.study_day_of(wrong)})
    return [Note("end-before-start", event, "AEENDTC")]


def _late_entry(case: Case, events: Events) -> list[Note]:
    event = _first(case, events, known="2017-04-10")
    event.entered = day_of("2017-06-20")
    event.values.update(AEDTC="2017-06-20", AEDY=case.study_day(event.entered))
    return [Note("late-entered-event", event, "AETERM")]


def _severity(case: Case, events: Events) -> list[Note]:
    event = _first(case, events, known="2017-09-06")
    event.values["AESEV"] = "MODERATE"
    event.before(day_of("2017-11-15"), {"AESEV": "MILD"})
    return [Note("severity-edit", event, "AESEV")]


def _causality(case: Case, events: Events) -> list[Note]:
    event = _first(case, events, known="2018-01-12")
    event.values["AEREL"] = "POSSIBLY RELATED"
    event.before(day_of("2018-03-20"), {"AEREL": "NOT RELATED"})
    return [Note("causality-edit", event, "AEREL")]


def _no_severity(case: Case, events: Events) -> list[Note]:
    event = _first(case, events, known="2018-01-12")
    event.before(day_of("2018-02-15"), {"AESEV": ""})
    return [Note("missing-severity", event, "AESEV")]


def _duplicate(case: Case, events: Events) -> list[Note]:
    event = _first(case, events, known="2017-09-01")
    twin = {**event.values, "AETERM": str(event.values["AETERM"]).lower()}
    order = (event.order[0], event.order[1] + 0.5)
    copy = Record("ae", twin, event.entered + 3, order, day_of("2017-11-02"), event.earlier)
    events.append(copy)
    return [Note("duplicate-event", copy, "AETERM")]


def _upgraded(_: Case, events: Events) -> list[Note]:
    event = next(event for event in events if event.values["AEDECOD"] == "CSF protein increased")
    event.before(day_of("2018-02-20"), {"AESER": "N", "AESMIE": "N"})
    return [Note("upgraded-to-serious", event, "AESER")]


def _accented(case: Case, events: Events) -> list[Note]:
    event = _first(case, events, known="2018-01-12")
    event.values["AETERM"] = f"{str(event.values['AETERM']).upper()} (GÊNE LÉGÈRE)"
    return [Note("accented-term", event, "AETERM")]


def _queried(_: Case, events: Events) -> list[Note]:
    headaches = [event for event in events if event.values["AEDECOD"] == "Headache"]
    if len(headaches) != 1:
        raise LookupError("the queried headache must be the participant's only one")
    headaches[0].before(day_of(fact("queries.answered_on")), {"AEDECOD": "Head discomfort"})
    return [Note("open-query", headaches[0], "AEDECOD")]


_PLANTED: dict[str, Callable[[Case, Events], list[Note]]] = {
    "5-03": _start_month,
    "6-06": _start_year,
    "5-04": _end_before_start,
    "5-05": _late_entry,
    "5-07": _severity,
    "6-02": _causality,
    "7-04": _no_severity,
    "5-09": _duplicate,
    "7-01": _upgraded,
    "6-04": _accented,
    "8-13": _queried,
}
