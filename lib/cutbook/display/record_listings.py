"""The listings that every count of a page points to: participants, and adverse events."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pandas as pd

from cutbook.display.frame import RecordListing, anchor
from cutbook.display.page import Page
from cutbook.display.parts import Column, Links, RecordTable, Row
from cutbook.display.records import RecordBook, participant_of, record_tables

_PLACES = {
    "D1": ("T-D1", "disposition"),
    "D2": ("T-D2", "baseline"),
    "D3": ("T-D3", "exposure"),
    "D4": ("T-D4", "adverse events"),
    "D15": ("F-D15", "laboratory"),
    "D20": ("F-D20", "vital signs"),
    "D21": ("F-D21", "ECG"),
    "E13": ("T-E13", "samples"),
    "E2": ("L-E1", "concentrations"),
    "F1": ("T-F1", "comparison"),
    "F2": ("T-F2", "course"),
    "F4": ("T-F4", "course"),
}
_SHOWN = {
    "safety": ("D1", "D2", "D3", "D4", "D15", "D20", "D21"),
    "pharmacokinetics": ("E13", "E2"),
    "efficacy": ("D2", "F1", "F2", "F4"),
}
_BY_PARAMETER = frozenset({"F1", "F2", "F4"})


def listing_participants(results: pd.DataFrame, page: Page) -> RecordListing:
    """Return listing P: every participant, with links to the displays in which the participant counts."""
    book = _book(page)
    keys = [key for key in book.participants["KEY"].tolist() if key in book.numbers]
    tables = record_tables(book, keys, page.cut.study)
    linked = _with_links(tables[0], _links(results, _SHOWN.get(page.report, ()))) if tables else RecordTable((), ())
    return RecordListing(
        "L-P",
        f"Participants ({len(keys)})",
        page.population("All", len(book.participants)),
        linked,
        ("The last column leads to the displays in which a participant counts.",),
        page.source("ADSL"),
        "No participants by the cut-off.",
    )


def listing_records(page: Page) -> RecordListing:
    """Return listing R: the adverse events behind the counts of the page, and why each counts or does not."""
    book = _book(page)
    shown = [key for key in book.events["KEY"].tolist() if key in book.numbers]
    tables = record_tables(book, shown, page.cut.study)
    total = len(book.events)
    part = f"{len(shown)} of {total} events are here, so that the page stays small: those of the rows with the fewest. "
    return RecordListing(
        "L-R",
        f"Adverse events behind the counts ({len(shown)})",
        "All participants, treatment-emergent or not.",
        tables[0] if tables else RecordTable((), ()),
        ((part if len(shown) < total else "") + f"All records are in {page.report}.records.parquet.",),
        page.source("ADAE"),
        "No adverse events by the cut-off.",
    )


def _book(page: Page) -> RecordBook:
    if page.book is None:
        raise ValueError("the page has no records")
    return page.book


def _links(results: pd.DataFrame, displays: Sequence[str]) -> dict[str, Links]:
    """Return, by participant, the displays that count one of the participant's records."""
    counted = results[results["display"].isin(displays) & results["statistic"].eq("n")]
    found: dict[str, dict[str, str]] = {}
    for (display, parameter), lists in counted.groupby(["display", "parameter"], sort=False)["keys"]:
        target, words = _PLACES[str(display)]
        if display in _BY_PARAMETER:
            target, words = f"{target}-{parameter}", f"{words} of {parameter}"
        for name in {participant_of(key): None for keys in lists for key in keys}:
            found.setdefault(name, {})[target] = words
    return {name: Links(tuple((words, target) for target, words in own.items())) for name, own in found.items()}


def _with_links(table: RecordTable, links: dict[str, Links]) -> RecordTable:
    groups = tuple(replace(group, rows=tuple(_linked(row, links) for row in group.rows)) for group in table.groups)
    return RecordTable((*table.columns, Column("Counts in", is_number=False, role="displays")), groups, table.stub)


def _linked(row: Row, links: dict[str, Links]) -> Row:
    name = str(row.cells[0])
    return replace(row, cells=(*row.cells, links.get(name, "–")), anchor=f"P.{anchor(name)}")
