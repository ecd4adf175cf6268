"""What a display is: a frozen table, listing, figure or list of sentences that knows its HTML."""

from __future__ import annotations

import base64
from dataclasses import dataclass, field
from functools import cache

from jinja2 import Environment, PackageLoader, StrictUndefined, Template


@dataclass(frozen=True)
class Column:
    """One column: its heading, a second line (``N = 12``), and what its cells hold."""

    label: str
    note: str = ""
    is_number: bool = True
    is_verbatim: bool = False


@dataclass(frozen=True)
class Row:
    """One row: its label, its cells, how far it is indented, and whether it heads the rows below."""

    label: str
    cells: tuple[str, ...] = ()
    level: int = 0
    is_head: bool = False


@dataclass(frozen=True)
class Table:
    """A table of results, or a listing of records, in the four-part frame.

    Attributes
    ----------
    key : str
        Id within the report, for example ``T-D5`` or ``L-D9-deaths``.
    title, population : str
        What is shown, for whom (``Safety population: ..., N = 48``).
    stub : str
        Heading of the row labels.
    columns, rows : tuple
        Without the stub column.
    footnotes : tuple of str
        Definitions, rules, abbreviations.
    source : str
        Dataset, cut and results file.
    empty : str
        The sentence that stands instead when there are no rows.
    is_folded : bool
        Shown closed, with the title to open it.
    """

    key: str
    title: str
    population: str
    stub: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    footnotes: tuple[str, ...] = ()
    source: str = ""
    empty: str = "No records by the cut-off."
    is_folded: bool = False

    @property
    def is_listing(self) -> bool:
        """Whether the rows are records rather than statistics."""
        return self.key.startswith("L-")

    def _repr_html_(self) -> str:
        return _template("table.html.j2").render(table=self)


@dataclass(frozen=True)
class Figure:
    """A figure in the four-part frame: picture, and a text that says what it shows to those who cannot see it."""

    key: str
    title: str
    population: str
    image: bytes
    mime: str
    alt: str
    footnotes: tuple[str, ...] = ()
    source: str = ""
    empty: str = "No data by the cut-off."

    @property
    def data_uri(self) -> str:
        """The picture as a data URI."""
        return f"data:{self.mime};base64,{base64.b64encode(self.image).decode('ascii')}"

    def _repr_html_(self) -> str:
        return _template("figure.html.j2").render(figure=self)


@dataclass(frozen=True)
class Displays:
    """Several displays shown one below the other."""

    members: tuple[Table | Figure, ...]
    empty: str = "No data by the cut-off."

    def _repr_html_(self) -> str:
        return _template("displays.html.j2").render(displays=self)


@dataclass(frozen=True)
class Sentence:
    """One computed sentence and the id of the display that holds its number."""

    text: str
    link: str


@dataclass(frozen=True)
class Headline:
    """The first sentences of a report."""

    sentences: tuple[Sentence, ...]

    def _repr_html_(self) -> str:
        return _template("headline.html.j2").render(headline=self)


@dataclass(frozen=True)
class Stamps:
    """Names and values in two columns: the banner's dates, or the closing manifest."""

    kind: str
    title: str
    pairs: tuple[tuple[str, str], ...]
    statements: tuple[str, ...] = field(default_factory=tuple)
    report: str = ""

    def _repr_html_(self) -> str:
        return _template(f"{self.kind}.html.j2").render(stamps=self)


@cache
def _template(name: str) -> Template:
    loader = PackageLoader("cutbook.display")
    environment = Environment(
        loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    return environment.get_template(name)
