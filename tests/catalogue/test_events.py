import math
from dataclasses import replace

import pandas as pd
import pytest

from cutbook.catalogue import events
from cutbook.catalogue.kinds.layers import Count, Worst
from cutbook.catalogue.safety import rates
from given import results_of
from results.counted import cell, keys


def test_overview_counts_a_participant_once_and_every_event(adae, adsl, study):
    results = results_of(events.overview, study, adae=adae, adsl=adsl)
    assert cell(results, variable="TEAE", group="A") == 2
    assert cell(results, "events", variable="TEAE", group="A") == 4
    assert cell(results, variable="SEVERE", group="TOTAL") == 1
    assert cell(results, variable="RELATED", group="A") == 1
    assert cell(results, "events", variable="RELATED", group="A") == 2
    assert cell(results, variable="AESHOSP", group="TOTAL") == 1
    assert keys(results, variable="SER", group="TOTAL") == ["ae/3/1"]
    assert cell(results, variable="DTHFL", group="P") == 1


def test_risk_difference_compares_all_active_with_placebo(adae, adsl, study):
    results = results_of(events.overview, study, adae=adae, adsl=adsl)
    assert cell(results, "rd", variable="TEAE", group="ACTIVE-P", group_words="Active − Placebo") == 50.0


def test_terms_stand_by_falling_total_then_alphabetically(adae, adsl, study):
    results = results_of(events.terms, study, adae=adae, adsl=adsl)
    rows = results[results["statistic"].eq("n") & results["group"].eq("TOTAL")]
    assert list(zip(rows["row_words"], rows["value"], strict=True)) == [
        ("Any treatment-emergent event", 3.0),
        ("Nervous", 3.0),
        ("Headache", 3.0),
        ("Dizziness", 1.0),
        ("Gut", 1.0),
        ("Nausea", 1.0),
    ]
    assert list(zip(rows["variable"], rows["level"], strict=True)) == [
        ("ANY", ""),
        ("AEBODSYS", "Nervous"),
        ("AEDECOD", "Headache"),
        ("AEDECOD", "Dizziness"),
        ("AEBODSYS", "Gut"),
        ("AEDECOD", "Nausea"),
    ]


def test_no_event_at_all_still_has_its_row_of_zeros(adae, adsl, study):
    results, overview = (
        results_of(display, study, adae=adae.iloc[:0], adsl=adsl) for display in (events.terms, events.overview)
    )
    assert cell(results, variable="ANY", group="ACTIVE") == 0
    assert cell(overview, "pct", variable="SER", group="TOTAL") == 0


def test_an_empty_arm_has_n_0_and_a_reason_instead_of_a_percentage(adae, adsl, study):
    without = adsl[~adsl["TRT01A"].eq("Placebo").fillna(value=False)]
    results = results_of(events.overview, study, adae=adae, adsl=without)
    assert math.isnan(cell(results, "pct", variable="TEAE", group="P"))
    reasons = results.loc[results["group"].eq("P") & results["statistic"].eq("pct"), "reason"]
    assert set(reasons) == {"nobody in this group"}


def test_window_table_counts_each_window(adae, adsl, study):
    some = adae.assign(TEAE0=["Y", "N", "N", "N", "Y", "N"])
    results = results_of(events.windows, study, adae=some, adsl=adsl)
    assert cell(results, variable="TEAE", level="0", group="TOTAL") == 2
    assert cell(results, variable="TEAE", level="ALL", group="TOTAL") == 3


def test_frames_given_are_not_changed(adae, adsl, study):
    before = adae.copy(), adsl.copy()
    results_of(events.overview, study, adae=adae, adsl=adsl)
    results_of(events.terms, study, adae=adae, adsl=adsl)
    pd.testing.assert_frame_equal(adae, before[0])
    pd.testing.assert_frame_equal(adsl, before[1])


def counts(results, group):
    own = results[results["group"].eq(group) & results["statistic"].eq("n")]
    return dict(zip(zip(own["variable"], own["level"], strict=True), own["value"], strict=True))


def test_deaths_by_study_day_add_up_to_all_deaths(adsl, study):
    dead = adsl.assign(DTHFL=["Y", "Y", "Y", "N", "N"], DTHDY=[52.0, 152.0, float("nan"), float("nan"), float("nan")])
    results = results_of(events.deaths_by_day, study, adsl=dead)
    assert counts(results, "TOTAL") == {
        ("DTHFL", ""): 3, ("DTHDY", "52"): 1, ("DTHDY", "152"): 1, ("DTHDY", "MISSING"): 1,
    }  # fmt: skip
    words = dict.fromkeys(results.loc[results["variable"].eq("DTHDY"), "row_words"])
    assert list(words) == ["Day 52", "Day 152", "Missing"]


def test_a_term_that_was_serious_and_not_serious_counts_in_both(adae, adsl, study):
    twice = adae.assign(AEDECOD=adae["AEDECOD"].replace("Dizziness", "Headache"))
    found = counts(results_of(events.serious_terms, study, adae=twice, adsl=adsl), "A")
    assert (found["SERIOUS", "Headache"], found["NONSERIOUS", "Headache"], found["SERIOUS", "Nausea"]) == (1, 2, 0)


