"""The results tables of the CDISC pilot study against its official analysis datasets."""

from __future__ import annotations

import pandas as pd
import pytest

from cutbook.catalogue import endpoints, events, participants
from cutbook.catalogue.models import ancova, doses, repeated, scores
from cutbook.data.transfer.sources import read_transfer
from cutbook.derive import Frames
from cutbook.parameters.project import Project, manifest_file, read_cut, read_study, transfer_folder
from cutbook.results.engine import compute

ROWS = {
    "any TEAE": "TEAE",
    "serious TEAE": "SER",
    "related TEAE (PROBABLE/POSSIBLE)": "RELATED",
    "severe TEAE": "SEVERE",
    "TEAE with fatal outcome": "FATAL",
}


@pytest.fixture(scope="module")
def pilot(project, shared):
    """Return the study and its derived datasets, uncut."""
    assert (shared / "data/cdiscpilot01").is_dir()
    place = Project(project)
    study, cut = read_study(place, "cdiscpilot01"), read_cut(place, "cdiscpilot01", "final")
    transfer = read_transfer(study, transfer_folder(place, study, cut), manifest_file(place, study, cut))
    return study, Frames(transfer.datasets, study, cut.cutoff_date)


def results_of(display, pilot):
    study, frames = pilot
    return compute(display, frames, study)


def found(results, *columns):
    wide = results.pivot_table(index=[*columns, "group_words"], columns="statistic", values="value")
    return wide.reset_index()


def test_overview_of_adverse_events_equals_the_official_counts(pilot, shared):
    reference = pd.read_csv(shared / "reference/pilot_tables/teae_overview.csv")
    ours = found(results_of(events.overview, pilot), "variable")
    both = reference.assign(variable=reference["category"].map(ROWS)).merge(
        ours, left_on=["variable", "arm"], right_on=["variable", "group_words"], how="left", suffixes=("_official", "")
    )
    assert len(both) == 15
    assert both["n"].tolist() == both["subjects"].tolist()
    assert both["N"].tolist() == both["N_official"].tolist()
    assert both["events"].tolist() == both["events_official"].tolist()


def test_system_organ_classes_equal_the_official_counts(pilot, shared):
    reference = pd.read_csv(shared / "reference/pilot_tables/teae_by_soc.csv")
    results = results_of(events.terms, pilot)
    ours = found(results[results["variable"].eq("AEBODSYS")], "level")
    both = reference.merge(ours, left_on=["soc", "arm"], right_on=["level", "group_words"], how="left")
    assert both["n"].tolist() == both["subjects"].tolist()
    assert both["events_y"].tolist() == both["events_x"].tolist()
    assert set(ours["level"]) == set(reference["soc"])


def test_baseline_characteristics_equal_the_official_values(pilot, shared):
    reference = pd.read_csv(shared / "reference/pilot_tables/demographics_continuous.csv")
    ours = found(results_of(participants.demographics, pilot), "variable")
    both = reference.merge(
        ours, left_on=["variable", "arm"], right_on=["variable", "group_words"], suffixes=("_official", "")
    )
    assert len(both) == len(reference) == 15
    for name in ("n", "mean", "sd", "median", "min", "max"):
        assert both[name].tolist() == pytest.approx(both[f"{name}_official"].tolist(), rel=1e-12)
    assert both["q1"].tolist() == pytest.approx(both["q1_type2_SAS"].tolist(), rel=1e-12)
    assert both["q3"].tolist() == pytest.approx(both["q3_type2_SAS"].tolist(), rel=1e-12)


def test_everybody_screened_is_in_the_disposition(pilot):
    results = results_of(participants.disposition, pilot)
    total = results[results["group"].eq("TOTAL") & results["statistic"].eq("n")]
    counts = dict(zip(total["row_words"], total["value"], strict=True))
    assert set(total["group_words"]) == {"All participants"}
    assert (counts["Screened"], counts["Not randomised: screen failure"], counts["Randomised"]) == (306, 52, 254)
    assert counts["Completed the study"] + counts["Discontinued the study"] + counts["Ongoing"] == 254


