"""Keys: every participant once in DM, every record of a domain once, every record with its participant."""

from __future__ import annotations

import numpy as np
import pandas as pd

from cutbook.data.checks.records import key_at
from cutbook.data.wording import MOST_NAMED, row_list
from cutbook.errors import Fault
from cutbook.records import key_variables, sequence_variable, shared_keys

_RESEND = "correct it at the source and have the transfer sent again"
_ONE_ROW_A_PARTICIPANT = ("dm", "adsl")
_MAY_BE_MISSING = ("RDOMAIN", "IDVAR", "IDVARVAL")
_PARTICIPANT_OPTIONAL = "relrec"


def key_faults(dataset: str, frame: pd.DataFrame) -> list[Fault]:
    """Return faults of records without participant or number, and of keys that occur twice, with the rows of each.

    At most three participants are named, by the key of a record; the others are counted.
    """
    faults = _absent_faults(dataset, frame)
    key = list(key_variables(dataset, frame.columns))
    if not key:
        return faults
    complete = frame.dropna(subset=[name for name in key if name not in _MAY_BE_MISSING])
    twice = complete[complete.duplicated(key, keep=False)]
    participants = twice["USUBJID"].drop_duplicates()
    for participant in participants.iloc[:MOST_NAMED]:
        faults.append(_twice(dataset, key, twice[twice["USUBJID"] == participant]))
    others = len(participants) - MOST_NAMED
    if others > 0:
        found = f"the same {' and '.join(key)} in several rows for {others} more participants"
        faults.append(Fault(dataset, found, "each key once", _RESEND, key[-1]))
    return faults


def _twice(dataset: str, key: list[str], records: pd.DataFrame) -> Fault:
    """Return the fault of one participant's repeated keys; the rows of the first key are named."""
    groups = records.groupby(key, dropna=False, sort=False).ngroup()
    is_first = groups == 0
    rows = np.flatnonzero(is_first)
    others = int(groups.max())
    more = f", and {others} more such keys of this participant" if others else ""
    return Fault(
        dataset,
        found=f"the same {' and '.join(key)} in {row_list(records.index[rows] + 1)}{more}",
        expected="each key once",
        remedy=_RESEND,
        variable=key[-1],
        row=int(records.index[0]) + 1,
        key=str(shared_keys(dataset, records).iloc[0]),
    )


def _absent_faults(dataset: str, frame: pd.DataFrame) -> list[Fault]:
    faults = []
    if dataset in _ONE_ROW_A_PARTICIPANT and not len(frame):
        faults.append(Fault(dataset, "no records", "one record a participant", _RESEND))
    if "USUBJID" in frame and dataset != _PARTICIPANT_OPTIONAL:
        faults += _rows_fault(dataset, frame, "USUBJID", frame["USUBJID"].isna(), "no participant")
    number = sequence_variable(dataset, frame.columns)
    if number is not None and number in key_variables(dataset, frame.columns) and frame[number].dtype.kind == "f":
        is_whole = frame[number].mod(1) == 0
        faults += _rows_fault(dataset, frame, number, ~is_whole, "no whole number")
    return faults


def _rows_fault(dataset: str, frame: pd.DataFrame, variable: str, is_wrong: pd.Series, found: str) -> list[Fault]:
    rows = np.flatnonzero(is_wrong)
    if not len(rows):
        return []
    words = f"{found} in {row_list(rows + 1)}"
    key = key_at(dataset, frame, int(rows[0]))
    return [Fault(dataset, words, "one in every record", _RESEND, variable, int(rows[0]) + 1, key)]
