"""Output of SAS PROC MIXED for the example data of R's mmrm, as openpharma/mmrm keeps it (design/SAS, tests).

SAS stops when the deviance is up to 2e-5 above its minimum. Where it is that much above, estimates are up to the square
root, 0.0045, of their standard errors away; the figures have four decimals.
"""

import numpy as np
import pytest

from cutbook.stats.mmrm import mmrm

REML = {
    "us": (3700.94648570, 42.8338, 0.3509),
    "adh": (3713.49317786, 42.9009, 0.3529),
    "toep": (3856.68995273, 42.3721, 0.4684),
    "toeph": (3722.38018329, 41.6726, 0.3822),
    "ar1": (3875.49945459, 42.3255, 0.5013),
    "ar1h": (3739.96835012, 41.6955, 0.3947),
    "cs": (3917.98183508, 42.2896, 0.4285),
    "csh": (3784.85341599, 41.9964, 0.3575),
}
ML = {
    "us": (3700.68707570, 42.8367, 0.3499),
    "adh": (3713.24501787, 42.9019, 0.3519),
    "toep": (3857.00777313, 42.3717, 0.4669),
    "toeph": (3722.29178558, 41.6769, 0.3812),
    "ar1": (3875.95352406, 42.3252, 0.5000),
    "ar1h": (3739.94416707, 41.7017, 0.3936),
    "cs": (3918.12214544, 42.2897, 0.4273),
    "csh": (3784.63158043, 42.0018, 0.3566),
}
# SAS has no homogeneous ante-dependence: R's mmrm, to four decimals.
AD = {"reml": (3855.3383, 43.0560, 0.5236), "ml": (3855.8794, 43.0574, 0.5222)}
GROUPED_REML = {
    "adh": (3688.84024388, 42.5293, 0.3349),
    "toeph": (3704.49921127, 41.4766, 0.3563),
    "ar1": (3872.65212395, 41.9576, 0.4960),
    "ar1h": (3724.36099760, 41.7104, 0.3723),
    "cs": (3915.41985780, 41.9734, 0.4247),
    "csh": (3764.55218946, 41.8458, 0.3372),
}
GROUPED_ML = {
    "adh": (3688.48731427, 42.5284, 0.3339),
    "toeph": (3704.27043196, 41.4792, 0.3553),
    "ar1": (3873.08507919, 41.9560, 0.4947),
    "cs": (3915.54243738, 41.9714, 0.4236),
    "csh": (3764.21336404, 41.8492, 0.3363),
}
KENWARD_ROGER_FIRST_ORDER = {
    "us": (0.66124382270307, 160.733266403768),
    "ar1": (0.96058142305176, 188.46934887972),
    "ar1h": (0.75924807546934, 188.225339095373),
    "cs": (0.7964696053595, 177.038485931223),
    "csh": (0.67403858183242, 190.737701349941),
    "adh": (0.66158550758897, 162.393385281755),
    "toep": (0.87839805519623, 160.027408337368),
    "toeph": (0.72537324518435, 180.062730071701),
}
EMPIRICAL = {
    "us": (0.16725909903518, 0.40908637028234),
    "ar1": (0.27666930670945, 0.68196697308307),
    "ar1h": (0.19106397930347, 0.46203608554929),
    "cs": (0.26910953746582, 0.6297163326325),
    "csh": (0.19635239056617, 0.46038132267959),
    "toep": (0.30022945455349, 0.76371849328831),
    "toeph": (0.18350201218893, 0.46360435395588),
    "adh": (0.17350223093416, 0.41552647969341),
}
EMPIRICAL_WEIGHTED = {
    "us": (0.198001710472, 0.53420413502786),
    "ar1": (0.3741856039623, 0.95376377451164),
    "ar1h": (0.22611242154248, 0.60705140369159),
    "cs": (0.32402882795093, 0.81526337857816),
    "csh": (0.21754684649458, 0.5806529085649),
    "toep": (0.39272956491025, 1.00563551122259),
    "toeph": (0.22472893956932, 0.60262173501823),
    "adh": (0.19660064483548, 0.53908302126134),
}


def fit(data, formula, covariance, **settings):
    settings = {"df": "satterthwaite", **settings}
    return mmrm(data, formula, subject="USUBJID", visit="AVISIT", covariance=covariance, **settings)


def check_mean(found, expected, within=2e-5):
    deviance, estimate, se = expected
    assert deviance - within < -2 * found.log_likelihood < deviance + 5e-8
    mean = found.coefficients.iloc[0]
    assert mean["estimate"] == pytest.approx(estimate, abs=0.0045 * se)
    assert mean["se"] == pytest.approx(se, abs=5.1e-5 + 1e-4 * se)


