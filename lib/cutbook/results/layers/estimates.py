"""Tables of estimates: the records of a fit, given to the function of its method."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pandas as pd

from cutbook.catalogue.kinds.estimates import (
    DoseResponse,
    Estimates,
    JointRanks,
    MeanScores,
    RandomSlope,
    RepeatedMeasures,
    Survival,
)
from cutbook.results.columns import arm_codes
from cutbook.results.layers.fits import doses, ranks, repeated, scores, slopes, survival
from cutbook.results.layers.scope import Scope

_FITTED_BY: dict[type, Callable[[Estimates, Any, pd.DataFrame, Scope], pd.DataFrame]] = {
    DoseResponse: doses.rows_of_doses,
    JointRanks: ranks.rows_of_ranks,
    MeanScores: scores.rows_of_scores,
    RandomSlope: slopes.rows_of_slopes,
    RepeatedMeasures: repeated.rows_of_repeated,
    Survival: survival.rows_of_survival,
}
"""Function by kind of method."""


def rows_of_estimates(layer: Estimates, scope: Scope) -> pd.DataFrame:
    """Return the estimates of a model of the records of a population, by the function of its method.

    Returns
    -------
    frame
        Rows for a results table: ``LSMEAN`` and ``DIFF`` by visit and group, ``MODEL`` for the whole model; where
        there is no fit, a row of ``MODEL`` with the reason.
    """
    members = (layer.population or scope.display.population).members(scope.frames.adsl)
    own = scope.records(layer.records)
    own = own[own["USUBJID"].isin(members["USUBJID"])]
    arms = own["TRT01A"].map(arm_codes(scope.study)).astype("str")
    strata = [name for name in members.columns if name not in own]
    data = own.assign(ARM=arms).merge(members[["USUBJID", *strata]], on="USUBJID", how="left", validate="many_to_one")
    return _FITTED_BY[type(layer.method)](layer, layer.method, data, scope).assign(parameter=layer.parameter)
