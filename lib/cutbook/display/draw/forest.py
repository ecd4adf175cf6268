"""Estimates of a model beside each other: one line an arm, its interval, its numbers, and the previous cut in grey."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from typing import Any

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure as Canvas
from matplotlib.ticker import MaxNLocator

from cutbook.catalogue.kinds.display import Display
from cutbook.catalogue.kinds.panels import Forest
from cutbook.display.draw import drawing
from cutbook.display.draw.axes import width_of
from cutbook.display.look.collected import collected
from cutbook.display.look.frame import Displays, Figure
from cutbook.display.look.numbers import significant
from cutbook.display.page import Page
from cutbook.display.palette import CONTROL, INK, RULE, SOFT, arm_colours, short_names
from cutbook.display.read.cells import Cells
from cutbook.vocabulary import contrast

_ROW, _NAMES, _NUMBERS, _FOOT, _HEAD = 40, 70, 118, 44, 30
_GHOST = 0.3
_SMALL = 10
_Row = Mapping[Hashable, Any]


def forests(display: Display, layers: Sequence[Forest], page: Page) -> Displays:
    """Return a figure a layer: the difference of every arm from the control."""
    return Displays(tuple(_figure(display, layer, page) for layer in layers), display.empty)


def _figure(display: Display, layer: Forest, page: Page) -> Figure:
    framed, cells = page.framed(display, layer), page.cells(display)
    now = _estimates(cells, layer, page)
    if now.empty:
        return Figure(**framed)
    before = _estimates(cells.previous, layer, page) if cells.previous else now.iloc[:0]
    before = before[before["arm"].isin(now["arm"])]
    with drawing.style():
        wide, narrow = (_panel(now, before, layer, page, width) for width in (drawing.WIDE, drawing.NARROW))
        said = "; ".join(f"{collected(arm)} {words}" for arm, words in zip(now["arm"], now["words"], strict=True))
        past = f" Grey, open: the same at cut {page.previous.cut_id}." if len(before) else ""
        note = f"{layer.words}, with 95 % confidence interval.{past} n: participants in the model."
        data = now.assign(cut=page.cut.cut.cut_id), before.assign(cut=page.previous.cut_id)
        alt = f"{layer.words}: {said}."
        return drawing.figure(drawing.Panels((), (wide,), (narrow,)), alt, note, *data, framed=framed)


def _estimates(cells: Cells, layer: Forest, page: Page) -> pd.DataFrame:
    """Return estimate, both ends, their words and n of every arm that is compared and has an estimate."""
    control = page.study.treatment.control_arm
    rows = []
    for arm in page.study.treatment.arms if control else ():
        place = (layer.parameter, "DIFF", "", layer.visit, contrast(arm.code, control.code if control else ""))
        values = dict(
            zip(("centre", "low", "high"), (cells.value(name, place) for name in layer.statistics), strict=True)
        )
        centre, low, high = (cells.text(name, place) for name in layer.statistics)
        number = cells.text("n", (layer.parameter, "LSMEAN", "", layer.visit, arm.code))
        rows.append({"arm": arm.label, "n": number, **values, "words": f"{centre} ({low}, {high})"})
    return pd.DataFrame(rows, columns=["arm", "n", "centre", "low", "high", "words"]).dropna(subset=["centre"])


def _panel(now: pd.DataFrame, before: pd.DataFrame, layer: Forest, page: Page, width: int) -> Canvas:
    """Return one line an arm, its name to the left and its numbers to the right; on a phone the numbers below."""
    is_narrow = width < drawing.WIDE
    right = 10 if is_narrow else _NUMBERS * (2 if len(before) else 1)
    axis = drawing.panel(
        width, _HEAD + _FOOT + _ROW * len(now), left=_NAMES, right=right, top=4 if is_narrow else _HEAD, bottom=_FOOT
    )
    axis.set_ylim(len(now) - 0.5, -0.5)
    colours, names = arm_colours(page), short_names(page)
    for place, row in enumerate(now.to_dict("records")):
        ghost = before[before["arm"].eq(row["arm"])].to_dict("records")
        _line(axis, place - (_GHOST / 2 if ghost else 0), row, colours[row["arm"]])
        if ghost:
            _line(axis, place + _GHOST, ghost[0], CONTROL, is_past=True)
        _name(axis, place, names[row["arm"]], row["n"], colours[row["arm"]])
        _numbers(axis, place, row, ghost, is_narrow=is_narrow)
    _across(axis, layer)
    if not is_narrow:
        _column(axis, page.cut.cut.cut_id, 0)
        if len(before):
            _column(axis, f"at {page.previous.cut_id}", 1)
    return drawing.canvas_of(axis)


def _line(axis: Axes, at: float, row: _Row, colour: str, *, is_past: bool = False) -> None:
    axis.plot(
        [row["low"], row["high"]], [at, at], color=colour, linewidth=1 if is_past else 1.8,
        label="previous" if is_past else "interval",
    )  # fmt: skip
    shape = {"markerfacecolor": "none", "markersize": 5} if is_past else {"markersize": 7}
    axis.plot([row["centre"]], [at], color=colour, linestyle="none", marker="o", gid="estimate", **shape)


def _name(axis: Axes, place: int, name: str, number: str, colour: str) -> None:
    left = -(_NAMES - 2) / width_of(axis)
    for up, text, weight, hue in ((-0.12, name, "bold", colour), (0.26, f"n = {number}", "normal", SOFT)):
        axis.text(
            left, place + up, text, transform=axis.get_yaxis_transform(), fontweight=weight, color=hue, va="center",
            ha="left", fontsize=None if weight == "bold" else _SMALL,
        )  # fmt: skip


def _numbers(axis: Axes, place: int, row: _Row, ghost: Sequence[_Row], *, is_narrow: bool) -> None:
    """Write estimate and interval of a line, and those of the previous cut."""
    if is_narrow:
        axis.text(
            1, place - 0.36, row["words"], transform=axis.get_yaxis_transform(), ha="right", va="center",
            fontsize=_SMALL, color=INK, gid="numbers",
        )  # fmt: skip
        return
    for column, (one, hue) in enumerate([(row, INK), *((past, SOFT) for past in ghost)]):
        axis.text(
            1 + (10 + column * _NUMBERS) / width_of(axis), place + (_GHOST if column else 0), one["words"],
            transform=axis.get_yaxis_transform(), color=hue, va="center", ha="left",
            fontsize=_SMALL if column else None, gid="numbers",
        )  # fmt: skip


def _column(axis: Axes, words: str, column: int) -> None:
    axis.text(
        1 + (10 + column * _NUMBERS) / width_of(axis), 1.03, words, transform=axis.transAxes, ha="left", va="bottom",
        color=SOFT if column else INK, fontweight="normal" if column else "bold", fontsize=_SMALL,
    )  # fmt: skip


def _across(axis: Axes, layer: Forest) -> None:
    """Give the axis of estimates its numbers, the line of no difference, and what its two sides mean."""
    low, high = axis.get_xlim()
    low, high = min(low, 0), max(high, 0)
    axis.set_xlim(low, high)
    axis.grid(visible=True, axis="x")
    axis.grid(visible=False, axis="y")
    axis.set_yticks([])
    axis.axvline(0, color=RULE, linewidth=1, gid="no difference")
    axis.xaxis.set_major_locator(MaxNLocator(5))
    ticks = [tick for tick in axis.get_xticks() if low <= tick <= high]
    axis.set_xticks(ticks, [_signed(tick) + layer.unit for tick in ticks])
    middle = -low / (high - low)
    for share, words, side in ((-6, f"← lower than {collected(layer.against)}", "right"), (6, "higher →", "left")):
        if (middle if side == "right" else 1 - middle) > 0:
            axis.text(
                middle + share / width_of(axis), -36 / (_ROW * (axis.get_ylim()[0] + 0.5)), words, fontsize=_SMALL,
                transform=axis.transAxes, ha=side, va="center", color=SOFT, gid="side",
            )  # fmt: skip


def _signed(tick: float) -> str:
    text = significant(tick, 3) if tick % 1 else f"{tick:.0f}".replace("-", "−")
    return f"+{text}" if tick > 0 else text
