"""Tables whose columns are statistics: values by visit, and estimates of models."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

import pandas as pd

from cutbook.catalogue.display import Display
from cutbook.catalogue.panels import ByVisit, Model, Shown
from cutbook.display.cells import Cells, lifted
from cutbook.display.frame import Displays, Table
from cutbook.display.grids import Grid, grid_of, with_defaults
from cutbook.display.page import Page
from cutbook.display.parts import Cell, Column, Row
from cutbook.results.statistics import COUNTS
from cutbook.vocabulary import BASELINE, contrast

_VALUE, _MODEL = "AVAL", "MODEL"
_BASELINE_WORDS = "Baseline"
_NOTHING = frozenset({"0", "–"})


def tables_by_visit(display: Display, layers: Sequence[ByVisit], page: Page) -> Displays:
    """Return one table a parameter: its values by visit and arm, or by visit, arm and level."""
    cells = page.cells(display)
    tables = [
        _table(display, layer, page, cells.of_parameter(parameter), (parameter, words))
        for layer in layers
        for parameter, words in _parameters(layer, cells)
    ]
    return Displays(tuple(tables), display.empty)


def _parameters(layer: ByVisit, cells: Cells) -> list[tuple[str, str]]:
    if layer.parameter:
        return [(layer.parameter, layer.title)]
    words = dict(zip(cells.rows["parameter"], cells.rows["parameter_words"], strict=True))
    return [(parameter, words[parameter]) for (parameter,) in cells.places("parameter")]


def _table(display: Display, layer: ByVisit, page: Page, cells: Cells, named: tuple[str, str]) -> Table:
    parameter, title = named
    variables = {_VALUE, *cells.rows["variable"]}
    shown = layer.columns if layer.is_whole else tuple(one for one in layer.columns if one.variable in variables)
    key = f"{display.anchor.partition('{')[0]}{layer.id or parameter}"
    grid = _grid(display, layer, page, (parameter, key))
    columns = tuple(_column(one) for one in shown)
    rows = _by_level(cells, parameter, shown, grid) if layer.is_by_level else _by_group(cells, parameter, shown, grid)
    notes = layer.notes or display.footnotes(page.study)
    return Table(
        key,
        title,
        page.population(display, layer.population, page.size_of(display, layer.population)),
        display.stub,
        columns,
        with_defaults(columns, lifted(rows))[1],
        notes if len(shown) == len(layer.columns) or layer.notes else notes[:1],
        page.source(display),
        layer.empty or display.empty,
        is_folded=display.is_folded,
        records=grid.records() if grid else None,
    )


def _column(shown: Shown) -> Column:
    is_count = shown.statistics[0] in COUNTS
    return Column(
        shown.label, shown.note, counts=shown.counts if is_count else "", role="count" if shown.label == "n" else ""
    )


def _by_group(cells: Cells, parameter: str, shown: Sequence[Shown], grid: Grid | None) -> list[Row]:
    """Return a heading a visit, and below it a row an arm."""
    rows: list[Row] = []
    for visit, own in cells.rows[cells.rows["visit"].ne("")].groupby("visit", sort=False):
        target = grid.id_of(str(visit)) if grid else ""
        rows.append(Row(own["visit_words"].iloc[0], is_head=True, grid=target))
        for group in dict.fromkeys(own["group"]):
            made = [_cell(cells, one, (parameter, "", str(visit), group), grid) for one in shown]
            rows.append(Row(cells.group_words(group), tuple(made), group=group))
    return rows


def _by_level(cells: Cells, parameter: str, shown: Sequence[Shown], grid: Grid | None) -> list[Row]:
    """Return a heading a visit and arm, and below it a row a level; levels that nobody has are left out."""
    rows: list[Row] = []
    for (visit, group), own in cells.rows.groupby(["visit", "group"], sort=False):
        heading = Row(f"{own['visit_words'].iloc[0]}, {cells.group_words(str(group))}", is_head=True)
        known = list(_levels(cells, own, (parameter, str(visit), str(group)), shown, grid))
        rows += [heading, *known] if known else []
    return rows


def _levels(
    cells: Cells, own: pd.DataFrame, place: tuple[str, str, str], shown: Sequence[Shown], grid: Grid | None
) -> Iterator[Row]:
    parameter, visit, group = place
    words = dict(zip(own["level"], own["row_words"], strict=True))
    for level, text in words.items():
        made = tuple(_cell(cells, one, (parameter, level, visit, group), grid) for one in shown)
        if str(made[0]) not in _NOTHING:
            target = grid.id_of(_place_of(visit, level)) if grid else ""
            yield Row(text, made, group=group, grid=target)


def _cell(cells: Cells, shown: Shown, place: tuple[str, str, str, str], grid: Grid | None) -> Cell:
    parameter, level, visit, group = place
    at = (parameter, shown.variable, level, visit, group)
    cell = cells.shown(shown, at)
    counted = cells.counted(shown.statistics[0], at)
    return grid.opens(cell, _place_of(visit, level), counted) if grid and cell.keys else cell


def _place_of(visit: str, level: str) -> str:
    return f"{visit}|{level}" if level else visit


def _grid(
    display: Display, layer: ByVisit, page: Page, named: tuple[str, str], visits: Sequence[str] = ()
) -> Grid | None:
    """Return everybody's values of a parameter (at some visits), those that stand behind the counts of its table."""
    if page.book is None:
        return None
    parameter, key = named
    values = page.scope(display).records(layer.records)
    is_own = values["parameter"].eq(parameter) & values["variable"].eq(_VALUE)
    own = values[is_own & values["USUBJID"].isin(page.members(display, layer.population))]
    if own.empty:
        return None
    level = own["level"] if layer.is_by_level else pd.Series("", index=own.index)
    places = [_place_of(visit, str(at)) for visit, at in zip(own["visit"], level, strict=True)]
    words = own["visit_words"] + (", " + own["row_words"] if layer.is_by_level else "")
    placed = own.assign(COLUMN=places, WORDS=words)
    placed = placed[placed["COLUMN"].isin(visits)] if visits else placed
    return grid_of(key, placed, page.book, first=() if layer.is_by_level else ((BASELINE, _BASELINE_WORDS),))


