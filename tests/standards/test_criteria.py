import pandas as pd

from cutbook.standards import criteria
from cutbook.standards.units import factors, spelled


def test_every_row_says_where_it_is_printed():
    for name in (
        "ctcae_v5",
        "fda_v2_levels",
        "fda_v2_extremes",
        "fda_v2_vitals",
        "ich_e14_qtcf",
        "ich_e14_effect",
        "laboratory_units",
    ):
        assert criteria.table(name)["source"].ne("").all()


def test_levels_and_grades_are_those_of_the_reference(shared):
    folder = shared / "reference/safety/thresholds"
    read = {name: pd.read_csv(folder / f"{name}.csv") for name in ("ctcae_v5_labs", "fda_v2_levels")}
    grades, levels = criteria.ctcae(), criteria.fda_levels()
    assert grades["limit_si"].tolist() == read["ctcae_v5_labs"]["limit"].astype("float64").tolist()
    assert grades["limit_us"].tolist() == read["ctcae_v5_labs"]["limit_us"].astype("float64").tolist()
    assert levels["limit_us"].tolist() == read["fda_v2_levels"]["limit"].astype("float64").tolist()
    assert len(criteria.fda_extremes()) == len(pd.read_csv(folder / "fda_v2_extremes.csv"))


def test_a_unit_is_converted_for_its_test_alone():
    tests = pd.Series(["HGB", "GLUC", "ALB", "NEUT", "GLUC", "XYZ", "XYZ"])
    units = pd.Series(["g/L", "mmol/L", "g/L", "10^9/L", "g/L", "mg/dL", "mg/dL"])
    targets = pd.Series(["g/dL", "mg/dL", "g/dL", "1/uL", "mg/dL", "mg/dL", "g/L"])
    found = factors(tests, units, targets).round(4)
    assert found.fillna(-1).tolist() == [0.1, 18.0148, 0.1, 1000.0, -1, 1.0, -1]


def test_spellings_of_a_unit_are_one():
    units = pd.Series(["GI/L", "10*9/L", "x10^9/L", "\N{MICRO SIGN}mol/L", "RATIO"])
    assert spelled(units).tolist() == ["10^9/L", "10^9/L", "10^9/L", "umol/L", "1"]
