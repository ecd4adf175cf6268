"""What was done: injections as collected (EC) and procedures (PR)."""

from __future__ import annotations

from collections.abc import Mapping

from .case import Case
from .exposure import dose_moments, puncture_level
from .facts import fact
from .record import Record, Value
from .visits import FAILED_PUNCTURES, iso, moment

RESPIRATORY_INSUFFICIENCY, SWALLOWING = 11, 2


def collected_doses(case: Case) -> list[Record]:
    """Return records of EC: every injection, and every attempt that failed the day before."""
    found = []
    for rank, visit in enumerate(case.doses):
        start, end = dose_moments(visit)
        values: dict[str, Value] = {
            **case.placed(visit),
            "ECTRT": "STUDY DRUG",
            "ECPRESP": "Y",
            "ECOCCUR": "Y",
            "ECVAMT": float(fact("dose_volume_ml")),
            "ECVAMTU": "mL",
            **case.dated("ec", start, end),
        }
        found.append(case.record("ec", visit.date, case.entered(visit, "phone"), values, rank))
        if (case.person.copy, case.person.slot, visit.number) in FAILED_PUNCTURES:
            failed: dict[str, Value] = {
                **case.placed(visit),
                "ECTRT": "STUDY DRUG",
                "ECPRESP": "Y",
                "ECOCCUR": "N",
                "ECREASOC": "LUMBAR PUNCTURE FAILED",
                **case.dated("ec", iso(visit.date - 1), iso(visit.date - 1)),
            }
            found.append(case.record("ec", visit.date - 1, case.entered(visit, "phone"), failed, rank))
    return found


def procedures(case: Case, scores: Mapping[float, list[int]]) -> list[Record]:
    """Return records of PR: lumbar punctures with level and needle, gastrostomy, non-invasive ventilation.

    Parameters
    ----------
    case : Case
        The participant.
    scores : mapping
        Scores of the ALSFRS-R items by visit number; low ones bring the support.
    """
    found = []
    for visit in case.visits:
        if visit.has("L"):
            start = moment(visit.date, visit.dose_minute - 12)
            gauge = case.draws.weighted(f"gauge.{visit.number}", ("22 G", "24 G", "25 G"), (4, 4, 2))
            tip = case.draws.weighted(f"tip.{visit.number}", ("ATRAUMATIC", "CUTTING"), (85, 15))
            values: dict[str, Value] = {
                **case.placed(visit),
                "PRTRT": "LUMBAR PUNCTURE",
                "PRDECOD": "LUMBAR PUNCTURE",
                "PRCAT": "STUDY PROCEDURE",
                "PRSCAT": f"{gauge} {tip} NEEDLE",
                "PRLOC": puncture_level(case, visit),
                "EPOCH": case.epoch_at(visit, visit.dose_minute - 12),
                **case.dated("pr", start, moment(visit.date, visit.dose_minute + 6)),
            }
            found.append(case.record("pr", visit.date, case.entered(visit, "form"), values, visit.number))
    return [*found, *_supports(case, scores)]


def _supports(case: Case, scores: Mapping[float, list[int]]) -> list[Record]:
    if not case.person.is_randomised:
        return []
    found = []
    for name, item, limit in (
        ("NON-INVASIVE VENTILATION", RESPIRATORY_INSUFFICIENCY, 2),
        ("GASTROSTOMY", SWALLOWING, 1),
    ):
        visit = next((v for v in case.visits if v.number in scores and scores[v.number][item] <= limit), None)
        if visit is not None:
            values: dict[str, Value] = {
                "PRTRT": name,
                "PRDECOD": name,
                "PRCAT": "SUPPORTIVE CARE",
                "EPOCH": case.epoch(visit.date),
                **case.dated("pr", iso(visit.date)[:7], ""),
            }
            found.append(case.record("pr", visit.date, case.entered(visit, "form"), values, 50 + item))
    return found
