"""Listings: records one line each, and the records that the counts of a page point to."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace

import pandas as pd

from cutbook.catalogue import FRAMES, displays_of
from cutbook.catalogue.kinds.display import Display
from cutbook.catalogue.kinds.panels import Field, Listing, RecordIndex
from cutbook.display.behind.courses import course_tables
from cutbook.display.look.attributes import anchor
from cutbook.display.look.collected import collected
from cutbook.display.look.columns import column, texts_of
from cutbook.display.look.elements import Cell, CellLike, Column, Links, Mark, RecordTable, Row
from cutbook.display.look.frame import RecordListing, Table
from cutbook.display.look.numbers import NOT_APPLICABLE
from cutbook.display.page import Page
from cutbook.display.read.cells import NOTHING, Cells
from cutbook.records import PARTICIPANTS, participant_of

_PARTICIPANT = "USUBJID"
NEW, CHANGED, WITHDRAWN, NOT_LISTED = "new", "changed", "withdrawn", "no longer listed"


def listing(display: Display, layers: Sequence[Listing], page: Page) -> Table:
    """Return a listing; its rows say what is new, changed or withdrawn where its records are followed."""
    (layer,) = layers
    records, first = page.records(display, layer.records), layer.fields[0]
    is_long = layer.folds_beyond is not None and len(records) > layer.folds_beyond
    title, _, number = display.title.partition("{")
    return page.table(
        display,
        [Column(field.label, is_number=field.is_number, is_verbatim=field.is_verbatim) for field in layer.fields[1:]],
        _rows(layer, records, page, page.cells(display)),
        title=f"{title} ({len(records)})" if number and is_long else title,
        stub=first.label,
        footnotes=(*display.footnotes(page.study), *_more(layer, page, len(records))),
        empty=layer.says_empty(page.frames) if layer.says_empty else display.empty,
        is_folded=is_long or display.is_folded,
        is_about_people=first.variable == _PARTICIPANT,
    )


def _more(layer: Listing, page: Page, number: int) -> tuple[str, ...]:
    """Return the footnotes that depend on the data."""
    cut_off = (f"The first {layer.most} of {number} records are shown.",) if number > layer.most else ()
    return (*cut_off, *(layer.says_more(page.frames) if layer.says_more else ()))


def _rows(layer: Listing, records: pd.DataFrame, page: Page, cells: Cells) -> Sequence[Row]:
    """Return the rows, with the ids that counts point to and marks of what is new, where the layer has them."""
    shown, hidden = records.head(layer.most), records.iloc[layer.most :]
    rows = _lines(layer, shown, cells)
    if layer.is_numbered:
        numbers = page.book.numbers
        ids = [f"R.{numbers[key]}" if key in numbers else "" for key in shown["KEY"]]
        rows = [replace(row, id=name) for row, name in zip(rows, ids, strict=True)]
    if layer.known is None or page.previous.frames is None:
        return rows
    before, known = layer.records(page.previous.frames), layer.known(page.frames)
    before = before[~before["KEY"].isin(hidden["KEY"])]
    earlier = zip(before["KEY"], _lines(layer, before, cells), strict=True)
    return since(list(zip(shown["KEY"], rows, strict=True)), list(earlier), set(known["KEY"]))


def since(now: Sequence[tuple[str, Row]], before: Sequence[tuple[str, Row]], known: Collection[str]) -> tuple[Row, ...]:
    """Return the rows of a listing, marked where they are new, changed (old and new value a field) or withdrawn.

    Parameters
    ----------
    now, before : sequence of (str, Row)
        Key of the record, and its row at this and at the previous cut.
    known : collection of str
        Keys of all records at this cut, listed or not: a record that is known but no longer listed is not withdrawn.
    """
    earlier, present = dict(before), {key for key, _ in now}
    rows = [_marked(row, earlier.get(key)) for key, row in now]
    for key, row in before:
        if key not in present:
            words = NOT_LISTED if key in known else WITHDRAWN
            rows.append(replace(row, status=WITHDRAWN, mark=Mark(WITHDRAWN, words)))
    return tuple(rows)


def _marked(row: Row, before: Row | None) -> Row:
    if before is None:
        return replace(row, status=NEW, mark=Mark(NEW, NEW))
    pairs = list(zip(row.cells, before.cells, strict=True))
    if all(str(cell) == str(old) for cell, old in pairs):
        return row
    cells = tuple(_field(cell, str(old)) for cell, old in pairs)
    return replace(row, cells=cells, status=CHANGED, mark=Mark(CHANGED, CHANGED))


def _field(cell: CellLike, old: str) -> CellLike:
    return cell if str(cell) == old else Cell(str(cell), old=old)


def _lines(layer: Listing, records: pd.DataFrame, cells: Cells) -> list[Row]:
    fields = layer.fields
    levels = column(records, layer.level or fields[0].variable).astype("str")
    columns = [_counts(field, levels, cells) if field.form == "count" else texts_of(field, records) for field in fields]
    return [Row(str(label), tuple(line)) for label, *line in zip(*columns, strict=True)]


def _counts(field: Field, levels: Iterable[str], cells: Cells) -> Sequence[CellLike]:
    places = [("", field.variable, level, "", "") for level in levels]
    counts = [cells.one("n", place) if place[2] else Cell(NOT_APPLICABLE) for place in places]
    return [replace(cell, link=field.opens) if field.opens and cell.text not in NOTHING else cell for cell in counts]


def record_index(display: Display, layers: Sequence[RecordIndex], page: Page) -> RecordListing:
    """Return the participants, or the adverse events, that counts of the page point to."""
    (layer,) = layers
    every = page.book.kinds[layer.kind]["KEY"]
    shown = every[every.isin(list(page.book.numbers))]
    table = next(iter(page.book.tables(shown)), RecordTable((), ()))
    is_about_people = layer.kind == PARTICIPANTS
    framed = page.framed(display, size=len(every) if is_about_people else None)
    framed["title"] = display.title.format(number=len(shown))
    framed["footnotes"] = framed["footnotes"] or _notes(len(shown), len(every), page)
    if not is_about_people or not table.groups:
        return RecordListing(table=table, **framed)
    courses = course_tables(page.frames, FRAMES[page.report], page.study, page.book)
    return RecordListing(table=_with_links(table, _links(page)), courses=courses, **framed)


def _notes(shown: int, total: int, page: Page) -> tuple[str, ...]:
    part = f"{shown} of {total} events are here, so that the page stays small: those of the rows with the fewest. "
    return ((part if shown < total else "") + f"All records are in {page.report}.records.parquet.",)


def _links(page: Page) -> dict[str, Links]:
    """Return, by participant, the displays that count one of the participant's records."""
    named = {display.key: display.participants for display in displays_of(page.report) if display.participants}
    counted = page.results[page.results["display"].isin(list(named)) & page.results["statistic"].eq("n")]
    counted = counted[counted["variable"].ne("COURSE") & counted["variable"].ne("NEW")]
    found: dict[str, dict[str, str]] = {}
    for (display, parameter), lists in counted.groupby(["display", "parameter"], sort=False)["keys"]:
        words, target = (text.format(key=display, parameter=parameter) for text in named[str(display)])
        for name in {participant_of(key): None for keys in lists for key in keys}:
            found.setdefault(name, {})[target] = words
    return {collected(name): Links(tuple((words, to) for to, words in own.items())) for name, own in found.items()}


def _with_links(table: RecordTable, links: dict[str, Links]) -> RecordTable:
    groups = tuple(replace(group, rows=tuple(_linked(row, links) for row in group.rows)) for group in table.groups)
    column = Column("Counts in", is_number=False, role="displays")
    return replace(table, columns=(*table.columns, column), groups=groups)


def _linked(row: Row, links: dict[str, Links]) -> Row:
    name = str(row.cells[0])
    return replace(row, cells=(*row.cells, links.get(name, NOT_APPLICABLE)), anchor=f"P.{anchor(name)}")
