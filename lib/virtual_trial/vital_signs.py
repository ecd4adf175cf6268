"""Vital signs and electrocardiogram: VS and EG."""

from __future__ import annotations

from .case import Case
from .findings import finding, measured, occasion
from .record import Record, Value
from .stream import clipped, rounded
from .visits import Visit

BEFORE = ("PRE-DOSE", -1.0, -90.0)
AFTER = (("1 H POST-DOSE", 1.0, 60.0), ("4 H POST-DOSE", 4.0, 240.0))
PUNCTURE_DIP = {1.0: -4.0, 4.0: -1.0}


def vital_signs(case: Case) -> list[Record]:
    """Return records of VS: before each dose, one and four hours after it, and at the other clinic visits."""
    if not case.person.is_randomised:
        return []
    found: list[Record] = []
    for visit in case.visits:
        if visit.has("V"):
            points = (BEFORE, *AFTER) if visit.has("D") else (("", 0.0, -80.0),)
            for name, hours, shift in points:
                found += _set(case, visit, name, hours, visit.dose_minute + shift)
            found += _body(case, visit)
    return found


def _set(case: Case, visit: Visit, name: str, hours: float, minute: float) -> list[Record]:
    person, draws = case.person, case.draws
    key = f"{visit.number}.{hours}"
    age = (person.traits.age - 49) / 11
    strain = draws.normal(f"vs.strain.{key}")
    systolic = 124 + 4 * age + 9 * draws.trait("sysbp") + 5 * strain + 3 * draws.normal(f"sys.{key}")
    diastolic = 77 + 0.45 * (systolic - 124) + 4 * draws.trait("diabp") + 2 * draws.normal(f"dia.{key}")
    pulse = 73 + 7 * draws.trait("pulse") + 3 * strain + 3 * draws.normal(f"pulse.{key}")
    dip = PUNCTURE_DIP.get(hours, 0.0) if name else 0.0
    breath = 16 + draws.trait("resp") + 0.9 * draws.normal(f"resp.{key}") + max(0.0, -case.share.svc_change - 20) / 10
    warmth = 36.6 + 0.15 * draws.trait("temp") + 0.17 * draws.normal(f"temp.{key}")
    rows = [
        measured("SYSBP", "Systolic Blood Pressure", rounded(clipped(systolic + dip, 92, 178)), 0, "mmHg"),
        measured("DIABP", "Diastolic Blood Pressure", rounded(clipped(diastolic + dip / 2, 52, 106)), 0, "mmHg"),
        measured("PULSE", "Pulse Rate", rounded(clipped(pulse, 48, 112)), 0, "beats/min"),
        measured("RESP", "Respiratory Rate", rounded(clipped(breath, 11, 26)), 0, "breaths/min"),
        measured("TEMP", "Temperature", rounded(clipped(warmth, 35.7, 37.6), 1), 1, "C"),
    ]
    more: dict[str, Value] = {"VSPOS": "SUPINE"}
    if name:
        more.update(VSTPT=name, VSTPTNUM=hours)
    when, without_position = occasion(case, "vs", visit, minute), {**more, "VSPOS": ""}
    return [finding(when, row, rank, more if rank < 3 else without_position) for rank, row in enumerate(rows)]


def weight_kg(case: Case, visit: Visit) -> float:
    """Body weight at a visit: lost as function is lost."""
    months = max(0.0, (visit.date - case.person.day1) / 30.44)
    lost = 0.0011 * min(case.share.alsfrs_change, 0) * months
    return rounded(case.person.traits.weight_kg * (1 + lost + 0.006 * case.draws.normal(f"weight.{visit.number}")), 1)


def _body(case: Case, visit: Visit) -> list[Record]:
    rows = []
    if visit.number in (1.0, 3.0, 8.0, 11.0, 15.0, 17.0):
        rows.append(measured("WEIGHT", "Weight", weight_kg(case, visit), 1, "kg"))
    if visit.number == 1.0:
        rows.append(measured("HEIGHT", "Height", rounded(case.person.traits.height_cm), 0, "cm"))
    when = occasion(case, "vs", visit, visit.dose_minute - 95)
    return [finding(when, row, 10 + rank) for rank, row in enumerate(rows)]


def electrocardiogram(case: Case) -> list[Record]:
    """Return records of EG: before the dose and four hours after it where a dose was given."""
    if not case.person.is_randomised:
        return []
    found: list[Record] = []
    for visit in case.visits:
        if visit.has("E"):
            points = (
                (("PRE-DOSE", -1.0, -60.0), ("4 H POST-DOSE", 4.0, 250.0)) if visit.has("D") else (("", 0.0, -60.0),)
            )
            for name, hours, shift in points:
                found += _tracing(case, visit, name, hours, visit.dose_minute + shift)
    return found


def _tracing(case: Case, visit: Visit, name: str, hours: float, minute: float) -> list[Record]:
    draws, key = case.draws, f"{visit.number}.{hours}"
    rate = rounded(clipped(70 + 7 * draws.trait("pulse") + 4 * draws.normal(f"eg.hr.{key}"), 46, 108))
    corrected = 408 + (10 if case.person.traits.sex == "F" else 0) + 13 * draws.trait("qtcf")
    corrected = clipped(corrected + 7 * draws.normal(f"eg.qtc.{key}"), 365, 462)
    interval = rounded(60000 / rate)
    raw = rounded(corrected * (interval / 1000) ** (1 / 3))
    fridericia = rounded(raw / (interval / 1000) ** (1 / 3))
    conduction = rounded(clipped(156 + 16 * draws.trait("pr") + 5 * draws.normal(f"eg.pr.{key}"), 114, 214))
    width = rounded(clipped(92 + 8 * draws.trait("qrs") + 3 * draws.normal(f"eg.qrs.{key}"), 70, 122))
    rows = [
        measured("EGHRMN", "ECG Mean Heart Rate", rate, 0, "beats/min"),
        measured("RRAG", "RR Interval, Aggregate", interval, 0, "msec"),
        measured("PRAG", "PR Interval, Aggregate", conduction, 0, "msec"),
        measured("QRSAG", "QRS Duration, Aggregate", width, 0, "msec"),
        measured("QTAG", "QT Interval, Aggregate", raw, 0, "msec"),
        measured("QTCFAG", "QTcF Interval, Aggregate", fridericia, 0, "msec"),
    ]
    more: dict[str, Value] = {"EGPOS": "SUPINE"}
    if name:
        more.update(EGTPT=name, EGTPTNUM=hours)
    when = occasion(case, "eg", visit, minute, "laboratory")
    return [finding(when, row, rank, more) for rank, row in enumerate(rows)]
