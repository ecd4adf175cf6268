"""The power model against R and published limits."""

from __future__ import annotations

import math

import pandas as pd
import pytest

from cutbook.stats.power_model import HUMMEL, PowerReason, power_model, smith_limits


@pytest.fixture
def reference(shared):
    folder = shared / "reference" / "stats" / "power_model_dev"
    return {name: pd.read_csv(folder / f"{name}.csv") for name in ("data", "results", "lack_of_fit")}


def test_slope_interval_ratio_limits_and_lack_of_fit_are_those_of_r(reference):
    fit = power_model(reference["data"]["dose"], reference["data"]["auc"])
    row = reference["results"].iloc[1]
    names = {
        "slope": "estimate", "slope_low": "lo90", "slope_high": "up90", "sigma": "sigma", "rdnm": "rdnm_est",
        "rdnm_low": "rdnm_lo90", "rdnm_high": "rdnm_up90", "df": "df",
    }  # fmt: skip
    assert {name: getattr(fit, name) for name in names} == pytest.approx(
        {name: row[column] for name, column in names.items()}, rel=1e-12
    )
    assert smith_limits(fit.ratio_of_doses) == pytest.approx((row["smith_lo"], row["smith_up"]), rel=1e-12)
    assert fit.lack_of_fit == pytest.approx(reference["lack_of_fit"]["p"].iloc[0], rel=1e-12)


def test_limits_for_a_fivefold_range_are_those_of_the_papers():
    assert smith_limits(5) == pytest.approx((0.861, 1.139), abs=5e-4)
    assert smith_limits(5, HUMMEL) == pytest.approx((0.569, 1.431), abs=5e-4)


def test_the_prediction_of_one_participant_is_that_found_by_hand():
    # Doses 1 and e^2, logarithms of values 0, 2, 2, 4: slope 1, intercept 1, residuals ±1, sigma² = 4/2.
    fit = power_model([1, 1, math.e**2, math.e**2], [1, math.e**2, math.e**2, math.e**4])
    assert (fit.slope, fit.intercept, fit.sigma**2) == pytest.approx((1.0, 1.0, 2.0))
    # At dose e³: x = 3, centre 1, spread 4: variance 2 (1 + 1/4 + 4/4) = 4.5; t(0.95, 2) = 2.919986.
    value, low, high = fit.predicted(math.e**3)
    half = 2.919985580355516 * math.sqrt(4.5)
    assert (value, low, high) == pytest.approx((math.e**4, math.exp(4 - half), math.exp(4 + half)))
    assert fit.mean_at(math.e**3)[1] == pytest.approx(math.exp(4 - 2.919985580355516 * math.sqrt(2.5)))


@pytest.mark.parametrize(
    ("dose", "value", "reason"),
    [
        ([10, 10, 10], [1, 2, 3], PowerReason.ONE_DOSE),
        ([], [], PowerReason.ONE_DOSE),
        ([10, 20], [1, 2], PowerReason.TOO_FEW),
        ([10, 20, 40], [1, 2, 4], PowerReason.EXACT),
        ([10, 20, float("nan")], [1, 0, 4], PowerReason.ONE_DOSE),
    ],
)
def test_what_cannot_be_estimated_has_a_reason(dose, value, reason):
    assert power_model(dose, value) is reason


def test_two_doses_or_one_value_a_dose_have_no_lack_of_fit():
    assert math.isnan(power_model([1, 1, 2, 2], [1, 2, 3, 5]).lack_of_fit)
    assert math.isnan(power_model([1, 2, 4], [1, 3, 5]).lack_of_fit)
