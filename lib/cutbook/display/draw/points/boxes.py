"""Boxes: the spread of values side by side, arm by arm at every place; every value of few participants as a point."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import chain
from typing import Any

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure as Canvas

from cutbook.catalogue.kinds.display import Display
from cutbook.catalogue.kinds.measured.points import Boxes
from cutbook.display.draw import axes, drawing
from cutbook.display.look.collected import collected
from cutbook.display.look.frame import Figure
from cutbook.display.page import Page
from cutbook.display.palette import arm_colours, short_names

FEWEST = 12
"""Participants of an arm from which on boxes stand for their values."""

_HEIGHT, _TOP, _LEFT = 230, 56, 38
_WIDTH = 0.8
_DOT, _BAR, _LETTER, _APART, _MOST_FOR_KEY = 3.0, 0.06, 6.0, 8, 0.85
_NOTE = (
    "Boxes: quartiles and median; whiskers to the last value within 1.5 times the distance of the quartiles, others as "
    "points. Of an arm with fewer than {fewest} participants every value is a point, with a bar at the median. Across: "
    "{across}; arms from left to right: {arms}."
)


def boxes(display: Display, layers: Sequence[Boxes], page: Page) -> Figure:
    """Return the figure of the spread of values, one panel a parameter."""
    (layer,) = layers
    framed, colours = page.framed(display, layer), arm_colours(page)
    values = page.records(display, layer.values)
    is_drawn = values["USUBJID"].isin(page.members(display, layer.population)) & values["TRT01A"].isin(list(colours))
    own = values[is_drawn].dropna(subset=["VALUE"])
    if own.empty:
        return Figure(**framed)
    names = short_names(page)
    shown = {arm: names[arm] for arm in colours if own["TRT01A"].eq(arm).any()}
    with drawing.style():
        parts = [some for _, some in own.groupby("panel", sort=False)]
        wide, narrow = (
            tuple(_panel(some, layer, shown, colours, width) for some in parts)
            for width in (drawing.WIDE, drawing.NARROW)
        )
        note = _NOTE.format(fewest=FEWEST, across=layer.across, arms=", ".join(shown.values()))
        alt = f"{framed['title']}. {'; '.join(map(_said, parts))}."
        said = f"{note} {' '.join(framed['footnotes'])}"
        return drawing.figure(drawing.Panels((), wide, narrow), alt, said, _by_place(own), framed=framed)


def _by_place(own: pd.DataFrame) -> pd.DataFrame:
    """Return the values, one row a participant and panel (and further value at a place), one column a place."""
    number = own.groupby(["USUBJID", "panel", "place_words"]).cumcount()
    wide = own.assign(NUMBER=number).pivot_table(
        index=["panel", "USUBJID", "TRT01A", "NUMBER"], columns="place_words", values="VALUE", aggfunc="first"
    )
    ordered = list(own.sort_values("place", kind="stable")["place_words"].unique())
    return wide[ordered].reset_index().drop(columns="NUMBER")


def _said(some: pd.DataFrame) -> str:
    """Return the alternative text of a panel: whom it is of, and what the medians are from place to place."""
    medians = some.groupby("place_words", sort=False)["VALUE"].median()
    told = ", ".join(f"{collected(str(place))} {median:.3g}" for place, median in medians.items())
    whom = f"{collected(str(some['panel_words'].iloc[0]))}, {some['USUBJID'].nunique()} participants"
    return f"{whom}, medians of all arms: {told}"


def _panel(
    some: pd.DataFrame, layer: Boxes, shown: Mapping[str, str], colours: Mapping[str, str], width: int
) -> Canvas:
    axis = drawing.panel(width, _HEIGHT, left=_LEFT, top=_TOP)
    places = some.drop_duplicates("place").sort_values("place")
    at = {place: number for number, place in enumerate(places["place"])}
    numbered = some.assign(AT=some["place"].map(at))
    size = numbered.groupby("TRT01A")["USUBJID"].transform("nunique")
    _draw_boxes(axis, numbered[size.ge(FEWEST)], list(shown), colours)
    _draw_points(axis, numbered[size.lt(FEWEST)], list(shown), colours)
    axis.set_xlim(-0.6, len(at) - 0.4)
    axis.set_xticks(range(len(at)), _with_room(places["place_words"], axes.width_of(axis)))
    axis.set(xlabel="", ylabel="")
    axis.grid(visible=False, axis="x")
    if layer.is_change:
        axes.no_change(axis)
    axes.head(axis, collected(str(some["panel_words"].iloc[0])), f"n = {some['USUBJID'].nunique()}")
    _key(axis, shown, colours)
    return drawing.canvas_of(axis)


def _with_room(words: pd.Series, width: float) -> list[str]:
    """Return the words below the places, as many as have room beside each other.

    Examples
    --------
    >>> _with_room(pd.Series(["Day 1", "Day 29", "Day 57"]), 80.0)
    ['Day 1', '', 'Day 57']
    """
    each = width / max(len(words), 1)
    needed = round(words.str.len().max() * _LETTER) + _APART
    every = max(1, -(-needed // max(round(each), 1)))
    return [collected(str(one)) if number % every == 0 else "" for number, one in enumerate(words)]


def _draw_boxes(axis: Axes, many: pd.DataFrame, arms: list[str], colours: Mapping[str, str]) -> None:
    for number, arm in enumerate(arms):
        own = many[many["TRT01A"].eq(arm)]
        if own.empty:
            continue
        places = sorted(own["AT"].unique().tolist())
        values = [own.loc[own["AT"].eq(place), "VALUE"].to_numpy("float64") for place in places]
        at = [place + _beside(number, len(arms)) for place in places]
        look: dict[str, Any] = {"color": colours[arm], "linewidth": 1.0}
        axis.boxplot(
            values, positions=at, widths=_WIDTH / len(arms), whis=1.5, manage_ticks=False,
            boxprops=look, whiskerprops=look, capprops=look, medianprops=look,
            flierprops={"marker": "o", "markersize": _DOT, "markerfacecolor": "none", "markeredgecolor": colours[arm]},
        )  # fmt: skip


def _beside(number: int, arms: int) -> float:
    """Return how far an arm stands from the middle of a place.

    Examples
    --------
    >>> [round(_beside(number, 2), 6) for number in range(2)]
    [-0.2, 0.2]
    """
    return (number - (arms - 1) / 2) * _WIDTH / arms


def _draw_points(axis: Axes, few: pd.DataFrame, arms: list[str], colours: Mapping[str, str]) -> None:
    nowhere = float("nan")
    for number, arm in enumerate(arms):
        own = few[few["TRT01A"].eq(arm)]
        middle = _beside(number, len(arms))
        axis.plot(
            own["AT"] + middle, own["VALUE"], linestyle="none", marker="o", markersize=_DOT, color=colours[arm],
            alpha=0.6, gid="points",
        )  # fmt: skip
        medians = own.groupby("AT")["VALUE"].median()
        bars = [[place + middle - _BAR, place + middle + _BAR, nowhere] for place in medians.index]
        heights = [[median, median, nowhere] for median in medians]
        axis.plot(list(chain(*bars)), list(chain(*heights)), color=colours[arm], linewidth=1.6, gid="median")


def _key(axis: Axes, shown: Mapping[str, str], colours: Mapping[str, str]) -> None:
    """Write the arms in their colours above the panel, side by side from the right, where all have room there."""
    widths = {arm: (len(name) * _LETTER + 10) / axes.width_of(axis) for arm, name in shown.items()}
    if sum(widths.values()) > _MOST_FOR_KEY:
        return
    place = 1.0
    for arm in reversed(list(shown)):
        axis.text(
            place, 1 + 8 / axes.height_of(axis), shown[arm], color=colours[arm], transform=axis.transAxes, ha="right",
            va="baseline", fontsize=10, gid="key",
        )  # fmt: skip
        place -= widths[arm]
