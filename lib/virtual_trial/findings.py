"""How a finding of any domain becomes a record: result as collected, in standard units, and its reference range."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache, lru_cache
from typing import NamedTuple

from .case import Case
from .record import Record, Value
from .visits import Visit, moment

NOTHING: Mapping[str, Value] = {}
_SUFFIXES = ("TESTCD", "TEST", "ORRES", "STRESC", "STRESN", "ORRESU", "STRESU")


class Result(NamedTuple):
    """A result: text as collected and its unit, and the same in standard units; ``number`` may be empty."""

    code: str
    name: str
    collected: str
    collected_unit: str
    text: str
    number: float | str
    unit: str


@lru_cache(maxsize=1 << 16)
def measured(code: str, name: str, value: float, decimals: int, unit: str) -> Result:
    """Return a result that is collected in standard units, with so many decimals."""
    text = f"{value:.{decimals}f}"
    return Result(code, name, text, unit, text, float(text), unit)


def worded(code: str, name: str, words: str, number: float | str = "") -> Result:
    """Return a result in words, or a score without a unit."""
    return Result(code, name, words, "", words, number, "")


class Occasion(NamedTuple):
    """Day and minute at which findings of a domain were made, day of their entry, and what their records share."""

    domain: str
    day: int
    minute: float
    entered: int
    shared: Mapping[str, Value]


def occasion(
    case: Case, domain: str, visit: Visit, minute: float, way: str = "form", more: Mapping[str, Value] = NOTHING
) -> Occasion:
    """Return an occasion.

    Parameters
    ----------
    case : Case
        The participant.
    domain : str
        Lower-case name of the dataset.
    visit : Visit
        The visit at which it was.
    minute : float
        Counted from the midnight before the visit; may lie in the next day.
    way : str
        Way of entry, which decides when the findings are in the database.
    more : mapping
        Further variables that all records share.
    """
    day, prefix = visit.date + int(minute // 1440), domain.upper()
    shared = {**case.placings[visit.number], **more}
    shared.update({"DOMAIN": prefix, f"{prefix}DTC": moment(visit.date, minute), f"{prefix}DY": case.study_day(day)})
    shared["EPOCH"] = case.epoch_at(visit, minute)
    return Occasion(domain, day, minute % 1440, case.entries[(visit.number, way)], shared)


@cache
def _names(domain: str) -> tuple[str, ...]:
    return tuple(domain.upper() + suffix for suffix in _SUFFIXES)


def finding(when: Occasion, result: Result, rank: float = 0, more: Mapping[str, Value] = NOTHING) -> Record:
    """Return a record of a findings domain; ``rank`` is its place among those of the same minute."""
    code, test, collected, text, number, unit, standard = _names(when.domain)
    values = {**when.shared, **more}
    values[code], values[test] = result.code, result.name
    values[collected], values[text] = result.collected, result.text
    if result.number != "":
        values[number] = result.number
    if result.unit:
        values[unit], values[standard] = result.collected_unit, result.unit
    return Record(when.domain, values, when.entered, (when.day, when.minute + rank / 1000))


def not_done(record: Record, reason: str) -> None:
    """Turn a finding into one that was planned and not done."""
    prefix = record.domain.upper()
    for suffix in ("ORRES", "STRESC", "STRESN", "ORRESU", "STRESU", "NRIND"):
        record.values.pop(prefix + suffix, None)
    record.values.update({f"{prefix}STAT": "NOT DONE", f"{prefix}REASND": reason})


def select(records: Iterable[Record], **wanted: Value) -> list[Record]:
    """Return records whose variables have these values."""
    return [record for record in records if wanted.items() <= record.values.items()]


def range_indicator(number: float, low: float, high: float) -> str:
    """LOW, NORMAL or HIGH."""
    if number < low:
        return "LOW"
    return "HIGH" if number > high else "NORMAL"
