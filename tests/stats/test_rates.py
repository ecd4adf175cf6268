"""Rates against R: ``poisson.test`` and ``ratesci::scoreci``."""

import pandas as pd
import pytest

from cutbook.stats.rates import exact_rate_limits, rate_difference


def test_limits_of_rates_are_those_of_poisson_test(shared):
    cases = pd.read_csv(shared / "reference/safety/rates/exact_poisson.csv")
    for case in cases.itertuples():
        assert exact_rate_limits(case.events, case.years) == pytest.approx((case.lower, case.upper), rel=1e-9)


def test_differences_of_rates_are_those_of_the_score_method(shared):
    folder = shared / "reference/safety/rates"
    rates = pd.read_csv(folder / "pilot_teae.csv").query("period == 'on_treatment'").set_index(["term", "group"])
    for case in pd.read_csv(folder / "pilot_rate_differences.csv").itertuples():
        pairs = [rates.loc[(case.term, group)] for group in case.contrast.split("-")]
        numbers = [number for pair in pairs for number in (pair["participants"], pair["years_to_first"])]
        expected = case.difference, case.score_lower, case.score_upper
        assert rate_difference(*numbers) == pytest.approx(expected, rel=1e-8)


def test_groups_without_events_have_a_difference_of_zero_with_limits():
    # Without events on either side a score limit is the quantile squared over the years.
    difference, low, high = rate_difference(0, 5, 0, 3)
    assert (difference, low, high) == pytest.approx((0, -100 * 3.841458821 / 3, 100 * 3.841458821 / 5))


def test_the_limits_change_places_with_the_groups():
    one, other = rate_difference(4, 5, 0, 3), rate_difference(0, 3, 4, 5)
    assert one == pytest.approx((-other[0], -other[2], -other[1]))
