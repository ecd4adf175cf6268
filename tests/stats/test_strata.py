"""Cochran-Mantel-Haenszel tests against R's coin and mantelhaen.test."""

import pandas as pd
import pytest

from cutbook.stats.strata import general_association, row_mean_scores

SCORES = {"NONE": 1.0, "MILD": 2.0, "MODERATE": 3.0, "SEVERE": 4.0}


@pytest.fixture(scope="module")
def case(shared):
    """Return the reference data and results by test."""
    folder = shared / "reference/stats/categorical_dev"
    return pd.read_csv(folder / "data.csv"), pd.read_csv(folder / "results.csv").set_index("test")


def agrees(found, expected):
    assert found.statistic == pytest.approx(expected["statistic"], rel=1e-10)
    assert (found.df, found.p) == (expected["df"], pytest.approx(expected["p"], rel=1e-9))


def test_row_mean_scores_are_those_of_coin(case):
    data, reference = case
    found = row_mean_scores(data["arm"], data["sev"].map(SCORES), data["site"])
    agrees(found, reference.loc["coin_cmh_row_means_sev_scores_1234"])


def test_general_association_is_that_of_mantelhaen_test(case):
    data, reference = case
    agrees(general_association(data["arm"], data["sev"], data["site"]), reference.loc["cmh_general_association_3x4xk"])
    two = data[data["arm"].ne("Low")]
    agrees(general_association(two["arm"], two["resp"], two["site"]), reference.loc["cmh_2x2xk_correct_FALSE"])


def test_groups_that_meet_in_no_stratum_cannot_be_compared():
    groups, scores = pd.Series(list("AABB")), pd.Series([1.0, 2.0, 1.0, 3.0])
    apart = pd.Series([1, 1, 2, 2])
    assert row_mean_scores(groups, scores, apart) == "no stratum has two groups with values that differ"
    assert (
        row_mean_scores(groups, pd.Series([1.0] * 4), apart * 0) == "no stratum has two groups with values that differ"
    )
    assert row_mean_scores(groups.iloc[:2], scores.iloc[:2], apart.iloc[:2]) == "fewer than two groups have a value"