def test_the_efficacy_population_and_its_carried_values_are_those_of_the_study(pilot):
    _, frames = pilot
    results = results_of(endpoints.changes, pilot)
    is_week_24 = results["visit"].eq("WEEK24") & results["visit_words"].eq("Week 24")
    week24 = results[is_week_24 & results["variable"].eq("CHG") & results["parameter"].eq("ACTOT")]
    arms = ["Placebo", "Xanomeline Low Dose", "Xanomeline High Dose"]
    wide = week24.pivot_table(index="group_words", columns="statistic", values="value").loc[arms]
    assert frames.adsl["EFFFL"].eq("Y").sum() == 234
    assert wide["n"].tolist() == [79, 81, 74]
    assert wide["mean"].round(1).tolist() == [2.5, 2.0, 1.5]


def test_the_primary_analysis_is_that_of_the_study_report(pilot):
    _, frames = pilot
    adsl = frames.adsl
    pooled = set(adsl.loc[adsl["SITEGR1"].eq("900"), "SITEID"])
    assert pooled == {"702", "706", "707", "711", "714", "715", "717"}
    results = results_of(ancova.comparisons, pilot)
    wide = results[results["variable"].eq("DIFF")].pivot_table(index="group", columns="statistic", values="value")
    columns = ["estimate", "se", "ci_low", "ci_high", "p"]
    low, high = wide.loc["Xan_Lo-Pbo", columns], wide.loc["Xan_Hi-Pbo", columns]
    assert [round(low[name], places) for name, places in zip(columns, (1, 2, 1, 1, 3), strict=True)] == [
        -0.5, 0.82, -2.1, 1.1, 0.569,
    ]  # fmt: skip
    assert [round(high[name], places) for name, places in zip(columns, (1, 2, 1, 1, 3), strict=True)] == [
        -1.0, 0.84, -2.7, 0.7, 0.233,
    ]  # fmt: skip


def estimates(results, variable, group, visit=""):
    own = results[results["variable"].eq(variable) & results["group"].eq(group)]
    own = own[own["visit"].eq(visit)] if visit else own
    return dict(zip(own["statistic"], own["value"], strict=True))


def rounded(numbers, **places):
    return [round(numbers[name], digits) for name, digits in places.items()]


def test_the_doses_are_compared_with_each_other_and_the_dose_response_is_that_of_the_study_report(pilot):
    pair = estimates(results_of(ancova.comparisons, pilot), "DIFF", "Xan_Hi-Xan_Lo")
    assert rounded(pair, estimate=1, se=2, ci_low=1, ci_high=1, p=3) == [-0.5, 0.84, -2.2, 1.1, 0.520]
    found = results_of(doses.responses, pilot)
    assert round(found.loc[found["level"].eq("linear") & found["statistic"].eq("p"), "value"].item(), 3) == 0.245


def test_the_model_for_repeated_measures_is_of_the_observed_visits_of_the_efficacy_population(pilot):
    # 234 participants with 539 values at weeks 8, 16 and 24; what R's mmrm with Kenward-Roger-Linear gives is in the
    # tests of the model itself, which takes the same formula.
    results = results_of(repeated.means, pilot)
    assert estimates(results, "MODEL", "") == {"n": 234, "records": 539}
    low, high = (estimates(results, "DIFF", group, "AVERAGE") for group in ("Xan_Lo-Pbo", "Xan_Hi-Pbo"))
    assert rounded(low, estimate=2, se=3, p=3) == [-0.03, 0.698, 0.967]
    assert rounded(high, estimate=2, se=3, p=3) == [-0.44, 0.721, 0.547]
    tried = results[results["variable"].eq("FIT")]
    assert tried["level"].tolist() == ["us"]
    assert tried["reason"].tolist() == [""]


def test_impressions_of_change_are_compared_within_pooled_sites(pilot):
    results = results_of(scores.categories, pilot)
    week24 = estimates(results, "DIFF", "TOTAL", "WEEK24")
    assert (week24["ddf"], round(week24["p"], 4)) == (2, 0.6180)
    counts = results[results["visit"].eq("WEEK24") & results["group"].eq("Pbo") & results["statistic"].eq("n")]
    assert dict(zip(counts["variable"], counts["value"], strict=True)) == {
        "LSMEAN": 79, "SCORE1": 0, "SCORE2": 1, "SCORE3": 9, "SCORE4": 38, "SCORE5": 28, "SCORE6": 3, "SCORE7": 0,
    }  # fmt: skip
