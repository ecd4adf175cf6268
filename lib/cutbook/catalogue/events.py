"""Displays of adverse events."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial

import pandas as pd

from cutbook.catalogue.kinds.absence import not_delivered, untold
from cutbook.catalogue.kinds.display import NOT_TOLD, SAFETY, Display
from cutbook.catalogue.kinds.layers import Count, CountBy, Heading, Records, Worst
from cutbook.catalogue.kinds.panels import Layer
from cutbook.catalogue.kinds.populations import TREATED
from cutbook.derive import Frames
from cutbook.parameters.study import AdverseEvents, Study
from cutbook.words import in_sentence, sentence_case

SERIOUSNESS = {
    "AESDTH": "Resulted in death",
    "AESLIFE": "Was life-threatening",
    "AESHOSP": "Required or prolonged hospitalisation",
    "AESDISAB": "Resulted in disability",
    "AESCONG": "Congenital anomaly",
    "AESMIE": "Other medically important event",
}
"""Criteria of seriousness (ICH E2A) by SDTM variable."""

Condition = Callable[[pd.DataFrame], pd.Series]
"""Records -> which of them meet it."""

STOPPED = ("DRUG WITHDRAWN",)
"""Actions taken with study drug that end it."""

_CHANGED = ("DOSE REDUCED", "DOSE INCREASED", "DRUG INTERRUPTED")
_ANY = "Any treatment-emergent event"
COUNT_NOTE = "Number of participants (%). A participant counts once in a row."
EVENT_NOTE = "Participants (%) [events]. A participant counts once in a row; % of N in the column heading."
_START = (
    "A missing start counts as treatment-emergent; a partial one as early as its known parts allow, but not before the "
    "first dose when they allow it."
)
_NOBODY = "A group without participants has N = 0 and NE for the percentage."
_SERIOUSNESS_NOTE = (
    "Criteria of seriousness are counted among events marked serious; others are listed under findings in the data."
)
PACKAGES = "teal.modules.clinical, forestly / metalite.ae, csrlite / rtflite"

_events_not_delivered = not_delivered("ae")
DEATHS_NOT_COLLECTED = "Deaths were not collected."
_deaths_untold = untold("adsl", "DTHFL")
_display = partial(Display, population=TREATED, source=("ADAE",), reports=(SAFETY,))
of_events = partial(_display, why_empty=lambda _, frames: _events_not_delivered(frames))
tells_event = partial(untold, "adae")
TOLD_EVENT, TOLD_SERIOUS = tells_event("", "ae"), tells_event("AESER", "ae")
_TOLD_FATAL, _TOLD_SEVERE = tells_event("FATALFL", "ae"), tells_event("AESEV", "ae")


def _treated_with(flag: str) -> Records:
    return lambda frames: frames.adae[frames.adae["SAFFL"].eq("Y") & frames.adae[flag].eq("Y")]


emergent = _treated_with("TRTEMFL")
"""Treatment-emergent events of treated participants."""


def that(is_counted: Condition, records: Records = emergent) -> Records:
    """Return the records that meet a condition, of treatment-emergent events where nothing else is said."""
    return lambda frames: records(frames).loc[is_counted]


def having(variable: str, *values: str) -> Condition:
    """Return a condition that no record meets where the variable was not collected."""
    return lambda events: events.reindex(columns=[variable])[variable].isin(values)


def _where(variable: str, *values: str, of: Records = emergent) -> Records:
    return that(having(variable, *values), of)


def _has(variable: str) -> Callable[[Frames], bool]:
    return lambda frames: variable in frames.adae


def is_severe(rules: AdverseEvents) -> Condition:
    """Return a condition that severe events meet: those of the worst severity, or of a grade from 3 on."""

    def is_met(events: pd.DataFrame) -> pd.Series:
        known = events.reindex(columns=["AESEV", "ASEVN"])
        number = pd.to_numeric(known["ASEVN"], errors="coerce")
        return known["AESEV"].eq(rules.severities[-1]) | number.ge(rules.severe_from)

    return is_met


def severe_words(rules: AdverseEvents) -> str:
    """Return what severe events are called."""
    if rules.is_graded:
        return f"Event of grade {rules.severe_from} or higher"
    return f"{rules.severity_words(rules.severities[-1])} event"


def _dead(frames: Frames) -> pd.DataFrame:
    return frames.adsl[frames.adsl["SAFFL"].eq("Y") & frames.adsl["DTHFL"].eq("Y")]


_DIED = Count("DTHFL", "Died on study, any cause", _dead, why=untold("adsl", "DTHFL"))
_event_row = partial(Count, has_events=True, is_compared=True, why=TOLD_EVENT)
_serious_row = partial(_event_row, why=TOLD_SERIOUS)
_action_row = partial(_event_row, why=tells_event("AEACN", "ae"))


def event_rows(study: Study) -> list[Count]:
    """Return the rows of the overview that count events."""
    rules = study.adverse_events
    serious = _where("AESER", "Y")
    return [
        _event_row("TEAE", _ANY, emergent),
        _event_row("SEVERE", severe_words(rules), that(is_severe(rules)), why=_TOLD_SEVERE),
        _event_row("RELATED", "Related to study drug", _where("AREL", "Y"), why=tells_event("AREL", "ae")),
        *(
            _event_row(flag.qnam, flag.label, _where(flag.qnam, "Y"), why=tells_event(flag.qnam, "ae", "suppae"))
            for flag in rules.flags
        ),
        _serious_row("SER", "Serious event", serious),
        *(
            _serious_row(name, words, _where(name, "Y", of=serious), indent=1, below="Serious", is_there=_has(name))
            for name, words in SERIOUSNESS.items()
        ),
        _action_row("DISCONT", "Led to discontinuation of study drug", _where("AEACN", *STOPPED)),
        _action_row("CHANGE", "Led to interruption or change of dose", _where("AEACN", *_CHANGED)),
        _event_row("FATAL", "Treatment-emergent event with fatal outcome", _where("FATALFL", "Y"), why=_TOLD_FATAL),
    ]


def outstanding_rows(study: Study) -> list[Count]:
    """Return the rows of the overview that a reader must not miss, participants alone."""
    rules = study.adverse_events
    changed = _where("AEACN", *STOPPED, *_CHANGED)
    return [
        replace(_DIED, words="Died (any cause)"),
        Count("SER", "Serious event", _where("AESER", "Y"), why=TOLD_SERIOUS),
        Count("SEVERE", severe_words(rules), that(is_severe(rules)), why=_TOLD_SEVERE),
        Count("RELATED", "Related to study drug", _where("AREL", "Y"), why=tells_event("AREL", "ae")),
        Count("ACTION", "Stopped or changed study drug", changed, why=tells_event("AEACN", "ae")),
    ]


def window_note(study: Study) -> str:
    """Return what counts as treatment-emergent."""
    days = study.adverse_events.teae_window_days
    end = "whenever by the cut-off" if days is None else f"up to {days} days after the last dose"
    return (
        f"Treatment-emergent: started on or after the first dose, {end}, or was there before and worsened where the "
        "severity before treatment is collected. A missing start counts as treatment-emergent; a partial start as "
        "early as its known parts allow, but not before the first dose when they allow it."
    )


def _nothing_of_events(_: Study, frames: Frames) -> str:
    """Return that neither events nor deaths came; empty where either did."""
    events = _events_not_delivered(frames)
    return f"{events} {DEATHS_NOT_COLLECTED}" if events and _deaths_untold(frames) else ""


overview = _display(
    id="T-D4",
    why_empty=_nothing_of_events,
    title="Overview of adverse events",
    question="How many had any, a severe, a related, a serious or a fatal event, and how many left because of one?",
    rows=lambda study: [*event_rows(study), replace(_DIED, is_compared=True)],
    order="Any event, severe, related, flags of the study file, serious with its criteria, led to discontinuation, "
    "led to interruption or change, fatal, died on study.",
    missing=f"{_START} Missing severity is not severe; missing relation is related only where the study file says so. "
    f"{NOT_TOLD} A criterion of seriousness that was not delivered has no row. {_NOBODY}",
    notes=lambda study: (
        EVENT_NOTE,
        window_note(study),
        _SERIOUSNESS_NOTE,
        "Deaths on study are counted from all sources, whenever they happened by the cut-off.",
    ),
    counterpart=f"TLG catalog AET01, FDA ST&F IG table 7, {PACKAGES}, clinDataReview",
    source=("ADAE", "ADSL"),
    is_key=True,
    participants=("adverse events", "T-D4"),
)


def _windows(study: Study) -> list[Layer]:
    layers: list[Layer] = []
    for window in (*map(str, study.adverse_events.sensitivity_windows_days), "ALL"):
        within, count = _treated_with(f"TEAE{window}"), partial(Count, level=window, indent=1)
        layers += [
            Heading("Whole study" if window == "ALL" else f"Up to {window} days after the last dose"),
            count("TEAE", "Any event", within),
            count("SER", "Serious event", _where("AESER", "Y", of=within), why=TOLD_SERIOUS),
            count("FATAL", "Event with fatal outcome", _where("FATALFL", "Y", of=within), why=_TOLD_FATAL),
        ]
    return layers


windows = of_events(
    id="T-D4S",
    title="Sensitivity of the overview to the treatment-emergent window",
    is_folded=True,
    question="Do the counts depend on how long after the last dose an event still counts?",
    rows=_windows,
    order="Windows as in the study file, the whole study last.",
    missing=f"{_START} {_NOBODY}",
    notes=(COUNT_NOTE, "Deaths on study are in the overview, whatever the window."),
)


def coded_events(frames: Frames) -> pd.DataFrame:
    """Return treatment-emergent events; one without a class or a term is not coded."""
    return emergent(frames).fillna(dict.fromkeys(("AEBODSYS", "AEDECOD"), "Not coded"))


def _terms(worst: Worst | None = None) -> list[Layer]:
    every = Count("ANY", _ANY, coded_events)
    by_term = CountBy(("AEBODSYS", "AEDECOD"), coded_events, words=sentence_case)
    layers = (every, replace(by_term, is_flat=worst is None))
    return [replace(layer, has_events=worst is None, worst=worst) for layer in layers]


ORDER_OF_TERMS = (
    "Classes, and terms within them, by falling number of participants in all arms together, ties alphabetically."
)

terms = of_events(
    id="T-D5",
    title="Treatment-emergent adverse events by system organ class and preferred term",
    question="Which events happened, and how often?",
    rows=lambda _: _terms(),
    order=f"Terms by falling difference from the control; closed below them {in_sentence(ORDER_OF_TERMS)}",
    missing=f"An event without a class or term counts under Not coded. {_START} {_NOBODY}",
    notes=lambda study: (EVENT_NOTE, window_note(study)),
    counterpart=f"TLG catalog AET02, FDA ST&F IG table 14, {PACKAGES}",
    stub="System organ class, preferred term",
    empty="No treatment-emergent adverse events by the cut-off.",
)


def _by_severity(study: Study) -> list[Layer]:
    rules = study.adverse_events
    levels = {severity: rules.severity_words(severity) for severity in rules.severities}
    return _terms(Worst("AESEV", levels, missing="Severity missing"))


severity = replace(
    terms,
    id="T-D6",
    title="Treatment-emergent adverse events by maximum severity",
    question="How severe was each event at its worst?",
    rows=_by_severity,
    order=f"{ORDER_OF_TERMS} Below each row the severities, the mildest first.",
    missing="A participant stands in the row of the most severe of the events that count there; one without a severity "
    f"in any of them stands under Severity missing. A severity that nobody has is left out. {_START} {_NOBODY}",
    notes=lambda study: (COUNT_NOTE, "Severity: the worst of a participant's events in the row.", window_note(study)),
    counterpart="TLG catalog AET03 and AET04, teal.modules.clinical",
    is_folded=True,
    anchors=(),
)


def _by_day(frames: Frames) -> pd.DataFrame:
    return _dead(frames).assign(DAY=lambda dead: dead["DTHDY"].map("{:.0f}".format, na_action="ignore").astype("str"))


deaths_by_day = _display(
    id="D9",
    title="Deaths of treated participants by study day",
    question="On which study day did participants die, for comparison with published numbers?",
    rows=lambda _: [_DIED, CountBy(("DAY",), _by_day, "DTHDY", words="Day {}".format, is_missing_shown=True)],
    order="All deaths, then study days ascending.",
    missing="A death whose study day is not known has the row Missing.",
    source=("ADSL",),
)


def _is_not_serious(events: pd.DataFrame) -> pd.Series:
    return ~having("AESER", "Y")(events)


def _either(variable: str, is_counted: Condition) -> CountBy:
    """Return one row a term, of all terms in both kinds, whether they occur in this one or not."""
    named = that(lambda events: events["AEDECOD"].notna())
    return CountBy(("AEDECOD",), that(is_counted, named), variable, rows_of=named, why=TOLD_SERIOUS)


serious_terms = of_events(
    id="D9S",
    title="Serious and non-serious treatment-emergent events by preferred term",
    question="How many had each term as a serious, and as another, event, for comparison with published numbers?",
    rows=lambda _: [_either("SERIOUS", having("AESER", "Y")), _either("NONSERIOUS", _is_not_serious)],
    order="Serious, then not serious; terms alphabetically. Somebody with both kinds of a term counts in both.",
    missing="An event without a term is left out; one not marked serious is not serious.",
)
