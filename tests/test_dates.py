"""Partial ISO 8601 dates: what counts as a date, and what moments it can mean."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from cutbook.dates import (
    date_part,
    earliest,
    is_valid_partial,
    latest_date,
    latest_possible,
    parse_partial,
    precision,
    study_day,
    to_moment,
)

# text, earliest, latest possible, precision
PARTIALS = [
    ("2024", "2024-01-01T00:00:00", "2024-12-31T23:59:59", "Y"),
    ("2024-02", "2024-02-01T00:00:00", "2024-02-29T23:59:59", "M"),
    ("2023-02", "2023-02-01T00:00:00", "2023-02-28T23:59:59", "M"),
    ("2024-03-05", "2024-03-05T00:00:00", "2024-03-05T23:59:59", "D"),
    ("2024---05", "2024-01-05T00:00:00", "2024-12-05T23:59:59", "Y"),
    ("2024---31", "2024-01-31T00:00:00", "2024-12-31T23:59:59", "Y"),
    ("2024-03--T10", "2024-03-01T10:00:00", "2024-03-31T10:59:59", "M"),
    ("2024-03-05T10", "2024-03-05T10:00:00", "2024-03-05T10:59:59", "H"),
    ("2024-03-05T10:30", "2024-03-05T10:30:00", "2024-03-05T10:30:59", "MI"),
    ("2024-03-05T10:30:15", "2024-03-05T10:30:15", "2024-03-05T10:30:15", "S"),
    ("2024-03-05T10:30:15.999", "2024-03-05T10:30:15", "2024-03-05T10:30:15", "S"),
    ("2024-03-05T-:30", "2024-03-05T00:30:00", "2024-03-05T23:30:59", "D"),
    ("2024-03-05T10:-:15", "2024-03-05T10:00:15", "2024-03-05T10:59:15", "H"),
    ("2024-03-05T10:30Z", "2024-03-05T10:30:00", "2024-03-05T10:30:59", "MI"),
    ("2024-03-05T23:30-05:00", "2024-03-05T23:30:00", "2024-03-05T23:30:59", "MI"),
    ("2024-03-05T10:30:15+0200", "2024-03-05T10:30:15", "2024-03-05T10:30:15", "S"),
]
WITHOUT_YEAR = ["--03-05", "--02-29", "--03", "-----05", "----05", "---05", "-----T07:15"]
IMPOSSIBLE = [
    "2024-02-30",
    "2023-02-29",
    "1900-02-29",
    "--02-30",
    "--04-31",
    "2024-13",
    "2024-00",
    "2024-03-00",
    "2024-03-05T25",
    "2024-03-05T24:00",
    "2024-03-05T10:60",
    "2024-03-05T10:30:60",
    "2024-03-05T10:30+15:00",
    "2024-03-05T",
    "2024-03-05T-:-.5",
    "2024T10:30",
    "2024-03T10:30",
    "2024-03-",
    "2024-3-5",
    "20240305",
    "05MAR2024",
    "2024-03-05 10:30",
    "2024-03-05T10:30\n",
    "2024-03-06/2024-03-05",
    "0000-01-01",
    "24",
    "-",
    "--",
    "UNK",
    "２０２４",
]


@pytest.mark.parametrize(("text", "first", "last", "finest"), PARTIALS)
def test_a_date_with_a_year_means_a_span_of_moments(text: str, first: str, last: str, finest: str) -> None:
    dates = pd.Series([text])

    assert earliest(dates).iloc[0] == pd.Timestamp(first)
    assert latest_possible(dates).iloc[0] == pd.Timestamp(last)
    assert precision(dates).iloc[0] == finest
    assert is_valid_partial(dates).iloc[0]


@pytest.mark.parametrize("text", WITHOUT_YEAR)
def test_a_date_without_a_year_is_valid_and_means_no_moment(text: str) -> None:
    dates = pd.Series([text])

    assert is_valid_partial(dates).tolist() == [True]
    assert pd.concat([earliest(dates), latest_possible(dates), precision(dates)]).isna().all()


@pytest.mark.parametrize("text", IMPOSSIBLE)
def test_an_impossible_date_is_invalid_and_means_no_moment(text: str) -> None:
    dates = pd.Series([text])

    assert is_valid_partial(dates).tolist() == [False]
    assert pd.concat([earliest(dates), latest_possible(dates), date_part(dates), precision(dates)]).isna().all()
    assert latest_date(dates) == ""


@pytest.mark.parametrize(
    "dates",
    [
        pd.Series([None, "", np.nan], dtype=object),
        pd.Series([None, ""], dtype="str"),
        pd.Series([np.nan, np.nan]),
        pd.Series([], dtype="str"),
    ],
)
def test_missing_dates_are_valid_and_mean_no_moment(dates: pd.Series) -> None:
    assert is_valid_partial(dates).all()
    assert earliest(dates).dtype == "datetime64[s]"
    assert pd.concat([earliest(dates), latest_possible(dates), date_part(dates), to_moment(dates)]).isna().all()
    assert latest_date(dates) == ""


def test_parts_are_those_stated() -> None:
    parts = parse_partial(pd.Series(["2024---05", "--03-05T10:-:15", "2024-02-30", None], index=[7, 5, 3, 1]))

    expected = pd.DataFrame(
        {
            "YEAR": [2024.0, np.nan, np.nan, np.nan],
            "MONTH": [np.nan, 3.0, np.nan, np.nan],
            "DAY": [5.0, 5.0, np.nan, np.nan],
            "HOUR": [np.nan, 10.0, np.nan, np.nan],
            "MINUTE": [np.nan] * 4,
            "SECOND": [np.nan, 15.0, np.nan, np.nan],
            "VALID": [True, True, False, True],
        },
        index=[7, 5, 3, 1],
    )
    pd.testing.assert_frame_equal(parts, expected)


def test_the_day_is_known_only_when_complete_and_the_moment_only_with_its_minute() -> None:
    dates = pd.Series(
        ["2024-03-05", "2024-03-05T10", "2024-03-05T10:30", "2024-03", "2024-03-05T-:30", "--03-05T10:30"]
    )

    assert date_part(dates).dt.strftime("%F").fillna("").tolist() == ["2024-03-05"] * 3 + ["", "2024-03-05", ""]
    assert to_moment(dates).dt.strftime("%F %T").fillna("").tolist() == ["", "", "2024-03-05 10:30:00", "", "", ""]


def test_index_and_name_of_the_series_are_kept() -> None:
    dates = pd.Series(["2024-03-05", None], index=[4, 9], name="AESTDTC")

    for function in (earliest, latest_possible, date_part, to_moment, precision, is_valid_partial):
        pd.testing.assert_index_equal(function(dates).index, dates.index)
        assert function(dates).name == "AESTDTC"


@pytest.mark.parametrize(
    ("dates", "last"),
    [
        (["2024-03-05T10:30", "2024-03-04", None], "2024-03-05"),
        (["2024-03", "2024-02-28"], "2024-03"),
        (["2024-03", "2024-03-01"], "2024-03-01"),
        (["2024-03-01T08:00", "2024-03-01"], "2024-03-01"),
        (["2024-02-30", "--12-31", "2023"], "2023"),
        (["--12-31"], ""),
    ],
)
def test_the_last_date_is_that_of_possible_dates_with_a_year(dates: list[str | None], last: str) -> None:
    assert latest_date(pd.Series(dates, dtype="str")) == last


def test_there_is_no_study_day_zero() -> None:
    dates = pd.to_datetime(
        pd.Series(["2024-03-03", "2024-03-04T23:59", "2024-03-05T00:00", "2024-03-06", None], dtype="str"),
        format="ISO8601",
    )
    reference = pd.Series(pd.Timestamp("2024-03-05T10:00"), index=dates.index)

    expected = pd.Series([-2.0, -1.0, 1.0, 2.0, np.nan])
    pd.testing.assert_series_equal(study_day(dates, reference), expected)
    assert study_day(dates, reference.mask(reference.notna())).isna().all()
