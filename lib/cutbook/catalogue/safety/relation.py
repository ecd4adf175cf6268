"""Adverse events by their relation to study drug and to the procedure of the study, both at once."""

from __future__ import annotations

from functools import partial

import pandas as pd

from cutbook.catalogue.events import EVENT_NOTE, emergent, of_events, that, window_note
from cutbook.catalogue.kinds.absence import untold
from cutbook.catalogue.kinds.layers import Count, Heading
from cutbook.catalogue.kinds.panels import Layer
from cutbook.derive import Frames
from cutbook.parameters.study import Study

_SUMS = (
    "The numbers of events of the four pairs, and of those with a missing relation, add up to all events; those of "
    "participants do not, for somebody can stand in several."
)
_TOLD_DRUG = untold("adae", "AREL", "ae")


def is_judged(events: pd.DataFrame) -> pd.Series:
    """Return which events have a relation to study drug that counts, one collected or one the study file gives."""
    return events["AREL"].eq("Y") | events.reindex(columns=["AEREL"])["AEREL"].notna()


def _drug(events: pd.DataFrame, *, to_drug: bool) -> pd.Series:
    return is_judged(events) & events["AREL"].eq("Y" if to_drug else "N")


def _both(events: pd.DataFrame, *, to_drug: bool, flag: str, to_procedure: str) -> pd.Series:
    return _drug(events, to_drug=to_drug) & events[flag].eq(to_procedure)


def _unjudged(events: pd.DataFrame) -> pd.Series:
    return ~is_judged(events)


def _has_unjudged(frames: Frames) -> bool:
    return len(that(_unjudged)(frames)) > 0


def _rows(study: Study) -> list[Layer]:
    procedure, row = study.procedure, partial(Count, has_events=True, indent=1, why=_TOLD_DRUG)
    if procedure is None or procedure.related is None:
        return []
    flag, label = procedure.related, procedure.label
    rows: list[Layer] = [
        Count("TEAE", "Any treatment-emergent event", emergent, has_events=True, why=untold("adae", "", "ae"))
    ]
    for code, words, to_drug in (
        ("DRUG", "Related to study drug", True),
        ("NOTDRUG", "Not related to study drug", False),
    ):
        pair = partial(_both, to_drug=to_drug, flag=flag)
        told = untold("adae", flag, "ae", "suppae")
        rows += [
            Heading(words),
            row(code, "All", that(partial(_drug, to_drug=to_drug)), below=words),
            row(code, f"Related to {label}", that(partial(pair, to_procedure="Y")), level="Y", below=words, why=told),
            row(
                code, f"Not related to {label}", that(partial(pair, to_procedure="N")), level="N", below=words, why=told
            ),
        ]
    missing = Count(
        "NODRUG", "Relation to study drug missing", that(_unjudged), has_events=True, is_there=_has_unjudged
    )
    return [*rows, missing]


two_way = of_events(
    id="T-D7",
    title="Treatment-emergent adverse events by relation to study drug and to the procedure",
    is_folded=True,
    question="Are events ascribed to the drug, to the procedure by which it is given, to both, or to neither?",
    rows=_rows,
    order="Related to study drug, not related; below each related and not related to the procedure; missing last.",
    missing="An event whose relation to study drug is missing stands in a row of its own, unless the study file counts "
    "it as related; one without a relation to the procedure counts as not related to it.",
    notes=lambda study: (
        EVENT_NOTE,
        _SUMS,
        window_note(study),
    ),
    counterpart="TLG catalog AET09 (partly)",
    empty="Not named in the study file: a procedure to which events are judged to be related.",
)
