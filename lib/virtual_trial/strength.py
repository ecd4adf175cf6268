"""Hand-held dynamometry: MK."""

from __future__ import annotations

import math

from virtual_trial.case import Case
from virtual_trial.facts import fact
from virtual_trial.findings import Moment, finding, measured
from virtual_trial.record import Record
from virtual_trial.stream import clipped, rounded
from virtual_trial.visits import Visit

MUSCLES = (
    ("ISOMSFL", "Isometric Strength, Flexion", "SHOULDER", 17.0, "UPPER LIMB"),
    ("ISOMSFL", "Isometric Strength, Flexion", "ELBOW", 21.0, "UPPER LIMB"),
    ("ISOMSEXT", "Isometric Strength, Extension", "ELBOW", 14.0, "UPPER LIMB"),
    ("ISOMSEXT", "Isometric Strength, Extension", "WRIST", 12.0, "UPPER LIMB"),
    ("ISOMSABD", "Isometric Strength, Abduction", "FIRST DORSAL INTEROSSEOUS MUSCLE", 4.5, "UPPER LIMB"),
    ("ISOMSFL", "Isometric Strength, Flexion", "HIP", 22.0, "LOWER LIMB"),
    ("ISOMSEXT", "Isometric Strength, Extension", "KNEE", 29.0, "LOWER LIMB"),
    ("ISOMSDOR", "Isometric Strength, Dorsiflexion", "ANKLE", 19.0, "LOWER LIMB"),
)
SIDES = ("LEFT", "RIGHT")
SPREAD = 0.45
"""Baseline SD of a muscle as a share of its mean: turns a change of the megascore into kilograms."""


def strength(case: Case) -> list[Record]:
    """Return records of MK: the better of two trials of sixteen muscles, kg."""
    found: list[Record] = []
    for visit in case.visits:
        if visit.has("M"):
            for rank, (code, name, place, usual, region) in enumerate(MUSCLES):
                for side, lateral in enumerate(SIDES):
                    value = _kilograms(case, visit, place, lateral, usual * _region(case, region))
                    result = measured(code, name, value, 1, "kg")
                    when = Moment(visit, visit.dose_minute - 45, 2 * rank + side, "form")
                    more = {"MKLOC": place, "MKLAT": lateral, "MKMETHOD": "DYNAMOMETRY"}
                    found.append(finding(case, "mk", result, when, dict(more)))
    return found


def _region(case: Case, region: str) -> float:
    """Strength left in a region before treatment, as a share of the usual."""
    lost = (48 - case.person.traits.alsfrs) / 26
    return clipped(1 - lost * (1.35 if region == case.person.traits.onset_site else 0.7), 0.1, 1.0)


def _kilograms(case: Case, visit: Visit, place: str, side: str, usual: float) -> float:
    draws, person = case.draws, case.person
    size = (0.66 if person.traits.sex == "F" else 1.0) * math.exp(0.16 * draws.trait("strength"))
    own = math.exp(0.18 * draws.trait(f"strength.{place}.{side}"))
    change = fact("strength.day_85_change")[person.arm] + 0.12 * draws.trait("strength.course")
    course = SPREAD * change * (visit.date - person.day1) / 84.0
    noise = 0.05 * draws.normal(f"strength.{place}.{side}.{visit.number}")
    return rounded(max(0.0, usual * size * (own + course + noise)), 1)
