"""Characters that a reader of the data does not see: blanks around values, and what does not show inside them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from cutbook.data.characters import HIDDEN, shows
from cutbook.data.checks.records import IN_LIST, Issue
from cutbook.data.wording import MOST_NAMED, first_few, quoted, row_list
from cutbook.records import keys_of_some

_HIDDEN = "[" + "".join(rf"\x{{{ord(character):x}}}" for character in HIDDEN) + "]"
_BEFORE = 15
"""Characters of a value that a message repeats before the first one that does not show."""


def trimmed_issues(dataset: str, frame: pd.DataFrame, trimmed: Mapping[str, NDArray[np.intp]]) -> list[Issue]:
    """Return one issue for each variable whose values had blanks around them.

    Parameters
    ----------
    dataset : str
        Name, lower case.
    frame : frame
        The dataset as read, without these blanks.
    trimmed : mapping of str to array of int
        Places (from 0) of the records by variable.
    """
    words = ("Blanks around values", "they are no part of the values")
    return [_issue(dataset, name, frame, places, words) for name, places in trimmed.items()]


def hidden_issues(dataset: str, frame: pd.DataFrame) -> list[Issue]:
    """Return one issue for each variable that holds characters which do not show, the first of them as an escape.

    Zero-width characters, controls, marks of direction, and blanks that are not the plain one. Values keep them: two
    values that differ by such a character are two.
    """
    return [
        _issue(dataset, name, frame, places, ("Characters that do not show", "counted as they are"), f"{first}, ")
        for name, places, first in _hidden(frame)
    ]


def _hidden(frame: pd.DataFrame) -> Iterator[tuple[str, NDArray[np.intp], str]]:
    for name in frame.columns[frame.dtypes.eq("str")]:
        text = pa.array(frame[name], pa.large_string())
        values = text.unique()
        hidden = values.filter(pc.fill_null(pc.match_substring_regex(values, _HIDDEN), fill_value=False))
        if len(hidden):
            places = np.flatnonzero(np.asarray(pc.is_in(text, hidden)))
            yield str(name), places, _shown(text[int(places[0])].as_py())


def _shown(value: str) -> str:
    """Return the part of a value in which a character does not show, in quotes and with its escape."""
    place = next(place for place, character in enumerate(value) if not shows(character))
    start = max(0, place - _BEFORE)
    return quoted(f"{'…' if start else ''}{value[start:]}")


def _issue(
    dataset: str, variable: str, frame: pd.DataFrame, places: NDArray[np.intp], words: tuple[str, str], shown: str = ""
) -> Issue:
    """Return an issue about records, at the first of them; at most three are named, by key where they have one."""
    first, count = places[:MOST_NAMED], len(places)
    keys = [""] * count
    named = row_list(places + 1)
    if "USUBJID" in frame and frame["USUBJID"].dtype == "str":
        is_first = pd.Series(frame.index.isin(frame.index[first]), index=frame.index)
        keys[: len(first)] = [str(key) for key in keys_of_some(dataset, frame, is_first)]
        named = first_few(keys)
    records = "1 record" if count == 1 else f"{count} records"
    kind, consequence = words
    people = frame["USUBJID"].iloc[places].nunique() if "USUBJID" in frame else None
    finding = f"{kind}: {shown}{records} ({named}); {consequence}."
    return Issue(dataset, variable, int(first[0]) + 1, keys[0], finding, IN_LIST, kind, consequence, count, people)