@pytest.fixture
def people(adsl):
    """Return the participants with their dates: two leap-free years at risk on placebo, one on 10 mg."""
    days = {"1": 365, "2": 366, "3": 265, "4": 100, "5": None}
    first = pd.Series(pd.Timestamp("2021-01-01"), index=adsl.index).where(adsl["SAFFL"].eq("Y"))
    ends = first + pd.to_timedelta(adsl["USUBJID"].map(days).fillna(0) - 1, unit="D")
    return adsl.assign(TRTSDT=first, TRTEDT=first, DCUTDT=pd.Timestamp("2024-01-01"), EOSDT=ends, DTHDT=pd.NaT)


def rates_of(adae, adsl, study):
    return results_of(rates.by_arm, study, adae=adae.assign(ASTDT=pd.Timestamp("2021-01-05")), adsl=adsl)


def found(results, variable, group, column="value"):
    own = results[results["statistic"].isin(["rate", "sum"])]
    return own.set_index(["variable", "group"])[column][variable, group]


def test_a_rate_is_events_per_100_person_years_at_risk(adae, people, study):
    results = rates_of(adae, people, study)
    assert found(results, "PYRISK", "P") == pytest.approx(731 / 365.25)
    assert found(results, "PYRISK", "A") == pytest.approx(365 / 365.25)
    assert found(results, "TEAE", "P") == pytest.approx(100 * 1 * 365.25 / 731)
    assert found(results, "TEAE", "A") == pytest.approx(100 * 4 * 365.25 / 365)
    assert found(results, "SER", "A") == pytest.approx(100 * 1 * 365.25 / 365)
    assert found(results, "SER", "P") == 0
    assert found(results, "TEAE", "TOTAL") == pytest.approx(100 * 5 * 365.25 / 1096)


def test_a_group_of_nobody_has_no_rate(adae, people, study):
    results = rates_of(adae, people[people["TRT01A"].ne("10 mg")], study)
    assert found(results, "TEAE", "A", "reason") == "nobody in this group"
    assert pd.isna(found(results, "TEAE", "A"))


def test_a_rate_is_not_estimable_when_somebodys_time_at_risk_is_not_known(adae, people, study):
    unknown = people.assign(TRTSDT=people["TRTSDT"].where(people["USUBJID"].ne("3")))
    results = rates_of(adae, unknown, study)
    assert found(results, "TEAE", "A", "reason") == "the time at risk of a participant is not known"
    assert pd.isna(found(results, "TEAE", "TOTAL"))
    assert found(results, "TEAE", "P") > 0


def test_time_at_risk_ends_with_the_window_of_the_study(adae, people, study):
    rules = study.adverse_events.model_copy(update={"teae_window_days": 99})
    results = rates_of(adae, people, study.model_copy(update={"adverse_events": rules}))
    assert found(results, "PYRISK", "TOTAL") == pytest.approx(4 * 100 / 365.25)


def test_somebody_who_left_on_a_day_not_known_has_no_time_at_risk(adae, people, study):
    results = rates_of(adae, people.assign(EOSDT=people["EOSDT"].where(people["USUBJID"].ne("2"))), study)
    assert pd.isna(found(results, "PYRISK", "P"))
    assert found(results, "PYRISK", "A") == pytest.approx(365 / 365.25)


def test_everybody_counts_once_in_the_worst_severity_of_a_row_and_a_missing_one_has_its_own(adae, adsl, study):
    # At worst: 1 mild, 3 severe, and 4, whose only event has no severity.
    found = results_of(events.severity, study, adsl=adsl, adae=adae).query("statistic == 'n' and variable == 'AESEV'")
    of_all = found[found["parameter"].eq("ANY")]
    assert dict(zip(zip(of_all["group"], of_all["level"], strict=True), of_all["value"], strict=True)) == {
        ("P", "MILD"): 1, ("A", "MILD"): 0, ("ACTIVE", "MILD"): 0, ("TOTAL", "MILD"): 1,
        ("P", "SEVERE"): 0, ("A", "SEVERE"): 1, ("ACTIVE", "SEVERE"): 1, ("TOTAL", "SEVERE"): 1,
        ("P", "MISSING"): 0, ("A", "MISSING"): 1, ("ACTIVE", "MISSING"): 1, ("TOTAL", "MISSING"): 1,
    }  # fmt: skip
    headache = found[found["parameter"].str.endswith("AEDECOD / Headache") & found["group"].eq("TOTAL")]
    assert dict(zip(headache["level"], headache["keys"], strict=True)) == {
        "MILD": ["ae/1/0"], "SEVERE": ["ae/3/1"], "MISSING": ["ae/4/4"],
    }  # fmt: skip


def test_rows_by_worst_category_stand_below_the_row_that_asks_for_them_alone(adae, adsl, study):
    def asked(name, worst):
        return Count(name, name, lambda frames: frames.adae, worst=worst)

    severe = Worst("AESEV", {"MILD": "Mild", "SEVERE": "Severe"})
    serious = Worst("AESER", {"N": "Not serious", "Y": "Serious"})
    display = replace(events.overview, rows=lambda _: [asked("ONE", severe), asked("TWO", None), asked("SIX", serious)])
    found = results_of(display, study, adae=adae, adsl=adsl)
    assert list(dict.fromkeys(zip(found["parameter"], found["variable"], found["level"], strict=True))) == [
        ("", "POPULATION", ""),
        ("", "ONE", ""), ("ONE", "AESEV", "MILD"), ("ONE", "AESEV", "SEVERE"),
        ("", "TWO", ""),
        ("", "SIX", ""), ("SIX", "AESER", "N"), ("SIX", "AESER", "Y"),
    ]  # fmt: skip
