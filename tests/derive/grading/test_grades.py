import pandas as pd
import pytest

from cutbook.derive.grading.grades import derive_grades, worst_grades
from derive.grading.results_of_blood import blood, blood_study

NOTHING = float("nan")

SHIFTS = blood(
    ("S01", "ALT", -14, 40), ("S01", "ALT", -7, 30), ("S01", "ALT", 15, 80), ("S01", "ALT", 40, 103),
    ("S01", "ALT", 57, 35), ("S02", "ALT", -7, 70), ("S02", "ALT", 15, 104), ("S02", "ALT", 29, 105),
    ("S03", "ALT", 15, 50), ("S04", "ALT", -7, 20), ("S05", "ALT", -7, 20), ("S05", "ALT", 1, 200),
    ("S06", "K", -7, 4), ("S06", "K", 15, 3.2), ("S06", "K", 29, 5.6), ("S07", "K", -7, 3.4), ("S07", "K", 15, 2.9),
    ("S07", "K", 29, 2.9), ("S09", "ALT", -20, 60), ("S09", "ALT", 15, 200), ("S10", "ALT", -7, 34),
    ("S10", "ALT", 15, 102),
)  # fmt: skip
"""Cases of shared/reference/safety/truth/shift_dev_records.csv."""


def worst(graded):
    rows = worst_grades(graded).fillna({"BASEGR": -1, "WORSTGR": -1})
    places = zip(rows["USUBJID"], rows["DIRECTION"], strict=True)
    return dict(zip(places, zip(rows["BASEGR"], rows["WORSTGR"], rows["KEY"], strict=True), strict=True))


def test_the_baseline_is_graded_by_the_limits_of_normal_and_later_results_by_the_baseline():
    found = worst(derive_grades(SHIFTS, blood_study()))
    assert found["S01", "HIGH"] == (0, 2, "lb/4")
    assert found["S02", "HIGH"] == (1, 1, "lb/8")
    assert found["S03", "HIGH"] == (-1, 1, "lb/9")
    assert found["S04", "HIGH"] == (0, -1, "lb/10")
    assert found["S05", "HIGH"] == (0, 3, "lb/12")
    assert found["S09", "HIGH"] == (1, 2, "lb/20")
    assert found["S10", "HIGH"] == (0, 1, "lb/22")


@pytest.mark.parametrize(("reading", "low"), [("lab_only", (1, 3)), ("worst_case", (2, 3))])
def test_both_directions_are_graded_and_of_equal_results_the_earliest_is_the_worst(reading, low):
    found = worst(derive_grades(SHIFTS, blood_study(reading=reading)))
    assert found["S06", "HIGH"] == (0, 2, "lb/15")
    assert found["S07", "LOW"] == (*low, "lb/17")
    assert found["S07", "HIGH"] == (0, 0, "lb/17")


def test_calcium_is_corrected_for_the_albumin_of_the_same_sample():
    results = blood(("01", "CA", 15, 2.0), ("01", "ALB", 15, 30), ("01", "CA", 29, 2.0))
    graded = derive_grades(results, blood_study())
    low = graded[graded["TESTCD"].eq("CA") & graded["DIRECTION"].eq("LOW")]
    assert low["GRADED"].round(9).tolist() == [2.2, 2.0]
    assert low["GRADE"].tolist() == [0, 1]
    assert low["IS_CORRECTED"].tolist() == [True, False]
    measured = derive_grades(results, blood_study(calcium="as_measured"))
    assert measured.loc[measured["TERM"].eq("Hypocalcemia"), "GRADE"].tolist() == [1, 1]


def test_the_criteria_are_chosen_by_the_unit_and_the_other_grade_is_told():
    results = blood(("01", "CREAT", 15, 141.44), ("02", "CREAT", 15, 150)).assign(
        ANRHI=141.0, ORRES=[1.6, NOTHING], ORRESU="mg/dL", ORNRLO=0.8, ORNRHI=1.6
    )
    graded = derive_grades(results, blood_study())
    assert graded[["GRADE", "GRADEDU", "OTHER"]].fillna(-1).to_numpy().tolist() == [[1, "umol/L", 0], [1, "umol/L", -1]]


def test_a_unit_of_no_criteria_is_graded_as_collected_or_not_at_all():
    results = blood(("01", "HGB", 15, 4.9), ("02", "HGB", 15, 4.9)).assign(
        AVALU="mmol/L", ORRES=[7.9, 7.9], ORRESU=["g/dL", "stones"], ORNRLO=11.5, ORNRHI=15.8
    )
    low = derive_grades(results, blood_study()).query("DIRECTION == 'LOW'")
    assert low["GRADE"].fillna(-1).tolist() == [3, -1]
    assert low["GRADEDU"].iloc[0] == "g/dL"


def test_cerebrospinal_fluid_is_not_judged_by_criteria_for_blood():
    assert derive_grades(blood(("01", "GLUC", 15, 1.0), family="csf"), blood_study()).empty


def test_what_the_criteria_have_no_numbers_for_has_no_grade():
    graded = derive_grades(blood(("01", "GLUC", 15, 30)), blood_study())
    assert graded["DIRECTION"].tolist() == ["LOW"]


def test_there_may_be_nothing_to_grade():
    assert derive_grades(SHIFTS.iloc[:0], blood_study()).empty
    assert worst_grades(derive_grades(SHIFTS.iloc[:0], blood_study())).empty
    assert isinstance(worst_grades(derive_grades(SHIFTS.iloc[:1], blood_study())), pd.DataFrame)
