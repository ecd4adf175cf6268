"""Whether the two parts of a transfer hold what the study file says, belong together, and the open one tells nothing.

No message repeats a restricted value.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import PurePosixPath

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cutbook.data.characters import without_unseen
from cutbook.data.checks.keys import key_faults
from cutbook.data.checks.records import key_at
from cutbook.data.transfer.sources import Transfer
from cutbook.data.wording import first_few, quoted, row_list
from cutbook.errors import Fault
from cutbook.parameters.study.sources import Restricted
from cutbook.records import Where, key_variables, meets

_NOT_BLINDED_SAFE = "the open part is not blinded-safe: withdraw it and have it sent again without"
_STATE = "state it under sources.restricted of the study file, or have the transfer sent again"
_RESEND = "have both parts sent again from one extraction"
_BESIDE_THE_KEY = ("STUDYID", "DOMAIN")


def part_faults(opened: Transfer, secret: Transfer, rules: Restricted) -> list[Fault]:
    """Return everything that forbids putting the two parts together."""
    faults = [*open_faults(opened, rules), *named_apart(_restricted_faults(secret, rules), rules)]
    for stated in ("extracted", "copies"):
        found, expected = (quoted(getattr(part, stated)) for part in (secret, opened))
        if found != expected:
            fault = Fault("manifest.json", found, f"{expected} as of the open part", _RESEND, stated)
            faults += named_apart([fault], rules)
    for name in sorted(rules.shared):
        faults += _pair_faults(name, opened.datasets.get(name), secret.datasets.get(name), rules)
    return faults


def named_apart(faults: Iterable[Fault], rules: Restricted) -> list[Fault]:
    """Return faults of the restricted part so that they name it: ``restricted/dm`` for ``dm``."""
    return [replace(fault, dataset=f"{rules.folder}/{fault.dataset}") for fault in faults]


def open_faults(opened: Transfer, rules: Restricted) -> list[Fault]:
    """Return a fault for each restricted column or record that the open part of a transfer holds.

    A file that is named as a wholly restricted dataset counts, read or not.
    """
    files = zip(opened.received["DATASET"], opened.received["FILE"], strict=True)
    named = [(whole, file) for name, file in files for whole in rules.whole & {name, PurePosixPath(file).stem.lower()}]
    faults = [
        Fault(name, f"the file {quoted(file)} in the open part", "restricted records apart from it", _NOT_BLINDED_SAFE)
        for name, file in named
    ]
    for name, frame in opened.datasets.items():
        faults += _open_columns(name, frame, rules.variables.get(name, ()))
        where = rules.records.get(name)
        if where and not (absent := _absent_columns(name, frame, where)):
            faults += _open_records(name, frame, where)
        elif where:
            faults += absent
    return faults


def _open_columns(name: str, frame: pd.DataFrame, columns: Iterable[str]) -> list[Fault]:
    faults = []
    for column in (column for column in columns if column in frame):
        rows = np.flatnonzero(frame[column].notna())
        if len(rows):
            found = f"a value in {row_list(rows + 1)} of the open part"
            faults.append(_at(Fault(name, found, "no column, or a blank one", _NOT_BLINDED_SAFE, column), frame, rows))
    return faults


def _open_records(name: str, frame: pd.DataFrame, where: Where) -> list[Fault]:
    rows = np.flatnonzero(_is_restricted(frame, where))
    if not len(rows):
        return []
    found = f"a restricted record in {row_list(rows + 1)} of the open part"
    return [_at(Fault(name, found, "none there", _NOT_BLINDED_SAFE, next(iter(where))), frame, rows)]


def _restricted_faults(secret: Transfer, rules: Restricted) -> list[Fault]:
    """Return faults of the restricted part in itself: it holds all that is stated, and nothing else."""
    stated = rules.shared | rules.whole
    others = [name for name in secret.received["DATASET"] if name and name not in stated]
    faults = [
        Fault(name, "a dataset that is not stated as restricted", first_few(sorted(stated)), _STATE) for name in others
    ]
    for name, frame in secret.datasets.items():
        if name in rules.variables:
            faults += _column_faults(name, frame, rules.variables[name])
        elif name in rules.shared:
            faults += _record_faults(name, frame, rules.records[name])
    return faults


def _column_faults(name: str, frame: pd.DataFrame, columns: Sequence[str]) -> list[Fault]:
    absent = [column for column in columns if column not in frame]
    faults = [Fault(name, "no such column", "each restricted column", _STATE, column) for column in absent]
    known = {*columns, *_BESIDE_THE_KEY, *key_variables(name, frame.columns)}
    others = [str(column) for column in frame if column not in known]
    expected = "the key and restricted columns only"
    return faults + [Fault(name, "a column not stated as restricted", expected, _STATE, column) for column in others]


def _record_faults(name: str, frame: pd.DataFrame, where: Where) -> list[Fault]:
    absent = _absent_columns(name, frame, where)
    rows = np.flatnonzero([] if absent else ~_is_restricted(frame, where))
    if not len(rows):
        return absent
    found = f"a record not stated as restricted in {row_list(rows + 1)}"
    return [_at(Fault(name, found, "restricted records only", _STATE, next(iter(where))), frame, rows)]


def _pair_faults(name: str, frame: pd.DataFrame | None, secret: pd.DataFrame | None, rules: Restricted) -> list[Fault]:
    if frame is None and secret is None:
        return []
    if frame is None:
        return [Fault(name, "no open part, but a restricted one", "both", _RESEND)]
    if secret is None:
        is_needed = name in rules.variables
        return named_apart([Fault(name, "no restricted part", "both", _RESEND)], rules) if is_needed else []
    if name in rules.records:
        return _type_faults(name, frame, secret, frame.columns.intersection(secret.columns))
    return _key_faults(name, frame, secret, rules)


def _key_faults(name: str, frame: pd.DataFrame, secret: pd.DataFrame, rules: Restricted) -> list[Fault]:
    """Return faults of records that cannot be joined one to one."""
    key = list(key_variables(name, frame.columns.intersection(secret.columns)))
    if not key:
        expected = "the key of its records in both parts: participant and sequence number"
        return [Fault(name, "no column that tells the records apart", expected, _RESEND)]
    faults = [
        *_type_faults(name, frame, secret, key),
        *key_faults(name, frame),
        *named_apart(key_faults(name, secret), rules),
    ]
    if faults:
        return faults
    return [
        *_unmatched(name, frame, secret, key),
        *named_apart(_unmatched(name, secret, frame, key), rules),
    ]


def _type_faults(name: str, frame: pd.DataFrame, secret: pd.DataFrame, columns: Iterable[str]) -> list[Fault]:
    expected = "one type in both parts"
    return [
        Fault(name, "text in one part of the transfer, numbers in the other", expected, _RESEND, column)
        for column in columns
        if frame[column].dtype != secret[column].dtype
    ]


def _unmatched(name: str, frame: pd.DataFrame, other: pd.DataFrame, key: list[str]) -> list[Fault]:
    found = frame[key].merge(other[key], on=key, how="left", indicator=True, validate="one_to_one")
    rows = np.flatnonzero(found["_merge"] == "left_only")
    if not len(rows):
        return []
    words = f"no record of this key in the other part for {row_list(rows + 1)}"
    return [_at(Fault(name, words, "each key in both parts", _RESEND, key[-1]), frame, rows)]


def _absent_columns(name: str, frame: pd.DataFrame, where: Where) -> list[Fault]:
    expected = "text by which restricted records are told"
    return [
        Fault(name, "no such text column", expected, _STATE, column)
        for column in where
        if column not in frame or frame[column].dtype != "str"
    ]


def _is_restricted(frame: pd.DataFrame, where: Where) -> pd.Series:
    """Whether each record is one: all variables have one of their values, whatever the case and what does not show."""
    folded = frame[list(where)].apply(without_unseen)
    accepted = {column: without_unseen(pd.Series(values, dtype="str")).tolist() for column, values in where.items()}
    return meets(folded, accepted)


def _at(fault: Fault, frame: pd.DataFrame, rows: NDArray[np.intp]) -> Fault:
    """Return the fault with its first row and the key of that record."""
    return replace(fault, row=int(rows[0]) + 1, key=key_at(fault.dataset, frame, int(rows[0])))
