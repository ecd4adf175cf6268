import math

import pandas as pd
import pytest

from cutbook.results.visits import findings_results


def bds(*rows):
    columns = ["USUBJID", "AVISIT", "AVISITN", "AVAL", "CHG", "ANL01FL"]
    frame = pd.DataFrame(rows, columns=columns)
    keys = [f"lb/{name}/{place}" for place, name in enumerate(frame["USUBJID"])]
    return frame.assign(PARAMCD="chem-ALT", PARAM="ALT", AVALU="U/L", DECIMALS=0, KEY=keys)


@pytest.fixture
def results(adsl, study):
    """Return the results of two participants on 10 mg and one on placebo, the second visit of one missing."""
    nothing = float("nan")
    rows = [
        ("3", "Baseline", 0.0, 20.0, nothing, "Y"),
        ("4", "Baseline", 0.0, 30.0, nothing, "Y"),
        ("1", "Baseline", 0.0, 25.0, nothing, "Y"),
        ("3", "Day 29", 2.0, 26.0, 6.0, "Y"),
        ("3", "Day 15", 1.0, 22.0, 2.0, "Y"),
        ("3", "Day 15", 1.0, 99.0, 79.0, None),
        ("4", "Day 15", 1.0, 36.0, 6.0, "Y"),
    ]
    return findings_results(bds(*rows), adsl, study, display="D15")


def value(results, name, visit, variable, group):
    found = results[results["statistic"].eq(name) & results["visit"].eq(visit) & results["variable"].eq(variable)]
    return found.loc[found["group"].eq(group), "value"].item()


def test_only_the_record_that_represents_the_visit_counts(results):
    assert value(results, "mean", "Day 15", "AVAL", "10 mg") == 29.0
    assert value(results, "n", "Day 15", "CHG", "10 mg") == 2
    assert value(results, "mean", "Day 15", "CHG", "10 mg") == 4.0


def test_the_interval_of_a_mean_change_is_that_of_t(results):
    half = 12.706204736432095 * math.sqrt(8) / math.sqrt(2)
    assert value(results, "ci_low", "Day 15", "CHG", "10 mg") == pytest.approx(4 - half)
    assert value(results, "ci_high", "Day 15", "CHG", "10 mg") == pytest.approx(4 + half)


def test_one_value_has_no_interval_and_says_why(results):
    row = results[results["statistic"].eq("ci_low") & results["visit"].eq("Day 29") & results["group"].eq("10 mg")]
    assert row.loc[row["variable"].eq("CHG"), "reason"].item() == "one value only"


def test_an_arm_without_values_has_n_0_and_a_reason(results):
    found = results[results["visit"].eq("Day 15") & results["group"].eq("Placebo") & results["variable"].eq("CHG")]
    assert found.loc[found["statistic"].eq("n"), "value"].item() == 0
    assert set(found.loc[found["statistic"].isin(["mean", "median"]), "reason"]) == {"no values"}


def test_visits_stand_in_the_order_of_the_schedule(results):
    visits = dict.fromkeys(results.loc[results["visit"].ne(""), "visit"])
    assert list(visits) == ["Baseline", "Day 15", "Day 29"]


def test_a_count_carries_the_keys_of_its_values(results):
    counts = results[results["statistic"].eq("n") & results["visit"].eq("Day 15") & results["variable"].eq("CHG")]
    behind = dict(zip(counts["group"], counts["keys"], strict=True))
    assert behind["10 mg"] == ["lb/3/4", "lb/4/6"]
    assert behind["Placebo"] == []
