import numpy as np
import pandas as pd
import pytest

from cutbook.stats.mmrm import STRUCTURES, mmrm
from repeated_measures import trial

DATA = trial(people=40, missing=0.2)
MODEL = "y ~ BASE + SITE + ARM * VISIT"


def fit(data=DATA, formula=MODEL, **settings):
    return mmrm(data, formula, subject="ID", visit="VISIT", **settings)


def same(one, other):
    assert one.log_likelihood == pytest.approx(other.log_likelihood, rel=1e-12)
    pd.testing.assert_frame_equal(one.coefficients, other.coefficients, rtol=1e-7)
    pd.testing.assert_frame_equal(one.lsmeans(["ARM", "VISIT"]), other.lsmeans(["ARM", "VISIT"]), rtol=1e-7)


@pytest.mark.parametrize(
    "settings",
    [{}, {"df": "satterthwaite", "vcov": "empirical"}, {"df": "between_within", "method": "ml"},
     {"group": "SITE", "covariance": "csh"}, {"weights": "WEIGHT", "covariance": "toeph"}],
    ids=str,
)  # fmt: skip
def test_neither_the_order_of_rows_nor_the_names_of_participants_decide(settings):
    found = fit(**settings)
    same(found, fit(DATA.sample(frac=1, random_state=7), **settings))
    same(found, fit(DATA.assign(ID=DATA["ID"].map(lambda one: one[::-1])), **settings))
    same(found, fit(DATA.assign(ID=DATA["ID"].str[1:].astype(int)), **settings))


def test_a_frame_that_is_given_stays_as_it_is():
    before = DATA.copy()
    fit()
    pd.testing.assert_frame_equal(DATA, before)


@pytest.mark.parametrize("factor", [1e-150, 1e-6, 1e6, 1e150])
def test_a_unit_of_the_response_changes_the_scale_alone(factor):
    one, other = fit(), fit(DATA.assign(y=DATA["y"] * factor))
    np.testing.assert_allclose(other.coefficients[["estimate", "se"]], one.coefficients[["estimate", "se"]] * factor)
    np.testing.assert_allclose(other.coefficients[["df", "t"]], one.coefficients[["df", "t"]])
    np.testing.assert_allclose(other.covariance, one.covariance * factor**2)
    shift = (one.n_observations - len(one.coefficients)) * np.log(factor)
    assert other.log_likelihood == pytest.approx(one.log_likelihood - shift)


@pytest.mark.parametrize("df", ["kenward_roger", "kenward_roger_linear", "satterthwaite"])
def test_centring_a_covariate_changes_no_mean(df):
    centred = DATA.assign(BASE=(DATA["BASE"] - 1000) * 1e-3)
    pd.testing.assert_frame_equal(fit(df=df).lsmeans(["ARM"]), fit(centred, df=df).lsmeans(["ARM"]), rtol=1e-6)


@pytest.mark.parametrize("structure", STRUCTURES)
def test_weights_of_one_are_no_weights_and_two_halve_the_variance(structure):
    plain = fit(covariance=structure)
    same(plain, fit(DATA.assign(W=1.0), weights="W", covariance=structure))
    double = fit(DATA.assign(W=2.0), weights="W", covariance=structure)
    np.testing.assert_allclose(double.covariance, plain.covariance * 2, rtol=1e-6)
    pd.testing.assert_frame_equal(double.coefficients, plain.coefficients, rtol=1e-6)


def test_groups_of_a_model_without_common_terms_are_models_of_their_own():
    joint = fit(formula="y ~ 0 + SITE:VISIT", group="SITE", df="satterthwaite", covariance="ar1h")
    apart = [
        fit(DATA[DATA["SITE"].eq(site)], "y ~ 0 + VISIT", df="satterthwaite", covariance="ar1h")
        for site in ("S0", "S1")
    ]
    assert joint.log_likelihood == pytest.approx(sum(one.log_likelihood for one in apart))
    means = joint.lsmeans(["SITE", "VISIT"])
    columns = ["estimate", "se", "df"]
    np.testing.assert_allclose(means[columns], pd.concat([one.lsmeans(["VISIT"])[columns] for one in apart]), rtol=1e-6)
    for site, one in zip(("S0", "S1"), apart, strict=True):
        np.testing.assert_allclose(joint.covariance[site], one.covariance, rtol=1e-6)


@pytest.mark.parametrize(
    ("less", "more"),
    [("cs", "toep"), ("ar1", "toep"), ("ar1", "ad"), ("toep", "toeph"), ("ad", "adh"), ("ar1", "ar1h"),
     ("ar1h", "toeph"), ("ar1h", "adh"), ("cs", "csh"), ("csh", "toeph"), ("toeph", "us"), ("adh", "us")],
)  # fmt: skip
def test_a_structure_within_another_is_no_more_likely(less, more):
    assert fit(covariance=less).log_likelihood <= fit(covariance=more).log_likelihood


def test_structures_of_two_visits_that_are_the_same_agree():
    two = DATA[DATA["VISIT"].isin(["V0", "V1"])]
    for names in (("us", "toeph", "adh", "ar1h", "csh"), ("toep", "ad", "ar1", "cs")):
        found = [fit(two, covariance=name, df="satterthwaite") for name in names]
        for one in found[1:]:
            same(found[0], one)


