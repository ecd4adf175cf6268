"""How a finding of any domain becomes a record: result as collected, in standard units, and its reference range."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from typing import NamedTuple

from virtual_trial.case import Case
from virtual_trial.record import Record, Value
from virtual_trial.visits import Visit, moment

NOTHING: Mapping[str, Value] = {}
_SUFFIXES = ("TESTCD", "TEST", "ORRES", "STRESC", "STRESN", "DTC", "DY", "ORRESU", "STRESU")


class Result(NamedTuple):
    """A result: text as collected and its unit, and the same in standard units; ``number`` may be empty."""

    code: str
    name: str
    collected: str
    collected_unit: str
    text: str
    number: float | str
    unit: str


def measured(code: str, name: str, value: float, decimals: int, unit: str) -> Result:
    """Return a result that is collected in standard units, with so many decimals."""
    text = f"{value:.{decimals}f}"
    return Result(code, name, text, unit, text, float(text), unit)


def worded(code: str, name: str, words: str, number: float | str = "") -> Result:
    """Return a result in words, or a score without a unit."""
    return Result(code, name, words, "", words, number, "")


class Moment(NamedTuple):
    """Where a finding belongs: visit, minute of the day, order within it and way of entry."""

    visit: Visit
    minute: float
    rank: float
    way: str


@cache
def _names(domain: str) -> tuple[str, ...]:
    return (domain.upper(), *(domain.upper() + suffix for suffix in _SUFFIXES))


def finding(case: Case, domain: str, result: Result, when: Moment, more: Mapping[str, Value] = NOTHING) -> Record:
    """Return a record of a findings domain, placed at its visit and dated to the minute."""
    name, code, test, collected, text, number, date, study_day, unit, standard = _names(domain)
    visit = when.visit
    day = visit.date + int(when.minute // 1440)
    values = {
        **case.placings[visit.number],
        "DOMAIN": name,
        code: result.code,
        test: result.name,
        collected: result.collected,
        text: result.text,
        date: moment(visit.date, when.minute),
        study_day: case.study_day(day),
        **more,
    }
    if result.number != "":
        values[number] = result.number
    if result.unit:
        values[unit] = result.collected_unit
        values[standard] = result.unit
    return Record(domain, values, case.entries[(visit.number, when.way)], (day, when.minute % 1440 + when.rank / 1000))


def not_done(record: Record, reason: str) -> None:
    """Turn a finding into one that was planned and not done."""
    prefix = record.domain.upper()
    for suffix in ("ORRES", "STRESC", "STRESN", "ORRESU", "STRESU", "NRIND"):
        record.values.pop(prefix + suffix, None)
    record.values.update({f"{prefix}STAT": "NOT DONE", f"{prefix}REASND": reason})


def select(records: Iterable[Record], **wanted: Value) -> list[Record]:
    """Return records whose variables have these values."""
    return [record for record in records if all(record.values.get(name, "") == value for name, value in wanted.items())]


def range_indicator(number: float, low: float, high: float) -> str:
    """LOW, NORMAL or HIGH."""
    if number < low:
        return "LOW"
    return "HIGH" if number > high else "NORMAL"
