"""How faults speak of values, rows and participants: printable, short, and never more than three of a kind."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import ArrayLike

from cutbook.data.characters import escaped, shows

LONGEST_VALUE = 40
"""Characters of a value that a message repeats."""

MOST_NAMED = 3
"""Rows or participants that one message names; the others are counted."""


def quoted(value: object) -> str:
    r"""Return a value as a message may show it: in quotes, at most 40 characters, controls and escapes made visible.

    Examples
    --------
    >>> print(quoted("1,5"), quoted("a\x1b[2Jb"), quoted("x" * 50))
    "1,5" "a\x1b[2Jb" "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx…"
    """
    text = str(value)
    return f'"{printable(text[:LONGEST_VALUE])}{"…" if len(text) > LONGEST_VALUE else ""}"'


def printable(text: str) -> str:
    r"""Return the text with every character that does not print written as its escape.

    Examples
    --------
    >>> print(printable("a\nb\udcff"), printable("a\u200bb"))
    a\nb\udcff a\u200bb
    """
    return "".join(character if shows(character) else escaped(character) for character in text)


def row_list(rows: ArrayLike) -> str:
    """Return row numbers in words: the first three, and how many more.

    Examples
    --------
    >>> row_list([3, 17]), row_list([4]), row_list([1, 2, 3, 4, 5])
    ('rows 3 and 17', 'row 4', 'rows 1, 2, 3 and 2 more')
    """
    numbers = [int(row) for row in np.atleast_1d(np.asarray(rows))]
    return ("row " if len(numbers) == 1 else "rows ") + first_few(numbers)


def first_few(items: Iterable[object]) -> str:
    """Return the first three items in words, and how many more there are.

    Examples
    --------
    >>> first_few(["a", "b"]), first_few("abcde"), first_few([])
    ('a and b', 'a, b, c and 2 more', 'none')
    """
    words = [str(item) for item in items]
    if not words:
        return "none"
    if len(words) > MOST_NAMED:
        return f"{', '.join(words[:MOST_NAMED])} and {len(words) - MOST_NAMED} more"
    return " and ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words)
