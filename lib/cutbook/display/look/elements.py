"""What a table is made of: marks, cells, columns, rows, and the records behind its counts."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Mark:
    """How a cell or row differs from the previous cut.

    Attributes
    ----------
    kind : str
        ``up`` or ``down`` (a count moved), ``moved`` (another statistic did), ``joined`` (a pooled count did, with an
        arm that is new), ``quiet`` (only its previous value is told, on demand), ``new`` (not in the previous cut),
        ``changed`` or ``withdrawn`` (records of a listing).
    text : str
        The mark as shown: ``▲2``.
    was : str
        Text of the whole cell at the previous cut, empty when there was none.
    """

    kind: str
    text: str
    was: str = ""


@dataclass(frozen=True)
class Cell:
    """A statistic as shown.

    Attributes
    ----------
    text : str
        The number in words.
    mark : Mark or None
        Its change since the previous cut.
    keys : tuple of str
        Records behind a count.
    link : str
        Id of what opens: an entry of the records behind the counts, or a column of everybody's values.
    counts : str
        What it counts there: a way of counting values (see :class:`Column`), or ``all`` records of an entry, whatever
        the group; empty: the records of an entry in the group of the cell.
    id : str
        Id that a sentence can point to.
    old : str
        Value of a listing's field at the previous cut.
    is_estimable : bool
        False where a statistic could not be estimated or was not calculated, so that its text is no value.
    is_share : bool
        What follows its number is its share of the N in the heading of its column, and the events.
    below : str
        Which of the values that a cell of a grid holds are below the limit of quantification: ``all``, ``some``, or
        none (empty).
    """

    text: str
    mark: Mark | None = None
    keys: tuple[str, ...] = ()
    link: str = ""
    counts: str = ""
    id: str = ""
    old: str = ""
    is_estimable: bool = True
    is_share: bool = False
    below: str = ""

    def __str__(self) -> str:
        """Return the text."""
        return self.text


@dataclass(frozen=True)
class Share(Cell):
    """A count with its share as a bar.

    Attributes
    ----------
    steps : int
        Length of the bar, 20 for everybody.
    upper : str
        Beside a 0: the upper limit of the share.
    is_raised : bool
        The share is shaded.
    colour : str
        Class of the colour of the bar.
    """

    steps: int = 0
    upper: str = ""
    is_raised: bool = False
    colour: str = ""


@dataclass(frozen=True)
class Column:
    """One column of a table.

    Attributes
    ----------
    label, note : str
        Heading, and its second line (``N = 12``).
    is_number, is_verbatim : bool
        Cells are numbers; cells are text as collected.
    mark : Mark or None
        Change of the note since the previous cut.
    id : str
        Id that a count can point to.
    counts : str
        Its cells count values of a grid, and which of them: ``all``, ``change`` (those with a value at baseline),
        ``blq`` (below the limit of quantification), ``value`` (not below it). Empty: they count no values.
    code : str
        Arm or pooled arms that its cells are about.
    role : str
        What a script must know of it: ``count`` (the heading only says that its cells count), ``displays`` (its cells
        lead to displays and are no facts about the record).
    abbr : str
        Its label in a few letters, where no more fit.
    size : str
        How many participants its cells are about.
    spanner : str
        Heading above it and its neighbours that have the same: the drug above its doses.
    """

    label: str
    note: str = ""
    is_number: bool = True
    is_verbatim: bool = False
    mark: Mark | None = None
    id: str = ""
    counts: str = ""
    code: str = ""
    role: str = ""
    abbr: str = ""
    size: str = ""
    spanner: str = ""

    @property
    def has_place(self) -> bool:
        """Whether what follows the first number of its cells has a place of its own: columns of arms are alike."""
        return self.is_number and bool(self.code)

    @property
    def words(self) -> str:
        """Its label with what stands above it."""
        return " ".join(filter(None, (self.spanner, self.label)))


@dataclass(frozen=True)
class Sparkline:
    """A count over all cuts, as a small line with its last point, and in words."""

    points: str
    last: tuple[str, str]
    words: str


@dataclass(frozen=True)
class Links:
    """Several places of the page, each with its words."""

    targets: tuple[tuple[str, str], ...]


CellLike = str | Cell | Sparkline | Links
"""What a cell can hold."""


@dataclass(frozen=True)
class Row:
    """One row of a table.

    Attributes
    ----------
    label : str
        Heading of the row.
    cells : tuple
        Without the heading.
    level : int
        Indentation.
    is_head : bool
        Heads the rows below; has no cells.
    mark : Mark or None
        Change of the whole row since the previous cut.
    group : str
        Code of the arm or pooled arms that the row is about.
    id, anchor : str
        Id of the row, and of its heading.
    status : str
        Of a record since the previous cut: ``new``, ``changed``, ``withdrawn`` or empty.
    grid : str
        Id of the grid column that the counts of this row, or of the rows below it, point to.
    is_rare : bool
        Shown closed, below the others.
    """

    label: str
    cells: tuple[CellLike, ...] = ()
    level: int = 0
    is_head: bool = False
    mark: Mark | None = None
    group: str = ""
    id: str = ""
    anchor: str = ""
    status: str = ""
    grid: str = ""
    is_rare: bool = False

    @property
    def classes(self) -> str:
        """Classes of the row."""
        return " ".join(filter(None, (f"level-{self.level}" if self.level else "", self.status)))


@dataclass(frozen=True)
class Entry:
    """Which records stand behind the counts of one row: ``3, 7–9, 12``."""

    id: str
    label: str
    numbers: str


@dataclass(frozen=True)
class RecordGroup:
    """Records of the participants of one arm, and the codes of the columns in which they count."""

    label: str
    groups: tuple[str, ...]
    rows: tuple[Row, ...]


@dataclass(frozen=True)
class RecordTable:
    """Records of one kind.

    Attributes
    ----------
    columns, groups, stub : tuple of Column, tuple of RecordGroup, str
        Columns, rows by arm, and the heading of the first column.
    name : str
        What scripts know it by: a class of the table.
    """

    columns: tuple[Column, ...]
    groups: tuple[RecordGroup, ...]
    stub: str = "No."
    name: str = ""

    @property
    def is_verbatim(self) -> bool:
        """Whether its records hold text as collected."""
        return any(column.is_verbatim for column in self.columns)


@dataclass(frozen=True)
class Records:
    """What opens behind the counts of a table.

    Attributes
    ----------
    summary : str
        The words that open it.
    rule : str
        What is in it, and what is not.
    entries : tuple of Entry
        By row of the table; none when the columns of a grid are what counts point to.
    tables : tuple of RecordTable
        The records.
    """

    summary: str
    rule: str
    entries: tuple[Entry, ...]
    tables: tuple[RecordTable, ...] = ()
