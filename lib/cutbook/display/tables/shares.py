"""Tables of participants with something among those measured: n/Ns (%), one column an arm."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from cutbook.catalogue.kinds.display import Display
from cutbook.catalogue.kinds.measured.shares import Shares
from cutbook.catalogue.kinds.panels import Shown
from cutbook.display.look.collected import collected
from cutbook.display.look.elements import Row
from cutbook.display.look.frame import Table
from cutbook.display.look.units import with_unit_written
from cutbook.display.page import Page
from cutbook.display.read.cells import NOTHING, Cells, Place, lifted

_LEFT_OUT = "Below a parameter, rows that nobody counts in are left out."
_OF = Shown("", ("n", "N", "pct", "events"), "share_of")


def table_of_measured(display: Display, layers: Sequence[Shares], page: Page) -> Table:
    """Return the rows of all layers, each parameter below its heading; those that nobody counts in as a sentence.

    A layer that says so has no row either that nobody counts in.
    """
    cells = page.cells(display)
    is_short = False
    rows: list[Row] = []
    notes: list[str] = []
    for layer in layers:
        by_parameter = _by_parameter(layer, cells)
        told = {name: _told(cells, own) if layer.nobody else own for name, own in by_parameter.items()}
        quiet = [name for name, own in told.items() if not own]
        is_short |= any(own and own != by_parameter[name] for name, own in told.items())
        for own in filter(None, told.values()):
            rows += _rows(cells, own)
        words = [collected(with_unit_written(cells.parameters.get(name, ""))) for name in quiet]
        notes += [f"{layer.nobody}: {'; '.join(words)}."] if words else []
    size = max(cells.sizes.values(), default=0)
    left_out = [_LEFT_OUT] if is_short else []
    footnotes = (*display.footnotes(page.study), *left_out, *notes)
    table = page.table(display, cells.columns(), lifted(rows), size=size, footnotes=footnotes)
    return page.opened(replace(table, empty=" ".join(notes)) if notes and not rows else table)


def _by_parameter(layer: Shares, cells: Cells) -> dict[str, list[Place]]:
    found: dict[str, list[Place]] = {}
    for place in cells.places:
        if place[1] == layer.variable:
            found.setdefault(place[0], []).append(place)
    return found


def _told(cells: Cells, places: Sequence[Place]) -> list[Place]:
    """Return the rows that somebody counts in, at this cut or at the previous one."""
    both = (cells, *([cells.previous] if cells.previous else []))
    return [
        place
        for place in places
        if any(one.text("n", (*place, "", group)) not in NOTHING for one in both for group in cells.sizes)
    ]


def _rows(cells: Cells, places: Sequence[Place]) -> list[Row]:
    heading = cells.parameters.get(places[0][0], "")
    rows = [Row(with_unit_written(heading), is_head=True)] if heading else []
    level = 1 if heading else 0
    for place in places:
        shown = tuple(cells.shown(_OF, (*place, "", group)) for group in cells.sizes)
        rows.append(Row(cells.words(place), shown, level=level))
    return rows
