import pandas as pd

from cutbook.derive.grading.levels import derive_levels
from cutbook.derive.grading.liver import derive_liver
from cutbook.derive.grading.quantities import COLLECTED, blood_results, quantities
from derive.grading.results_of_blood import blood, blood_study


def test_cases_need_the_order_and_the_window_and_quadrants_do_not(shared):
    folder = shared / "reference/safety/truth"
    records, truth = (pd.read_csv(folder / f"hepatic_dev{name}.csv") for name in ("_records", ""))
    rows = [(row["id"], row["testcd"], float(row["day"]), float(row["value"])) for row in records.to_dict("records")]
    found = derive_liver(blood(*rows).assign(ANRHI=records["uln"].astype("float64")), blood_study())
    both = truth.merge(found, left_on="id", right_on="USUBJID")
    assert len(both) == 8
    assert both["QUADRANT"].tolist() == both["quadrant"].tolist()
    assert both["CHOLQUAD"].fillna("").tolist() == both["cholestatic_quadrant"].fillna("").tolist()
    for flag, name in (("CASEFL", "case_any_later"), ("CASEWFL", "within_30"), ("CHOLWFL", "cholestatic_within_30")):
        assert both[flag].eq("Y").tolist() == both[name].tolist()
    assert both["RCLASS"].fillna("").tolist() == both["r_class"].fillna("").tolist()
    assert both["RRATIO"].round(9).fillna(-1).tolist() == both["r_ratio"].round(9).fillna(-1).tolist()
    assert both["DAYSBILI"].fillna(-1).tolist() == both["days_to_bili"].fillna(-1).tolist()


def test_the_window_is_that_of_the_study_file():
    results = blood(("01", "ALT", 15, 102), ("01", "BILI", 45, 42), ("01", "ALP", 15, 120))
    for window, flag in ((30, "Y"), (29, "N")):
        found = derive_liver(results, blood_study(liver_window_days=window)).iloc[0]
        assert (found["CASEFL"], found["CASEWFL"], found["DAYSBILI"], found["RRATIO"]) == ("Y", flag, 30, 3)


def test_results_before_treatment_take_no_part():
    assert derive_liver(blood(("01", "ALT", -5, 500), ("01", "BILI", -5, 90)), blood_study()).empty


def test_levels_convert_to_the_units_of_the_guide_and_tell_the_sexes_apart(adsl):
    results = blood(
        ("1", "HGB", 15, 111), ("2", "HGB", 15, 111), ("4", "HGB", 15, 111), ("1", "GLUC", 15, 11.2),
        ("1", "CREAT", -3, 60), ("1", "CREAT", 15, 120), ("3", "CREAT", 15, 120),
    )  # fmt: skip
    found = derive_levels(results, adsl, blood_study())
    by_row = {
        (row["USUBJID"], row["TERM"], row["DIRECTION"]): row["LEVEL"] for row in found.fillna(-1).to_dict("records")
    }
    assert by_row["1", "Hemoglobin, women", "LOW"] == 1
    assert by_row["2", "Hemoglobin, men", "LOW"] == 2
    assert not any(name == "4" and "Hemoglobin," in term and "crease" not in term for name, term, _ in by_row)
    assert by_row["1", "Glucose", "HIGH"] == 2
    assert by_row["1", "Creatinine", "HIGH"] == 2
    assert by_row["3", "Creatinine", "HIGH"] == -1
    assert by_row["1", "eGFR", "LOW"] == 2


def test_limits_that_came_in_one_unit_alone_judge_results_in_the_other(adsl):
    alone = blood(("1", "ALT", 15, 103), ("2", "ALT", 15, 101)).assign(ORRES=[103.0, 101.0], ORRESU="U/L")
    inverse = alone.assign(ORNRHI=alone["ANRHI"], ANRHI=float("nan"))
    for results in (alone, inverse):
        assert derive_levels(results, adsl, blood_study())["LEVEL"].tolist() == [1, 0]
    other = blood(("1", "CREAT", 15, 300)).assign(ORRES=3.39, ORRESU="mg/dL")
    converted = quantities(blood_results(other, blood_study()), COLLECTED)
    assert converted["ULN"].round(2).tolist() == [1.4]


def test_a_result_in_one_unit_is_judged_by_its_standardised_number(adsl):
    results = blood(("1", "ALT", 15, 20)).assign(ORRES=1000.0, ORRESU="U/L", ORNRHI=34.0)
    assert derive_levels(results, adsl, blood_study())["LEVEL"].tolist() == [0]
