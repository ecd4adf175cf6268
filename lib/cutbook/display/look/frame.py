"""What a display is: a frozen table, listing, figure or list of sentences that knows its HTML."""

from __future__ import annotations

import base64
import re
from dataclasses import KW_ONLY, dataclass
from itertools import groupby
from operator import attrgetter
from pathlib import Path
from urllib.parse import quote

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from cutbook.display.look.align import padding, parted, width
from cutbook.display.look.attributes import anchor, bare
from cutbook.display.look.collected import with_elements
from cutbook.display.look.elements import Cell, Column, Mark, Records, RecordTable, Row
from cutbook.page_script import displays_script

_ROOM = Path(__file__).parents[1]
_TEMPLATES = FileSystemLoader(_ROOM / "templates")
_EMPTY_LINES = re.compile(r"\n\s*\n")
_MARK_WIDTH = 3
_NEW = Mark("new", "new")


class Shown:
    """A display by its title alone where only text can be shown: its pictures and records would fill a notebook."""

    def __repr__(self) -> str:
        """Return kind and title."""
        title = getattr(self, "title", "")
        return f"<{type(self).__name__}{': ' + title if title else ''}>"

    def _repr_html_(self) -> str:
        name = type(self).__name__.lower()
        return _html(name, **{name: self})


@dataclass(frozen=True, repr=False)
class _Framed(Shown):
    """The four-part frame of a table, listing or figure.

    Attributes
    ----------
    key : str
        Id within the report, for example ``T-D5`` or ``L-D9-deaths``.
    title, population : str
        What is shown, for whom (``Safety population: ..., N = 48``).
    footnotes : tuple of str
        Definitions, rules, abbreviations.
    source : str
        Dataset, cut and results file.
    empty : str
        The sentence that stands instead when there is nothing to show.
    is_folded : bool
        Whether it is shown closed, with the title to open it.
    """

    key: str
    title: str
    population: str
    _: KW_ONLY
    footnotes: tuple[str, ...] = ()
    source: str = ""
    empty: str = "No records by the cut-off."
    is_folded: bool = False


@dataclass(frozen=True, repr=False)
class Table(_Framed):
    """A table of results, or a listing of records.

    Attributes
    ----------
    stub : str
        Heading of the row labels.
    columns, rows : tuple
        Without the stub column.
    records : Records or None
        What opens behind its counts.
    is_about_people : bool
        Each row is about a participant, whose name is its label.
    brief : Table or None
        What a reader needs of it, shown in its place; it stands closed below that.
    fold : str
        The words that open what is closed: the whole table below a brief one, or the rare rows of a brief one.
    """

    stub: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    records: Records | None = None
    is_about_people: bool = False
    brief: Table | None = None
    fold: str = ""

    @property
    def is_listing(self) -> bool:
        """Whether the rows are records rather than statistics."""
        return self.key.startswith("L-")

    @property
    def is_marked(self) -> bool:
        """Whether a cell, a row or a heading carries a change since the previous cut that is seen unasked."""
        return self._is_seen or any(row.mark or row.status for row in self.rows)

    @property
    def has_arrows(self) -> bool:
        """Whether its marks need a legend: those of records explain themselves."""
        return not self.is_listing and (self._is_seen or any(row.mark == _NEW for row in self.rows))

    @property
    def _is_seen(self) -> bool:
        return any(mark.kind != "quiet" for mark in self._marks)

    @property
    def classes(self) -> str:
        """Classes of the table element; a mark may be longer than the place that marks have: ▲131."""
        names = {
            "listing" if self.is_listing else "stat": True,
            "marked": self.is_marked,
            "visits": any(column.counts for column in self.columns),
            "long-marks": any(len(mark.text) > _MARK_WIDTH for mark in self._marks),
            "spanned": bool(self.spanned),
            f"t{self.tail}": self.tail > 0,
        }
        return " ".join(name for name, is_there in names.items() if is_there)

    @property
    def beside(self) -> str:
        """Kind of a table that may lie beside a page without room for it: visits, folded or listings; else empty."""
        if not self.is_folded:
            return ""
        if self.is_listing:
            return "listings"
        return "visits" if any(column.counts for column in self.columns) else "folded"

    @property
    def _marks(self) -> list[Mark]:
        """Marks of the cells and columns."""
        cells = [cell for row in self.rows for cell in row.cells if isinstance(cell, Cell)]
        return [mark for mark in (*(cell.mark for cell in cells), *(one.mark for one in self.columns)) if mark]

    @property
    def kinds(self) -> list[Markup]:
        """Class attribute of the cells by column: numbers are the rule in a table of statistics."""
        number = Markup(" class=num") if self.is_listing else Markup("")
        text = Markup("") if self.is_listing else Markup(" class=txt")
        verbatim = Markup(" class=verbatim")
        return [number if one.is_number else verbatim if one.is_verbatim else text for one in self.columns]

    def blanks(self) -> list[list[str]]:
        """Return the blanks after the texts of the cells, row by row, with which numbers of a column align.

        Between two headings numbers of a column end below each other; what stands in a place of its own needs none.
        """
        found: list[list[str]] = []
        for _, rows in groupby(self.rows, key=attrgetter("is_head")):
            found += _blanks_of([[str(cell) for cell in row.cells] for row in rows], self.columns)
        return found

    @property
    def tail(self) -> int:
        """How wide the place is that its columns of arms have for what follows the first number of a cell."""
        cells = [(cell, one) for row in self.rows for cell, one in zip(row.cells, self.columns, strict=False)]
        texts = [str(cell) for cell, one in cells if one.has_place]
        return max((width(parted(text)[1]) for text in texts), default=0)

    @property
    def spanned(self) -> list[tuple[str, list[Column]]]:
        """Its columns by what stands above them; empty where no column has anything above."""
        if not any(column.spanner for column in self.columns):
            return []
        return [(words, list(own)) for words, own in groupby(self.columns, key=attrgetter("spanner"))]


