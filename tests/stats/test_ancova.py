import numpy as np
import pandas as pd
import pytest

from cutbook.stats.ancova import ancova

ARMS = ["Placebo", "20 mg", "40 mg", "60 mg", "100 mg"]
LB = ["lb"]


@pytest.fixture(scope="module")
def folder(shared):
    return shared / "reference/stats/ancova_log_ratio_dev"


@pytest.fixture(scope="module")
def data(folder):
    values = pd.read_csv(folder / "data.csv").rename(columns={"arm": "ARM"})
    logs = {"lr": np.log(values["value"] / values["baseline"]), "lb": np.log(values["baseline"])}
    return values.assign(fast=values["fast"].astype("str"), **logs)


@pytest.mark.parametrize(("suffix", "factors"), [("", []), ("_strat", ["fast"])])
def test_means_and_differences_agree_with_r(folder, data, suffix, factors):
    fit = ancova(data, "lr", ARMS, control="Placebo", covariates=LB, factors=factors)
    means = pd.read_csv(folder / f"lsmeans{suffix}.csv")
    assert fit.means["arm"].tolist() == means["arm"].tolist()
    assert fit.df == means["df"].iloc[0]
    columns = {"estimate": "emmean", "se": "SE", "ci_low": "lower.CL", "ci_high": "upper.CL"}
    for ours, theirs in columns.items():
        np.testing.assert_allclose(fit.means[ours], means[theirs], rtol=1e-10)
    differences = pd.read_csv(folder / f"contrasts{suffix}.csv")
    columns = {"estimate": "estimate", "se": "SE", "ci_low": "lower.CL", "ci_high": "upper.CL", "t": "t.ratio"}
    for ours, theirs in columns.items():
        np.testing.assert_allclose(fit.differences[ours], differences[theirs], rtol=1e-10)
    np.testing.assert_allclose(fit.differences["p"], differences["p.value"], rtol=1e-8)


def test_a_missing_value_leaves_its_participant_out(data):
    fewer = data.assign(lr=data["lr"].where(data.index != 0))
    assert (
        ancova(fewer, "lr", ARMS, control="Placebo", covariates=LB).df
        == ancova(data, "lr", ARMS, control="Placebo", covariates=LB).df - 1
    )


def test_an_arm_without_data_is_absent_and_no_control_means_no_difference(data):
    fit = ancova(data[data["ARM"].ne("Placebo")], "lr", ARMS, control="Placebo", covariates=LB)
    assert fit.means["arm"].tolist() == ARMS[1:]
    assert fit.differences.empty


def test_no_fit_has_a_reason(data):
    assert ancova(data.head(2), "lr", ARMS, control="Placebo", covariates=LB) == "too few participants for the model"
    same = data.assign(lb=1.0)
    assert ancova(same, "lr", ARMS, control="Placebo", covariates=LB) == "the terms of the model cannot be told apart"
