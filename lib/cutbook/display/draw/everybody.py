"""Everybody's course, one small panel an arm: single lines, or bands of quantiles where they would be too many."""

from __future__ import annotations

from typing import Any

import pandas as pd
import seaborn as sns
from matplotlib.axes import Axes
from matplotlib.figure import Figure as Canvas

from cutbook.catalogue.kinds.panels import Course
from cutbook.display.draw import axes, drawing
from cutbook.display.page import Page
from cutbook.display.palette import arm_colours, short_names
from cutbook.display.read.cells import Cells
from cutbook.stats.descriptive import quantile

MOST_LINES = 30
"""Participants in a panel whose lines can be told apart; of more, bands of quantiles are drawn."""

_HEIGHT = 190
_NEVER_FLAT = 1e-9
_BANDS = ((0.1, 0.9), (0.25, 0.75))


def panels(
    layer: Course, observed: pd.DataFrame, page: Page, cells: Cells
) -> tuple[tuple[Canvas, ...], tuple[Canvas, ...]]:
    """Return the courses of an endpoint, one panel an arm, all on one scale: beside each other, and for a phone."""
    are_few_new, names, colours = drawing.are_few_new(page, observed), short_names(page), arm_colours(page)
    days = list(axes.visit_days(observed, page).values())

    def draw(axis: Axes, arm: str) -> None:
        own = observed[observed["TRT01A"].eq(arm)]
        lines(axis, own, colours[arm])
        if are_few_new and own["USUBJID"].nunique() <= MOST_LINES:
            drawing.ring_new(axis, own, "ADY", page)
        _scale(axis, observed, is_ratio=layer.is_ratio)
        axes.as_days(axis, days, page, reach=observed["ADY"])
        axes.head(axis, headed[arm][0], headed[arm][1], title_colour=colours[arm])

    arms = [arm for arm in colours if observed["TRT01A"].eq(arm).any()]
    headed = {arm: (names[arm], f"n = {drawing.number_drawn(cells, layer.parameter, arm, page)}") for arm in arms}
    return drawing.side_by_side(headed, draw, _HEIGHT)


def lines(axis: Axes, own: pd.DataFrame, colour: str) -> None:
    """Draw one thin line a participant, or bands and the median by visit where there are too many."""
    if own["USUBJID"].nunique() > MOST_LINES:
        bands(axis, own, colour)
        return
    is_alone = own.groupby("USUBJID")["USUBJID"].transform("size").eq(1)
    look: dict[str, Any] = {"x": "ADY", "y": "AVAL", "color": colour, "alpha": 0.6, "legend": False, "ax": axis}
    if not is_alone.all():
        sns.lineplot(own[~is_alone], units="USUBJID", estimator=None, sort=False, linewidth=0.8, **look)
    for _, point in own[is_alone].iterrows():
        axis.plot([point["ADY"]], [point["AVAL"]], color=colour, alpha=0.6, marker="o", markersize=3)
    axis.set(xlabel="", ylabel="")


def bands(axis: Axes, own: pd.DataFrame, colour: str, *, visit: str = "AVISITID", across: str = "ADY") -> None:
    """Draw the middle 80 and 50 per cent of the values at each visit, and the median.

    Parameters
    ----------
    axis : Axes
        Panel.
    own : frame
        AVAL, and the columns of ``visit``, whose values belong together, and ``across``, where they stand.
    colour : str
        Of the palette.
    visit, across : str
        Columns.
    """
    placed = own.dropna(subset=[visit, across])
    by_visit = {float(some[across].median()): some["AVAL"] for _, some in placed.groupby(visit, sort=False)}
    days = sorted(by_visit)
    for low, high in _BANDS:
        below, above = ([quantile(by_visit[day], share) for day in days] for share in (low, high))
        axis.fill_between(days, below, above, color=colour, alpha=0.16, linewidth=0, label=f"{low:g} to {high:g}")
    axis.plot(days, [quantile(by_visit[day], 0.5) for day in days], color=colour, linewidth=1.6, label="median")


def _scale(axis: Axes, courses: pd.DataFrame, *, is_ratio: bool) -> None:
    """Give a panel the limits that hold the courses of all arms."""
    low, high = courses["AVAL"].min(), courses["AVAL"].max()
    if is_ratio and low > 0:
        axis.set_ylim(low / 1.1, high * 1.1)
        axes.as_logarithm(axis)
    else:
        room = 0.04 * (high - low)
        axis.set_ylim(low - room, high + room + _NEVER_FLAT)
