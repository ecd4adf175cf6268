"""Figures by visit: which parameters have a panel, and where points stand."""

import pandas as pd
import pytest

from cutbook.catalogue import measurements
from cutbook.display.look.numbers import with_text
from cutbook.display.show import show
from cutbook.results.table import results_table
from display.as_shown import _captured, _panel
from display.pages import a_page
from given import given_frames

WORDS = {"x-A": "Chemistry: Albumin (g/L)", "x-B": "Blood: Leukocytes (10^9/L)", "x-C": "Blood: Platelets (10^9/L)"}


def page_of(study, outside, *, days=(29.0, 57.0)):
    """Return a page where each parameter has medians of 1 and 2, and so many (n, N) are outside its limits."""
    points = [
        {"display": "D15", "parameter": code, "parameter_words": WORDS[code], "variable": "CHG", "visit": visit,
         "visit_words": visit, "group": "A", "group_words": "10 mg", "statistic": name, "value": value}
        for code in outside
        for visit, centre in (("D29", 1.0), ("D57", 2.0))
        for name, value in (("n", 5.0), ("median", centre), ("q1", centre - 1), ("q3", centre + 1))
    ]  # fmt: skip
    counts = [
        {"display": "D15", "parameter": code, "variable": "OUTSIDE", "statistic": name, "value": float(value)}
        for code, pair in outside.items()
        if pair
        for name, value in zip(("n", "N"), pair, strict=True)
    ]
    adlb = pd.DataFrame({"AVISITID": ["D29", "D57"], "ADY": days, "ANL01FL": "Y"})
    adsl = pd.DataFrame({"USUBJID": ["1"], "SAFFL": ["Y"], "TRT01A": ["10 mg"]})
    return a_page(
        study, results=with_text(results_table([*points, *counts])), frames=given_frames(study, adsl=adsl, adlb=adlb)
    )


@pytest.fixture
def drawn(study):
    def draw(outside, **more):
        with _captured() as panels:
            made = show(measurements.laboratory_course, page_of(study, outside, **more))
        return made, [_panel(one.axes[0]) for one in panels]

    return draw


def test_a_parameter_of_which_nobody_is_outside_the_limits_is_named_and_one_without_limits_is_drawn(drawn):
    made, panels = drawn({"x-A": (0, 5), "x-B": (2, 5), "x-C": None})
    assert [panel[0] for panel in panels] == [
        ("Leukocytes (10⁹/L)", "Blood · 2 of 5 outside limits", ""), ("Platelets (10⁹/L)", "Blood", ""),
    ]  # fmt: skip
    assert made.footnotes[0].endswith(" 1 not shown, nobody outside the limits after day 1: Albumin.")
    assert "Albumin" not in made.alt
    assert {line.split(",")[0] for line in made.data.splitlines()[1:]} == {"x-B", "x-C"}


def test_where_nobody_is_outside_any_limit_the_figure_is_a_sentence(drawn):
    made, panels = drawn({"x-A": (0, 5), "x-B": (0, 5)})
    assert panels == []
    assert "2 not shown, nobody outside the limits after day 1: Albumin and Leukocytes." in made._repr_html_()


def test_a_band_lies_between_the_quartiles_at_their_days(drawn):
    _, (panel,) = drawn({"x-B": (1, 5)})
    assert ("spread 10 mg", [(29, 0, 2), (57, 1, 3)]) in panel
    assert ("10 mg", [(29, 1), (57, 2)]) in panel


def test_visits_without_a_day_stand_one_after_the_other(drawn):
    made, (panel,) = drawn({"x-B": (1, 5)}, days=(float("nan"), float("nan")))
    assert ("10 mg", [(2, 1), (3, 2)]) in panel
    assert made.footnotes[0].startswith("Lines: medians by visit.")
