"""Cerebrospinal fluid: cells, protein, glucose, SOD1, and phosphorylated neurofilament heavy chain (also in plasma)."""

from __future__ import annotations

import math

from .case import Case
from .facts import fact, table
from .findings import Result, finding, measured, occasion, range_indicator
from .record import Record, Value
from .stream import clipped, rounded
from .visits import Visit

SPECIMEN = "CEREBROSPINAL FLUID"
SOD1_COLUMNS = {3.0: "base", 6.0: "d15", 8.0: "d29", 10.0: "d57", 11.0: "d85", 14.0: "d106", 17.0: "d169"}
UNSCHEDULED_SOD1 = 148.6
"""ng/mL, at the unscheduled puncture of the serious case: between its neighbours, raised by the inflammation."""
PUNCTURES = (3.0, 6.0, 8.0, 10.0, 11.0, 14.0, 17.0)


def peak_visit(case: Case) -> Visit:
    """Return the lumbar puncture at which white cells and protein are highest."""
    if case.person.role == "csf_serious":
        return next(visit for visit in case.visits if visit.kind == "unscheduled")
    number = case.draws.pick("csf.peak", PUNCTURES[3:6])
    return next(visit for visit in case.visits if visit.number == number)


def csf(case: Case) -> list[Record]:
    """Return records of LB that a lumbar puncture or a plasma neurofilament sample gave."""
    found: list[Record] = []
    for visit in case.visits:
        if visit.has("L"):
            found += _safety(case, visit)
            found += _sod1(case, visit)
            found.append(_neurofilament(case, visit, SPECIMEN))
        if visit.has("N"):
            found.append(_neurofilament(case, visit, "PLASMA"))
    return found


def _decay(case: Case, visit: Visit, days: float) -> float:
    """Share of the peak that is left at a visit; 0 before it."""
    since = visit.date - peak_visit(case).date
    return math.exp(-since / days) if since >= 0 else 0.0


def white_cells(case: Case, visit: Visit) -> float:
    """CSF white cells at a visit, 10^6/L."""
    usual = case.draws.weighted(f"wbc.{visit.number}", (0.0, 1.0, 2.0, 3.0, 4.0), (30, 34, 22, 10, 4))
    peak = case.share.wbc_peak
    if not peak:
        return usual
    raised = math.floor(peak * _decay(case, visit, 32.0) + 0.5)
    return float(raised) if raised > 4 else usual


def protein(case: Case, visit: Visit) -> float:
    """CSF protein at a visit, mg/dL."""
    _, high = fact("csf.normal")["PROT"]
    peak = case.share.protein_peak
    level = 34 + 6 * case.draws.trait("protein") if peak <= 60 else 39.0
    level = clipped(level, 20, 41) if not peak or peak > 60 else clipped(level + 8, 38, 45)
    ramp = clipped((visit.date - case.person.day1) / 84.0, 0.0, 1.0)
    rise = fact("csf.protein_rise") * ramp if case.person.is_active else 0.0
    value = level * (1 + rise) * math.exp(0.05 * case.draws.normal(f"protein.{visit.number}"))
    if not peak:
        return rounded(min(value, high - 1))
    if visit == peak_visit(case):
        return float(peak)
    left = (peak - level) * _decay(case, visit, 38.0)
    return rounded(min(value, high - 1) + left if peak > 60 else min(value, peak - 1))


def _safety(case: Case, visit: Visit) -> list[Record]:
    cells, amount = white_cells(case, visit), protein(case, visit)
    blood = case.draws.weighted(f"rbc.{visit.number}", (0.0, 1.0, 2.0, 4.0), (50, 25, 15, 10))
    if case.draws.chance(f"bloody.{visit.number}", 0.07):
        blood = rounded(math.exp(3.2 + 1.1 * case.draws.normal(f"blood.{visit.number}")))
    glucose = rounded(
        clipped(60 + 4.5 * case.draws.trait("csf.gluc") + 3 * case.draws.normal(f"g.{visit.number}"), 44, 76)
    )
    rows = [
        (measured("WBC", "Leukocytes", cells, 0, "10^6/L"), "WBC"),
        (measured("RBC", "Erythrocytes", blood, 0, "10^6/L"), "RBC"),
        (_converted("PROT", "Protein", amount, case), "PROT"),
        (_converted("GLUC", "Glucose", glucose, case), "GLUC"),
    ]
    if cells > 5:
        share = 80 + 15 * case.draws.uniform(f"lymph.{visit.number}")
        rows.append((measured("LYMLE", "Lymphocytes/Leukocytes", share, 0, "%"), ""))
    when = occasion(case, "lb", visit, visit.dose_minute - 3, "laboratory")
    return [
        finding(when, result, rank, _ranged(case, visit, result, limits)) for rank, (result, limits) in enumerate(rows)
    ]


