import math

import pandas as pd
import pytest

from cutbook.catalogue.safety import rates
from cutbook.stats.rates import exact_rate_limits, rate_difference
from given import results_of


def found(results, variable, group):
    own = results[results["variable"].eq(variable) & results["group"].eq(group)]
    return dict(zip(own["statistic"], own["value"], strict=True))


def test_a_rate_of_first_events_is_participants_for_the_days_to_the_first(events, dated, study):
    results = results_of(
        rates.by_arm, study, adae=events.assign(ASTDT=events["ASTDT"].fillna(pd.Timestamp("2021-01-05"))), adsl=dated
    )
    # Placebo: 1 on day 3, 2 without one left on day 10. 10 mg: 3 on day 2, 4 on day 5.
    days = {"P": 3 + 10, "A": 2 + 5}
    for group, number in (("P", 1), ("A", 2)):
        own = found(results, "TEAE", group)
        years = days[group] / 365.25
        assert (own["n"], own["years"]) == (number, pytest.approx(years))
        assert own["first_rate"] == pytest.approx(100 * number / years)
        assert (own["first_rate_low"], own["first_rate_high"]) == pytest.approx(exact_rate_limits(number, years))
    expected = rate_difference(2, days["A"] / 365.25, 1, days["P"] / 365.25)
    difference = found(results, "TEAE", "A-P")
    assert tuple(difference[name] for name in ("rate_diff", "rate_diff_low", "rate_diff_high")) == pytest.approx(
        expected
    )


def test_an_event_before_the_first_dose_that_worsened_counts_on_its_day(events, dated, study):
    early = events.assign(ASTDT=events["ASTDT"].where(events["USUBJID"].ne("1"), pd.Timestamp("2020-12-01")))
    assert found(results_of(rates.by_arm, study, adae=early, adsl=dated), "TEAE", "P")["years"] == pytest.approx(
        11 / 365.25
    )


def test_a_first_event_on_a_day_not_known_leaves_no_rate_and_no_difference(events, dated, study):
    results = results_of(rates.by_arm, study, adae=events, adsl=dated)
    own = results[results["variable"].eq("TEAE") & results["group"].eq("A") & results["statistic"].eq("first_rate")]
    assert own["reason"].tolist() == ["the time at risk of a participant is not known"]
    assert math.isnan(own["value"].item())
    assert set(results.loc[results["group"].eq("A-P") & results["variable"].eq("TEAE"), "reason"]) == {
        "one of the rates is not estimable"
    }


def test_a_group_of_nobody_has_no_rate(events, dated, study):
    results = results_of(rates.by_arm, study, adae=events, adsl=dated[dated["TRT01A"].ne("10 mg")])
    own = results[results["group"].eq("A") & results["statistic"].eq("first_rate")]
    assert set(own["reason"]) == {"nobody in this group"}
