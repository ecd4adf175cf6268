from __future__ import annotations

import numpy as np
import pytest
from scipy.linalg import expm

from virtual_trial.facts import fact
from virtual_trial.pharmacokinetics import concentration, course
from virtual_trial.pk_parameters import area

DOSE_HOURS = [24.0 * (day - 1) for day in fact("dose_days")]


def at(terms: tuple[tuple[float, float], ...], hour: float, dose: float = 100) -> float:
    return concentration(terms, dose, [hour - given for given in DOSE_HOURS])


def rate_matrix(weight: float) -> tuple[np.ndarray, float, float]:
    p, size = fact("pk.model"), weight / 15.2
    csf, plasma = p["v_csf"] * size**0.596, p["v_plasma"] * (1 + 0.047 * (weight - 15.2))
    out, drain, deep = p["cl_plasma"] * size**0.689 / plasma, p["cl_csf"] / csf, p["q_csf"] / csf
    back, spread, tissue = p["q_csf"] / p["v_cns"], p["q_plasma"] / plasma, p["q_plasma"] / p["v_tissue"]
    matrix = np.array(
        [
            [-(drain + deep), back, 0, 0],
            [deep, -back, 0, 0],
            [drain, 0, -(out + spread), tissue],
            [0, 0, spread, -tissue],
        ]
    )
    return matrix, csf, plasma


@pytest.mark.parametrize("weight", [48.0, 75.0, 120.0])
@pytest.mark.parametrize("hours", [0.5, 4.0, 24.0, 336.0, 4000.0])
def test_one_dose_agrees_with_the_matrix_exponential(weight: float, hours: float) -> None:
    matrix, csf, plasma = rate_matrix(weight)
    amounts = expm(matrix * hours) @ np.array([100.0, 0, 0, 0])
    curves = course(weight, {})
    assert concentration(curves.csf, 100, [hours]) == pytest.approx(1000 * amounts[0] / csf, rel=1e-9)
    assert concentration(curves.plasma, 100, [hours]) == pytest.approx(1000 * amounts[2] / plasma, rel=1e-7)


def test_the_typical_course_of_100_mg_is_the_specified_one() -> None:
    curves = course(75.0, {})
    troughs = [at(curves.csf, 24.0 * (day - 1)) for day in (15, 29, 57, 85, 92, 106, 127, 169)]
    assert [round(value) for value in troughs] == [20, 36, 38, 39, 58, 45, 31, 15]
    assert [round(at(curves.plasma, hour)) for hour in (1, 2, 4, 6, 8, 24)] == [410, 572, 620, 566, 498, 166]


def test_concentrations_are_proportional_to_the_dose() -> None:
    curves = course(75.0, {})
    assert at(curves.csf, 500, 20) == pytest.approx(at(curves.csf, 500, 100) / 5)


def test_a_deviation_moves_its_own_parameter() -> None:
    halved = course(75.0, {"v_csf": np.log(2)})
    assert concentration(halved.csf, 100, [1e-6]) == pytest.approx(concentration(course(75.0, {}).csf, 100, [1e-6]) / 2)


def test_a_later_dose_adds_nothing() -> None:
    assert concentration(course(75.0, {}).csf, 100, [-5.0]) == 0


def test_the_area_is_that_of_the_trapezoids() -> None:
    assert area([(0, 0), (1, 10), (3, 20), (3, 20)]) == 35
