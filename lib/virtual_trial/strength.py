"""Hand-held dynamometry: MK."""

from __future__ import annotations

import math
from typing import NamedTuple

from .case import Case
from .facts import fact
from .findings import finding, measured, occasion
from .record import Record
from .stream import clipped, rounded
from .visits import Visit

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


class Muscle(NamedTuple):
    """One muscle of a participant: ``usual`` strength in kg without weakness of its own, ``own`` factor on it."""

    code: str
    name: str
    place: str
    side: str
    usual: float
    own: float


def strength(case: Case) -> list[Record]:
    """Return records of MK: the better of two trials of sixteen muscles, kg."""
    found: list[Record] = []
    muscles = _muscles(case)
    for visit in case.visits:
        if visit.has("M"):
            when, course = occasion(case, "mk", visit, visit.dose_minute - 45), _course(case, visit)
            for rank, muscle in enumerate(muscles):
                noise = 0.05 * case.draws.normal(f"strength.{muscle.place}.{muscle.side}.{visit.number}")
                value = rounded(max(0.0, muscle.usual * (muscle.own + course + noise)), 1)
                more = {"MKLOC": muscle.place, "MKLAT": muscle.side, "MKMETHOD": "DYNAMOMETRY"}
                found.append(finding(when, measured(muscle.code, muscle.name, value, 1, "kg"), rank, more))
    return found


def _muscles(case: Case) -> list[Muscle]:
    """Return the sixteen muscles of a participant."""
    draws = case.draws
    size = (0.66 if case.person.traits.sex == "F" else 1.0) * math.exp(0.16 * draws.normal("strength"))
    return [
        Muscle(
            code=code,
            name=name,
            place=place,
            side=side,
            usual=usual * _region(case, region) * size,
            own=math.exp(0.18 * draws.normal(f"strength.{place}.{side}")),
        )
        for code, name, place, usual, region in MUSCLES
        for side in SIDES
    ]


def _region(case: Case, region: str) -> float:
    """Strength left in a region before treatment, as a share of the usual."""
    lost = (48 - case.person.traits.alsfrs) / 26
    return clipped(1 - lost * (1.35 if region == case.person.traits.onset_site else 0.7), 0.1, 1.0)


def _course(case: Case, visit: Visit) -> float:
    """Change of strength since day 1 at a visit, as a share of the usual."""
    change = fact("strength.day_85_change")[case.person.arm] + 0.12 * case.draws.trait("strength.course")
    return float(SPREAD * change * (visit.date - case.person.day1) / 84.0)
