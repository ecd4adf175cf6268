"""What a mail takes from a finished page: pictures of chosen figures, and the identifiers that must not leave it."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Collection
from dataclasses import dataclass
from html.parser import HTMLParser
from io import BytesIO

from PIL import Image, UnidentifiedImageError

PARTICIPANT = "P."
"""Start of the id of a participant's row."""

_PNG = "data:image/png;base64,"
_PICTURE_IN = {"img": "src", "a": "href"}
"""Attribute that holds the picture of a figure: shown as such, or to be saved beside a drawing."""

_DISPLAY, _NUMBER = "display", "small"
_TITLES = {"h3", "summary"}
_SIZES = ((1400, 48), (960, 48), (720, 32), (720, 12), (480, 8))
"""Widths in pixels and numbers of colours to try, until a picture is small enough."""

_LARGEST_BYTES = 90_000
_MOST_PIXELS = 40_000_000


@dataclass(frozen=True)
class Page:
    """Title and PNG of each figure found, by its id, and the participants named in the page."""

    figures: dict[str, tuple[str, bytes]]
    participants: frozenset[str]


def read_figures(content: bytes, wanted: Collection[str]) -> Page:
    """Return what a mail needs of a page.

    Parameters
    ----------
    content : bytes
        The page.
    wanted : collection of str
        Ids of figures; those that the page does not have are left out.
    """
    reader = _Reader(wanted)
    reader.feed(content.decode("utf-8", errors="replace"))
    figures = {name: (reader.titles.get(name, name), png) for name, png in reader.pictures.items()}
    return Page({name: figures[name] for name in wanted if name in figures}, frozenset(reader.participants))


def small_picture(png: bytes) -> bytes | None:
    """Return a picture made small enough for a mail, without metadata; None when it is no picture."""
    try:
        with Image.open(BytesIO(png), formats=["PNG"]) as picture:
            if picture.width * picture.height > _MOST_PIXELS:
                return None
            flat = Image.new("RGB", picture.size, "white")
            flat.paste(picture, mask=picture.convert("RGBA").getchannel("A"))
    except (OSError, UnidentifiedImageError, ValueError):
        return None
    for width, colours in _SIZES:
        made = _encoded(flat, min(width, flat.width), colours)
        if len(made) <= _LARGEST_BYTES:
            return made
    return None


def _encoded(picture: Image.Image, width: int, colours: int) -> bytes:
    height = max(1, round(picture.height * width / picture.width))
    small = picture.resize((width, height), Image.Resampling.LANCZOS).quantize(colours)
    target = BytesIO()
    small.save(target, "PNG", optimize=True)
    return target.getvalue()


class _Reader(HTMLParser):
    """Collects the first picture and the heading of the wanted displays, and the rows of participants."""

    def __init__(self, wanted: Collection[str]) -> None:
        super().__init__()
        self.pictures: dict[str, bytes] = {}
        self.titles: dict[str, str] = {}
        self.participants: set[str] = set()
        self._wanted = set(wanted)
        self._section = ""
        self._title = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        name = given.get("id") or ""
        if name.startswith(PARTICIPANT):
            self.participants.add(name.removeprefix(PARTICIPANT))
        if _DISPLAY in (given.get("class") or "").split():
            self._section = name if name in self._wanted else ""
        elif tag in _TITLES and self._section and self._section not in self.titles:
            self._title = self._section
        elif tag == _NUMBER:
            self._title = ""
        elif tag in _PICTURE_IN and self._section and self._section not in self.pictures:
            self._take(given.get(_PICTURE_IN[tag]) or "")

    def handle_endtag(self, tag: str) -> None:
        if tag in _TITLES:
            self._title = ""

    def handle_data(self, data: str) -> None:
        if self._title:
            self.titles[self._title] = " ".join((self.titles.get(self._title, "") + data).split())

    def _take(self, source: str) -> None:
        if source.startswith(_PNG):
            try:
                self.pictures[self._section] = base64.b64decode(source.removeprefix(_PNG), validate=True)
            except binascii.Error:
                return
