"""R stops where the gradient is still up to 0.023, so exact agreement is looked for at its covariance."""

import numpy as np
import pandas as pd
import pytest

from cutbook.stats.mmrm import mmrm
from cutbook.stats.mmrm.covariances import STRUCTURES, start
from cutbook.stats.mmrm.design import make_design
from cutbook.stats.mmrm.fitting import accepted
from cutbook.stats.mmrm.formula import parse
from cutbook.stats.mmrm.likelihood import Problem, evaluate
from cutbook.stats.mmrm.model import Settings, describe
from cutbook.stats.mmrm.patterns import constant, group_patterns, prepare
from cutbook.stats.mmrm.rows import Roles, read_rows

MODEL = "FEV1 ~ RACE + SEX + ARMCD * AVISIT"
METHODS = {"satt": "satterthwaite", "kr": "kenward_roger", "krlinear": "kenward_roger_linear"}
CASES = ["us_satt", "us_kr", "us_krlinear", "ar1_satt", "ar1_kr"]
SHOWN = {"estimate": "emmean", "se": "SE", "df": "df", "ci_low": "lower.CL", "ci_high": "upper.CL", "t": "t.ratio"}


@pytest.fixture(params=CASES, scope="module")
def case(request, shared):
    structure, method = request.param.split("_")
    return shared / f"reference/mmrm/fev_{request.param}", structure, METHODS[method]


@pytest.fixture(scope="module")
def at_theirs(case, fev):
    """Return what is said of the covariance at which R stopped."""
    folder, structure, df = case
    formula = parse(MODEL)
    rows = read_rows(fev, formula, Roles("USUBJID", "AVISIT", None, None))
    ready = prepare(rows, make_design(formula, rows))
    problem = Problem(STRUCTURES[structure], group_patterns(ready), 4, True, constant(ready, is_restricted=True))
    theirs = pd.read_csv(folder / "cov.csv", index_col=0).to_numpy() / ready.scale**2
    state = evaluate(problem, start(problem.structure, theirs))
    return describe(ready, accepted(problem, state, 0, 0.0), Settings("reml", df, "asymptotic"), structure, ())


@pytest.fixture(scope="module")
def fitted(case, fev):
    return mmrm(fev, MODEL, subject="USUBJID", visit="AVISIT", covariance=case[1], df=case[2])


def test_likelihood_coefficients_and_degrees_of_freedom_at_the_covariance_of_r(case, at_theirs):
    folder, *_ = case
    fit, theirs = pd.read_csv(folder / "fit.csv").iloc[0], pd.read_csv(folder / "coef.csv")
    for ours, name in [("log_likelihood", "loglik"), ("aic", "aic"), ("bic", "bic")]:
        assert getattr(at_theirs, ours) == pytest.approx(float(fit[name]), rel=1e-12)
    assert (at_theirs.n_observations, at_theirs.n_participants) == (fit["n_obs"], fit["n_subjects"])
    assert at_theirs.n_parameters == fit["n_theta"]
    assert at_theirs.coefficients["term"].tolist() == theirs["term"].tolist()
    for column, tolerance in {"estimate": 1e-9, "se": 1e-8, "df": 1e-6, "t": 1e-8, "p": 1e-6}.items():
        np.testing.assert_allclose(at_theirs.coefficients[column], theirs[column], rtol=tolerance)
    variance = pd.read_csv(folder / "vcov_beta.csv", index_col=0)
    np.testing.assert_allclose(at_theirs.beta_covariance, variance, atol=1e-8)


@pytest.mark.parametrize("weights", ["equal", "proportional"])
def test_means_and_contrasts_at_the_covariance_of_r(case, at_theirs, weights):
    folder, *_ = case
    theirs = pd.read_csv(folder / f"lsmeans_{weights}.csv")
    ours = at_theirs.lsmeans(["AVISIT", "ARMCD"], weights)
    assert ours[["ARMCD", "AVISIT"]].to_numpy().tolist() == theirs[["ARMCD", "AVISIT"]].to_numpy().tolist()
    for column, name in SHOWN.items():
        np.testing.assert_allclose(ours[column], theirs[name], rtol=1e-6)
    theirs = pd.read_csv(folder / f"contrasts_{weights}.csv")
    ours = at_theirs.contrasts("ARMCD", "PBO", by=["AVISIT"], weights=weights)
    assert ours["AVISIT"].tolist() == theirs["AVISIT"].tolist()
    for column, name in {**SHOWN, "estimate": "estimate", "p": "p.value"}.items():
        np.testing.assert_allclose(ours[column], theirs[name], rtol=1e-6)


def test_the_fit_is_at_least_as_likely_as_that_of_r_and_next_to_it(case, fitted):
    folder, *_ = case
    fit, theirs = pd.read_csv(folder / "fit.csv").iloc[0], pd.read_csv(folder / "coef.csv")
    assert 0 <= fitted.log_likelihood - float(fit["loglik"]) < 1e-6 * abs(float(fit["loglik"]))
    # A likelihood 2.5e-6 below its maximum leaves coefficients within a few thousandths of their standard errors.
    assert (np.abs(fitted.coefficients["estimate"] - theirs["estimate"]) / theirs["se"]).max() < 2e-4
    np.testing.assert_allclose(fitted.coefficients["se"], theirs["se"], rtol=1e-4)
    np.testing.assert_allclose(fitted.coefficients["df"], theirs["df"], rtol=1e-3)


def test_means_of_the_fit_are_those_of_r(case, fitted):
    folder, *_ = case
    theirs = pd.read_csv(folder / "lsmeans_equal.csv")
    ours = fitted.lsmeans(["AVISIT", "ARMCD"])
    np.testing.assert_allclose(ours["estimate"], theirs["emmean"], rtol=1e-5)
    np.testing.assert_allclose(ours["se"], theirs["SE"], rtol=2e-5)
    np.testing.assert_allclose(ours["df"], theirs["df"], rtol=1e-3)