def _converted(code: str, name: str, value: float, case: Case) -> Result:
    text = f"{value:.0f}"
    if case.person.site.is_conventional:
        return Result(code, name, text, "mg/dL", text, value, "mg/dL")
    collected = (f"{value / 100:.2f}", "g/L") if code == "PROT" else (f"{value / 18.016:.1f}", "mmol/L")
    standard = rounded(float(collected[0]) * (100 if code == "PROT" else 18.016))
    return Result(code, name, *collected, f"{standard:.0f}", standard, "mg/dL")


def _ranged(case: Case, visit: Visit, result: Result, limits: str) -> dict[str, Value]:
    values = _sample(case, visit, SPECIMEN, "CSF CELLS AND CHEMISTRY", "CENTRAL LABORATORY")
    if limits:
        low, high = fact("csf.normal")[limits]
        values.update(LBSTNRLO=float(low), LBSTNRHI=float(high))
        values["LBNRIND"] = range_indicator(float(result.number), low, high)
        factor = {"g/L": 0.01, "mmol/L": 1 / 18.016}.get(result.collected_unit, 1.0)
        decimals = 0 if factor == 1.0 else (2 if result.collected_unit == "g/L" else 1)
        values.update(LBORNRLO=f"{low * factor:.{decimals}f}", LBORNRHI=f"{high * factor:.{decimals}f}")
    return values


def _sample(case: Case, visit: Visit, specimen: str, category: str, laboratory: str) -> dict[str, Value]:
    letter = "C" if specimen == SPECIMEN else "P"
    return {
        "LBSPEC": specimen,
        "LBCAT": category,
        "LBNAM": laboratory,
        "LBREFID": f"{case.person.subjid}-{letter}{visit.number:g}-1",
    }


def sod1(case: Case, visit: Visit) -> float | None:
    """CSF SOD1 at a visit, ng/mL, from the accepted table; None when there is none."""
    if visit.kind == "unscheduled":
        return rounded(UNSCHEDULED_SOD1, 1)
    column = SOD1_COLUMNS.get(visit.number)
    if column is None:
        return None
    text = table(fact("sod1.table"))[case.person.sod1_row - 1][column]
    if text == "nan":
        return None
    value = float(text)
    if case.person.copy:
        value *= math.exp(0.2 * case.draws.trait("sod1") + 0.08 * case.draws.normal(f"sod1.{visit.number}"))
    return rounded(value, 1)


def _sod1(case: Case, visit: Visit) -> list[Record]:
    value = sod1(case, visit)
    if value is None:
        return []
    text = f"{value:.1f}"
    result = Result("SOD1", "Superoxide Dismutase 1", text, "ng/mL", text, value, "ug/L")
    more = _sample(case, visit, SPECIMEN, "BIOMARKER", "BIOMARKER LABORATORY")
    return [finding(occasion(case, "lb", visit, visit.dose_minute - 3, "vendor"), result, 10, more)]


def _neurofilament(case: Case, visit: Visit, specimen: str) -> Record:
    settings, person = fact("pnfh.plasma"), case.person
    level = math.log(settings["fast" if person.traits.is_fast else "slow"]) + settings["log_sd"] * case.draws.normal(
        "nf"
    )
    ramp = clipped((visit.date - person.day1) / 84.0, 0.0, 1.1)
    course = settings["course"] * case.draws.trait("nf.course") + case.share.pnfh_shift
    level += ramp * (math.log(fact("pnfh.day_85_ratio")[person.arm]) + course)
    if specimen == SPECIMEN:
        level += math.log(settings["csf_multiple"]) + 0.25 * case.draws.trait("nf.csf")
    level += settings["retest"] * case.draws.normal(f"nf.{specimen}.{visit.number}")
    value = rounded(math.exp(level))
    is_low = value < settings["lloq"]
    text = f"<{settings['lloq']}" if is_low else f"{value:.0f}"
    name = "Phosphorylated Neurofilament Heavy Chain"
    result = Result("NFHP", name, text, "pg/mL", text, "" if is_low else value, "ng/L")
    more = _sample(case, visit, specimen, "BIOMARKER", "BIOMARKER LABORATORY")
    minute = visit.dose_minute - (3 if specimen == SPECIMEN else 25)
    return finding(occasion(case, "lb", visit, minute, "vendor"), result, 11, more)
