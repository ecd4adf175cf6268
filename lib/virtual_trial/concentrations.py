"""Samples for pharmacokinetics and what the bioanalytical laboratory found in them: PC."""

from __future__ import annotations

import math
from dataclasses import dataclass

from .case import Case
from .exposure import number_of_dose
from .facts import fact
from .findings import Result, finding, occasion
from .pharmacokinetics import Course, concentration, course, own_deviations
from .record import Record, Value
from .stream import clipped
from .visits import Visit, moment

SPECIMENS = {"PLASMA": "P", "CEREBROSPINAL FLUID": "C"}


@dataclass(frozen=True, slots=True)
class Sample:
    """One planned sample: time point as planned, and minute of the day (of the visit) at which it was drawn."""

    visit: Visit
    specimen: str
    label: str
    hours: float | str
    minute: float


def samples(case: Case) -> list[Sample]:
    """All samples of a participant, in order of collection."""
    found: list[Sample] = []
    for visit in case.visits:
        if visit.has("L") and visit.kind != "unscheduled":
            label, hours = ("PRE-DOSE", 0.0) if visit.has("D") else ("", "")
            found.append(Sample(visit, "CEREBROSPINAL FLUID", label, hours, visit.dose_minute - 3))
        found += _plasma(case, visit)
    return found


def _plasma(case: Case, visit: Visit) -> list[Sample]:
    if visit.has("s"):
        return [Sample(visit, "PLASMA", "", "", visit.dose_minute - 20)]
    hours = fact("pk.profile_hours") if visit.has("P") else ([0, 4] if visit.has("p") else [])
    found = []
    for hour in hours:
        if hour == 0:
            minute = visit.dose_minute - 20.0 - case.draws.whole(f"pre.{visit.number}", 0, 15)
            found.append(Sample(visit, "PLASMA", "PRE-DOSE", 0.0, minute))
        else:
            late = clipped(3 * case.draws.normal(f"late.{visit.number}.{hour}"), -5, 12) * (1 if hour < 24 else 6)
            found.append(
                Sample(visit, "PLASMA", f"{hour} H POST-DOSE", float(hour), visit.dose_minute + 60 * hour + int(late))
            )
    return found


def concentrations(case: Case) -> list[Record]:
    """Return records of PC; under placebo all are below the limit of quantification."""
    if not case.person.is_randomised:
        return []
    curves = course(case.person.traits.weight_kg, own_deviations(case.draws))
    return [
        _reported(case, sample, true_value(case, sample, curves), rank) for rank, sample in enumerate(samples(case))
    ]


def true_value(case: Case, sample: Sample, curves: Course) -> float:
    """Concentration of a sample with assay and sampling error, ng/mL."""
    if not case.person.is_active:
        return 0.0
    is_plasma = sample.specimen == "PLASMA"
    taken = sample.visit.date * 24 + sample.minute / 60
    since = [taken - dose.date * 24 - dose.dose_minute / 60 for dose in case.doses]
    spread = fact("pk.variability")["plasma_residual" if is_plasma else "csf_residual"]
    same_visit = case.draws.normal(f"pc.{sample.specimen}.{sample.visit.number}")
    own = case.draws.normal(f"pc.{sample.specimen}.{sample.visit.number}.{sample.hours}")
    error = spread * clipped(0.8 * same_visit + 0.6 * own, -2.5, 2.5)
    return concentration(curves.plasma if is_plasma else curves.csf, case.person.dose, since) * math.exp(error)


def reported_text(value: float) -> str:
    """Concentration with three significant figures, or ``<0.5`` below the limit of quantification."""
    lloq = float(fact("pk.lloq_ng_ml"))
    if value < lloq:
        return f"<{lloq:g}"
    decimals = max(0, 2 - math.floor(math.log10(value)))
    return f"{float(f'{value:.2e}'):.{decimals}f}"


def _reported(case: Case, sample: Sample, value: float, rank: float) -> Record:
    text, visit = reported_text(value), sample.visit
    number: float | str = "" if text.startswith("<") else float(text)
    result = Result("TOFERSEN", "Tofersen", text, "ng/mL", text, number, "ng/mL")
    more: dict[str, Value] = {
        "PCCAT": "ANALYTE",
        "PCSPEC": sample.specimen,
        "PCNAM": "BIOANALYTICAL LABORATORY",
        "PCMETHOD": "HYBRIDIZATION ELISA",
        "PCLLOQ": float(fact("pk.lloq_ng_ml")),
        "PCREFID": f"{case.person.subjid}-{SPECIMENS[sample.specimen]}K{visit.number:g}-{rank:.0f}",
    }
    if sample.hours != "":
        hours = float(sample.hours)
        more.update(
            PCTPT=sample.label,
            PCTPTNUM=hours,
            PCELTM="PT0H" if hours == 0 else f"PT{hours:.0f}H",
            PCTPTREF=f"DOSE {number_of_dose(case, visit)}",
            PCRFTDTC=moment(visit.date, visit.dose_minute),
        )
    return finding(occasion(case, "pc", visit, sample.minute, "vendor"), result, rank, more)
