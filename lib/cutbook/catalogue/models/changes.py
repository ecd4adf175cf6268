"""Displays of everybody's change at the visit that is analysed, and of who has no value there, and why."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import partial

import pandas as pd

from cutbook.catalogue import endpoints
from cutbook.catalogue.kinds.display import EFFICACY, NO_MARKS, Display
from cutbook.catalogue.kinds.layers import Count
from cutbook.catalogue.kinds.measured.points import Waterfall
from cutbook.catalogue.kinds.panels import Layer
from cutbook.catalogue.kinds.populations import TREATED, population_of
from cutbook.catalogue.models import wording
from cutbook.catalogue.models.ancova import at_visit, visit_of
from cutbook.derive import Frames
from cutbook.parameters.study import Analysis, Endpoint, Study

_BETTER = {"higher": "Higher values are better.", "lower": "Lower values are better.", "neither": ""}


def _compared(study: Study) -> Iterator[tuple[Endpoint, Analysis]]:
    """Yield the endpoints whose arms are compared at one visit."""
    for endpoint in study.endpoints:
        if endpoint.analysis:
            yield endpoint, endpoint.analysis


def _changes(frames: Frames, *, endpoint: Endpoint, visit: str) -> pd.DataFrame:
    """Return everybody's observed change at a visit, in percent where the endpoint is a ratio to baseline."""
    own = at_visit(frames, endpoint=endpoint, visit=visit)
    observed = own[own["DTYPE"].isna() & own["CHG"].notna()]
    change = 100 * (observed["CHG"] - 1) if wording.is_ratio(endpoint) else observed["CHG"]
    return observed.assign(VALUE=change.astype("float64"))


def _waterfall(study: Study, endpoint: Endpoint, analysis: Analysis) -> Waterfall:
    code, words = visit_of(study, endpoint, analysis.visit)
    unit = "%" if wording.is_ratio(endpoint) else endpoint.unit
    up = f"change from baseline{f', {unit}' if unit else ''}"
    return Waterfall(
        title=f"{endpoint.label} at {words}: every participant",
        population=population_of(endpoint.population),
        why_empty=partial(endpoints.without_values, endpoint),
        notes=tuple(filter(None, (_BETTER[endpoint.better],))),
        empty=f"No change from baseline at {words} by the cut-off.",
        parameter=endpoint.paramcd,
        values=partial(_changes, endpoint=endpoint, visit=code),
        up=up,
    )


everybody = Display(
    id="F-F2W-{endpoint}",
    title="{endpoint} at {visit}: every participant",
    question="Is the change at the visit of analysis that of all participants of an arm, or of a few?",
    whom=endpoints.OWN_POPULATION,
    rows=lambda study: [_waterfall(study, endpoint, analysis) for endpoint, analysis in _compared(study)],
    order="One figure an endpoint whose arms are compared; one panel an arm, participants by their change.",
    missing="Observed values alone: a carried value is not drawn. Without baseline or value nobody is.",
    counterpart="TLG catalog (generic waterfall)",
    source=("ADEFF",),
    reports=(EFFICACY,),
    empty="Not named in the study file: an endpoint whose arms are compared at one visit.",
    is_folded=True,
    anchors=(),
    marks=NO_MARKS,
    compares_arms=True,
)


def _with_reason(frames: Frames, *, study: Study, endpoint: Endpoint, visit: str) -> pd.DataFrame:
    """Return the treated of an endpoint's population with STATE, why they have no value at a visit, or that they do."""
    name = f"state of {endpoint.paramcd} at {visit}"
    return frames.once(name, lambda: _states(frames, study, endpoint, visit))


VALUE, NO_BASELINE, DIED, LEFT, NOT_DUE, MISSED, UNPLANNED = (
    "VALUE", "NOBASELINE", "DIED", "LEFT", "NOTDUE", "MISSED", "UNPLANNED"
)  # fmt: skip
"""States of a participant at a visit."""

_SAID = {
    VALUE: "Observed, with a baseline",
    NO_BASELINE: "Observed, without a baseline",
    DIED: "No value: died before",
    LEFT: "No value: left the study before",
    NOT_DUE: "No value: not due by the cut-off",
    MISSED: "No value: in the study",
    UNPLANNED: "No value: the day of the visit is not known",
}


