"""Which EX records are doses, when treatment began and ended, how much was given."""

from __future__ import annotations

import pandas as pd
import pytest

from cutbook.data.checks.dosing.given import administrations, omissions
from cutbook.derive.exposure import days_at_risk, dose_changes, treatment_summary, with_ends
from derive.cases import dates, days, numbers, table, texts

COLUMNS = "USUBJID EXSEQ EXTRT EXDOSE EXDOSFRQ EXSTDTC EXENDTC"
DOSES = pd.Series({"01": 100.0, "02": 0.0, "03": float("nan")})
NOBODY_LEFT = pd.Series(dtype="datetime64[s]")


def given(*rows):
    return administrations({"ex": table(COLUMNS, *rows)}, DOSES)


@pytest.mark.parametrize(
    ("record", "is_given"),
    [
        (("01", 1.0, "DRUG", 100.0, "ONCE", "2024-03-05", None), True),
        (("01", 1.0, "DRUG", 0.0, "ONCE", "2024-03-05", None), False),
        (("02", 1.0, "PLACEBO", 0.0, "ONCE", "2024-03-05", None), True),
        (("03", 1.0, "PLACEBO", 0.0, "ONCE", "2024-03-05", None), True),
        (("01", 1.0, "DRUG", None, "ONCE", "2024-03-05", None), True),
        (("01", 1.0, "DRUG", None, "ONCE", None, None), False),
        (("01", 1.0, None, None, "ONCE", "2024-03-05", None), True),
        (("01", 1.0, "DRUG", 100.0, "ONCE", None, None), True),
    ],
)
def test_a_record_is_a_dose_by_the_first_rule_that_applies(record, is_given):
    assert len(given(record)) == is_given


def test_a_dose_that_is_recorded_as_not_taken_is_none():
    ex = table(f"{COLUMNS} EXOCCUR", ("01", 1.0, "DRUG", 100.0, "ONCE", "2024-03-05", None, "N"))
    assert administrations({"ex": ex}, DOSES).empty


def test_dates_alone_make_a_dose_where_treatment_is_withheld():
    assert len(administrations({"ex": table("USUBJID EXSEQ EXSTDTC", ("01", 1.0, "2024-03-05"))}, DOSES)) == 1


def test_without_exposure_nobody_is_treated():
    assert administrations({}, DOSES).empty
    assert treatment_summary(with_ends(administrations({}, DOSES), NOBODY_LEFT, "2024-12-31")).empty


def test_doses_are_numbered_in_the_order_of_time_within_a_participant():
    doses = given(
        ("02", 1.0, "PLACEBO", 0.0, "ONCE", "2024-03-05", None),
        ("01", 1.0, "DRUG", 100.0, "ONCE", "2024-03-19T09:00", None),
        ("01", 2.0, "DRUG", 100.0, "ONCE", "2024-03-05T09:00", None),
    )
    assert list(zip(doses["USUBJID"], doses["EXSEQ"], doses["DOSEOCC"], strict=True)) == [
        ("01", 2.0, 1.0),
        ("01", 1.0, 2.0),
        ("02", 1.0, 1.0),
    ]


@pytest.mark.parametrize(
    ("frequency", "end", "left", "expected_end", "expected_doses"),
    [
        ("ONCE", None, None, "2024-03-05", 1),
        (None, None, None, "2024-03-05", 1),
        ("QD", "2024-03-14", None, "2024-03-14", 10),
        ("BID", "2024-03-14", None, "2024-03-14", 20),
        ("QOD", "2024-03-13", None, "2024-03-13", 5),
        ("QD", "2024-03", None, "2024-03-31", 27),
        ("QD", None, "2024-03-10", "2024-03-10", 6),
        ("QD", None, None, "2024-03-25", 21),
        ("QD", "2024-03-01", None, "2024-03-05", 1),
        ("PRN", "2024-03-14", None, "2024-03-14", None),
    ],
)
def test_a_record_ends_as_recorded_or_when_the_participant_left_or_at_the_cut_off(
    frequency, end, left, expected_end, expected_doses
):
    doses = given(("01", 1.0, "DRUG", 100.0, frequency, "2024-03-05", end))
    ended = pd.Series(days(left).to_numpy(), index=["01"])
    dosed = with_ends(doses, ended, "2024-03-25T12:00")
    assert dates(dosed["ENDDT"]) == [expected_end]
    assert numbers(dosed["DOSES"]) == [expected_doses]


def test_a_period_without_an_end_ends_the_day_before_the_next_one():
    doses = given(
        ("01", 1.0, "DRUG", 50.0, "QD", "2024-03-05", None),
        ("01", 2.0, "DRUG", 100.0, "QD", "2024-03-10", "2024-03-11"),
    )
    dosed = with_ends(doses, NOBODY_LEFT, "2024-12-31")
    assert dates(dosed["ENDDT"]) == ["2024-03-09", "2024-03-11"]
    assert numbers(dosed["AMOUNT"]) == [250.0, 200.0]


