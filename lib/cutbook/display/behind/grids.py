"""Everybody's values by visit: what opens behind the counts of a table by visit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import pandas as pd

from cutbook.display.behind.records import RecordBook
from cutbook.display.look.collected import collected
from cutbook.display.look.elements import Cell, Column, Records, RecordTable, Row
from cutbook.display.look.numbers import fixed

MOST_VALUES = 6000
"""Values that a grid holds at most; beyond it, counts point to the records file beside the report."""

_CARRIED = " c"
_BELOW = "BLQ"
_LONGEST = 8
"""Signs of a value as reported; a longer one is shown with two significant figures fewer than that."""

_RULE = (
    "Every count opens its values. An empty cell: no value; c: carried forward. All of them are in the records file "
    "beside the report."
)
_LARGE = "The values of so many participants are not on this page; they are in the records file beside the report."


@dataclass(frozen=True)
class Grid:
    """Values of one parameter: participants by column.

    Attributes
    ----------
    key : str
        Id of the display.
    columns : dict of str to str
        Words by code of the column; the first one is the baseline of a change.
    cells : dict
        The value by column and participant.
    book : RecordBook
        Arms, and the columns or rows of the display in which their participants count.
    """

    key: str
    columns: dict[str, str]
    cells: dict[str, dict[str, Cell]]
    book: RecordBook

    def id_of(self, column: str) -> str:
        """Return the id of a column; that of the whole grid where the page does not show it, none without values."""
        if not any(self.cells.values()):
            return ""
        shown = list(self.columns)
        return f"{self.key}.c{shown.index(column)}" if self.is_small and column in shown else f"{self.key}.r"

    def opens(self, cell: Cell, column: str, counts: str, told: str = "") -> Cell:
        """Return a count that opens the values of a column that it counted; the whole grid where it counted others.

        A cell has no link of its own where it counted what its row and its column of the table say (``told``).
        """
        if not cell.keys or not self.is_small:
            return cell
        if not counts or column not in self.columns:
            return replace(cell, link=f"{self.key}.r")
        return cell if counts == told else replace(cell, link=self.id_of(column), counts=counts)

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
            return Records("Values of every participant", _LARGE, ())
        columns = tuple(Column(collected(words), id=self.id_of(code)) for code, words in self.columns.items())
        columns_of_values = self.cells.values()
        rows = [(name, Row(collected(name), tuple(own.get(name, "") for own in columns_of_values))) for name in people]
        table = RecordTable(columns, self.book.by_arm(rows), stub="Participant")
        return Records("Values of every participant", _RULE, (), (table,))


def grid_of(key: str, values: pd.DataFrame, book: RecordBook, first: Sequence[tuple[str, str]] = ()) -> Grid:
    """Return the grid of one parameter.

    Parameters
    ----------
    key : str
        Id of the display.
    values : frame
        One row a value: USUBJID, COLUMN, WORDS, and what makes its text (see `cutbook.catalogue.kinds.layers.ByVisit`);
        columns stand in the order of the rows, several values of a participant in one side by side.
    book : RecordBook
        Participants of the report.
    first : sequence of (str, str)
        Code and words of columns that stand first, whether they have a value or not.
    """
    columns = dict([*first, *zip(values["COLUMN"], values["WORDS"], strict=True)])
    known: dict[str, dict[str, Cell]] = {column: {} for column in columns}
    is_below = (values["IS_BLQ"] if "IS_BLQ" in values else pd.Series(False, index=values.index)).tolist()
    parts = zip(values["USUBJID"], values["COLUMN"], _texts(values), is_below, strict=True)
    for name, column, text, below in parts:
        value, own = Cell(text, below="all" if below else ""), known[column]
        own[name] = _beside(own[name], value) if name in own else value
    return Grid(key, columns, known, book)


def _texts(values: pd.DataFrame) -> list[str]:
    if "TEXT" in values:
        reported, measured = values["TEXT"].astype("str"), values["MEASURED"]
        is_long = reported.str.len().gt(_LONGEST) & measured.notna()
        short = measured.map(f"{{:.{_LONGEST - 2}g}}".format, na_action="ignore").astype("str")
        return [collected(text) for text in reported.mask(is_long, short).mask(values["IS_BLQ"], _BELOW)]
    decimals = values["TEXT_DECIMALS"] if "TEXT_DECIMALS" in values else values["decimals"]
    parts = zip(values["VALUE"], decimals, values["IS_CARRIED"], strict=True)
    return [fixed(value, int(places)) + (_CARRIED if is_carried else "") for value, places, is_carried in parts]


def _beside(first: Cell, second: Cell) -> Cell:
    """Return two values of a participant in a column as one."""
    both = (first.below, second.below)
    below = "all" if both == ("all", "all") else "some" if any(both) else ""
    return Cell(f"{first.text}; {second.text}", below=below)
