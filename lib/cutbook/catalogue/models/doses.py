"""Displays of the response by dose: lines, Emax, trend, and the dose of a difference."""

from __future__ import annotations

from functools import partial
from math import log1p

import pandas as pd

from cutbook.catalogue import endpoints
from cutbook.catalogue.kinds.display import EFFICACY, ESTIMATES, Display
from cutbook.catalogue.kinds.estimates import DoseResponse, Estimates
from cutbook.catalogue.kinds.panels import Shown
from cutbook.catalogue.kinds.populations import population_of
from cutbook.catalogue.models import wording
from cutbook.catalogue.models.ancova import at_visit, visit_of
from cutbook.derive import Frames
from cutbook.parameters.study import Analysis, Endpoint, Study
from cutbook.words import capital

_DOSE = "DOSE"
_NOTE_OF_TREND = "Trend: the contrast of the arms' means that is linear in their order."
_NOTE_OF_EMAX = "Emax: effect × dose / (ED50 + dose), least squares, limits by the delta method."
_NOTE_OF_DOSE = (
    "NE: not estimable, or no dose that was given reaches it; nothing is extrapolated beyond the highest dose."
)


def _values(frames: Frames, *, endpoint: Endpoint, visit: str) -> pd.DataFrame:
    own = at_visit(frames, endpoint=endpoint, visit=visit)
    return own.rename(columns={"AVISITID": "visit", "AVISIT": "visit_words"})


def _columns(study: Study, endpoint: Endpoint, analysis: Analysis) -> tuple[Shown, ...]:
    top = max(study.treatment.arms, key=lambda arm: arm.dose)
    unit, dose_unit = "% (95 % CI)" if wording.is_ratio(endpoint) else "(95 % CI)", study.treatment.dose_unit
    is_aimed, has_curve = analysis.target is not None, "emax" in analysis.dose_response
    aim = f"{analysis.target:g}{' %' if wording.is_ratio(endpoint) else ''}".replace("-", "−") if is_aimed else ""
    effect = wording.effect_of(endpoint)
    at_top = f"Difference from {wording.against(study)} at {study.treatment.short(top)}"
    doses = f"{dose_unit} (95 % CI)"
    aimed = Shown(f"Dose for {aim}", ("ed", "ed_low", "ed_high"), "estimate", _DOSE, doses)
    half = Shown("ED50", ("ed50", "ed50_low", "ed50_high"), "estimate", _DOSE, doses)
    return (
        Shown(at_top, effect, "estimate", _DOSE, unit),
        Shown("p", ("p",), variable=_DOSE, note="of slope or trend"),
        *((aimed,) if is_aimed else ()),
        *((half,) if has_curve else ()),
    )


def _target(endpoint: Endpoint, analysis: Analysis) -> float | None:
    if analysis.target is None or not wording.is_ratio(endpoint):
        return analysis.target
    return log1p(analysis.target / 100)


def _layer(study: Study, endpoint: Endpoint, analysis: Analysis) -> Estimates:
    code, words = visit_of(study, endpoint, analysis.visit)
    response, baseline = wording.response_and_baseline(endpoint)
    covariates = "".join(f", {name}" for name in (baseline, *analysis.factors))
    return Estimates(
        title=f"{endpoint.label} at {words}: response by dose",
        population=population_of(endpoint.population),
        why_empty=partial(endpoints.without_values, endpoint),
        notes=(
            f"{capital(response)} by dose{covariates}; least squares, {{n}} participants. {wording.NOT_ADJUSTED}",
            _NOTE_OF_TREND if "trend" in analysis.dose_response else "",
            _NOTE_OF_EMAX if "emax" in analysis.dose_response else "",
            _NOTE_OF_DOSE if analysis.target is not None else "",
            *(wording.notes_of(endpoint, analysis)[:1] if wording.is_ratio(endpoint) else ()),
        ),
        empty=f"Not estimable at {words}: {{reason}}.",
        parameter=endpoint.paramcd,
        method=DoseResponse(
            is_ratio=wording.is_ratio(endpoint),
            factors=tuple(analysis.factors),
            models=tuple(analysis.dose_response),
            doses=tuple((arm.code, arm.dose) for arm in study.treatment.arms),
            target=_target(endpoint, analysis),
        ),
        records=partial(_values, endpoint=endpoint, visit=code),
        values=endpoints.table_of(study, endpoint),
        decimals=endpoint.decimals,
        columns=_columns(study, endpoint, analysis),
        visits=((code, words),),
        is_by_level=True,
    )


responses = Display(
    id="T-F3-{endpoint}",
    title="{endpoint} at {visit}: response by dose",
    question="Does the response rise or fall with the dose, by how much, and which dose reaches the effect looked for?",
    whom=endpoints.OWN_POPULATION,
    rows=lambda study: [
        _layer(study, endpoint, endpoint.analysis)
        for endpoint in study.endpoints
        if endpoint.analysis and endpoint.analysis.dose_response
    ],
    order="One table an endpoint whose analysis names models by dose; models as the study file names them.",
    missing="As in the comparison of the arms. A model that cannot be fitted is NE, and so is a dose that none given "
    "reaches.",
    counterpart="R package DoseFinding (partly)",
    source=("ADEFF", "ADSL"),
    reports=(EFFICACY,),
    empty="Not named in the study file: a model of the response by dose.",
    stub="Model",
    anchors=("estimate", "diff_pct"),
    marks=ESTIMATES,
    compares_arms=True,
)
