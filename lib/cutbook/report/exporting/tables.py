"""Tables and listings of the reports of a cut as grids of text, for programs that show tables."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from cutbook.catalogue import displays_of
from cutbook.display.look.elements import CellLike, Links, Row, Sparkline
from cutbook.display.look.frame import Displays, Table
from cutbook.notebook.report import Report

_OF_TABLES = ("T-", "L-")


@dataclass(frozen=True)
class Grid:
    """A table as text.

    Attributes
    ----------
    key, report : str
        Its address, ``T-D5``, and the report that shows it.
    title, population, source : str
        What stands around it; empty where nothing does.
    header : tuple of tuple of str
        Rows of its head: what stands above columns, where anything does, labels, and their second lines.
    body : tuple of tuple of str
        Its rows; the first cell is the label.
    levels : tuple of int
        Indentation of each row.
    heads : frozenset of int
        Places of rows that head others and have a label alone.
    numbers : frozenset of int
        Places of columns whose cells are numbers.
    notes : tuple of str
        Footnotes.
    """

    key: str
    report: str
    title: str
    population: str
    header: tuple[tuple[str, ...], ...]
    body: tuple[tuple[str, ...], ...]
    levels: tuple[int, ...] = ()
    heads: frozenset[int] = frozenset()
    numbers: frozenset[int] = frozenset()
    notes: tuple[str, ...] = ()
    source: str = ""

    @property
    def is_listing(self) -> bool:
        """Whether its rows are records."""
        return self.key.startswith("L-")


def grids_of(report: Report) -> Iterator[Grid]:
    """Yield every table and listing of a report that has something to show, as its page shows it."""
    for display in displays_of(report.name):
        if display.anchor.startswith(_OF_TABLES):
            yield from (grid_of(table, report.name) for table in _tables(report.show(display)) if table.rows)


def _tables(shown: object) -> Iterator[Table]:
    if isinstance(shown, Displays):
        for member in shown.members:
            yield from _tables(member)
    elif isinstance(shown, Table):
        yield shown


def grid_of(table: Table, report: str) -> Grid:
    """Return a table as text, without marks of change."""
    return Grid(
        key=table.key,
        report=report,
        title=table.title,
        population=table.population,
        header=_header(table),
        body=tuple(_row(row, len(table.columns)) for row in table.rows),
        levels=tuple(row.level for row in table.rows),
        heads=frozenset(place for place, row in enumerate(table.rows) if row.is_head),
        numbers=frozenset(place for place, column in enumerate(table.columns, start=1) if column.is_number),
        notes=table.footnotes,
        source=table.source,
    )


def _header(table: Table) -> tuple[tuple[str, ...], ...]:
    rows = []
    if table.spanned:
        above = [words if place == 0 else "" for words, own in _spans(table) for place in range(own)]
        rows.append(("", *above))
    rows.append((table.stub, *(column.label for column in table.columns)))
    if any(column.note for column in table.columns):
        rows.append(("", *(column.note for column in table.columns)))
    return tuple(rows)


def _spans(table: Table) -> list[tuple[str, int]]:
    return [(words, len(list(own))) for words, own in groupby(table.columns, key=lambda column: column.spanner)]


def _row(row: Row, columns: int) -> tuple[str, ...]:
    cells: Sequence[CellLike] = () if row.is_head else row.cells
    texts = [_text(cell) for cell in cells]
    return (row.label, *texts, *[""] * (columns - len(texts)))


def _text(cell: CellLike) -> str:
    if isinstance(cell, Sparkline):
        return cell.words
    if isinstance(cell, Links):
        return ", ".join(words for _, words in cell.targets)
    return str(cell)
