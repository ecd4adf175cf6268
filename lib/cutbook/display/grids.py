"""Everybody's values by visit: what opens behind the counts of a table by visit."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import pandas as pd

from cutbook.display.formats import fixed
from cutbook.display.parts import Cell, CellLike, Column, RecordGroup, Records, RecordTable, Row
from cutbook.display.records import RecordBook, participant_of

MOST_VALUES = 6000
"""Values that a grid holds at most; beyond it, counts point to the records file beside the report."""

_CARRIED = " c"
_RULE = (
    "Every count opens its values. An empty cell: no value; c: carried forward. All of them are in the records file "
    "beside the report."
)
_LARGE = "The values of so many participants are not on this page; they are in the records file beside the report."

_COUNTS: Mapping[str, Callable[[Cell, bool], bool]] = {
    "all": lambda *_: True,
    "change": lambda _, has_baseline: has_baseline,
    "blq": lambda value, _: value.below != "",
    "value": lambda value, _: value.below != "all",
}
"""Which values of a column count: all, those with a baseline, those below the limit, those that are not."""


@dataclass(frozen=True)
class Grid:
    """Values of one parameter: participants by column.

    Attributes
    ----------
    key : str
        Id of the display.
    cells : dict
        The value by column and participant; the first column is the baseline of a change.
    book : RecordBook
        Arms, and the columns or rows of the display in which their participants count.
    """

    key: str
    cells: dict[str, dict[str, Cell]]
    book: RecordBook

    def id_of(self, column: str) -> str:
        """Return the id of a column, which is that of the whole grid where the page does not show it."""
        return f"{self.key}.c{list(self.cells).index(column)}" if self.is_small and column in self.cells else self.id

    @property
    def id(self) -> str:
        """Id of the whole grid."""
        return f"{self.key}.r"

    def opens(self, cell: Cell, column: str, group: str, *kinds: str) -> Cell:
        """Return a count that opens its values; ``kinds`` are the ways of counting to try, in order."""
        if not cell.keys or not self.is_small:
            return cell
        behind = {participant_of(key) for key in cell.keys}
        found = [kind for kind in kinds if self._members(column, group, kind) == behind]
        return replace(cell, link=self.id_of(column), counts=found[0]) if found else replace(cell, link=self.id)

    @property
    def is_small(self) -> bool:
        """Whether the values fit on the page."""
        return sum(map(len, self.cells.values())) <= MOST_VALUES

    def records(self) -> Records | None:
        """Return the values as they stand at the end of the display, None where there are none."""
        people = sorted({name for column in self.cells.values() for name in column})
        if not people:
            return None
        if not self.is_small:
            return Records("Values of every participant", _LARGE, (), ())
        columns = tuple(Column(label, id=self.id_of(label)) for label in self.cells)
        members = []
        for arm, groups in self.book.groups.items():
            own = [name for name in people if self.book.arms[name] == arm]
            rows = tuple(Row(name, tuple(column.get(name, "") for column in self.cells.values())) for name in own)
            members += [RecordGroup(arm, groups, rows)] if rows else []
        table = RecordTable(columns, tuple(members), stub="Participant")
        return Records("Values of every participant", _RULE, (), (table,))

    def _members(self, column: str, group: str, kind: str) -> set[str]:
        baseline = next(iter(self.cells.values()))
        return {
            name
            for name, value in self.cells.get(column, {}).items()
            if group in self.book.groups[self.book.arms[name]] and _COUNTS[kind](value, name in baseline)
        }


def grid_of(key: str, values: pd.DataFrame, columns: Sequence[str], book: RecordBook) -> Grid:
    """Return the grid of one parameter.

    Parameters
    ----------
    key : str
        Id of the display.
    values : frame
        USUBJID, COLUMN and TEXT, one row a value; several values of a participant in a column stand side by side.
        IS_BELOW (bool) tells values below the limit of quantification; without it none is.
    columns : sequence of str
        The columns in order.
    book : RecordBook
        Participants of the report.
    """
    known: dict[str, dict[str, Cell]] = {column: {} for column in columns}
    is_below = values["IS_BELOW"].tolist() if "IS_BELOW" in values else [False] * len(values)
    parts = (values[name].tolist() for name in ("USUBJID", "COLUMN", "TEXT"))
    for name, column, text, below in zip(*parts, is_below, strict=True):
        own = known.get(column)
        if own is not None:
            value = Cell(text, below="all" if below else "")
            own[name] = _beside(own[name], value) if name in own else value
    return Grid(key, known, book)


def _beside(first: Cell, second: Cell) -> Cell:
    """Return two values of a participant in a column as one."""
    both = (first.below, second.below)
    below = "all" if both == ("all", "all") else "some" if any(both) else ""
    return Cell(f"{first.text}; {second.text}", below=below)


def with_defaults(columns: Sequence[Column], rows: Sequence[Row]) -> tuple[tuple[Column, ...], tuple[Row, ...]]:
    """Return columns of counts that say once how they open, and rows whose cells no longer do.

    A cell keeps its own link where it differs from what its row and column say.

    Parameters
    ----------
    columns : sequence of Column
        Those with ``counts`` hold counts of values.
    rows : sequence of Row
        Rows, or the headings above them, with the ``grid`` column that their counts point to.
    """
    shown: list[Row] = []
    grid = ""
    for row in rows:
        grid = row.grid or ("" if row.is_head else grid)
        target = row.grid or grid
        cells = tuple(_plain(cell, column, target) for cell, column in zip(row.cells, columns, strict=False))
        shown.append(replace(row, cells=cells))
    return tuple(columns), tuple(shown)


def _plain(cell: CellLike, column: Column, target: str) -> CellLike:
    if isinstance(cell, Cell) and target and (cell.link, cell.counts) == (target, column.counts):
        return replace(cell, link="", counts="")
    return cell


def visit_values(book: RecordBook, parameter: str, population: str) -> pd.DataFrame:
    """Return USUBJID, COLUMN (analysis visit) and TEXT of the values that represent participants at visits.

    Parameters
    ----------
    book : RecordBook
        Findings or endpoints.
    parameter : str
        PARAMCD.
    population : str
        ``Safety``, or the flag of ADSL that says who counts.
    """
    flag = book.participants["SAFFL" if population == "Safety" else population]
    members = book.participants.loc[flag.eq("Y"), "USUBJID"]
    bds = book.findings[book.findings["PARAMCD"].eq(parameter) & book.findings["USUBJID"].isin(members)]
    shown = bds[bds["ANL01FL"].eq("Y") & bds["AVAL"].notna() & bds["AVISIT"].notna()]
    is_carried = (shown["DTYPE"].eq("LOCF") if "DTYPE" in shown else shown["ANL01FL"].ne("Y")).tolist()
    texts = [
        fixed(value, int(decimals)) + (_CARRIED if carried else "")
        for value, decimals, carried in zip(shown["AVAL"], shown["DECIMALS"], is_carried, strict=True)
    ]
    return pd.DataFrame({"USUBJID": shown["USUBJID"], "COLUMN": shown["AVISIT"], "TEXT": texts})
