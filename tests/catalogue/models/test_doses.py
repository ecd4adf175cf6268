"""Responses by dose: the numbers, the dose that reaches a difference, the table as shown."""

import pytest

from catalogue.models.trials import as_lines, frames_of, study_with, tables
from cutbook.catalogue.models import doses
from given import results_of

# The change is 0.2 a mg with ±0.1 beside it, whatever the baseline: 0, 2 and 4 in the arms of 0, 10 and 20 mg.
LINE = {
    f"{arm}{place}": [base, base + change + off, None]
    for arm, change in (("P", 0.0), ("A", 2.0), ("B", 4.0))
    for place, (base, off) in enumerate(((10, 0.1), (12, -0.1), (12, 0.1), (10, -0.1)))
}


def section(**more):
    return {"visit": "Week 4", "dose_response": ["linear", "log_linear", "emax", "trend"], "target": 3, **more}


def found(values, **more):
    results = results_of(doses.responses, study_with(analysis=section(**more)), **frames_of(values))
    own = results[results["variable"].eq("DOSE")]
    return {
        place: value
        for *place, value in own[["level", "statistic", "value"]].itertuples(index=False)
        for place in [tuple(place)]
    }


def test_a_line_tells_the_difference_at_the_highest_dose_and_the_dose_of_a_difference():
    numbers = found(LINE)
    assert numbers["linear", "estimate"] == pytest.approx(4.0)
    assert numbers["linear", "ed"] == pytest.approx(15.0)
    assert numbers["linear", "ed_low"] < 15.0 < numbers["linear", "ed_high"]
    assert numbers["log_linear", "estimate"] == pytest.approx(4.0, abs=0.1)


def test_a_difference_that_no_dose_reaches_is_not_extrapolated():
    numbers = found(LINE, target=8)
    assert numbers["linear", "ed"] != numbers["linear", "ed"]
    downwards = found(LINE, target=-3)
    assert downwards["linear", "ed"] != downwards["linear", "ed"]


def test_the_table_as_shown():
    (table,) = tables(doses.responses, study_with(analysis=section()), frames_of(LINE))
    assert as_lines(table)[0].split(" | ")[1:] == [
        "Difference from placebo at 20\u00a0mg (95 % CI)", "p of slope or trend", "Dose for 3 mg (95 % CI)",
        "ED50 mg (95 % CI)",
    ]  # fmt: skip
    assert [row.label for row in table.rows] == [
        "Line in the dose", "Line in ln(1 + dose / lowest dose)", "Emax", "Trend over the arms in their order",
    ]  # fmt: skip
    # s² is 0.12 / 9 and the sum of squares of the doses 800: 20 SE is 0.0816, and t of 9 degrees of freedom 2.262.
    line, _, curve, trend = as_lines(table)[1:]
    assert line.endswith("| 4.00 (3.82, 4.18) | <0.0001 | 15.0 (14.3, 15.7) | –")
    assert curve.endswith("| NE | – | – | –")
    assert trend.endswith("| – | <0.0001 | – | –")


def test_doses_without_a_value_give_a_sentence():
    (table,) = tables(doses.responses, study_with(analysis=section()), frames_of({"P1": [10, 11, None]}))
    assert table.empty == "Not estimable at Week 4: nobody with a dose has a value."
