"""Tables about the data: what was received, what was odd, what the cut removed, what changed."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from cutbook.display.formats import NOT_APPLICABLE
from cutbook.display.frame import Table
from cutbook.display.page import Page
from cutbook.display.parts import Cell, Column
from cutbook.display.words import lines, words

MOST_ROWS = 500
"""Records that a listing shows at most; a footnote then says how many there are."""

_LONG = 10
_LISTINGS = {"REMOVED": "L-A3R", "MODIFIED": "L-A4"}
_VERIFIED = "Hash and row count of every file that was read equal the transfer's manifest."
_UNVERIFIED = (
    "Row counts unverified: the transfer came without a manifest, so a truncated file cannot be told from a whole one."
)


def table_received(results: pd.DataFrame, page: Page) -> Table:
    """Return table A1: every file of the transfer with rows, participants, latest date, hash and verdict."""
    cells = page.cells(results, "A1")
    received = page.cut.received
    files = words(received["FILE"])
    columns = (
        Column("Dataset", is_number=False),
        Column("Rows"),
        Column("Participants"),
        Column("Latest date", is_number=False),
        Column("SHA-256, first 12", is_number=False),
        Column("Verdict", is_number=False),
    )
    rows = lines(
        files,
        words(received["DATASET"]),
        [cells.one("n", ("", "ROWS", file, "", "")) for file in files],
        [cells.one("n", ("", "PARTICIPANTS", file, "", "")) for file in files],
        words(received["LATEST"]),
        [text[:12] for text in words(received["SHA256"])],
        words(received["VERDICT"]),
    )
    note = _VERIFIED if page.cut.stamps["is_verified"] == "yes" else _UNVERIFIED
    population = "All files of the transfer, before the cut."
    source = page.source(f"transfer {page.cut.cut.transfer}")
    return Table("T-A1", "Data received", population, "File", columns, rows, (note,), source)


def listing_issues(page: Page) -> Table:
    """Return listing A7: what was odd in the data and did not stop the run."""
    issues = page.cut.issues.head(MOST_ROWS)
    columns = (
        Column("Variable", is_number=False),
        Column("Row"),
        Column("Key", is_number=False),
        Column("Finding", is_number=False, is_verbatim=True),
    )
    rows = lines(
        words(issues["DATASET"]),
        words(issues["VARIABLE"]),
        words(issues["ROW"].astype("float64")),
        words(issues["KEY"]),
        words(issues["FINDING"]),
    )
    return Table(
        "L-A7",
        f"Findings in the data ({len(page.cut.issues)})" if len(rows) > _LONG else "Findings in the data",
        "All participants, before the cut.",
        "Dataset",
        columns,
        rows,
        _more(len(page.cut.issues)),
        page.source(f"transfer {page.cut.cut.transfer}"),
        empty="Nothing odd was found in the data.",
        is_folded=len(rows) > _LONG,
    )


def table_audit(results: pd.DataFrame, page: Page) -> Table:
    """Return table A3: what the data cut did to every dataset."""
    cells = page.cells(results, "A3")
    names = {"BEFORE": "Rows before", "AFTER": "Rows after", "REMOVED": "Removed", "MODIFIED": "Modified"}
    datasets = words(page.cut.audit["DATASET"])
    counts = [
        [_listed(cells.one("n", ("", name, dataset, "", "")), _LISTINGS.get(name, "")) for dataset in datasets]
        for name in names
    ]
    columns = (Column("Rule", is_number=False), *(Column(label) for label in names.values()))
    rows = lines(datasets, words(page.cut.audit["RULE"]), *counts)
    note = (
        "A cut-off without a time is the end of that day. Partial dates count as early as their known parts allow; "
        "records without a date are kept."
    )
    source = page.source("cut audit")
    return Table("T-A3", "What the data cut did", "All datasets.", "Dataset", columns, rows, (note,), source)


def _listed(cell: Cell, listing: str) -> Cell:
    return replace(cell, link=listing) if listing and cell.text not in {"0", NOT_APPLICABLE} else cell


def listing_removed(page: Page) -> Table:
    """Return listing A3R: records that the data cut removed, with the reason."""
    empty = "The data cut removed no record."
    return _cut_listing(page.cut.removed, page, "L-A3R", "Records removed by the data cut", empty)


def listing_kept(page: Page) -> Table:
    """Return listing A3K: records kept although their date does not prove that they were known at the cut-off."""
    title = "Records kept although their date does not prove them early enough"
    return _cut_listing(page.cut.kept, page, "L-A3K", title, "Every record that was kept is dated by the cut-off.")


def _cut_listing(records: pd.DataFrame, page: Page, key: str, title: str, empty: str) -> Table:
    shown = records.head(MOST_ROWS)
    columns = tuple(
        Column(label, is_number=False, is_verbatim=label == "Value") for label in ("Key", "Variable", "Value", "Reason")
    )
    rows = lines(*(words(shown[name]) for name in ("DATASET", "KEY", "VARIABLE", "VALUE", "REASON")))
    notes = _more(len(records))
    source = page.source("cut audit")
    title = f"{title} ({len(records)})" if len(records) else title
    return Table(key, title, "All participants.", "Dataset", columns, rows, notes, source, empty=empty,
                 is_folded=len(rows) > 0)  # fmt: skip


def listing_modified(page: Page) -> Table:
    """Return listing A4: values rolled back because they were learnt after the cut-off, old and new."""
    is_day = page.cut.modified["VARIABLE"].astype("str").str.fullmatch(r".+DY")
    days = int(is_day.sum())
    changes = page.cut.modified[~is_day].head(MOST_ROWS)
    columns = tuple(
        Column(label, is_number=False, is_verbatim=label in {"Old", "New"})
        for label in ("Key", "Variable", "Old", "New", "Reason")
    )
    rows = lines(*(words(changes[name]) for name in ("DATASET", "KEY", "VARIABLE", "OLD", "NEW", "REASON")))
    return Table(
        "L-A4",
        "Information learnt after the cut-off and rolled back",
        "All participants.",
        "Dataset",
        columns,
        rows,
        (*_more(len(page.cut.modified) - days), *_days_note(days)),
        page.source("cut audit"),
        empty="Nothing had to be rolled back.",
        is_folded=len(rows) > 0,
    )


def _days_note(days: int) -> tuple[str, ...]:
    return (f"{days} study days were blanked with them; they are in the audit file.",) if days else ()


def _more(total: int) -> tuple[str, ...]:
    return (f"The first {MOST_ROWS} of {total} records are shown.",) if total > MOST_ROWS else ()
