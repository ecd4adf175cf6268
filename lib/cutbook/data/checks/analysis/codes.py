"""Codes of analysis datasets: flags that are neither Y nor N, and arms that the study file does not list."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

import pandas as pd

from cutbook.data.characters import looks_like
from cutbook.data.checks.records import Issue
from cutbook.data.checks.values.codes import ACTIONS, OUTCOMES, unknown_issue
from cutbook.data.wording import first_few, quoted
from cutbook.errors import Fault
from cutbook.parameters.study import Study
from cutbook.record_names import text_of
from cutbook.records import meets

_YES_NO = ("Y", "N")
_MEMBERS = ("SAFFL", "ITTFL", "RANDFL")
_REMEDY = "mend the labels of treatment.arms of the study file, or have the transfer sent again"


class _Coded(NamedTuple):
    variable: str
    codes: tuple[str, ...]
    consequence: str


def analysis_code_issues(datasets: Mapping[str, pd.DataFrame], study: Study) -> Iterator[Issue]:
    """Return an issue for each variable of an analysis dataset with codes that no list knows."""
    for dataset, frame in datasets.items():
        if dataset.startswith("ad") and "USUBJID" in frame:
            for coded in _coded(dataset, study):
                if coded.variable in frame:
                    stated = text_of(frame[coded.variable])
                    place = (dataset, coded.variable)
                    yield from unknown_issue(place, frame, stated, set(coded.codes), coded.consequence)


def arm_label_faults(datasets: Mapping[str, pd.DataFrame], study: Study) -> list[Fault]:
    """Return a fault for each variable of ADSL that names arms which the study file does not list.

    Participants in no population may have any words there (Screen Failure). A message never tells whose arm is which.
    """
    adsl = datasets.get("adsl", pd.DataFrame())
    is_in = pd.Series(False, index=adsl.index)
    for name in _MEMBERS:
        is_in |= meets(adsl, {name: ["Y"]}) if name in adsl else False
    labels = [arm.label for arm in study.treatment.arms]
    faults = []
    for name in ("TRT01P", "TRT01A"):
        if name in adsl:
            stated = text_of(adsl[name])
            is_odd = is_in & stated.ne("") & ~stated.isin([*labels, "Missing"])
            if is_odd.any():
                told = first_few(_told(str(one), labels) for one in stated[is_odd].drop_duplicates())
                found = f"{told} in {int(is_odd.sum())} records, unknown to the study file"
                faults.append(Fault("adsl", found, "a label of treatment.arms of the study file", _REMEDY, name))
    return faults


def _told(value: str, labels: list[str]) -> str:
    like = next((label for label in labels if looks_like(label) == looks_like(value)), "")
    return f"{quoted(value)} for {quoted(like)}" if like else quoted(value)


def _coded(dataset: str, study: Study) -> Iterator[_Coded]:
    rules = study.adverse_events
    if dataset == "adsl":
        for name in (*_MEMBERS, "EFFFL", "PKFL", "SCRFFL"):
            yield _Coded(name, _YES_NO, "counted as not belonging")
        yield _Coded("DTHFL", _YES_NO, "counted as alive")
    elif dataset == "adae":
        yield _Coded("TRTEMFL", _YES_NO, "counted as not treatment-emergent")
        yield _Coded("AESER", _YES_NO, "counted as not serious")
        related = (*rules.related, *rules.not_related)
        yield _Coded("AEREL", related, "counted as not related")
        yield _Coded("AREL", (*_YES_NO, *related), "counted as not related")
        yield _Coded("AEOUT", OUTCOMES, "counted as not fatal, unless recorded as resulting in death")
        yield _Coded("AEACN", ACTIONS, "counted as not withdrawing the drug")
        yield _Coded("FATALFL", _YES_NO, "counted as not fatal")
    else:
        for name in ("ANL01FL", "ABLFL", "APOBLFL", "WORSTLOFL", "WORSTHIFL", "BLQFL"):
            yield _Coded(name, _YES_NO, "counted as no such flag")
