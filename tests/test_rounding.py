"""One rounding: its text in displays and its numbers in derivations are the same."""

from __future__ import annotations

import math
from decimal import Decimal

import numpy as np
import pandas as pd
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from cutbook.display.look.numbers import MINUS, fixed
from cutbook.rounding import rounded, rounded_to_figures, rounded_values


@pytest.mark.parametrize(
    ("value", "decimals", "expected"),
    [
        (0.5, 0, "1"),
        (1.5, 0, "2"),
        (2.5, 0, "3"),
        (-0.5, 0, "-1"),
        (-2.5, 0, "-3"),
        (2.675, 2, "2.68"),
        (1.005, 2, "1.01"),
        (-1.005, 2, "-1.01"),
        (0.285, 2, "0.29"),
        (100 * 3 / 48, 1, "6.3"),
        (0.1 + 0.2, 1, "0.3"),
        (24.95 - 1e-9, 1, "24.9"),
        (24.95 - 1e-13, 1, "25.0"),
        (1234567890.05, 1, "1234567890.1"),
        (1e22, 2, "10000000000000000000000.00"),
        (0.04, 1, "0.0"),
    ],
)
def test_halves_go_away_from_zero_whatever_the_last_binary_digits_say(value, decimals, expected):
    assert f"{rounded(value, decimals):f}" == expected
    assert rounded_values(pd.Series([value]), decimals).tolist() == [float(expected)]


@given(st.floats(-1e12, 1e12), st.integers(0, 6))
@example(0.285, 2)
@example(-0.0449999999999999, 1)
def test_a_number_of_a_derivation_reads_as_the_text_of_a_display(value, decimals):
    (number,) = rounded_values(pd.Series([value]), decimals)
    assert float(fixed(value, decimals).replace(MINUS, "-")) == number


@given(st.floats(allow_nan=False, allow_infinity=False), st.integers(0, 6))
def test_a_rounded_number_is_at_most_half_a_unit_of_the_last_place_away(value, decimals):
    noise = abs(Decimal(value)) * Decimal("1e-12")
    assert abs(rounded(value, decimals) - Decimal(value)) <= Decimal(5).scaleb(-decimals - 1) + noise


@given(st.floats(1e-9, 1e15), st.integers(0, 6))
def test_rounding_is_the_same_on_both_sides_of_zero(value, decimals):
    assert rounded(-value, decimals) == -rounded(value, decimals)


def test_missing_values_stay_missing_and_the_index_stays():
    values = pd.Series([1.25, np.nan, 1.25], index=[7, 3, 5])
    pd.testing.assert_series_equal(rounded_values(values, 1), pd.Series([1.3, np.nan, 1.3], index=[7, 3, 5]))
    assert rounded_values(pd.Series([], dtype="float64"), 1).empty
    assert rounded_values(pd.Series([np.nan]), 1).isna().all()
    assert rounded_values(pd.Series([1, 2]), 0).tolist() == [1.0, 2.0]


def test_a_missing_number_has_no_digits():
    assert math.isnan(rounded(math.nan, 1))


@pytest.mark.parametrize(
    ("value", "expected"), [(0.0123450, "0.0123"), (0.01235, "0.0124"), (99.95, "100"), (-9.996, "-10.0"), (0.0, "0")]
)
def test_significant_figures_are_counted_from_the_first_that_is_not_zero(value, expected):
    assert f"{rounded_to_figures(value, 3):f}" == expected
