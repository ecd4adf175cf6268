"""Random-slope models against R's lmer with lmerTest and pbkrtest."""

import numpy as np
import pandas as pd
import pytest

from cutbook.stats.random_slope import random_slope

ARMS = ["Placebo", "Active"]
NAMES = {"estimate": "time.trend", "se": "SE", "df": "df", "ci_low": "lower.CL", "ci_high": "upper.CL"}


@pytest.fixture(scope="module")
def folder(shared):
    """Return where the reference stands."""
    return shared / "reference/stats"


@pytest.fixture(scope="module")
def data(folder):
    """Return the values of the reference."""
    named = pd.read_csv(folder / "random_slope_dev/data.csv").rename(columns={"id": "USUBJID", "arm": "ARM"})
    return named.astype({"time": "float64", "score": "float64"})


@pytest.mark.parametrize("df", ["satterthwaite", "kenward_roger"])
def test_slopes_and_their_difference_are_those_of_r(folder, data, df):
    found = random_slope(data, "score", "time", ARMS, control="Placebo", df=df)
    kind = df.replace("_", "-")
    slopes = pd.read_csv(folder / f"random_slope_dev/slopes_{kind}.csv")
    for ours, theirs in NAMES.items():
        np.testing.assert_allclose(found.slopes[ours], slopes[theirs], rtol=1e-6)
    difference = pd.read_csv(folder / f"random_slope_dev/slope_diff_{kind}.csv").iloc[0]
    own = found.differences.iloc[0]
    for ours, theirs in (NAMES | {"estimate": "estimate", "p": "p.value"}).items():
        assert own[ours] == pytest.approx(difference[theirs], rel=1e-6)


def test_likelihood_and_variances_are_those_of_r(folder, data):
    found = random_slope(data, "score", "time", ARMS, control="Placebo")
    fit = pd.read_csv(folder / "random_slope_dev/fit.csv").iloc[0]
    variances = pd.read_csv(folder / "random_slope_dev/varcorr.csv")["vcov"]
    assert found.log_likelihood == pytest.approx(fit["logLik"], abs=1e-6)
    assert found.variances == pytest.approx([variances[0], variances[2], variances[1], variances[3]], rel=1e-5)
    assert found.observations == fit["nobs"]


def test_a_study_of_one_arm_has_a_slope_and_no_difference(folder):
    sleep = pd.read_csv(folder / "sleepstudy/data.csv")
    named = (
        sleep.rename(columns={"Subject": "USUBJID"}).assign(ARM="A").astype({"Reaction": "float64", "Days": "float64"})
    )
    found = random_slope(named, "Reaction", "Days", ["A"], control="P")
    expected = pd.read_csv(folder / "sleepstudy/coef_satt.csv").set_index("term").loc["Days"]
    own = found.slopes.iloc[0]
    assert [own["estimate"], own["se"], own["df"]] == pytest.approx(
        expected[["estimate", "se", "df"]].tolist(), rel=1e-5
    )
    assert found.differences.empty


def test_what_cannot_be_fitted_has_a_reason(data):
    assert random_slope(data.iloc[:0], "score", "time", ARMS, control="Placebo") == "nobody has a value"
    once = data.drop_duplicates("USUBJID")
    assert random_slope(once, "score", "time", ARMS, control="Placebo").startswith("fewer than three participants")
    exact = data.assign(score=data["time"] * 2)
    assert random_slope(exact, "score", "time", ARMS, control="Placebo").startswith("the terms of the model explain")
    alike = data.assign(score=np.tile([0.0, 1.0, -1.0, 0.5], len(data))[: len(data)])
    assert isinstance(random_slope(alike, "score", "time", ARMS, control="Placebo"), str)
