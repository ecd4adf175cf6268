"""Displays of mixed models for repeated measures: means of the arms and their differences at every visit."""

from __future__ import annotations

from functools import partial

import pandas as pd

from cutbook.catalogue import endpoints
from cutbook.catalogue.kinds.display import EFFICACY, ESTIMATES, Display
from cutbook.catalogue.kinds.estimates import Estimates, RepeatedMeasures
from cutbook.catalogue.kinds.populations import population_of
from cutbook.catalogue.models import wording
from cutbook.derive import Frames
from cutbook.parameters.study import Endpoint, Repeated, Study

_FREEDOM = {
    "kenward_roger_linear": "Kenward and Roger's degrees of freedom (linear, as SAS)",
    "kenward_roger": "Kenward and Roger's degrees of freedom",
    "satterthwaite": "Satterthwaite's degrees of freedom",
    "between_within": "between-within degrees of freedom",
    "residual": "residual degrees of freedom",
}


def observed_by_visit(frames: Frames, *, endpoint: Endpoint, visits: tuple[str, ...]) -> pd.DataFrame:
    """Return the observed values that represent participants at visits after baseline, one row each."""
    bds = frames.adeff
    is_own = bds["PARAMCD"].eq(endpoint.paramcd) & bds["ANL01FL"].eq("Y") & bds["AVISITID"].isin(visits)
    own = bds[is_own & bds["DTYPE"].isna()]
    named = own.rename(columns={"AVISITID": "visit", "AVISIT": "visit_words"})
    return named[["USUBJID", "KEY", "TRT01A", "visit", "visit_words", "ADY", "AVAL", "BASE"]]


def visits_of(study: Study, endpoint: Endpoint, named: list[str]) -> tuple[tuple[str, str], ...]:
    """Return ids and labels of the visits that a section names, in order of the schedule; all where it names none."""
    schedule = study.schedules[endpoint.schedule]
    return tuple(
        (visit.code, visit.label) for visit in schedule.visits if not named or {visit.code, visit.label} & set(named)
    )


def _method(endpoint: Endpoint, section: Repeated) -> RepeatedMeasures:
    return RepeatedMeasures(
        is_ratio=wording.is_ratio(endpoint),
        factors=tuple(section.factors),
        is_all_pairs=section.pairs == "all",
        covariances=tuple(section.covariance),
        df=section.df,
        has_baseline_by_visit=section.baseline_by_visit,
        has_average=section.average,
    )


def _notes(endpoint: Endpoint, section: Repeated) -> tuple[str, ...]:
    response, baseline = wording.response_and_baseline(endpoint)
    by_visit = f"{baseline} by visit" if section.baseline_by_visit else baseline
    factors = "".join(f", {name}" for name in section.factors)
    model = (
        f"Mixed model for repeated measures (restricted maximum likelihood) of {response} on arm by visit, "
        f"{by_visit}{factors}; {{n}} participants, {{records}} observed values, none carried forward or imputed. "
        f"{{fit}} {_FREEDOM[section.df]}. {wording.NOT_ADJUSTED}"
    )
    return (model, *wording.notes_of(endpoint, section))


def _layer(study: Study, endpoint: Endpoint, section: Repeated) -> Estimates:
    visits = visits_of(study, endpoint, section.visits)
    codes = tuple(code for code, _ in visits)
    return Estimates(
        title=f"{endpoint.label}: means by visit from a model for repeated measures",
        population=population_of(endpoint.population),
        why_empty=partial(endpoints.without_values, endpoint),
        notes=_notes(endpoint, section),
        empty="Not estimable: {reason}. {fit}",
        parameter=endpoint.paramcd,
        method=_method(endpoint, section),
        records=partial(observed_by_visit, endpoint=endpoint, visits=codes),
        values=endpoints.table_of(study, endpoint),
        decimals=endpoint.decimals,
        columns=wording.columns_of(study, endpoint, section),
        visits=visits,
    )


means = Display(
    id="T-F4R-{endpoint}",
    title="{endpoint}: means by visit from a model for repeated measures",
    question="How much does each dose differ from the control at every visit, if all visits are taken together?",
    whom=endpoints.OWN_POPULATION,
    rows=lambda study: [
        _layer(study, endpoint, endpoint.repeated) for endpoint in study.endpoints if endpoint.repeated
    ],
    order="Endpoints as in the study file; visits as scheduled; arms below each visit.",
    missing="Observed values alone; participants without a baseline or a factor do not take part. What the data do not "
    "determine is NE. Where no covariance structure converges a sentence says what was tried, and why each was left.",
    counterpart="TLG catalog MMRMT01, R package mmrm",
    source=("ADEFF", "ADSL"),
    reports=(EFFICACY,),
    empty="Not named in the study file: a model for repeated measures.",
    participants=("model of {parameter}", "T-{key}-{parameter}"),
    anchors=("estimate", "diff_pct"),
    marks=ESTIMATES,
    is_folded=True,
    compares_arms=True,
)
