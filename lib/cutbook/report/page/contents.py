"""The contents list of a page: headings get an address, and are read back as a list of links."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html import escape
from html.parser import HTMLParser

from cutbook.words import END_OF_ISOLATE, ISOLATE

_HEADINGS = {"h2": 2, "h3": 3}
_HEADING = re.compile(r"<(h[23])>(.*?)</\1>", re.DOTALL)
_SECTION = re.compile(r'(?=<div class="prose"><h2)')
_SOMETHING = re.compile(r"<(?:table|figure|img|svg|pre)\b")
_SHOWN = re.compile(r'<(section|details) class="display\b.*?</\1>|<p class="empty">.*?</p>', re.DOTALL)
_WITHHELD = re.compile(r'<p class="empty withheld">.*?</p>\s*', re.DOTALL)
_PROSE = re.compile(r'<div class="prose">.*?</div>', re.DOTALL)
_EMPTY = re.compile(r'<p class="empty">(.*?)</p>', re.DOTALL)
_ADDRESS = re.compile(r'<(?:section|details) class="display[^>]*? id="([^"]+)"')
_PARTS = (re.compile(r"(.+): (.+)"), re.compile(r"(.{5,}?) ((?:by|that|for|over) .+)"))
_TEAES = re.compile("treatment-emergent adverse events", re.IGNORECASE)
_TAG = re.compile(r"<[^>]*>")
_VOID = frozenset(
    {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track", "wbr"}
)


@dataclass(frozen=True)
class Entry:
    """One line of the contents list: a section, with the displays in it.

    ``name`` is what stands in the list: the title without what the lines above it say already.
    """

    address: str
    title: str
    entries: list[Entry] = field(default_factory=list)
    name: str = ""


def identify_headings(body: str) -> str:
    """Return the body with an ``id`` on every bare ``h2`` and ``h3`` of the prose, unique in the page."""
    taken = set(re.findall(r'\bid="([^"]+)"', body))

    def identify(found: re.Match[str]) -> str:
        slug = re.sub(r"[^a-z0-9]+", "-", _TAG.sub("", found[2]).lower()).strip("-") or "section"
        name, count = slug, 1
        while name in taken:
            count += 1
            name = f"{slug}-{count}"
        taken.add(name)
        return f'<{found[1]} id="{escape(name)}">{found[2]}</{found[1]}>'

    return _HEADING.sub(identify, body)


def without_withheld(body: str) -> str:
    """Return the body without displays that its class withholds, and without sections in which nothing else stands.

    What is withheld, and why, is told in one list of its own.

    Examples
    --------
    >>> shown, prose = '<p class="empty withheld">Withheld: concentrations.</p>', '<div class="prose"><h2>{}</h2></div>'
    >>> print(without_withheld(prose.format("PK") + shown + prose.format("Data")))
    <div class="prose"><h2>Data</h2></div>
    """
    first, *sections = _SECTION.split(body)
    return "".join([_WITHHELD.sub("", first), *map(_with_the_rest, sections)])


def _with_the_rest(section: str) -> str:
    rest = _WITHHELD.sub("", section)
    if rest == section or _TAG.sub("", _PROSE.sub("", rest)).strip():
        return rest
    return ""


def joined_where_empty(body: str) -> str:
    """Return the body with one paragraph for every section of which no display has anything to show.

    The sentences of its displays stand in it, each once, with their addresses; definitions of what is not shown and the
    prose below the heading go.

    Examples
    --------
    >>> shown = '<section class="display" id="T-{}"><h3>One</h3><p class="empty">No ECG.</p></section>'
    >>> prose = '<div class="prose"><h2>ECG</h2><p>By visit.</p></div>'
    >>> print(joined_where_empty(prose + shown.format(1) + shown.format(2)).strip())
    <div class="prose"><h2>ECG</h2></div>
    <p class="empty"><span id="T-1"></span><span id="T-2"></span>No ECG.</p>
    """
    first, *sections = _SECTION.split(body)
    return "".join((first, *map(_joined, sections)))


def _joined(section: str) -> str:
    heading, _, rest = section.partition("</h2>")
    _, end, displays = rest.partition("</div>")
    sentences = _EMPTY.findall(displays)
    if not end or not sentences or _SOMETHING.search(displays) or _SHOWN.sub("", displays).strip():
        return section
    addresses = "".join(f'<span id="{name}"></span>' for name in _ADDRESS.findall(displays))
    told = [one for one in dict.fromkeys(sentences) if not any(one in other for other in sentences if other != one)]
    return f'{heading}</h2></div>\n<p class="empty">{addresses}{" ".join(told)}</p>\n'


def read_contents(body: str) -> list[Entry]:
    """Return the sections of a body in order, each with its displays."""
    parser = _Headings()
    parser.feed(body)
    parser.close()
    sections: list[Entry] = []
    for level, address, title in parser.found:
        if level == _HEADINGS["h2"] or not sections:
            sections.append(Entry(address, title))
        elif title != sections[-1].title:
            sections[-1].entries.append(Entry(address, title))
    return [Entry(one.address, one.title, _named(one), one.title) for one in sections]


def _named(section: Entry) -> list[Entry]:
    """Return the entries of a section with names that differ early: one line of the list has some thirty letters.

    The name of the section and a colon go; of several titles with the same words before a colon or before "by", "that",
    "for" and "over", the second and later ones begin where they differ.
    """
    named: list[Entry] = []
    begun: set[str] = set()
    for entry in section.entries:
        name = _TEAES.sub("TEAEs", entry.title.removeprefix(f"{section.title}: "))
        beginning, end = _beginning(name)
        if beginning in begun and end:
            name = f"… {end}"
        begun.add(beginning)
        named.append(Entry(entry.address, entry.title, [], name[:1].upper() + name[1:]))
    return named


def _beginning(name: str) -> tuple[str, str]:
    """Return the words of a title that others may share, and the rest."""
    found = next(filter(None, (part.fullmatch(name) for part in _PARTS)), None)
    return (found[1], found[2]) if found else (name, "")


class _Headings(HTMLParser):
    """Collects level, address and text of headings, and of closed displays by what opens them.

    A heading in a named section goes by the section's name; the number of a display is not part of its title.
    """

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[int, str, str]] = []
        self._open: list[tuple[str, str]] = []
        self._heading: tuple[int, str] | None = None
        self._text: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _VOID:
            return
        given = dict(attrs)
        name = given.get("id") or ""
        parent, parent_name = self._open[-1] if self._open else ("", "")
        if tag == "bdi":
            self._text.append(ISOLATE)
        if tag in _HEADINGS:
            address = parent_name if parent == "section" and parent_name else name
            self._heading, self._text = (_HEADINGS[tag], address), []
        elif tag == "summary" and parent_name and parent == "details":
            self._heading, self._text = (_HEADINGS["h3"], parent_name), []
        elif tag == "small":
            self._end_heading()
        is_closed = tag == "details" and "display" not in (given.get("class") or "").split()
        self._open.append((tag, "" if is_closed else name))

    def handle_data(self, data: str) -> None:
        if self._heading:
            self._text.append(data)

    def handle_endtag(self, tag: str) -> None:
        if tag not in (opened for opened, _ in self._open):
            return
        while self._open.pop()[0] != tag:
            pass
        if tag == "bdi":
            self._text.append(END_OF_ISOLATE)
        if tag in _HEADINGS or tag == "summary":
            self._end_heading()

    def _end_heading(self) -> None:
        if self._heading is None:
            return
        (level, address), title = self._heading, " ".join("".join(self._text).split())
        self._heading = None
        if address and title:
            self.found.append((level, address, title))
