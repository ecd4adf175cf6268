"""The contents list of a page: headings get an address, and are read back as a list of links."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html import escape
from html.parser import HTMLParser

_HEADINGS = {"h2": 2, "h3": 3}
_HEADING = re.compile(r"<(h[23])>(.*?)</\1>", re.DOTALL)
_TAG = re.compile(r"<[^>]*>")
_VOID = frozenset(
    {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track", "wbr"}
)


@dataclass(frozen=True)
class Entry:
    """One line of the contents list: a section, with the displays in it."""

    address: str
    title: str
    entries: list[Entry] = field(default_factory=list)


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
    return sections


class _Headings(HTMLParser):
    """Collects level, address and text of headings; a heading in a named section goes by the section's name."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[int, str, str]] = []
        self._open: list[tuple[str, str]] = []
        self._heading: tuple[int, str] | None = None
        self._text: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _VOID:
            return
        name = dict(attrs).get("id") or ""
        if tag in _HEADINGS:
            parent, parent_name = self._open[-1] if self._open else ("", "")
            address = parent_name if parent == "section" and parent_name else name
            self._heading, self._text = (_HEADINGS[tag], address), []
        self._open.append((tag, name))

    def handle_data(self, data: str) -> None:
        if self._heading:
            self._text.append(data)

    def handle_endtag(self, tag: str) -> None:
        if tag not in (opened for opened, _ in self._open):
            return
        while self._open.pop()[0] != tag:
            pass
        if tag in _HEADINGS and self._heading:
            level, address = self._heading
            title = " ".join("".join(self._text).split())
            self._heading = None
            if address and title:
                self.found.append((level, address, title))
