"""Listings: records one line each, and the records that the counts of a page point to."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import pandas as pd

from cutbook.catalogue import displays_of
from cutbook.catalogue.display import Display
from cutbook.catalogue.panels import Field, Listing, RecordIndex
from cutbook.display.formats import NOT_APPLICABLE
from cutbook.display.frame import RecordListing, Table, anchor
from cutbook.display.page import Page
from cutbook.display.parts import Cell, CellLike, Column, Links, RecordTable, Row
from cutbook.display.records import RecordBook, record_tables
from cutbook.display.words import texts_of
from cutbook.records import EVENTS, PARTICIPANTS, participant_of

_PARTICIPANT = "USUBJID"


def listing(display: Display, layers: Sequence[Listing], page: Page) -> Table:
    """Return a listing; its rows say what is new, changed or withdrawn where its records are followed."""
    (layer,) = layers
    scope = page.scope(display)
    records = scope.records(layer.records)
    shown, hidden = records.head(layer.most), records.iloc[layer.most :]
    if layer.is_marked:
        rows = page.listed(shown, _earlier(layer, page, hidden), _rows_of(layer.fields), _known(layer, page))
    else:
        rows = tuple(_rows(layer.fields, shown, display, page))
    more = layer.says_more(page.frames) if layer.says_more else ()
    cut_off = (f"The first {layer.most} of {len(records)} records are shown.",) if len(records) > layer.most else ()
    is_long = layer.folds_beyond is not None and len(records) > layer.folds_beyond
    title = layer.title or display.title
    return Table(
        display.anchor,
        f"{title} ({len(records)})" if layer.is_counted_in_title and is_long else title,
        page.population(display),
        layer.fields[0].label,
        tuple(
            Column(field.label, is_number=field.is_number, is_verbatim=field.is_verbatim) for field in layer.fields[1:]
        ),
        page.numbered(records, rows) if layer.is_numbered else rows,
        (*display.footnotes(page.study), *cut_off, *more),
        page.source(display),
        layer.says_empty(page.frames) if layer.says_empty else display.empty,
        is_folded=is_long or display.is_folded,
        is_about_people=layer.fields[0].variable == _PARTICIPANT,
    )


def _earlier(layer: Listing, page: Page, hidden: pd.DataFrame) -> pd.DataFrame | None:
    """Return the records that the previous cut lists, but those that this one does not show for want of room."""
    if page.previous.frames is None:
        return None
    records = layer.records(page.previous.frames)
    return records[~records["KEY"].isin(hidden["KEY"])] if len(records) else records


def _known(layer: Listing, page: Page) -> Sequence[str]:
    every = layer.known or layer.records
    return every(page.frames)["KEY"].tolist()


def _rows_of(fields: Sequence[Field]) -> Callable[[pd.DataFrame], Sequence[Row]]:
    return lambda records: tuple(
        Row(label, tuple(cells)) for label, *cells in zip(*(texts_of(field, records) for field in fields), strict=True)
    )


def _rows(fields: Sequence[Field], records: pd.DataFrame, display: Display, page: Page) -> list[Row]:
    cells = page.cells(display)
    levels = records[fields[0].variable].astype("str").tolist()
    columns: list[Sequence[CellLike]] = []
    for field in fields[1:]:
        if field.form == "count":
            counts = [cells.one("n", ("", field.variable, level, "", "")) for level in levels]
            columns.append([_opened(cell, field.opens) for cell in counts])
        else:
            columns.append(texts_of(field, records))
    labels = texts_of(fields[0], records)
    return [Row(label, tuple(line)) for label, *line in zip(labels, *columns, strict=True)]


def _opened(cell: Cell, target: str) -> Cell:
    return replace(cell, link=target) if target and cell.text not in {"0", NOT_APPLICABLE} else cell


def record_index(display: Display, layers: Sequence[RecordIndex], page: Page) -> RecordListing:
    """Return the participants, or the adverse events, that counts of the page point to."""
    (layer,) = layers
    if page.book is None:
        raise ValueError("the page has no records")
    book, every = page.book, page.book.frame(layer.kind)
    keys = [key for key in every["KEY"].tolist() if key in book.numbers]
    tables = record_tables(book, keys, page.study)
    table = tables[0] if tables else RecordTable((), ())
    is_about_people = layer.kind == PARTICIPANTS
    return RecordListing(
        display.anchor,
        layer.title.format(number=len(keys)),
        page.population(display, size=len(every) if is_about_people else None),
        _with_links(table, _links(page)) if is_about_people and tables else table,
        layer.notes or _notes(book, len(keys), page),
        page.source(display),
        display.empty,
    )


def _notes(book: RecordBook, shown: int, page: Page) -> tuple[str, ...]:
    total = len(book.frame(EVENTS))
    part = f"{shown} of {total} events are here, so that the page stays small: those of the rows with the fewest. "
    return ((part if shown < total else "") + f"All records are in {page.report}.records.parquet.",)


def _links(page: Page) -> dict[str, Links]:
    """Return, by participant, the displays that count one of the participant's records."""
    named = {display.key: display.participants for display in displays_of(page.report) if display.participants}
    counted = page.results[page.results["display"].isin(list(named)) & page.results["statistic"].eq("n")]
    counted = counted[counted["variable"].ne("COURSE") & counted["variable"].ne("NEW")]
    found: dict[str, dict[str, str]] = {}
    for (display, parameter), lists in counted.groupby(["display", "parameter"], sort=False)["keys"]:
        words, target = (text.format(parameter=parameter) for text in named[str(display)])
        for name in {participant_of(key): None for keys in lists for key in keys}:
            found.setdefault(name, {})[target] = words
    return {name: Links(tuple((words, target) for target, words in own.items())) for name, own in found.items()}


def _with_links(table: RecordTable, links: dict[str, Links]) -> RecordTable:
    groups = tuple(replace(group, rows=tuple(_linked(row, links) for row in group.rows)) for group in table.groups)
    return RecordTable((*table.columns, Column("Counts in", is_number=False, role="displays")), groups, table.stub)


def _linked(row: Row, links: dict[str, Links]) -> Row:
    name = str(row.cells[0])
    return replace(row, cells=(*row.cells, links.get(name, NOT_APPLICABLE)), anchor=f"P.{anchor(name)}")
