import numpy as np
import pandas as pd
import pytest

from cutbook.stats.mmrm import fitting
from cutbook.stats.mmrm.covariances import FALL_BACK, STRUCTURES, covariance, parameters, start
from cutbook.stats.mmrm.design import make_design
from cutbook.stats.mmrm.fitting import fit
from cutbook.stats.mmrm.formula import parse
from cutbook.stats.mmrm.freedom import kenward_roger_variance, satterthwaite
from cutbook.stats.mmrm.likelihood import Problem, Slopes, evaluate, slopes
from cutbook.stats.mmrm.patterns import constant, group_patterns, prepare
from cutbook.stats.mmrm.rows import Roles, read_rows
from repeated_measures import trial

STEP = 1e-4
SETTINGS = [{"method": "ml"}, {"group": "ARM"}, {"weights": "WEIGHT"}]


def differences(function, theta):
    """Return derivatives by central differences of the fourth order, the parameter first."""
    found = []
    for unit in np.eye(len(theta)) * STEP:
        near = function(theta + unit) - function(theta - unit)
        far = function(theta + 2 * unit) - function(theta - 2 * unit)
        found.append((8 * near - far) / (12 * STEP))
    return np.array(found)


def problem(structure, *, method="reml", group=None, weights=None):
    formula = parse("y ~ BASE + ARM * VISIT")
    rows = read_rows(trial(people=40, missing=0.25), formula, Roles("ID", "VISIT", group, weights))
    ready = prepare(rows, make_design(formula, rows))
    is_restricted = method == "reml"
    return Problem(
        STRUCTURES[structure], group_patterns(ready), 4, is_restricted, constant(ready, is_restricted=is_restricted)
    )


def theta_of(given):
    return np.random.default_rng(5).normal(0, 0.2, given.parameters)


def check_slopes(given):
    theta = theta_of(given)
    found = slopes(given, evaluate(given, theta))
    by_value = differences(lambda at: np.array(evaluate(given, at).deviance), theta)
    np.testing.assert_allclose(found.gradient, by_value, atol=1e-6)
    by_gradient = differences(lambda at: slopes(given, evaluate(given, at)).gradient, theta)
    np.testing.assert_allclose(found.hessian, by_gradient, atol=1e-6)
    by_information = differences(lambda at: evaluate(given, at).information, theta)
    np.testing.assert_allclose(found.information, by_information, atol=1e-7)


@pytest.mark.parametrize("visits", [1, 2, 3, 5])
@pytest.mark.parametrize("structure", STRUCTURES)
def test_derivatives_of_each_structure_are_those_of_finite_differences(structure, visits):
    chosen = STRUCTURES[structure]
    theta = np.random.default_rng(3).normal(0, 0.4, parameters(chosen, visits))
    found = covariance(chosen, theta, visits)
    np.testing.assert_allclose(
        found.first, differences(lambda at: covariance(chosen, at, visits).value, theta), atol=1e-8
    )
    np.testing.assert_allclose(
        found.second, differences(lambda at: covariance(chosen, at, visits).first, theta), atol=1e-8
    )


@pytest.mark.parametrize("structure", STRUCTURES)
def test_the_start_of_a_covariance_of_the_structure_is_that_covariance(structure):
    chosen = STRUCTURES[structure]
    theta = np.random.default_rng(8).normal(0, 0.2, parameters(chosen, 4))
    value = covariance(chosen, theta, 4).value
    np.testing.assert_allclose(covariance(chosen, start(chosen, value), 4).value, value, atol=1e-12)


@pytest.mark.parametrize("structure", STRUCTURES)
def test_gradient_and_hessian_of_the_likelihood_are_those_of_finite_differences(structure):
    check_slopes(problem(structure))


@pytest.mark.parametrize("settings", SETTINGS, ids=str)
def test_gradient_and_hessian_with_settings(settings):
    check_slopes(problem("ar1h", **settings))


@pytest.mark.slow
@pytest.mark.parametrize("settings", SETTINGS, ids=str)
@pytest.mark.parametrize("structure", STRUCTURES)
def test_gradient_and_hessian_of_each_structure_with_settings(structure, settings):
    check_slopes(problem(structure, **settings))


