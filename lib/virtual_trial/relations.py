"""How records belong together and how the trial was conducted: SE, DV and RELREC."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from .case import Case
from .exposure import dose_moments
from .facts import fact
from .findings import select
from .record import Record, Value
from .subject import end_of_study
from .trial import ELEMENTS
from .visits import iso

CSF_CODES = {"CSF white blood cell count increased": "WBC", "CSF protein increased": "PROT"}


def elements(case: Case) -> list[Record]:
    """Return records of SE: screening, treatment from the minute of the first dose, follow-up."""
    person, last = case.person, end_of_study(case)
    starts, moments = [person.consent], [iso(person.consent)]
    if person.is_randomised:
        starts += [person.day1, case.doses[-1].date + 2]
        moments += [dose_moments(case.doses[0])[0], iso(starts[-1])]
    ends, until = [*starts[1:], last], [*moments[1:], iso(last)]
    found = []
    for rank, (start, end) in enumerate(zip(starts, ends, strict=True)):
        if end < start:
            continue
        code, name, epoch = ELEMENTS[rank][:3]
        values: dict[str, Value] = {
            "ETCD": code,
            "ELEMENT": name,
            "EPOCH": epoch,
            **case.dated("se", moments[rank], until[rank]),
        }
        record = case.record("se", start, start + 3, values, rank)
        record.before(end + 3, {"SEENDTC": "", "SEENDY": ""})
        found.append(record)
    return found


def deviations(case: Case) -> list[Record]:
    """Return records of DV: visits outside their windows."""
    windows = {float(row[0]): (row[3], row[4]) for row in fact("schedule") if row[4] > row[3]}
    found = []
    for visit in case.visits:
        day = case.study_day(visit.date)
        first, last = windows.get(visit.number, (-999, 999))
        if visit.number >= 3 and isinstance(day, float) and not first <= day <= last:
            words = f"{visit.name} on day {day:.0f}, allowed day {first} to {last}"
            found.append(_deviation(case, visit.date, words, "VISIT OUT OF WINDOW"))
    return found


def _deviation(case: Case, day: int, words: str, decode: str) -> Record:
    values: dict[str, Value] = {
        "DVTERM": words,
        "DVDECOD": decode,
        "DVCAT": "MINOR",
        "EPOCH": case.epoch(day),
        "DVSTDTC": iso(day),
        "DVSTDY": case.study_day(day),
    }
    return case.record("dv", day, day + 20, values)


def related_records(case: Case, numbered: Mapping[str, Sequence[Record]]) -> list[Record]:
    """Return records of RELREC: an event with its treatment, the laboratory result it reports, and the death."""
    found: list[Record] = []
    for event in numbered.get("ae", ()):
        remedies = select(numbered.get("cm", ()), CMSPID=f"C{event.values['AESPID']}")
        found += _pair(case, event, remedies, "CM")
        code = CSF_CODES.get(str(event.values["AEDECOD"]), "")
        if code:
            results = select(numbered["lb"], LBTESTCD=code, LBSPEC="CEREBROSPINAL FLUID", LBDTC=event.values["AESTDTC"])
            found += _pair(case, event, results[:1], "LB")
        if event.values["AESDTH"] == "Y":
            found += _pair(case, event, select(numbered["dd"], DDTESTCD="PRCDTH"), "DD")
    return found


def _pair(case: Case, event: Record, others: Sequence[Record], domain: str) -> list[Record]:
    found: list[Record] = []
    for other in others:
        name = f"{domain}{other.values[f'{domain}SEQ']:.0f}E{event.values['AESEQ']:.0f}"
        for record in (event, other):
            prefix = record.domain.upper()
            values: dict[str, Value] = {
                **case.common,
                "RDOMAIN": prefix,
                "IDVAR": f"{prefix}SEQ",
                "IDVARVAL": f"{record.values[f'{prefix}SEQ']:.0f}",
                "RELID": name,
            }
            known = max(event.entered, other.entered)
            gone = max(event.removed, other.removed)
            found.append(Record("relrec", values, known, (len(found),), gone))
    return found
