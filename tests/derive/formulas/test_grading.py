import numpy as np
import pandas as pd
import pytest

from cutbook.derive.formulas.grading import beyond, grades
from cutbook.standards import criteria

NOTHING = float("nan")


def rules(name, testcd, direction, reading="lab_only", condition="", system="si"):
    table = getattr(criteria, name)()
    own = table[table["testcd"].eq(testcd) & table["direction"].eq(direction)]
    own = own[own["reading"].isin(["both", reading])]
    own = own[own["condition"].eq(condition)] if condition else own
    return own.assign(limit=own[f"limit_{system}"])


def records(*rows):
    columns = ["VALUE", "LLN", "ULN", "BASE", "IS_BASE_HIGH"]
    return pd.DataFrame(rows, columns=columns).assign(SEX="M").astype({"BASE": "float64", "ULN": "float64"})


def same(found, expected):
    return [(one == other) or (one != one and other != other) for one, other in zip(found, expected, strict=True)]


def test_grades_of_alt_depend_on_the_baseline():
    cases = records(
        (34, 6, 34, 20, False),
        (35, 6, 34, 20, False),
        (102, 6, 34, 20, False),
        (103, 6, 34, 20, False),
        (681, 6, 34, 20, False),
        (104, 6, 34, 70, True),
        (105, 6, 34, 70, True),
        (211, 6, 34, 70, True),
        (205, 6, NOTHING, 68, True),
        (NOTHING, 6, 34, 20, False),
    )
    expected = [0, 1, 1, 2, 4, 0, 1, 2, NOTHING, NOTHING]
    assert all(same(grades(cases, rules("ctcae", "ALT", "HIGH")), expected))


def test_a_missing_baseline_switches_one_row_of_creatinine_off_and_says_nothing():
    cases = records((124, 62, 124, NOTHING, False), (187, 62, 124, NOTHING, False), (120, 62, 124, 60, False))
    assert grades(cases, rules("ctcae", "CREAT", "HIGH")).tolist() == [0, 2, 2]


def test_numbers_that_are_the_same_in_decimals_are_no_further_apart():
    decrease = rules("fda_levels", "HGB", "LOW", condition="any", system="us")
    assert grades(records((14.6, NOTHING, NOTHING, 16.1, False)), decrease).tolist() == [0]
    assert beyond(np.array([16.1 - 14.6]), ">=", 1.5).tolist() == [True]


@pytest.mark.parametrize("reading", ["lab_only", "worst_case"])
@pytest.mark.parametrize(("name", "system"), [("ctcae_si_dev", "si"), ("ctcae_us_dev", "us")])
def test_grades_are_those_of_the_text_at_below_and_above_every_limit(shared, name, system, reading):
    truth = pd.read_csv(shared / f"reference/safety/truth/{name}.csv")
    for (testcd, direction), own in truth.groupby(["testcd", "direction"]):
        cases = pd.DataFrame(
            {"VALUE": own["value"], "LLN": own["lln"], "ULN": own["uln"], "BASE": own["base"]}, dtype="float64"
        ).assign(IS_BASE_HIGH=own["bnrind"].eq("HIGH"), SEX="M")
        found = grades(cases, rules("ctcae", testcd, direction, reading, system=system))
        assert all(same(found, own[f"expected_{reading}"].astype("float64"))), (testcd, direction)


def test_levels_are_those_of_the_guide_at_below_and_above_every_limit(shared):
    truth = pd.read_csv(shared / "reference/safety/truth/fda_levels_dev.csv")
    levels = criteria.fda_levels()
    for (term, direction, condition), own in truth.groupby(["parameter", "direction", "condition"]):
        by = levels[levels["term"].eq(term) & levels["direction"].eq(direction) & levels["condition"].eq(condition)]
        cases = pd.DataFrame({"VALUE": own["value"], "ULN": own["uln"], "BASE": own["base"]}, dtype="float64")
        cases = cases.assign(LLN=NOTHING, IS_BASE_HIGH=False, SEX="F" if condition == "female" else "M")
        found = grades(cases, by.assign(limit=by["limit_us"]))
        assert all(same(found, own["expected_level"].astype("float64"))), (term, direction)
