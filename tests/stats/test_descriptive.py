import math

import numpy as np
import pandas as pd
import pytest

from cutbook.stats.descriptive import geometric_summaries, summaries


def test_quartiles_follow_sas_default_definition_5():
    data = pd.DataFrame({"ARM": "A", "AVAL": [1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0]})
    row = summaries(data, ["ARM"], "AVAL").loc["A"]
    assert row[["q1", "median", "q3"]].tolist() == [2.5, 4.5, 6.5]


def test_one_value_has_no_standard_deviation():
    row = summaries(pd.DataFrame({"ARM": ["A"], "AVAL": [3.0]}), ["ARM"], "AVAL").loc["A"]
    assert row["n"] == 1
    assert row["mean"] == row["median"] == row["min"] == row["max"] == 3.0
    assert math.isnan(row["sd"])


def test_missing_values_do_not_count_and_a_missing_group_is_a_group():
    data = pd.DataFrame({"ARM": ["A", "A", None], "AVAL": [1.0, np.nan, 7.0]})
    result = summaries(data, ["ARM"], "AVAL")
    assert result["n"].tolist() == [1.0, 1.0]
    assert result["mean"].tolist() == [1.0, 7.0]


def test_no_values_at_all_gives_no_groups():
    data = pd.DataFrame({"ARM": ["A"], "AVAL": [np.nan]})
    assert summaries(data, ["ARM"], "AVAL").empty


def test_groups_do_not_mix():
    data = pd.DataFrame({"ARM": ["A", "B", "A", "B"], "AVAL": [1.0, 10.0, 3.0, 20.0]})
    result = summaries(data, ["ARM"], "AVAL")
    assert result["mean"].to_dict() == {"A": 2.0, "B": 15.0}
    assert result["sd"].to_dict() == pytest.approx({"A": math.sqrt(2), "B": math.sqrt(50)})
    assert result["max"].to_dict() == {"A": 3.0, "B": 20.0}


def test_geometric_cv_is_that_of_a_lognormal_not_sd_over_mean():
    data = pd.DataFrame({"ARM": "A", "AVAL": [math.exp(-0.6), math.exp(0.6)]})
    row = geometric_summaries(data, ["ARM"], "AVAL").loc["A"]
    assert row["geomean"] == pytest.approx(1.0)
    assert row["geocv"] == pytest.approx(100 * math.sqrt(math.expm1(0.72)))


def test_a_zero_has_no_geometric_mean_and_leaves_other_groups_alone():
    data = pd.DataFrame({"ARM": ["A", "A", "B"], "AVAL": [0.0, 2.0, 5.0]})
    result = geometric_summaries(data, ["ARM"], "AVAL")
    assert math.isnan(result.loc["A", "geomean"])
    assert result.loc["A", "n"] == 2
    assert result.loc["B", "geomean"] == pytest.approx(5.0)
