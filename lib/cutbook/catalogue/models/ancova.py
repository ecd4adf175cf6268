"""Displays of the comparison of the arms at the visit of analysis: analysis of covariance, and its forest."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

import pandas as pd

from cutbook.catalogue import endpoints
from cutbook.catalogue.kinds.display import EFFICACY, ESTIMATES, Display
from cutbook.catalogue.kinds.panels import Forest, Model, Shown
from cutbook.catalogue.kinds.populations import population_of
from cutbook.catalogue.models import wording
from cutbook.derive import Frames
from cutbook.parameters.study import Analysis, Endpoint, Study
from cutbook.stats import ancova

RATIO_DECIMALS = 1
_ADJUSTED = {"dunnett": "Dunnett", "holm": "Holm"}


def at_visit(frames: Frames, *, endpoint: Endpoint, visit: str) -> pd.DataFrame:
    """Return the values that represent participants at a visit, carried ones too."""
    bds = frames.adeff
    return bds[bds["PARAMCD"].eq(endpoint.paramcd) & bds["AVISITID"].eq(visit) & bds["ANL01FL"].eq("Y")]


def visit_of(study: Study, endpoint: Endpoint, named: str) -> tuple[str, str]:
    """Return id and label of the visit that an analysis names."""
    visit = study.schedules[endpoint.schedule].visit(named)
    return (visit.code, visit.label) if visit else (named, named)


def _columns(study: Study, endpoint: Endpoint, analysis: Analysis) -> tuple[Shown, ...]:
    is_ratio = wording.is_ratio(endpoint)
    label, statistic = ("Baseline geometric mean", "geomean") if is_ratio else ("Baseline mean", "mean")
    number, mean, effect, *_ = wording.columns_of(study, endpoint, analysis)
    return (
        replace(number, counts=""),
        Shown(label, (statistic,), variable="BASE", note=endpoint.unit),
        mean,
        effect,
        *(one for one in (wording.tested_columns() if analysis.tests else ()) if one.statistics != ("ddf",)),
        *(
            Shown("p", (f"p_{name}",), variable="DIFF", note=f"adjusted, {_ADJUSTED[name]}", is_contrast=True)
            for name in analysis.adjustment
        ),
    )


def _notes(study: Study, endpoint: Endpoint, analysis: Analysis) -> tuple[str, ...]:
    response, baseline = wording.response_and_baseline(endpoint)
    factors = "".join(f", {name}" for name in analysis.factors)
    carried = "values carried forward (LOCF) included" if endpoint.imputation == "locf" else "observed values"
    model = (
        f"Analysis of covariance of {response} on arm, {baseline}{factors}; {carried}, "
        "one common residual SD ({residual_sd}, {df} degrees of freedom). " + wording.NOT_ADJUSTED
    )
    adjusted = "; ".join(
        f"{_ADJUSTED[name]}'s p values are adjusted for the comparisons with {wording.against(study)}"
        for name in analysis.adjustment
    )
    return (model, *((f"{adjusted}.",) if adjusted else ()), *wording.notes_of(endpoint, analysis))


def model_of(study: Study, endpoint: Endpoint, analysis: Analysis) -> Model:
    """Return the comparison of the arms at the visit of analysis."""
    code, words = visit_of(study, endpoint, analysis.visit)
    is_ratio = wording.is_ratio(endpoint)
    return Model(
        title=f"{endpoint.label} at {words}: comparison with {_control(study)}",
        population=population_of(endpoint.population),
        why_empty=partial(endpoints.without_values, endpoint),
        notes=_notes(study, endpoint, analysis),
        empty=f"Not estimable at {words}: {{reason}}.",
        parameter=endpoint.paramcd,
        visit=code,
        visit_words=words,
        records=partial(at_visit, endpoint=endpoint, visit=code),
        values=endpoints.table_of(study, endpoint),
        fit=ancova.ancova,
        factors=tuple(analysis.factors),
        is_ratio=is_ratio,
        is_all_pairs=analysis.pairs == "all",
        adjustments=tuple(analysis.adjustment),
        decimals=endpoint.decimals if not is_ratio else RATIO_DECIMALS,
        columns=_columns(study, endpoint, analysis),
    )


def _control(study: Study) -> str:
    control = study.treatment.control_arm
    return control.label.lower() if control else "the control"


comparisons = Display(
    id="T-F1-{endpoint}",
    title="{endpoint} at {visit}: comparison with {control}",
    question="How much does each dose differ from the control at the visit of analysis?",
    whom=endpoints.OWN_POPULATION,
    rows=lambda study: [
        model_of(study, endpoint, endpoint.analysis) for endpoint in study.endpoints if endpoint.analysis
    ],
    order="One table an endpoint with an analysis; arms as in the study file.",
    missing="Participants without baseline, value or factor do not take part; on the ratio scale both must be above "
    "0. A carried value takes part where the study file asks for LOCF. When nothing can be fitted a sentence says why.",
    counterpart="TLG catalog AOVT (partly), TLG catalog PKPT11 (partly)",
    source=("ADEFF", "ADSL"),
    reports=(EFFICACY,),
    empty="Not named in the study file: a comparison of the arms.",
    participants=("comparison of {parameter}", "T-{key}-{parameter}"),
    anchors=("estimate", "diff_pct"),
    marks=ESTIMATES,
    compares_arms=True,
)


def _forest(study: Study, endpoint: Endpoint, analysis: Analysis) -> Forest:
    model, is_ratio = model_of(study, endpoint, analysis), wording.is_ratio(endpoint)
    against, percent = _control(study), " in %" if is_ratio else ""
    return Forest(
        title=model.title.replace("comparison", "difference").replace("with", "from"),
        population=model.population,
        empty=f"Not estimable at {model.visit_words}.",
        parameter=endpoint.paramcd,
        visit=model.visit,
        statistics=wording.effect_of(endpoint),
        words=f"{endpoint.label} at {model.visit_words.lower()}, difference from {against}{percent}",
        against=against,
        unit=" %" if is_ratio else "",
    )


forests = replace(
    comparisons,
    id="F-F1-{endpoint}",
    title="{endpoint} at {visit}: difference from {control}",
    question="Which doses differ from the control, in which direction, and how sure is that?",
    rows=lambda study: [
        _forest(study, endpoint, endpoint.analysis) for endpoint in study.endpoints if endpoint.analysis
    ],
    order="One figure an endpoint with an analysis; one line an arm, as in the study file.",
    missing="As in the table. An arm without an estimate has no line. Estimates of the previous cut stand in grey "
    "where it was published.",
    participants=(),
    anchors=(),
)
