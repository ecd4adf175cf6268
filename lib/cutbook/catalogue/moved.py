"""Displays of what moved the answer: estimates that differ from the previous cut, and the records that moved them."""

from __future__ import annotations

from functools import partial

from cutbook.catalogue import participants
from cutbook.catalogue.kinds.display import EFFICACY, SAFETY, Display
from cutbook.catalogue.kinds.layers import Summary
from cutbook.catalogue.kinds.panels import Model, Moved
from cutbook.catalogue.kinds.populations import TREATED
from cutbook.catalogue.models import ancova
from cutbook.parameters.study import Endpoint, Study
from cutbook.records import Where

Feeds = tuple[tuple[str, Where], ...]

_WHO_AND_WHAT = ("dm", "ex", "ds")
"""Datasets that say who was treated, with what, and when."""

_EFFICACY_FLAG = "EFFFL"
RULE = (
    "Each changed record of the past (corrected, entered late or withdrawn) is set back alone and the estimate "
    "computed again. A record does it when that takes the estimate at least half of the way back, by digits that are "
    "shown; several do it together when setting all back does and none alone does. The rest comes from data that are "
    "new since."
)
"""How the tables judge records."""

_display = partial(
    Display,
    order="As in the study file; a line a difference that moved. Records by how far they move it.",
    missing="Without a previous cut, or where it is not published here, a sentence says so; so it does where nothing "
    "moved.",
    notes=RULE,
    source=("results of both cuts", "changes of the past"),
)


def _feeding(study: Study, *, endpoint: Endpoint) -> Feeds:
    """Return the records that an endpoint is made of: its own, its population's, who was treated, its factors."""
    if study.sources.model == "adam":
        own = {"PARAMCD": [endpoint.paramcd]}
        return ("adeff", own), ("adqs", own), ("adsl", {})
    is_efficacy = endpoint.population == _EFFICACY_FLAG
    needed = [(item.dataset, item.where) for item in study.populations.efficacy if is_efficacy]
    factors = endpoint.analysis.factors if endpoint.analysis else []
    strata = [item.dataset for item in study.characteristics if item.variable in factors]
    others: dict[str, Where] = {name: {} for name in (*_WHO_AND_WHAT, *strata)}
    return ((endpoint.dataset, endpoint.where), *needed, *others.items())


def _moved(study: Study, model: Model) -> Moved:
    endpoint = next(item for item in study.endpoints if item.paramcd == model.parameter)
    return Moved(
        title=f"{endpoint.label} at {model.visit_words}: what moved the answer",
        population=model.population,
        why_empty=model.why_empty,
        parameter=model.parameter,
        of=ancova.comparisons.key,
        layer=model,
        variable="DIFF",
        statistics=model.effect,
        counted="LSMEAN",
        unit="\u00a0%" if model.is_ratio else "",
        feeds=partial(_feeding, endpoint=endpoint),
    )


comparisons = _display(
    id="T-F1M-{endpoint}",
    title="{endpoint} at {visit}: what moved the answer",
    question="Which changed records of the past moved a difference from the control since the previous cut?",
    whom="The population that the study file names for the endpoint, by actual arm.",
    rows=lambda study: [_moved(study, layer) for layer in ancova.comparisons.rows(study) if isinstance(layer, Model)],
    reports=(EFFICACY,),
    empty="Not named in the study file: a comparison of the arms.",
    stub="Difference",
    compares_arms=True,
)


def _of_exposure(study: Study) -> list[Moved]:
    totals = [layer for layer in participants.exposure.rows(study) if isinstance(layer, Summary)][:1]
    datasets = ("adsl",) if study.sources.model == "adam" else ("ex", "dm", "ds")
    return [
        Moved(
            of=participants.exposure.key,
            layer=layer,
            variable=layer.variable,
            statistics=("mean",),
            counted=layer.variable,
            unit=f"\u00a0{layer.unit}",
            feeds=lambda _: tuple((name, {}) for name in datasets),
        )
        for layer in totals
    ]


exposure = _display(
    id="T-D3M",
    title="Exposure: what moved the answer",
    question="Which changed records of the past moved the mean exposure of an arm since the previous cut?",
    population=TREATED,
    rows=_of_exposure,
    reports=(SAFETY,),
    stub="Mean of the arm",
)
