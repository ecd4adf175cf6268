import math

import pandas as pd
import pytest

from cutbook.catalogue import measurements
from given import results_of
from results.counted import keys

VISITS = {"BASELINE": ("Baseline", 0.0), "DAY15": ("Day 15", 1.0), "DAY29": ("Day 29", 2.0)}


def bds(*rows):
    frame = pd.DataFrame(rows, columns=["USUBJID", "AVISITID", "AVAL", "CHG", "ANL01FL"])
    words, order = (frame["AVISITID"].map(lambda visit, at=at: VISITS[visit][at]) for at in (0, 1))
    behind = [f"lb/{name}/{place}" for place, name in enumerate(frame["USUBJID"])]
    return frame.assign(
        AVISIT=words, AVISITN=order, PARAMCD="chem-ALT", PARAM="ALT", AVALU="U/L", DECIMALS=0, KEY=behind
    )


@pytest.fixture
def results(adsl, study):
    """Return the results of two participants on 10 mg and one on placebo, the second visit of one missing."""
    nothing = float("nan")
    rows = [
        ("3", "BASELINE", 20.0, nothing, "Y"),
        ("4", "BASELINE", 30.0, nothing, "Y"),
        ("1", "BASELINE", 25.0, nothing, "Y"),
        ("3", "DAY29", 26.0, 6.0, "Y"),
        ("3", "DAY15", 22.0, 2.0, "Y"),
        ("3", "DAY15", 99.0, 79.0, None),
        ("4", "DAY15", 36.0, 6.0, "Y"),
    ]
    return results_of(measurements.laboratory, study, adlb=bds(*rows), adsl=adsl)


def value(results, name, visit, variable, group):
    found = results[results["statistic"].eq(name) & results["visit"].eq(visit) & results["variable"].eq(variable)]
    return found.loc[found["group"].eq(group), "value"].item()


def test_only_the_record_that_represents_the_visit_counts(results):
    assert value(results, "mean", "DAY15", "AVAL", "A") == 29.0
    assert value(results, "n", "DAY15", "CHG", "A") == 2
    assert value(results, "mean", "DAY15", "CHG", "A") == 4.0


def test_the_interval_of_a_mean_change_is_that_of_t(results):
    half = 12.706204736432095 * math.sqrt(8) / math.sqrt(2)
    assert value(results, "ci_low", "DAY15", "CHG", "A") == pytest.approx(4 - half)
    assert value(results, "ci_high", "DAY15", "CHG", "A") == pytest.approx(4 + half)


def test_one_value_has_no_interval_and_says_why(results):
    row = results[results["statistic"].eq("ci_low") & results["visit"].eq("DAY29") & results["group"].eq("A")]
    assert row.loc[row["variable"].eq("CHG"), "reason"].item() == "one value only"


def test_an_arm_without_values_has_n_0_and_a_reason(results):
    found = results[results["visit"].eq("DAY15") & results["group"].eq("P") & results["variable"].eq("CHG")]
    assert found.loc[found["statistic"].eq("n"), "value"].item() == 0
    assert set(found.loc[found["statistic"].isin(["mean", "median"]), "reason"]) == {"no values"}


def test_visits_stand_in_the_order_of_the_schedule(results):
    visits = results.loc[results["visit"].ne(""), ["visit", "visit_words"]].drop_duplicates()
    assert visits["visit"].tolist() == ["BASELINE", "DAY15", "DAY29"]
    assert visits["visit_words"].tolist() == ["Baseline", "Day 15", "Day 29"]


def test_a_count_carries_the_keys_of_its_values(results):
    assert keys(results, visit="DAY15", variable="CHG", group="A") == ["lb/3/4", "lb/4/6"]
    assert keys(results, visit="DAY15", variable="CHG", group="P") == []
