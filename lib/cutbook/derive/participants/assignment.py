"""Who was randomised, who failed screening, and the arm of each participant as planned and as analysed for safety."""

from __future__ import annotations

import pandas as pd

from cutbook.dates import earliest
from cutbook.derive.records import Datasets, dataset_or_empty, text_column, yes_no
from cutbook.derive.rules import first_match
from cutbook.parameters.study.data_cut import Inclusion
from cutbook.parameters.study.treatment import Treatment
from cutbook.records import meets

MISSING_ARM = "Missing"
"""Label of participants who were randomised or treated but have no arm of the study file."""

SCREEN_FAILURE = "SCREEN FAILURE"
"""Reason for no arm (ARMNRS, CDISC controlled terminology) of participants who failed screening."""


def randomisation_dates(datasets: Datasets, included: Inclusion) -> pd.Series:
    """Return the day of randomisation by USUBJID, the earliest when there are several; nobody else is listed."""
    records = dataset_or_empty(datasets, included.dataset)
    chosen = records[meets(records, included.where)]
    days = earliest(text_column(chosen, included.date)).dt.floor("D")
    first: pd.Series = days.groupby(text_column(chosen, "USUBJID")).min()
    return first.dropna()


def screen_failures(
    dm: pd.DataFrame, treatment: Treatment, *, is_randomised: pd.Series, has_failed: pd.Series
) -> pd.Series:
    """Return SCRFFL, ``Y`` for participants who failed screening, else ``N``.

    Parameters
    ----------
    dm : DataFrame
        ARMCD and, where delivered, ARMNRS (why there is no arm).
    treatment : Treatment
        ``not_assigned`` lists the arm codes that mean no arm.
    is_randomised, has_failed : Series of bool
        A date of randomisation or a dose is known; a record of DS says that screening failed.

    Notes
    -----
    Rules, the first that applies: the arm code means not assigned → yes; randomised or treated → no; DS says so → yes;
    no arm code because of a screen failure → yes; otherwise no. Participants whose reason is another one (NOT ASSIGNED)
    are still in screening and have not failed.
    """
    code = text_column(dm, "ARMCD")
    reason = text_column(dm, "ARMNRS").str.upper().str.contains(SCREEN_FAILURE, regex=False, na=False)
    return yes_no(
        first_match(
            [
                (code.isin(treatment.not_assigned), True),
                (is_randomised, False),
                (has_failed, True),
                (code.isna() & reason, True),
            ],
            pd.Series(False, index=dm.index),
        )
    )


def planned_arms(dm: pd.DataFrame, *, is_randomised: pd.Series, treatment: Treatment) -> pd.Series:
    """Return the label of the arm as planned (TRT01P).

    Parameters
    ----------
    dm : DataFrame
        ARMCD.
    is_randomised : Series of bool
        Randomised or treated participants.
    treatment : Treatment
        The arms.

    Notes
    -----
    Rules, the first that applies: not randomised → missing; ARMCD is an arm of the study file → its label; otherwise
    ``Missing``.
    """
    labels = {arm.code: arm.label for arm in treatment.arms}
    label = text_column(dm, "ARMCD").map(labels).astype("str")
    return first_match(
        [(~is_randomised, _no_arm(dm)), (label.notna(), label)], pd.Series(MISSING_ARM, dm.index, dtype="str")
    )


def actual_arms(dm: pd.DataFrame, planned: pd.Series, treatment: Treatment, variable: str) -> pd.Series:
    """Return the label of the arm in which safety is analysed (TRT01A).

    Parameters
    ----------
    dm : DataFrame
        ARMCD, ACTARMCD.
    planned : Series
        Answer of `planned_arms`.
    treatment : Treatment
        The arms.
    variable : str
        ``ACTARMCD`` as treated, ``ARMCD`` as assigned.

    Notes
    -----
    Rules, the first that applies: not randomised → missing; the actual arm is an arm of the study file → its label; no
    actual arm is recorded, or it means not treated → the arm as planned; otherwise ``Missing``.
    """
    code = text_column(dm, variable)
    label = code.map({arm.code: arm.label for arm in treatment.arms}).astype("str")
    return first_match(
        [
            (planned.isna(), _no_arm(dm)),
            (label.notna(), label),
            (code.isna() | code.isin(treatment.not_assigned), planned),
        ],
        pd.Series(MISSING_ARM, dm.index, dtype="str"),
    )


def arm_numbers(labels: pd.Series, treatment: Treatment) -> pd.Series:
    """Return the place of each arm in the study file from 1, ``Missing`` after the last; missing without a label."""
    names = [arm.label for arm in treatment.arms]
    order = {label: float(place) for place, label in enumerate([*names, MISSING_ARM], start=1)}
    return labels.map(order).astype("float64")


def arm_doses(labels: pd.Series, treatment: Treatment) -> pd.Series:
    """Return the planned dose of each arm in mg or the study's unit; missing without an arm."""
    return labels.map({arm.label: arm.dose for arm in treatment.arms}).astype("float64")


def _no_arm(dm: pd.DataFrame) -> pd.Series:
    return pd.Series(index=dm.index, dtype="str")
