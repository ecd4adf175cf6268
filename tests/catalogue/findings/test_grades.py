import pytest

from cutbook.catalogue.findings import grades
from cutbook.catalogue.kinds.measured.points import LimitScatter
from derive.grading.results_of_blood import blood, blood_study
from given import given_frames, results_of

RESULTS = blood(("3", "ALT", -7, 30), ("3", "ALT", 15, 103), ("4", "ALT", -7, 30), ("4", "ALT", 15, 34)).assign(
    AVISITID=None
)


@pytest.fixture
def shifts(adsl):
    rows = results_of(grades.shifts, blood_study(), adlb=RESULTS, adsl=adsl)
    return rows[rows["variable"].eq("SHIFT")]


def test_a_shift_counts_its_participants_of_those_with_a_grade_after_the_first_dose(shifts):
    own = shifts[shifts["group"].eq("A")].set_index(["level", "statistic"])["value"]
    assert own.to_dict() == {("0>2", "n"): 1, ("0>2", "N"): 2, ("0>2", "pct"): 50}


def test_a_parameter_is_named_with_its_direction_and_term(shifts):
    assert shifts["parameter_words"].unique().tolist() == ["ALT, high: Alanine aminotransferase increased"]


def test_the_figure_has_a_key_of_its_own_for_its_panels_are_worded_otherwise():
    assert grades.scatter.key != grades.shifts.key


def test_values_are_drawn_against_the_baseline_in_multiples_of_the_limit_of_normal(adsl):
    worst = RESULTS.assign(WORSTHIFL=RESULTS["APOBLFL"], WORSTLOFL=None, BASE=30.0)
    frames = given_frames(blood_study(), adlb=worst, adsl=adsl)
    (layer,) = grades.scatter.rows(blood_study())
    assert isinstance(layer, LimitScatter)
    drawn = layer.points(frames).round(3)
    assert drawn[["USUBJID", "X", "Y"]].to_numpy().tolist() == [["3", 0.882, 3.029], ["4", 0.882, 1.0]]
