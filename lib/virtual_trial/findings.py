"""How a finding of any domain becomes a record: result as collected, in standard units, and its reference range."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from virtual_trial.case import Case
from virtual_trial.record import Record, Value
from virtual_trial.visits import Visit, moment


@dataclass(frozen=True, slots=True)
class Result:
    """A result: text as collected and its unit, and the same in standard units (``number`` empty when there is none)."""

    code: str
    name: str
    collected: str
    collected_unit: str
    text: str
    number: float | str
    unit: str


def measured(code: str, name: str, value: float, decimals: int, unit: str) -> Result:
    """A result that is collected in standard units, with so many decimals."""
    text = f"{value:.{decimals}f}"
    return Result(code, name, text, unit, text, float(text), unit)


@dataclass(frozen=True, slots=True)
class Moment:
    """Where a finding belongs: visit, minute of the day, order within it and way of entry."""

    visit: Visit
    minute: float
    rank: float
    way: str


def finding(
    case: Case, domain: str, result: Result, when: Moment, more: Mapping[str, Value] | None = None
) -> Record:
    """A record of a findings domain, placed at its visit and dated to the minute."""
    prefix, visit = domain.upper(), when.visit
    values: dict[str, Value] = {
        **case.placed(visit),
        f"{prefix}TESTCD": result.code,
        f"{prefix}TEST": result.name,
        f"{prefix}ORRES": result.collected,
        f"{prefix}STRESC": result.text,
        f"{prefix}STRESN": result.number,
        f"{prefix}DTC": moment(visit.date, when.minute),
        f"{prefix}DY": case.study_day(visit.date + int(when.minute // 1440)),
        **(more or {}),
    }
    if result.unit:
        values[f"{prefix}ORRESU"] = result.collected_unit
        values[f"{prefix}STRESU"] = result.unit
    order = visit.date + int(when.minute // 1440)
    return case.record(domain, order, case.entered(visit, when.way), values, when.minute % 1440 + when.rank / 1000)


def range_indicator(number: float, low: float, high: float) -> str:
    """LOW, NORMAL or HIGH."""
    if number < low:
        return "LOW"
    return "HIGH" if number > high else "NORMAL"
