"""Adjusted p values against R's emmeans (mvt) and p.adjust."""

import numpy as np
import pandas as pd
import pytest

from cutbook.stats.ancova import ancova
from cutbook.stats.multiplicity import dunnett, dunnett_quantile, holm

ARMS = ["Placebo", "20 mg", "40 mg", "60 mg", "100 mg"]


@pytest.fixture(scope="module")
def case(shared):
    """Return the fit of the reference data, and what R says of its differences."""
    folder = shared / "reference/stats/ancova_log_ratio_dev"
    data = pd.read_csv(folder / "data.csv").rename(columns={"arm": "ARM"})
    data = data.assign(y=np.log(data["value"] / data["baseline"]), x=np.log(data["baseline"]))
    return ancova(data, "y", ARMS, control="Placebo", covariates=["x"]), pd.read_csv(folder / "contrasts.csv")


def test_holm_is_that_of_r(case):
    fit, reference = case
    assert holm(fit.differences["p"].tolist()) == pytest.approx(reference["p_holm"].tolist(), rel=1e-9)


def test_dunnett_is_the_multivariate_t_of_r_within_its_numerical_error(case):
    fit, reference = case
    found = dunnett(fit.differences["t"].tolist(), fit.covariance, fit.df)
    assert found == pytest.approx(reference["dunnett_p_mvt"].tolist(), abs=2e-4)
    margin = dunnett_quantile(fit.covariance, fit.df) * fit.differences["se"]
    low, high = fit.differences["estimate"] - margin, fit.differences["estimate"] + margin
    assert low.tolist() == pytest.approx(reference["dunnett_lower_mvt"].tolist(), abs=2e-4)
    assert high.tolist() == pytest.approx(reference["dunnett_upper_mvt"].tolist(), abs=2e-4)


def test_two_equally_correlated_comparisons_have_the_published_quantile():
    # Dunnett 1955, table 2a: two comparisons with correlation 0.5, two-sided 5 %, 10 degrees of freedom: 2.57.
    assert round(dunnett_quantile([[1.0, 0.5], [0.5, 1.0]], 10), 2) == 2.57


def test_missing_p_values_stay_missing_and_are_not_counted():
    assert holm([0.01, float("nan"), 0.04]) == pytest.approx([0.02, float("nan"), 0.04], nan_ok=True)
    assert holm([]) == []
