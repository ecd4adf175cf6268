"""Urine: amounts, shares of the dose and clearances by hand."""

import numpy as np
import pandas as pd
import pytest

from cutbook.stats.nca import NcaOptions, NcaReason, nca, urine
from profiles_of import GOOD, one_dose, samples, shown

PLASMA = samples(A=GOOD)
CODES = ["RCAMINT", "RCPCINT", "RENALCL"]
NAN = float("nan")


def spots(*rows):
    return pd.DataFrame(rows, columns=["start", "end", "conc", "volume"], dtype="float64").assign(id="A")


def recovered(collections, **settings):
    options = NcaOptions(**settings)
    areas = nca(PLASMA, one_dose(PLASMA), options=options)
    return shown(urine(collections, one_dose(PLASMA), areas, options=options), "A", CODES)


def test_amount_share_and_clearance():
    found = recovered(spots((0, 4, 2, 5), (4, 12, 0, 7), (12, 24, 1, 10)))
    assert found == [20.0, 20.0, round(20 / 54.937743, 6)]


@pytest.mark.parametrize(
    ("rows", "reason"),
    [
        ([(0, 4, 2, 5), (4, 24, NAN, 7)], NcaReason.NOT_MEASURED),
        ([(0, 4, 2, NAN), (4, 24, 1, 7)], NcaReason.NOT_MEASURED),
        ([(0, 4, -2, 5), (4, 24, 1, 7)], NcaReason.NOT_MEASURED),
        ([(0, 4, 2, 5), (6, 24, 1, 7)], NcaReason.NO_COLLECTION),
        ([(1, 4, 2, 5), (4, 24, 1, 7)], NcaReason.NO_COLLECTION),
        ([(0, 4, 2, 5), (3, 24, 1, 7)], NcaReason.OVERLAP),
        ([], NcaReason.NO_SAMPLES),
    ],
)
def test_a_sum_that_would_be_wrong_is_missing_with_its_reason(rows, reason):
    assert recovered(spots(*rows)) == [reason] * 3


def test_a_text_in_the_place_of_a_number_is_no_amount():
    rows = spots((0, 4, 2, 5), (4, 24, 1, 7)).astype({"conc": "object"})
    rows.loc[1, "conc"] = "<1"
    assert recovered(rows) == [NcaReason.NOT_MEASURED] * 3


def test_collections_of_a_finite_interval_reach_its_end():
    rows = (0, 4, 2, 5), (4, 24, 1, 10), (24, 48, 9, 9)
    assert recovered(spots(*rows), intervals=((0, 24),))[0] == 20.0
    assert recovered(spots(*rows[:1]), intervals=((0, 24),))[0] == NcaReason.NO_COLLECTION


def test_the_reason_of_a_missing_area_or_dose_is_kept():
    areas = nca(PLASMA, one_dose(PLASMA), options=NcaOptions(min_points=7))
    none = one_dose(PLASMA).head(0)
    found = urine(spots((0, 24, 2, 5)), none, areas, options=NcaOptions(), auc="AUCIFO")
    assert shown(found, "A", CODES) == [10.0, NcaReason.NO_DOSE, NcaReason.TOO_FEW]


def test_amounts_can_be_brought_to_the_unit_of_the_dose():
    areas = nca(PLASMA, one_dose(PLASMA))
    found = urine(spots((0, 24, 2, 5)), one_dose(PLASMA), areas, options=NcaOptions(), amount_in_dose_units=1e-3)
    assert shown(found, "A", CODES)[:2] == [0.01, 0.01]
    assert np.isfinite(found["value"]).all()
