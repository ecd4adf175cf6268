"""Records as the checks name them, and the list of issues."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import pandas as pd

from cutbook.data.wording import first_few
from cutbook.record_names import text_of
from cutbook.records import keys_of_some, record_keys

ISSUE_COLUMNS = ("DATASET", "VARIABLE", "ROW", "KEY", "FINDING", "WEIGHT")

ON_FIRST_LINES, IN_LIST = 2, 3
"""Weights of an issue: it stands on the first lines of a page, or in the list. What stops the run is a fault."""

_TYPES = {"ROW": "Int64", "WEIGHT": "int64"}


class Issue(NamedTuple):
    """Something odd that does not stop the run: where it is, a sentence, and how much it weighs."""

    dataset: str
    variable: str
    row: int | None
    key: str
    finding: str
    weight: int = IN_LIST


def issue_table(issues: Sequence[Issue]) -> pd.DataFrame:
    """Return issues as a frame: DATASET, VARIABLE, ROW (Int64, from 1, may be missing), KEY, FINDING, WEIGHT."""
    table = pd.DataFrame(issues, columns=list(ISSUE_COLUMNS))
    return table.astype({name: _TYPES.get(name, "str") for name in ISSUE_COLUMNS})


def kind_issue(
    place: tuple[str, str], frame: pd.DataFrame, is_odd: pd.Series, words: tuple[str, str], weight: int = IN_LIST
) -> Iterator[Issue]:
    """Return the one issue of all records that are odd in the same way; none where no record is.

    Parameters
    ----------
    place : tuple of str
        Dataset and variable.
    frame : frame
        The records of the dataset, with USUBJID; the index numbers its rows from 0.
    is_odd : Series of bool
        Which of them are odd.
    words : tuple of str
        The kind of oddity, and what becomes of such records.
    weight : int
        How much it weighs.

    Returns
    -------
    iterator of Issue
        At the first odd record. The finding says the number of records and participants, and the first three keys.
    """
    if not is_odd.any():
        return
    dataset, variable = place
    kind, consequence = words
    odd = frame[is_odd]
    keys = keys_of_some(dataset, frame, is_odd)
    finding = f"{kind}: {counted(odd['USUBJID'])} ({first_few(keys)}); {consequence}."
    yield Issue(dataset, variable, int(str(odd.index[0])) + 1, str(keys.iloc[0]), finding, weight)


def counted(participants: pd.Series) -> str:
    """Return how many records there are, and of how many participants.

    Examples
    --------
    >>> counted(pd.Series(["01", "01", "02"])), counted(pd.Series(["01"]))
    ('3 records of 2 participants', '1 record of 1 participant')
    """
    return f"{_number(len(participants), 'record')} of {_number(participants.nunique(), 'participant')}"


def _number(count: int, noun: str) -> str:
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def key_at(dataset: str, frame: pd.DataFrame, position: int) -> str:
    """Return the key of the record at a position (from 0); empty where the dataset has no participants."""
    if "USUBJID" not in frame:
        return ""
    # Only records of one participant can share a key, so the others need not be looked at.
    participants = text_of(frame["USUBJID"])
    is_own = participants.eq(participants.iloc[position]).to_numpy()
    place = int(is_own[:position].sum())
    return str(record_keys(dataset, frame[is_own]).iloc[place])
