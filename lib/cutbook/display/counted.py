"""Tables whose columns are arms: rows of counts, summaries, person-years and rates."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from cutbook.catalogue.display import Display
from cutbook.catalogue.layers import Count, CountBy, Heading, PersonYears, Rate, Summary, Tally, Worst
from cutbook.catalogue.panels import Layer, Shown
from cutbook.display.cells import Cells, Place, lifted
from cutbook.display.frame import Table
from cutbook.display.page import Page
from cutbook.display.parts import Column, Mark, Row
from cutbook.results.counts import path_of
from cutbook.vocabulary import MISSING

_SUMMARY = (
    Shown("n", ("n",)),
    Shown("Mean (SD)", ("mean", "sd"), "pair"),
    Shown("Median", ("median",), "if_any"),
    Shown("Q1, Q3", ("q1", "q3"), "span"),
    Shown("Min, max", ("min", "max"), "span"),
)
_KEPT, _FREQUENCY = "previous_cut", "frequency"
_ORDERS = {
    _FREQUENCY: "Classes and terms in order of falling total frequency, ties alphabetical.",
    _KEPT: (
        "Classes and terms in the order of the previous cut, new ones last; ↑ and ↓ say by how many places a row would "
        "move in order of falling total frequency."
    ),
}


def table_by_arm(display: Display, layers: Sequence[Layer], page: Page) -> Table:
    """Return a table of counts and summaries, one column an arm."""
    cells = page.cells(display)
    rows = [row for layer in layers for row in _ROWS_OF[type(layer)](layer, cells, page)]
    nested = [layer for layer in layers if isinstance(layer, CountBy) and len(layer.by) > 1]
    has_values = not nested or any(place[1] == layer.name for layer in nested for place in _places(layer, cells))
    order = [_ORDERS[_order(cells, page)]] if nested else []
    notes = (*display.footnotes(page.study), *order)
    shown = lifted(rows) if has_values else ()
    return page.opened(page.table(display, cells.columns(), shown, size=cells.size, footnotes=notes))


def _counted(cells: Cells, place: Place) -> tuple[Any, ...]:
    contrast = Shown("", ("rd", "rd_low", "rd_high"), "estimate")
    counts = [cells.count((*place, "", group)) for group in cells.sizes]
    return (*counts, *(cells.shown(contrast, (*place, "", group)) for group in cells.contrasts))


def _heading(layer: Heading, _: Cells, __: Page) -> list[Row]:
    return [Row(layer.words, is_head=True)]


def _count(layer: Count, cells: Cells, _: Page) -> list[Row]:
    place = ("", layer.variable, layer.level)
    is_known = place in cells.all_places
    rows = [Row(layer.words, _counted(cells, place), level=layer.indent)] if is_known else []
    return [*rows, *_worst(layer.worst, place, layer.indent, cells)]


def _places(layer: CountBy, cells: Cells) -> list[Place]:
    return [place for place in cells.all_places if place[1] in {layer.name, *layer.by[:-1]}]


def _count_by(layer: CountBy, cells: Cells, page: Page) -> list[Row]:
    rows = []
    for place, mark in _in_order(layer, cells, is_kept=_order(cells, page) == _KEPT):
        level = layer.indent + (len(layer.by) > 1 and place[1] == layer.name)
        rows.append(Row(cells.words(place), _counted(cells, place), level=level, mark=mark))
        rows += _worst(layer.worst, place, level, cells)
    return rows


def _worst(worst: Worst | None, place: Place, level: int, cells: Cells) -> list[Row]:
    """Return the rows of categories below a row."""
    if worst is None:
        return []
    places = [(path_of(*place), worst.variable, category) for category in (*worst.levels, MISSING)]
    return [Row(cells.words(at), _counted(cells, at), level=level + 1) for at in places if at in cells.all_places]


def _order(cells: Cells, page: Page) -> str:
    return page.study.adverse_events.order if cells.previous else _FREQUENCY


def _in_order(layer: CountBy, cells: Cells, *, is_kept: bool) -> list[tuple[Place, Mark | None]]:
    """Return the rows of this cut and those that only the previous one had, with how far each would move.

    By frequency, or, when the previous order is kept, as they stood there; what one order does not know stands last.
    """
    places = _by_class(_places(layer, cells), layer)
    if not (is_kept and len(layer.by) > 1) or cells.previous is None:
        return [(place, None) for place in places]
    now = [place for place in cells.places if place in set(places)]
    before = [place for place in cells.previous.places if place[1] in layer.by]
    kept = _by_class([*before, *(place for place in now if place not in set(before))], layer)
    return [(place, _moved(place, now, before, layer)) for place in kept]


def _by_class(places: Sequence[Place], layer: CountBy) -> list[Place]:
    """Return the rows with each class followed by its own terms, otherwise in the order given."""
    classes = {name: at for at, name in enumerate(dict.fromkeys(parameter for parameter, _, _ in places))}
    return sorted(places, key=lambda place: (classes[place[0]], place[1] == layer.name))


def _moved(place: Place, now: Sequence[Place], before: Sequence[Place], layer: CountBy) -> Mark | None:
    """Return the places by which a row would rise or fall among its like."""
    if place not in now or place not in before:
        return None
    steps = _rank(place, before, layer) - _rank(place, now, layer)
    return Mark("rank", f"{'↑' if steps > 0 else '↓'}{abs(steps)}") if steps else None


def _rank(place: Place, places: Sequence[Place], layer: CountBy) -> int:
    """Return the place of a class among classes, of a term among those of its class."""
    is_term = place[1] == layer.name
    return [one for one in places if one[1] == place[1] and (not is_term or one[0] == place[0])].index(place)


def _summary(layer: Summary, cells: Cells, _: Page) -> list[Row]:
    rows = [Row(shown.label, _shown(shown, layer.variable, cells), level=1) for shown in _SUMMARY]
    return [Row(layer.words, is_head=True), *rows]


def _person_years(layer: PersonYears, cells: Cells, _: Page) -> list[Row]:
    return [Row(layer.words, _shown(Shown("", ("sum",)), layer.variable, cells), level=1)]


def _rate(layer: Rate, cells: Cells, _: Page) -> list[Row]:
    return [Row(layer.of.words, _shown(Shown("", ("rate",)), layer.of.variable, cells), level=layer.of.indent)]


def _shown(shown: Shown, variable: str, cells: Cells) -> tuple[Any, ...]:
    return tuple(cells.shown(shown, ("", variable, "", "", group)) for group in cells.sizes)


_ROWS_OF: dict[type, Callable[[Any, Cells, Page], list[Row]]] = {
    Heading: _heading,
    Count: _count,
    CountBy: _count_by,
    Summary: _summary,
    PersonYears: _person_years,
    Rate: _rate,
}
"""Function by kind of layer."""

BY_ARM = tuple(_ROWS_OF)
"""Kinds of layers that are rows of a table by arm."""


def table_of_tallies(display: Display, layers: Sequence[Tally], page: Page) -> Table:
    """Return a table of counts, one column a parameter."""
    cells = page.cells(display)
    rows = [
        Row(layer.words, tuple(cells.one("n", (code, layer.variable, "", "", "")) for code in cells.parameters))
        for layer in (layers if cells.parameters else ())
    ]
    return page.opened(page.table(display, [Column(words) for words in cells.parameters.values()], lifted(rows)))