def test_treatment_runs_from_the_first_dose_to_the_last_and_counts_both_days():
    doses = given(
        ("01", 1.0, "DRUG", 100.0, "ONCE", "2024-03-05T10:00", "2024-03-05T10:05"),
        ("01", 2.0, "DRUG", 100.0, "ONCE", "2024-03-19T09:30", None),
        ("02", 1.0, "PLACEBO", 0.0, "ONCE", "2024-03-05", None),
    )
    summary = treatment_summary(with_ends(doses, NOBODY_LEFT, "2024-12-31"))
    assert dates(summary["TRTSDT"]) == ["2024-03-05", "2024-03-05"]
    assert dates(summary["TRTEDT"]) == ["2024-03-19", "2024-03-05"]
    assert texts(summary["TRTSDTM"]) == ["2024-03-05 10:00:00", None]
    assert texts(summary["TRTEDTM"]) == ["2024-03-19 09:30:00", None]
    assert numbers(summary["TRTDURD"]) == [15.0, 1.0]
    assert numbers(summary["DOSEN"]) == [2.0, 1.0]
    assert numbers(summary["DOSETOT"]) == [200.0, 0.0]


def test_a_total_dose_is_missing_when_one_dose_is_unknown():
    doses = given(
        ("01", 1.0, "DRUG", 100.0, "ONCE", "2024-03-05", None), ("01", 2.0, "DRUG", None, "ONCE", "2024-03-19", None)
    )
    summary = treatment_summary(with_ends(doses, NOBODY_LEFT, "2024-12-31"))
    assert numbers(summary["DOSEN"]) == [2.0]
    assert numbers(summary["DOSETOT"]) == [None]


def course(first, last, left, died, status="ONGOING", dead="N"):
    """Return a participant at a cut-off on 2024-03-31."""
    days = table("TRTSDT TRTEDT DCUTDT EOSDT DTHDT", (first, last, "2024-03-31", left, died)).astype("datetime64[s]")
    return days.assign(EOSSTT=status, DTHFL=dead)


@pytest.mark.parametrize(
    ("last_dose", "left", "died", "window", "expected"),
    [
        ("2024-03-15", None, None, None, 31.0),
        ("2024-03-15", "2024-03-20", None, None, 20.0),
        ("2024-03-15", "2024-03-20", "2024-03-18", None, 18.0),
        ("2024-03-15", None, None, 10, 25.0),
        ("2024-03-15", "2024-03-20", None, 10, 20.0),
        ("2024-03-15", None, None, 60, 31.0),
        ("2024-03-01", None, None, 0, 1.0),
        ("2024-03-01", "2024-02-20", None, None, 1.0),
    ],
    ids=["cut-off", "left", "died", "window", "left in the window", "window open", "day of the dose", "never less"],
)
def test_time_at_risk_ends_with_whatever_comes_first(last_dose, left, died, window, expected):
    assert numbers(days_at_risk(course("2024-03-01", last_dose, left, died), window)) == [expected]


@pytest.mark.parametrize(
    ("first", "status", "dead"),
    [
        (None, "ONGOING", "N"),
        ("2024-03-01", "DISCONTINUED", "N"),
        ("2024-03-01", "COMPLETED", "N"),
        ("2024-03-01", None, "Y"),
    ],
    ids=["no first dose", "left without a date", "completed without a date", "died without a date"],
)
def test_time_at_risk_is_missing_where_its_start_or_end_is_not_known(first, status, dead):
    assert numbers(days_at_risk(course(first, "2024-03-15", None, None, status, dead), None)) == [None]


@pytest.mark.parametrize(
    ("records", "expected"),
    [
        ([(100.0, "2024-03-05", None), (100.0, "2024-03-19", None)], (0, 0)),
        ([(100.0, "2024-03-05", None), (50.0, "2024-03-19", None), (25.0, "2024-04-02", None)], (2, 0)),
        ([(50.0, "2024-03-05", None), (100.0, "2024-03-19", None)], (0, 0)),
        ([(100.0, "2024-03-05", "2024-03-18"), (100.0, "2024-03-19", "2024-04-01")], (0, 0)),
        ([(100.0, "2024-03-05", "2024-03-18"), (100.0, "2024-03-21", "2024-04-01")], (0, 1)),
        ([(100.0, "2024-03-05", "2024-03-18"), (50.0, "2024-03-21", "2024-04-01")], (1, 1)),
        ([(100.0, "2024-03-05", None), (0.0, "2024-03-19", None), (100.0, "2024-04-02", None)], (0, 1)),
        ([(100.0, "2024-03-05", None), (None, "2024-03-19", None)], (None, 0)),
    ],
)
def test_reductions_and_interruptions_are_counted(records, expected):
    rows = [("01", at + 1.0, "DRUG", dose, "ONCE", start, end) for at, (dose, start, end) in enumerate(records)]
    rows = [(*row[:4], "QD" if row[6] else "ONCE", *row[5:]) for row in rows]
    ex = {"ex": table(COLUMNS, *rows)}
    dosed = with_ends(administrations(ex, DOSES), NOBODY_LEFT, "2024-12-31")
    changes = dose_changes(dosed, omissions(ex, DOSES))
    assert [None if value != value else value for value in changes.loc["01"]] == list(expected)


def test_a_dose_that_did_not_occur_is_omitted_and_a_dummy_of_placebo_is_not():
    ex = table(
        f"{COLUMNS} EXOCCUR",
        ("01", 1.0, "DRUG", 100.0, "ONCE", "2024-03-05", None, "Y"),
        ("01", 2.0, "PLACEBO", 0.0, "ONCE", "2024-03-05", None, "Y"),
        ("01", 3.0, "DRUG", 100.0, "ONCE", "2024-03-19", None, "N"),
        ("02", 1.0, "PLACEBO", 0.0, "ONCE", "2024-03-05", None, "Y"),
    )
    assert omissions({"ex": ex}, DOSES).to_dict() == {"01": 1.0}
