"""Adverse events for the time in which they could happen."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

import pandas as pd

from cutbook.catalogue.events import event_rows, of_events, window_note
from cutbook.catalogue.kinds.display import NO_MARKS, NONE_KNOWN
from cutbook.catalogue.kinds.layers import PersonYears, Rate
from cutbook.catalogue.kinds.panels import FirstEvents, Layer, Moved, Shown
from cutbook.catalogue.moved import RULE
from cutbook.derive import Frames
from cutbook.derive.exposure import days_at_risk
from cutbook.parameters.study import Study

_FIRST = (
    "Participants with an event per 100 person-years from the first dose to the first such event, or to the end of "
    "the time at risk: the cut-off, the end of the study or death, whichever came first. Exact confidence interval "
    "(Garwood); that of the difference by the score method (Miettinen and Nurminen). A year has 365.25 days."
)
_ALL = (
    "Beside it all events per 100 person-years at risk: a participant's events are not independent, so without an "
    "interval."
)


def _people(frames: Frames, *, window: int | None) -> pd.DataFrame:
    """Return the participants with their DAYS at risk and the day of their first dose."""
    return frames.adsl.assign(DAYS=days_at_risk(frames.adsl, window))


def _rows(study: Study) -> list[Layer]:
    people = partial(_people, window=study.adverse_events.teae_window_days)
    years = PersonYears("PYRISK", "Person-years at risk", people)
    rows = event_rows(study)
    shown = tuple(row for row in rows if not row.indent)
    return [
        FirstEvents(counts=shown, people=people, columns=_columns(study)),
        years,
        *(Rate(of=row, years=years) for row in rows),
    ]


def _columns(study: Study) -> tuple[Shown, ...]:
    control, interval = study.treatment.control_arm, "(95 % CI)"
    against = (
        Shown(f"Difference from {control.label.lower()}", ("rate_diff", "rate_diff_low", "rate_diff_high"), "estimate",
              note=interval, is_contrast=True),
    ) if control and not control.is_active else ()  # fmt: skip
    return (
        Shown("Participants", ("n",), note="with an event"),
        Shown("Years", ("years",), note="to the first"),
        Shown("Per 100 years", ("first_rate", "first_rate_low", "first_rate_high"), "estimate", note=interval),
        *against,
        Shown("Events", ("events",)),
        Shown("Events", ("rate",), note="per 100 years at risk"),
    )


by_arm = of_events(
    id="T-D12",
    title="Treatment-emergent adverse events for the time at risk",
    question="Do events grow faster than the time in which they can happen, and faster than in the control?",
    rows=_rows,
    order="As in the overview; the arms in their order below each kind of event.",
    missing="NE in a group without participants, and when the day of somebody's first dose, first event, end of study "
    "or death is not known. An arm without participants is left out.",
    notes=lambda study: (_FIRST, _ALL, window_note(study)),
    counterpart="TLG catalog AET05, FDA ST&F IG table 16, teal.modules.clinical, forestly / metalite.ae",
    source=("ADAE", "ADSL"),
    stub="Event, arm",
    is_folded=True,
)


_FOLLOWED = ("SER",)
"""Kinds of events whose rate is followed from cut to cut: the serious ones."""


def _moved(study: Study) -> list[Moved]:
    """Return the rates of first events that are followed, with the datasets that they are made of."""
    datasets = ("adae", "adsl") if study.sources.model == "adam" else ("ae", "suppae", "ex", "dm", "ds")
    (table,) = (layer for layer in by_arm.rows(study) if isinstance(layer, FirstEvents))
    return [
        Moved(
            of=by_arm.key,
            layer=replace(table, counts=(count,)),
            variable=count.variable,
            statistics=("first_rate", "first_rate_low", "first_rate_high"),
            counted=count.variable,
            counted_words="Participants with an event",
            feeds=lambda _: tuple((name, {}) for name in datasets),
        )
        for count in table.counts
        if count.variable in _FOLLOWED
    ]


moved_rates = replace(
    by_arm,
    id="T-D12M",
    marks=NO_MARKS,
    title="Participants with a serious event per 100 person-years: what moved the answer",
    question="Which changed records of the past moved the rate of serious events of an arm since the previous cut?",
    rows=_moved,
    order="Arms as in the study file; a line a rate that moved. Records by how far they move it.",
    missing="Without a previous cut, or where it is not published here, a sentence says so; so it does where nothing "
    "moved.",
    notes=RULE,
    counterpart=NONE_KNOWN,
    source=("results of both cuts", "changes of the past"),
    stub="Rate of the arm",
    is_folded=False,
)
