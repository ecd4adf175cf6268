"""One participant with visits and plan, and the ways in which records of any domain are made from them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from virtual_trial.facts import fact
from virtual_trial.plan import Share
from virtual_trial.population import Participant
from virtual_trial.record import Record, Value
from virtual_trial.stream import Stream
from virtual_trial.visits import Visit, iso, last_day, visits

LAGS = {"form": (0, 9), "phone": (0, 3), "laboratory": (1, 5), "vendor": (20, 34)}
"""Days from a visit until its data are in the database, by way of entry."""


@dataclass(frozen=True)
class Case:
    """A participant, the visits made and the participant's share of the calibrated plan."""

    person: Participant
    visits: tuple[Visit, ...]
    share: Share
    draws: Stream
    ended: int

    @property
    def doses(self) -> tuple[Visit, ...]:
        """Visits at which a dose was given."""
        return tuple(visit for visit in self.visits if visit.has("D"))

    @property
    def common(self) -> dict[str, Value]:
        """Identifiers that every record carries."""
        return {"STUDYID": fact("study.id"), "USUBJID": self.person.usubjid}

    def study_day(self, day: int) -> float | str:
        """Study day of an ordinal: day 1 is the first dose, there is no day 0; empty without a dose."""
        if not self.person.is_randomised:
            return ""
        return float(day - self.person.day1 + (1 if day >= self.person.day1 else 0))

    def epoch(self, day: int) -> str:
        """Epoch of an ordinal: treatment from the first dose to the day after the last."""
        if not self.person.is_randomised or day < self.person.day1:
            return "SCREENING"
        return "TREATMENT" if day <= self.doses[-1].date + 1 else "FOLLOW-UP"

    def at(self, number: float) -> Visit | None:
        """The visit with this number; None when it did not take place."""
        return next((visit for visit in self.visits if visit.number == number), None)

    def entered(self, visit: Visit, way: str) -> int:
        """Ordinal of the day on which data of the visit are in the database."""
        low, high = LAGS[way]
        return visit.date + self.draws.whole(f"lag.{way}.{visit.number}", low, high)

    def placed(self, visit: Visit) -> dict[str, Value]:
        """Variables that place a record at a visit."""
        return {
            "VISITNUM": visit.number,
            "VISIT": visit.name,
            "VISITDY": visit.planned_day,
            "EPOCH": self.epoch(visit.date),
        }

    def record(self, domain: str, day: int, entered: int, values: Mapping[str, Value], rank: float = 0) -> Record:
        """A record of the participant, ordered by day and then by rank."""
        content: dict[str, Value] = {**self.common, "DOMAIN": domain.upper(), **values}
        return Record(domain, content, entered, (day, rank))

    def dated(self, domain: str, start: str, end: str) -> dict[str, Value]:
        """Start and end of an event or intervention with study days; partial dates have no study day."""
        prefix = domain.upper()
        return {
            f"{prefix}STDTC": start,
            f"{prefix}ENDTC": end,
            f"{prefix}STDY": self._day_of(start),
            f"{prefix}ENDY": self._day_of(end),
        }

    def _day_of(self, text: str) -> float | str:
        return self.study_day(date.fromisoformat(text[:10]).toordinal()) if len(text) >= 10 else ""


def case_of(person: Participant, share: Share) -> Case:
    """The case of a participant."""
    return Case(person, visits(person), share, person.stream, last_day(person))


def qualifier(case: Case, domain: str, row: Mapping[str, str], entered: int, rank: float) -> Record:
    """A supplemental qualifier: ``row`` holds QNAM, QLABEL, QVAL and, for a record, IDVAR and IDVARVAL."""
    values: dict[str, Value] = {
        **case.common,
        "RDOMAIN": domain.upper(),
        "QORIG": "CRF",
        **row,
    }
    return Record(f"supp{domain}", values, entered, (rank,))


def text_of(day: int) -> str:
    """ISO date of an ordinal; empty for 0."""
    return iso(day) if day else ""
