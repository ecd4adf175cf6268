"""Survival against R's survival package."""

import numpy as np
import pandas as pd
import pytest

from cutbook.stats.survival.cox import hazard_ratio
from cutbook.stats.survival.kaplan_meier import kaplan_meier, log_rank


@pytest.fixture(scope="module")
def folder(shared):
    """Return where the reference stands."""
    return shared / "reference/stats/survival_lung"


@pytest.fixture(scope="module")
def data(folder):
    """Return the reference data."""
    return pd.read_csv(folder / "data.csv").astype({"time": "float64", "age": "float64"})


@pytest.mark.parametrize("arm", ["male", "female"])
def test_survival_and_its_log_log_limits_are_those_of_survfit(folder, data, arm):
    own = data[data["arm"].eq(arm)]
    found = kaplan_meier(own["time"], own["status"].eq(1)).set_index("time")
    reference = pd.read_csv(folder / "km_log-log_at_times.csv")
    expected = reference[reference["arm"].eq(f"arm={arm}") & reference["time"].gt(0)].set_index("time")
    for time, row in expected.iterrows():
        last = found[found.index <= time].iloc[-1]
        ours = [last["survival"], last["se"], last["ci_low"], last["ci_high"]]
        assert ours == pytest.approx([row["surv"], row["se"], row["lower"], row["upper"]], rel=1e-9)


def test_the_log_rank_test_is_that_of_survdiff(folder, data):
    expected = pd.read_csv(folder / "tests.csv").set_index("test")
    plain = log_rank(data["time"], data["status"].eq(1), data["arm"])
    strata = log_rank(data["time"], data["status"].eq(1), data["arm"], data["ecog"])
    for found, name in ((plain, "logrank"), (strata, "logrank_strat_ecog")):
        assert [found.statistic, found.p] == pytest.approx(expected.loc[name, ["chisq", "p"]].tolist(), rel=1e-9)


@pytest.mark.parametrize(("model", "strata"), [("arm", None), ("arm_strata", "ecog")])
def test_the_hazard_ratio_is_that_of_coxph_with_efrons_ties(folder, data, model, strata):
    cox = pd.read_csv(folder / "cox.csv")
    expected = cox[cox["ties"].eq("efron") & cox["model"].eq(model)].iloc[0]
    treated = data["arm"].eq("female").astype("float64")
    found = hazard_ratio(data["time"], data["status"].eq(1), treated, data[strata] if strata else None)
    ours = [found.coefficient, found.se, found.ratio, found.ci_low, found.ci_high, found.p]
    assert ours == pytest.approx(expected[["coef", "se", "hr", "hr_lower", "hr_upper", "p"]].tolist(), rel=1e-6)


def test_what_cannot_be_compared_has_a_reason():
    times, nobody = pd.Series([1.0, 2.0, 3.0]), pd.Series([False, False, False])
    groups = pd.Series(["A", "A", "B"])
    assert log_rank(times, nobody, groups) == "too few events to compare the groups"
    assert log_rank(times, ~nobody, pd.Series(["A"] * 3)) == "fewer than two groups"
    assert hazard_ratio(times, nobody, pd.Series([0.0, 0, 1])) == "no event, or nobody to compare with"
    assert hazard_ratio(times, pd.Series([True, False, False]), pd.Series([0.0, 0, 1])) == "one group has no event"
    without = kaplan_meier(times, nobody)
    assert without["survival"].tolist() == [1.0, 1.0, 1.0]
    assert without["ci_low"].isna().all()
    assert np.isnan(kaplan_meier(pd.Series([1.0]), pd.Series([True]))["ci_low"].iloc[0])
