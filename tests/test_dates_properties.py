"""What holds for every partial date."""

from __future__ import annotations

import datetime as dt

import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from cutbook.dates import date_part, earliest, is_valid_partial, latest_possible, precision, to_moment

MOMENTS = st.datetimes(min_value=dt.datetime(1900, 1, 1), max_value=dt.datetime(2100, 12, 31))  # noqa: DTZ001 - local clock
TRUNCATIONS = {4: "%Y", 7: "%Y-%m", 10: "%Y-%m-%d", 13: "%Y-%m-%dT%H", 16: "%Y-%m-%dT%H:%M", 19: "%Y-%m-%dT%H:%M:%S"}
LENGTHS = st.sampled_from(sorted(TRUNCATIONS))


def one(text: str) -> pd.Series:
    return pd.Series([text], dtype="str")


@given(moment=MOMENTS, length=LENGTHS)
def test_a_moment_lies_in_the_span_of_each_of_its_truncations(moment: dt.datetime, length: int) -> None:
    text = moment.strftime(TRUNCATIONS[length])

    first, last = earliest(one(text)).iloc[0], latest_possible(one(text)).iloc[0]

    assert is_valid_partial(one(text)).all()
    assert first <= moment.replace(microsecond=0) <= last


@given(moment=MOMENTS, lengths=st.tuples(LENGTHS, LENGTHS).map(sorted))
def test_a_more_precise_date_means_a_span_within_the_less_precise(moment: dt.datetime, lengths: list[int]) -> None:
    coarse, fine = (one(moment.strftime(TRUNCATIONS[length])) for length in lengths)

    assert earliest(coarse).iloc[0] <= earliest(fine).iloc[0]
    assert latest_possible(fine).iloc[0] <= latest_possible(coarse).iloc[0]


@given(moment=MOMENTS, hidden=st.sets(st.sampled_from(["%m", "%d", "%H", "%M", "%S"])))
def test_any_part_may_be_unknown(moment: dt.datetime, hidden: set[str]) -> None:
    pattern = "%Y-%m-%dT%H:%M:%S"
    for part in hidden:
        pattern = pattern.replace(part, "-")
    text = one(moment.strftime(pattern))

    assert is_valid_partial(text).all()
    assert earliest(text).iloc[0] <= moment.replace(microsecond=0) <= latest_possible(text).iloc[0]


@given(moment=MOMENTS, offset=st.sampled_from(["", "Z", "+02:00", "-0500", "+14", ".25"]))
def test_a_complete_date_is_that_moment_by_the_local_clock(moment: dt.datetime, offset: str) -> None:
    text = one(moment.strftime("%Y-%m-%dT%H:%M:%S") + offset)

    assert to_moment(text).iloc[0] == moment.replace(microsecond=0)
    assert date_part(text).iloc[0] == pd.Timestamp(moment.date())
    assert precision(text).tolist() == ["S"]


@given(text=st.text(alphabet="0123456789-:T.Z+ ", max_size=22))
def test_no_text_is_both_impossible_and_a_moment(text: str) -> None:
    dates = one(text)

    moments = pd.concat([earliest(dates), latest_possible(dates), date_part(dates), to_moment(dates)])

    assert is_valid_partial(dates).all() or moments.isna().all()


@given(texts=st.lists(st.sampled_from(["2024", "2024-02-30", "", "--03-05", "2024-03-05T10:30"]), max_size=12))
def test_a_column_is_read_value_by_value(texts: list[str]) -> None:
    whole = earliest(pd.Series(texts, dtype="str"))

    singly = [earliest(one(text)).iloc[0] for text in texts]
    pd.testing.assert_series_equal(whole, pd.Series(singly, dtype="datetime64[s]"))
