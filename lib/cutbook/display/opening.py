"""How the counts of a table point to the records behind them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any, TypeGuard

from cutbook.display.frame import Table
from cutbook.display.parts import Cell, Entry, Records, Row
from cutbook.display.records import RecordBook, record_tables
from cutbook.parameters.study import Study

_ALL = "Every count opens its records. All of them are in the records file beside the report as well."
_SOME = (
    "Counts without records here are too many for the page; their records are in the file beside it, *.records.parquet."
)
_SUMMARY = "Records behind the counts"


def open_counts(table: Table, book: RecordBook, study: Study, *, is_alone: bool) -> Table:
    """Return a table whose counts open the records behind them.

    Parameters
    ----------
    table : Table
        Cells carry the keys of their records.
    book : RecordBook
        The records of the report.
    study : Study
        Words of the records.
    is_alone : bool
        The table stands by itself, as in JupyterLab, and brings its records with it; else the page lists them once.
    """
    named = _named_rows(table.rows)
    behind = [_keys_of(row) for _, row in named]
    if not any(behind):
        return table
    rows: list[Row] = []
    entries: list[Entry] = []
    for place, ((label, row), keys) in enumerate(zip(named, behind, strict=True)):
        cells: list[Any] = list(row.cells)
        if all(key in book.numbers for key in keys):
            cells, own = _linked(table, row, (f"{table.key}.e{place}", label), book)
            entries += own
        else:
            cells = [replace(cell, link=f"{table.key}.r") if _counts(cell) else cell for cell in row.cells]
        rows.append(replace(row, cells=tuple(cells)))
    tables = record_tables(book, (key for keys in behind for key in keys), study) if is_alone else ()
    is_whole = all(key in book.numbers for keys in behind for key in keys)
    return replace(
        table, rows=tuple(rows), records=Records(_SUMMARY, _ALL if is_whole else _SOME, tuple(entries), tables)
    )


def _linked(table: Table, row: Row, named: tuple[str, str], book: RecordBook) -> tuple[list[Any], list[Entry]]:
    """Return the cells of a row with links, and its entries: one, and one for each cell that needs its own."""
    name, label = named
    keys = _keys_of(row)
    entries = [Entry(name, label, ranges(book.numbers[key] for key in keys))] if keys else []
    cells: list[Any] = []
    for at, cell in enumerate(row.cells):
        if not _counts(cell):
            cells.append(cell)
            continue
        column = table.columns[at]
        group = row.group or column.code
        if {key for key in keys if not group or book.counts_in(key, group)} == set(cell.keys):
            cells.append(replace(cell, link=name))
            continue
        own = f"{name}c{at}"
        entries.append(Entry(own, f"{label}, {column.label}", ranges({book.numbers[key] for key in cell.keys})))
        cells.append(replace(cell, link=own, counts="all"))
    return cells, entries


def _counts(cell: object) -> TypeGuard[Cell]:
    return isinstance(cell, Cell) and bool(cell.keys)


def _named_rows(rows: Sequence[Row]) -> list[tuple[str, Row]]:
    """Return every row with its label after those of the rows that it stands under."""
    above: list[Row] = []
    named = []
    for row in rows:
        depth = 0 if row.is_head else row.level
        above = [*(one for one in above if (0 if one.is_head else one.level) < depth), row]
        named.append((": ".join(one.label for one in above), row))
    return named


def _keys_of(row: Row) -> dict[str, None]:
    return dict.fromkeys(key for cell in row.cells if _counts(cell) for key in cell.keys)


def ranges(numbers: Iterable[int]) -> str:
    """Return whole numbers as text, neighbours joined.

    Examples
    --------
    >>> ranges([7, 3, 8, 9, 12])
    '3, 7–9, 12'
    """
    runs: list[list[int]] = []
    for number in sorted(numbers):
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    return ", ".join(str(run[0]) if len(run) == 1 else f"{run[0]}–{run[-1]}" for run in runs)
