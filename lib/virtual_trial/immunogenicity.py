"""Antidrug antibodies: IS."""

from __future__ import annotations

from .case import Case
from .findings import Result, finding, occasion, worded
from .record import Record, Value
from .visits import Visit

TEST = ("ADA_BAB", "Binding Antidrug Antibody")


def immunogenicity(case: Case) -> list[Record]:
    """Return records of IS: presence of antibodies in plasma and, where present, their titre."""
    found: list[Record] = []
    for visit in case.visits:
        if visit.has("I"):
            titre = antibody_titre(case, visit)
            words = "POSITIVE" if titre else "NEGATIVE"
            found.append(_record(case, visit, "SCREENING ASSAY", worded(*TEST, words)))
            if titre:
                result = Result(*TEST, f"1:{titre}", "", f"{titre}", float(titre), "")
                found.append(_record(case, visit, "TITER", result))
    return found


def antibody_titre(case: Case, visit: Visit) -> int:
    """Reciprocal titre at a visit, 20 to 160; 0 without antibodies."""
    from_visit = case.share.antibodies_from
    if not from_visit or visit.number < from_visit:
        return 0
    doublings = case.draws.whole("ada", 0, 2) + (1 if visit.number > from_visit else 0)
    return int(20 * 2**doublings)


def _record(case: Case, visit: Visit, category: str, result: Result) -> Record:
    more: dict[str, Value] = {
        "ISBDAGNT": "TOFERSEN",
        "ISCAT": category,
        "ISSPEC": "PLASMA",
        "ISNAM": "BIOANALYTICAL LABORATORY",
    }
    rank = 1 if category == "TITER" else 0
    when = occasion(case, "is", visit, visit.dose_minute - 22, "vendor")
    return finding(when, result, rank, more)
