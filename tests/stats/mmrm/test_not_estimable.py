"""What the data do not give is a reason, never a number and never an error."""

import numpy as np
import pandas as pd
import pytest

from cutbook.stats.mmrm import FALL_BACK, STRUCTURES, Mmrm, NotEstimable, mmrm
from repeated_measures import trial

DATA = trial()
MODEL = "y ~ BASE + ARM * VISIT"
ROW = DATA.index == 5


def fit(data, formula=MODEL, **settings):
    return mmrm(data, formula, subject="ID", visit="VISIT", **settings)


def people(count):
    return DATA[DATA["ID"] < f"P{count:03d}"]


def without(chosen):
    return DATA.assign(y=DATA["y"].where(~chosen))


NEVER_BOTH = (DATA["VISIT"].eq("V2") & (DATA["ID"] < "P012")) | (DATA["VISIT"].eq("V3") & (DATA["ID"] >= "P012"))
ONE_VISIT = DATA["VISIT"].str[1:].astype(int) != DATA["ID"].str[1:].astype(int) % 4
PARALLEL = DATA.assign(y=DATA.groupby("ID")["y"].transform("first") + np.tile([0.0, 1, 2, 3], 24))
NOT_POSITIVE = "the information on the covariance of the visits is not positive definite"
NO_WEIGHT = "WEIGHT is missing or not positive in 1 record"


@pytest.mark.parametrize(
    ("data", "settings", "reason"),
    [
        (DATA.head(0), {}, "no participant has a value and all that explains it"),
        (DATA.assign(y=np.nan), {}, "no participant has a value and all that explains it"),
        (DATA.assign(BASE=np.nan), {}, "no participant has a value and all that explains it"),
        (DATA.assign(ARM=" "), {}, "no participant has a value and all that explains it"),
        (people(1), {}, "only one participant has a value"),
        (people(2), {}, "there are too few values for the model"),
        (people(2), {"formula": "y ~ VISIT"}, "the fit did not converge in 60 steps"),
        (people(4), {"formula": "y ~ VISIT"}, "the fit did not converge in 60 steps"),
        (DATA.assign(y=3.0), {}, "the terms of the model explain the response exactly"),
        (DATA.assign(y=0.0), {}, "the terms of the model explain the response exactly"),
        (DATA.assign(y=2 * DATA["BASE"] - 7), {}, "the terms of the model explain the response exactly"),
        (DATA.assign(y=DATA["y"].where(DATA["VISIT"].ne("V1"), 5.0)), {}, "the fit stopped after"),
        (PARALLEL, {}, "the fit did not converge in 60 steps"),
        (PARALLEL, {"covariance": "cs"}, "the fit runs to a singular covariance matrix of the visits"),
        (without(NEVER_BOTH), {}, "two visits have no participant with values at both"),
        (without(ONE_VISIT), {}, "two visits have no participant with values at both"),
        (without(ONE_VISIT), {"covariance": "cs"}, NOT_POSITIVE),
        (without(ONE_VISIT), {"covariance": "toeph"}, NOT_POSITIVE),
        (without(DATA["VISIT"].eq("V2") & DATA["ID"].ne("P003")), {"formula": "y ~ ARM + VISIT"}, NOT_POSITIVE),
        (pd.concat([DATA, DATA.head(1)]), {}, "a participant's visit has more than one value"),
        (pd.concat([DATA, DATA.head(3)]), {}, "3 participants' visits have more than one value"),
        (DATA.assign(y=DATA["y"].where(~ROW, np.inf)), {}, "y is not finite in 1 record"),
        (DATA.assign(BASE=DATA["BASE"].where(DATA["ID"].ne("P003"), -np.inf)), {}, "BASE is not finite in 4 records"),
        (DATA.assign(y="5"), {}, "y must be numeric"),
        (DATA.drop(columns="BASE"), {}, "the data have no BASE"),
        (DATA.drop(columns=["ID", "VISIT"]), {}, "the data have no VISIT and no ID"),
        (DATA.assign(ID=DATA["ID"].where(~ROW)), {}, "ID is missing in 1 record with a value"),
        (DATA.assign(VISIT=DATA["VISIT"].where(~ROW)), {"formula": "y ~ 1"}, "VISIT is missing in 1 record with"),
        (DATA.assign(WEIGHT=DATA["WEIGHT"].where(~ROW, 0.0)), {"weights": "WEIGHT"}, NO_WEIGHT),
        (DATA.assign(WEIGHT=DATA["WEIGHT"].where(~ROW)), {"weights": "WEIGHT"}, NO_WEIGHT),
        (DATA.assign(WEIGHT="1"), {"weights": "WEIGHT"}, "WEIGHT must be numeric"),
        (DATA, {"group": "VISIT"}, "VISIT changes within 72 participants"),
        (DATA.assign(G=DATA["ARM"].where(~ROW)), {"group": "G"}, "G is missing in 1 record with a value"),
        (DATA, {"group": "ID"}, "24 levels of ID have only one participant with a value"),
    ],
)  # fmt: skip
def test_what_gives_no_model_has_a_reason(data, settings, reason):
    found = fit(data, **settings)
    assert isinstance(found, NotEstimable)
    assert found.reason.startswith(reason)


