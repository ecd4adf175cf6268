import pandas as pd
import pytest

from cutbook.results.compare import compare_results
from cutbook.results.table import COLUMNS, results_table


def row(**parts):
    return {"display": "D4", "variable": "TEAE", "group": "All", "statistic": "n", "value": 1.0, **parts}


def test_every_column_is_there_with_its_type():
    table = results_table([row()])
    assert tuple(table.columns) == COLUMNS
    assert table["value"].dtype == "float64"
    assert table["decimals"].dtype == "Int64"
    assert table.loc[0, ["level", "visit", "text", "reason"]].tolist() == ["", "", "", ""]
    assert table.loc[0, "keys"] == []


def test_a_statistic_has_one_value():
    with pytest.raises(ValueError, match="one statistic, two rows"):
        results_table([row(), row(value=2.0)])


def test_parquet_keeps_the_table(tmp_path):
    table = results_table([row(keys=["ae/1/1", "ae/2/3"]), row(statistic="pct", value=float("nan"), reason="N is 0")])
    table.to_parquet(tmp_path / "r.parquet")
    again = pd.read_parquet(tmp_path / "r.parquet")
    assert list(again.loc[0, "keys"]) == ["ae/1/1", "ae/2/3"]
    assert again.loc[1, "reason"] == "N is 0"


def test_changes_are_new_gone_changed_unchanged_and_moved_by_n_alone():
    def three(n, total, **where):
        return [
            row(value=n, **where),
            row(statistic="N", value=total, **where),
            row(statistic="pct", value=100 * n / total, **where),
        ]

    previous = results_table([*three(3, 10), *three(2, 10, variable="SER"), row(variable="GONE")])
    this = results_table([*three(3, 12), *three(4, 12, variable="SER"), row(variable="NEW")])
    found = compare_results(this, previous)
    change = {
        (name, part): kind for name, part, kind in found[["variable", "statistic", "change"]].itertuples(index=False)
    }
    assert change == {
        ("TEAE", "n"): "unchanged",
        ("TEAE", "N"): "changed",
        ("TEAE", "pct"): "N changed",
        ("SER", "n"): "changed",
        ("SER", "N"): "changed",
        ("SER", "pct"): "changed",
        ("NEW", "n"): "new",
        ("GONE", "n"): "gone",
    }
    assert found["variable"].tolist()[-1] == "GONE"


def test_noise_in_the_last_digits_is_no_change():
    found = compare_results(results_table([row(value=0.1 + 0.2)]), results_table([row(value=0.3)]))
    assert found["change"].tolist() == ["unchanged"]
