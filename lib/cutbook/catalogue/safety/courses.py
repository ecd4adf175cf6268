"""Participants over time: their doses, how long they were followed, their events; and numbers that must agree."""

from __future__ import annotations

from functools import partial

import pandas as pd

from cutbook.catalogue.events import emergent
from cutbook.catalogue.kinds.absence import not_delivered
from cutbook.catalogue.kinds.display import NO_MARKS, PHARMACOKINETICS, SAFETY, Display
from cutbook.catalogue.kinds.panels import Comparison, Layer, Timeline
from cutbook.catalogue.kinds.populations import TREATED
from cutbook.derive import Frames
from cutbook.derive.exposure import last_days
from cutbook.parameters.study import Study

_display = partial(Display, population=TREATED, reports=(SAFETY,), marks=NO_MARKS)


def lanes(frames: Frames) -> pd.DataFrame:
    """Return the treated with the study days of their last dose and of the end of follow-up, in order of time."""
    people = frames.adsl[frames.adsl["SAFFL"].eq("Y")]
    days = {
        name: (day - people["TRTSDT"]).dt.days.astype("float64") + 1
        for name, day in (("LASTDY", last_days(people)), ("TREATEDDY", people["TRTEDT"]))
    }
    known = people.assign(**days, IS_DEAD=people["DTHFL"].eq("Y"))
    return known.sort_values(["LASTDY", "USUBJID"], kind="stable")


def _by_events(frames: Frames) -> pd.DataFrame:
    """Return the lanes of participants, those with the worst and then the most events first."""
    events = emergent(frames)
    worst = pd.to_numeric(events["ASEVN"], errors="coerce").groupby(events["USUBJID"]).max()
    number = events.groupby("USUBJID").size()
    people = lanes(frames)
    ranked = people.assign(
        WORST=people["USUBJID"].map(worst.to_dict()).astype("float64").fillna(0),
        EVENTS=people["USUBJID"].map(number.to_dict()).astype("float64").fillna(0),
    )
    return ranked.sort_values(
        ["IS_DEAD", "WORST", "EVENTS", "USUBJID"], ascending=[False, False, False, True], kind="stable"
    )


def _bars(frames: Frames) -> pd.DataFrame:
    events = emergent(frames)
    return events.assign(START=events["ASTDY"], END=events["AENDY"], LEVEL=events["AESEV"])


def _events(study: Study) -> list[Layer]:
    rules = study.adverse_events
    return [
        Timeline(
            lanes=_by_events,
            bars=_bars,
            levels={severity: rules.severity_words(severity) for severity in rules.severities},
        )
    ]


events_over_time = _display(
    id="F-D14",
    title="Adverse events over time: every participant",
    question="When did whose events begin and end, how severe were they, and what was their place among the doses?",
    rows=_events,
    order="One panel an arm; deaths, then the worst severity, then the number of events.",
    missing="An event whose day of onset is not known is not drawn, and the note says how many there are. One that is "
    "not over goes on to the end of follow-up.",
    counterpart="safetyGraphics, teal.modules.clinical, clinDataReview",
    source=("ADAE", "EX"),
    empty="Nobody was treated by the cut-off.",
    why_empty=lambda _, frames: not_delivered("ae")(frames),
    anchors=(),
)

doses_over_time = _display(
    id="F-D3L",
    title="Doses and follow-up of every participant",
    question="Who was dosed when, and who left early?",
    rows=lambda _: [Timeline(lanes=lanes)],
    reports=(SAFETY, PHARMACOKINETICS),
    order="One panel an arm; those followed for the shortest time first.",
    missing="Where the day of the end is not known the lane ends with the last dose.",
    counterpart="teal.modules.clinical, TLG catalog EXT01 (partly)",
    source=("EX", "ADSL"),
    empty="Nobody was treated by the cut-off.",
    anchors=(),
)

reconciliations = _display(
    id="T-I7",
    title="Numbers that must agree",
    is_folded=True,
    question="Do the tables of this report agree with each other, and deaths with every source?",
    rows=lambda _: [Comparison.RECONCILED],
    order="Participants, serious events, deaths by source, treatment-emergent among all events.",
    missing="What was not delivered or not collected has no row.",
    source=("results", "DM", "DS", "AE"),
    empty="Nothing to compare.",
)
