"""Means by visit of mixed models: their numbers, the table as shown, and what is said where there is no model."""

import pandas as pd
import pytest

from catalogue.models.trials import as_lines, frames_of, study_with, tables
from cutbook.catalogue.models import repeated
from given import results_of

# Baselines are the same in the arms, and complete visits make the model that of each visit alone: the mean of an arm is
# its plain mean, and the differences at week 4 and week 8 are 2 and 4.
COMPLETE = {
    "P1": [10, 9, 8], "P2": [12, 12, 10], "P3": [14, 12, 14], "P4": [16, 17, 14],
    "A1": [10, 10, 12], "A2": [12, 15, 13], "A3": [14, 15, 19], "A4": [16, 18, 18],
}  # fmt: skip


def found(values, **section):
    study = study_with(repeated={"baseline_by_visit": False, **section})
    return results_of(repeated.means, study, **frames_of(values))


def numbers(results, variable, statistic):
    own = results[results["variable"].eq(variable) & results["statistic"].eq(statistic)]
    return {(visit, group): value for visit, group, value in own[["visit", "group", "value"]].itertuples(index=False)}


def test_means_of_complete_visits_are_plain_means_and_their_differences():
    results = found(COMPLETE)
    assert numbers(results, "LSMEAN", "n") == {("V3", "P"): 4, ("V3", "A"): 4, ("V4", "P"): 4, ("V4", "A"): 4}
    assert numbers(results, "LSMEAN", "estimate") == pytest.approx(
        {("V3", "P"): -0.5, ("V3", "A"): 1.5, ("V4", "P"): -1.5, ("V4", "A"): 2.5}
    )
    assert numbers(results, "DIFF", "estimate") == pytest.approx({("V3", "A-P"): 2.0, ("V4", "A-P"): 4.0})


def test_the_average_over_the_visits_is_their_mean_and_counts_participants():
    results = found(COMPLETE, average=True)
    assert numbers(results, "DIFF", "estimate")[("AVERAGE", "A-P")] == pytest.approx(3.0)
    assert numbers(results, "LSMEAN", "n")[("AVERAGE", "P")] == 4


def test_a_structure_that_does_not_converge_is_told_with_the_one_that_stands():
    alone = {**COMPLETE, **{name: [own[0], own[1], None] for name, own in list(COMPLETE.items())[::2]},
             **{name: [own[0], None, own[2]] for name, own in list(COMPLETE.items())[1::2]}}  # fmt: skip
    results = found(alone, covariance=["us", "ar1"])
    tried = results[results["variable"].eq("FIT")]
    assert tried["level"].tolist()[0] == "us"
    assert tried["reason"].tolist()[0] == "two visits have no participant with values at both"
    assert pd.isna(tried["value"].iloc[0])


def test_a_model_of_nothing_has_a_reason_and_no_number():
    results = found({"P1": [10, None, None], "A1": [11, None, None]})
    assert results["value"].isna().all()
    assert results["reason"].tolist() == ["no participant has a value and all that explains it"]


def test_an_arm_without_values_has_no_row_and_one_visit_alone_makes_a_model():
    one = {name: [base, first, None] for name, (base, first, _) in COMPLETE.items()}
    results = found(one)
    assert numbers(results, "DIFF", "estimate") == pytest.approx({("V3", "A-P"): 2.0})
    assert set(results["group"]) == {"P", "A", "A-P", ""}


def test_the_table_as_shown():
    study = study_with(repeated={"baseline_by_visit": False, "tests": True, "estimand": "as observed."})
    (table,) = tables(repeated.means, study, frames_of(COMPLETE))
    head = (
        "n",
        "Mean change least-squares mean (95 % CI)",
        "Difference from placebo (95 % CI)",
        "SE of the difference",
    )
    assert as_lines(table) == [
        " | ".join(["", *head, "df", "p"]),
        "Week 4",
        "Placebo | 4 | −0.50 (−1.97, 0.97) | – | – | – | –",
        "X 10 mg | 4 | 1.50 (0.03, 2.97) | 2.00 (−0.08, 4.08) | 0.850 | 6.0 | 0.0571",
        "Week 8",
        "Placebo | 4 | −1.50 (−3.19, 0.19) | – | – | – | –",
        "X 10 mg | 4 | 2.50 (0.81, 4.19) | 4.00 (1.62, 6.38) | 0.974 | 6.0 | 0.0063",
    ]
    model, estimand = table.footnotes
    assert model == (
        "Mixed model for repeated measures (restricted maximum likelihood) of change from baseline on arm by visit, "
        "baseline; 8 participants, 16 observed values, none carried forward or imputed. Unstructured covariance of the "
        "visits (converged in 4 steps). Kenward and Roger's degrees of freedom (linear, as SAS). Intervals are not "
        "adjusted for multiplicity."
    )
    assert estimand == "Estimand: as observed."


def test_a_model_that_cannot_be_fitted_is_a_sentence():
    study = study_with(repeated={})
    (table,) = tables(repeated.means, study, frames_of({"P1": [10, None, None], "A1": [11, None, None]}))
    assert table.rows == ()
    assert table.empty == "Not estimable: no participant has a value and all that explains it."
