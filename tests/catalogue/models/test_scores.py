"""Ordered categories by visit: their counts, the test within strata, and the table as shown."""

import pytest

from catalogue.models.trials import as_lines, frames_of, study_with, tables
from cutbook.catalogue.models import scores
from given import results_of

ROW_MEANS = {"visits": ["Week 4"], "categories": {"1": "Better", "2": "Same", "3": "Worse"}, "stratum": "SITEGR1"}
# Site 1: P 1, 2 and A 2, 3; site 2: P 1, 1 and A 3, 2. The test is that of the example in the statistic itself.
VALUES = {
    "P1": [2, 1, None], "P2": [2, 2, None], "A1": [2, 2, None], "A2": [2, 3, None],
    "P3": [2, 1, None], "P4": [2, 1, None], "A3": [2, 3, None], "A4": [2, 2, None],
}  # fmt: skip
SITES = ["1"] * 4 + ["2"] * 4


def test_the_table_as_shown():
    study = study_with(row_means=ROW_MEANS, baseline="day_1")
    (table,) = tables(scores.categories, study, frames_of(VALUES, SITEGR1=SITES))
    assert as_lines(table) == [
        " | n | 1 Better n (%) | 2 Same n (%) | 3 Worse n (%) | Mean score | p row mean scores",
        "Placebo | 4 | 3 (75.0) | 1 (25.0) | 0 | 1.3 | –",
        "X 10 mg | 4 | 0 | 2 (50.0) | 2 (50.0) | 2.5 | 0.0469",
        "All participants |  |  |  |  |  | 0.0469",
    ]
    assert "within strata of SITEGR1" in table.footnotes[0]


def test_the_statistic_of_the_strata_together():
    study = study_with(row_means=ROW_MEANS)
    results = results_of(scores.categories, study, **frames_of(VALUES, SITEGR1=SITES))
    own = results[results["variable"].eq("DIFF") & results["group"].eq("A-P") & results["statistic"].eq("chi2")]
    assert own["value"].item() == pytest.approx(2.5**2 / (0.5 / 3 * 4 + 0.6875 / 3 * 4))


def test_equal_scores_have_a_reason_and_no_values_a_sentence():
    study = study_with(row_means=ROW_MEANS)
    same = {name: [2, 2, None] for name in VALUES}
    results = results_of(scores.categories, study, **frames_of(same, SITEGR1=SITES))
    told = results[results["variable"].eq("DIFF")]
    assert set(told["reason"]) == {"no stratum has two groups with values that differ"}
    assert told["value"].isna().all()
    (table,) = tables(scores.categories, study, frames_of({"P1": [2, None, None]}, SITEGR1=["1"]))
    assert table.empty == "Not estimable: nobody has a value at the visits."
