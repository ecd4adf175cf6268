"""How the counts of a table point to the records behind them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import TypeGuard

from cutbook.display.behind.records import RecordBook
from cutbook.display.look.elements import Cell, CellLike, Entry, Records, Row
from cutbook.display.look.frame import Table

_ALL = "Every count opens its records. All of them are in the records file beside the report as well."
_SOME = (
    "Counts without records here are too many for the page; their records are in the file beside it, *.records.parquet."
)
_SUMMARY = "Records behind the counts"


def open_counts(table: Table, book: RecordBook, *, is_alone: bool) -> Table:
    """Return a table whose counts open the records behind them.

    Parameters
    ----------
    table : Table
        Cells carry the keys of their records.
    book : RecordBook
        The records of the report.
    is_alone : bool
        The table stands by itself, as in JupyterLab, and brings its records with it; else the page lists them once.
    """
    keys = {key for row in table.rows for key in _keys_of(row)}
    if not keys:
        return table
    named = enumerate(_named_rows(table.rows))
    made = [_linked(table, row, (f"{table.key}.e{place}", label), book) for place, (label, row) in named]
    entries = tuple(entry for _, own in made for entry in own)
    rule = _ALL if keys <= set(book.numbers) else _SOME
    records = Records(_SUMMARY, rule, entries, book.tables(keys) if is_alone else ())
    return replace(table, rows=tuple(row for row, _ in made), records=records)


def _linked(table: Table, row: Row, named: tuple[str, str], book: RecordBook) -> tuple[Row, list[Entry]]:
    """Return a row whose cells have links, and its entries: one, and one for each cell that needs its own."""
    (name, label), keys = named, _keys_of(row)
    is_here = all(key in book.numbers for key in keys)
    entries = [Entry(name, label, ranges(book.numbers[key] for key in keys))] if keys and is_here else []
    cells: list[CellLike] = []
    for at, (cell, column) in enumerate(zip(row.cells, table.columns, strict=False)):
        group = row.group or column.code
        if not _counts(cell):
            cells.append(cell)
        elif not is_here:
            cells.append(replace(cell, link=f"{table.key}.r"))
        elif {key for key in keys if not group or book.counts_in(key, group)} == set(cell.keys):
            cells.append(replace(cell, link=name))
        else:
            own = Entry(f"{name}c{at}", f"{label}, {column.words}", ranges({book.numbers[key] for key in cell.keys}))
            entries.append(own)
            cells.append(replace(cell, link=own.id, counts="all"))
    return replace(row, cells=tuple(cells)), entries


def _counts(cell: object) -> TypeGuard[Cell]:
    return isinstance(cell, Cell) and bool(cell.keys)


def _named_rows(rows: Sequence[Row]) -> list[tuple[str, Row]]:
    """Return every row with its label after those of the rows that it stands under."""
    above: list[Row] = []
    named = []
    for row in rows:
        above = [*(one for one in above if one.level < row.level), row]
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
