"""Decimal alignment: texts of one column padded so that their digits stand below each other."""

from __future__ import annotations

import re
from collections import defaultdict
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
_NUMBER = re.compile(r"−?\d+")
_NUMBER_IN_TEXT = re.compile(r"(?P<point>\.?)(?P<number>−?\d+)(?:[,)\]]+ ?)?")
_LEAD = re.compile(r"[^\d]?\d+(?=\D|$)")


def aligned(texts: Sequence[str]) -> list[str]:
    """Return the texts of a right-aligned column with blanks as wide as the digits that they lack.

    Texts of one shape (``5 (13.2)``, ``12 (7.9)``) get their numbers padded on the left; then every text that begins
    with a number is padded on the right until the first numbers end below each other.

    Parameters
    ----------
    texts : sequence of str
        Cells of a column, top to bottom.

    Examples
    --------
    >>> [text.replace(FIGURE_SPACE, "_") for text in aligned(["5 (13.2)", "12 (7.9)"])]
    ['5 (13.2)', '12 (_7.9)']
    """
    padded = _padded_within_shapes(texts)
    tails = [_tail(text) for text in padded]
    longest = max((tail for tail in tails if tail is not None), key=len, default="")
    return [
        text if tail is None else text + _blank(longest[len(tail) :]) for text, tail in zip(padded, tails, strict=True)
    ]


def without_padding(text: str) -> str:
    """Return an aligned text without the blanks after it, which are no part of a link."""
    return text.rstrip(PADDING)


def padding_after(text: str) -> str:
    """Return the blanks after an aligned text."""
    return text[len(text.rstrip(PADDING)) :]


def _padded_within_shapes(texts: Sequence[str]) -> list[str]:
    shapes: defaultdict[str, list[int]] = defaultdict(list)
    for place, text in enumerate(texts):
        shapes[_NUMBER.sub("0", text)].append(place)
    padded = list(texts)
    for places in shapes.values():
        numbers = [_NUMBER.findall(texts[place]) for place in places]
        if len(places) > 1 and len(numbers[0]) > 1:
            widths = [max(map(len, column)) for column in zip(*numbers, strict=True)]
            for place in places:
                padded[place] = _widened(texts[place], widths)
    return padded


def _widened(text: str, widths: Sequence[int]) -> str:
    """Return the text with every whole number but the first padded on the left, and fractions on the right.

    A comma or bracket after a fraction stays with it: the blanks come next.
    """
    numbers = enumerate(widths)

    def padded(part: re.Match[str]) -> str:
        place, width = next(numbers)
        blanks = FIGURE_SPACE * (width - len(part["number"]))
        if part["point"]:
            return part[0] + blanks
        return blanks + part[0] if place else part[0]

    return _NUMBER_IN_TEXT.sub(padded, text)


def _tail(text: str) -> str | None:
    """Return what follows the first number, or None where a text does not begin with one."""
    lead = _LEAD.match(text)
    return text[lead.end() :] if lead else None


def _blank(tail: str) -> str:
    return "".join(_BLANKS.get(sign, FIGURE_SPACE) for sign in tail)
