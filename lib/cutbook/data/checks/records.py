"""Records as the checks name them, and the list of issues."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import pandas as pd

from cutbook.record_names import text_of
from cutbook.records import record_keys

ISSUE_COLUMNS = ("DATASET", "VARIABLE", "ROW", "KEY", "FINDING")


class Issue(NamedTuple):
    """Something odd that does not stop the run: where it is, and a sentence."""

    dataset: str
    variable: str
    row: int | None
    key: str
    finding: str


def issue_table(issues: Sequence[Issue]) -> pd.DataFrame:
    """Return issues as a frame: DATASET, VARIABLE, ROW (Int64, from 1, may be missing), KEY, FINDING."""
    table = pd.DataFrame(issues, columns=list(ISSUE_COLUMNS))
    return table.astype({name: "Int64" if name == "ROW" else "str" for name in ISSUE_COLUMNS})


def key_at(dataset: str, frame: pd.DataFrame, position: int) -> str:
    """Return the key of the record at a position (from 0); empty where the dataset has no participants."""
    if "USUBJID" not in frame:
        return ""
    # Only records of one participant can share a key, so the others need not be looked at.
    participants = text_of(frame["USUBJID"])
    is_own = participants.eq(participants.iloc[position]).to_numpy()
    place = int(is_own[:position].sum())
    return str(record_keys(dataset, frame[is_own]).iloc[place])
