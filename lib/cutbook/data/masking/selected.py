"""Which tests and qualifiers a study's reports use: a blinded report reads these records of a dataset and no others."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import pandas as pd

from cutbook.parameters.study import Study
from cutbook.parameters.study.blinding.allowed import FINDINGS
from cutbook.records import meets_any

_OF_DEATHS = "dd"
_OF_BMI = ["HEIGHT", "WEIGHT"]


def is_selected(dataset: str, frame: pd.DataFrame, study: Study) -> pd.Series:
    """Return which records of a dataset blinded reports may read.

    Of measurements those whose test the study file names, or that meet the condition of a family which names none; of
    supplemental qualifiers those that it names. Of other datasets all.

    Parameters
    ----------
    dataset : str
        Its name.
    frame : frame
        Its records.
    study : Study
        The study file.
    """
    if dataset.startswith("supp"):
        return meets_any(frame, [{"QNAM": sorted(set(_qualifiers(dataset, study)))}])
    if dataset not in FINDINGS or dataset == _OF_DEATHS:
        return pd.Series(True, index=frame.index)
    return meets_any(frame, list(_conditions(dataset, study)))


def _conditions(dataset: str, study: Study) -> Iterator[Mapping[str, Sequence[str]]]:
    test = f"{dataset.upper()}TESTCD"
    for family in study.findings:
        if family.dataset == dataset:
            named = [*family.parameters, *(code for item in family.derived for code in item.of)]
            yield {test: named} if family.parameters else family.where
    yield from (endpoint.where for endpoint in study.endpoints if endpoint.dataset == dataset)
    yield from (item.where for item in study.populations.efficacy if item.dataset == dataset)
    for item in study.characteristics:
        if item.dataset == dataset:
            yield item.selects or {test: _OF_BMI}


def _qualifiers(dataset: str, study: Study) -> Iterator[str]:
    if study.blinding and study.blinding.cohort.dataset == dataset:
        yield study.blinding.cohort.variable
    yield from (item.variable for item in study.characteristics if item.dataset == dataset)
    if dataset == "suppae":
        yield from (flag.qnam for flag in study.adverse_events.flags)
