"""Adverse events of special interest, each anchored to the last procedure before it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial

import pandas as pd

from cutbook.catalogue.events import EVENT_NOTE, STOPPED, Condition, having, of_events, that, window_note
from cutbook.catalogue.kinds.absence import untold
from cutbook.catalogue.kinds.layers import Count, Records, Summary, Worst
from cutbook.catalogue.kinds.panels import Layer
from cutbook.catalogue.safety.occasions import column, procedure_words
from cutbook.derive import Frames
from cutbook.parameters.study import Interest, Study
from cutbook.records import meets

_RECOVERED = ("RECOVERED/RESOLVED", "RECOVERED/RESOLVED WITH SEQUELAE")


def is_of(interest: Interest) -> Condition:
    """Return a condition that the events of a special interest meet."""
    return lambda events: meets(events, interest.where)


def _and(first: Condition, second: Condition) -> Condition:
    return lambda events: first(events) & second(events)


def _any_of(records: Records) -> Callable[[Frames], bool]:
    return lambda frames: len(records(frames)) > 0


def _again(frames: Frames, *, of: Records) -> pd.DataFrame:
    """Return the events of participants who had several."""
    events = of(frames)
    return events[events.duplicated("USUBJID", keep=False)]


def _all_over(frames: Frames, *, of: Records) -> pd.DataFrame:
    """Return the events of participants all of whose events are over."""
    events = of(frames)
    is_over = events["AEOUT"].isin(_RECOVERED).groupby(events["USUBJID"]).transform("all")
    return events[is_over]


def _firsts(frames: Frames, *, of: Records, value: str) -> pd.DataFrame:
    """Return the first event of every participant with a number, as AVAL: days to onset, or days that it lasted."""
    events = of(frames).assign(AVAL=lambda some: column(some, value)).dropna(subset=["AVAL"])
    return events.sort_values(["USUBJID", "ASTDT"], kind="stable").drop_duplicates("USUBJID")


def _of_one(study: Study, interest: Interest) -> list[Layer]:
    own, rules = that(is_of(interest)), study.adverse_events
    levels = {severity: rules.severity_words(severity) for severity in rules.severities}
    below = partial(Count, indent=1, is_there=_any_of(own), below=interest.label)
    procedure = study.procedure
    rows = [
        Count(
            interest.id, interest.label, own, has_events=True, bounds_zero=True, is_compared=True,
            worst=Worst("AESEV", levels, missing="Severity missing"), why=untold("adae", "", "ae"),
        ),
        _row(below, interest, "SER", "Serious", having("AESER", "Y"), untold("adae", "AESER", "ae")),
        _row(below, interest, "DRUG", "Related to study drug", having("AREL", "Y"), untold("adae", "AREL", "ae")),
    ]  # fmt: skip
    if procedure and procedure.related:
        told = untold("adae", procedure.related, "ae", "suppae")
        rows.append(
            _row(below, interest, "PROC", f"Related to {procedure.label}", having(procedure.related, "Y"), told)
        )
    rows += [
        _row(
            below,
            interest,
            "STOP",
            "Led to discontinuation of study drug",
            having("AEACN", *STOPPED),
            untold("adae", "AEACN", "ae"),
        ),
        below(f"{interest.id}_AGAIN", "More than one event", partial(_again, of=own)),
        below(
            f"{interest.id}_OVER",
            "All events resolved",
            partial(_all_over, of=own),
            of_those=interest.id,
            why=untold("adae", "AEOUT", "ae"),
        ),
    ]
    times = [
        Summary(
            f"{interest.id}_ONSET",
            f"Days from the last {procedure_words(study)} to onset",
            partial(_firsts, of=own, value="APROCDY"),
            "days",
            is_brief=True,
        ),
        Summary(
            f"{interest.id}_DAYS",
            "Days that the event lasted",
            partial(_firsts, of=own, value="ADURN"),
            "days",
            is_brief=True,
        ),
    ]
    return [*rows, *(replace(one, is_there=_any_of(own)) for one in times)]


def _row(row: Callable[..., Count], interest: Interest, code: str, words: str, also: Condition, told: object) -> Count:
    return row(f"{interest.id}_{code}", words, that(_and(is_of(interest), also)), has_events=True, why=told)


def _times_note(study: Study) -> str:
    return (
        f"Days to onset: from the last {procedure_words(study)} before it (0: the same day); days that it lasted: both "
        "ends counted. Of a participant's first event; median (minimum to maximum)."
    )


def _terms(study: Study) -> tuple[str, ...]:
    named = [
        f"{item.label}: {', '.join(value for values in item.where.values() for value in values)}"
        for item in study.adverse_events.interest
    ]
    return (f"{'; '.join(named)}.",) if named else ()


special = of_events(
    id="T-D10",
    title="Adverse events of special interest",
    question="Who had an event that is feared of this drug or its procedure, how bad, how soon, and did it pass?",
    rows=lambda study: [layer for item in study.adverse_events.interest for layer in _of_one(study, item)],
    order="As in the study file; below each its worst severity, serious, related, led to discontinuation, repeated, "
    "resolved, days to onset, days that it lasted. What nobody had has one row.",
    missing="An event whose day of onset is not known is in no number of days; one that is not over in no duration.",
    notes=lambda study: (
        f"{EVENT_NOTE} Beside 0: upper limit of the two-sided 95 % confidence interval (Clopper–Pearson).",
        _times_note(study),
        *_terms(study),
        window_note(study),
    ),
    counterpart="TLG catalog AET01_AESI (partly), FDA ST&F IG table 18 (partly)",
    stub="Event of special interest",
    empty="Not named in the study file: an event of special interest.",
)
