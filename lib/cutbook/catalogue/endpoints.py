"""Displays of the endpoints: courses, by visit, and the comparison of the arms."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial

import pandas as pd

from cutbook.catalogue.kinds.display import EFFICACY, Display
from cutbook.catalogue.kinds.panels import ByVisit, Course, Layer, Model, Shown
from cutbook.catalogue.kinds.populations import population_of
from cutbook.catalogue.measurements import CHANGE, COLUMNS, MEANS, NOTE_OF_CHANGE, RATIO, VALUE, by_visit
from cutbook.derive import Frames
from cutbook.parameters.study import Analysis, Endpoint, Study
from cutbook.stats.ancova import ancova
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
_OWN_POPULATION = "The population that the study file names for the endpoint, by actual arm."
_CARRIED = (
    "Where the study file asks for it, the last earlier post-baseline value is carried to a visit without one (LOCF); "
    "otherwise observed cases."
)

_display = partial(Display, whom=_OWN_POPULATION, source=("ADEFF", "ADSL"), reports=(EFFICACY,))


def _is_ratio(endpoint: Endpoint) -> bool:
    return endpoint.scale == "ratio"


def _named(endpoint: Endpoint) -> str:
    return f"{endpoint.label} ({endpoint.unit})" if endpoint.unit else endpoint.label


def _values(frames: Frames, *, endpoint: Endpoint) -> pd.DataFrame:
    bds = frames.adeff[frames.adeff["PARAMCD"].eq(endpoint.paramcd)]
    long = by_visit(bds, RATIO if _is_ratio(endpoint) else CHANGE)
    decimals = long["variable"].map({VALUE: endpoint.decimals, CHANGE: endpoint.decimals, RATIO: _RATIO_DECIMALS})
    return long.assign(decimals=decimals, TEXT_DECIMALS=long["decimals"], parameter_words=endpoint.label)


def _table(endpoint: Endpoint) -> ByVisit:
    is_ratio = _is_ratio(endpoint)
    notes = (
        _BETTER[endpoint.better],
        _LOCF if endpoint.imputation == "locf" else "Observed cases.",
        _NOTE_OF_RATIO if is_ratio else NOTE_OF_CHANGE,
    )
    return ByVisit(
        title=f"{_named(endpoint)} by visit",
        population=population_of(endpoint.population),
        notes=tuple(filter(None, notes)),
        parameter=endpoint.paramcd,
        is_whole=is_ratio,
        records=partial(_values, endpoint=endpoint),
        columns=_RATIO_COLUMNS if is_ratio else COLUMNS,
        statistics=_GEOMETRIC if is_ratio else MEANS,
    )


def _each(layer: Callable[[Endpoint], Layer], *, is_ratio: bool) -> Callable[[Study], list[Layer]]:
    return lambda study: [layer(endpoint) for endpoint in study.endpoints if _is_ratio(endpoint) == is_ratio]


def course_of(endpoint: Endpoint) -> tuple[tuple[str, str], ...]:
    """Return the variables that can show the course of an endpoint with their words; the first that anybody has does.

    The change, or the ratio, from baseline; the value itself where nobody has a baseline, as with an impression of
    change.
    """
    if _is_ratio(endpoint):
        return (RATIO, "geometric mean ratio to baseline"), (VALUE, "geometric mean")
    return (CHANGE, "mean change from baseline"), (VALUE, "mean value")


def _observed(frames: Frames, *, endpoint: Endpoint) -> pd.DataFrame:
    """Return the observed values of an endpoint's population, dated, in order of time."""
    bds, members = frames.adeff, population_of(endpoint.population).members(frames.adsl)
    is_shown = bds["PARAMCD"].eq(endpoint.paramcd) & bds["ANL01FL"].eq("Y") & bds["AVAL"].notna()
    is_shown &= bds["DTYPE"].isna() & bds["ADY"].notna() & bds["TRT01AN"].notna()
    return bds[is_shown & bds["USUBJID"].isin(members["USUBJID"])].sort_values(["USUBJID", "ADY"], kind="stable")


