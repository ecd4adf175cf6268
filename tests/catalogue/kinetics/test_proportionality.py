"""Exposure against dose, and what the next dose may give, with answers found by hand."""

from __future__ import annotations

import math

import pytest

from catalogue.kinetics.kinetic_trial import HALVING, frames, profile, shown, study
from cutbook.catalogue.kinetics import proportionality
from cutbook.catalogue.kinetics.adpp import analysed
from cutbook.results.engine import compute


def scaled(by):
    return tuple(by * value for value in HALVING)


# Doses 10 and 20; highest concentrations 8, 32 and 16, 64: means 16 and 32, slope 1. Residuals ± ln 2, sigma² = 2 ln²
# 2, spread of ln dose: 4 (ln 2 / 2)² = ln² 2. The half width of the 90 % interval is 2.92 √2 = 4.13.
TRIAL = (
    profile("S1", "10 mg", scaled(0.5)), profile("S2", "10 mg", scaled(2)),
    profile("S3", "20 mg", scaled(1)), profile("S4", "20 mg", scaled(4)),
)  # fmt: skip


def test_the_slope_its_interval_and_the_judgement_stand_beside_their_limits():
    table = shown(proportionality.slopes, study(), *TRIAL)["T-E8-1"]
    half = 2.919985580355516 * math.sqrt(2)
    rest = f"0.678 to 1.322 | 1.00 | {2**-half:.4f} to {2**half:.1f} | – | not shown"
    assert [" | ".join(row) for row in table[:3]] == [
        "Dose, parameter | n | Slope | 90 % CI | Limits | Rdnm | 90 % CI | Lack of fit, p | Judgement",
        "Dose 1",
        f"  Cmax (ng/mL) | 4 | 1.000 | −{half - 1:.3f} to {half + 1:.3f} | {rest}",
    ]


def test_one_dose_has_a_reason_in_the_place_of_its_slope():
    table = shown(proportionality.slopes, study(), *TRIAL[:2])
    assert [row[2] for row in table["T-E8-1"][2:]] == ["NC"] * 3


def test_a_narrow_interval_within_the_limits_is_proportional_and_only_then():
    near = [
        profile(f"S{place}", arm, scaled(size * spread))
        for arm, size in (("10 mg", 1), ("20 mg", 2))
        for place, spread in enumerate((0.98, 1, 1.02), start=int(10 * size))
    ]
    own = study()
    results = compute(proportionality.slopes, frames(own, *near), own)
    assert set(results.loc[results["statistic"].eq("verdict"), "value"]) == {proportionality.PROPORTIONAL}


def test_values_by_dose_are_drawn_with_their_geometric_means():
    own = study()
    results = compute(proportionality.normalised, frames(own, *TRIAL), own)
    means = results[results["statistic"].eq("geomean") & results["level"].eq("CMAX")].set_index("group")["value"]
    assert means.to_dict() == pytest.approx({"A": 1.6, "B": 1.6})


def planned(**rules):
    own = study(**rules)
    arms = [*own.treatment.arms, own.treatment.arms[-1].model_copy(update={"code": "C", "label": "40 mg", "dose": 40})]
    return own.model_copy(update={"treatment": own.treatment.model_copy(update={"arms": arms})})


def test_the_next_planned_dose_has_a_prediction_beside_its_limit():
    cap = {"matrix": "Plasma", "parameter": "CMAX", "limit": 60, "label": "NOAEL of the rat"}
    rows = shown(proportionality.predictions, planned(caps=[cap]), *TRIAL)["T-G6-1"]
    # 40 mg: 64. x - centre = 1.5 ln 2: variance 2 ln² 2 (1 + 1/4 + 9/4) = 7 ln² 2.
    half = 2.919985580355516 * math.sqrt(7)
    assert rows[1][:3] == ("40 mg: Cmax (ng/mL)", "4", "64.0")
    assert rows[1][4:] == ("60.0", "above the limit")
    low, high = rows[1][3].split(" to ")
    assert (float(low), float(high)) == pytest.approx((64 * 2**-half, 64 * 2**half), rel=5e-3)
    assert rows[2][-1] == "no limit stated"


def test_without_a_higher_dose_nothing_is_predicted():
    own = study()
    assert compute(proportionality.predictions, frames(own, *TRIAL), own).empty
    assert proportionality.predictions.rows(own)[0].empty == "No dose is planned above the highest one with profiles."
    assert len(analysed(own)) == 1
