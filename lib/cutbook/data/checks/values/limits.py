"""Limits of the study file: a number of one unit is never compared with results in another."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import pandas as pd

from cutbook.data.checks.values.units import TEST, numeric_results, target_of
from cutbook.data.wording import quoted
from cutbook.errors import Fault
from cutbook.parameters.study import Findings, Study, Threshold
from cutbook.records import meets
from cutbook.standards.conversion import Scale, scale_of


def limit_faults(datasets: Mapping[str, pd.DataFrame], study: Study) -> Iterator[Fault]:
    """Return a fault for each limit in numbers whose unit is not that in which the results are shown.

    Multiples of limits of normal and limits without a unit are compared as they are. The unit of a parameter is that
    of the study file, else the one that most of its results have; of a computed one, that of what it is computed of.
    """
    for number, limit in enumerate(study.thresholds):
        family = next((one for one in study.findings if limit.parameter.startswith(f"{one.id}-")), None)
        if family is None or limit.bound.of or not limit.unit:
            continue
        code = limit.parameter.removeprefix(f"{family.id}-")
        shown = _shown(datasets, study, family, code)
        if shown and scale_of(shown, limit.unit, code) != Scale(1.0):
            yield _fault(_dataset(datasets, family), code, shown, limit, number)


def _dataset(datasets: Mapping[str, pd.DataFrame], family: Findings) -> str:
    return family.dataset if family.dataset in datasets else f"ad{family.dataset}"


def _shown(datasets: Mapping[str, pd.DataFrame], study: Study, family: Findings, code: str) -> str:
    """Return the unit in which a parameter of a family is shown; empty where nothing tells it."""
    computed = next((item for item in family.derived if item.paramcd == code), None)
    if computed and computed.formula == "fridericia":
        return "ms"
    test = computed.of[0] if computed else code
    dataset = _dataset(datasets, family)
    numeric = numeric_results(dataset, datasets.get(dataset, pd.DataFrame()), study)
    if family.units.get(test) or numeric is None:
        return family.units.get(test, "")
    own = numeric[meets(numeric, family.where)] if set(family.where) <= set(numeric.columns) else numeric
    own = own[own[TEST].isin([test, f"{family.id}-{test}"])]
    return target_of(own) if len(own) else ""


def _fault(dataset: str, code: str, shown: str, limit: Threshold, number: int) -> Fault:
    return Fault(
        dataset,
        found=f"results of {code} in {quoted(shown)}",
        expected=f"{limit.unit}, the unit of {limit.label} {limit.limit}, thresholds.{number} of the study file",
        remedy="state the limit in the unit of the results, or the unit of the limit under units of the findings",
        variable="AVALU" if dataset.startswith("ad") else f"{dataset[:2].upper()}STRESU",
    )
