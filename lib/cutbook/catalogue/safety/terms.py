"""Displays of some adverse events by term: the common ones, the serious ones, those that ended treatment."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

import pandas as pd

from cutbook.catalogue import events
from cutbook.catalogue.events import (
    EVENT_NOTE,
    ORDER_OF_TERMS,
    PACKAGES,
    STOPPED,
    TOLD_SERIOUS,
    Condition,
    coded_events,
    having,
    tells_event,
    that,
    window_note,
)
from cutbook.catalogue.kinds.absence import Why
from cutbook.catalogue.kinds.layers import Count, CountBy
from cutbook.catalogue.kinds.panels import Layer
from cutbook.derive import Frames
from cutbook.parameters.study import Study
from cutbook.words import sentence_case


def _common(frames: Frames, *, study: Study) -> pd.DataFrame:
    """Return the events of terms that enough participants of an arm with a dose had."""
    emerged = coded_events(frames)
    active = [arm.label for arm in study.treatment.arms if arm.is_active]
    dosed = frames.adsl.loc[frames.adsl["TRT01A"].isin(active), ["USUBJID", "TRT01A"]]
    by_arm = emerged[["USUBJID", "AEDECOD"]].merge(dosed, on="USUBJID").groupby(["AEDECOD", "TRT01A"])
    most = by_arm["USUBJID"].nunique().groupby("AEDECOD").max()
    common = most.index[most.ge(study.adverse_events.common_from)]
    return emerged[emerged["AEDECOD"].isin(common)]


def _common_terms(study: Study) -> list[Layer]:
    records = partial(_common, study=study)
    return [CountBy(("AEDECOD",), records, words=sentence_case, order="frequency", has_events=True)]


def _common_note(study: Study) -> str:
    number = study.adverse_events.common_from
    return f"Common: {number} or more participants of at least one arm with a dose had it."


common = replace(
    events.terms,
    id="T-D8",
    title="Common treatment-emergent adverse events",
    question="Which events did more than single participants of a dose have?",
    rows=_common_terms,
    order="Terms by falling number of participants in all arms, ties alphabetically.",
    notes=lambda study: (EVENT_NOTE, _common_note(study), window_note(study)),
    counterpart="TLG catalog AET10, FDA ST&F IG table 15",
    stub="Preferred term",
    empty="No treatment-emergent adverse event is common by the cut-off.",
    is_folded=True,
    anchors=(),
)


def _some_terms(variable: str, words: str, is_counted: Condition, *, why: Why) -> list[Layer]:
    """Return the rows of the events that meet a condition: any, and by class and term."""
    records = that(is_counted, coded_events)
    every = Count(variable, words, records, has_events=True, why=why)
    return [every, CountBy(("AEBODSYS", "AEDECOD"), records, words=sentence_case, has_events=True, why=why)]


serious_by_term = replace(
    events.terms,
    id="T-D9T",
    title="Serious treatment-emergent adverse events by system organ class and preferred term",
    question="Which events were serious, and how often?",
    rows=lambda _: _some_terms("SER", "Any serious event", having("AESER", "Y"), why=TOLD_SERIOUS),
    order=ORDER_OF_TERMS,
    counterpart=f"TLG catalog AET02 (of serious events), FDA ST&F IG table 12, {PACKAGES}",
    empty="No treatment-emergent adverse event was serious by the cut-off.",
    is_folded=True,
    anchors=(),
)
stopping_by_term = replace(
    serious_by_term,
    id="T-D9X",
    title="Treatment-emergent adverse events that led to discontinuation of study drug",
    empty="No treatment-emergent adverse event led to discontinuation of study drug by the cut-off.",
    question="Which events ended treatment?",
    rows=lambda _: _some_terms(
        "DISCONT", "Any event that led to discontinuation", having("AEACN", *STOPPED), why=tells_event("AEACN", "ae")
    ),
    counterpart=f"TLG catalog AET02 (of such events), FDA ST&F IG table 39, {PACKAGES}",
)
