"""Waterfalls: one bar a participant from no change, sorted by height, one panel an arm on one scale."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from cutbook.catalogue.kinds.display import Display
from cutbook.catalogue.kinds.measured.points import Waterfall
from cutbook.display.draw import axes, drawing
from cutbook.display.look.collected import collected
from cutbook.display.look.frame import Displays, Figure
from cutbook.display.page import Page
from cutbook.display.palette import arm_colours, short_names

_HEIGHT, _TOP, _ROOM = 210, 40, 0.06
_SHARE, _WIDEST = 0.72, 10.0


def waterfalls(display: Display, layers: Sequence[Waterfall], page: Page) -> Displays:
    """Return a figure a layer."""
    return Displays(tuple(_figure(display, layer, page) for layer in layers), display.empty)


def _figure(display: Display, layer: Waterfall, page: Page) -> Figure:
    framed, cells = page.framed(display, layer), page.cells(display)
    colours, names = arm_colours(page), short_names(page)
    values = page.records(display, layer.values).dropna(subset=["VALUE"])
    own = values[values["USUBJID"].isin(page.members(display, layer.population))]
    own = own[own["TRT01A"].isin(list(colours))].sort_values(["VALUE", "USUBJID"], ascending=[False, True])
    arms = [arm for arm in colours if own["TRT01A"].eq(arm).any()]
    if not arms:
        return Figure(**framed)
    headed = {arm: (names[arm], f"n = {drawing.number_drawn(cells, layer.parameter, arm, page)}") for arm in arms}
    low, high = min(0.0, float(own["VALUE"].min())), max(0.0, float(own["VALUE"].max()))
    room = _ROOM * (high - low) + 1e-9
    with drawing.style():
        draw = partial(_bars, own=own, headed=headed, ends=(low - room, high + room), colours=colours)
        rows, single = drawing.side_by_side(headed, draw, _HEIGHT, top=_TOP)
        said = "; ".join(f"{names[arm]} {_said(own.loc[own['TRT01A'].eq(arm), 'VALUE'])}" for arm in arms)
        note = f"Up: {collected(layer.up)}. One bar a participant, sorted by height. {' '.join(framed['footnotes'])}"
        data = own[["USUBJID", "TRT01A", "VALUE"]]
        alt = f"{framed['title']}: {collected(layer.up)}. {said}."
        return drawing.figure(drawing.Panels((), rows, single), alt, note, data, framed=framed)


def _said(values: pd.Series) -> str:
    """Return how many participants lie below no change, and the ends.

    Examples
    --------
    >>> _said(pd.Series([12.0, -3.5]))
    '1 of 2 below 0, −3.5 to 12'
    """
    ends = f"{values.min():.3g} to {values.max():.3g}".replace("-", "−")
    return f"{int(values.lt(0).sum())} of {len(values)} below 0, {ends}"


def _bars(
    axis: Axes, arm: str, *, own: pd.DataFrame, headed: Mapping[str, tuple[str, str]], ends: tuple[float, float],
    colours: Mapping[str, str],
) -> None:  # fmt: skip
    mine = own.loc[own["TRT01A"].eq(arm), "VALUE"].to_numpy("float64")
    axis.set_ylim(*ends)
    axis.set_xlim(-0.6, len(mine) - 0.4)
    places, nowhere = np.arange(len(mine), dtype="float64"), np.full(len(mine), np.nan)
    across = np.column_stack([places, places, nowhere]).ravel()
    heights = np.column_stack([np.zeros(len(mine)), mine, nowhere]).ravel()
    width = min(_WIDEST, _SHARE * axes.width_of(axis) / (len(mine) + 0.2))
    axis.plot(across, heights, color=colours[arm], linewidth=width, solid_capstyle="butt", gid="bars")
    axis.set_xticks([])
    axes.no_change(axis)
    axes.head(axis, *headed[arm], title_colour=colours[arm])