def test_a_reason_names_no_participant():
    found = fit(pd.concat([DATA, DATA.head(2)]))
    assert not any(person in found.reason for person in DATA["ID"].unique())


@pytest.mark.parametrize("structure", STRUCTURES)
@pytest.mark.parametrize("count", range(7))
def test_cohorts_of_any_size_give_finite_numbers_or_a_reason(count, structure):
    found = fit(people(count), "y ~ VISIT", covariance=structure)
    if isinstance(found, Mmrm):
        assert count > 1
        shown = found.lsmeans(["VISIT"])
        assert np.isfinite(shown[["estimate", "se", "df", "ci_low", "ci_high"]].to_numpy()).all()
        assert (shown["se"] > 0).all()
        assert np.linalg.eigvalsh(found.covariance)[0] > 0
    else:
        assert found.reason
        assert found.attempts or count < 2


@pytest.mark.parametrize("base", [0.0, 1.0, 1e9])
def test_a_constant_covariate_has_a_reason_and_changes_nothing_else(base):
    found, plain = fit(DATA.assign(BASE=base)), fit(DATA, "y ~ ARM * VISIT")
    row = found.coefficients.set_index("term").loc["BASE"]
    assert row["reason"] == "the data cannot tell it from other terms"
    assert row[["estimate", "se", "df", "t", "p"]].isna().all()
    assert found.beta_covariance["BASE"].isna().all()
    assert found.log_likelihood == pytest.approx(plain.log_likelihood)
    pd.testing.assert_frame_equal(found.lsmeans(["ARM", "VISIT"]), plain.lsmeans(["ARM", "VISIT"]))


def test_an_arm_without_values_at_one_visit_has_a_reason_there_alone():
    found = fit(without(DATA["ARM"].eq("B") & DATA["VISIT"].eq("V3")))
    means = found.lsmeans(["ARM", "VISIT"]).set_index(["ARM", "VISIT"])
    gone = means.loc[("B", "V3")]
    assert (gone["n"], gone["reason"]) == (0, "the data cannot tell it from other terms")
    assert np.isnan(gone["estimate"])
    assert means.drop(index=("B", "V3"))["reason"].eq("").all()
    against = found.contrasts("ARM", "A", by=["VISIT"]).set_index(["VISIT", "ARM"])["reason"]
    assert against[against.ne("")].index.tolist() == [("V3", "B")]
    # The mean over all visits would lack one.
    assert found.lsmeans(["ARM"])["reason"].tolist() == ["", "the data cannot tell it from other terms", ""]


