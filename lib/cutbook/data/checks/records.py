"""Records as the checks name them, and the list of issues."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import pandas as pd

from cutbook.data.wording import first_few
from cutbook.record_names import text_of
from cutbook.records import keys_of_some, record_keys

ISSUE_COLUMNS = (
    "DATASET", "VARIABLE", "ROW", "KEY", "FINDING", "WEIGHT",
    "KIND", "CONSEQUENCE", "RECORDS", "PARTICIPANTS", "REASON",
)  # fmt: skip

ON_FIRST_LINES, IN_LIST = 2, 3
"""Weights of an issue: it stands on the first lines of a page, or in the list. What stops the run is a fault."""

_TYPES = {"ROW": "Int64", "WEIGHT": "int64", "RECORDS": "Int64", "PARTICIPANTS": "Int64"}


class Issue(NamedTuple):
    """Something odd that does not stop the run: where it is, a sentence, and how much it weighs.

    Attributes
    ----------
    dataset, variable, row, key : str, str, int or None, str
        Where; row (from 1) and key of the first record, None and empty where it is about no single one.
    finding : str
        A sentence, with the first keys where it is about several records.
    weight : int
        How much it weighs.
    kind, consequence : str
        What was found and what becomes of such records, the same for everything that is odd in the same way, and
        without the name of a participant; without a kind the finding is one of its own.
    records, participants : int or None
        How many; None where it is about no records.
    reason : str
        Why the study file gives it another weight.
    """

    dataset: str
    variable: str
    row: int | None
    key: str
    finding: str
    weight: int = IN_LIST
    kind: str = ""
    consequence: str = ""
    records: int | None = None
    participants: int | None = None
    reason: str = ""


def issue_table(issues: Sequence[Issue]) -> pd.DataFrame:
    """Return issues as a frame.

    Returns
    -------
    frame
        DATASET, VARIABLE, ROW (Int64, from 1, may be missing), KEY, FINDING, WEIGHT, KIND, CONSEQUENCE, RECORDS and
        PARTICIPANTS (Int64, may be missing), REASON: as `Issue` says them.
    """
    named = [issue if issue.kind else issue._replace(kind=issue.finding.removesuffix(".")) for issue in issues]
    table = pd.DataFrame(named, columns=list(ISSUE_COLUMNS))
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
    row, people = int(str(odd.index[0])) + 1, odd["USUBJID"].nunique()
    yield Issue(dataset, variable, row, str(keys.iloc[0]), finding, weight, kind, consequence, len(odd), people)


def single_issue(
    place: tuple[str, str], position: int, key: str, finding: str, words: tuple[str, str], number: int = 1
) -> Issue:
    """Return an issue about records of one participant, told by itself: others of its kind are issues of their own.

    Parameters
    ----------
    place, words : tuple of str
        As :func:`kind_issue` takes them.
    position : int
        Of its first record, from 0.
    key, finding : str
        Key of that record, and the sentence.
    number : int
        How many records it is about.
    """
    dataset, variable = place
    kind, consequence = words
    return Issue(dataset, variable, position + 1, key, finding, IN_LIST, kind, consequence, number, 1)


def counted(participants: pd.Series) -> str:
    """Return how many records there are, and of how many participants.

    Examples
    --------
    >>> counted(pd.Series(["01", "01", "02"])), counted(pd.Series(["01"]))
    ('3 records of 2 participants', '1 record of 1 participant')
    """
    return counted_words(len(participants), participants.nunique())


def counted_words(records: int | str, participants: int | str) -> str:
    """Return numbers of records and participants in words.

    Examples
    --------
    >>> counted_words(3, 2), counted_words("1", "1")
    ('3 records of 2 participants', '1 record of 1 participant')
    """
    return f"{_number(records, 'record')} of {_number(participants, 'participant')}"


def _number(count: int | str, noun: str) -> str:
    return f"{count} {noun}" if str(count) == "1" else f"{count} {noun}s"


def key_at(dataset: str, frame: pd.DataFrame, position: int) -> str:
    """Return the key of the record at a position (from 0); empty where the dataset has no participants."""
    if "USUBJID" not in frame:
        return ""
    # Only records of one participant can share a key, so the others need not be looked at.
    participants = text_of(frame["USUBJID"])
    is_own = participants.eq(participants.iloc[position]).to_numpy()
    place = int(is_own[:position].sum())
    return str(record_keys(dataset, frame[is_own]).iloc[place])
