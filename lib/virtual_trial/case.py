"""One participant with visits and plan, and the ways in which records of any domain are made from them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from .facts import fact
from .plan import Share
from .population import Participant
from .record import Record, Value
from .stream import Stream
from .visits import Visit, last_day, ordinal, visits

LAGS = {"form": (0, 9), "phone": (0, 3), "laboratory": (1, 5), "vendor": (20, 34)}
"""Days from a visit until its data are in the database, by way of entry."""


@dataclass(frozen=True, slots=True)
class Case:
    """A participant, the visits made and the participant's share of the calibrated plan.

    ``ended`` is the ordinal of an early end of participation (0: none), ``common`` the identifiers of every record,
    ``placings`` and ``entries`` hold what :meth:`placed` and :meth:`entered` return.
    """

    person: Participant
    visits: tuple[Visit, ...]
    share: Share
    draws: Stream
    ended: int
    doses: tuple[Visit, ...]
    common: dict[str, Value]
    placings: dict[float, dict[str, Value]]
    entries: dict[tuple[float, str], int]

    def study_day(self, day: int) -> float | str:
        """Study day of an ordinal: day 1 is the first dose, there is no day 0; empty without a dose."""
        first = self.person.day1
        if not first:
            return ""
        return float(day - first + 1 if day >= first else day - first)

    def epoch(self, day: int) -> str:
        """Epoch of a day: treatment from that of the first dose to the day after the last."""
        if not self.person.is_randomised or day < self.person.day1:
            return "SCREENING"
        return "TREATMENT" if day <= self.doses[-1].date + 1 else "FOLLOW-UP"

    def epoch_at(self, visit: Visit, minute: float) -> str:
        """Epoch of a minute of the day of a visit: treatment begins with the first dose, not with its day."""
        is_before = visit.date == self.person.day1 and minute < visit.dose_minute
        return "SCREENING" if is_before else self.epoch(visit.date + int(minute // 1440))

    def at(self, number: float) -> Visit | None:
        """Return the visit with this number; None when it did not take place."""
        return next((visit for visit in self.visits if visit.number == number), None)

    def entered(self, visit: Visit, way: str) -> int:
        """Ordinal of the day on which data of the visit are in the database."""
        return self.entries[(visit.number, way)]

    def placed(self, visit: Visit) -> dict[str, Value]:
        """Return the identifiers of the participant and the variables that place a record at a visit."""
        return self.placings[visit.number]

    def record(self, domain: str, day: int, entered: int, values: Mapping[str, Value], rank: float = 0) -> Record:
        """Return a record of the participant, ordered by day and then by rank."""
        content = {**self.common, **values}
        content["DOMAIN"] = domain.upper()
        return Record(domain, content, entered, (day, rank))

    def dated(self, domain: str, start: str, end: str) -> dict[str, Value]:
        """Start and end of an event or intervention with study days; partial dates have no study day."""
        prefix = domain.upper()
        return {
            f"{prefix}STDTC": start,
            f"{prefix}ENDTC": end,
            f"{prefix}STDY": self.study_day_of(start),
            f"{prefix}ENDY": self.study_day_of(end),
        }

    def study_day_of(self, text: str) -> float | str:
        """Study day of an ISO date; empty for a partial one."""
        return self.study_day(ordinal(text[:10])) if len(text) >= 10 else ""


def case_of(person: Participant, share: Share) -> Case:
    """Return the case of a participant."""
    made, draws = visits(person), person.stream
    case = Case(
        person=person,
        visits=made,
        share=share,
        draws=draws,
        ended=last_day(person),
        doses=tuple(visit for visit in made if visit.has("D")),
        common={"STUDYID": fact("study.id"), "USUBJID": person.usubjid},
        placings={},
        entries={},
    )
    for visit in made:
        case.placings[visit.number] = {
            **case.common,
            "VISITNUM": visit.number,
            "VISIT": visit.name,
            "VISITDY": visit.planned_day,
            "EPOCH": case.epoch(visit.date),
        }
        for way, (low, high) in LAGS.items():
            case.entries[(visit.number, way)] = visit.date + draws.whole(f"lag.{way}.{visit.number}", low, high)
    return case


def qualifier(case: Case, domain: str, row: Mapping[str, str], entered: int, rank: float) -> Record:
    """Return a supplemental qualifier: ``row`` holds QNAM, QLABEL, QVAL and, for a record, IDVAR and IDVARVAL."""
    values: dict[str, Value] = {**case.common, "RDOMAIN": domain.upper(), "QORIG": "CRF", **row}
    return Record(f"supp{domain}", values, entered, (rank,))
