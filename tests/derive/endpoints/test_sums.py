"""Sums of items: of one moment, and missing where an item is."""

import pandas as pd

from cutbook.derive.endpoints.sums import sums_of_items

DAY = pd.Timestamp("2024-01-01")


def records(*rows):
    frame = pd.DataFrame(rows, columns=["USUBJID", "VISITNUM", "PARAMCD", "AVAL"])
    return frame.assign(
        ADT=DAY, ADTM=pd.NaT, AVALC=None, IS_USABLE=frame["AVAL"].notna(), KEY=[f"qs/{n}" for n in frame.index]
    )


def test_items_of_a_moment_are_added_up_and_a_missing_or_doubled_one_leaves_no_sum():
    found = sums_of_items(records(
        ("1", 3, "A", 4.0), ("1", 3, "B", 2.0), ("1", 4, "A", 4.0), ("1", 4, "B", None), ("2", 3, "A", 1.0),
        ("2", 4, "A", 0.0), ("2", 4, "B", 0.0), ("3", 3, "A", 1.0), ("3", 3, "B", 1.0), ("3", 3, "B", 2.0),
    ))  # fmt: skip
    told = found.astype(object).where(found.notna(), None)[["USUBJID", "VISITNUM", "AVAL", "IS_USABLE", "KEY"]]
    assert told.to_numpy().tolist() == [
        ["1", 3, 6.0, True, "qs/0"],
        ["1", 4, None, False, "qs/2"],
        ["2", 3, None, False, "qs/4"],
        ["2", 4, 0.0, True, "qs/5"],
        ["3", 3, None, False, "qs/7"],
    ]
