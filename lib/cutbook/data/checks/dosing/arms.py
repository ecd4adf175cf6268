"""The dose of each participant's arm, as safety is analysed."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from cutbook.columns import text_column
from cutbook.parameters.study import Study


def arm_codes(datasets: Mapping[str, pd.DataFrame], study: Study) -> pd.Series:
    """Return the code of the arm in which each participant is analysed by USUBJID; missing without an arm.

    Notes
    -----
    The actual arm as ``populations.actual_arm`` says; where it is blank or means not assigned, the planned one.
    """
    dm = datasets.get("dm", pd.DataFrame())
    planned, actual = (text_column(dm, name) for name in ("ARMCD", study.populations.actual_arm))
    code = actual.mask(actual.isin(study.treatment.not_assigned)).fillna(planned)
    own = code.set_axis(text_column(dm, "USUBJID"))
    known: pd.Series = own[own.isin([arm.code for arm in study.treatment.arms])]
    return known[~known.index.duplicated()]


def arm_doses(datasets: Mapping[str, pd.DataFrame], study: Study) -> pd.Series:
    """Return the dose of the arm in which each participant is analysed by USUBJID, in the study's unit."""
    doses = {arm.code: arm.dose for arm in study.treatment.arms}
    return arm_codes(datasets, study).map(doses).astype("float64")


def planned_doses(datasets: Mapping[str, pd.DataFrame], study: Study) -> pd.Series:
    """Return the doses (a tuple, in the study's unit) that the arm of each participant plans by USUBJID."""
    doses = {arm.code: tuple(arm.doses or [arm.dose]) for arm in study.treatment.arms}
    known: pd.Series = arm_codes(datasets, study).map(doses)
    return known
