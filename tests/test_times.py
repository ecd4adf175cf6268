"""Dates that contradict each other are said, and never take an event out of treatment in silence."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from case_study import CaseStudy, read_case, row_of
from cutbook.data.checks.contradictions.baselines import is_before_treatment
from cutbook.data.checks.records import ON_FIRST_LINES

EMERGENT = "Began on or after the first dose"


def event(case: CaseStudy, key: str) -> pd.Series:
    adae = case.frames.adae
    return adae[adae["KEY"].eq(key)].iloc[0]


def test_an_end_before_the_start_counts_as_missing_and_is_said(shared: Path) -> None:
    case = read_case(shared / "cases", "end-before-start")
    assert "\n".join(case.findings) == (
        "End before start (AEENDTC before AESTDTC): 1 record of 1 participant (ae/ZZ1-003/1); the end counts as "
        "missing."
    )
    serious = event(case, "ae/ZZ1-003/1")
    assert (serious["TRTEMFL"], serious["TRTEMRULE"], serious["AESER"]) == ("Y", EMERGENT, "Y")
    assert serious["AEENDTC"] == "2020-03-18"
    assert serious[["AENDT", "ADURN"]].isna().all()


def test_a_fatal_event_that_ended_before_it_began_dates_no_death(shared: Path) -> None:
    case = read_case(shared / "cases", "end-before-start")
    ae = case.datasets["ae"]
    fatal = case.with_columns("ae", AEOUT=ae["AEOUT"].mask(ae["AEENDTC"].eq("2020-03-18"), "FATAL"))
    person = row_of(fatal.frames.adsl, "ZZ1-003")
    assert person["DTHFL"] == "Y"
    assert pd.isna(person["DTHDT"])


@pytest.mark.parametrize(
    ("start", "end", "is_odd"),
    [
        ("2021-03-15", "2021-03-15", False),
        ("2021-03-15", "2021-03", False),
        ("2021-03", "2021-02-27", True),
        ("2021-03-15T10:00", "2021-03-15T09:00", True),
        ("2021-03-15T10:00", "2021-03-15T00:00", False),
        ("2021-03-15/2021-03-20", "2021-03-16", False),
        ("2021-03-15", None, False),
    ],
)
def test_an_end_is_before_the_start_only_when_no_reading_of_both_allows_otherwise(
    shared: Path, start: str, end: str | None, is_odd: bool
) -> None:
    base = read_case(shared / "cases", "base")
    is_one = base.datasets["ae"].index == 3
    ae, dates = base.datasets["ae"], [("AESTDTC", start), ("AEENDTC", end)]
    columns = {name: ae[name].mask(is_one, date) for name, date in dates}
    found = [text for text in base.with_columns("ae", **columns).findings if text.startswith("End before start")]
    assert len(found) == is_odd


def test_midnight_in_nearly_every_time_of_a_column_is_a_time_not_collected(shared: Path) -> None:
    case = read_case(shared / "cases", "midnight")
    assert case.frames.adae["TRTEMRULE"].tolist() == [EMERGENT] * 18
    assert "\n".join(case.findings) == (
        "00:00 in nearly every date with a time: 12 records of 12 participants (ae/ZZ1-001/1, ae/ZZ1-002/1, "
        "ae/ZZ1-003/1 and 9 more); it counts as a time that was not collected."
    )


def test_a_single_midnight_on_the_day_of_the_first_dose_is_said_on_the_first_lines(shared: Path) -> None:
    base = read_case(shared / "cases", "base")
    starts = base.datasets["ae"]["AESTDTC"] + "T14:30"
    case = base.with_columns("ae", AESTDTC=starts.mask(base.datasets["ae"].index == 0, "2021-03-04T00:00"))
    assert "\n".join(case.findings) == (
        "00:00 as the time, on the day of the first dose: 1 record of 1 participant (ae/ZZ1-001/1); it counts as on or "
        "after the dose."
    )
    assert case.issues["WEIGHT"].tolist() == [ON_FIRST_LINES]
    assert event(case, "ae/ZZ1-001/1")["TRTEMRULE"] == EMERGENT


def test_an_event_timed_before_the_dose_stays_before_it(shared: Path) -> None:
    base = read_case(shared / "cases", "base")
    starts = base.datasets["ae"]["AESTDTC"].mask(base.datasets["ae"].index == 0, "2021-03-04T08:59")
    assert event(base.with_columns("ae", AESTDTC=starts), "ae/ZZ1-001/1")["TRTEMRULE"] == "Began before the first dose"


def test_doses_at_midnight_throughout_have_no_time(shared: Path) -> None:
    base = read_case(shared / "cases", "base")
    starts = base.datasets["ex"]["EXSTDTC"].str.replace("T09:00", "T00:00:00")
    assert base.with_columns("ex", EXSTDTC=starts).frames.adsl["TRTSDTM"].isna().all()


def test_an_interval_is_read_at_its_earliest_and_its_latest_and_shown_as_collected(shared: Path) -> None:
    case = read_case(shared / "cases", "date-intervals")
    first = event(case, "ae/ZZ1-001/1")
    assert first["AESTDTC"] == "2021-03-10/2021-03-14"
    assert (first["ASTDT"], first["ASTDTF"]) == (pd.Timestamp("2021-03-10"), "D")
    assert not any("possible date" in text for text in case.findings)


def test_an_interval_after_the_cut_off_is_removed_and_one_around_it_is_said(shared: Path) -> None:
    case = read_case(shared / "cases", "date-intervals")
    assert case.cut.removed[["KEY", "REASON"]].to_numpy().tolist() == [
        [
            "ae/ZZ1-002/1",
            "AESTDTC 2021-08-01/2021-08-10, 2021-08-01 at the earliest, is after the cut-off 2021-06-30",
        ]
    ]
    around = CaseStudy(case.study, case.datasets, "2021-08-05")
    assert around.cut.removed.empty
    assert around.cut.kept[["KEY", "REASON"]].to_numpy().tolist() == [["ae/ZZ1-002/1", "may lie after the cut-off"]]


def test_a_laboratory_interval_within_a_day_is_a_baseline(shared: Path) -> None:
    adlb = read_case(shared / "cases", "date-intervals").frames.adlb
    own = adlb[adlb["KEY"].eq("lb/ZZ1-001/1")].iloc[0]
    assert (own["ABLFL"], own["BASE"], own["ADT"]) == ("Y", 21.0, pd.Timestamp("2021-02-20"))


@pytest.mark.parametrize(("first", "is_before"), [("2021-03-04T09:30", False), ("2021-03-04T08:00", True)])
def test_a_partial_time_after_the_dose_is_not_before_it(first: str, is_before: bool) -> None:
    day = "2021-03-04"
    moment = {"ADT": day, "ADTM": None, "FIRSTDTM": first, "TRTSDT": day, "TRTSDTM": "2021-03-04T09:00"}
    record = pd.DataFrame([moment]).astype("datetime64[s]").assign(ATPT=pd.Series([None], dtype="str"))
    assert is_before_treatment(record, "before_first_dose").tolist() == [is_before]


def test_records_dated_after_a_death_are_said(shared: Path) -> None:
    case = read_case(shared / "cases", "deaths-disagree")
    found = [text for text in case.findings if text.startswith("Dated after the death")]
    assert found == []
    died = case.datasets["dm"]["DTHDTC"].mask(case.datasets["dm"]["DTHDTC"].notna(), "2021-03-31")
    found = [text for text in case.with_columns("dm", DTHDTC=died).findings if text.startswith("Dated after the death")]
    assert "\n".join(found) == (
        "Dated after the death (DTHDTC of DM): 2 records of 1 participant (lb/ZZ1-003/3 and lb/ZZ1-003/6); counted as "
        "they are dated.\nDated after the death (DTHDTC of DM): 1 record of 1 participant (vs/ZZ1-003/5); counted as "
        "they are dated.\nDated after the death (DTHDTC of DM): 1 record of 1 participant (eg/ZZ1-003/3); counted as "
        "they are dated."
    )


def test_records_before_birth_or_consent_are_told_on_the_first_lines(shared: Path) -> None:
    base = read_case(shared / "cases", "base")
    ae, dm = base.datasets["ae"], base.datasets["dm"]
    early = base.with_columns("ae", AESTDTC=ae["AESTDTC"].mask(ae.index == 0, "2020-12-01"))
    assert "\n".join(early.findings) == (
        "Dated before the consent (RFICDTC of DM): 1 record of 1 participant (ae/ZZ1-001/1); counted as they are dated."
    )
    born = base.with_columns("dm", BRTHDTC=dm["RFICDTC"].str[:4].mask(dm.index == 1, "2022"))
    told = [finding for finding in born.findings if finding.startswith("Dated before the birth")]
    assert told
    assert all("ZZ1-002" in finding for finding in told)


def test_dosing_periods_that_overlap_are_told(shared: Path) -> None:
    base = read_case(shared / "cases", "base")
    ex = base.datasets["ex"]
    assert base.findings == []
    longer = base.with_columns("ex", EXENDTC=ex["EXENDTC"].mask(ex.index == 0, "2021-03-12"))
    assert [one for one in longer.findings if one.startswith("Dosing periods that overlap")] == [
        "Dosing periods that overlap: 1 record of 1 participant (ex/ZZ1-001/2); the doses of each are counted."
    ]
