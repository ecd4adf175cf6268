import pandas as pd

from cutbook.catalogue.safety import occasions
from cutbook.results.engine import compute
from given import given_frames


def computed(display, study, **frames):
    named = frames | {"procedures": frames["doses"].rename(columns={"DOSEOCC": "OCC"})}
    return compute(display, given_frames(study, delivered={"dm", "ex", "ae", "suppae", "pr"}, **named), study)


def shares(results, variable, group):
    own = results[results["variable"].eq(variable) & results["group"].eq(group)]
    wide = own.pivot_table(index="level", columns="statistic", values="value", sort=False)
    return {str(level): (int(row["n"]), int(row["N"]), int(row["events"])) for level, row in wide.iterrows()}


def test_events_within_a_week_of_each_dose_are_shares_of_those_who_received_it(events, dated, doses, study):
    results = computed(occasions.by_dose, study, adae=events, adsl=dated, doses=doses)
    assert shares(results, "ANY", "P") == {"1": (1, 2, 1), "2": (0, 1, 0)}
    assert shares(results, "ANY", "A") == {"1": (1, 2, 1), "2": (1, 2, 1)}
    assert shares(results, "PROC", "TOTAL") == {"1": (1, 4, 1), "2": (1, 3, 1)}
    assert shares(results, "SER", "TOTAL") == {"1": (0, 4, 0), "2": (1, 3, 1)}


def test_an_event_on_the_eighth_day_after_is_not_counted_and_one_on_the_seventh_is(events, dated, doses, study):
    for days, number in ((7.0, 1), (8.0, 0)):
        moved = events.assign(ADOSEDY=[days, *events["ADOSEDY"].iloc[1:]])
        results = computed(occasions.by_dose, study, adae=moved, adsl=dated, doses=doses)
        assert shares(results, "ANY", "P")["1"][0] == number


def test_an_event_of_an_unknown_day_is_told_apart(events, dated, doses, study):
    results = computed(occasions.by_dose, study, adae=events, adsl=dated, doses=doses)
    own = results[results["variable"].eq("UNKNOWN") & results["statistic"].eq("n")]
    assert dict(zip(own["group"], own["value"], strict=True)) == {"P": 0, "A": 1, "ACTIVE": 1, "TOTAL": 1}


def test_somebody_whose_last_dose_was_followed_for_too_few_days_is_told(events, dated, doses, study):
    soon = dated.assign(DCUTDT=pd.Timestamp("2021-01-20"))
    results = computed(occasions.by_dose, study, adae=events, adsl=soon, doses=doses)
    own = results[results["variable"].eq("SHORT") & results["statistic"].eq("n") & results["group"].eq("TOTAL")]
    assert dict(zip(own["level"], own["value"], strict=True)) == {"2": 3.0}
    assert "SHORT" not in set(computed(occasions.by_dose, study, adae=events, adsl=dated, doses=doses)["variable"])


def test_bands_of_days_are_shares_of_those_followed_so_long_without_another(events, dated, doses, study):
    results = computed(occasions.since_procedure, study, adae=events, adsl=dated, doses=doses)
    # Followed after their last: 1 to 1 February (17 days), 2 for 9 days, 3 to the cut-off (45), 4 as 1.
    assert shares(results, "SINCE", "TOTAL") == {
        "0-0": (1, 4, 1), "1-1": (1, 4, 1), "2-3": (1, 4, 1), "4-7": (0, 4, 0),
        "8-14": (0, 4, 0), "15-28": (1, 3, 1), "29-": (0, 1, 0),
    }  # fmt: skip


def test_every_event_stands_in_one_band_or_has_no_day(events, dated, doses, study):
    results = computed(occasions.since_procedure, study, adae=events, adsl=dated, doses=doses)
    own = results[results["statistic"].eq("events") & results["group"].eq("TOTAL")]
    assert own["value"].sum() == events["TRTEMFL"].eq("Y").sum()


def test_a_study_that_counts_no_doses_says_so(events, dated, doses, study):
    periods = study.model_copy(
        update={"procedure": None, "treatment": study.treatment.model_copy(update={"planned_doses": None})}
    )
    for display in (occasions.by_dose, occasions.since_procedure):
        assert computed(display, periods, adae=events, adsl=dated, doses=doses).empty


def test_where_analysis_datasets_alone_tell_of_treatment_nothing_is_counted_after_a_dose(events, dated, doses, study):
    frames = given_frames(study, delivered={"dm", "ex", "ae", "pr"}, adsl=dated, adae=events, doses=doses)
    frames.__dict__["recorded"] = frozenset({"adsl", "adae"})
    found = compute(occasions.by_dose, frames, study)
    after = found[found["variable"].isin(["ANY", "DRUG", "SER"])]
    assert set(after["reason"]) == {"not delivered"}
    assert occasions.since_procedure.why_nothing(study, frames) == "Not delivered: records of procedures (PR)."
