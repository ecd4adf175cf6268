"""Displays of adverse events."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial

import pandas as pd

from cutbook.catalogue.kinds.display import SAFETY, Display
from cutbook.catalogue.kinds.layers import Count, CountBy, Heading, PersonYears, Rate, Records, Worst
from cutbook.catalogue.kinds.panels import Layer
from cutbook.catalogue.kinds.populations import TREATED
from cutbook.derive import Frames
from cutbook.derive.exposure import days_at_risk
from cutbook.parameters.study import AdverseEvents, Study
from cutbook.words import sentence_case

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
_COUNT_NOTE = "Number of participants (%). A participant counts once in a row."
_EVENT_NOTE = "Participants (%) [events]. A participant counts once in a row; % of N in the column heading."
_START = (
    "A missing start counts as treatment-emergent; a partial one as early as its known parts allow, but not before the "
    "first dose when they allow it."
)
_NOBODY = "A group without participants has N = 0 and NE for the percentage."
_SERIOUSNESS_NOTE = (
    "Criteria of seriousness are counted among events marked serious; others are listed under findings in the data."
)
_PACKAGES = "teal.modules.clinical, forestly / metalite.ae, csrlite / rtflite"

_display = partial(Display, population=TREATED, source=("ADAE",), reports=(SAFETY,))


def _treated_with(flag: str) -> Records:
    return lambda frames: frames.adae[frames.adae["SAFFL"].eq("Y") & frames.adae[flag].eq("Y")]


_emergent = _treated_with("TRTEMFL")


def _that(is_counted: Condition, records: Records = _emergent) -> Records:
    return lambda frames: records(frames).loc[is_counted]


def having(variable: str, *values: str) -> Condition:
    """Return a condition that no record meets where the variable was not collected."""
    return lambda events: events.reindex(columns=[variable])[variable].isin(values)


def _where(variable: str, *values: str, of: Records = _emergent) -> Records:
    return _that(having(variable, *values), of)


def _has(variable: str) -> Callable[[Frames], bool]:
    return lambda frames: variable in frames.adae


def _was_action_collected(frames: Frames) -> bool:
    return bool(_emergent(frames).reindex(columns=["AEACN"])["AEACN"].notna().any())


def was_collected(variable: str, frames: Frames) -> bool:
    """Return whether any event has a value of a variable, or there is no event."""
    return frames.adae.empty or bool(frames.adae.reindex(columns=[variable])[variable].notna().any())


def _is_severe(rules: AdverseEvents) -> Condition:
    """Return a condition that severe events meet: those of the worst severity, or of a grade from 3 on."""

    def is_met(events: pd.DataFrame) -> pd.Series:
        known = events.reindex(columns=["AESEV", "ASEVN"])
        number = pd.to_numeric(known["ASEVN"], errors="coerce")
        return known["AESEV"].eq(rules.severities[-1]) | number.ge(rules.severe_from)

    return is_met


def _severe_words(rules: AdverseEvents) -> str:
    if rules.is_graded:
        return f"Event of grade {rules.severe_from} or higher"
    return f"{rules.severity_words(rules.severities[-1])} event"


def _dead(frames: Frames) -> pd.DataFrame:
    return frames.adsl[frames.adsl["SAFFL"].eq("Y") & frames.adsl["DTHFL"].eq("Y")]


_DIED = Count("DTHFL", "Died on study, any cause", _dead)
_event_row = partial(Count, has_events=True, is_compared=True)
_action_row = partial(_event_row, is_there=_was_action_collected)


def _event_rows(study: Study) -> list[Count]:
    rules = study.adverse_events
    serious = _where("AESER", "Y")
    return [
        _event_row("TEAE", _ANY, _emergent),
        _event_row("SEVERE", _severe_words(rules), _that(_is_severe(rules)), is_there=partial(was_collected, "AESEV")),
        _event_row("RELATED", "Related to study drug", _where("AREL", "Y")),
        *(_event_row(flag.qnam, flag.label, _where(flag.qnam, "Y")) for flag in rules.flags),
        _event_row("SER", "Serious event", serious),
        *(
            _event_row(name, words, _where(name, "Y", of=serious), indent=1, below="Serious", is_there=_has(name))
            for name, words in SERIOUSNESS.items()
        ),
        _action_row("DISCONT", "Led to discontinuation of study drug", _where("AEACN", *STOPPED)),
        _action_row("CHANGE", "Led to interruption or change of dose", _where("AEACN", *_CHANGED)),
        _event_row("FATAL", "Treatment-emergent event with fatal outcome", _where("FATALFL", "Y")),
    ]


def _window_note(study: Study) -> str:
    days = study.adverse_events.teae_window_days
    end = "whenever by the cut-off" if days is None else f"up to {days} days after the last dose"
    return (
        f"Treatment-emergent: started on or after the first dose, {end}, or was there before and worsened where the "
        "severity before treatment is collected. A missing start counts as treatment-emergent; a partial start as "
        "early as its known parts allow, but not before the first dose when they allow it."
    )


def _contrast_note(study: Study) -> tuple[str, ...]:
    control, active = study.treatment.control_arm, study.treatment.total_active
    if not control or not active:
        return ()
    percentages = f"{active} − {control.label}: difference of percentages in percentage points with its 95 % confidence"
    return (f"{percentages} interval (Newcombe), not adjusted for multiplicity.",)


overview = _display(
    id="T-D4",
    title="Overview of adverse events",
    question="How many had any, a severe, a related, a serious or a fatal event, and how many left because of one?",
    rows=lambda study: [*_event_rows(study), replace(_DIED, is_compared=True)],
    order="Any event, severe, related, flags of the study file, serious with its criteria, led to discontinuation, "
    "led to interruption or change, fatal, died on study.",
    missing=f"{_START} Missing severity is not severe; missing relation is related only where the study file says so. "
    f"Where no action was collected its rows are absent. {_NOBODY}",
    notes=lambda study: (
        _EVENT_NOTE,
        _window_note(study),
        *_contrast_note(study),
        _SERIOUSNESS_NOTE,
        "Deaths on study are counted from all sources, whenever they happened by the cut-off.",
    ),
    counterpart=f"TLG catalog AET01, FDA ST&F IG table 7, {_PACKAGES}, clinDataReview",
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
            count("SER", "Serious event", _where("AESER", "Y", of=within)),
            count("FATAL", "Event with fatal outcome", _where("FATALFL", "Y", of=within)),
        ]
    return layers


windows = _display(
    id="T-D4S",
    title="Sensitivity of the overview to the treatment-emergent window",
    question="Do the counts depend on how long after the last dose an event still counts?",
    rows=_windows,
    order="Windows as in the study file, the whole study last.",
    missing=f"{_START} {_NOBODY}",
    notes=(_COUNT_NOTE, "Deaths on study are in the overview, whatever the window."),
)


def _coded(frames: Frames) -> pd.DataFrame:
    return _emergent(frames).fillna(dict.fromkeys(("AEBODSYS", "AEDECOD"), "Not coded"))


def _terms(worst: Worst | None = None) -> list[Layer]:
    every = Count("ANY", _ANY, _coded)
    by_term = CountBy(("AEBODSYS", "AEDECOD"), _coded, words=sentence_case)
    return [replace(layer, has_events=worst is None, worst=worst) for layer in (every, by_term)]


_ORDER = "Classes, and terms within them, by falling number of participants in all arms together, ties alphabetically."

terms = _display(
    id="T-D5",
    title="Treatment-emergent adverse events by system organ class and preferred term",
    question="Which events happened, and how often?",
    rows=lambda _: _terms(),
    order=_ORDER,
    missing=f"An event without a class or term counts under Not coded. {_START} {_NOBODY}",
    notes=lambda study: (_EVENT_NOTE, _window_note(study)),
    counterpart=f"TLG catalog AET02, FDA ST&F IG table 14, {_PACKAGES}",
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
    order=f"{_ORDER} Below each row the severities, the mildest first.",
    missing="A participant stands in the row of the most severe of the events that count there; one without a severity "
    f"in any of them stands under Severity missing. A severity that nobody has is left out. {_START} {_NOBODY}",
    notes=lambda study: (_COUNT_NOTE, "Severity: the worst of a participant's events in the row.", _window_note(study)),
    counterpart="TLG catalog AET03 and AET04, teal.modules.clinical",
    is_folded=True,
    anchors=(),
)


def _rates(study: Study) -> list[Layer]:
    window = study.adverse_events.teae_window_days
    years = PersonYears(
        "PYRISK", "Person-years at risk", lambda frames: frames.adsl.assign(DAYS=days_at_risk(frames.adsl, window))
    )
    return [years, *(Rate(of=row, years=years) for row in _event_rows(study))]


rates = _display(
    id="D12",
    title="Treatment-emergent adverse events per 100 person-years at risk",
    question="Do events grow faster than the time in which they can happen?",
    rows=_rates,
    order="As in the overview; I2T shows the column of all participants.",
    missing="NE in a group without participants, and when the day of somebody's first dose, end of study or death is "
    "not known.",
    counterpart="TLG catalog AET05, FDA ST&F IG table 16, teal.modules.clinical, forestly / metalite.ae",
    source=("ADAE", "ADSL"),
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
    named = _that(lambda events: events["AEDECOD"].notna())
    return CountBy(("AEDECOD",), _that(is_counted, named), variable, rows_of=named)


serious_terms = _display(
    id="D9S",
    title="Serious and non-serious treatment-emergent events by preferred term",
    question="How many had each term as a serious, and as another, event, for comparison with published numbers?",
    rows=lambda _: [_either("SERIOUS", having("AESER", "Y")), _either("NONSERIOUS", _is_not_serious)],
    order="Serious, then not serious; terms alphabetically. Somebody with both kinds of a term counts in both.",
    missing="An event without a term is left out; one not marked serious is not serious.",
)
