"""The SOD1 variant: GF."""

from __future__ import annotations

from .case import Case
from .facts import fact
from .record import Record, Value
from .visits import iso


def genetics(case: Case) -> list[Record]:
    """Return records of GF: the variant in the protein and in the coding DNA (HGVS, initiator methionine counted)."""
    visit = case.at(2)
    if visit is None:
        return []
    variant = case.person.traits.variant
    rows = (
        ("SHRTVAR", "Short Variation Assessment", variant),
        ("SNV", "Single Nucleotide Variation", _coding(variant)),
    )
    return [
        case.record("gf", case.person.consent, case.entered(visit, "form"), _values(case, row), rank)
        for rank, row in enumerate(rows)
    ]


def _coding(variant: str) -> str:
    return str(fact("genetics.coding_dna")[variant])


def _values(case: Case, row: tuple[str, str, str]) -> dict[str, Value]:
    code, name, value = row
    return {
        "GFTESTCD": code,
        "GFTEST": name,
        "GFORRES": value,
        "GFSTRESC": value,
        "GFGENSR": "SOD1",
        "GFMETHOD": "SEQUENCING",
        "GFSPEC": "BLOOD",
        "EPOCH": case.epoch(case.person.consent),
        "GFDTC": iso(case.person.consent),
        "GFDY": case.study_day(case.person.consent),
    }
