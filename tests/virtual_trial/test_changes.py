from __future__ import annotations

import itertools
from collections.abc import Callable
from typing import Any

import pandas as pd
import pytest

from virtual_trial.domains import datasets

CUTS = ("C1", "C2", "C3", "IA", "SL", "DBL")
STEPS = list(itertools.pairwise(CUTS))
TRIAL_LEVEL = ("ts", "ta", "te", "tv", "ti", "td")

Read = Callable[[str, str], pd.DataFrame]
Steps = list[dict[str, Any]]


NAMES = tuple(entry.name for entry in datasets() if entry.name not in TRIAL_LEVEL)


def differences(earlier: pd.DataFrame, later: pd.DataFrame) -> dict[str, list[str]]:
    """Return keys of new, changed and removed records of two frames named by key."""
    both = later.index.intersection(earlier.index)
    columns = later.columns
    old, new = earlier.reindex(both, columns=columns), later.loc[both]
    is_changed = ((old != new) & ~(old.isna() & new.isna())).any(axis=1)
    return {
        "new": list(later.index.difference(earlier.index)),
        "changed": list(both[is_changed]),
        "removed": list(earlier.index.difference(later.index)),
    }


@pytest.mark.parametrize("number", range(5))
def test_the_expected_changes_are_those_of_the_files(keyed: Read, changes: Steps, number: int) -> None:
    earlier, later = STEPS[number]
    found = [differences(keyed(earlier, name), keyed(later, name)) for name in NAMES]
    expected = {kind: sorted(key for part in found for key in part[kind]) for kind in ("new", "changed", "removed")}
    assert changes[number] == {"from": earlier, "to": later, **expected}


def test_every_step_up_to_the_soft_lock_brings_new_and_changed_records(changes: Steps) -> None:
    assert all(step["new"] and step["changed"] for step in changes[:-1])


def test_only_the_31_open_queries_change_between_the_locks(changes: Steps) -> None:
    last = changes[-1]
    assert (len(last["new"]), len(last["changed"]), len(last["removed"])) == (0, 31, 0)


def test_a_record_is_removed_only_between_c2_and_c3(changes: Steps) -> None:
    assert [bool(step["removed"]) for step in changes] == [False, True, False, False, False]
    assert {key.split("/")[0] for key in changes[1]["removed"]} == {"ae", "suppae"}


@pytest.mark.parametrize(
    ("dataset", "fixed"),
    [
        ("ae", ["AESPID"]),
        ("lb", ["LBTESTCD", "LBSPEC", "LBDTC", "LBREFID"]),
        ("pc", ["PCSPEC", "PCDTC"]),
        ("ex", ["EXSTDTC"]),
        ("cm", ["CMSPID", "CMTRT"]),
        ("qs", ["QSTESTCD", "QSDTC"]),
        ("vs", ["VSTESTCD", "VSDTC"]),
    ],
)
def test_a_sequence_number_means_the_same_record_in_every_cut(read: Read, dataset: str, fixed: list[str]) -> None:
    number = f"{dataset.upper()}SEQ"
    parts = [read(cut, dataset)[["USUBJID", number, *fixed]] for cut in CUTS]
    together = pd.concat(parts).drop_duplicates()
    assert not together.duplicated(["USUBJID", number]).any()


def test_the_sponsor_identifier_of_an_event_is_unique_and_stable(read: Read) -> None:
    together = pd.concat([read(cut, "ae")[["USUBJID", "AESPID", "AESEQ"]] for cut in CUTS]).drop_duplicates()
    assert not together.duplicated(["USUBJID", "AESPID"]).any()


def test_the_final_lock_has_no_event_under_an_old_term(read: Read) -> None:
    assert not read("DBL", "ae")["AEDECOD"].isin(["Muscle tightness", "Head discomfort"]).any()
