"""Models whose answer is known without iteration."""

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from cutbook.stats.mmrm import STRUCTURES, mmrm
from repeated_measures import trial

COLUMNS = {"subject": "ID", "visit": "VISIT"}
VISITS = ["V1", "V2", "V3"]
BY_SATTERTHWAITE = {**COLUMNS, "df": "satterthwaite"}


def wide(data):
    return data.set_index(["ID", "VISIT"])["y"].unstack("VISIT")  # noqa: PD010 - each visit is there once


def test_unstructured_of_complete_data_is_an_analysis_of_variance_of_each_visit():
    data = trial()
    found = mmrm(data, "y ~ ARM * VISIT", **BY_SATTERTHWAITE)
    means = found.contrasts("ARM", "A", by=["VISIT"])
    arms = data.drop_duplicates("ID").set_index("ID")["ARM"]
    for visit, values in wide(data).items():
        within = values - values.groupby(arms).transform("mean")
        sd = np.sqrt((within**2).sum() / (24 - 3))
        rows = means[means["VISIT"].eq(visit)]
        assert rows["estimate"].tolist() == pytest.approx(
            (values.groupby(arms).mean() - values[arms.eq("A")].mean())[["B", "C"]].tolist()
        )
        assert rows["se"].tolist() == pytest.approx([sd * np.sqrt(2 / 8)] * 2)
        assert rows["df"].tolist() == pytest.approx([24 - 3] * 2)


def test_unstructured_of_complete_data_has_the_pooled_covariance_of_residuals():
    data = trial()
    arms = data.drop_duplicates("ID").set_index("ID")["ARM"]
    within = wide(data) - wide(data).groupby(arms).transform("mean")
    reml = mmrm(data, "y ~ ARM * VISIT", **BY_SATTERTHWAITE).covariance
    np.testing.assert_allclose(reml, within.T @ within / (24 - 3), rtol=1e-9)
    ml = mmrm(data, "y ~ ARM * VISIT", method="ml", **BY_SATTERTHWAITE).covariance
    np.testing.assert_allclose(ml, within.T @ within / 24, rtol=1e-9)


def test_kenward_roger_changes_nothing_in_complete_data_with_a_mean_of_each_arm_and_visit():
    data = trial()
    plain = mmrm(data, "y ~ ARM * VISIT", **BY_SATTERTHWAITE).lsmeans(["ARM", "VISIT"])
    adjusted = mmrm(data, "y ~ ARM * VISIT", df="kenward_roger_linear", **COLUMNS).lsmeans(["ARM", "VISIT"])
    pd.testing.assert_frame_equal(plain, adjusted, rtol=1e-9)


@pytest.mark.parametrize("structure", STRUCTURES)
def test_one_visit_is_ordinary_least_squares(structure):
    data = trial(visits=1)
    found = mmrm(data, "y ~ BASE + ARM", covariance=structure, df="kenward_roger_linear", **COLUMNS).coefficients
    design = np.column_stack([np.ones(24), data["BASE"], data["ARM"].eq("B"), data["ARM"].eq("C")]).astype(float)
    beta, squares, *_ = np.linalg.lstsq(design, data["y"], rcond=None)
    se = np.sqrt(np.diag(np.linalg.inv(design.T @ design)) * squares[0] / (24 - 4))
    assert found["estimate"].tolist() == pytest.approx(beta.tolist())
    assert found["se"].tolist() == pytest.approx(se.tolist())
    assert found["df"].tolist() == pytest.approx([20.0] * 4)
    # The second derivatives of log standard deviations take 1/20 off the variance, where nothing is to be adjusted.
    second = mmrm(data, "y ~ BASE + ARM", covariance=structure, df="kenward_roger", **COLUMNS).coefficients
    assert second["se"].tolist() == pytest.approx((se * np.sqrt(1 - 1 / 20)).tolist())


@pytest.mark.parametrize("df", ["satterthwaite", "kenward_roger_linear"])
def test_compound_symmetry_of_complete_data_is_the_split_plot_analysis(df):
    data = trial(people=24, visits=4)
    found = mmrm(data, "y ~ ARM * VISIT", covariance="cs", df=df, **COLUMNS)
    values = wide(data)
    arms = data.drop_duplicates("ID").set_index("ID")["ARM"]
    # The error of whole plots is that of the participants' means, the error of split plots what is left within them.
    centres = values.mean(axis=1)
    plots = 4 * ((centres - centres.groupby(arms).transform("mean")) ** 2).sum() / 21
    left = values.sub(centres, axis=0)
    split = ((left - left.groupby(arms).transform("mean")) ** 2).to_numpy().sum() / (21 * 3)
    variance = found.covariance.iloc[0, 0]
    assert (variance, found.covariance.iloc[0, 1]) == pytest.approx(((plots + 3 * split) / 4, (plots - split) / 4))
    arm = found.contrasts("ARM", "A").iloc[0]
    assert (arm["se"], arm["df"]) == pytest.approx((np.sqrt(plots / 4 * 2 / 8), 21))
    visits = found.contrasts("VISIT", "V0", by=["ARM"]).iloc[0]
    assert (visits["se"], visits["df"]) == pytest.approx((np.sqrt(split * 2 / 8), 63))


