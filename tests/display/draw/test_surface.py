"""The inline drawing: what stands in it, and that it follows the page around it."""

import re

import pandas as pd
import pytest

from cutbook.display.draw import axes, drawing
from cutbook.display.draw.surface import svg
from cutbook.display.look.frame import assets
from cutbook.display.palette import ALARM, CLASSES, DOSES, INK, LINE


@pytest.fixture
def panel():
    with drawing.style():
        axis = drawing.panel(100, 80, left=0, right=0, top=0, bottom=0)
        axis.set_xlim(0, 100)
        axis.set_ylim(0, 80)
        axis.set_axis_off()
        yield axis


def drawn(panel):
    text, _ = svg(drawing.canvas_of(panel))
    return re.sub(r"^<svg[^>]*>|</svg>$", "", text)


def test_a_line_is_a_path_from_the_upper_left_in_the_class_of_its_colour(panel):
    panel.plot([0, 50, 100], [0, 40, 80], color=DOSES[2], linewidth=2)
    assert drawn(panel) == '<path class="d3" stroke-width="2" d="M0 80 50 40 100 0"/>'


def test_lines_of_one_look_are_one_path_and_others_are_not(panel):
    panel.plot([0, 10], [0, 0], color=INK)
    panel.plot([0, 10], [80, 80], color=INK)
    panel.plot([0, 10], [40, 40], color=LINE)
    assert drawn(panel) == '<path class="i" d="M0 80 10 80M0 0 10 0"/><path class="l" d="M0 40 10 40"/>'


def test_filled_points_are_dots_and_open_ones_circles(panel):
    panel.plot([10], [70], color=ALARM, marker="o", markersize=4, linestyle="none")
    panel.plot([20], [70], color=INK, marker="o", markersize=6, markerfacecolor="none", linestyle="none")
    dot, circle = '<path class="a p" stroke-width="4" d="M10 10h0"/>', '<circle class="i" cx="20" cy="10" r="3"/>'
    assert drawn(panel) == dot + circle


def test_a_band_is_filled_without_an_outline(panel):
    panel.fill_between([0, 10], [0, 0], [10, 10], color=DOSES[0], alpha=0.16, linewidth=0)
    assert re.fullmatch(r'<path class="d1 f" opacity="0.16" d="M[\d. ML]+z"/>', drawn(panel))


def test_a_missing_value_leaves_a_gap_in_a_line(panel):
    panel.plot([0, 10, 20, 30, 40], [0, 0, float("nan"), 0, 0], color=INK)
    assert drawn(panel) == '<path class="i" d="M0 80 10 80M30 80 40 80"/>'


def test_text_is_text_anchored_where_it_is_aligned_and_cannot_become_markup(panel):
    panel.text(100, 40, "<b>& 5", color=INK, ha="right", va="baseline", fontweight="bold")
    assert drawn(panel) == '<text class="i e b" x="100" y="40">&lt;b&gt;&amp; 5</text>'


def test_a_colour_that_no_style_knows_is_refused(panel):
    panel.plot([0, 1], [0, 1], color="#123456")
    with pytest.raises(ValueError, match="#123456: expected one of the palette"):
        svg(drawing.canvas_of(panel))


def test_the_style_sheet_says_what_every_class_of_a_colour_is():
    style = assets()
    assert [name for name in CLASSES.values() if f".drawn .{name} {{ color: " not in style] == []


def test_equal_figures_are_equal_text_and_equal_pictures():
    def one():
        with drawing.style():
            axis = drawing.panel(200, 120)
            axis.plot([1, 2, 3], [1, 4, 2], color=DOSES[4], marker="o")
            axes.head(axis, "Panel", "n = 3")
            return svg(drawing.canvas_of(axis)), drawing.png([drawing.canvas_of(axis)])

    assert one() == one()


def test_beyond_some_thousand_marks_a_figure_is_its_raster_picture():
    with drawing.style():
        axis = drawing.panel(200, 120)
        axis.plot(range(4000), range(4000), color=INK)
        panels = drawing.Panels((drawing.canvas_of(axis),))
        framed = {"key": "F-x", "title": "Many", "population": "All"}
        made = drawing.figure(panels, "Many points.", "", pd.DataFrame({"A": []}), framed=framed)
    assert made.drawings == ()
    assert '<img src="data:image/png;base64,' in made._repr_html_()
    assert 'alt="Many points."' in made._repr_html_()
