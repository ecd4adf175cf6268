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
from markupsafe import Markup, escape

from cutbook.display.look.align import aligned, padding_after, without_padding
from cutbook.display.look.elements import Cell, Column, Mark, Records, RecordTable, Row
from cutbook.page_script import displays_script

_ROOM = Path(__file__).parents[1]
_TEMPLATES = FileSystemLoader(_ROOM / "templates")
_EMPTY_LINES = re.compile(r"\n\s*\n")
_MARK_WIDTH = 3
_BARE = re.compile(r"[A-Za-z0-9_.:|-]+")
_NOT_IN_ID = re.compile(r"[^A-Za-z0-9.-]")


class _Shown:
    """A display by its title alone where only text can be shown: its pictures and records would fill a notebook."""

    def __repr__(self) -> str:
        title = getattr(self, "title", "")
        return f"<{type(self).__name__}{': ' + title if title else ''}>"

    def _repr_html_(self) -> str:
        name = type(self).__name__.lower()
        return _html(name, **{name: self})


@dataclass(frozen=True, repr=False)
class _Framed(_Shown):
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
    """

    key: str
    title: str
    population: str
    _: KW_ONLY
    footnotes: tuple[str, ...] = ()
    source: str = ""
    empty: str = "No records by the cut-off."


@dataclass(frozen=True, repr=False)
class Table(_Framed):
    """A table of results, or a listing of records.

    Attributes
    ----------
    stub : str
        Heading of the row labels.
    columns, rows : tuple
        Without the stub column.
    is_folded : bool
        Shown closed, with the title to open it.
    records : Records or None
        What opens behind its counts.
    is_about_people : bool
        Each row is about a participant, whose name is its label.
    """

    stub: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    is_folded: bool = False
    records: Records | None = None
    is_about_people: bool = False

    @property
    def is_listing(self) -> bool:
        """Whether the rows are records rather than statistics."""
        return self.key.startswith("L-")

    @property
    def is_marked(self) -> bool:
        """Whether a cell, a row or a heading carries a change since the previous cut."""
        return bool(self._marks) or any(row.mark or row.status for row in self.rows)

    @property
    def classes(self) -> str:
        """Classes of the table element; a mark may be longer than the place that marks have: ▲131."""
        names = {
            "listing" if self.is_listing else "stat": True,
            "marked": self.is_marked,
            "visits": any(column.counts for column in self.columns),
            "long-marks": any(len(mark.text) > _MARK_WIDTH for mark in self._marks),
        }
        return " ".join(name for name, is_there in names.items() if is_there)

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

    def aligned_texts(self) -> list[list[str]]:
        """Return the texts of the cells, row by row, numbers padded to stand below each other between two headings."""
        texts: list[list[str]] = []
        for _, rows in groupby(self.rows, key=attrgetter("is_head")):
            texts += _aligned_block([[str(cell) for cell in row.cells] for row in rows], self.columns)
        return texts


@dataclass(frozen=True, repr=False)
class RecordListing(_Framed):
    """Records of one kind, to which the counts of the page point; shown closed."""

    table: RecordTable


@dataclass(frozen=True, repr=False)
class Figure(_Framed):
    """A figure: picture, a text that says what it shows to those who cannot see it, and what is drawn, as CSV."""

    image: bytes = b""
    alt: str = ""
    data: str = ""

    @property
    def download(self) -> str:
        """Address of the data that are drawn, as CSV in the page itself."""
        return "data:text/csv;charset=utf-8," + quote(self.data, safe=" ,()|:;+~!*")

    @property
    def data_uri(self) -> str:
        """The picture, a PNG, as a data URI."""
        return f"data:image/png;base64,{base64.b64encode(self.image).decode('ascii')}"


@dataclass(frozen=True, repr=False)
class Displays(_Shown):
    """Several displays shown one below the other."""

    members: tuple[Table | Figure, ...]
    empty: str


@dataclass(frozen=True)
class Sentence:
    """One computed sentence, the id of the cell that holds its number, and how that moved since the previous cut.

    A verbatim one holds collected text, in which any word may stand.
    """

    text: str
    link: str
    change: str = ""
    is_verbatim: bool = False


@dataclass(frozen=True, repr=False)
class Headline(_Shown):
    """The first sentences of a report."""

    sentences: tuple[Sentence, ...]


@dataclass(frozen=True, repr=False)
class Stamps(_Shown):
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


def _aligned_block(rows: list[list[str]], columns: tuple[Column, ...]) -> list[list[str]]:
    padded = [
        aligned(texts) if column.is_number else list(texts)
        for column, texts in zip(columns, zip(*rows, strict=True), strict=False)
    ]
    return [list(texts) for texts in zip(*padded, strict=True)] if padded else rows


def bare(value: str) -> Markup:
    """Return the value of an attribute, in quotes only where it needs them, for thousands of rows have one.

    Examples
    --------
    >>> print(bare("TOF20|TOTAL"), bare('20 mg "x"'), bare(""))
    TOF20|TOTAL "20 mg &#34;x&#34;" ""
    """
    text = escape(value)
    return text if _BARE.fullmatch(value) else Markup('"{}"').format(text)


def anchor(name: str) -> str:
    """Return a participant's name as part of an id: other signs than letters, digits, ``.``, ``-`` by their number.

    Examples
    --------
    >>> anchor("01-701-1015"), anchor("A B")
    ('01-701-1015', 'A_20.B')
    """
    return _NOT_IN_ID.sub(lambda found: f"_{ord(found[0]):x}.", name)


_ENVIRONMENT = Environment(
    loader=_TEMPLATES, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
)
_ENVIRONMENT.filters |= {"anchor": anchor, "bare": bare, "core": without_padding, "tail": padding_after}


def _html(name: str, **parts: object) -> str:
    """Return a filled template without its empty lines."""
    return _EMPTY_LINES.sub("\n", _ENVIRONMENT.get_template(f"{name}.html.j2").render(**parts))
