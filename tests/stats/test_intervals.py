import numpy as np
import pandas as pd
import pytest
from scipy import stats

from cutbook.stats.intervals import mean_limits
from cutbook.stats.rates import event_rate, person_years

SLEEP = {
    "1": [0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0.0, 2.0],
    "2": [1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4],
}
"""R's data set ``sleep`` (Student 1908): hours of sleep gained."""

T_TEST = {"1": (-0.5297804, 2.0297804), "2": (0.8976775, 3.7623225)}
"""R 4: ``by(sleep, sleep$group, function(d) t.test(d$extra)$conf.int)``."""


def limits(values, level=0.95):
    return [float(limit) for limit in mean_limits(np.mean(values), np.std(values, ddof=1), len(values), level)]


@pytest.mark.parametrize("group", list(SLEEP))
def test_limits_of_a_mean_are_those_of_the_t_test_of_r(group):
    assert limits(SLEEP[group]) == pytest.approx(T_TEST[group], abs=5e-8)


@pytest.mark.parametrize("level", [0.8, 0.9, 0.95, 0.99])
def test_limits_of_every_level_are_those_of_the_t_distribution(level):
    values = SLEEP["1"]
    expected = stats.t.interval(level, len(values) - 1, np.mean(values), stats.sem(values))
    assert limits(values, level) == pytest.approx(expected, rel=1e-12)


def test_one_value_or_none_has_no_limits_and_does_not_disturb_the_others():
    low, high = mean_limits([4.0, 3.0, np.nan], [2.0, np.nan, np.nan], [4, 1, 0])
    assert np.isnan(low).tolist() == np.isnan(high).tolist() == [False, True, True]
    assert (low[0], high[0]) == pytest.approx((0.81755, 7.18245), abs=1e-5)


def test_equal_values_have_limits_of_no_width():
    assert [limit.tolist() for limit in mean_limits([5.0], [0.0], [3])] == [[5.0], [5.0]]


def test_person_years_are_of_those_whose_days_are_known_and_of_365_and_a_quarter_days():
    groups = pd.Series(pd.Categorical(["A", "A", "B", "A"], categories=["A", "B", "C"]))
    found = person_years(pd.Series([365.25, 182.625, None, None]), groups)
    assert found["years"].to_dict() == {"A": 1.5, "B": 0.0, "C": 0.0}
    assert found["people"].to_dict() == {"A": 3, "B": 1, "C": 0}
    assert found["known"].to_dict() == {"A": 2, "B": 0, "C": 0}


def test_a_rate_is_per_hundred_years_and_missing_without_time():
    found = event_rate(pd.Series([3.0, 0.0, 2.0]), pd.Series([1.5, 4.0, 0.0]))
    assert found.tolist() == pytest.approx([200.0, 0.0, np.nan], nan_ok=True)
    assert event_rate(pd.Series([3.0]), pd.Series([1.5]), per=1).tolist() == [2.0]
