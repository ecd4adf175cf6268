import pytest

from cutbook.catalogue import DISPLAYS
from cutbook.display.look.numbers import fixed, signed, significant, with_text
from cutbook.results.table import results_table


@pytest.mark.parametrize(
    ("value", "decimals", "text"),
    [
        (100 * 3 / 48, 1, "6.3"),
        (100 * 1 / 16, 1, "6.3"),
        (2.675, 2, "2.68"),
        (2.6749999999999994, 2, "2.68"),
        (-2.5, 0, "−3"),
        (-0.04, 1, "0.0"),
        (0.5, 0, "1"),
        (1e15, 0, "1000000000000000"),
        (99.95, 1, "100.0"),
    ],
)
def test_halves_are_rounded_away_from_zero_as_sas_does(value, decimals, text):
    assert fixed(value, decimals) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (1234.5, "1230"),
        (0.0012345, "0.00123"),
        (9.995, "10.0"),
        (99.95, "100"),
        (620, "620"),
        (-1.005, "−1.01"),
        (0, "0"),
    ],
)
def test_three_significant_figures_without_scientific_notation(value, text):
    assert significant(value) == text


def test_signs_are_shown_for_changes():
    assert [signed(step) for step in (2, -1, 0)] == ["+2", "−1", "0"]


def test_each_statistic_gets_the_decimals_that_reviewers_expect():
    shown = {"n": "12", "pct": "33.3", "mean": "4.57", "sd": "1.23", "median": "4.57", "min": "4.6", "max": "4.6"}
    values = {"n": 12, "pct": 100 / 3, "mean": 4.567, "sd": 1.2346, "median": 4.567, "min": 4.567, "max": 4.567}
    rows = [{"display": "D15", "statistic": name, "value": value, "decimals": 1} for name, value in values.items()]
    found = with_text(results_table(rows))
    assert dict(zip(found["statistic"], found["text"], strict=True)) == shown


def test_not_estimable_is_said_and_not_calculated_for_concentrations():
    rows = [{"display": display, "statistic": "sd", "value": float("nan")} for display in ("D15", "E2")]
    signs = {display.key: display.not_estimable for display in DISPLAYS}
    assert with_text(results_table(rows), signs)["text"].tolist() == ["NE", "NC"]


def test_a_value_below_the_limit_is_said_before_what_else_is_missing():
    reasons = ("below the limit of quantification", "one value only")
    rows = [
        {"display": "E2", "variable": reason, "statistic": "min", "value": float("nan"), "reason": reason}
        for reason in reasons
    ]
    assert with_text(results_table(rows), {"E2": "NC"})["text"].tolist() == ["BLQ", "NC"]


def test_the_table_given_is_not_changed():
    table = results_table([{"display": "D4", "statistic": "n", "value": 3}])
    with_text(table)
    assert table["text"].tolist() == [""]
