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


def places(study, values):
    """Return where the dots of an arm are drawn, in pixels, and their values."""
    row = {
        "display": "E8",
        "parameter": "P",
        "variable": "Q",
        "level": "CMAX",
        "group": "A",
        "statistic": "n",
        "value": 1,
    }
    results = with_text(results_table([row]))
    page = a_page(study, results=results)
    own = pd.DataFrame({"TRT01A": "10 mg", "AVAL": values, "PANEL_WORDS": "Cmax by dose", "SECOND": "ng/mL per mg"})
    with drawing.style():
        canvas = dots._panel(own, ["10 mg"], Cells(results, "E8"), ("P", "Q", "CMAX", ""), page)
        svg(canvas)
    axis = canvas.axes[0]
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
