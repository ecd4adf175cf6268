"""The first cut of a draft: its name, cut-off date and purpose."""

from __future__ import annotations

from collections.abc import Iterator

from cutbook.drafting.decision import Confidence, Decision
from cutbook.parameters.project import NOT_A_CUT


def cut_id(transfer: str) -> str:
    """Return the name of the first cut: that of the transfer, unless a file of that name means something else."""
    return "cut1" if transfer in NOT_A_CUT else transfer


def decide_cut(study: str, transfer: str, latest: str, extracted: str) -> Iterator[Decision]:
    """Yield the values of the cut file.

    Parameters
    ----------
    study, transfer : str
        Their names.
    latest, extracted : str
        Last collected date and date of extraction, ISO 8601; empty where there is none.
    """
    yield Decision("cut.study", study, "the study", "")
    yield Decision("cut.cut_id", cut_id(transfer), "the name of the transfer", "")
    asked = "What is the cut-off date? What became known later is left out."
    rule = "the last collected date, else the day of extraction"
    day = latest[:10] or extracted
    found = f"last collected date {latest or 'none'}; extracted {extracted or 'on an unknown day'}"
    sureness: Confidence = "guess" if day else "unknown"
    yield Decision("cut.cutoff_date", day or None, rule, found, sureness, asked)
    yield Decision("cut.transfer", transfer, "the name of the folder", "")
    yield Decision("cut.previous_cut", "", "a first cut has none", "")
    yield Decision("cut.revision", 1, "a first one", "")
    asked = "Why is the cut made? Pages and mails show it."
    yield Decision("cut.purpose", "First reading", "nothing in the data tells it", "", "guess", asked)
    yield Decision("cut.status", "draft", "a first reading is no final one", "")
    yield Decision("cut.audience", "unblinded", "the class that is rendered", "")
