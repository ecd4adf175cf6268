"""The dots of a mail: one a participant, in letters that every mail program has; no picture, nobody's course."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from cutbook.published.headline import DotRow, HeadlineDots

MOST_DOTS = 60
"""Participants of an arm above which the numbers stand alone."""

MORE, BEYOND, WITHIN = "more", "beyond", "within"

_SIGNS = {MORE: "●", BEYOND: "◐", WITHIN: "○"}


@dataclass(frozen=True)
class Row:
    """An arm: its name, runs of alike dots, and how many are beyond, in words."""

    words: str
    runs: tuple[tuple[str, int], ...]
    count: str
    is_any: bool


@dataclass(frozen=True)
class Strip:
    """Title, what a dark dot says, and an arm a row."""

    title: str
    more: str
    rows: tuple[Row, ...]


def strip_of(dots: HeadlineDots) -> Strip:
    """Return the dots of a headline as a mail shows them."""
    return Strip(dots.title, dots.more, tuple(_row(row, has_more=bool(dots.more)) for row in dots.rows))


def _row(row: DotRow, *, has_more: bool) -> Row:
    more = row.n_more if has_more else 0
    runs = ((MORE, more), (BEYOND, row.n - more), (WITHIN, row.N - row.n))
    is_drawn = row.N <= MOST_DOTS
    return Row(row.words, tuple((kind, count) for kind, count in runs if count and is_drawn), _count(row), row.n > 0)


def _count(row: DotRow) -> str:
    return f"{row.n} of {row.N}"


def strip_lines(strip: Strip) -> Iterator[str]:
    """Yield the dots as plain text: full, half and empty circles, and the numbers."""
    yield strip.title + (f" (\N{BLACK CIRCLE} {strip.more})" if strip.more else "")
    width = max((len(row.words) for row in strip.rows), default=0)
    for row in strip.rows:
        signs = "".join(_SIGNS[kind] * count for kind, count in row.runs)
        yield "  ".join(filter(None, (f"{row.words:<{width}}", signs, row.count)))
