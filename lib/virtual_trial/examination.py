"""Physical examination (PE) and what was asked about headaches (FA)."""

from __future__ import annotations

from collections.abc import Sequence

from .case import Case
from .findings import finding, occasion, worded
from .record import Record, Value

SYSTEMS = (
    ("NEURO", "Neurological", 1.0),
    ("CARDIO", "Cardiovascular", 0.04),
    ("RESP", "Respiratory", 0.08),
    ("SKIN", "Skin", 0.06),
)
VISITS = (1.0, 3.0, 11.0, 17.0)
HEADACHES = ("Headache", "Post lumbar puncture syndrome")


def examination(case: Case) -> list[Record]:
    """Return records of PE; the neurological examination is abnormal in ALS."""
    if not case.person.is_randomised:
        return []
    found = []
    for visit in case.visits:
        if visit.number in VISITS:
            when = occasion(case, "pe", visit, visit.dose_minute - 70)
            for rank, (code, name, share) in enumerate(SYSTEMS):
                text = "ABNORMAL" if case.draws.chance(f"pe.{code}", share) else "NORMAL"
                found.append(finding(when, worded(code, name, text), rank))
    return found


def about_headaches(case: Case, events: Sequence[Record]) -> list[Record]:
    """Return records of FA: whether a headache depends on posture."""
    found = []
    for event in events:
        term = str(event.values["AEDECOD"])
        if term in HEADACHES:
            chance = 0.95 if term != "Headache" else 0.3
            text = "Y" if case.draws.chance(f"postural.{event.values['AESEQ']}", chance) else "N"
            values: dict[str, Value] = {
                "FATESTCD": "POSTURAL",
                "FATEST": "Postural Component",
                "FAOBJ": term,
                "FAORRES": text,
                "FASTRESC": text,
                "EPOCH": event.values["EPOCH"],
                "FADTC": str(event.values["AESTDTC"])[:10],
                "FADY": event.values["AESTDY"],
            }
            found.append(case.record("fa", int(event.order[0]), event.entered, values, event.order[1]))
    return found
