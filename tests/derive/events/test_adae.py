"""Adverse events: start, treatment emergence and the flags that displays count."""

from __future__ import annotations

import pytest

from cutbook.derive.events.adae import derive_adae, treatment_emergence
from derive.cases import adsl, dates, days, numbers, small_study, table, texts

AE = "USUBJID AESEQ AEDECOD AEBODSYS AESEV AESER AEREL AEOUT AESTDTC AEENDTC"
NEVER_TREATED = {"TRTSDT": days(None), "TRTSDTM": days(None), "TRTEDT": days(None), "SAFFL": "N"}


def event(start=None, end=None, **changes):
    known = {
        "USUBJID": "01",
        "AESEQ": 1.0,
        "AEDECOD": "Headache",
        "AEBODSYS": "Nervous system disorders",
        "AESEV": "MILD",
        "AESER": "N",
        "AEREL": "RELATED",
        "AEOUT": "RECOVERED/RESOLVED",
        "AESTDTC": start,
        "AEENDTC": end,
        **changes,
    }
    return table(" ".join(known), tuple(known.values()))


def derived(ae, people=None, datasets=None, **changes):
    rules = {"related": ["RELATED"], "sensitivity_windows_days": [0, 28], **changes}
    who = adsl() if people is None else people
    return derive_adae({"ae": ae, **(datasets or {})}, who, small_study(adverse_events=rules))


@pytest.mark.parametrize(
    ("start", "end", "expected", "imputed"),
    [
        # first dose 2024-03-05
        ("2024-03-05", None, "2024-03-05", None),
        ("2024-03-07T08:00", None, "2024-03-07", None),
        ("2024-03", None, "2024-03-05", "D"),
        ("2024-04", None, "2024-04-01", "D"),
        ("2024-02", None, "2024-02-01", "D"),
        ("2024", None, "2024-03-05", "M"),
        ("2025", None, "2025-01-01", "M"),
        ("1977", None, "1977-01-01", "M"),
        ("2024-03", "2024-03-02", "2024-03-01", "D"),
        ("--03-07", None, None, None),
        (None, None, None, None),
    ],
)
def test_a_partial_start_is_the_earliest_day_that_is_not_before_the_first_dose(start, end, expected, imputed):
    adae = derived(event(start, end))
    assert dates(adae["ASTDT"]) == [expected]
    assert texts(adae["ASTDTF"]) == [imputed]


@pytest.mark.parametrize(
    ("start", "end", "flag", "rule"),
    [
        # first dose 2024-03-05T10:00, last dose 2024-03-19
        ("2024-03-05", None, "Y", "Began on or after the first dose"),
        ("2024-03-05T10:00", None, "Y", "Began on or after the first dose"),
        ("2024-03-05T09:59", None, "N", "Began before the first dose"),
        ("2024-03-04", None, "N", "Began before the first dose"),
        ("2024-02", "2024-03-10", "N", "Began before the first dose"),
        ("2024-02-01", "2024-03-04", "N", "Ended before the first dose"),
        (None, "2024-02", "N", "Ended before the first dose"),
        (None, "2024-03", "Y", "Start date missing"),
        (None, None, "Y", "Start date missing"),
        ("2024-03", None, "Y", "Began on or after the first dose"),
        ("2024-09-01", None, "Y", "Began on or after the first dose"),
    ],
)
def test_treatment_emergence_is_decided_by_the_first_rule_that_applies(start, end, flag, rule):
    adae = derived(event(start, end))
    assert texts(adae["TRTEMFL"]) == [flag]
    assert texts(adae["TRTEMRULE"]) == [rule]


def test_an_event_of_somebody_who_was_never_treated_is_not_treatment_emergent():
    adae = derived(event("2024-03-07"), adsl(**NEVER_TREATED))
    assert adae[["TRTEMFL", "TRTEMRULE", "ONTRTFL", "ONSTFL"]].iloc[0].tolist() == ["N", "Not treated", "N", "N"]


@pytest.mark.parametrize(
    ("worst", "initial", "flag"),
    [("SEVERE", "MILD", "Y"), ("MILD", "MILD", "N"), ("MILD", "SEVERE", "N"), ("SEVERE", None, "N")],
)
def test_an_event_from_before_the_first_dose_counts_only_when_it_got_worse(worst, initial, flag):
    adae = derived(event("2024-02-01", AESEV=worst, AESEVST=initial))
    assert texts(adae["TRTEMFL"]) == [flag]


def test_grades_that_are_numbers_tell_worsening_too():
    adae = derived(event("2024-02-01", AETOXGR="3", AEITOXGR="1"))
    assert texts(adae["TRTEMRULE"]) == ["Began before the first dose and worsened"]


