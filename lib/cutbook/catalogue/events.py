"""Displays of adverse events."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pandas as pd

from cutbook.catalogue.display import SAFETY, Display
from cutbook.catalogue.layers import Count, CountBy, Heading, PersonYears, Rate, Records, Worst
from cutbook.catalogue.panels import Layer
from cutbook.catalogue.populations import TREATED
from cutbook.derive import Frames
from cutbook.derive.exposure import days_at_risk
from cutbook.parameters.study import Study
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

STOPPED = ("DRUG WITHDRAWN",)
"""Actions taken with study drug that end it."""

_CHANGED = ("DOSE REDUCED", "DOSE INCREASED", "DRUG INTERRUPTED")
_ANY = "Any treatment-emergent event"
_NOT_CODED = "Not coded"
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


def _emergent(frames: Frames) -> pd.DataFrame:
    return frames.adae[frames.adae["SAFFL"].eq("Y") & frames.adae["TRTEMFL"].eq("Y")]


def _that(is_counted: Callable[[pd.DataFrame], pd.Series], records: Records = _emergent) -> Records:
    def chosen(frames: Frames) -> pd.DataFrame:
        events = records(frames)
        return events[is_counted(events)]

    return chosen


def having(variable: str, *values: str) -> Callable[[pd.DataFrame], pd.Series]:
    """Return a condition that no record meets where the variable was not collected."""

    def met(events: pd.DataFrame) -> pd.Series:
        return events[variable].isin(values) if variable in events else pd.Series(False, index=events.index)

    return met


def _serious_that(variable: str) -> Records:
    return _that(having(variable, "Y"), _that(having("AESER", "Y")))


def _has(variable: str, dataset: str = "adae") -> Callable[[Frames], bool]:
    return lambda frames: variable in getattr(frames, dataset)


def _was_action_collected(frames: Frames) -> bool:
    events = _emergent(frames)
    return "AEACN" in events and bool(events["AEACN"].notna().any())


def _dead(frames: Frames) -> pd.DataFrame:
    return frames.adsl[frames.adsl["SAFFL"].eq("Y") & frames.adsl["DTHFL"].eq("Y")]


def _event_row(variable: str, words: str, records: Records, **more: Any) -> Count:  # noqa: ANN401 - fields of Count
    return Count(variable=variable, words=words, records=records, has_events=True, is_compared=True, **more)


def _event_rows(study: Study) -> list[Count]:
    rules = study.adverse_events
    worst = rules.severities[-1]
    return [
        _event_row("TEAE", _ANY, _emergent),
        _event_row("SEVERE", f"{worst.capitalize()} event", _that(having("AESEV", worst))),
        _event_row("RELATED", "Related to study drug", _that(having("AREL", "Y"))),
        *(_event_row(flag.qnam, flag.label, _that(having(flag.qnam, "Y"))) for flag in rules.flags),
        _event_row("SER", "Serious event", _that(having("AESER", "Y"))),
        *(
            _event_row(variable, words, _serious_that(variable), indent=1, below="Serious", is_there=_has(variable))
            for variable, words in SERIOUSNESS.items()
        ),
        _event_row("DISCONT", "Led to discontinuation of study drug", _that(having("AEACN", *STOPPED)),
                   is_there=_was_action_collected),
        _event_row("CHANGE", "Led to interruption or change of dose", _that(having("AEACN", *_CHANGED)),
                   is_there=_was_action_collected),
        _event_row("FATAL", "Treatment-emergent event with fatal outcome", _that(having("FATALFL", "Y"))),
    ]  # fmt: skip


def _overview(study: Study) -> list[Layer]:
    return [
        *_event_rows(study),
        Count(variable="DTHFL", words="Died on study, any cause", records=_dead, is_compared=True),
    ]


def _window_note(study: Study) -> str:
    days = study.adverse_events.teae_window_days
    end = "whenever by the cut-off" if days is None else f"up to {days} days after the last dose"
    return (
        f"Treatment-emergent: started on or after the first dose, {end}, or was there before and worsened where the "
        "severity before treatment is collected. A missing "
        "start counts as treatment-emergent; a partial start as early as its known parts allow, but not before the "
        "first dose when they allow it."
    )


def _contrast_note(study: Study) -> tuple[str, ...]:
    control, active = study.treatment.control_arm, study.treatment.total_active
    if not control or not active:
        return ()
    return (
        (
            f"{active} − {control.label}: difference of percentages in percentage points with its 95 % confidence "
            "interval (Newcombe), not adjusted for multiplicity."
        ),
    )


overview = Display(
    id="T-D4",
    title="Overview of adverse events",
    question="How many had any, a severe, a related, a serious or a fatal event, and how many left because of one?",
    population=TREATED,
    rows=_overview,
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
    counterpart="TLG catalog AET01, FDA ST&F IG table 7, teal.modules.clinical, forestly / metalite.ae, csrlite / "
    "rtflite, clinDataReview",
    source=("ADAE", "ADSL"),
    reports=(SAFETY,),
    is_key=True,
    participants=("adverse events", "T-D4"),
)


def _within(window: str) -> Records:
    return lambda frames: frames.adae[frames.adae["SAFFL"].eq("Y") & frames.adae[f"TEAE{window}"].eq("Y")]


def _windows(study: Study) -> list[Layer]:
    layers: list[Layer] = []
    for window in (*map(str, study.adverse_events.sensitivity_windows_days), "ALL"):
        layers += [
            Heading("Whole study" if window == "ALL" else f"Up to {window} days after the last dose"),
            Count(variable="TEAE", level=window, words="Any event", records=_within(window), indent=1),
            Count(variable="SER", level=window, words="Serious event", indent=1,
                  records=_that(having("AESER", "Y"), _within(window))),
            Count(variable="FATAL", level=window, words="Event with fatal outcome", indent=1,
                  records=_that(having("FATALFL", "Y"), _within(window))),
        ]  # fmt: skip
    return layers


windows = Display(
    id="T-D4S",
    title="Sensitivity of the overview to the treatment-emergent window",
    question="Do the counts depend on how long after the last dose an event still counts?",
    population=TREATED,
    rows=_windows,
    order="Windows as in the study file, the whole study last.",
    missing=f"{_START} {_NOBODY}",
    notes=(_COUNT_NOTE, "Deaths on study are in the overview, whatever the window."),
    source=("ADAE",),
    reports=(SAFETY,),
)


def _coded(frames: Frames) -> pd.DataFrame:
    events = _emergent(frames)
    return events.assign(AEBODSYS=events["AEBODSYS"].fillna(_NOT_CODED), AEDECOD=events["AEDECOD"].fillna(_NOT_CODED))


def _terms(worst: Worst | None = None, *, has_events: bool = True) -> list[Layer]:
    return [
        Count(variable="ANY", words=_ANY, records=_coded, has_events=has_events, worst=worst),
        CountBy(by=("AEBODSYS", "AEDECOD"), records=_coded, order="frequency", words=sentence_case,
                has_events=has_events, is_order_kept=True, worst=worst),
    ]  # fmt: skip


_ORDER = "Classes, and terms within them, by falling number of participants in all arms together, ties alphabetically."
_STUB = "System organ class, preferred term"
_NONE = "No treatment-emergent adverse events by the cut-off."

terms = Display(
    id="T-D5",
    title="Treatment-emergent adverse events by system organ class and preferred term",
    question="Which events happened, and how often?",
    population=TREATED,
    rows=lambda _: _terms(),
    order=_ORDER,
    missing=f"An event without a class or term counts under Not coded. {_START} {_NOBODY}",
    notes=lambda study: (_EVENT_NOTE, _window_note(study)),
    counterpart="TLG catalog AET02, FDA ST&F IG table 14, teal.modules.clinical, forestly / metalite.ae, csrlite / "
    "rtflite",
    source=("ADAE",),
    reports=(SAFETY,),
    stub=_STUB,
    empty=_NONE,
)


def _by_severity(study: Study) -> list[Layer]:
    levels = {severity: severity.capitalize() for severity in study.adverse_events.severities}
    return _terms(Worst("AESEV", levels, missing="Severity missing"), has_events=False)


severity = Display(
    id="T-D6",
    title="Treatment-emergent adverse events by maximum severity",
    question="How severe was each event at its worst?",
    population=TREATED,
    rows=_by_severity,
    order=f"{_ORDER} Below each row the severities, the mildest first.",
    missing="A participant stands in the row of the most severe of the events that count there; one without a severity "
    f"in any of them stands under Severity missing. A severity that nobody has is left out. {_START} {_NOBODY}",
    notes=lambda study: (_COUNT_NOTE, "Severity: the worst of a participant's events in the row.", _window_note(study)),
    counterpart="TLG catalog AET03 and AET04, teal.modules.clinical",
    source=("ADAE",),
    reports=(SAFETY,),
    stub=_STUB,
    empty=_NONE,
    is_folded=True,
    anchors=(),
)

_YEARS_AT_RISK = "PYRISK"


def _rates(study: Study) -> list[Layer]:
    window = study.adverse_events.teae_window_days
    years = PersonYears(
        variable=_YEARS_AT_RISK,
        words="Person-years at risk",
        records=lambda frames: frames.adsl.assign(DAYS=days_at_risk(frames.adsl, window)),
    )
    return [years, *(Rate(of=row, years=years) for row in _event_rows(study))]


rates = Display(
    id="D12",
    title="Treatment-emergent adverse events per 100 person-years at risk",
    question="Do events grow faster than the time in which they can happen?",
    population=TREATED,
    rows=_rates,
    order="As in the overview; I2T shows the column of all participants.",
    missing="NE in a group without participants, and when the day of somebody's first dose, end of study or death is "
    "not known.",
    counterpart="TLG catalog AET05, FDA ST&F IG table 16, teal.modules.clinical, forestly / metalite.ae",
    source=("ADAE", "ADSL"),
    reports=(SAFETY,),
)


def _by_day(frames: Frames) -> pd.DataFrame:
    dead = _dead(frames).sort_values("DTHDY", kind="stable")
    return dead.assign(DAY=dead["DTHDY"].map("{:.0f}".format, na_action="ignore").astype("str"))


deaths_by_day = Display(
    id="D9",
    title="Deaths of treated participants by study day",
    question="On which study day did participants die, for comparison with published numbers?",
    population=TREATED,
    rows=lambda _: [
        Count(variable="DTHFL", words="Died on study, any cause", records=_dead),
        CountBy(by=("DAY",), variable="DTHDY", records=_by_day, order="occurrence", words="Day {}".format,
                is_missing_shown=True),
    ],
    order="All deaths, then study days ascending.",
    missing="A death whose study day is not known has the row Missing.",
    source=("ADSL",),
    reports=(SAFETY,),
)  # fmt: skip


def _is_not_serious(events: pd.DataFrame) -> pd.Series:
    return ~having("AESER", "Y")(events)


def _either(variable: str, is_counted: Callable[[pd.DataFrame], pd.Series]) -> CountBy:
    """Return one row a term, of all terms in both kinds, whether they occur in this one or not."""
    named = _that(lambda events: events["AEDECOD"].notna())
    return CountBy(by=("AEDECOD",), variable=variable, records=_that(is_counted, named), rows_of=named)


serious_terms = Display(
    id="D9S",
    title="Serious and non-serious treatment-emergent events by preferred term",
    question="How many had each term as a serious, and as another, event, for comparison with published numbers?",
    population=TREATED,
    rows=lambda _: [_either("SERIOUS", having("AESER", "Y")), _either("NONSERIOUS", _is_not_serious)],
    order="Serious, then not serious; terms alphabetically. Somebody with both kinds of a term counts in both.",
    missing="An event without a term is left out; one not marked serious is not serious.",
    source=("ADAE",),
    reports=(SAFETY,),
)
