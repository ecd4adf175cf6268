"""Tables whose columns are arms: rows of counts, summaries, person-years and rates."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import count
from typing import Any

from cutbook.catalogue.kinds.display import Display
from cutbook.catalogue.kinds.layers import Count, CountBy, Heading, PersonYears, Rate, Summary, Tally, Worst
from cutbook.catalogue.kinds.panels import Layer, Shown
from cutbook.display.look.elements import Cell, Column, Mark, Row
from cutbook.display.look.frame import Table
from cutbook.display.look.numbers import NOT_APPLICABLE
from cutbook.display.page import Page
from cutbook.display.read.cells import Cells, Place, lifted
from cutbook.display.read.terms import BY_DIFFERENCE, BY_FREQUENCY, by_difference, rare_words, without_addresses
from cutbook.display.tables.untold import nothing_but, without_untold
from cutbook.results.layers.counts import path_of
from cutbook.vocabulary import MISSING

_SUMMARY = (
    Shown("n", ("n",)),
    Shown("Mean (SD)", ("mean", "sd"), "pair"),
    Shown("Median", ("median",), "if_any"),
    Shown("Q1, Q3", ("q1", "q3"), "span"),
    Shown("Min, max", ("min", "max"), "span"),
)
_BRIEF = Shown("", ("median", "min", "max"), "range")
_CONTRAST = Shown("", ("rd", "rd_low", "rd_high"), "estimate")
_BY_CLASS, _TERM = "By system organ class and frequency", "Preferred term"
_BY_FREQUENCY = "Classes and terms in order of falling total frequency, ties alphabetical."
_AS_BEFORE = (
    "Classes and terms in the order of the previous cut, new ones last; ↑ and ↓ say by how many places a row would "
    "move in order of falling total frequency."
)


def table_by_arm(display: Display, layers: Sequence[Layer], page: Page) -> Table:
    """Return a table of counts and summaries, one column an arm.

    Terms within classes stand in one list, with those of their class below it, shown closed.
    """
    cells = page.cells(display)
    rows = [row for layer in layers for row in _ROWS_OF[type(layer)](layer, cells, page)]
    if isinstance(layers[0], Heading):
        rows = merged(rows)
    nested = [layer for layer in layers if isinstance(layer, CountBy) and len(layer.by) > 1]
    has_values = not nested or any(place[1] == layer.name for layer in nested for place in cells.all_places)
    notes = (*_nobody(cells), *display.footnotes(page.study))
    if nested:
        notes += (_AS_BEFORE if _kept(cells, page) else _BY_FREQUENCY,)
    shown, lacking = without_untold(lifted(rows)) if has_values else ((), "")
    around = {"footnotes": (*filter(None, [lacking]), *notes)} if shown or not lacking else nothing_but(lacking)
    size = max(cells.sizes.values(), default=0)
    table = page.opened(page.table(display, cells.columns(), shown, size=size, **around))
    if lacking or not has_values or not any(layer.is_flat for layer in nested):
        return table
    return _flat(table, layers, cells, page)


def _flat(table: Table, layers: Sequence[Layer], cells: Cells, page: Page) -> Table:
    """Return a table of terms by difference from the control, with that by class and frequency closed below it."""
    names = {layer.name for layer in layers if isinstance(layer, CountBy)}
    placed = list(zip(_places(layers, cells, page), table.rows, strict=True))
    classes = {place for place, _ in placed if place[0] and place[1] not in names}
    terms = [(place, replace(row, mark=_unless_rank(row.mark))) for place, row in placed if place[1] in names]
    before = [row for place, row in placed if place not in classes and place[1] not in names]
    rows = (*before, *by_difference(terms, cells, page.study))
    has_control = (control := page.study.treatment.control_arm) is not None and not control.is_active
    order = BY_DIFFERENCE.format(control=control.label.lower()) if control and has_control else BY_FREQUENCY
    brief = replace(table, rows=rows, stub=_TERM, fold=rare_words(rows))
    notes = (*table.footnotes[:-1], order, *table.footnotes[-1:])
    return replace(table, rows=without_addresses(table.rows), brief=brief, fold=_BY_CLASS, footnotes=notes)


def _places(layers: Sequence[Layer], cells: Cells, page: Page) -> list[Place]:
    """Return the places of the rows of counts in their order."""
    found: list[Place] = []
    for layer in layers:
        if isinstance(layer, CountBy):
            found += [place for place, _ in _in_order(layer, cells, page)]
        elif isinstance(layer, Count) and ("", layer.variable, layer.level) in cells.all_places:
            found.append(("", layer.variable, layer.level))
    return found


def _unless_rank(mark: Mark | None) -> Mark | None:
    return None if mark and mark.kind == "rank" else mark


def _nobody(cells: Cells) -> tuple[str, ...]:
    """Return the sentence that names the arms in which nobody is yet; they have no column."""
    arms = ", ".join(cells.group_words(code) for code in cells.empty)
    return (f"Nobody by the cut-off: {arms}.",) if arms else ()


def merged(rows: Sequence[Row]) -> list[Row]:
    """Return rows in which blocks that are the same below their headings are one, below the headings of all of them."""
    blocks: list[list[Row]] = [[]]
    for row in rows:
        blocks += [[]] if row.is_head else []
        blocks[-1].append(row)
    made: list[list[Row]] = []
    for block in blocks:
        alike = next((one for one in made if _facts(one[1:]) == _facts(block[1:])), None)
        if alike is None or len(block) < 2:
            made.append(block)
        else:
            alike[0] = replace(alike[0], label=f"{alike[0].label} · {block[0].label}")
    return [row for block in made for row in block]


def _facts(rows: Sequence[Row]) -> list[tuple[object, ...]]:
    """Return what rows say, and which records they count."""
    return [
        (row.label, *((str(cell), cell.keys, cell.mark) if isinstance(cell, Cell) else cell for cell in row.cells))
        for row in rows
    ]


def _counted(cells: Cells, place: Place, *, is_of_those: bool = False) -> tuple[Cell, ...]:
    count = cells.share_of_those if is_of_those else cells.count
    counts = [count((*place, "", group)) for group in cells.sizes]
    return (*counts, *(cells.shown(_CONTRAST, (*place, "", group)) for group in cells.contrasts))


def _heading(layer: Heading, _: Cells, __: Page) -> list[Row]:
    return [Row(layer.words, is_head=True)]


def _count(layer: Count, cells: Cells, _: Page) -> list[Row]:
    place = ("", layer.variable, layer.level)
    is_known = place in cells.all_places
    made = _counted(cells, place, is_of_those=bool(layer.of_those)) if is_known else ()
    rows = [Row(layer.words, made, level=layer.indent)] if is_known else []
    return [*rows, *_worst(layer.worst, place, layer.indent, cells)]


def _count_by(layer: CountBy, cells: Cells, page: Page) -> list[Row]:
    rows = []
    for place, mark in _in_order(layer, cells, page):
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


def _kept(cells: Cells, page: Page) -> Cells | None:
    """Return the cells of the previous cut where the study file keeps its order."""
    return cells.previous if page.study.adverse_events.order == "previous_cut" else None


def _in_order(layer: CountBy, cells: Cells, page: Page) -> list[tuple[Place, Mark | None]]:
    """Return the rows of this cut and those that only the previous one had, with how far each would move.

    By frequency, or, when the previous order is kept, as they stood there; what one order does not know stands last.
    """
    previous = _kept(cells, page) if len(layer.by) > 1 else None
    if previous is None:
        return [(place, None) for place in _by_class(_ranks(layer, cells.all_places), layer)]
    now, before = _ranks(layer, cells.places), _ranks(layer, previous.places)
    return [(place, _moved(before.get(place), now.get(place))) for place in _by_class(before | now, layer)]


def _by_class(places: Iterable[Place], layer: CountBy) -> list[Place]:
    """Return the rows with each class followed by its own terms, otherwise in the order given."""
    classes = {name: at for at, name in enumerate(dict.fromkeys(parameter for parameter, _, _ in places))}
    return sorted(places, key=lambda place: (classes[place[0]], place[1] == layer.name))


def _ranks(layer: CountBy, places: Iterable[Place]) -> dict[Place, int]:
    """Return, of the rows of a layer, the place of a class among classes, of a term among those of its class."""
    alike: defaultdict[Place, Iterator[int]] = defaultdict(count)
    own = [place for place in places if place[1] in {layer.name, *layer.by[:-1]}]
    return {place: next(alike[place[:2] if place[1] == layer.name else place[1:2]]) for place in own}


def _moved(before: int | None, now: int | None) -> Mark | None:
    """Return the places by which a row would rise or fall among its like."""
    if before is None or now is None or before == now:
        return None
    return Mark("rank", f"{'↑' if now < before else '↓'}{abs(now - before)}")


def _summary(layer: Summary, cells: Cells, page: Page) -> list[Row]:
    if layer.is_brief:
        is_known = any(place[1] == layer.variable for place in cells.places)
        return [Row(layer.words, _shown(_BRIEF, layer.variable, cells), level=1)] if is_known else []
    if layer.categories and any(variable == layer.variable and level for _, variable, level in cells.places):
        return [Row(layer.words, is_head=True), *_count_by(layer.categories, cells, page)]
    rows = [Row(shown.label, _shown(shown, layer.variable, cells), level=1) for shown in _SUMMARY]
    return [Row(layer.words, is_head=True), *rows]


def _person_years(layer: PersonYears, cells: Cells, _: Page) -> list[Row]:
    years = Row(layer.words, _shown(Shown("", ("sum",)), layer.variable, cells), level=1)
    if not any(place[1] == layer.unknown for place in cells.places):
        return [years]
    return [years, Row(layer.unknown_words, _shown(Shown("", ("n",)), layer.unknown, cells), level=1)]


def _rate(layer: Rate, cells: Cells, _: Page) -> list[Row]:
    return [Row(layer.of.words, _shown(Shown("", ("rate",)), layer.of.variable, cells), level=layer.of.indent)]


def _shown(shown: Shown, variable: str, cells: Cells) -> tuple[Cell, ...]:
    made = (cells.shown(shown, ("", variable, "", "", group)) for group in cells.sizes)
    return (*made, *(Cell(NOT_APPLICABLE) for _ in cells.contrasts))


_ROWS_OF: dict[type, Callable[[Any, Cells, Page], list[Row]]] = {
    Heading: _heading,
    Count: _count,
    CountBy: _count_by,
    Summary: _summary,
    PersonYears: _person_years,
    Rate: _rate,
}
"""Function by kind of layer."""


def table_of_tallies(display: Display, layers: Sequence[Tally], page: Page) -> Table:
    """Return a table of counts, one column a parameter."""
    cells = page.cells(display)
    rows = [
        Row(layer.words, tuple(cells.one("n", (code, layer.variable, "", "", "")) for code in cells.parameters))
        for layer in (layers if cells.parameters else ())
    ]
    return page.opened(page.table(display, [Column(words) for words in cells.parameters.values()], lifted(rows)))
