"""Tables whose columns are statistics: values by visit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from cutbook.catalogue.kinds.display import Display
from cutbook.catalogue.kinds.panels import ByVisit, Shown
from cutbook.display.behind.grids import Grid, grid_of
from cutbook.display.look.elements import Cell, Column, Row
from cutbook.display.look.frame import Displays, Table
from cutbook.display.page import Page
from cutbook.display.read.cells import NOTHING, Cells, lifted
from cutbook.results.statistics import COUNTS
from cutbook.vocabulary import BASELINE

_VALUE = "AVAL"
_BASELINE_WORDS = "Baseline"


def tables_by_visit(display: Display, layers: Sequence[ByVisit], page: Page) -> Displays:
    """Return one table a parameter: its values by visit and arm, or by visit, arm and level."""
    cells = page.cells(display)
    tables = [
        _table(display, replace(layer, parameter=code, title=title), page, cells.of_parameter(code))
        for layer in layers
        for code, title in ({layer.parameter: layer.title} if layer.parameter else cells.parameters).items()
    ]
    return Displays(tuple(tables), display.empty)


def _table(display: Display, layer: ByVisit, page: Page, cells: Cells) -> Table:
    variables = {_VALUE, *cells.rows["variable"]}
    shown = tuple(one for one in layer.columns if layer.is_whole or one.variable in variables)
    own, grid = replace(layer, columns=shown), values_behind(display, layer, page)
    size = None if layer.is_by_level else page.size_of(display, layer.population)
    rows = _by_level(cells, own, grid) if layer.is_by_level else _by_group(cells, own, grid)
    table = page.table(display, [column_of(one) for one in shown], lifted(rows), layer, size, records=grid.records())
    is_whole = layer.notes or len(shown) == len(layer.columns)
    return table if is_whole else replace(table, footnotes=table.footnotes[:1])


def _counts(shown: Shown) -> str:
    return shown.counts if shown.statistics[0] in COUNTS else ""


def column_of(shown: Shown) -> Column:
    """Return a declared column of statistics."""
    counts = _counts(shown)
    return Column(shown.label, shown.note, counts=counts, role="count" if shown.label == "n" else "")


def _by_group(cells: Cells, layer: ByVisit, grid: Grid) -> list[Row]:
    """Return a heading a visit, and below it a row an arm."""
    rows: list[Row] = []
    for visit, own in cells.rows[cells.rows["visit"].ne("")].groupby("visit", sort=False):
        rows.append(Row(own["visit_words"].iloc[0], is_head=True, grid=grid.id_of(str(visit))))
        for group in dict.fromkeys(own["group"]):
            made = _cells(cells, layer, ("", str(visit), group), grid)
            rows.append(Row(cells.group_words(group), made, group=group))
    return rows


def _by_level(cells: Cells, layer: ByVisit, grid: Grid) -> list[Row]:
    """Return a heading a visit and arm, and below it a row a level; levels that nobody has are left out."""
    rows: list[Row] = []
    for (visit, group), own in cells.rows.groupby(["visit", "group"], sort=False):
        heading = Row(f"{own['visit_words'].iloc[0]}, {cells.group_words(str(group))}", is_head=True)
        known = []
        for level, words in dict(zip(own["level"], own["row_words"], strict=True)).items():
            made = _cells(cells, layer, (level, str(visit), str(group)), grid)
            target = grid.id_of(_place_of(str(visit), level))
            known += [Row(words, made, group=str(group), grid=target)] if str(made[0]) not in NOTHING else []
        rows += [heading, *known] if known else []
    return rows


def _cells(cells: Cells, layer: ByVisit, place: tuple[str, str, str], grid: Grid) -> tuple[Cell, ...]:
    """Return a row; the links that its column of the grid and the columns of the table say stand there alone."""
    return tuple(cell_of(cells, one, (layer.parameter, *place), grid) for one in layer.columns)


def cell_of(cells: Cells, shown: Shown, place: tuple[str, str, str, str], grid: Grid) -> Cell:
    """Return a cell, at parameter, level, visit and group; a count opens its values."""
    parameter, level, visit, group = place
    at = (parameter, shown.variable, level, visit, group)
    cell, counted = cells.shown(shown, at), cells.counted(shown.statistics[0], at)
    return grid.opens(cell, _place_of(visit, level), counted, shown.counts)


def _place_of(visit: str, level: str) -> str:
    return f"{visit}|{level}" if level else visit


def values_behind(display: Display, layer: ByVisit, page: Page, visits: Sequence[str] = ()) -> Grid:
    """Return everybody's values of a parameter (at some visits), those that stand behind the counts of its table."""
    values = page.records(display, layer.records)
    is_own = values["parameter"].eq(layer.parameter) & values["variable"].eq(_VALUE)
    own = values[is_own & values["USUBJID"].isin(page.members(display, layer.population))]
    places, words = own["visit"], own["visit_words"]
    if layer.is_by_level:
        places, words = places.combine(own["level"], _place_of), words + ", " + own["row_words"]
    placed = own.assign(COLUMN=places, WORDS=words)
    placed = placed[placed["COLUMN"].isin(visits)] if visits else placed
    first = () if layer.is_by_level else ((BASELINE, _BASELINE_WORDS),)
    return grid_of(page.address(display, layer), placed, page.book, first)
