"""When each participant came: the schedule, met on working days and within its windows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from .facts import fact
from .population import Participant

SATURDAY, SUNDAY = 6, 0
HOLIDAYS = ((12, 25), (12, 26), (1, 1))
WITHDRAWAL_DAY = 71
FAILED_PUNCTURES = {(0, "5-10", 6.0), (0, "8-05", 10.0)}
"""Copy, slot and visit where the lumbar puncture failed and the whole visit was made the day after."""
MOVED = {
    ("5-12", 15): 14,
    ("8-09", 10): 7,
    ("7-09", 8): -1,
    ("5-10", 6): 1,
    ("8-05", 10): 1,
    ("5-03", 14): -3,
    ("8-10", 17): 6,
}
"""Days from plan of the visits that were moved on purpose, by slot and visit, in the first copy."""


@dataclass(frozen=True, slots=True)
class Visit:
    """One visit that took place. ``date`` is a proleptic ordinal, ``dose_minute`` the minute of the day of the dose."""

    number: float
    name: str
    planned_day: float | str
    date: int
    kind: str
    assessments: str
    dose_minute: int

    def has(self, letter: str) -> bool:
        """Whether this assessment was planned at the visit."""
        return letter in self.assessments


@lru_cache(maxsize=8192)
def iso(day: int) -> str:
    """Calendar date of an ordinal, ``2017-04-14``."""
    return date.fromordinal(day).isoformat()


@lru_cache(maxsize=8192)
def ordinal(iso_date: str) -> int:
    """Ordinal of a calendar date."""
    return date.fromisoformat(iso_date).toordinal()


@lru_cache(maxsize=8192)
def moment(day: int, minute: float) -> str:
    """Date and time, ``2017-04-14T09:05``; minutes beyond midnight run into the next day."""
    whole = day + int(minute // 1440)
    left = int(minute % 1440)
    return f"{iso(whole)}T{left // 60:02d}:{left % 60:02d}"


def is_working_day(day: int) -> bool:
    """Whether sites work on that day: no weekend, no Christmas, no New Year's Day."""
    if day % 7 in (SATURDAY, SUNDAY):
        return False
    calendar_day = date.fromordinal(day)
    return (calendar_day.month, calendar_day.day) not in HOLIDAYS


def last_day(person: Participant) -> int:
    """Ordinal of the day on which participation ended early; 0 when it did not."""
    if person.role == "death":
        arms, days = fact("deaths.arms"), fact("deaths.study_days")
        return int(person.day1 + days[arms.index(person.arm)] - 1)
    return person.day1 + WITHDRAWAL_DAY - 1 if person.role == "withdrawal" else 0


def visits(person: Participant) -> tuple[Visit, ...]:
    """Visits of a participant that took place, in order.

    A screen failure has the first screening visit only. Day 2, 16 and 86 follow the dose of the day before.
    """
    done: list[Visit] = []
    ended = last_day(person)
    for row in fact("schedule"):
        if row[0] == 1:
            day = person.consent
        elif not person.is_randomised:
            break
        else:
            day = _actual_day(person, row, done)
        if ended and day >= ended:
            break
        dose_minute = 570 + 5 * person.stream.whole(f"dose.{row[0]}", 0, 36)
        done.append(Visit(float(row[0]), row[1], float(row[2]), day, row[5], row[6], dose_minute))
    return tuple(sorted([*done, *_unscheduled(person)], key=lambda visit: (visit.date, visit.number)))


def _unscheduled(person: Participant) -> list[Visit]:
    if person.role != "csf_serious":
        return []
    return [Visit(10.1, "UNSCHEDULED 10.1", "", person.day1 + 70, "unscheduled", "LBV", 660)]


def _actual_day(person: Participant, row: list[int], done: list[Visit]) -> int:
    number, planned, first, last = row[0], row[2], row[3], row[4]
    base = person.day1 + (planned - 1 if planned > 0 else planned)
    if person.copy == 0 and (person.slot, number) in MOVED:
        return base + MOVED[(person.slot, number)]
    if number in (4, 7, 12):
        return done[-1].date + 1
    lowest, highest = first - planned, last - planned
    draw = person.stream.normal(f"visit.{number}")
    wanted = int(draw * max(highest - lowest, 0) / 5)
    choices = sorted(range(lowest, highest + 1), key=lambda shift: (abs(shift - wanted), abs(shift), shift))
    is_followed = number in (3, 6, 11)
    for shift in choices:
        day = base + shift
        if is_working_day(day) and not (is_followed and day % 7 == SATURDAY - 1) and day > person.consent:
            return day
    return base
