"""Scatters: one point a participant, limits drawn and named, one panel a parameter or an arm."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from functools import partial

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure as Canvas

from cutbook.catalogue.kinds.display import Display
from cutbook.catalogue.kinds.measured.points import LimitScatter
from cutbook.display.draw import axes, drawing
from cutbook.display.look.collected import collected
from cutbook.display.look.frame import Figure
from cutbook.display.look.numbers import significant
from cutbook.display.look.units import with_unit_written
from cutbook.display.page import Page
from cutbook.display.palette import ALARM, CONTROL, INK, RULE, SOFT, arm_colours, short_names
from cutbook.display.read.cells import Cells
from cutbook.results.columns import arm_codes
from cutbook.results.layers.figures import DRAWN
from cutbook.results.layers.shares import MARKED

_HEIGHT, _WIDTH, _TALL = 230, 212, 238
_DATA = ["USUBJID", "TRT01A", "panel", "X", "Y"]
_TICKS = tuple(step * 10.0**power for power in range(-3, 4) for step in (1, 2, 5))
_ROOM, _LOG_ROOM = 0.06, 1.3
_MANY = 300
_HEADING_WIDTH = 30
_DOT, _FINE_DOT = 4.5, 3.0


def scatters(display: Display, layers: Sequence[LimitScatter], page: Page) -> Figure:
    """Return the figure of a scatter."""
    (layer,) = layers
    framed, cells = page.framed(display, layer), page.cells(display)
    members = page.members(display, layer.population)
    points = page.records(display, layer.points)
    known = points["USUBJID"].isin(members) & points["TRT01A"].isin(list(arm_colours(page)))
    own = points[known].dropna(subset=["X", "Y"])
    if own.empty:
        return Figure(**framed)
    with drawing.style():
        panels = _by_arm(layer, own, cells, page) if layer.is_by_arm else _by_parameter(layer, own, page)
        alt = f"{framed['title']}. {_said(layer, own, cells, page)}."
        note = _note(layer, own, page)
        return drawing.figure(panels, alt, f"{note} {' '.join(framed['footnotes'])}", own[_DATA], framed=framed)


def _by_arm(layer: LimitScatter, own: pd.DataFrame, cells: Cells, page: Page) -> drawing.Panels:
    names = short_names(page)
    arms = [arm for arm in arm_colours(page) if own["TRT01A"].eq(arm).any()]
    headed = {arm: (names[arm], _drawn(own, arm, cells, page)) for arm in arms}
    draw = partial(_draw_arm, layer=layer, own=own, headed=headed, page=page)
    rows, single = drawing.side_by_side(headed, draw, _HEIGHT, top=40)
    return drawing.Panels((), rows, single)


def _drawn(own: pd.DataFrame, arm: str, cells: Cells, page: Page) -> str:
    """Return how many of an arm are drawn, and how many stand inside a ring."""
    code, panel = arm_codes(page.study)[arm], str(own["panel"].iloc[0])
    drawn, marked = (cells.text("n", (panel, name, "", "", code)) for name in (DRAWN, MARKED))
    ringed = f", {marked} in a ring" if marked.isdecimal() and int(marked) else ""
    return f"n = {drawn}{ringed}"


def _draw_arm(
    axis: Axes, arm: str, *, layer: LimitScatter, own: pd.DataFrame, headed: dict[str, tuple[str, str]], page: Page
) -> None:
    mine = own[own["TRT01A"].eq(arm)]
    _scale(axis, own, layer)
    _lines(axis, layer, has_words=axes.is_first(axis))
    _dots(axis, mine, arm_colours(page)[arm], is_open=False)
    _marks(axis, mine)
    name, second = headed[arm]
    axes.head(axis, name, second, ALARM if "ring" in second else SOFT)


def _by_parameter(layer: LimitScatter, own: pd.DataFrame, page: Page) -> drawing.Panels:
    return drawing.Panels(tuple(_panel(layer, some, page) for _, some in own.groupby("panel", sort=False)))


def _panel(layer: LimitScatter, some: pd.DataFrame, page: Page) -> Canvas:
    axis = drawing.panel(_WIDTH, _TALL, left=34, top=50)
    _scale(axis, some, layer)
    _lines(axis, layer, has_words=False)
    for arm, colour in arm_colours(page).items():
        _dots(axis, some[some["TRT01A"].eq(arm)], colour, is_open=colour == CONTROL)
    _marks(axis, some)
    lines = textwrap.wrap(with_unit_written(str(some["panel_words"].iloc[0])), _HEADING_WIDTH)
    axes.head(axis, "\n".join(map(collected, lines)), f"n = {some['USUBJID'].nunique()}")
    return drawing.canvas_of(axis)


def _scale(axis: Axes, own: pd.DataFrame, layer: LimitScatter) -> None:
    """Give a panel the limits that hold all points and lines, and round numbers on its axes."""
    for values, lines, name in ((own["X"], layer.lines_across, "x"), (own["Y"], layer.lines_up, "y")):
        both = pd.concat([own["X"], own["Y"]]) if layer.has_identity else values
        known = np.array([*both[both.gt(0) | (not layer.is_log)], *(line.at for line in lines)])
        low, high = float(known.min()), float(known.max())
        if layer.is_log:
            _log_axis(axis, name, low / _LOG_ROOM, high * _LOG_ROOM)
        else:
            room = _ROOM * (high - low) + 1e-9
            (axis.set_xlim if name == "x" else axis.set_ylim)(low - room, high + room)
    if not layer.is_log:
        axis.locator_params(axis="both", nbins=5)


def _log_axis(axis: Axes, name: str, low: float, high: float) -> None:
    shown = [tick for tick in _TICKS if low <= tick <= high]
    shown = shown if len(shown) < 6 else shown[::2]
    one = axis.xaxis if name == "x" else axis.yaxis
    (axis.set_xscale if name == "x" else axis.set_yscale)("log")
    (axis.set_xlim if name == "x" else axis.set_ylim)(low, high)
    one.set_ticks(shown, [significant(tick, 1) for tick in shown])
    one.set_ticks([], minor=True)


def _lines(axis: Axes, layer: LimitScatter, *, has_words: bool) -> None:
    if layer.has_identity:
        low, high = axis.get_xlim()
        axis.plot([low, high], [low, high], color=RULE, linewidth=1, zorder=1, gid="no change")
    for line in layer.lines_up:
        axes.name_limit(axis, line.at, line.words if has_words else "")
    for line in layer.lines_across:
        axis.axvline(line.at, color=ALARM, linewidth=1, linestyle=(0, (3, 2)), zorder=2, gid="limit")


def _dots(axis: Axes, mine: pd.DataFrame, colour: str, *, is_open: bool) -> None:
    """Draw the points of an arm, open for the control beside others, finer and paler where they are many."""
    is_many = len(mine) > _MANY
    axis.plot(
        mine["X"], mine["Y"], linestyle="none", marker="o", markersize=_FINE_DOT if is_many else _DOT, color=colour,
        markerfacecolor="none" if is_open else colour, alpha=0.4 if is_many else 1, gid="points",
    )  # fmt: skip


def _marks(axis: Axes, mine: pd.DataFrame) -> None:
    """Draw a ring around marked points, and write the names of those that have one."""
    if "IS_MARKED" in mine:
        ringed = mine[mine["IS_MARKED"].eq(True)]
        axis.plot(
            ringed["X"], ringed["Y"], linestyle="none", marker="o", markersize=10, markerfacecolor="none",
            markeredgecolor=ALARM, markeredgewidth=1.4, color=ALARM, gid="ring",
        )  # fmt: skip
    if "LABEL" not in mine:
        return
    named = mine[mine["LABEL"].notna()]
    middle = (
        float(np.mean(axis.get_xlim())) if axis.get_xscale() == "linear" else float(np.sqrt(np.prod(axis.get_xlim())))
    )
    for x, y, label in zip(named["X"], named["Y"], named["LABEL"], strict=True):
        is_right = x > middle
        axis.text(
            x, y, f"{collected(str(label)[-6:])} " if is_right else f" {collected(str(label)[-6:])}", color=INK,
            ha="right" if is_right else "left", va="bottom", fontsize=9, gid="label",
        )  # fmt: skip


def _said(layer: LimitScatter, own: pd.DataFrame, cells: Cells, page: Page) -> str:
    """Return the alternative text: how many are drawn, and how many stand inside a ring."""
    if not layer.is_by_arm:
        sizes = own.groupby("panel_words", sort=False)["USUBJID"].nunique()
        return "Participants drawn: " + "; ".join(f"{collected(str(name))} {size}" for name, size in sizes.items())
    names = short_names(page)
    arms = [arm for arm in arm_colours(page) if own["TRT01A"].eq(arm).any()]
    return "; ".join(f"{names[arm]}: {_drawn(own, arm, cells, page)}" for arm in arms)


def _note(layer: LimitScatter, own: pd.DataFrame, page: Page) -> str:
    """Return what points, lines and rings are."""
    parts = [f"Across: {layer.across}; up: {layer.up}. One point a participant."]
    if not layer.is_by_arm:
        control = "Open grey points: the control; filled: " if page.study.treatment.control_arm else "Filled points: "
        parts.append(f"{control}arms with a dose, darker with dose.")
    if layer.has_identity:
        parts.append("Diagonal: no change.")
    limits = [*layer.lines_across, *layer.lines_up]
    if limits:
        words = dict.fromkeys(line.words for line in limits if line.words)
        parts.append(f"Dashed lines: {', '.join(words)}.")
    if layer.is_log:
        parts.append("Logarithmic scales.")
    if layer.marked and "IS_MARKED" in own and own["IS_MARKED"].eq(True).any():
        parts.append(f"Ring: {layer.marked}.")
    if "LABEL" in own and own["LABEL"].notna().any():
        parts.append("Named, by the end of the number: participants beyond a line.")
    return " ".join(parts)
