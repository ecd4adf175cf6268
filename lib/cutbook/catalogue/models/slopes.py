"""Displays of rates of change: random-slope models."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

import pandas as pd

from cutbook.catalogue import endpoints
from cutbook.catalogue.kinds.display import EFFICACY, ESTIMATES, Display
from cutbook.catalogue.kinds.estimates import Estimates, RandomSlope
from cutbook.catalogue.kinds.panels import Shown
from cutbook.catalogue.kinds.populations import population_of
from cutbook.catalogue.models import wording
from cutbook.derive import Frames
from cutbook.parameters.study import Endpoint, Slope, Study

_FREEDOM = {"satterthwaite": "Satterthwaite's", "kenward_roger": "Kenward and Roger's"}


def _values(frames: Frames, *, endpoint: Endpoint) -> pd.DataFrame:
    bds = frames.adeff
    is_own = bds["PARAMCD"].eq(endpoint.paramcd) & bds["ANL01FL"].eq("Y") & bds["AVISITID"].notna()
    return bds[is_own & bds["DTYPE"].isna() & bds["AVAL"].notna()]


def _columns(study: Study, endpoint: Endpoint, section: Slope) -> tuple[Shown, ...]:
    mean = f"Change a month ({endpoint.unit})" if endpoint.unit else "Change a month"
    _, slope, difference, *tested = wording.columns_of(study, endpoint, section, mean)
    values = Shown("Values", ("records",), variable="LSMEAN", counts="")
    return (
        Shown("n", ("n",), variable="LSMEAN", counts=""),
        values,
        replace(slope, note="slope (95 % CI)"),
        difference,
        *tested,
    )


def _layer(study: Study, endpoint: Endpoint, section: Slope) -> Estimates:
    factors = "".join(f", {name}" for name in section.factors)
    model = (
        f"Model of all observed values, the baseline among them, on arm, months since the first dose by arm{factors}, "
        f"with an intercept and a slope of each participant (restricted maximum likelihood, {_FREEDOM[section.df]} "
        "degrees of freedom); {n} participants, {records} values. A line is assumed. " + wording.NOT_ADJUSTED
    )
    return Estimates(
        title=f"{endpoint.label}: rate of change",
        population=population_of(endpoint.population),
        why_empty=partial(endpoints.without_values, endpoint),
        notes=(model, *wording.notes_of(endpoint, section)),
        empty="Not estimable: {reason}.",
        parameter=endpoint.paramcd,
        method=RandomSlope(factors=tuple(section.factors), is_all_pairs=section.pairs == "all", df=section.df),
        records=partial(_values, endpoint=endpoint),
        values=endpoints.table_of(study, endpoint),
        decimals=endpoint.decimals,
        columns=_columns(study, endpoint, section),
    )


rates = Display(
    id="T-F4S-{endpoint}",
    title="{endpoint}: rate of change",
    question="How fast does the score change in a month, and how much does the rate differ from the control?",
    whom=endpoints.OWN_POPULATION,
    rows=lambda study: [_layer(study, endpoint, endpoint.slope) for endpoint in study.endpoints if endpoint.slope],
    order="Endpoints as in the study file; arms as in the study file.",
    missing="Observed values at scheduled visits alone. Participants with one value take part in the level, not in the "
    "slope. When the model cannot be fitted a sentence says why.",
    counterpart="R packages lme4 and lmerTest",
    source=("ADEFF", "ADSL"),
    reports=(EFFICACY,),
    empty="Not named in the study file: a model of the rate of change.",
    participants=("rate of {parameter}", "T-{key}-{parameter}"),
    anchors=("estimate",),
    marks=ESTIMATES,
    compares_arms=True,
)