@pytest.mark.parametrize(("method", "expected"), [("reml", REML), ("ml", ML)])
@pytest.mark.parametrize("covariance", REML)
def test_likelihood_and_mean_of_each_structure(fev, covariance, method, expected):
    check_mean(fit(fev, "FEV1 ~ 1", covariance, method=method), expected[covariance])


@pytest.mark.parametrize("method", AD)
def test_homogeneous_ante_dependence(fev, method):
    deviance, *mean = AD[method]
    check_mean(fit(fev, "FEV1 ~ 1", "ad", method=method), (deviance + 5e-5, *mean), within=1e-4)


@pytest.mark.parametrize(("method", "expected"), [("reml", GROUPED_REML), ("ml", GROUPED_ML)])
@pytest.mark.parametrize("covariance", GROUPED_ML)
def test_likelihood_and_mean_with_a_covariance_of_each_arm(fev, covariance, method, expected):
    check_mean(fit(fev, "FEV1 ~ 1", covariance, method=method, group="ARMCD"), expected[covariance])


def test_covariances_of_each_arm(fev):
    found = fit(fev, "FEV1 ~ 1", "adh", group="ARMCD").covariance
    assert list(found) == ["PBO", "TRT"]
    np.testing.assert_allclose(np.diag(found["PBO"]), [134.41, 51.5930, 19.9393, 114.99], rtol=2e-4)
    np.testing.assert_allclose(np.diag(found["TRT"]), [83.7418, 32.9411, 38.7701, 215.53], rtol=2e-4)
    deviations = np.sqrt(np.diag(found["TRT"]))
    correlation = found["TRT"].to_numpy() / np.outer(deviations, deviations)
    np.testing.assert_allclose(np.diag(correlation, 1), [0.5178, 0.2002, 0.5655], atol=2e-4)


@pytest.mark.parametrize("covariance", KENWARD_ROGER_FIRST_ORDER)
def test_linear_kenward_roger(fev, covariance):
    found = fit(fev, "FEV1 ~ ARMCD", covariance, df="kenward_roger_linear").coefficients.iloc[1]
    se, df = KENWARD_ROGER_FIRST_ORDER[covariance]
    assert found["se"] == pytest.approx(se, rel=1e-3)
    assert found["df"] == pytest.approx(df, rel=1e-3)


@pytest.mark.parametrize(("weights", "expected"), [(None, EMPIRICAL), ("WEIGHT", EMPIRICAL_WEIGHTED)])
@pytest.mark.parametrize("covariance", EMPIRICAL)
def test_sandwich(fev, covariance, weights, expected):
    found = fit(fev, "FEV1 ~ ARMCD", covariance, df="residual", vcov="empirical", weights=weights).beta_covariance
    first, second = expected[covariance]
    np.testing.assert_allclose(found, [[first, -first], [-first, second]], rtol=1e-4)


@pytest.mark.parametrize(
    ("method", "expected"), [("reml", (3800.47793975, 42.3354, 0.3487)), ("ml", (3800.20590355, 42.3381, 0.3477))]
)
def test_weights(fev, method, expected):
    check_mean(fit(fev, "FEV1 ~ 1", "adh", method=method, weights="WEIGHT"), expected)


def test_means_and_differences_of_a_weighted_model(fev):
    found = fit(fev, "FEV1 ~ RACE + SEX + ARMCD * AVISIT", "us", weights="WEIGHT")
    assert 3475.77144483 - 2e-5 < -2 * found.log_likelihood < 3475.77144483 + 5e-8
    placebo = found.lsmeans(["ARMCD", "AVISIT"]).query("ARMCD == 'PBO'")
    np.testing.assert_allclose(placebo["estimate"], [33.3745, 38.2413, 43.4221, 48.1700], atol=2e-3)
    np.testing.assert_allclose(placebo["se"], [0.7724, 0.6171, 0.4678, 1.1632], atol=1e-4)
    first = found.contrasts("ARMCD", "PBO", by=["AVISIT"]).iloc[0]
    assert first[["estimate", "se"]].tolist() == pytest.approx([3.3962, 1.0925], abs=5e-4)


def test_degrees_of_freedom_between_and_within_participants(fev):
    found = fit(fev, "FEV1 ~ RACE + SEX + ARMCD * AVISIT", "us", df="between_within").coefficients
    # 197 participants - (intercept + 4), and 537 records - (197 participants + 6); the intercept counts as within.
    assert found["df"].tolist() == [334, 192, 192, 192, 192, *[334] * 6]


def test_residual_degrees_of_freedom(fev):
    found = fit(fev, "FEV1 ~ RACE + SEX + ARMCD * AVISIT", "us", df="residual").coefficients
    assert found["df"].unique().tolist() == [537 - 11]
