"""Rates of change: their numbers, the table as shown, and the reason where there is none."""

import pytest

from catalogue.models.trials import as_lines, frames_of, study_with, tables
from cutbook.catalogue.models import slopes
from given import results_of

# Baseline on day 1, then days 29 and 57: 28 days are 0.9199 months. The means fall by 1 on placebo and rise by 2 points
# on 10 mg in 28 days, which is -1.087 and 2.174 points a month.
VALUES = {
    "P1": [10, 9, 9], "P2": [12, 12, 10], "P3": [14, 12, 10], "P4": [16, 15, 15],
    "A1": [10, 13, 14], "A2": [12, 13, 15], "A3": [14, 16, 19], "A4": [16, 18, 20],
}  # fmt: skip


def test_the_rates_are_those_of_the_means_of_complete_values():
    results = results_of(slopes.rates, study_with(slope={}), **frames_of(VALUES))
    own = results[results["statistic"].eq("estimate")].set_index("group")["value"]
    month = 28 / (365.25 / 12)
    assert own["P"] == pytest.approx(-1 / month)
    assert own["A"] == pytest.approx(2 / month)
    assert own["A-P"] == pytest.approx(3 / month)


def test_the_table_as_shown():
    (table,) = tables(slopes.rates, study_with(slope={"tests": True}), frames_of(VALUES))
    head, placebo, active = as_lines(table)
    assert head == (
        " | n | Values | Change a month (points) slope (95 % CI) | Difference from placebo (95 % CI) "
        "| SE of the difference | df | p"
    )
    assert placebo.startswith("Placebo | 4 | 12 | −1.09 (")
    assert active.startswith("X 10 mg | 4 | 12 | 2.17 (")


def test_too_few_values_are_a_sentence():
    (table,) = tables(slopes.rates, study_with(slope={}), frames_of({"P1": [10, 11, 12], "A1": [11, 10, 9]}))
    assert table.empty == "Not estimable: fewer than three participants have values at two times."