def _states(frames: Frames, study: Study, endpoint: Endpoint, visit: str) -> pd.DataFrame:
    people = population_of(endpoint.population).members(frames.adsl)
    people = people[people["SAFFL"].eq("Y")]
    own = at_visit(frames, endpoint=endpoint, visit=visit)
    observed = own[own["DTYPE"].isna() & own["AVAL"].notna()]
    has_value = people["USUBJID"].isin(observed["USUBJID"])
    has_change = people["USUBJID"].isin(observed.loc[observed["CHG"].notna(), "USUBJID"])
    planned = study.schedules[endpoint.schedule].visit(visit)
    days = own["ADY"].dropna()
    day = float(days.median()) if len(days) else float("nan")
    if planned is not None and planned.target_day is not None:
        day = float(planned.target_day)
    due = people["TRTSDT"] + pd.to_timedelta(day - 1, unit="D")
    is_dead = people["DTHFL"].eq("Y")
    rules = [
        (has_change, VALUE),
        (has_value, NO_BASELINE),
        (pd.Series(day != day, index=people.index), UNPLANNED),
        (is_dead & ~(people["DTHDT"] > due), DIED),
        (people["EOSDT"].le(due) & ~is_dead, LEFT),
        (due.gt(people["DCUTDT"]), NOT_DUE),
    ]
    state = pd.Series(MISSED, index=people.index, dtype="str")
    for applies, name in reversed(rules):
        state = state.mask(applies.astype("bool"), name)
    return people.assign(STATE=state)


def _in_state(frames: Frames, *, state: str, study: Study, endpoint: Endpoint, visit: str) -> pd.DataFrame:
    people = _with_reason(frames, study=study, endpoint=endpoint, visit=visit)
    return people[people["STATE"].eq(state)] if state else people


def _anybody(frames: Frames, *, state: str, study: Study, endpoint: Endpoint, visit: str) -> bool:
    return len(_in_state(frames, state=state, study=study, endpoint=endpoint, visit=visit)) > 0


def _looked_at(study: Study) -> Iterator[tuple[Endpoint, str, str]]:
    """Yield the endpoints with a model, each with the visit of its analysis, else the last one of its model."""
    for endpoint in study.endpoints:
        visits = study.schedules[endpoint.schedule].visits
        if endpoint.analysis:
            yield (endpoint, *visit_of(study, endpoint, endpoint.analysis.visit))
        elif endpoint.repeated and endpoint.repeated.visits:
            yield (endpoint, *visit_of(study, endpoint, endpoint.repeated.visits[-1]))
        elif (endpoint.repeated or endpoint.slope) and visits:
            yield endpoint, visits[-1].code, visits[-1].label


def _missing(study: Study) -> list[Layer]:
    rows: list[Layer] = []
    for endpoint, code, words in _looked_at(study):
        in_state = partial(_in_state, study=study, endpoint=endpoint, visit=code)
        anybody = partial(_anybody, study=study, endpoint=endpoint, visit=code)
        name, below = f"EXPECTED_{endpoint.paramcd}", f"{endpoint.label} at {words}"
        rows.append(Count(name, below, partial(in_state, state="")))
        for state, said in _SAID.items():
            records, is_there = partial(in_state, state=state), partial(anybody, state=state)
            variable = f"{state}_{endpoint.paramcd}"
            rows.append(Count(variable, said, records, of_those=name, indent=1, below=below, is_there=is_there))
    return rows


missing = replace(
    everybody,
    id="T-F10",
    title="Values at the visit that is analysed, and why there is none",
    question="Who is missing where the arms are compared, and why?",
    population=TREATED,
    whom="Treated participants of the population that the study file names for the endpoint, as treated",
    rows=_missing,
    order="Endpoints with a model, as in the study file, at the visit of analysis, else at the last one of the model. "
    "A reason that nobody has is no row.",
    missing="The first reason that applies counts: died, or left the study, on or before the day of the visit; that "
    "day lies after the cut-off; else the value is missing although the participant was in the study.",
    empty="Not named in the study file: an endpoint with a model.",
    notes="n/N (%): N of the endpoint's population. The day of the visit is its planned one, else the median of those "
    "seen. Who died on a day that is not known counts as having died before. Carried values are none here.",
    counterpart="FDA ST&F IG figure 5, TLG catalog RBMI (partly)",
    source=("ADEFF", "ADSL"),
    anchors=("n",),
    compares_arms=True,
)
