"""Oddities by kind: a code for each kind of oddity of a variable, how many records it has, and its one sentence."""

from __future__ import annotations

from typing import NamedTuple

import pandas as pd

from cutbook.data.checks.records import counted_words
from cutbook.records import participant_of

_KIND = ["DATASET", "VARIABLE", "KIND", "CONSEQUENCE"]
_PLACE = ["DATASET", "VARIABLE"]


def kinds_of(issues: pd.DataFrame) -> pd.DataFrame:
    """Return the kinds of oddities, one row a kind, at its first oddity.

    Parameters
    ----------
    issues : frame
        As :func:`cutbook.data.checks.records.issue_table` returns it.

    Returns
    -------
    frame
        The columns of the first oddity of each kind, RECORDS and PARTICIPANTS of the whole kind (missing where it is
        about no records), and CODE: dataset and variable, from the second kind of a variable on with its number
        (``ae.AESTDTC#2``); the index is that of the first oddity.
    """
    number = issues.groupby(_KIND, sort=False).ngroup()
    first = issues[~number.duplicated()]
    own = number[first.index]
    records = own.map(issues["RECORDS"].astype("float64").groupby(number).sum(min_count=1)).astype("Int64")
    people = own.map(issues["KEY"].map(participant_of).groupby(number).nunique()).astype("Int64")
    several = people.where(records.notna())
    is_alone = own.map(number.value_counts()).eq(1)
    first = first.assign(RECORDS=records, PARTICIPANTS=first["PARTICIPANTS"].where(is_alone, several))
    return first.assign(CODE=_codes(first))


def _codes(kinds: pd.DataFrame) -> pd.Series:
    place = kinds["DATASET"] + ("." + kinds["VARIABLE"]).where(kinds["VARIABLE"].ne(""), "")
    number = kinds.groupby(_PLACE, sort=False).cumcount() + 1
    codes: pd.Series = place + ("#" + number.astype("str")).where(number.gt(1), "")
    return codes


class Told(NamedTuple):
    """What a sentence says of a kind of oddity."""

    dataset: str
    variable: str
    kind: str
    consequence: str


def kind_sentence(told: Told, records: str, participants: str, place: str = "") -> str:
    """Return a kind of oddity as one sentence that names no participant.

    Parameters
    ----------
    told : Told
        The kind.
    records, participants : str
        How many, as text; empty where it is about no records, or where its records have no participants.
    place : str
        Where it is found, in words; otherwise dataset and variable.

    Examples
    --------
    >>> kind_sentence(Told("ae", "AESEV", "Severity that is not listed", "counted without one"), "3", "1")
    'AE.AESEV: Severity that is not listed: 3 records of 1 participant; counted without one.'
    >>> kind_sentence(Told("pc", "", "Not provided", ""), "", "")
    'PC: Not provided.'
    """
    place = place or ".".join(filter(None, (told.dataset.upper(), told.variable)))
    number = counted_words(records, participants) if participants else f"{records} records" if records else ""
    said = ": ".join(filter(None, (place, told.kind, number)))
    return f"{'; '.join(filter(None, (said, told.consequence)))}."
