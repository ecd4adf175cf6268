from __future__ import annotations

import pandas as pd
import pytest

from cutbook.data.checks.keys import key_faults
from cutbook.records import key_variables
from transfer_files import clean_datasets, frame_of_records


def lines(dataset: str, frame: pd.DataFrame) -> list[str]:
    return [str(fault).split("; expected")[0] for fault in key_faults(dataset, frame)]


def test_a_participant_twice_in_dm_is_a_fault_that_names_both_rows() -> None:
    dm = clean_datasets()["dm"]
    twice = pd.concat([dm, dm.iloc[[1]]], ignore_index=True)
    assert lines("dm", twice) == ["dm.USUBJID row 2 key dm/01-002: found the same USUBJID in rows 2 and 4"]


def test_a_key_twice_in_lb_is_a_fault_that_names_both_rows() -> None:
    lb = clean_datasets()["lb"].assign(LBSEQ=[1.0, 1.0, 1.0, 2.0])
    assert lines("lb", lb) == ["lb.LBSEQ row 1 key lb/01-001/1: found the same USUBJID and LBSEQ in rows 1 and 2"]


def test_the_same_number_of_two_participants_is_no_fault() -> None:
    assert lines("lb", clean_datasets()["lb"]) == []


def test_at_most_three_participants_are_named_and_the_others_counted() -> None:
    frame = frame_of_records({"USUBJID": list("abcde") * 2, "AESEQ": [1.0] * 10})
    found = lines("ae", frame)
    assert found == [
        "ae.AESEQ row 1 key ae/a/1: found the same USUBJID and AESEQ in rows 1 and 6",
        "ae.AESEQ row 2 key ae/b/1: found the same USUBJID and AESEQ in rows 2 and 7",
        "ae.AESEQ row 3 key ae/c/1: found the same USUBJID and AESEQ in rows 3 and 8",
        "ae.AESEQ: found the same USUBJID and AESEQ in several rows for 2 more participants",
    ]


def test_several_keys_of_one_participant_are_one_fault() -> None:
    frame = frame_of_records({"USUBJID": ["a"] * 8, "AESEQ": [1.0, 1.0, 2.0, 2.0, 3.0, 3.0, 3.0, 4.0]})
    (found,) = lines("ae", frame)
    assert found.endswith("found the same USUBJID and AESEQ in rows 1 and 2, and 2 more such keys of this participant")


def test_records_without_participant_or_number_are_faults_and_no_duplicates() -> None:
    frame = frame_of_records({"USUBJID": ["a", None, None, "a", "a"], "AESEQ": [1.0, 1.0, 1.0, None, 1.5]})
    assert lines("ae", frame) == [
        "ae.USUBJID row 2 key ae//1: found no participant in rows 2 and 3",
        "ae.AESEQ row 4 key ae/a/#1: found no whole number in rows 4 and 5",
    ]


def test_a_qualifier_twice_is_a_fault_also_where_the_parent_is_the_participant() -> None:
    frame = frame_of_records(
        {"RDOMAIN": ["DM"] * 2, "USUBJID": ["a"] * 2, "IDVAR": [None] * 2, "IDVARVAL": [None] * 2, "QNAM": ["X"] * 2}
    )
    (found,) = lines("suppdm", frame)
    assert found.endswith("found the same RDOMAIN and USUBJID and IDVAR and IDVARVAL and QNAM in rows 1 and 2")


def test_relations_may_lack_a_participant() -> None:
    assert lines("relrec", frame_of_records({"USUBJID": [None], "RDOMAIN": ["AE"]})) == []


@pytest.mark.parametrize(
    ("dataset", "columns", "key"),
    [
        ("adsl", ["USUBJID"], ("USUBJID",)),
        ("adae", ["USUBJID", "AESEQ"], ("USUBJID", "AESEQ")),
        ("adlb", ["USUBJID", "LBSEQ"], ()),
        ("sv", ["USUBJID", "VISITNUM"], ()),
        ("qsal", ["USUBJID", "QSSEQ"], ("USUBJID", "QSSEQ")),
    ],
)
def test_the_key_depends_on_the_dataset(dataset: str, columns: list[str], key: tuple[str, ...]) -> None:
    assert key_variables(dataset, pd.Index(columns)) == key
