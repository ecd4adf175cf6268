import pandas as pd
import pytest

from cutbook.results.table import COLUMNS, results_table


def row(**parts):
    return {"display": "D4", "variable": "TEAE", "group": "TOTAL", "statistic": "n", "value": 1.0, **parts}


def test_every_column_is_there_with_its_type():
    table = results_table([row()])
    assert tuple(table.columns) == COLUMNS
    assert table["value"].dtype == "float64"
    assert table["decimals"].dtype == "Int64"
    assert table.loc[0, ["level", "visit", "text", "reason"]].tolist() == ["", "", "", ""]
    words = ["parameter_words", "row_words", "visit_words", "group_words", "counts"]
    assert table.loc[0, words].tolist() == ["", "", "", "", ""]
    assert table.loc[0, "keys"] == []


def test_a_statistic_has_one_value():
    with pytest.raises(ValueError, match="one statistic, two rows"):
        results_table([row(), row(value=2.0)])


def test_words_do_not_make_another_statistic():
    with pytest.raises(ValueError, match="one statistic, two rows"):
        results_table([row(row_words="Any event"), row(row_words="Any treatment-emergent event")])


def test_a_statistic_that_is_not_in_the_register_is_refused():
    with pytest.raises(ValueError, match="statistics without a rule: kurtosis; register them"):
        results_table([row(), row(statistic="kurtosis")])


def test_parquet_keeps_the_table(tmp_path):
    table = results_table([row(keys=["ae/1/1", "ae/2/3"]), row(statistic="pct", value=float("nan"), reason="N is 0")])
    table.to_parquet(tmp_path / "r.parquet")
    again = pd.read_parquet(tmp_path / "r.parquet")
    assert list(again.loc[0, "keys"]) == ["ae/1/1", "ae/2/3"]
    assert again.loc[1, "reason"] == "N is 0"
