"""Axes: true time, doses, ratios, counts, and names that do not cover each other."""

import numpy as np
import pandas as pd
import pytest

from cutbook.display.draw import axes, drawing
from cutbook.display.draw.axes import End
from cutbook.display.palette import INK
from cutbook.parameters.study.visits import Schedule, Visit
from display.pages import a_page


@pytest.fixture
def axis():
    with drawing.style():
        yield drawing.panel(300, 200)


def page_with_doses(study, *days):
    page = a_page(study)
    people = [("1", float(number), float(day)) for number, day in enumerate(days, 1)]
    page.frames.__dict__["doses"] = pd.DataFrame(people, columns=["USUBJID", "DOSEOCC", "ADY"])
    return page


def drawn(axis, name):
    return [line.get_xdata()[0] for line in axis.lines if line.get_gid() == name]


def test_visits_stand_at_their_days_with_doses_as_strokes_and_a_line_at_the_last(axis, study):
    axes.as_days(axis, [29, 85, 169], page_with_doses(study, 1, 15, 85))
    assert list(axis.get_xticks()) == [1, 29, 85, 169]
    assert drawn(axis, "dose") == [1, 15, 85]
    assert drawn(axis, "last dose") == [85]


def test_days_whose_numbers_would_touch_have_none_but_the_first_and_the_last_have_one(axis, study):
    axes.as_days(axis, [2, 3, 92, 166, 169], page_with_doses(study))
    assert list(axis.get_xticks()) == [1, 92, 169]


@pytest.mark.parametrize(("width", "sides"), [(120, ["center", "right"]), (300, ["center", "center"])])
def test_the_last_number_of_a_narrow_panel_keeps_off_the_first_of_the_next_one(study, width, sides):
    with drawing.style():
        for draw in (
            lambda axis: axes.as_days(axis, [169], page_with_doses(study)),
            lambda axis: axes.as_hours(axis, [0, 24], 0, 24),
        ):
            one = drawing.panel(width, 100)
            draw(one)
            assert [text.get_horizontalalignment() for text in one.get_xticklabels()] == sides


def test_days_before_the_first_dose_are_on_the_axis(axis, study):
    axes.as_days(axis, [-14, 29], page_with_doses(study))
    assert [text.get_text() for text in axis.get_xticklabels()] == ["−14", "1", "29"]


def test_daily_doses_are_no_strokes(study):
    assert axes.dose_days(page_with_doses(study, *range(1, 40))) == []


def test_the_day_of_a_dose_is_the_median_of_those_who_received_it(study):
    page = a_page(study)
    doses = pd.DataFrame({"USUBJID": ["1", "2", "3"], "DOSEOCC": 2.0, "ADY": [14.0, 15.0, 40.0]})
    page.frames.__dict__["doses"] = doses
    assert axes.dose_days(page) == [15]


def test_the_day_of_a_visit_is_the_planned_one_or_else_the_median(study):
    schedule = Schedule(by="day", visits=[Visit(id="M1", label="Month 1", target_day=28), Visit(id="Z", label="Z")])
    known = study.model_copy(update={"schedules": {"clinic": schedule}})
    records = pd.DataFrame({"AVISITID": ["M1", "Z", "Z", "Z", None], "ADY": [29.0, 5.0, 6.0, 90.0, 7.0]})
    assert axes.visit_days(records, a_page(known)) == {"M1": 28.0, "Z": 6.0}


def test_a_ratio_axis_has_1_0_and_the_line_of_no_change(axis):
    axis.plot([1, 2], [0.5, 2], color=INK)
    axes.as_ratio(axis)
    assert axis.get_yscale() == "log"
    assert "1.0" in [text.get_text() for text in axis.get_yticklabels()]
    assert [line.get_ydata()[0] for line in axis.lines if line.get_gid() == "no change"] == [1]


def test_a_scale_of_counts_begins_at_0_and_is_log_of_x_plus_1(axis):
    axes.as_counts(axis, 41)
    to_axes = axis.transScale + axis.transLimits
    places = [float(to_axes.transform((0, value))[1]) for value in (0, 41)]
    top = axis.get_ylim()[1]
    assert places == pytest.approx([0, np.log(42) / np.log(top + 1)])
    assert [text.get_text() for text in axis.get_yticklabels()] == ["0", "2", "5", "10", "20", "50"]


def test_names_at_the_ends_of_lines_keep_their_distance_and_their_order(axis):
    axis.set_ylim(0, 10)
    axes.name_ends(axis, [End(5.0, "b", INK), End(5.1, "c", INK), End(1.0, "a", INK)])
    named = {text.get_text(): text.get_position()[1] * axes.height_of(axis) for text in axis.texts}
    assert list(named) == ["a", "b", "c"]
    assert named["c"] - named["b"] >= 13
    assert named["b"] - named["a"] >= 13


@pytest.mark.parametrize("words", ["800 mg n = 6", "800 mg (treatment cohort 8) n = 6"])
def test_names_at_the_ends_of_lines_stay_within_the_panel(words):
    axis = drawing.panel(480, 200, left=38, right=88)
    before = axis.get_position().width
    axes.name_ends(axis, [End(1.0, words, INK)])
    (text,) = axis.texts
    whole = axis.figure.get_figwidth() * axis.figure.dpi
    assert text.get_window_extent().x1 <= whole
    assert (axis.get_position().width < before) == ("cohort" in words)


def test_an_axis_keeps_half_its_width_whatever_stands_at_the_ends_of_lines():
    axis = drawing.panel(480, 200, left=38, right=88)
    before = axis.get_position().width
    axes.name_ends(axis, [End(1.0, "x" * 100, INK)])
    assert axis.get_position().width == pytest.approx(before / 2)


def test_a_change_axis_holds_0(axis):
    axis.plot([1, 2], [4, 5], color=INK)
    axes.no_change(axis)
    assert axis.get_ylim()[0] == 0
