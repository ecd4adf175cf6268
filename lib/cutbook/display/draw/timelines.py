"""Participants over time: one lane each, doses as ticks, events as bars by severity, one panel an arm."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure as Canvas

from cutbook.catalogue.kinds.display import Display
from cutbook.catalogue.kinds.panels import Timeline
from cutbook.display.draw import axes, drawing
from cutbook.display.look.frame import Displays, Figure
from cutbook.display.page import Page
from cutbook.display.palette import ALARM, CONTROL, INK, LINE, SOFT, arm_colours, short_names
from cutbook.display.read.cells import Cells
from cutbook.results.columns import arm_codes
from cutbook.results.layers.rates import BARS, LANES, UNPLACED

MOST_LANES = 30
"""Lanes in a panel that can be told apart."""

_LANE, _HEAD, _FOOT = 9.0, 40, 26
_MILD, _WORST = 2.0, 5.0


def timelines(display: Display, layers: Sequence[Timeline], page: Page) -> Displays:
    """Return a figure a layer."""
    return Displays(tuple(_figure(display, layer, page) for layer in layers), display.empty)


def _figure(display: Display, layer: Timeline, page: Page) -> Figure:
    framed = page.framed(display, layer)
    people = page.records(display, layer.lanes)
    arms = [arm for arm in arm_colours(page) if people["TRT01A"].eq(arm).any()]
    if not arms:
        return Figure(**framed)
    none = pd.DataFrame(columns=["USUBJID", "START", "END", "LEVEL"])
    bars = page.records(display, layer.bars) if layer.bars else none
    shown = people.groupby("TRT01A", sort=False).head(MOST_LANES)
    reach = float(shown[["LASTDY", "TREATEDDY"]].max(axis="columns").max())
    lanes, cells = max(int(shown["TRT01A"].value_counts().max()), 3), page.cells(display)
    with drawing.style():
        panels = tuple(_panel(shown[shown["TRT01A"].eq(arm)], bars, layer, arm, (reach, lanes), page) for arm in arms)
        said = "; ".join(f"{short_names(page)[arm]} {_numbers(cells, layer, arm, page)}" for arm in arms)
        data = bars[bars["USUBJID"].isin(shown["USUBJID"])][["USUBJID", "START", "END", "LEVEL"]]
        drawn = shown[["USUBJID", "TRT01A", "TREATEDDY", "LASTDY"]]
        note = _note(cells, layer, arms, page)
        return drawing.figure(drawing.Panels(panels), f"{framed['title']}. {said}.", note, drawn, data, framed=framed)


def _numbers(cells: Cells, layer: Timeline, arm: str, page: Page) -> str:
    code = arm_codes(page.study)[arm]
    number = cells.text("n", ("", LANES, "", "", code))
    return f"{number} participants" + (f", {cells.text('n', ('', BARS, '', '', code))} events" if layer.bars else "")


def _note(cells: Cells, layer: Timeline, arms: Sequence[str], page: Page) -> str:
    """Return what the signs mean, how many lanes are not drawn, and how many events have no place."""
    codes = [arm_codes(page.study)[arm] for arm in arms]
    marks = "Short strokes: doses. ×: death. Grey: follow-up."
    if layer.bars:
        levels = ", ".join(words.lower() for words in layer.levels.values())
        lost = sum(cells.value("n", ("", UNPLACED, "", "", code)) for code in codes)
        missing = f" Not drawn, because the day of onset is not known: {lost:.0f}." if lost else ""
        marks = f"Bars: events, thicker and darker by severity ({levels}), the worst in red. {marks}{missing}"
    else:
        marks = f"Coloured: from the first to the last dose. {marks}"
    crowded = any(cells.value("n", ("", LANES, "", "", code)) > MOST_LANES for code in codes)
    return f"{marks} At most {MOST_LANES} participants of an arm are drawn." if crowded else marks


def _panel(
    own: pd.DataFrame, bars: pd.DataFrame, layer: Timeline, arm: str, size: tuple[float, int], page: Page
) -> Canvas:
    reach, lanes = size
    height = _HEAD + _FOOT + _LANE * lanes
    axis = drawing.panel(drawing.SMALL, height, left=8, top=_HEAD, bottom=_FOOT)
    axis.set_ylim(lanes - 0.5, -0.5)
    axis.set_yticks([])
    places = {name: place for place, name in enumerate(own["USUBJID"])}
    lines = pd.Series(list(places.values()), index=list(places), dtype="float64")
    last, at = own["LASTDY"].fillna(own["TREATEDDY"]), own["USUBJID"].map(lines)
    _strokes(axis, (np.ones(len(own)), last), at, (LINE, 3.0), "lane")
    if layer.bars:
        _draw_bars(axis, bars[bars["USUBJID"].isin(places)], own, lines, layer)
    else:
        _strokes(axis, (np.ones(len(own)), own["TREATEDDY"]), at, (arm_colours(page)[arm], 3.0), "treated")
    _ticks(axis, page, lines)
    dead = own[own["IS_DEAD"]]
    if len(dead):
        axis.plot(dead["LASTDY"], at[dead.index], linestyle="none", marker="X", color=ALARM, markersize=7, gid="death")
    axes.as_days(axis, [*axes.dose_days(page), reach], page, reach=[axes.FIRST_DAY, reach])
    count = f"{len(own)} participants" if len(own) != 1 else "1 participant"
    axes.head(axis, short_names(page)[arm], count, title_colour=arm_colours(page)[arm])
    return drawing.canvas_of(axis)


def _draw_bars(axis: Axes, bars: pd.DataFrame, own: pd.DataFrame, lines: pd.Series, layer: Timeline) -> None:
    """Draw the events of a panel, one path a severity, the mildest first."""
    known = bars[bars["START"].notna()]
    last = own.set_index("USUBJID")["LASTDY"]
    ends = known["END"].fillna(known["USUBJID"].map(last)).fillna(known["START"])
    place = known["LEVEL"].map({level: at for at, level in enumerate(layer.levels)}).fillna(0)
    most, lanes = max(len(layer.levels) - 1, 1), known["USUBJID"].map(lines)
    for at in range(most + 1):
        some = place.eq(at)
        colour = ALARM if at == most else INK if at == most - 1 and most > 1 else CONTROL
        width = _MILD + (_WORST - _MILD) * at / most
        stop = pd.concat([ends[some], known.loc[some, "START"] + 0.9], axis="columns").max(axis="columns")
        _strokes(axis, (known.loc[some, "START"], stop), lanes[some], (colour, width), f"level {at}")


def _ticks(axis: Axes, page: Page, lines: pd.Series) -> None:
    doses = page.frames.doses
    given = doses[doses["USUBJID"].isin(lines.index) & doses["ADY"].notna()]
    if len(given) > MOST_LANES * 12:
        return
    at = given["USUBJID"].map(lines).to_numpy("float64")
    days = np.repeat(given["ADY"].to_numpy("float64"), 3)
    heights = np.column_stack([at - 0.38, at + 0.38, np.full(len(at), np.nan)]).ravel()
    axis.plot(days, heights, color=SOFT, linewidth=1, gid="dose")


def _strokes(axis: Axes, spans: tuple[object, object], at: pd.Series, look: tuple[str, float], name: str) -> None:
    """Draw strokes from start to end in lanes, of a colour and a width, all in one path."""
    first, last, place = (np.asarray(part, dtype="float64") for part in (*spans, at))
    if not len(first):
        return
    gap, (colour, width) = np.full(len(first), np.nan), look
    days, heights = (np.column_stack(parts).ravel() for parts in ((first, last, gap), (place, place, gap)))
    axis.plot(days, heights, color=colour, linewidth=width, gid=name, solid_capstyle="butt")