@pytest.mark.parametrize(
    ("start", "without_end", "day_0", "day_28"),
    [
        # last dose 2024-03-19
        ("2024-03-19", "Y", "Y", "Y"),
        ("2024-03-20", "Y", "N", "Y"),
        ("2024-04-16", "Y", "N", "Y"),
        ("2024-04-17", "Y", "N", "N"),
        (None, "Y", "Y", "Y"),
        ("2024-03-04", "N", "N", "N"),
    ],
)
def test_the_windows_after_the_last_dose_stand_side_by_side(start, without_end, day_0, day_28):
    adae = derived(event(start))
    assert adae[["TRTEMFL", "TEAEALL", "TEAE0", "TEAE28"]].iloc[0].tolist() == [
        without_end,
        without_end,
        day_0,
        day_28,
    ]


def test_a_window_of_the_study_file_ends_treatment_emergence_and_says_so():
    adae = derived(event("2024-05-01"), teae_window_days=28)
    assert adae[["TRTEMFL", "TEAEALL", "ONSTFL", "ONTRTFL"]].iloc[0].tolist() == ["N", "Y", "Y", "N"]
    assert texts(adae["TRTEMRULE"]) == ["Began more than 28 days after the last dose"]


def test_study_days_and_duration_count_the_first_day_and_skip_day_0():
    adae = derived(event("2024-03-04", "2024-03-06"))
    assert adae[["ASTDY", "AENDY", "ADURN"]].iloc[0].tolist() == [-1.0, 2.0, 3.0]


def test_an_end_in_an_unknown_day_is_the_last_possible_one_and_leaves_the_duration_open():
    adae = derived(event("2024-03-06", "2024-03"))
    assert dates(adae["AENDT"]) == ["2024-03-31"]
    assert texts(adae["AENDTF"]) == ["D"]
    assert numbers(adae["ADURN"]) == [None]


@pytest.mark.parametrize(
    ("changes", "related", "flags"),
    [
        ({"AEREL": "RELATED"}, ["RELATED"], ["Y", "N"]),
        ({"AEREL": "UNLIKELY"}, ["RELATED"], ["N", "N"]),
        ({"AEREL": None}, ["RELATED"], ["", "N"]),
        ({"AEREL": None}, ["RELATED", ""], ["Y", "N"]),
        ({"AEOUT": "FATAL"}, ["RELATED"], ["Y", "Y"]),
        ({"AESDTH": "Y"}, ["RELATED"], ["Y", "Y"]),
    ],
)
def test_relation_and_fatal_outcome_are_flagged(changes, related, flags):
    adae = derived(event("2024-03-07", **changes), related=related)
    assert adae[["AREL", "FATALFL"]].iloc[0].fillna("").tolist() == flags


def test_severity_is_numbered_from_the_mildest_and_missing_when_not_graded():
    ae = table(
        "USUBJID AESEQ AESEV AESTDTC",
        ("01", 1.0, "SEVERE", "2024-03-07"),
        ("01", 2.0, "MILD", "2024-03-07"),
        ("01", 3.0, None, "2024-03-07"),
        ("01", 4.0, "AWFUL", "2024-03-07"),
    )
    assert numbers(derived(ae)["ASEVN"]) == [3.0, 1.0, None, None]


def test_a_supplemental_qualifier_becomes_a_column_of_its_own():
    ae = table("USUBJID AESEQ AESPID AESTDTC", *[("01", n, f"E{n:.0f}", "2024-03-07") for n in (1.0, 2.0, 3.0)])
    suppae = table(
        "USUBJID IDVAR IDVARVAL QNAM QVAL",
        ("01", "AESEQ", "1", "AELPREL", "Y"),
        ("01", "AESEQ", "2", "AELPREL", "N"),
        ("01", "AESPID", "E3", "AELPREL", "Y"),
        ("02", "AESEQ", "2", "AELPREL", "Y"),
    )
    flags = [{"label": "Related to lumbar puncture", "qnam": "AELPREL"}]
    assert texts(derived(ae, datasets={"suppae": suppae}, flags=flags)["AELPREL"]) == ["Y", "N", "Y"]
    assert texts(derived(ae, flags=flags)["AELPREL"]) == [None, None, None]


def test_events_of_people_outside_dm_are_left_out_and_all_columns_stay():
    ae = table("USUBJID AESEQ AETERM AESTDTC AESPID", ("99", 1.0, "x", None, "a"), ("01", 7.0, "sick", None, "b"))
    adae = derived(ae)
    assert texts(adae["KEY"]) == ["ae/01/7"]
    assert adae[["AETERM", "AESPID", "TRT01A", "SAFFL", "SITEID"]].iloc[0].tolist() == ["sick", "b", "100 mg", "Y", "1"]


def test_no_adverse_events_give_no_rows_and_all_columns():
    adae = derived(table(AE))
    assert adae.empty
    assert {"TRTEMFL", "TEAE28", "ASTDT", "KEY", "AGE"} <= set(adae.columns)
    assert derive_adae({}, adsl(), small_study()).empty


def test_the_rules_themselves_need_no_dataset():
    events = adsl(ASTDT=days("2024-03-20"), ASTDTM=days(None), AENDT=days(None), WORSENED=False)
    assert treatment_emergence(events, 0)["FLAG"].tolist() == ["N"]
    assert treatment_emergence(events, 1)["FLAG"].tolist() == ["Y"]