def _course(endpoint: Endpoint) -> Course:
    return Course(
        title=f"{endpoint.label}: {{what}}, and every participant's course",
        population=population_of(endpoint.population),
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
    question="By what factor does the marker change from each participant's own baseline?",
    rows=_each(_table, is_ratio=True),
    order="Endpoints as in the study file; visits as scheduled; arms below each visit.",
    missing=f"{_CARRIED} A ratio needs both values above 0. A value of 0 leaves its group no geometric mean, and one "
    "value no interval: NE.",
    counterpart="TLG catalog CFBT (generic)",
    empty="The study file names no endpoint of this kind.",
    is_key=True,
    participants=("course of {parameter}", "T-{key}-{parameter}"),
    anchors=("geomean", "mean"),
)
changes = replace(
    ratios,
    id="T-F4-{endpoint}",
    question="How does the score change from each participant's own baseline?",
    rows=_each(_table, is_ratio=False),
    missing=f"{_CARRIED} Change needs a value before treatment and one at the visit. One value has no SD: NE. Change "
    "is left out for an endpoint without a baseline.",
    counterpart="TLG catalog MMRMT01 and the R package mmrm show the change too, with a model that is not fitted here",
)
ratio_courses = replace(
    ratios,
    id="F-F2-{endpoint}",
    title="{endpoint}: {geometric mean ratio to baseline}, and every participant's course",
    question="Do the arms part over time, and is that so in every participant?",
    rows=_each(_course, is_ratio=True),
    order="One figure an endpoint; arms as in the study file.",
    missing="Carried values enter the means alone, never a participant's course. Without values after baseline a "
    "sentence says so.",
    source=("ADEFF",),
)
change_courses = replace(
    ratio_courses,
    id="F-F4-{endpoint}",
    title="{endpoint}: {mean change from baseline}, and every participant's course",
    rows=_each(_course, is_ratio=False),
    counterpart=changes.counterpart,
)


def _at(frames: Frames, *, endpoint: Endpoint, visit: str) -> pd.DataFrame:
    bds = frames.adeff
    return bds[bds["PARAMCD"].eq(endpoint.paramcd) & bds["AVISITID"].eq(visit) & bds["ANL01FL"].eq("Y")]


def _comparison_columns(against: str, *, is_ratio: bool) -> tuple[Shown, ...]:
    effect = ("diff_pct", "diff_pct_low", "diff_pct_high") if is_ratio else ("estimate", "ci_low", "ci_high")
    mean = "Geometric mean ratio to baseline" if is_ratio else "Mean change"
    difference = f"Difference from {against}"
    return (
        Shown("n", ("n",), variable="LSMEAN", counts=""),
        Shown(mean, ("estimate", "ci_low", "ci_high"), "estimate", "LSMEAN", "least-squares mean (95 % CI)"),
        Shown(difference, effect, "estimate", "DIFF", "% (95 % CI)" if is_ratio else "(95 % CI)", is_contrast=True),
    )


def _model_notes(endpoint: Endpoint, analysis: Analysis) -> tuple[str, ...]:
    is_ratio = _is_ratio(endpoint)
    logarithms, plain = ("ln(value / baseline)", "ln(baseline)"), ("change from baseline", "baseline")
    response, baseline = logarithms if is_ratio else plain
    factors = "".join(f", {name}" for name in analysis.factors)
    carried = "values carried forward (LOCF) included" if endpoint.imputation == "locf" else "observed values"
    model = (
        f"Analysis of covariance of {response} on arm, {baseline}{factors}; {carried}, "
        "one common residual SD ({residual_sd}, {df} degrees of freedom). Intervals are not adjusted for multiplicity."
    )
    scale = "Difference: 100 × (ratio of the geometric mean ratios − 1), with its t interval from the log scale."
    return (model, scale) if is_ratio else (model,)


def _model(study: Study, endpoint: Endpoint, analysis: Analysis) -> Model:
    visit = study.schedules[endpoint.schedule].visit(analysis.visit)
    code, words = (visit.code, visit.label) if visit else (analysis.visit, analysis.visit)
    control = study.treatment.control_arm
    against = control.label.lower() if control else "the control"
    return Model(
        title=f"{endpoint.label} at {words}: comparison with {against}",
        population=population_of(endpoint.population),
        notes=_model_notes(endpoint, analysis),
        empty=f"Not estimable at {words}: {{reason}}.",
        parameter=endpoint.paramcd,
        visit=code,
        visit_words=words,
        records=partial(_at, endpoint=endpoint, visit=code),
        values=_table(endpoint),
        fit=ancova,
        factors=tuple(analysis.factors),
        is_ratio=_is_ratio(endpoint),
        decimals=_RATIO_DECIMALS if _is_ratio(endpoint) else endpoint.decimals,
        columns=_comparison_columns(against, is_ratio=_is_ratio(endpoint)),
    )


comparisons = _display(
    id="T-F1-{endpoint}",
    title="{endpoint} at {visit}: comparison with {control}",
    question="How much does each dose differ from the control at the visit of analysis?",
    rows=lambda study: [
        _model(study, endpoint, endpoint.analysis) for endpoint in study.endpoints if endpoint.analysis
    ],
    order="One table an endpoint with an analysis; arms as in the study file.",
    missing="Participants without baseline, value or factor do not take part; on the ratio scale both must be above "
    "0. A carried value takes part where the study file asks for LOCF. When nothing can be fitted a sentence says why.",
    counterpart="TLG catalog AOVT (partly), TLG catalog PKPT11 (partly)",
    empty="The study file names no comparison of the arms.",
    participants=("comparison of {parameter}", "T-{key}-{parameter}"),
    anchors=("estimate", "diff_pct"),
)
