"""A dot a participant by arm, with a bar at the geometric mean: one panel a parameter."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
import seaborn as sns
from matplotlib.axes import Axes
from matplotlib.figure import Figure as Canvas

from cutbook.catalogue.kinds.display import Display
from cutbook.catalogue.kinds.exposure import Dots
from cutbook.display.draw import axes, drawing
from cutbook.display.look.collected import collected
from cutbook.display.look.frame import Displays, Figure
from cutbook.display.look.numbers import NOT_APPLICABLE
from cutbook.display.page import Page
from cutbook.display.palette import INK, SOFT, arm_colours, short_names
from cutbook.display.read.cells import Cells
from cutbook.results.columns import arm_codes

_HEIGHT, _FOOT = 230, 40
_HALF = 0.26
_SMALL = 10
_LEAST = 1.6
"""The scale reaches so far from the middle at least, as a factor: it has one of the numbers 1, 2 and 5 then."""


def dots(display: Display, layers: Sequence[Dots], page: Page) -> Displays:
    """Return one figure a layer."""
    figures = [_figure(display, layer, page) for layer in layers]
    filled = tuple(one for one in figures if one.drawings or one.wide or one.image)
    return Displays(filled or tuple(figures[:1]), display.empty)


def _figure(display: Display, layer: Dots, page: Page) -> Figure:
    framed, own = page.framed(display, layer), page.records(display, layer.drawn)
    arms = [arm for arm in arm_colours(page) if own["TRT01A"].eq(arm).any()] if len(own) else []
    if not arms:
        return Figure(**framed)
    cells, codes = page.cells(display), arm_codes(page.study)
    with drawing.style():
        panels, told = [], []
        for name, values in own.groupby("PANEL", sort=False):
            place = (layer.parameter, layer.of, str(name), "")
            means = {arm: cells.text("geomean", (*place, codes[arm])) for arm in arms}
            panels.append(_panel(values, arms, cells, place, page))
            words = values["PANEL_WORDS"].iloc[0]
            told.append(
                f"{words} ({values['SECOND'].iloc[0]}): "
                + ", ".join(f"{short_names(page)[arm]} {text}" for arm, text in means.items())
            )
        alt = f"{framed['title']}. Geometric means: {'; '.join(told)}."
        data = own[["USUBJID", "TRT01A", "PANEL", "AVAL"]]
        return drawing.figure(drawing.Panels(tuple(panels)), alt, layer.note, data, framed=framed)


def _panel(values: pd.DataFrame, arms: Sequence[str], cells: Cells, place: tuple[str, ...], page: Page) -> Canvas:
    axis = drawing.panel(max(drawing.SMALL, 92 * len(arms)), _HEIGHT, bottom=_FOOT)
    codes, names = arm_codes(page.study), short_names(page)
    low, high = float(values["AVAL"].min()), float(values["AVAL"].max())
    middle = (low * high) ** 0.5
    axis.set_ylim(min(low / 1.25, middle / _LEAST), max(high * 1.25, middle * _LEAST))
    axes.as_logarithm(axis)
    for at, arm in enumerate(arms):
        colour, own = arm_colours(page)[arm], values.loc[values["TRT01A"].eq(arm), "AVAL"]
        sns.swarmplot(
            x=[at] * len(own), y=own.to_list(), native_scale=True, size=5.5, linewidth=0, alpha=0.5, color=colour,
            legend=False, warn_thresh=1.0, ax=axis,
        )  # fmt: skip
        mean = cells.value("geomean", (*place, codes[arm]))
        if mean == mean:
            axis.plot([at - _HALF, at + _HALF], [mean, mean], color=colour, linewidth=2.2, gid="mean")
            text = cells.text("geomean", (*place, codes[arm]))
            axis.text(
                at, 1, text, transform=axis.get_xaxis_transform(), color=INK, va="top", ha="center", fontweight="bold",
                gid="mean",
            )  # fmt: skip
    axis.set_xlim(-0.55, len(arms) - 0.45)
    numbers = [cells.text("n", (*place, codes[arm])) for arm in arms]
    axis.set_xticks(range(len(arms)), [names[arm] for arm in arms])
    axis.grid(visible=False, axis="x")
    _count(axis, [number if number != NOT_APPLICABLE else "0" for number in numbers])
    axes.head(axis, collected(values["PANEL_WORDS"].iloc[0]), collected(values["SECOND"].iloc[0]))
    return drawing.canvas_of(axis)


def _count(axis: Axes, numbers: Sequence[str]) -> None:
    """Write below every arm how many dots it has."""
    for at, number in enumerate(numbers):
        axis.text(
            at, -33 / axes.height_of(axis), f"n = {number}", transform=axis.get_xaxis_transform(), ha="center",
            va="baseline", color=SOFT, fontsize=_SMALL, gid="n",
        )  # fmt: skip