def test_an_arm_that_is_declared_without_any_value_has_a_reason():
    declared = DATA.assign(
        ARM=pd.Categorical(DATA["ARM"], ["A", "B", "C", "D"]), y=DATA["y"].where(DATA["ARM"].ne("B"))
    )
    means = fit(declared).lsmeans(["ARM"])
    assert means["reason"].tolist() == ["", "no value at this level", "", "no value at this level"]
    assert means["n"].tolist() == [32, 0, 32, 0]
    assert means["estimate"].isna().tolist() == [False, True, False, True]
    assert fit(declared).contrasts("ARM", "B")["reason"].tolist() == ["no value at this level"] * 3


def test_a_combination_without_variance_or_degrees_of_freedom_has_a_reason():
    found = fit(DATA)
    assert found.combinations(np.zeros((1, 13))).iloc[0]["reason"] == "its variance is not positive"
    few = fit(people(6), "y ~ BASE + SITE + ARM + VISIT", covariance="cs", df="between_within").coefficients
    # Six participants less intercept, baseline, site and two arms leave one; another covariate leaves none.
    assert few.set_index("term").loc["BASE", "df"] == 1
    data = people(6).assign(OTHER=people(6)["ID"].str[1:].astype(int) ** 2)
    none = fit(data, "y ~ BASE + OTHER + SITE + ARM + VISIT", covariance="ar1", df="between_within").coefficients
    row = none.set_index("term").loc["BASE"]
    assert row["reason"] == "no degrees of freedom"
    assert row[["estimate", "se", "df", "t", "p"]].isna().all()


def test_a_visit_without_any_value_is_no_visit_of_the_model():
    found = fit(without(DATA["VISIT"].eq("V2")))
    assert found.covariance.index.tolist() == ["V0", "V1", "V3"]


def test_records_without_response_or_covariate_are_left_out_and_counted():
    data = DATA.assign(y=DATA["y"].where(~ROW), BASE=DATA["BASE"].where(DATA["ID"].ne("P003")))
    found = fit(data)
    assert (found.n_left_out, found.n_observations, found.n_participants) == (5, 91, 23)


def test_structures_are_tried_in_the_order_given_and_each_says_what_came_of_it():
    found = fit(without(NEVER_BOTH), covariance=FALL_BACK)
    assert found.structure == "toeph"
    first, second = found.attempts
    assert first == "unstructured covariance: two visits have no participant with values at both"
    assert second.startswith("heterogeneous Toeplitz covariance: converged in ")
    nothing = fit(without(ONE_VISIT), covariance=["us", "cs"])
    assert [attempt.split(":")[0] for attempt in nothing.attempts] == [
        "unstructured covariance", "compound symmetry covariance",
    ]  # fmt: skip


def test_one_name_is_never_replaced_by_another_structure():
    assert isinstance(fit(without(NEVER_BOTH), covariance="us"), NotEstimable)


@pytest.mark.parametrize(
    "settings",
    [{"covariance": "un"}, {"covariance": []}, {"covariance": ["us", "vc"]}, {"method": "mle"}, {"df": "kr"},
     {"vcov": "hc3"}, {"method": "ml", "df": "kenward_roger"}, {"vcov": "empirical", "df": "kenward_roger_linear"},
     {"formula": "y ~"}],
)  # fmt: skip
def test_a_name_that_is_none_is_an_error_of_the_caller(settings):
    with pytest.raises(ValueError, match=r"is none of|Kenward-Roger needs|is no formula"):
        fit(DATA, **settings)


def test_means_of_what_is_no_factor_are_an_error_of_the_caller():
    found = fit(DATA)
    with pytest.raises(ValueError, match="'BASE' is no factor"):
        found.lsmeans(["BASE"])
    with pytest.raises(ValueError, match="'SITE' is no factor"):
        found.contrasts("SITE", "S0")
    with pytest.raises(ValueError, match="'om' is none of"):
        found.lsmeans(["ARM"], "om")
