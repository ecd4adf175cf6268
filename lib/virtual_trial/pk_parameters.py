"""Parameters of the plasma profiles as the bioanalytical group reports them: PP."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import datetime
from itertools import pairwise

from .case import Case
from .exposure import dose_moments, number_of_dose
from .findings import select
from .record import Record, Value
from .visits import Visit

Point = tuple[float, float]
INTERVAL_H = 24.0


def pk_parameters(case: Case, concentrations: Sequence[Record]) -> list[Record]:
    """Return records of PP: peak, its time, areas and trough of the profiles on day 1 and day 85 under tofersen."""
    if not case.person.is_active:
        return []
    found = []
    for visit in case.doses:
        if visit.has("P"):
            samples = select(concentrations, PCSPEC="PLASMA", VISITNUM=visit.number)
            found += _profile(case, visit, samples)
    return found


def _hours(record: Record) -> float:
    taken, dosed = str(record.values["PCDTC"]), str(record.values["PCRFTDTC"])
    return (datetime.fromisoformat(taken) - datetime.fromisoformat(dosed)).total_seconds() / 3600


def _points(samples: Sequence[Record]) -> list[Point]:
    points = []
    for record in samples:
        number = record.values.get("PCSTRESN", "")
        points.append((max(0.0, _hours(record)), float(number) if number != "" else 0.0))
    return points


def area(points: Sequence[Point]) -> float:
    """Area under a curve by the linear trapezoidal rule, h*ng/mL.

    Examples
    --------
    >>> area([(0, 0), (1, 10), (3, 20)])
    35.0
    """
    pairs = pairwise(points)
    return sum((later[0] - earlier[0]) * (earlier[1] + later[1]) / 2 for earlier, later in pairs)


def _to_interval(points: list[Point]) -> list[Point]:
    """Points up to 24 h: the last segment is cut, or continued log-linearly."""
    (t1, c1), (t2, c2) = points[-2:]
    if min(c1, c2) <= 0:
        return points
    rate = math.log(c2 / c1) / (t2 - t1)
    return [*points[:-1], (INTERVAL_H, c1 * math.exp(rate * (INTERVAL_H - t1)))]


def _profile(case: Case, visit: Visit, samples: list[Record]) -> list[Record]:
    points = _points(samples)
    if len(points) < 4:
        return []
    peak = max(points, key=lambda point: (point[1], -point[0]))
    rows = [
        ("CMAX", "Max Conc", f"{peak[1]:.3g}", "ng/mL", False),
        ("TMAX", "Time of CMAX", f"{peak[0]:.2f}", "h", False),
        ("AUCLST", "AUC to Last Nonzero Conc", f"{area(points):.4g}", "h*ng/mL", False),
        ("AUCINT", "AUC from T1 to T2", f"{area(_to_interval(points)):.4g}", "h*ng/mL", True),
    ]
    if visit.number != case.doses[0].number and points[0][1] > 0:
        rows.append(("CTROUGH", "Conc Trough", f"{points[0][1]:.3g}", "ng/mL", False))
    known = max(record.entered for record in samples) + 14
    return [_parameter(case, visit, row, rank, known) for rank, row in enumerate(rows)]


def _parameter(case: Case, visit: Visit, row: tuple[str, str, str, str, bool], rank: int, known: int) -> Record:
    code, name, text, unit, is_interval = row
    text, dose = f"{float(text):g}" if "e" in text else text, f"DOSE {number_of_dose(case, visit)}"
    values: dict[str, Value] = {
        **case.placed(visit),
        "PPTESTCD": code,
        "PPTEST": name,
        "PPCAT": "TOFERSEN",
        "PPGRPID": dose,
        "PPORRES": text,
        "PPORRESU": unit,
        "PPSTRESC": text,
        "PPSTRESN": float(text),
        "PPSTRESU": unit,
        "PPSPEC": "PLASMA",
        "PPTPTREF": dose,
        "PPRFTDTC": dose_moments(visit)[0],
        "PPSTINT": "PT0H" if is_interval else "",
        "PPENINT": "PT24H" if is_interval else "",
    }
    return case.record("pp", visit.date, known, values, rank)
