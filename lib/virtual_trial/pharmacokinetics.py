"""Concentrations after repeated intrathecal boluses: four compartments, solved exactly."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from .facts import fact
from .stream import Stream, clipped

REFERENCE_KG = 15.2
NG_PER_ML = 1000.0


@dataclass(frozen=True, slots=True)
class Course:
    """Response to one milligram as a sum of exponentials: concentration = sum of weight x exp(-rate x hours), ng/mL."""

    csf: tuple[tuple[float, float], ...]
    plasma: tuple[tuple[float, float], ...]


def _rates(out: float, into: float, back: float) -> tuple[float, float]:
    """Rates of a pair of compartments: ``out`` leaves the first, of which ``into`` reaches the second."""
    total = out + back
    root = math.sqrt(total * total - 4 * (out - into) * back)
    return (total + root) / 2, (total - root) / 2


def own_deviations(draws: Stream) -> dict[str, float]:
    """Return how a participant's parameters deviate from the typical ones, on the log scale."""
    spread = fact("pk.variability")
    names = ("cl_plasma", "cl_csf", "v_csf", "v_plasma")
    return {name: spread[name] * clipped(draws.normal(f"pk.{name}"), -2, 2) for name in names}


def course(weight_kg: float, deviations: Mapping[str, float]) -> Course:
    """Return the course of one participant: cerebrospinal fluid to tissue and plasma, plasma to tissue and out.

    Parameters
    ----------
    weight_kg : float
        Body weight; clearances and volumes are allometric.
    deviations : mapping of str to float
        Deviations of ``cl_plasma``, ``cl_csf``, ``v_csf``, ``v_plasma`` from typical, log scale; absent ones are 0.

    Returns
    -------
    Course
        Superpose it over the doses: the system is linear.

    Notes
    -----
    Structure and plasma parameters: Luu et al., J Clin Pharmacol 2017 (nusinersen).
    """
    p, size = fact("pk.model"), weight_kg / REFERENCE_KG

    def varied(name: str) -> float:
        return float(p[name]) * math.exp(deviations.get(name, 0.0))

    csf_volume = varied("v_csf") * size**0.596
    plasma_volume = varied("v_plasma") * (1 + 0.047 * (weight_kg - REFERENCE_KG))
    drain = varied("cl_csf") / csf_volume
    to_cns, from_cns = p["q_csf"] / csf_volume, p["q_csf"] / p["v_cns"]
    to_tissue, from_tissue = p["q_plasma"] / plasma_volume, p["q_plasma"] / p["v_tissue"]
    cleared = varied("cl_plasma") * size**0.689 / plasma_volume
    fast, slow = _rates(drain + to_cns, to_cns, from_cns)
    amounts = (((fast - from_cns) / (fast - slow), fast), ((from_cns - slow) / (fast - slow), slow))
    quick, late = _rates(cleared + to_tissue, to_tissue, from_tissue)
    kernel = (((quick - from_tissue) / (quick - late), quick), ((from_tissue - late) / (quick - late), late))
    terms = []
    for weight, rate in amounts:
        for share, removal in kernel:
            factor = drain * weight * share / (removal - rate)
            terms += [(NG_PER_ML * factor / plasma_volume, rate), (-NG_PER_ML * factor / plasma_volume, removal)]
    return Course(tuple((NG_PER_ML * weight / csf_volume, rate) for weight, rate in amounts), tuple(terms))


def concentration(terms: Sequence[tuple[float, float]], dose_mg: float, hours_since: Sequence[float]) -> float:
    """Concentration, ng/mL, at a moment that lies ``hours_since`` after each dose (negative: a later dose)."""
    return dose_mg * sum(
        weight * math.exp(-rate * hours) for hours in hours_since if hours > 0 for weight, rate in terms
    )
