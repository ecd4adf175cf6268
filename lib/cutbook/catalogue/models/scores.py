"""Displays of ordered categories: how many have each at a visit, and whether the arms differ within strata."""

from __future__ import annotations

from functools import partial

import pandas as pd

from cutbook.catalogue import endpoints
from cutbook.catalogue.kinds.display import EFFICACY, NO_MARKS, Display
from cutbook.catalogue.kinds.estimates import Estimates, MeanScores
from cutbook.catalogue.kinds.panels import Shown
from cutbook.catalogue.kinds.populations import population_of
from cutbook.catalogue.models.repeated import visits_of
from cutbook.derive import Frames
from cutbook.parameters.study import Endpoint, RowMeans, Study

_TEST = (
    "p: Cochran-Mantel-Haenszel test of row mean scores{stratum}, the scores being the numbers of the categories; of "
    "all arms, and of each with the control. Not adjusted for multiplicity."
)


def _values(frames: Frames, *, endpoint: Endpoint, visits: tuple[str, ...]) -> pd.DataFrame:
    bds = frames.adeff
    own = bds[bds["PARAMCD"].eq(endpoint.paramcd) & bds["ANL01FL"].eq("Y") & bds["AVISITID"].isin(visits)]
    return own.rename(columns={"AVISITID": "visit", "AVISIT": "visit_words"})


def _columns(section: RowMeans) -> tuple[Shown, ...]:
    return (
        Shown("n", ("n",), variable="LSMEAN"),
        *(
            Shown(f"{score} {words}", ("n", "pct", "events", "upper"), "share", f"SCORE{score}", "n (%)", counts="")
            for score, words in section.categories.items()
        ),
        Shown("Mean score", ("mean",), variable="LSMEAN"),
        Shown("p", ("p",), variable="DIFF", note="row mean scores", is_contrast=True),
    )


def _layer(study: Study, endpoint: Endpoint, section: RowMeans) -> Estimates:
    visits = visits_of(study, endpoint, section.visits)
    carried = "Values carried forward (LOCF) included." if endpoint.imputation == "locf" else "Observed values."
    stratum = f" within strata of {section.stratum}" if section.stratum else ""
    return Estimates(
        title=f"{endpoint.label}: categories by visit",
        population=population_of(endpoint.population),
        why_empty=partial(endpoints.without_values, endpoint),
        notes=(
            f"{_TEST.format(stratum=stratum)} {carried}",
            f"Estimand: {section.estimand}" if section.estimand else "",
            f"Statistical analysis plan, section {section.sap}." if section.sap else "",
        ),
        empty="Not estimable: {reason}.",
        parameter=endpoint.paramcd,
        method=MeanScores(categories=tuple(map(float, section.categories)), stratum=section.stratum or ""),
        records=partial(_values, endpoint=endpoint, visits=tuple(code for code, _ in visits)),
        values=endpoints.table_of(study, endpoint),
        decimals=endpoint.decimals,
        columns=_columns(section),
        visits=visits,
    )


categories = Display(
    id="T-F4C-{endpoint}",
    title="{endpoint}: categories by visit",
    question="Do more participants of an arm fall into better categories?",
    whom=endpoints.OWN_POPULATION,
    rows=lambda study: [
        _layer(study, endpoint, endpoint.row_means) for endpoint in study.endpoints if endpoint.row_means
    ],
    order="Endpoints as in the study file; visits as scheduled; arms below each visit, then all arms.",
    missing="Participants without a value at the visit are not counted there; a carried value is where the study file "
    "asks for LOCF. Percentages are of those with a value.",
    counterpart="TLG catalog RSPT01 (partly)",
    source=("ADEFF", "ADSL"),
    reports=(EFFICACY,),
    empty="Not named in the study file: a comparison of ordered categories.",
    participants=("categories of {parameter}", "T-{key}-{parameter}"),
    marks=NO_MARKS,
    anchors=(),
    compares_arms=True,
)