def test_two_visits_with_values_at_one_only_are_two_groups_of_unequal_variance():
    data = trial(people=30, visits=2, arms=("A",))
    alone = data[data["VISIT"].eq(np.where(data["ID"] < "P012", "V0", "V1"))].assign(G=lambda rows: rows["VISIT"])
    found = mmrm(alone, "y ~ G", group="G", covariance="cs", subject="ID", visit="SITE", df="satterthwaite")
    first, second = (alone.loc[alone["G"].eq(one), "y"] for one in ("V0", "V1"))
    assert found.reason  # a site has one value a participant, so that no correlation can be told
    single = mmrm(
        alone.assign(ONE="1"), "y ~ G", group="G", covariance="us", subject="ID", visit="ONE", df="satterthwaite"
    )
    welch = stats.ttest_ind(second, first, equal_var=False)
    row = single.coefficients.iloc[1]
    assert (row["t"], row["df"], row["p"]) == pytest.approx((welch.statistic, welch.df, welch.pvalue))


def test_paired_visits_are_a_paired_t_test():
    data = trial(people=20, visits=2, arms=("A",))
    row = mmrm(data, "y ~ VISIT", **BY_SATTERTHWAITE).coefficients.iloc[1]
    paired = stats.ttest_rel(wide(data)["V1"], wide(data)["V0"])
    assert (row["t"], row["df"], row["p"]) == pytest.approx((paired.statistic, 19, paired.pvalue))


def test_the_likelihood_of_complete_data_is_that_of_a_normal_distribution():
    data = trial()
    found = mmrm(data, "y ~ ARM * VISIT", method="ml", **BY_SATTERTHWAITE)
    arms = data.drop_duplicates("ID").set_index("ID")["ARM"]
    within = wide(data) - wide(data).groupby(arms).transform("mean")
    normal = stats.multivariate_normal(np.zeros(4), found.covariance.to_numpy()).logpdf(within)
    assert found.log_likelihood == pytest.approx(normal.sum(), rel=1e-12)


def test_restricted_and_full_likelihood_differ_by_the_information_on_the_coefficients():
    data = trial(missing=0.2)
    found = mmrm(data, "y ~ BASE + ARM * VISIT", **BY_SATTERTHWAITE)
    full = 0.0
    arms, visits = ([data[name].eq(one) for one in levels] for name, levels in (("ARM", "BC"), ("VISIT", VISITS)))
    both = [arm & visit for visit in visits for arm in arms]
    design = np.column_stack([np.ones(len(data)), data["BASE"], *arms, *visits, *both]).astype(float)
    left = data["y"] - design @ found.coefficients["estimate"]
    for _, rows in data[data["y"].notna()].groupby("ID"):
        covariance = found.covariance.loc[rows["VISIT"], rows["VISIT"]]
        full += stats.multivariate_normal(np.zeros(len(rows)), covariance).logpdf(left[rows.index])
    information = np.linalg.inv(found.beta_covariance)
    expected = full + (13 * np.log(2 * np.pi) - np.linalg.slogdet(information)[1]) / 2
    assert found.log_likelihood == pytest.approx(expected, rel=1e-10)


def test_the_sandwich_of_complete_data_is_that_of_each_visits_residuals():
    data = trial(visits=1)
    found = mmrm(data, "y ~ BASE + ARM", df="residual", vcov="empirical", **COLUMNS)
    design = np.column_stack([np.ones(24), data["BASE"], data["ARM"].eq("B"), data["ARM"].eq("C")]).astype(float)
    left = data["y"].to_numpy() - design @ found.coefficients["estimate"].to_numpy()
    bread = np.linalg.inv(design.T @ design)
    np.testing.assert_allclose(found.beta_covariance, bread @ (design.T * left**2) @ design @ bread, rtol=1e-9)


def test_degrees_of_freedom_of_the_sandwich_are_those_of_bell_and_mccaffrey():
    data = trial(missing=0.3)
    found = mmrm(data, "y ~ BASE + ARM", covariance="csh", df="satterthwaite", vcov="empirical", **COLUMNS)
    used = data[data["y"].notna()]
    design = np.column_stack([np.ones(len(used)), used["BASE"], used["ARM"].eq("B"), used["ARM"].eq("C")]).astype(float)
    covariance = np.zeros((len(used), len(used)))
    for _, places in used.reset_index().groupby("ID").groups.items():
        visits = used["VISIT"].iloc[places]
        covariance[np.ix_(places, places)] = found.covariance.loc[visits, visits]
    root = np.linalg.cholesky(np.linalg.inv(covariance)).T
    whitened = root @ design
    bread = np.linalg.inv(whitened.T @ whitened)
    outside = np.eye(len(used)) - whitened @ bread @ whitened.T
    for place, row in found.coefficients.iterrows():
        columns = [
            outside[:, one] @ whitened[one] @ bread[:, place]
            for one in used.reset_index().groupby("ID").groups.values()
        ]  # fmt: skip
        products = np.array(columns) @ np.array(columns).T
        assert row["df"] == pytest.approx(np.trace(products) ** 2 / np.sum(products**2), rel=1e-8)
