import pandas as pd
import pytest

from cutbook.stats.incidence import clopper_pearson, risk_difference, wilson


@pytest.fixture(scope="module")
def single(shared):
    return pd.read_csv(shared / "reference/stats/proportions/single.csv")


def test_clopper_pearson_agrees_with_r(single):
    for row in single.itertuples():
        assert clopper_pearson(row.x, row.n) == pytest.approx((row.cp_lower, row.cp_upper), abs=1e-12)
        assert clopper_pearson(row.x, row.n, 0.90) == pytest.approx((row.cp90_lower, row.cp90_upper), abs=1e-12)


def test_wilson_agrees_with_r(single):
    for row in single.itertuples():
        assert wilson(row.x, row.n) == pytest.approx((row.wilson_lower, row.wilson_upper), abs=1e-12)


def test_newcombe_interval_agrees_with_r(shared):
    reference = pd.read_csv(shared / "reference/stats/proportions/two_sample.csv")
    assert len(reference) == 6
    for row in reference.itertuples():
        expected = (row.diff, row.newcombe_lower, row.newcombe_upper)
        assert risk_difference(row.x1, row.n1, row.x2, row.n2) == pytest.approx(expected, abs=1e-12)


def test_no_event_in_ten_still_allows_a_risk_of_30_8_percent():
    assert round(100 * clopper_pearson(0, 10)[1], 1) == 30.8
    assert round(100 * clopper_pearson(0, 38)[1], 1) == 9.3