@pytest.mark.parametrize("weights", [None, "WEIGHT"])
def test_satterthwaite_is_the_delta_method_of_the_variance(weights):
    given = problem("us", weights=weights)
    fitted = fit(given)
    theta = fitted.state.theta
    row = np.random.default_rng(2).normal(size=(1, 13))
    slope = differences(lambda at: (row @ evaluate(given, at).variance @ row.T).ravel(), theta).ravel()
    hessian = differences(lambda at: slopes(given, evaluate(given, at)).gradient, theta)
    variance = (row @ fitted.state.variance @ row.T).item()
    expected = 2 * variance**2 / (slope @ np.linalg.inv(hessian / 2) @ slope)
    assert satterthwaite(fitted)(row, row).item() == pytest.approx(expected, rel=1e-6)


@pytest.mark.parametrize("is_linear", [True, False])
@pytest.mark.parametrize("group", [None, "ARM"])
def test_kenward_roger_is_its_definition_summed_over_participants(is_linear, group):
    given = problem("toeph", group=group)
    fitted = fit(given)
    size = given.parameters // len(given.groups)
    middle = np.zeros((13, 13))
    for place, patterns in enumerate(given.groups):
        part = fitted.state.covariances[place]
        inverse = fitted.state.inverses[place]
        for one in range(size):
            for two in range(size):
                weight = fitted.parameter_covariance[place * size + one, place * size + two]
                q = patterns.total(inverse @ part.first[one] @ inverse @ part.first[two] @ inverse)
                q = (q + patterns.total(inverse @ part.first[two] @ inverse @ part.first[one] @ inverse)) / 2
                r = patterns.total(inverse @ part.second[one, two] @ inverse)
                middle += weight * (q - (0 if is_linear else r / 4))[:-1, :-1]
    p = -fitted.slopes.information
    for one in range(given.parameters):
        for two in range(given.parameters):
            middle -= fitted.parameter_covariance[one, two] * p[one] @ fitted.state.variance @ p[two]
    expected = fitted.state.variance + 2 * fitted.state.variance @ middle @ fitted.state.variance
    np.testing.assert_allclose(kenward_roger_variance(fitted, is_linear=is_linear), expected, rtol=1e-8, atol=1e-12)


def test_parameters_that_cannot_be_told_apart_are_no_fit(monkeypatch):
    given = problem("ar1")
    alike = Slopes(np.zeros(2), np.ones((2, 2)), np.zeros((2, 13, 13)))
    monkeypatch.setattr(fitting, "slopes", lambda *_: alike)
    found = fitting.accepted(given, evaluate(given, theta_of(given)), 1, 0.0)
    assert found.reason == "the information on the covariance of the visits is not positive definite"


def test_a_step_along_a_flat_direction_promises_what_the_whole_of_it_would_bring():
    hessian = np.array([[1.0, 1 - 1e-7], [1 - 1e-7, 1.0]])
    gradient = np.array([1e-6, -1e-6]) / np.sqrt(2)
    _, decrement = fitting._step(Slopes(gradient, hessian, np.zeros((2, 1, 1))))
    assert decrement == pytest.approx(1e-12 / 1e-7, rel=1e-6)


def test_twice_as_many_participants_make_no_more_cross_products():
    formula = parse("y ~ BASE + ARM * VISIT")
    once = trial(people=40, missing=0.25)
    twice = pd.concat([once, once.assign(ID="again " + once["ID"])])
    found = []
    for data in (once, twice):
        rows = read_rows(data, formula, Roles("ID", "VISIT", None, None))
        found.append(group_patterns(prepare(rows, make_design(formula, rows)))[0])
    assert found[1].products.shape == found[0].products.shape
    assert found[1].counts.tolist() == (2 * found[0].counts).tolist()


def test_structures_follow_each_other_from_many_parameters_to_few():
    counts = [parameters(STRUCTURES[name], 4) for name in FALL_BACK]
    assert counts == [10, 7, 5, 5, 4, 2, 2]
