"""The letters of figures: a label that is too long, or that a picture's font cannot write, is a number told below."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterator, Sequence
from functools import cache

from matplotlib.axis import Axis
from matplotlib.figure import Figure as Canvas
from matplotlib.font_manager import FontProperties, findfont, get_font
from matplotlib.text import Text

from cutbook.display.look.collected import collected
from cutbook.words import without_isolates

LONGEST = 80
"""Signs of a label that a panel has room for."""

_RIGHT_TO_LEFT = frozenset({"R", "AL", "AN"})
_TOLD = "A label of more than {} signs, or in the picture one that its font cannot write, is a number: {}."
_STAND_IN = "M"


def with_room(drawn: Sequence[Canvas]) -> dict[str, str]:
    """Return which numbers stand for labels in panels that would take the place of what is drawn, written there."""
    numbers: dict[str, str] = {}
    _number_labels(drawn, numbers, lambda label: label if _has_room(label) else "")
    return numbers


def with_letters(drawn: Sequence[Canvas], numbers: dict[str, str]) -> str:
    """Return what tells the numbers that stand for labels in panels, further ones written where no letters are.

    A page has fonts for all scripts, a picture has one: a letter that it lacks would be a box in its place, and a
    script written from right to left would stand backwards.
    """
    _number_labels(drawn, numbers, _letters)
    told = "; ".join(f"{number} {collected(' '.join(label.splitlines()))}" for label, number in numbers.items())
    return f" {_TOLD.format(LONGEST, told)}" if numbers else ""


def measured(label: str) -> str:
    """Return a label whose width in a picture's font can be told: another letter stands for one that it lacks."""
    return "".join(sign if _has_letter(sign) else _STAND_IN for sign in without_isolates(label))


def _number_labels(drawn: Sequence[Canvas], numbers: dict[str, str], written: Callable[[str], str]) -> None:
    """Write the labels of panels as they can be written; where that is nothing, as a number, the same for the same."""

    def number(label: str) -> str:
        return written(label) or (label and numbers.setdefault(without_isolates(label), f"[{len(numbers) + 1}]"))

    for panel in drawn:
        for axes in panel.axes:
            for axis in (axes.xaxis, axes.yaxis):
                _write_ticks(axis, number)
        for text in _texts(panel):
            text.set_text(number(text.get_text()))


def _write_ticks(axis: Axis, number: Callable[[str], str]) -> None:
    """Write the labels of an axis, which are made anew at every drawing, as fixed ones where one cannot stay."""
    labels = [text.get_text() for text in axis.get_ticklabels()]
    if (as_written := [number(label) for label in labels]) != labels:
        axis.set_ticks(axis.get_ticklocs(), as_written)


def _texts(drawn: Canvas) -> Iterator[Text]:
    for found in drawn.findobj(Text):
        if isinstance(found, Text):
            yield found


def _has_room(label: str) -> bool:
    return len(without_isolates(label)) <= LONGEST * (1 + label.count("\n"))


def _letters(label: str) -> str:
    """Return a label as a picture writes it, nothing where it cannot."""
    plain = without_isolates(label)
    return plain if all(map(_has_letter, plain.replace("\n", ""))) else ""


@cache
def _has_letter(sign: str) -> bool:
    is_known = get_font(findfont(FontProperties(family="DejaVu Sans"))).get_char_index(ord(sign)) != 0
    return is_known and sign.isprintable() and unicodedata.bidirectional(sign) not in _RIGHT_TO_LEFT
