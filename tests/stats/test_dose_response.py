"""Models by dose against R's lm and emmeans, and against data that a curve made."""

import numpy as np
import pandas as pd
import pytest

from cutbook.stats.ancova import ancova
from cutbook.stats.dose_response import emax, line, log_dose, trend

ARMS = ["Placebo", "20 mg", "40 mg", "60 mg", "100 mg"]


@pytest.fixture(scope="module")
def folder(shared):
    """Return where the reference stands."""
    return shared / "reference/stats"


@pytest.mark.parametrize("suffix", ["", "_strat"])
def test_the_linear_trend_is_that_of_emmeans(folder, suffix):
    data = pd.read_csv(folder / "ancova_log_ratio_dev/data.csv").rename(columns={"arm": "ARM"})
    data = data.assign(
        y=np.log(data["value"] / data["baseline"]), x=np.log(data["baseline"]), f=data["fast"].astype(str)
    )
    fit = ancova(data, "y", ARMS, control="Placebo", covariates=["x"], factors=["f"] if suffix else [])
    found = trend(fit.differences["estimate"].tolist(), fit.covariance, fit.df)
    expected = pd.read_csv(folder / f"ancova_log_ratio_dev/linear_trend{suffix}.csv").iloc[0]
    names = ["estimate", "SE", "df", "lower.CL", "upper.CL", "p.value"]
    ours = [found.estimate, found.se, found.df, found.ci_low, found.ci_high, found.p]
    assert ours == pytest.approx(expected[names].tolist(), rel=1e-9)


def test_a_line_is_that_of_lm(folder):
    data = pd.read_csv(folder / "power_model_dev/data.csv")
    found = line(data.assign(y=np.log(data["auc"]), x=np.log(data["dose"])), "y", "x")
    expected = pd.read_csv(folder / "power_model_dev/results.csv").set_index("term").loc["log(dose)"]
    ours = [found.estimate, found.se, found.df, found.ci_low, found.ci_high]
    assert ours == pytest.approx(expected[["estimate", "se", "df", "lo95", "up95"]].tolist(), rel=1e-9)


def test_emax_finds_the_curve_that_made_the_data():
    doses = np.repeat([0.0, 10.0, 20.0, 40.0, 80.0], 4)
    noise = np.tile([0.01, -0.01, 0.02, -0.02], 5)
    found = emax(pd.DataFrame({"y": 1 - 2 * doses / (20 + doses) + noise, "d": doses}), "y", "d")
    assert found.effect.estimate == pytest.approx(-2.0, abs=0.01)
    assert found.ed50.estimate == pytest.approx(20.0, abs=0.5)
    assert found.at(20.0)[0] == pytest.approx(-1.0, abs=0.01)
    assert found.at(20.0)[1] < found.at(20.0)[0] < found.at(20.0)[2]
    assert found.ed50.ci_low < 20.0 < found.ed50.ci_high


def test_a_straight_line_has_no_dose_of_half_the_effect():
    doses = np.repeat([0.0, 10.0, 20.0, 40.0], 3)
    straight = pd.DataFrame({"y": doses * 2 + np.tile([0.1, 0.0, -0.1], 4), "d": doses})
    assert emax(straight, "y", "d") == "the doses do not tell the dose of half the effect"
    assert emax(straight[straight["d"] < 20], "y", "d") == "fewer than two doses besides 0"


def test_what_cannot_be_fitted_has_a_reason():
    one = pd.DataFrame({"y": [1.0, 2.0, 3.0, 5.0], "d": [10.0] * 4, "x": [0.1] * 4})
    assert line(one, "y", "d") == "the terms of the model cannot be told apart"
    assert line(one.assign(d=range(4)), "y", "d", covariates=["x"]) == "the terms of the model cannot be told apart"
    assert line(one.head(2).assign(d=[0.0, 1.0]), "y", "d") == "too few participants for the model"
    assert trend([1.0], [[1.0]], 5) == "fewer than three arms have an estimate"


def test_the_logarithm_of_a_dose_begins_at_none():
    assert log_dose(pd.Series([0.0, 20.0, 60.0]), 20.0).tolist() == pytest.approx([0.0, np.log(2), np.log(4)])
