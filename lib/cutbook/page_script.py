"""The scripts of pages: parts that import each other, joined so that a page holds them without a network."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

_ROOT = Path(__file__).parent
_IMPORT = re.compile(r"^import [^;]*;\n", re.MULTILINE)
_EXPORT = re.compile(r"^export ", re.MULTILINE)

DISPLAYS = _ROOT / "display" / "assets" / "displays"
"""Parts of the script of displays."""

DISPLAYS_ORDER = (
    "text", "elements", "tables", "sorting", "filtering", "csv", "places", "records", "excerpts", "courses", "profile",
    "views", "tools", "panel", "start",
)  # fmt: skip
"""Each part of the script of displays after those that it imports."""

PAGE = _ROOT / "report" / "page" / "template" / "page"
"""Parts of the script of a report around its displays."""

PAGE_ORDER = ("finding", "scrolling", "page")
"""Each part of the script of a report after those that it imports."""


@cache
def displays_script() -> str:
    """Return the script of displays, in a page or a notebook."""
    return joined(DISPLAYS, DISPLAYS_ORDER)


@cache
def report_script() -> str:
    """Return the script of a report around its displays."""
    return joined(PAGE, PAGE_ORDER)


def joined(folder: Path, order: tuple[str, ...]) -> str:
    """Return parts as one script with a scope of its own, in which the names that they import are those they export.

    The scope is a block, in which a name that two parts declare is an error of syntax.

    Parameters
    ----------
    folder : Path
        Holds a file ``<part>.mjs`` for each part.
    order : tuple of str
        Each part after those that it imports.
    """
    texts = [(folder / f"{part}.mjs").read_text(encoding="utf-8") for part in order]
    body = "\n".join(_EXPORT.sub("", _IMPORT.sub("", text)) for text in texts)
    return f'(() => {{\n"use strict";\n{{\n{body}}}\n}})();\n'
