"""Adverse events: what counts as related, how severe an event can be, and until when it is treatment-emergent."""

from __future__ import annotations

import re
from collections.abc import Iterator

from cutbook.drafting.decision import Decision, Value
from cutbook.drafting.evidence import Evidence, counted, tally
from cutbook.parameters.study.analyses import AdverseEvents

_NOT_RELATED = re.compile(r"\b(NOT|NONE|NO|UNLIKELY|REMOTE|UNRELATED|N)\b", re.IGNORECASE)
_WHERE_NONE_CAME = ["RELATED", "POSSIBLY RELATED", "PROBABLY RELATED"]
_ORDERS = (
    ("MILD", "MODERATE", "SEVERE"),
    ("MILD", "MODERATE", "SEVERE", "LIFE THREATENING", "FATAL"),
    ("MILD", "MODERATE", "SEVERE", "LIFE-THREATENING", "FATAL"),
    ("1", "2", "3", "4", "5"),
    ("GRADE 1", "GRADE 2", "GRADE 3", "GRADE 4", "GRADE 5"),
)
"""Known orders of severities and grades, from the least."""


def decide_adverse_events(evidence: Evidence) -> Iterator[Decision]:
    """Yield the section ``adverse_events``."""
    yield _related(evidence)
    yield _not_related(evidence)
    yield _severities(evidence)
    rule = "nothing in the data tells it"
    asked = "Until when is an event treatment-emergent: end of study, or so many days after the last dose (28 days)?"
    has_events = "ae" in evidence.datasets
    yield Decision(
        "adverse_events.until", "end of study", rule, "no rule was delivered",
        "guess" if has_events else "likely", asked if has_events else "",
    )  # fmt: skip


def _related(evidence: Evidence) -> Decision:
    key, rule = "adverse_events.related", "AEREL that do not say not, none, unlikely or remote"
    counts = tally(evidence.text("ae", "AEREL"))
    if not counts:
        return Decision(key, list(_WHERE_NONE_CAME), rule, "no AEREL delivered: the usual words", "likely")
    related: list[Value] = [name for name in counts if not _NOT_RELATED.search(name)]
    asked = f"Which values of AEREL count as related? There are {counted(counts)}."
    return Decision(key, related or list(_WHERE_NONE_CAME), rule, counted(counts), "guess", asked)


def _not_related(evidence: Evidence) -> Decision:
    """Return which values deny a relation, where the usual list lacks one of them."""
    found = [name for name in tally(evidence.text("ae", "AEREL")) if _NOT_RELATED.search(name)]
    usual = {name.upper() for name in AdverseEvents(related=[]).not_related}
    value: list[Value] | None = [*found] if {name.upper() for name in found} - usual else None
    rule = "AEREL that say not, none, unlikely or remote"
    return Decision("adverse_events.not_related", value, rule, ", ".join(found) or "none")


def _severities(evidence: Evidence) -> Decision:
    key, rule = "adverse_events.severities", "known orders of AESEV or AETOXGR"
    found = {name: tally(evidence.text("ae", name)) for name in ("AESEV", "AETOXGR")}
    counts = found["AESEV"] or found["AETOXGR"]
    said = {name.upper() for name in counts}
    order = next((known for known in _ORDERS if said <= set(known)), None)
    if order in (None, _ORDERS[0]):
        if order or not counts:
            return Decision(key, None, rule, counted(counts) or "none delivered")
        asked = f"What is the order of {', '.join(counts)}, from the least to the most severe?"
        return Decision(key, list(counts), rule, counted(counts), "guess", asked)
    spelt = {name.upper(): name for name in counts}
    return Decision(key, [spelt.get(name, name) for name in order or ()], rule, counted(counts))
