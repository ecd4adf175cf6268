"""Marks in the comments of a parameter file: a guess that nobody confirmed, and a question that nobody answered."""

from __future__ import annotations

import re

import yaml

ASK = "ASK"
"""Begins a comment behind a value that no command accepts before a person has decided it and removed the mark."""

GUESS = "GUESS"
"""Begins a comment behind a value that was taken without an answer; pages tell how many there are."""

_MARKED = re.compile(rf"\s*#\s*({ASK}|{GUESS})\b:?\s*(.*)")


def marked_rows(text: str, mark: str) -> dict[int, str]:
    r"""Return what is asked in each line of a file whose comment begins with a mark, by the number of the line from 1.

    Parameters
    ----------
    text : str
        A YAML file that can be read.
    mark : str
        `ASK` or `GUESS`.

    Examples
    --------
    >>> marked_rows('a: "# ASK"\nb: 1  # ASK: really?', "ASK")
    {2: 'really?'}
    """
    if mark not in text:
        return {}
    lines = text.splitlines()
    ends: dict[int, int] = {}
    inside: set[int] = set()
    for token in yaml.scan(text, Loader=yaml.SafeLoader):
        start, end = token.start_mark, token.end_mark
        if isinstance(token, yaml.ScalarToken):
            ends[end.line] = max(ends.get(end.line, 0), end.column)
            inside |= {*range(start.line, end.line)} if token.style in ("'", '"', "|", ">") else set()
        elif end.line == start.line and end.column > start.column:
            ends[end.line] = max(ends.get(end.line, 0), end.column)
    found = {}
    for number, line in enumerate(lines):
        comment = _MARKED.fullmatch(line[ends.get(number, 0) :]) if number not in inside else None
        if comment and comment[1] == mark:
            found[number + 1] = comment[2]
    return found
