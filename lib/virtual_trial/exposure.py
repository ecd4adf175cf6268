"""The doses given: EX, one record an injection."""

from __future__ import annotations

from .case import Case
from .record import Record, Value
from .visits import Visit, moment


def exposure(case: Case) -> list[Record]:
    """Return records of EX: placebo has dose 0."""
    return [_dose(case, visit, occasion) for occasion, visit in enumerate(case.doses, start=1)]


def dose_moments(visit: Visit) -> tuple[str, str]:
    """Start and end of the injection at a visit, to the minute."""
    return moment(visit.date, visit.dose_minute), moment(visit.date, visit.dose_minute + 2)


def number_of_dose(case: Case, visit: Visit) -> int:
    """Return which of the doses was given at a visit, 1 the first."""
    return 1 + [dose.number for dose in case.doses].index(visit.number)


def puncture_level(case: Case, visit: Visit) -> str:
    """Level of the lumbar puncture at a visit."""
    return case.draws.weighted(f"level.{visit.number}", ("L3-L4", "L4-L5"), (6, 4))


def _dose(case: Case, visit: Visit, occasion: int) -> Record:
    person = case.person
    start, end = dose_moments(visit)
    values: dict[str, Value] = {
        **case.placed(visit),
        "EXTRT": "TOFERSEN" if person.is_active else "PLACEBO",
        "EXDOSE": person.dose,
        "EXDOSU": "mg",
        "EXDOSFRM": "INJECTION, SOLUTION",
        "EXDOSFRQ": "ONCE",
        "EXROUTE": "INTRATHECAL",
        "EXLOT": f"{'T' if person.is_active else 'P'}{person.cohort}{1 + occasion // 4:03d}",
        "EXLOC": puncture_level(case, visit),
        "EXTPT": f"DOSE {occasion}",
        "EXTPTNUM": float(occasion),
        **case.dated("ex", start, end),
    }
    return case.record("ex", visit.date, case.entered(visit, "phone"), values, occasion)
