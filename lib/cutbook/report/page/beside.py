"""What does not fit on a page: whole tables, values and data move into a file beside it, and the page says where."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from html import escape

from markupsafe import Markup

from cutbook.published.folders import BESIDE

LARGEST_PAGE = 1_500_000
"""Bytes of a page beyond which tables move."""

VALUES, DATA = "values", "data"
KINDS = ("visits", "folded", "listings", DATA, VALUES)
"""What may lie beside, the kind that goes first, and all of a kind together: tables by the value of ``data-beside``,
the data of figures, and the values and records behind tables that lie beside."""

_BLOCK = re.compile(r"<(/?)(?:details|section)\b[^>]*>")
_DISPLAY = re.compile(r'<details class="display[^"]*" id="([^"]+)"><summary>(.*?)</summary>', re.DOTALL)
_HEADING = re.compile(r'<h2 id="[^"]*">.*?</h2>', re.DOTALL)
_TABLE = re.compile(
    r'<div class="scroll"[^>]* data-beside="?(\w+)"?>\n?(?:<label.*?</label>\n?)?<table.*?</table></div>', re.DOTALL
)
_RECORDS = re.compile(
    r'(<details class="records[^"]*" id="([^"]+)"><summary>.*?</summary>)\n?<p class="rule">.*?</details>', re.DOTALL
)
_FIGURE_DATA = re.compile(r'(<a download="([^"]+\.csv)" href="data:[^"]*">)(.*?)</a>')
_ID = re.compile(r'\bid="?([^"\s>]+)')
_LINK = re.compile(r'href="#([^"]+)"')


@dataclass(frozen=True)
class Divided:
    """The body of a page, and that of the file beside it; the second is empty when everything fits."""

    page: str
    beside: str = ""


def divide(body: str, report: str, kinds: int) -> Divided:
    """Return a body without the tables of the first kinds that may lie beside, and the body that has them.

    A table to a cell of which the page links stays. What moves is the table alone: its title and its notes stay, and
    the records behind its counts do as long as there is room, so that every address that the page uses is still one;
    the file beside has all of them.

    Parameters
    ----------
    body : str
        The body of the page, as its templates wrote it.
    report : str
        Name of the report.
    kinds : int
        How many kinds move, from 0 on, see ``LARGEST_PAGE``.
    """
    moving = frozenset(KINDS[:kinds])
    data = [f'<li id="{name}">{link}{name}</a></li>' for link, name, _ in _FIGURE_DATA.findall(body)]
    data = data if DATA in moving else []
    if data:
        body = _FIGURE_DATA.sub(rf'<a href="{report}{BESIDE}#\2">\3</a>', body)
    linked = frozenset(_LINK.findall(body))
    kept: list[str] = []
    moved: list[str] = []
    end, heading = 0, ""
    for start, stop in _displays(body):
        heading = (_HEADING.findall(body, end, start) or [heading])[-1]
        display = body[start:stop]
        without = _without_tables(display, report, moving, linked)
        kept += [body[end:start], without]
        end = stop
        if without != display:
            moved += [heading, display] if heading not in moved else [display]
    page = "".join([*kept, body[end:]])
    if VALUES in moving:
        page = _without_values(page, report, frozenset(_ID.findall("".join(moved))))
    if data:
        moved += ['<h2 id="data-of-figures">Data of the figures</h2>', "<ul>", *data, "</ul>"]
    return Divided(page, _beside("\n".join(moved), report) if moved else "")


def _displays(body: str) -> Iterator[tuple[int, int]]:
    """Yield where the folded displays of a body begin and end."""
    start, depth = -1, 0
    for tag in _BLOCK.finditer(body):
        if start < 0 and _DISPLAY.match(body, tag.start()):
            start, depth = tag.start(), 0
        depth += -1 if tag[1] else 1
        if start >= 0 and depth == 0:
            yield start, tag.end()
            start = -1


def _without_tables(display: str, report: str, moving: frozenset[str], linked: frozenset[str]) -> str:
    opening = _DISPLAY.match(display)
    address = f"{report}{BESIDE}#{opening[1]}" if opening else ""

    def told(found: re.Match[str]) -> str:
        if found[1] not in moving or linked & frozenset(_ID.findall(found[0])):
            return found[0]
        return (
            f'<p class="beside">The whole table is in <a href="{address}">{report}{BESIDE}</a>, beside this page.</p>'
        )

    return _TABLE.sub(told, display)


def _without_values(page: str, report: str, beside: frozenset[str]) -> str:
    """Return a page without the values and records that lie beside and that nothing on the page opens."""
    linked = frozenset(_LINK.findall(page))

    def told(found: re.Match[str]) -> str:
        if found[2] not in beside or linked & frozenset(_ID.findall(found[0])):
            return found[0]
        where = f'<a href="{report}{BESIDE}#{found[2]}">{report}{BESIDE}</a>'
        return f'{found[1]}<p class="beside">They are in {where}, beside this page.</p></details>'

    return _RECORDS.sub(told, page)


def _beside(displays: str, report: str) -> str:
    """Return the body of the file beside a page: what it is, the displays, and links that lead back into the page."""
    name = escape(report)
    here = frozenset(_ID.findall(displays))

    def back(link: re.Match[str]) -> str:
        return link[0] if link[1] in here else f'href="{name}.html#{link[1]}"'

    title = Markup('<header class="banner"><h1>Tables of the report on {}</h1>').format(report)
    line = Markup('<p class="line">They lie beside <a href="{0}.html">{0}.html</a>, which says what they tell.</p>')
    end = Markup('<footer id="end-of-report" data-report="{}"><p>End of the tables.</p></footer>')
    return f"{title}{line.format(report)}</header>\n{_LINK.sub(back, displays)}\n{end.format(report)}"
