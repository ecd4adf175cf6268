"""Axes of figures: true time with its doses, ratios and counts on scales of their own, names at the end of lines."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.textpath import TextPath

from cutbook.display.draw.lettering import measured
from cutbook.display.draw.surface import UNIT
from cutbook.display.look.numbers import significant
from cutbook.display.page import Page
from cutbook.display.palette import ALARM, INK, RULE, SOFT

FIRST_DAY = 1.0
"""Study day of the first dose: where every course begins."""

_RATIO_TICKS = (0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0, 1.2, 1.5, 2.0, 3.0, 5.0, 10.0, 20.0)
_LOG_TICKS = tuple(step * 10.0**power for power in range(-4, 8) for step in (1, 2, 5))
_FEWEST_LOG_TICKS = 2
_LABEL_HEIGHT = 13.0
_TICK_DISTANCE = 26.0
_NARROW = 200.0
_SMALL = 10.0
_POINTS = 72.0
"""Points of an inch."""

_GAP_OF_ENDS, _EDGE = 0.02, 4.0
"""Between a line and the label at its end, a part of the width of the axes; pixels between the label and the edge."""

_LEAST = 0.5
"""Part of its width that an axis keeps, whatever stands at the ends of lines."""
_MOST_DOSES = 30


class End(NamedTuple):
    """What stands at the end of a line: its height in the units of the axis, the words and their colour."""

    at: float
    words: str
    colour: str


def visit_days(records: pd.DataFrame, page: Page) -> dict[str, float]:
    """Return the study day of every visit by its code: as planned where the study file says it, else the median day.

    Parameters
    ----------
    records : frame
        AVISITID, ADY; further records do no harm.
    page : Page
        The report.
    """
    visits = [visit for schedule in page.study.schedules.values() for visit in schedule.visits]
    planned = {visit.code: float(visit.target_day) for visit in visits if visit.target_day is not None}
    known = records.dropna(subset=["AVISITID", "ADY"]).groupby("AVISITID")["ADY"].median().round()
    return {**{str(code): float(day) for code, day in known.items()}, **planned}


def dose_days(page: Page) -> list[float]:
    """Return the study days of the doses, each the median of those who received it; none beyond some tens of them."""
    days = page.frames.doses.groupby("DOSEOCC")["ADY"].median().round()
    return [] if len(days) > _MOST_DOSES else sorted({float(day) for day in days.dropna()})


def as_days(axis: Axes, days: Iterable[float], page: Page, *, reach: Iterable[float] = ()) -> None:
    """Make the horizontal axis true time: numbers at the days, strokes below it at doses, a line at the last dose.

    It reaches over further days that have no number.
    """
    doses = dose_days(page)
    shown = sorted({FIRST_DAY, *days})
    all_days = [*shown, *reach]
    room = 0.02 * (max(all_days) - min(all_days)) + 1e-9
    axis.set_xlim(min(all_days) - room, max(all_days) + room)
    _number(axis, _apart(shown, axis), ".0f")
    axis.grid(visible=False, axis="x")
    low, high = axis.get_xlim()
    inside = [day for day in doses if low <= day <= high]
    for day in inside:
        axis.plot(
            [day, day], [-0.03, -0.005], color=INK, linewidth=1, transform=axis.get_xaxis_transform(), clip_on=False,
            gid="dose",
        )  # fmt: skip
    if len(inside) > 1 and inside[-1] < shown[-1]:
        axis.axvline(inside[-1], color=RULE, linewidth=1, linestyle=(0, (1, 3)), zorder=0.5, gid="last dose")


def as_hours(axis: Axes, hours: Sequence[float], first: float, last: float) -> None:
    """Make the horizontal axis hours after the dose, its numbers at the nominal ones."""
    room = 0.02 * (last - first) + 1e-9
    axis.set_xlim(min(first, hours[0]) - room, max(last, hours[-1]) + room)
    _number(axis, _apart(hours, axis), "g")
    axis.grid(visible=False, axis="x")


def _number(axis: Axes, times: Sequence[float], how: str) -> None:
    """Write numbers at times; in a narrow panel the last one ends at its tick, for another panel may begin there."""
    axis.set_xticks(times, [format(time, how).replace("-", "−") for time in times])
    if width_of(axis) < _NARROW:
        axis.get_xticklabels()[-1].set_horizontalalignment("right")


def _apart(days: Sequence[float], axis: Axes) -> list[float]:
    """Return the first and the last day, and those between them whose numbers have room."""
    low, high = axis.get_xlim()
    distance = _TICK_DISTANCE * (high - low) / width_of(axis)
    chosen = [days[0]]
    for day in days[1:-1]:
        if day - chosen[-1] >= distance and days[-1] - day >= distance:
            chosen.append(day)
    return chosen + ([days[-1]] if days[-1] > days[0] else [])


def width_of(axis: Axes) -> float:
    """Return the width of a panel in pixels."""
    return float(axis.get_window_extent().width)


def height_of(axis: Axes) -> float:
    """Return the height of a panel in pixels."""
    return float(axis.get_window_extent().height)


def as_ratio(axis: Axes) -> None:
    """Make the vertical axis one of ratios, with 1.0 as the line of no change."""
    _logarithmic(axis, _RATIO_TICKS)
    shown = axis.get_yticks()
    axis.set_yticks(shown, ["1.0" if tick == 1 else f"{tick:g}" for tick in shown])
    axis.axhline(1, color=RULE, linewidth=1, zorder=1, gid="no change")


def as_logarithm(axis: Axes) -> None:
    """Make the vertical axis logarithmic, its numbers 1, 2 and 5 times powers of ten."""
    _logarithmic(axis, _LOG_TICKS)


def _logarithmic(axis: Axes, ticks: Sequence[float]) -> None:
    """Make the vertical axis logarithmic, with those of the ticks that lie on it; with too many, every second one."""
    axis.set_yscale("log")
    low, high = axis.get_ylim()
    shown = [tick for tick in ticks if low <= tick <= high]
    step = max(1, round(len(shown) * 1.6 * _LABEL_HEIGHT / height_of(axis)))
    shown = shown[len(shown) % step if 1.0 not in shown else shown.index(1.0) % step :: step]
    axis.set_yticks(shown, [significant(tick, 1) for tick in shown])
    axis.set_yticks([], minor=True)


def as_counts(axis: Axes, highest: float) -> None:
    """Make the vertical axis log(x + 1), from 0: for values that are mostly near zero and seldom high."""
    axis.set_yscale("function", functions=(np.log1p, np.expm1))
    axis.set_ylim(0, highest * 1.25 + 1)
    ticks = [0.0, *(tick for tick in _LOG_TICKS if 1 < tick <= highest * 1.25 + 1)]
    axis.set_yticks(ticks, [significant(tick, 1) for tick in ticks])
    axis.set_yticks([], minor=True)


def no_change(axis: Axes) -> None:
    """Draw the line of no change, and make room for it."""
    low, high = axis.get_ylim()
    axis.set_ylim(min(low, 0), max(high, 0))
    axis.axhline(0, color=RULE, linewidth=1, zorder=1, gid="no change")


def name_ends(axis: Axes, ends: Sequence[End]) -> None:
    """Write what lines are to the right of their ends, none over another."""
    if not ends:
        return
    height = height_of(axis)
    to_axes = axis.transScale + axis.transLimits
    ordered = sorted(ends, key=lambda end: end.at)
    wanted = [float(to_axes.transform((axis.get_xlim()[1], end.at))[1]) * height for end in ordered]
    for end, at in zip(ordered, spread(wanted, _LABEL_HEIGHT, height), strict=True):
        axis.text(
            1 + _GAP_OF_ENDS, at / height, end.words, color=end.colour, transform=axis.transAxes, va="center",
            ha="left", fontsize=_SMALL, gid="end",
        )  # fmt: skip
    _make_room(axis, max(_width_of_text(end.words) for end in ends))


def _make_room(axis: Axes, label: float) -> None:
    """Narrow the axes where a label at the end of a line, so many pixels wide, would pass the edge of the panel."""
    canvas = axis.figure.get_figure(root=True)
    if canvas is None:
        return
    whole = canvas.get_figwidth() * canvas.dpi
    left, bottom, width, height = axis.get_position().bounds
    place = (1 - left - width * (1 + _GAP_OF_ENDS)) * whole - _EDGE
    if label > place:
        narrowed = (1 - left - (label + _EDGE) / whole) / (1 + _GAP_OF_ENDS)
        axis.set_position((left, bottom, max(narrowed, width * _LEAST), height))


def _width_of_text(words: str) -> float:
    """Return how many pixels wide a label at the end of a line is."""
    return float(TextPath((0, 0), measured(words), size=_SMALL * UNIT / _POINTS).get_extents().width)


def spread(wanted: Sequence[float], distance: float, most: float) -> list[float]:
    """Return places in rising order, as near as can be to those wanted, at least so far apart, none beyond the most.

    Examples
    --------
    >>> spread([10, 11, 50], 10, 100), spread([99, 100], 10, 100)
    ([10, 20, 50], [90, 100])
    """
    placed: list[float] = []
    for place in wanted:
        placed.append(max(place, placed[-1] + distance) if placed else place)
    limit = most
    for number in range(len(placed) - 1, -1, -1):
        placed[number] = min(placed[number], limit)
        limit = placed[number] - distance
    return placed


def is_first(axis: Axes) -> bool:
    """Return whether a panel is the first of its drawing, which has the numbers of a row."""
    return axis.figure.axes[0] is axis


def name_limit(axis: Axes, limit: float, words: str) -> None:
    """Draw a limit across a panel and say what it is."""
    axis.axhline(limit, color=ALARM, linewidth=1, linestyle=(0, (3, 2)), zorder=2, gid="limit")
    if words:
        axis.text(
            1.0, limit, words, color=ALARM, transform=axis.get_yaxis_transform(), ha="right", va="bottom",
            fontsize=_SMALL, gid="limit",
        )  # fmt: skip


def head(axis: Axes, title: str, second: str = "", colour: str = SOFT, title_colour: str = INK) -> None:
    """Write the heading of a panel at its upper left, above its numbers where it is alone, with a second line below."""
    is_alone = is_first(axis) and axis.figure.axes[-1] is axis
    offset = -float(axis.get_window_extent().x0) / width_of(axis) if is_alone else 0.0
    lines = [
        *((line, title_colour, "bold", "head") for line in title.split("\n")),
        (second, colour, "normal", "second"),
    ]
    lines = [line for line in lines if line[0]]
    for number, (text, hue, weight, name) in enumerate(reversed(lines)):
        place = 1 + (8 + 14 * number) / height_of(axis)
        size = None if weight == "bold" else _SMALL
        axis.text(
            offset, place, text, color=hue, transform=axis.transAxes, ha="left", va="baseline", fontweight=weight,
            fontsize=size, gid=name,
        )  # fmt: skip
