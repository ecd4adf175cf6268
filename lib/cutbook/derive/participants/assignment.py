"""Who was randomised, who failed screening, and the arm of each participant as planned and as analysed for safety."""

from __future__ import annotations

import pandas as pd

from cutbook.dates import earliest
from cutbook.derive.records import Datasets, dataset_or_empty, has_value, text_column, yes_no
from cutbook.derive.rules import first_match
from cutbook.parameters.study.data_cut import Inclusion
from cutbook.parameters.study.treatment import Treatment
from cutbook.records import meets

MISSING_ARM = "Missing"
"""Label of participants who were randomised or treated but have no arm of the study file."""

_FAILED_CODE = "SCRNFAIL"
"""Arm code of participants who failed screening (CDISC), whether the study file lists it or not."""

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
        ARMCD and, where delivered, ACTARMCD and ARMNRS (why there is no arm).
    treatment : Treatment
        ``not_assigned`` lists the arm codes that mean no arm.
    is_randomised, has_failed : Series of bool
        A date of randomisation or a dose is known; a record of DS says that screening failed.

    Notes
    -----
    Rules, the first that applies: the arm code means not assigned, or screen failure → yes; randomised or treated → no;
    DS says so, or the actual arm code → yes; no arm code because of a screen failure → yes; otherwise no. Participants
    whose reason is another one (NOT ASSIGNED) are still in screening and have not failed.
    """
    code = text_column(dm, "ARMCD")
    reason = text_column(dm, "ARMNRS").str.upper().str.contains(SCREEN_FAILURE, regex=False, na=False)
    return yes_no(
        first_match(
            [
                (code.isin([*treatment.not_assigned, _FAILED_CODE]), True),
                (is_randomised, False),
                (has_failed | text_column(dm, "ACTARMCD").eq(_FAILED_CODE), True),
                (code.isna() & reason, True),
            ],
            pd.Series(False, index=dm.index),
        )
    )


def has_arm(dm: pd.DataFrame, treatment: Treatment) -> pd.Series:
    """Return True for participants whose arm code (ARMCD) is that of an arm of the study file."""
    return text_column(dm, "ARMCD").isin([arm.code for arm in treatment.arms])


def entry_flags(adsl: pd.DataFrame, delivered: pd.DataFrame, treatment: Treatment) -> dict[str, pd.Series]:
    """Return RANDFL and SCRFFL of a delivered ADSL, from what else it tells where it has no such flag.

    Parameters
    ----------
    adsl : DataFrame
        RANDFL, SCRFFL, TRT01P, ARMCD; missing throughout where not delivered.
    delivered : DataFrame
        The dataset as it came, which may have ITTFL.
    treatment : Treatment
        The arms.

    Notes
    -----
    Randomised, by the first that has a value: RANDFL; ITTFL; the planned arm is one of the study file. Failed
    screening: SCRFFL; an arm code of no arm.
    """
    labels = [arm.label for arm in treatment.arms]
    flags = {}
    if not has_value(adsl, "RANDFL"):
        by_arm = yes_no(adsl["TRT01P"].isin(labels) | has_arm(adsl, treatment))
        flags["RANDFL"] = text_column(delivered, "ITTFL") if has_value(delivered, "ITTFL") else by_arm
    if not has_value(adsl, "SCRFFL") and has_value(adsl, "ARMCD"):
        flags["SCRFFL"] = yes_no(adsl["ARMCD"].isin([*treatment.not_assigned, _FAILED_CODE]))
    return flags


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
