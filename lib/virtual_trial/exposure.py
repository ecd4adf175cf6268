"""The doses given: EX, one record an injection."""

from __future__ import annotations

from virtual_trial.case import Case
from virtual_trial.facts import fact
from virtual_trial.record import Record, Value
from virtual_trial.visits import Visit, moment


def exposure(case: Case) -> list[Record]:
    """Records of EX: placebo has dose 0."""
    return [_dose(case, visit, occasion) for occasion, visit in enumerate(case.doses, start=1)]


def _dose(case: Case, visit: Visit, occasion: int) -> Record:
    person = case.person
    start, end = moment(visit.date, visit.dose_minute), moment(visit.date, visit.dose_minute + 2)
    values: dict[str, Value] = {
        **case.placed(visit),
        "EXTRT": "TOFERSEN" if person.is_active else "PLACEBO",
        "EXDOSE": person.dose,
        "EXDOSU": "mg",
        "EXDOSFRM": "INJECTION, SOLUTION",
        "EXDOSFRQ": "ONCE",
        "EXROUTE": "INTRATHECAL",
        "EXLOT": f"{'T' if person.is_active else 'P'}{16 + person.cohort - 5}{1 + occasion // 4:02d}",
        "EXLOC": case.draws.weighted(f"level.{occasion}", ("L3-L4", "L4-L5"), (6, 4)),
        "EXVAMT": float(fact("dose_volume_ml")),
        "EXVAMTU": "mL",
        "EXTPT": f"DOSE {occasion}",
        **case.dated("ex", start, end),
    }
    return case.record("ex", visit.date, case.entered(visit, "phone"), values, occasion)
