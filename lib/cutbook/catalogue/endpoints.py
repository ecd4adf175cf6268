"""Displays of the endpoints: courses, and values by visit."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial

import pandas as pd

from cutbook.catalogue.kinds.absence import not_delivered
from cutbook.catalogue.kinds.display import EFFICACY, Display
from cutbook.catalogue.kinds.panels import ByVisit, Course, Layer, Shown
from cutbook.catalogue.kinds.populations import population_of
from cutbook.catalogue.measurements import (
    CHANGE,
    COLUMNS,
    MEANS,
    NOTE_OF_CHANGE,
    RATIO,
    VALUE,
    by_visit,
    note_of_baselines,
)
from cutbook.derive import Frames
from cutbook.parameters.study import Endpoint, Study
from cutbook.vocabulary import COUNTS_CHANGE

_GEOMETRIC = ("n", "median", "min", "max", "geomean", "geocv", "geo_ci_low", "geo_ci_high")
_RATIO_COLUMNS = (
    Shown("n", ("n",), variable=VALUE),
    Shown("Geo. mean", ("geomean",), "if_any", VALUE),
    Shown("Geo. CV %", ("geocv",), "if_any", VALUE),
    Shown("Median", ("median",), "if_any", VALUE),
    Shown("Min, max", ("min", "max"), "span", VALUE),
    Shown("n", ("n",), variable=RATIO, counts=COUNTS_CHANGE),
    Shown("Geo. mean ratio", ("geomean",), "if_any", RATIO),
    Shown("95 % CI", ("ci_low", "ci_high"), "interval", RATIO),
)
_RATIO_DECIMALS = 1
_BETTER = {"higher": "Higher values are better.", "lower": "Lower values are better.", "neither": ""}
_NOTE_OF_RATIO = "Ratio to the participant's own baseline; geometric mean with 95 % CI (t on logarithms)."
_LOCF = "Last earlier post-baseline value carried forward to a visit without one (LOCF)."
OWN_POPULATION = "The population that the study file names for the endpoint, by actual arm."
_CARRIED = (
    "Where the study file asks for it, the last earlier post-baseline value is carried to a visit without one (LOCF); "
    "otherwise observed cases."
)

_display = partial(Display, whom=OWN_POPULATION, source=("ADEFF", "ADSL"), reports=(EFFICACY,))


def _is_ratio(endpoint: Endpoint) -> bool:
    return endpoint.scale == "ratio"


def _named(endpoint: Endpoint) -> str:
    return f"{endpoint.label} ({endpoint.unit})" if endpoint.unit else endpoint.label


def _values(frames: Frames, *, endpoint: Endpoint) -> pd.DataFrame:
    bds = frames.adeff[frames.adeff["PARAMCD"].eq(endpoint.paramcd)]
    long = by_visit(bds, RATIO if _is_ratio(endpoint) else CHANGE)
    decimals = long["variable"].map({VALUE: endpoint.decimals, CHANGE: endpoint.decimals, RATIO: _RATIO_DECIMALS})
    return long.assign(decimals=decimals, TEXT_DECIMALS=long["decimals"], parameter_words=endpoint.label)


def without_values(endpoint: Endpoint, frames: Frames) -> str:
    """Return the sentence that says that the dataset of an endpoint did not come; empty where it did."""
    return not_delivered(endpoint.dataset.removeprefix("ad"))(frames)


def table_of(study: Study, endpoint: Endpoint) -> ByVisit:
    """Return the table of values by visit of an endpoint."""
    is_ratio = _is_ratio(endpoint)
    notes = (
        _BETTER[endpoint.better],
        _LOCF if endpoint.imputation == "locf" else "Observed cases.",
        _NOTE_OF_RATIO if is_ratio else NOTE_OF_CHANGE,
        *note_of_baselines(study, [endpoint]),
    )
    return ByVisit(
        title=f"{_named(endpoint)} by visit",
        population=population_of(endpoint.population),
        why_empty=partial(without_values, endpoint),
        notes=tuple(filter(None, notes)),
        parameter=endpoint.paramcd,
        is_whole=is_ratio,
        records=partial(_values, endpoint=endpoint),
        columns=_RATIO_COLUMNS if is_ratio else COLUMNS,
        statistics=_GEOMETRIC if is_ratio else MEANS,
    )


def _each(layer: Callable[[Study, Endpoint], Layer], *, is_ratio: bool) -> Callable[[Study], list[Layer]]:
    return lambda study: [layer(study, endpoint) for endpoint in study.endpoints if _is_ratio(endpoint) == is_ratio]


def leading(study: Study) -> Endpoint | None:
    """Return the first endpoint whose arms are compared; its course stands on the first screen."""
    return next((endpoint for endpoint in study.endpoints if endpoint.analysis), None)


def _courses(*, is_ratio: bool, is_leading: bool) -> Callable[[Study], list[Layer]]:
    return lambda study: [
        _course(study, endpoint)
        for endpoint in study.endpoints
        if _is_ratio(endpoint) == is_ratio and (endpoint is leading(study)) == is_leading and endpoint.has_course
    ]


def _led_alone(study: Study, _: Frames, *, is_ratio: bool) -> str:
    """Return where the only course of a kind stands; empty where there are others, or none."""
    own = [endpoint for endpoint in study.endpoints if _is_ratio(endpoint) == is_ratio]
    return f"On the first screen: {own[0].label}." if own == [leading(study)] else ""


def _led_by_another(study: Study, _: Frames, *, is_ratio: bool) -> str:
    first = leading(study)
    is_own = first is not None and _is_ratio(first) == is_ratio
    return "" if is_own else "Not on the first screen: no endpoint of this kind is the first that is compared."


def course_of(endpoint: Endpoint) -> tuple[tuple[str, str], ...]:
    """Return the variables that can show the course of an endpoint with their words; the first that anybody has does.

    The change, or the ratio, from baseline; the value itself where nobody has a baseline, as with an impression of
    change.
    """
    if _is_ratio(endpoint):
        return (RATIO, "geometric mean ratio to baseline"), (VALUE, "geometric mean")
    return (CHANGE, "mean change from baseline"), (VALUE, "mean value")


def _observed(frames: Frames, *, endpoint: Endpoint) -> pd.DataFrame:
    """Return the observed values of an endpoint's population, dated, in order of time.

    Those after the first dose that no visit has, unscheduled or not chosen for it, are without AVISITID.
    """
    bds, members = frames.adeff, population_of(endpoint.population).members(frames.adsl)
    is_chosen = bds["ANL01FL"].eq("Y")
    is_more = bds["APOBLFL"].eq("Y") & bds.reindex(columns=["IS_USABLE"])["IS_USABLE"].eq(True)
    is_shown = bds["PARAMCD"].eq(endpoint.paramcd) & (is_chosen | is_more) & bds["AVAL"].notna()
    is_shown &= bds["DTYPE"].isna() & bds["ADY"].notna() & bds["TRT01AN"].notna()
    own = bds[is_shown & bds["USUBJID"].isin(members["USUBJID"])]
    visits = own["AVISITID"].where(is_chosen.reindex(own.index))
    return own.assign(AVISITID=visits).sort_values(["USUBJID", "ADY"], kind="stable")


def _course(_: Study, endpoint: Endpoint) -> Course:
    return Course(
        title=f"{endpoint.label}: {{what}}, and every participant's course",
        population=population_of(endpoint.population),
        why_empty=partial(without_values, endpoint),
        variables=course_of(endpoint),
        parameter=endpoint.paramcd,
        drawn=partial(_observed, endpoint=endpoint),
        is_ratio=_is_ratio(endpoint),
        is_carried=endpoint.imputation == "locf",
        axis=_named(endpoint),
        empty="No values after baseline by the cut-off.",
    )


ratios = _display(
    id="T-F2-{endpoint}",
    title="{endpoint}{ (unit)} by visit",
    is_folded=True,
    question="By what factor does the marker change from each participant's own baseline?",
    rows=_each(table_of, is_ratio=True),
    order="Endpoints as in the study file; visits as scheduled; arms below each visit.",
    missing=f"{_CARRIED} A ratio needs both values above 0. A value of 0 leaves its group no geometric mean, and one "
    "value no interval: NE.",
    counterpart="TLG catalog CFBT (generic)",
    empty="Not named in the study file: an endpoint of this kind.",
    is_key=True,
    participants=("course of {parameter}", "T-{key}-{parameter}"),
    anchors=("geomean", "mean"),
)
changes = replace(
    ratios,
    id="T-F4-{endpoint}",
    question="How does the score change from each participant's own baseline?",
    rows=_each(table_of, is_ratio=False),
    missing=f"{_CARRIED} Change needs a value before treatment and one at the visit. One value has no SD: NE. Change "
    "is left out for an endpoint without a baseline.",
    counterpart="TLG catalog MMRMT01 and the R package mmrm show the change too, with a model that is not fitted here",
)
ratio_courses = replace(
    ratios,
    id="F-F2-{endpoint}",
    is_folded=False,
    title="{endpoint}: {geometric mean ratio to baseline}, and every participant's course",
    question="Do the arms part over time, and is that so in every participant?",
    rows=_courses(is_ratio=True, is_leading=False),
    why_empty=partial(_led_alone, is_ratio=True),
    order="One figure an endpoint; arms as in the study file.",
    missing="Carried values enter the means alone, never a participant's course. Without values after baseline a "
    "sentence says so.",
    source=("ADEFF",),
)
change_courses = replace(
    ratio_courses,
    id="F-F4-{endpoint}",
    title="{endpoint}: {mean change from baseline}, and every participant's course",
    rows=_courses(is_ratio=False, is_leading=False),
    why_empty=partial(_led_alone, is_ratio=False),
    counterpart=changes.counterpart,
)
leading_ratio_course = replace(
    ratio_courses,
    title="{first compared endpoint}: {geometric mean ratio to baseline}, and every participant's course",
    rows=_courses(is_ratio=True, is_leading=True),
    why_empty=partial(_led_by_another, is_ratio=True),
    order="The first endpoint whose arms are compared, on the first screen; arms as in the study file.",
)
leading_change_course = replace(
    change_courses,
    title="{first compared endpoint}: {mean change from baseline}, and every participant's course",
    rows=_courses(is_ratio=False, is_leading=True),
    why_empty=partial(_led_by_another, is_ratio=False),
    order=leading_ratio_course.order,
)
