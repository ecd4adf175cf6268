"""Everybody's values over time, one panel an arm, those who were once above a limit highlighted."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import pandas as pd
from matplotlib.axes import Axes

from cutbook.catalogue.kinds.display import Display
from cutbook.catalogue.kinds.panels import Individuals
from cutbook.display.draw import axes, drawing, everybody
from cutbook.display.look.frame import Displays, Figure
from cutbook.display.look.numbers import fixed
from cutbook.display.page import Page
from cutbook.display.palette import ALARM, INK, SOFT, arm_colours, short_names
from cutbook.display.read.cells import Cells
from cutbook.results.columns import arm_codes
from cutbook.results.layers.figures import ABOVE, DRAWN, is_above

_HEIGHT = 230
_DATA = ["USUBJID", "TRT01A", "ADY", "AVAL"]
_ROOM = 1.06


def individuals(display: Display, layers: Sequence[Individuals], page: Page) -> Displays:
    """Return a figure a layer: one panel an arm, a thin line a participant, the limit drawn and named."""
    return Displays(tuple(_figure(display, layer, page) for layer in layers), display.empty)


def _figure(display: Display, layer: Individuals, page: Page) -> Figure:
    framed = page.framed(display, layer)
    records = page.records(display, layer.drawn).dropna(subset=["ADY", "AVAL"])
    own = records[records["TRT01A"].isin(list(arm_colours(page)))].sort_values(["USUBJID", "ADY"], kind="stable")
    arms = [arm for arm in arm_colours(page) if own["TRT01A"].eq(arm).any()]
    if not arms:
        return Figure(**framed)
    cells = page.cells(display)
    with drawing.style():
        names = short_names(page)
        headed = {arm: (names[arm], _counts(cells, layer, arm, page)[1]) for arm in arms}
        draw = partial(_draw, layer=layer, cells=cells, own=own, page=page)
        rows, single = drawing.side_by_side(headed, draw, _HEIGHT, top=40)
        said = "; ".join(f"{names[arm]} {_counts(cells, layer, arm, page)[1]}" for arm in arms)
        alt = f"{framed['title']}. Participants: {said}"
        return drawing.figure(
            drawing.Panels((), rows, single), f"{alt}.", _note(layer, own, page), own[_DATA], framed=framed
        )


def _counts(cells: Cells, layer: Individuals, arm: str, page: Page) -> tuple[float, str]:
    """Return how many of an arm were above the limit after the first dose, as a number and in words."""
    code, limit = arm_codes(page.study)[arm], f"{layer.limit:g}"
    above = (layer.parameter, ABOVE, limit, "", code)
    drawn = cells.text("n", (layer.parameter, DRAWN, "", "", code))
    return cells.value("n", above), f"{cells.text('n', above)} of {drawn} {_beyond(layer)}"


def _beyond(layer: Individuals) -> str:
    """Return beyond what a value counts: ``above 5``, ``at least 500``, ``above 1.5 × ULN``."""
    return f"{'at least' if layer.has_limit else 'above'} {_said(layer)}"


def _said(layer: Individuals) -> str:
    of = {"ANRHI": "ULN", "ANRLO": "LLN"}.get(layer.of, "")
    return f"{layer.limit:g} × {of}" if of else f"{layer.limit:g}"


def _at(layer: Individuals, own: pd.DataFrame) -> float:
    """Return where the limit is drawn; missing where it is not the same for all values."""
    if not layer.of:
        return layer.limit
    limits = own[layer.of].dropna().unique()
    return layer.limit * float(limits[0]) if len(limits) == 1 else float("nan")


def _draw(axis: Axes, arm: str, *, layer: Individuals, cells: Cells, own: pd.DataFrame, page: Page) -> None:
    """Fill the panel of an arm; the limit has its name in the first panel of a row where nothing else is named."""
    mine, colour = own[own["TRT01A"].eq(arm)], arm_colours(page)[arm]
    _scale(axis, own, layer)
    is_high = mine["USUBJID"].isin(mine.loc[is_above(mine, layer), "USUBJID"])
    everybody.lines(axis, mine if _is_crowded(mine) else mine[~is_high], SOFT)
    for _, course in mine[is_high].groupby("USUBJID", sort=False):
        axis.plot(course["ADY"], course["AVAL"], color=colour, linewidth=1.4, label="above", zorder=3)
    _name_peaks(axis, mine[is_high & is_above(mine, layer)], colour)
    axes.as_days(axis, list(axes.visit_days(own, page).values()), page, reach=own["ADY"])
    if (at := _at(layer, own)) == at:
        is_named = axes.is_first(axis) and not is_high.any()
        axes.name_limit(axis, at, f"limit {_said(layer)}" if is_named else "")
    number, words = _counts(cells, layer, arm, page)
    axes.head(axis, short_names(page)[arm], words, ALARM if number else SOFT)


def _is_crowded(mine: pd.DataFrame) -> bool:
    return bool(mine["USUBJID"].nunique() > everybody.MOST_LINES)


def _scale(axis: Axes, own: pd.DataFrame, layer: Individuals) -> None:
    """Give a panel the limits that hold the values of all arms and the limit."""
    at = _at(layer, own)
    known = [at] if at == at else []
    highest = max([float(own["AVAL"].max()), *known])
    if layer.is_count:
        axes.as_counts(axis, highest)
        return
    lowest = min([float(own["AVAL"].min()), *known])
    room = 0.08 * (highest - lowest) + 1e-9
    axis.set_ylim(lowest - room, highest + room)


def _name_peaks(axis: Axes, above: pd.DataFrame, colour: str) -> None:
    """Write the highest value of everybody above the limit beside it, a dot there."""
    peaks = above.loc[above.groupby("USUBJID")["AVAL"].idxmax()] if len(above) else above
    if peaks.empty:
        return
    axis.plot(peaks["ADY"], peaks["AVAL"], color=colour, linestyle="", marker="o", markersize=5, zorder=4, gid="peak")
    to_axes = axis.transScale + axis.transLimits
    height = axes.height_of(axis)
    ordered = peaks.sort_values("AVAL", kind="stable")
    wanted = [float(to_axes.transform((0, value))[1]) * height for value in ordered["AVAL"]]
    places = axes.spread(wanted, 11, height - 6)
    decimals = ordered["DECIMALS"].fillna(0).astype("int64")
    for day, value, digits, at in zip(ordered["ADY"], ordered["AVAL"], decimals, places, strict=True):
        axis.text(
            day, at / height, f" {fixed(value, digits)}", color=INK, transform=axis.get_xaxis_transform(),
            ha="left", va="bottom", fontsize=10, fontweight="bold", zorder=5, gid="peak",
        )  # fmt: skip


def _note(layer: Individuals, own: pd.DataFrame, page: Page) -> str:
    """Return what lines, numbers and the axes are."""
    is_crowded = bool(own.groupby("TRT01A")["USUBJID"].nunique().gt(everybody.MOST_LINES).any())
    bands = f" In arms of more than {everybody.MOST_LINES}: bands of the middle 80 and 50 %, and the median, by visit."
    doses = "; strokes below the axis are doses" if axes.dose_days(page) else ""
    return (
        f"{layer.words}, one thin line a participant; strong: ever {_beyond(layer)} after the first "
        f"dose, with the highest value.{bands if is_crowded else ''} Study day{doses}. "
        f"{'Scale: log(x + 1). ' if layer.is_count else ''}"
        "Unscheduled samples included."
    )