@dataclass(frozen=True, repr=False)
class RecordListing(_Framed):
    """Records of one kind, to which the counts of the page point; shown closed.

    Attributes
    ----------
    table : RecordTable
        The records.
    courses : tuple of RecordTable
        Doses, events and values of every participant with their days, shown closed below.
    """

    table: RecordTable
    courses: tuple[RecordTable, ...] = ()


@dataclass(frozen=True, repr=False)
class Figure(_Framed):
    """A figure: its panels, a text that says what it shows to those who cannot see it, and what is drawn, as CSV.

    Attributes
    ----------
    image : bytes
        The panels as one PNG: shown where there are too many marks to draw, and taken by mails and as a file.
    drawings : tuple of Markup
        Small panels as inline drawings, side by side.
    wide, narrow : tuple of Markup
        A panel above them over the whole width, and the one that stands in its place on a narrow screen.
    folded, fold : tuple of Markup, str
        Panels that are shown closed, and the words that open them.
    alt, data : str
        What it shows in words; what is drawn, as CSV.
    """

    image: bytes = b""
    alt: str = ""
    data: str = ""
    drawings: tuple[Markup, ...] = ()
    wide: tuple[Markup, ...] = ()
    narrow: tuple[Markup, ...] = ()
    folded: tuple[Markup, ...] = ()
    fold: str = ""

    @property
    def download(self) -> str:
        """Address of the data that are drawn, as CSV in the page itself."""
        return "data:text/csv;charset=utf-8," + quote(self.data, safe=" ,()|:;+~!*")

    @property
    def data_uri(self) -> str:
        """The picture, a PNG, as a data URI."""
        return f"data:image/png;base64,{base64.b64encode(self.image).decode('ascii')}"


@dataclass(frozen=True, repr=False)
class Displays(Shown):
    """Several displays shown one below the other, or the sentence in their place; ``is_withheld``: from its class."""

    members: tuple[Table | Figure, ...]
    empty: str
    is_withheld: bool = False


@dataclass(frozen=True)
class Sentence:
    """One computed sentence, the id of the cell that holds its number, and how that moved since the previous cut.

    Attributes
    ----------
    text, link : str
        As it stands after its lead, and where its numbers stand.
    change : str
        How they moved.
    is_verbatim : bool
        It holds collected text, in which any word may stand.
    lead : str
        What it says in a few words, which stand before the text and stand out.
    kind : str
        ``death``, ``serious``, ``limit`` (a watched limit), ``estimate``, ``excess`` (over the control), ``oddity``, or
        ``rest``: what is told first.
    is_new : bool
        It says what the previous cut did not know.
    excess : float
        By how many percentage points the arm with the most lies above the control.
    detail : str
        What stands behind it on the page alone, never in a headline or mail: it may name participants.
    brief, finding : str
        As it stands among others in a subject, ``2 deaths``, and in a title, ``two deaths``; empty: in none.
    """

    text: str
    link: str
    change: str = ""
    is_verbatim: bool = False
    lead: str = ""
    kind: str = "rest"
    is_new: bool = False
    excess: float = 0.0
    detail: str = ""
    brief: str = ""
    finding: str = ""


@dataclass(frozen=True, repr=False)
class Stamps(Shown):
    """Names and values in two columns: the banner's dates, or the closing manifest."""

    kind: str
    title: str
    pairs: tuple[tuple[str, str], ...]
    statements: tuple[str, ...] = ()
    report: str = ""
    live: str = ""

    def _repr_html_(self) -> str:
        return _html(self.kind, stamps=self)


def assets() -> str:
    """Return the style and the script of the displays as HTML, for a notebook that shows them outside a page."""
    style = _ROOM.joinpath("assets", "displays.css").read_text(encoding="utf-8")
    return f"<style>{style}</style><script>{displays_script()}</script>"


def _blanks_of(rows: list[list[str]], columns: tuple[Column, ...]) -> list[list[str]]:
    found = [
        padding(texts) if column.is_number and not column.has_place else [""] * len(texts)
        for column, texts in zip(columns, zip(*rows, strict=True), strict=False)
    ]
    return [list(blanks) for blanks in zip(*found, strict=True)] if found else rows


_ENVIRONMENT = Environment(
    loader=_TEMPLATES, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
)
_ENVIRONMENT.filters |= {"anchor": anchor, "bare": bare, "parted": parted}


def _html(name: str, **parts: object) -> str:
    """Return a filled template without its empty lines."""
    return with_elements(_EMPTY_LINES.sub("\n", _ENVIRONMENT.get_template(f"{name}.html.j2").render(**parts)))
