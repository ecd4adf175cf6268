"""Alignment of numbers: each text in two parts, the first number and what follows, and how wide the second one is."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Sequence

FIGURE_SPACE = "\N{FIGURE SPACE}"
"""As wide as a digit of a tabular font."""

PADDING = "\N{NO-BREAK SPACE}\N{THREE-PER-EM SPACE}\N{FOUR-PER-EM SPACE}\N{FIGURE SPACE}\N{PUNCTUATION SPACE}"
"""Every character that padding may add."""

_BLANKS = {
    " ": "\N{NO-BREAK SPACE}",
    **dict.fromkeys(".,", "\N{PUNCTUATION SPACE}"),
    **dict.fromkeys("()", "\N{THREE-PER-EM SPACE}"),
    **dict.fromkeys("[]", "\N{FOUR-PER-EM SPACE}"),
}
_WIDTHS = {" ": 0.5, **dict.fromkeys(".,", 0.5), **dict.fromkeys("()[]/", 0.62)}
_FIRST = re.compile(r"[^\d]?\d+(?=\D|$)")


def parted(text: str) -> tuple[str, str]:
    """Return a text as its first whole number with the sign before it, and what follows; all of it where it has none.

    Examples
    --------
    >>> parted("5 (13.2) [7]"), parted("−1.5"), parted("<4"), parted("NE")
    (('5', ' (13.2) [7]'), ('−1', '.5'), ('<4', ''), ('NE', ''))
    """
    first = _FIRST.match(text)
    return (first[0], text[first.end() :]) if first else (text, "")


def width(tail: str) -> int:
    """Return the places of a digit that a text needs at most, whole ones.

    Examples
    --------
    >>> width(" (13.2)"), width(""), width(".5")
    (6, 0, 2)
    """
    return math.ceil(sum(_WIDTHS.get(sign, 1.0) for sign in tail))


def padding(texts: Sequence[str]) -> list[str]:
    """Return, of the texts of a right-aligned column, the blanks after each that begins with a number.

    With them the first numbers end below each other. Nothing is added inside a text.

    Parameters
    ----------
    texts : sequence of str
        Cells of a column, top to bottom.

    Examples
    --------
    >>> [blanks.replace(FIGURE_SPACE, "_") for blanks in padding(["1.5", "12.25", "NE"])]
    ['_', '', '']
    """
    has_number = [bool(_FIRST.match(text)) for text in texts]
    tails = [_signs(parted(text)[1]) for text in texts]
    widest: Counter[str] = Counter()
    for tail in tails:
        widest |= tail
    return [_blanks(widest - tail) if is_one else "" for tail, is_one in zip(tails, has_number, strict=True)]


def _signs(tail: str) -> Counter[str]:
    """Return how many blanks of which width a text takes."""
    return Counter(_BLANKS.get(sign, FIGURE_SPACE) for sign in tail)


def _blanks(missing: Counter[str]) -> str:
    return "".join(missing.elements())
