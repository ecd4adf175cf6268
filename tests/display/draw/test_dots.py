"""Dots of a dose: everybody stands at the own value, none hides another, and crowded ones are no complaint."""

from itertools import combinations

import numpy as np
import pandas as pd
import pytest

from cutbook.display.draw import drawing
from cutbook.display.draw.exposure import dots
from cutbook.display.draw.surface import svg
from cutbook.display.look.numbers import with_text
from cutbook.display.read.cells import Cells
from cutbook.results.table import results_table
from display.pages import a_page


def panel(study, values):
    """Return the axes of an arm with values."""
    place = {"display": "E8", "parameter": "P", "variable": "Q", "level": "CMAX", "group": "A"}
    mean = float(np.exp(np.mean(np.log(values))))
    results = with_text(
        results_table([place | {"statistic": "n", "value": 1}, place | {"statistic": "geomean", "value": mean}])
    )
    page = a_page(study, results=results)
    own = pd.DataFrame({"TRT01A": "10 mg", "AVAL": values, "PANEL_WORDS": "Cmax by dose", "SECOND": "ng/mL per mg"})
    with drawing.style():
        canvas = dots._panel(own, ["10 mg"], Cells(results, "E8"), ("P", "Q", "CMAX", ""), page)
        svg(canvas)
    return canvas.axes[0]


def places(study, values):
    """Return where the dots of an arm are drawn, in pixels, and their values."""
    axis = panel(study, values)
    (drawn,) = axis.collections
    offsets = np.asarray(drawn.get_offsets())
    return axis.transData.transform(offsets), offsets[:, 1].tolist()


def test_a_dot_stands_at_every_value_and_none_hides_another(study):
    values = [4.0, 4.0, 4.0, 4.05, 8.0, 2.0]
    pixels, heights = places(study, values)
    assert sorted(heights) == pytest.approx(sorted(values))
    assert min(float(np.hypot(*(one - other))) for one, other in combinations(pixels, 2)) >= 5.0


@pytest.mark.filterwarnings("error")
def test_more_dots_than_have_room_are_drawn_without_a_complaint(study):
    _, heights = places(study, [4.0] * 200)
    assert len(heights) == 200


@pytest.mark.parametrize("value", [0.0341, 0.335, 1.0, 2.9, 31.0, 700.0])
def test_the_scale_of_values_near_each_other_has_a_number(study, value):
    axis = panel(study, [value, value * 1.01])
    low, high = axis.get_ylim()
    ticks = [tick for tick in axis.get_yticks() if low <= tick <= high]
    assert ticks
    assert low < value / 1.2
    assert high > value * 1.2


def test_the_mean_is_a_line_among_the_dots_and_a_number_above_them_all(study):
    axis = panel(study, [2.0, 4.0, 8.0])
    axis.figure.canvas.draw()
    (line,) = [one for one in axis.lines if one.get_gid() == "mean"]
    (number,) = [one for one in axis.texts if one.get_gid() == "mean"]
    assert list(line.get_ydata()) == pytest.approx([4.0, 4.0])
    assert number.get_text() == "4.00"
    below = number.get_window_extent().y0
    assert below > axis.transData.transform((0, 8.0))[1] + 3
