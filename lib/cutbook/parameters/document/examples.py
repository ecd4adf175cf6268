"""Examples of sections, cut out of files that are valid."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from cutbook.parameters.document.outline import ENTRY, ITEM
from cutbook.parameters.yaml_text import Document, Keys, read_document, value_at

_MOST_LINES = 24


@dataclass
class Examples:
    """Files from which sections are cut, in the order in which they are asked; no line is shown twice.

    Parameters
    ----------
    files : list of Path
        The files.
    """

    files: list[Path]
    _read: dict[Path, tuple[Document, list[str]]] = field(default_factory=dict)
    _shown: set[tuple[Path, int]] = field(default_factory=set)

    def cut(self, path: tuple[str, ...]) -> str:
        """Return the lines of the section at a path that says most; empty where none does or it was shown before."""
        for file in self.files:
            document, lines = self._content(file)
            for keys in sorted(_places(document.tree, path), key=lambda keys: -_size(document, keys)):
                rows = _trimmed(_rows(document, keys, len(lines)), lines)
                if rows:
                    return "" if (file, rows[-1]) in self._shown else self._take(file, lines, rows)
        return ""

    def _content(self, file: Path) -> tuple[Document, list[str]]:
        if file not in self._read:
            lines = file.read_text(encoding="utf-8").splitlines()
            self._read[file] = (read_document(file, file.name), lines)
        return self._read[file]

    def _take(self, file: Path, lines: list[str], rows: range) -> str:
        whole = [lines[row - 1] for row in rows]
        shown = whole[: _length(whole)]
        self._shown |= {(file, row) for row in rows[: len(shown)]}
        rest = [f"{_indent_of(whole[len(shown)])}# ... {len(whole) - len(shown)} more lines"] if shown != whole else []
        return textwrap.dedent("\n".join([*shown, *rest]))


def _places(tree: object, path: tuple[str, ...]) -> Iterator[Keys]:
    """Yield the keys and positions of everything that stands at a path, in the order of the file."""
    if not path:
        yield ()
        return
    for first in _firsts(tree, path[0]):
        for rest in _places(value_at(tree, (first,)), path[1:]):
            yield (first, *rest)


def _size(document: Document, keys: Keys) -> int:
    found = value_at(document.tree, keys)
    return len(found) if isinstance(found, dict) else 0


def _firsts(tree: object, key: str) -> list[str | int]:
    """Return the keys or positions of a tree that one part of a path means."""
    if isinstance(tree, list):
        return list(range(len(tree))) if key == ITEM else []
    if isinstance(tree, dict):
        return list(tree) if key == ENTRY else [key] if key in tree else []
    return []


def _rows(document: Document, keys: Keys, last: int) -> range:
    """Return the lines of what stands at these keys; none where it shares them with what stands beside it."""
    if not keys:
        return range(1, last + 1)
    places = list(document.key_rows)
    start = places.index(keys)
    after = next((place for place in places[start + 1 :] if place[: len(keys)] != keys), None)
    end = document.key_rows[after] - 1 if after else last
    row = document.key_rows[keys]
    is_shared = any(document.key_rows[place] == row for place in places[:start])
    return range(row, row) if is_shared else range(row, end + 1)


def _trimmed(rows: range, lines: list[str]) -> range:
    """Return lines without the blank ones and the comments at their end, which belong to what follows."""
    while rows and (not lines[rows[-1] - 1].strip() or lines[rows[-1] - 1].lstrip().startswith("#")):
        rows = rows[:-1]
    return rows


def _length(lines: list[str]) -> int:
    """Return how many lines to show: all, or as many as end before an outermost item within the limit."""
    if len(lines) <= _MOST_LINES:
        return len(lines)
    ends = range(_MOST_LINES // 3, _MOST_LINES)
    return min(ends, key=lambda end: (len(_indent_of(lines[end])), -end))


def _indent_of(line: str) -> str:
    return line[: len(line) - len(line.lstrip())]
