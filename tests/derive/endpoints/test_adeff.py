"""Endpoints: ratio, carried values, efficacy population."""

from __future__ import annotations

import pytest

from cutbook.derive.endpoints.adeff import COLUMNS, derive_adeff
from cutbook.derive.participants.adsl import derive_adsl
from derive.cases import adsl, days, numbers, small_study, table, texts

QS = "USUBJID QSSEQ QSTESTCD QSSTRESN QSDTC"
SCORE = {
    "paramcd": "TOTAL",
    "label": "Total score",
    "unit": "points",
    "dataset": "qs",
    "where": {"QSTESTCD": ["TOT"]},
    "schedule": "windows",
    "baseline": "day_1",
    "decimals": 0,
}
BASELINE, DAY_50, DAY_60, DAY_110, DAY_170 = "2024-03-05", "2024-04-23", "2024-05-03", "2024-06-22", "2024-08-21"


def derived(*results, people=None, **changes):
    rows = [("01", float(n), "TOT", score, date) for n, (score, date) in enumerate(results, start=1)]
    study = small_study(endpoints=[{**SCORE, **changes}])
    return derive_adeff({"qs": table(QS, *rows)}, adsl() if people is None else people, study)


def ended(status="DISCONTINUED", cutoff="2024-12-31"):
    return adsl(EOSSTT=status, DCUTDT=days(cutoff))


def test_an_endpoint_has_the_names_of_the_study_file():
    adeff = derived((30.0, BASELINE), (27.0, DAY_60))
    assert list(adeff.columns) == list(COLUMNS)
    assert adeff[["PARAMCD", "PARAM", "AVALU", "DECIMALS"]].iloc[0].tolist() == ["TOTAL", "Total score", "points", 0]
    assert texts(adeff["AVISIT"]) == ["Baseline", "Week 8"]
    assert numbers(adeff["CHG"]) == [None, -3.0]


@pytest.mark.parametrize(
    ("baseline", "value", "ratio", "percent"),
    [(100.0, 80.0, 0.8, -20.0), (0.0, 80.0, None, None), (100.0, 0.0, None, None), (None, 80.0, None, None)],
)
def test_on_the_ratio_scale_change_is_the_ratio_to_baseline_and_needs_positive_values(baseline, value, ratio, percent):
    adeff = derived((baseline, BASELINE), (value, DAY_60), scale="ratio")
    assert numbers(adeff["CHG"])[1] == ratio
    assert numbers(adeff["PCHG"].round(9))[1] == percent


@pytest.mark.parametrize(
    ("results", "carried"),
    [
        ([(30.0, BASELINE), (27.0, DAY_60)], [("Week 16", 27.0), ("Week 24", 27.0)]),
        ([(30.0, BASELINE), (27.0, DAY_60), (25.0, DAY_170)], [("Week 16", 27.0)]),
        ([(30.0, BASELINE), (25.0, DAY_110)], [("Week 24", 25.0)]),
        ([(30.0, BASELINE), (20.0, DAY_50), (27.0, DAY_60)], [("Week 16", 27.0), ("Week 24", 27.0)]),
        ([(30.0, BASELINE), (27.0, DAY_60), (20.0, "2024-05-20")], [("Week 16", 27.0), ("Week 24", 27.0)]),
        ([(30.0, BASELINE), (None, DAY_60), (25.0, DAY_170)], []),
        ([(30.0, BASELINE)], []),
        ([(30.0, BASELINE), (27.0, DAY_60), (26.0, DAY_110), (25.0, DAY_170)], []),
    ],
)
def test_the_value_of_the_last_earlier_visit_after_baseline_is_carried_to_a_visit_without_one(results, carried):
    adeff = derived(*results, people=ended(), imputation="locf")
    rows = adeff[adeff["DTYPE"].eq("LOCF")]
    assert list(zip(rows["AVISIT"], rows["AVAL"], strict=True)) == carried
    assert rows["CHG"].tolist() == [value - 30.0 for _, value in carried]
    assert rows["ANL01FL"].eq("Y").all()
    assert rows[["WORSTLOFL", "WORSTHIFL"]].isna().all().all()


def test_nothing_is_carried_unless_the_study_file_asks_for_it():
    assert derived((30.0, BASELINE), (27.0, DAY_60), people=ended())["DTYPE"].isna().all()


@pytest.mark.parametrize(
    ("status", "cutoff", "visits"),
    [
        ("ONGOING", "2024-05-10", []),
        ("ONGOING", "2024-07-21", []),
        ("ONGOING", "2024-07-22", ["Week 16"]),
        ("ONGOING", "2024-08-18", ["Week 16"]),
        ("ONGOING", "2024-08-19", ["Week 16", "Week 24"]),
        ("DISCONTINUED", "2024-05-10", ["Week 16", "Week 24"]),
        ("COMPLETED", "2024-05-10", ["Week 16", "Week 24"]),
    ],
)
def test_nothing_is_carried_to_a_visit_that_somebody_under_way_had_not_passed(status, cutoff, visits):
    # The first dose was on 2024-03-05: day 140 is 2024-07-22 and day 168 is 2024-08-19.
    adeff = derived((30.0, BASELINE), (27.0, DAY_60), people=ended(status, cutoff), imputation="locf")
    assert texts(adeff.loc[adeff["DTYPE"].eq("LOCF"), "AVISIT"]) == visits


def test_a_carried_row_keeps_the_key_and_date_of_the_value():
    adeff = derived((30.0, BASELINE), (27.0, DAY_60), people=ended(), imputation="locf")
    assert texts(adeff["KEY"]) == ["qs/01/1", "qs/01/2", "qs/01/2", "qs/01/2"]
    assert numbers(adeff["AVISITN"]) == [0.0, 1.0, 2.0, 3.0]
    assert numbers(adeff["ADY"]) == [1.0, 60.0, 60.0, 60.0]


def test_an_endpoint_without_records_or_a_study_without_endpoints_gives_no_rows():
    study = small_study(endpoints=[{**SCORE, "imputation": "locf"}])
    assert derive_adeff({}, adsl(), study).empty
    assert list(derive_adeff({}, adsl(), small_study()).columns) == list(COLUMNS)


REQUIRED = {"efficacy": [{"dataset": "qs", "where": {"QSTESTCD": ["TOT"]}}]}
EX = table("USUBJID EXSEQ EXTRT EXDOSE EXSTDTC", ("01", 1.0, "DRUG", 20.0, "2024-03-05"))


@pytest.mark.parametrize(
    ("test", "score", "date", "doses", "flag"),
    [
        ("TOT", 27.0, "2024-03-12", EX, "Y"),
        ("TOT", 27.0, "2024-03-05", EX, "N"),
        ("TOT", 27.0, None, EX, "N"),
        ("TOT", None, "2024-03-12", EX, "N"),
        ("ITEM", 27.0, "2024-03-12", EX, "N"),
        ("TOT", 27.0, "2024-03-12", EX[:0], "N"),
    ],
)
def test_the_efficacy_population_is_treated_and_has_a_result_after_the_first_dose(test, score, date, doses, flag):
    datasets = {
        "dm": table("USUBJID ARMCD", ("01", "LOW")),
        "ex": doses,
        "qs": table(QS, ("01", 1.0, test, score, date)),
    }
    people = derive_adsl(datasets, small_study(populations=REQUIRED), "2024-12-31")
    assert texts(people["EFFFL"]) == [flag]