def test_a_covariance_has_the_shape_of_its_structure():
    toep = fit(covariance="toep").covariance.to_numpy()
    assert all(np.ptp(np.diagonal(toep, lag)) < 1e-12 for lag in range(4))
    ar1 = fit(covariance="ar1").covariance.to_numpy()
    assert ar1[0, 2] / ar1[0, 0] == pytest.approx((ar1[0, 1] / ar1[0, 0]) ** 2)
    adh = fit(covariance="adh").covariance.to_numpy()
    assert adh[0, 2] == pytest.approx(adh[0, 1] * adh[1, 2] / adh[1, 1])
    csh = fit(covariance="csh").covariance.to_numpy()
    correlation = csh / np.sqrt(np.outer(np.diag(csh), np.diag(csh)))
    assert np.ptp(correlation[~np.eye(4, dtype=bool)]) < 1e-12


def test_proportional_means_weigh_combinations_of_other_factors_by_their_records():
    found = fit(formula="y ~ SITE * ARM + VISIT")
    cells = found.lsmeans(["ARM", "SITE", "VISIT"])
    used = DATA[DATA["y"].notna()]
    shares = used.groupby(["SITE", "VISIT"]).size() / len(used)
    expected = [
        np.sum(rows.set_index(["SITE", "VISIT"])["estimate"] * shares) for _, rows in cells.groupby("ARM")
    ]  # fmt: skip
    assert found.lsmeans(["ARM"], "proportional")["estimate"].tolist() == pytest.approx(expected)
    equal = cells.groupby("ARM")["estimate"].mean()
    assert found.lsmeans(["ARM"])["estimate"].tolist() == pytest.approx(equal.tolist())


def test_means_of_all_records_count_them_and_a_covariate_stands_at_its_mean():
    found = fit(formula="y ~ BASE * ARM")
    used = DATA[DATA["y"].notna()]
    rows = np.zeros((1, 6))
    rows[0, :2] = 1, used["BASE"].mean()
    assert found.coefficients["term"].tolist() == ["(Intercept)", "BASE", "ARMB", "ARMC", "BASE:ARMB", "BASE:ARMC"]
    first = found.lsmeans(["ARM"]).iloc[0]
    assert first["n"] == used["ARM"].eq("A").sum()
    assert found.combinations(rows).iloc[0][["estimate", "se", "df"]].tolist() == pytest.approx(
        first[["estimate", "se", "df"]].tolist()
    )


def test_without_a_factor_there_is_one_mean_of_all():
    found = fit(formula="y ~ BASE + ARM + VISIT")
    overall = found.lsmeans([])
    assert overall["n"].tolist() == [found.n_observations]
    cells = found.lsmeans(["ARM", "VISIT"])["estimate"]
    assert overall["estimate"].tolist() == pytest.approx([cells.mean()])


def test_a_fit_says_how_it_converged():
    found = fit()
    assert 1 <= found.iterations <= 10
    assert 0 <= found.decrement < 1e-9
    assert found.attempts == (f"unstructured covariance: converged in {found.iterations} steps",)


def test_contrasts_are_differences_of_means():
    found = fit()
    means = found.lsmeans(["VISIT", "ARM"]).set_index(["VISIT", "ARM"])["estimate"]
    for row in found.contrasts("ARM", "B", by=["VISIT"]).itertuples():
        assert row.control == "B"
        assert row.estimate == pytest.approx(means[row.VISIT, row.ARM] - means[row.VISIT, "B"])


def test_intervals_hold_the_level_asked_for():
    narrow, wide = fit().lsmeans(["ARM"], level=0.9), fit().lsmeans(["ARM"], level=0.99)
    assert (wide["ci_low"] < narrow["ci_low"]).all()
    assert (narrow["ci_low"] < narrow["estimate"]).all()
    assert wide["estimate"].equals(narrow["estimate"])


def test_categories_give_the_order_of_visits():
    turned = DATA.assign(VISIT=pd.Categorical(DATA["VISIT"], ["V3", "V2", "V1", "V0"]))
    found, plain = fit(turned, covariance="ar1"), fit(covariance="ar1")
    assert found.covariance.index.tolist() == ["V3", "V2", "V1", "V0"]
    assert found.log_likelihood == pytest.approx(plain.log_likelihood)
    shuffled = DATA.assign(VISIT=pd.Categorical(DATA["VISIT"], ["V0", "V2", "V1", "V3"]))
    assert fit(shuffled, covariance="ar1").log_likelihood != pytest.approx(plain.log_likelihood)


def test_linear_kenward_roger_does_not_depend_on_the_parameters_but_the_other_one_does():
    # Two visits: the same model by a Cholesky factor and by a correlation.
    two = DATA[DATA["VISIT"].isin(["V0", "V1"])]
    linear = [fit(two, covariance=name, df="kenward_roger_linear").coefficients["se"] for name in ("us", "csh", "ar1h")]
    np.testing.assert_allclose(linear[0], linear[1], rtol=1e-8)
    np.testing.assert_allclose(linear[0], linear[2], rtol=1e-8)
    second = [fit(two, covariance=name, df="kenward_roger").coefficients["se"] for name in ("us", "ar1h")]
    assert np.abs(second[0] / second[1] - 1).max() > 1e-4
