from cutbook.results.compare import compare_results
from cutbook.results.table import results_table


def row(**parts):
    return {"display": "D4", "variable": "TEAE", "group": "TOTAL", "statistic": "n", "value": 1.0, **parts}


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


def test_other_words_for_the_same_statistic_are_no_change():
    before, now = (results_table([row(row_words=words)]) for words in ("Any event", "Any treatment-emergent event"))
    assert compare_results(now, before)["change"].tolist() == ["unchanged"]
