"""Tables of exposure: summaries of parameters by arm, everybody's parameters, and estimates with their verdict."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import replace
from string import ascii_lowercase
from typing import Any

import pandas as pd

from cutbook.catalogue.kinds.display import Display
from cutbook.catalogue.kinds.exposure import EachValue, Judged, Parameters
from cutbook.display.look.collected import collected
from cutbook.display.look.elements import Cell, Column, Row
from cutbook.display.look.frame import Displays, Table
from cutbook.display.look.numbers import NOT_APPLICABLE
from cutbook.display.page import Page
from cutbook.display.read.cells import Cells, cell_id, lifted
from cutbook.words import capital

_VERDICT = ("verdict", "VERDICT")
_MOST_ARMS = 6
"""Arms that stand beside each other at most."""


def tables_of_parameters(display: Display, layers: Sequence[Parameters], page: Page) -> Displays:
    """Return two tables a matrix: centres and spreads with arms as columns, and all statistics, folded."""
    ways = [(layer, way) for layer in layers for way in ((_brief, _summary) if layer.columns else (_brief,))]
    tables = [way(display, layer, page) for layer, way in ways]
    return _filled(tables, display)


def _brief(display: Display, layer: Parameters, page: Page) -> Table:
    """Return geometric means with their CV, medians of times with their range; parameters below their occasion.

    With more arms than fit beside each other, arms are the rows and parameters the columns.
    """
    cells = page.cells(display).of_parameter(layer.parameter)
    places = cells.rows[["visit", "visit_words", "level", "variable"]].drop_duplicates()
    is_wide = len(cells.sizes) > _MOST_ARMS and not places.duplicated(["visit_words", "level", "variable"]).any()
    if is_wide:
        return _brief_by_arm(display, layer, page, cells)
    rows: list[Row] = []
    for words, own in ((str(words), own) for words, own in cells.rows.groupby("visit_words", sort=False)):
        if words:
            rows.append(Row(words, is_head=True))
        most = own[own["statistic"].eq("n")].groupby("group")["value"].max().to_dict()
        for place in own.drop_duplicates(["visit", "level", "variable"]).to_dict("records"):
            if place["level"] in layer.brief:
                at = (layer.parameter, place["variable"], place["level"], place["visit"])
                made = tuple(_centre(cells, layer, (*at, group), most.get(group, 0)) for group in cells.sizes)
                if any(str(cell) != NOT_APPLICABLE for cell in made):
                    rows.append(Row(place["row_words"], made, level=int(bool(words))))
    return page.table(display, cells.columns(), rows, layer, stub=display.stub.rpartition(",")[0])


def _brief_by_arm(display: Display, layer: Parameters, page: Page, cells: Cells) -> Table:
    """Return the short table with arms as rows; what is of accepted profiles alone stands below a heading."""
    own = cells.rows[cells.rows["level"].isin(layer.brief)]
    levels = {level: words for level, words in _first_words(own).items() if level in layer.brief}
    rows: list[Row] = []
    for (words, variable), part in own.groupby(["visit_words", "variable"], sort=False):
        visits = dict(zip(part["level"], part["visit"], strict=True))
        below = part["row_words"].iloc[0].partition(", ")[2]
        rows.append(Row(capital(", ".join(filter(None, [str(words), below])) or "all profiles"), is_head=True))
        most = part[part["statistic"].eq("n")].groupby("group")["value"].max().to_dict()
        for group in cells.sizes:
            places = [(layer.parameter, str(variable), level, visits.get(level, ""), group) for level in levels]
            made = tuple(_centre(cells, layer, place, most.get(group, 0)) for place in places)
            if any(str(cell) != NOT_APPLICABLE for cell in made):
                rows.append(Row(cells.group_words(group), made, level=1))
    columns = [Column(words.partition(" (")[0], words.partition(" (")[2].rstrip(")")) for words in levels.values()]
    return page.table(
        display, columns, _with_something(rows), layer, stub=display.stub.rpartition(", ")[2].capitalize()
    )


def _first_words(rows: pd.DataFrame) -> dict[str, str]:
    """Return the words of every level as they stand first."""
    first = rows.drop_duplicates("level")
    return dict(zip(first["level"], first["row_words"], strict=True))


def _centre(cells: Cells, layer: Parameters, place: tuple[str, ...], most: float) -> Cell:
    is_ranked = place[2] in layer.ranked
    number = cells.value("n", place)
    if not number > 0:
        return Cell(NOT_APPLICABLE)
    names = ("median", "min", "max") if is_ranked else ("geomean", "geocv")
    centre, *spread = (cells.text(name, place) for name in names)
    some = f" [{number:.0f}]" if number < most else ""
    return Cell(f"{centre} ({'–'.join(spread)}){some}", id=cell_id(cells.display, place, names[0]))


def _summary(display: Display, layer: Parameters, page: Page) -> Table:
    cells = page.cells(display).of_parameter(layer.parameter)
    rows: list[Row] = []
    for place in cells.rows.drop_duplicates(["visit", "level", "variable"]).to_dict("records"):
        at = [place[name] for name in ("variable", "level", "visit")]
        rows.append(Row(": ".join(filter(None, [place["visit_words"], place["row_words"]])), is_head=True))
        rows += [
            Row(
                cells.group_words(group),
                tuple(replace(cells.shown(one, (layer.parameter, *at, group)), id="") for one in layer.columns),
                group=group,
                level=1,
            )
            for group in cells.sizes
            if cells.value("n", (layer.parameter, *at, group)) > 0
        ]
    columns = [Column(one.label, one.note) for one in layer.columns]
    key, title = f"{page.address(display, layer)}-all", f"{layer.title}, all statistics"
    table = page.table(display, columns, _with_something(rows), layer, key=key, title=title, is_folded=True)
    return page.opened(table)


def _filled(tables: Sequence[Table], display: Display) -> Displays:
    """Return the tables with rows; without any, the first says that there is nothing."""
    filled = tuple(table for table in tables if table.rows)
    return Displays(filled or tuple(tables[:1]), display.empty)


def _with_something(rows: Sequence[Row]) -> list[Row]:
    """Return rows without the headings below which nothing stands."""
    is_below = [not row.is_head for row in rows[1:]]
    pairs = zip(rows, [*is_below, False][: len(rows)], strict=True)
    return [row for row, has_rows in pairs if has_rows or not row.is_head]


def tables_of_each(display: Display, layers: Sequence[EachValue], page: Page) -> Displays:
    """Return one table a matrix: participants below their occasion and arm, parameters beside them."""
    return _filled([_each(display, layer, page) for layer in layers], display)


def _each(display: Display, layer: EachValue, page: Page) -> Table:
    cells = page.cells(display).of_parameter(layer.parameter)
    named = [variable for variable, *_ in layer.columns]
    there = [one for one in layer.columns if cells.rows["variable"].eq(one[0]).any()]
    letters = _letters(cells.rows[cells.rows["variable"].isin(named)])
    said = _said(page.records(display, layer.records)) if layer.said else {}
    rows: list[Row] = []
    for (visit, group), own in cells.rows.groupby(["visit", "group"], sort=False):
        words = own["visit_words"].iloc[0]
        rows.append(Row(", ".join(filter(None, [words, cells.group_words(str(group))])), is_head=True))
        facts = own.set_index(["level", "variable"])[["text", "reason"]].to_dict("index")
        for level, entry in dict(zip(own["level"], own["row_words"], strict=True)).items():
            made = [_value(facts.get((level, variable)), letters) for variable, *_ in there]
            made += [Cell(said.get((str(visit), level), ""))] if layer.said else []
            rows.append(Row(collected(entry), tuple(made), group=str(group), level=1))
    reasons = "; ".join(f"{letter} {reason}" for reason, letter in letters.items())
    notes = (f"{display.not_estimable}: {reasons}.",) if letters else ()
    columns = [Column(words, note) for _, words, note in there]
    columns += [Column(layer.said, is_number=False)] if layer.said else []
    return page.table(display, columns, rows, layer, footnotes=(*layer.notes, *notes), is_about_people=True)


def _said(records: pd.DataFrame) -> dict[tuple[str, str], str]:
    own = records.drop_duplicates(["visit", "USUBJID"])
    return dict(zip(zip(own["visit"], own["USUBJID"], strict=True), own["SAID"], strict=True))


def _letters(rows: pd.DataFrame) -> dict[str, str]:
    """Return the letter of every reason for a missing value, the most frequent first."""
    reasons = rows.loc[rows["reason"].ne(""), "reason"]
    counts = reasons.value_counts()
    ordered = sorted(counts.index, key=lambda reason: (-counts[reason], reason))
    return {str(reason): ascii_lowercase[place % 26] for place, reason in enumerate(ordered)}


def _value(fact: Mapping[Hashable, Any] | None, letters: dict[str, str]) -> Cell:
    if fact is None:
        return Cell(NOT_APPLICABLE)
    letter = letters.get(fact["reason"], "")
    return Cell(f"{fact['text']} {letter}".strip(), is_estimable=not letter)


def tables_of_judged(display: Display, layers: Sequence[Judged], page: Page) -> Displays:
    """Return a table a layer: what functions of statistics say, a row a level or group below its visit."""
    return _filled([_judged(display, layer, page) for layer in layers], display)


def _judged(display: Display, layer: Judged, page: Page) -> Table:
    cells = page.cells(display).of_parameter(layer.parameter)
    told = cells.rows[cells.rows["variable"].isin([_VERDICT[1], *(one.variable for one in layer.columns)])]
    rows: list[Row] = []
    for visit, own in told.groupby("visit", sort=False):
        if words := own["visit_words"].iloc[0]:
            rows.append(Row(words, is_head=True))
        places = own.drop_duplicates(["level", "group"])
        for level, entry, group in zip(places["level"], places["row_words"], places["group"], strict=True):
            made = [
                cells.shown(one, (layer.parameter, one.variable, level, str(visit), group)) for one in layer.columns
            ]
            if layer.verdicts:
                at = (layer.parameter, _VERDICT[1], level, str(visit), group)
                value = cells.value(_VERDICT[0], at)
                made.append(Cell(NOT_APPLICABLE if value != value else layer.verdicts[int(value)]))
            rows.append(Row(entry or cells.group_words(group), tuple(made), group=group, level=int(bool(words))))
    columns = [Column(one.label, one.note) for one in layer.columns]
    columns += [Column(layer.verdict, is_number=False)] if layer.verdicts else []
    reasons = dict.fromkeys(told.loc[told["reason"].ne(""), "reason"])
    notes = (f"{display.not_estimable}: {'; '.join(reasons)}.",) if reasons else ()
    table = page.table(display, columns, lifted(rows), layer, footnotes=(*layer.notes, *notes))
    return page.opened(table)