def tables_of_models(display: Display, layers: Sequence[Model], page: Page) -> Displays:
    """Return one table an endpoint: estimates of the arms and of their differences from the control."""
    cells = page.cells(display)
    tables = [_model(display, layer, page, cells.of_parameter(layer.parameter)) for layer in layers]
    return Displays(tuple(tables), display.empty)


def _model(display: Display, layer: Model, page: Page, cells: Cells) -> Table:
    control = page.study.treatment.control_arm
    key = f"{display.anchor.partition('{')[0]}{layer.id}"
    grid = _grid(display, layer.values, page, (layer.parameter, key), (BASELINE, layer.visit))
    arms = dict.fromkeys(cells.rows.loc[cells.rows["variable"].eq(layer.columns[0].variable), "group"])
    rows = []
    for arm in arms:
        against = contrast(arm, control.code) if control else ""
        made = [
            _cell(cells, one, (layer.parameter, "", layer.visit, against if one.is_contrast else arm), grid)
            for one in layer.columns
        ]
        rows.append(Row(cells.group_words(arm), tuple(made), group=arm))
    reasons = cells.rows.loc[cells.rows["reason"].ne(""), "reason"].tolist()
    model = {name: cells.text(name, (layer.parameter, _MODEL, "", layer.visit, "")) for name in ("residual_sd", "df")}
    return Table(
        key,
        layer.title,
        page.population(display, layer.population),
        display.stub,
        tuple(replace(_column(one), counts="") for one in layer.columns),
        lifted(rows),
        tuple(note.format(**model) if "{df}" in note else note for note in layer.notes),
        page.source(display),
        layer.empty.format(reason=", ".join(reasons) or "no data"),
        records=grid.records() if grid else None,
    )
