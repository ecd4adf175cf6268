"""What every page is made on: the templates, the style, the content security policy and the printed margins.

The style also holds what the cells of a table say on a narrow screen, where no heading stands above them: the words of
their columns, once for all tables whose columns have the same. So a phone shows every column without a script.
"""

from __future__ import annotations

import base64
import hashlib
import re
from functools import cache
from html.parser import HTMLParser
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from cutbook.page_script import displays_script, report_script
from cutbook.report.page.facts import Strip
from cutbook.words import without_isolates

TEMPLATES = Path(__file__).parent / "template"
# Read by path: importing the displays would load matplotlib into the runner, which makes index pages without it.
_DISPLAYS = Path(__file__).parents[2] / "display" / "assets"
_COMMENT_LINES = re.compile(r"^\s*/\*(?:[^*]|\*(?!/))*\*/\s*$", re.MULTILINE)
_CSS_STRING_SAFE = re.compile(r"[^A-Za-z0-9 ._-]")
_TABLE = re.compile(r'<table class="([^"]*)">(\s*<thead>.*?</thead>)', re.DOTALL)
_MOST = 16
"""Columns whose words displays.css fetches; the style of the page fetches those of further ones."""
"""Columns that have their words; the style sheet names as many."""


@cache
def page_templates() -> Environment:
    """Return the templates of pages; what they are given is escaped."""
    loader = FileSystemLoader(TEMPLATES)
    return Environment(loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)


def page_style() -> str:
    """Return the style that all pages share: that of displays, then that of the page around them."""
    return _dense((_DISPLAYS / "displays.css").read_text(encoding="utf-8")) + "\n" + asset("page.css")


def page_script() -> str:
    """Return the script of a report: that of displays, then that of the page around them."""
    return _dense(displays_script()) + "\n" + _dense(report_script())


@cache
def asset(name: str) -> str:
    """Return a style sheet of the package, without comment lines and the white space that begins lines."""
    return _dense((TEMPLATES / name).read_text(encoding="utf-8"))


@cache
def _dense(text: str) -> str:
    return re.sub(r"\n\s*", "\n", _COMMENT_LINES.sub("", text)).strip()


def content_policy(style: str, script: str) -> str:
    """Return the content security policy: nothing from anywhere, except this style, this script and inline images."""
    return (
        "default-src 'none'; img-src data:; "
        f"style-src '{_digest(style)}'; script-src '{_digest(script)}'; base-uri 'none'; form-action 'none'"
    )


def print_style(facts: Strip) -> str:
    """Return the style of the printed margins: class, status, place, dates and page number on every sheet."""
    margins = {
        "top-left": css_string(" · ".join(facts.marks).upper()),
        "top-right": css_string(facts.place),
        "bottom-left": css_string(facts.dates),
    }
    boxes = "".join(f"@{where}{{content:{text}}}" for where, text in margins.items())
    return f'@page{{{boxes}@bottom-right{{content:"Page " counter(page) " of " counter(pages)}}}}'


def _digest(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode("ascii")


def css_string(text: str) -> str:
    """Return a text as a string of a style sheet, every sign that could mean something there by its number."""
    return '"' + _CSS_STRING_SAFE.sub(lambda found: f"\\{ord(found[0]):x} ", text) + '"'


def with_words(body: str) -> tuple[str, str]:
    """Return a body whose tables name the words of their columns, and the style that holds them.

    The words of a column are its ``abbr``, else its heading; where it states the number of its participants
    (``data-n``), that follows a share.
    """
    known: dict[tuple[tuple[str, str], ...], str] = {}

    def name(found: re.Match[str]) -> str:
        columns = _columns(found[2])
        if not columns:
            return found[0]
        own = known.setdefault(tuple(columns), f"k{len(known)}")
        return f'<table class="{found[1]} {own}">{found[2]}'

    named = _TABLE.sub(name, body)
    further = range(_MOST + 1, max(map(len, known), default=0) + 1)
    return named, "".join([*(_rule(name, columns) for columns, name in known.items()), *map(_fetched, further)])


def _rule(name: str, columns: tuple[tuple[str, str], ...]) -> str:
    words = [f"--w{at}:{css_string(text)}" for at, (text, _) in enumerate(columns, 1)]
    sizes = [f"--n{at}:{css_string('/' + size)}" for at, (_, size) in enumerate(columns, 1) if size]
    return f".{name}{{{';'.join([*words, *sizes])}}}"


def _fetched(at: int) -> str:
    return f'td:nth-of-type({at}){{--cb-w:var(--w{at});--cb-n:var(--n{at},"")}}'


def _columns(head: str) -> list[tuple[str, str]]:
    """Return words and size of every column but the first, that of the rows."""
    reader = _Heads()
    reader.feed(head)
    reader.close()
    return reader.columns()[1:]


class _Heads(HTMLParser):
    """Collects the headings of a table, those below a heading over several in its place."""

    def __init__(self) -> None:
        super().__init__()
        self._line: list[list[str] | None] = []
        self._below: list[int] = []
        self._open: list[str] | None = None
        self._skipped = 0

    def columns(self) -> list[tuple[str, str]]:
        """Return the columns from left to right."""
        return [(" ".join(one[0].split()), one[1]) for one in self._line if one is not None]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        facts = dict(attrs)
        if tag in {"th", "td"}:
            self._begin(facts)
        elif tag in {"small", "b"}:
            self._skipped += 1

    def _begin(self, facts: dict[str, str | None]) -> None:
        self._open = None
        if facts.get("scope") == "colgroup":
            places = range(len(self._line), len(self._line) + int(facts["colspan"] or 1))
            self._below += places
            self._line += [None] * len(places)
            return
        made = [facts.get("abbr") or "", facts.get("data-n") or ""]
        self._open = None if made[0] else made
        if self._below and "rowspan" not in facts:
            self._line[self._below.pop(0)] = made
        else:
            self._line.append(made)

    def handle_endtag(self, tag: str) -> None:
        if tag in {"small", "b"}:
            self._skipped -= 1

    def handle_data(self, data: str) -> None:
        if self._open is not None and not self._skipped:
            self._open[0] = without_isolates(self._open[0] + data)
