import math

import pandas as pd
import pytest

from cutbook.results.adverse_events import overview_results, term_results, window_results
from cutbook.results.counting import treatment_groups
from cutbook.results.participants import demographics_results, disposition_results, exposure_results


def cell(results, statistic="n", **place):
    found = results[results["statistic"].eq(statistic)]
    for column, value in place.items():
        found = found[found[column].eq(value)]
    assert len(found) == 1
    return found["value"].item()


def keys(results, **place):
    found = results[results["statistic"].eq("n")]
    for column, value in place.items():
        found = found[found[column].eq(value)]
    return found["keys"].item()


def test_columns_are_arms_then_all_active_then_everybody(adsl, study):
    groups = treatment_groups(adsl, study)
    assert groups.sizes.to_dict() == {"Placebo": 2, "10 mg": 2, "Active": 2, "All": 5}


def test_someone_without_an_arm_stands_under_missing_and_the_total_still_counts_everybody(adsl, study):
    adsl.loc[3, ["TRT01A", "TRT01P"]] = "Missing"
    groups = treatment_groups(adsl, study)
    assert groups.sizes.to_dict() == {"Placebo": 2, "10 mg": 1, "Missing": 1, "Active": 1, "All": 5}


def test_disposition_counts_everybody_screened_but_divides_by_the_randomised(adsl, study):
    results = disposition_results(adsl, study)
    assert cell(results, level="Screened", group="All") == 5
    assert cell(results, level="Not randomised: screen failure", group="All") == 1
    assert cell(results, level="Not randomised yet: in screening", group="All") == 0
    assert cell(results, level="Received dose 2", group="Placebo") == 1
    assert cell(results, "pct", level="Received dose 2", group="Placebo") == 50.0
    assert cell(results, "N", level="Treated", group="All") == 4
    assert cell(results, variable="DCSREAS", level="DEATH", group="Placebo") == 1
    assert keys(results, level="Ongoing", group="All") == ["dm/3"]


def test_someone_still_in_screening_is_no_screen_failure(adsl, study):
    waiting = adsl.assign(SCRFFL="N")
    results = disposition_results(waiting, study)
    assert cell(results, level="Not randomised: screen failure", group="All") == 0
    assert cell(results, level="Not randomised yet: in screening", group="All") == 1


def test_a_missing_category_has_its_own_row_and_counts_in_the_denominator(adsl, study):
    results = demographics_results(adsl, study)
    assert cell(results, variable="SEX", level="Missing", group="10 mg") == 1
    assert cell(results, "pct", variable="SEX", level="Female", group="10 mg") == 50.0
    assert cell(results, "mean", variable="AGE", group="All") == 55.25


def test_exposure_counts_doses_and_years(adsl, study):
    results = exposure_results(adsl, study)
    assert cell(results, variable="DOSEN", level="0", group="All") == 0
    assert cell(results, variable="DOSEN", level="2", group="Active") == 2
    assert cell(results, "sum", variable="PYEARS", group="All") == pytest.approx(46 / 365.25)


def test_overview_counts_a_participant_once_and_every_event(adae, adsl, study):
    results = overview_results(adae, adsl, study)
    assert cell(results, variable="TEAE", group="10 mg") == 2
    assert cell(results, "events", variable="TEAE", group="10 mg") == 4
    assert cell(results, variable="SEVERE", group="All") == 1
    assert cell(results, variable="RELATED", group="10 mg") == 1
    assert cell(results, "events", variable="RELATED", group="10 mg") == 2
    assert cell(results, variable="AESHOSP", group="All") == 1
    assert keys(results, variable="SER", group="All") == ["ae/3/1"]
    assert cell(results, variable="DTHFL", group="Placebo") == 1


def test_risk_difference_compares_all_active_with_placebo(adae, adsl, study):
    results = overview_results(adae, adsl, study)
    assert cell(results, "rd", variable="TEAE", group="Active − Placebo") == 50.0


def test_terms_stand_by_falling_total_then_alphabetically(adae, adsl, study):
    results = term_results(adae, adsl, study)
    rows = results[results["statistic"].eq("n") & results["group"].eq("All")]
    assert list(zip(rows["level"], rows["value"], strict=True)) == [
        ("Any treatment-emergent event", 3.0),
        ("Nervous", 3.0),
        ("Headache", 3.0),
        ("Dizziness", 1.0),
        ("Gut", 1.0),
        ("Nausea", 1.0),
    ]


def test_no_event_at_all_still_has_its_row_of_zeros(adae, adsl, study):
    results = term_results(adae.iloc[:0], adsl, study)
    assert cell(results, variable="ANY", group="Active") == 0
    assert cell(overview_results(adae.iloc[:0], adsl, study), "pct", variable="SER", group="All") == 0


def test_an_empty_arm_has_n_0_and_a_reason_instead_of_a_percentage(adae, adsl, study):
    without = adsl[~adsl["TRT01A"].eq("Placebo").fillna(value=False)]
    results = overview_results(adae, without, study)
    assert math.isnan(cell(results, "pct", variable="TEAE", group="Placebo"))
    reasons = results.loc[results["group"].eq("Placebo") & results["statistic"].eq("pct"), "reason"]
    assert set(reasons) == {"nobody in this group"}


def test_window_table_counts_each_window(adae, adsl, study):
    results = window_results(adae.assign(TEAE0=["Y", "N", "N", "N", "Y", "N"]), adsl, study)
    assert cell(results, variable="TEAE", level="0", group="All") == 2
    assert cell(results, variable="TEAE", level="ALL", group="All") == 3


def test_frames_given_are_not_changed(adae, adsl, study):
    before = adae.copy(), adsl.copy()
    overview_results(adae, adsl, study)
    term_results(adae, adsl, study)
    pd.testing.assert_frame_equal(adae, before[0])
    pd.testing.assert_frame_equal(adsl, before[1])
