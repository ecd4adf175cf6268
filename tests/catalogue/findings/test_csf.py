import pytest

from catalogue.findings.fluid import DOSES, EVENTS, PUNCTURES, fluid_study
from cutbook.catalogue.findings import csf
from given import given_frames, results_of

FRAMES = {"adlb": PUNCTURES, "doses": DOSES, "adae": EVENTS}


@pytest.fixture
def counted(adsl):
    rows = results_of(csf.table_of_limits, fluid_study(), adsl=adsl, **FRAMES)
    rows = rows[rows["variable"].eq("LIMIT")]
    wide = rows.pivot_table(index=["parameter", "level", "group"], columns="statistic", values="value")
    return {place: (row["n"], row["N"]) for place, row in wide.iterrows()}


def test_a_participant_counts_once_beyond_a_limit_of_those_measured_after_the_first_dose(counted):
    assert counted["csf-WBC", ">5", "P"] == (0, 1)
    assert counted["csf-WBC", ">5", "A"] == (2, 2)
    assert counted["csf-WBC", ">10", "A"] == (1, 2)
    assert counted["csf-WBC", ">10", "TOTAL"] == (1, 3)


def test_a_multiple_of_a_limit_of_normal_is_exceeded_not_met(counted):
    assert counted["csf-PROT", ">1.5ULN", "A"] == (1, 1)
    assert counted["csf-PROT", ">1.5ULN", "P"] == (0, 1)


def test_a_limit_to_be_met_counts_at_the_limit(counted):
    assert counted["csf-RBC", "≥500", "A"] == (1, 2)


def test_a_count_opens_the_participants(adsl):
    rows = results_of(csf.table_of_limits, fluid_study(), adsl=adsl, **FRAMES)
    own = rows[rows["level"].eq(">5") & rows["group"].eq("A") & rows["statistic"].eq("n")]
    assert own["keys"].item() == ["dm/3", "dm/4"]


def test_without_a_value_of_anybody_there_is_no_row(adsl):
    rows = results_of(csf.table_of_limits, fluid_study(), adsl=adsl, **{**FRAMES, "adlb": PUNCTURES.iloc[:4]})
    assert set(rows["variable"]) == {"POPULATION"}


def test_the_table_by_visit_leaves_unscheduled_punctures_out(adsl):
    rows = results_of(csf.table_by_visit, fluid_study(), adsl=adsl, **FRAMES)
    at = rows["parameter"].eq("csf-WBC") & rows["visit"].eq("WEEK2") & rows["group"].eq("A")
    own = rows[at & rows["variable"].eq("AVAL")].set_index("statistic")["value"]
    assert own[["n", "median", "q1", "q3", "max"]].tolist() == [2, 7.5, 6, 9, 9]


def test_samples_say_blood_dose_and_what_happened_near_them(adsl):
    frames = given_frames(fluid_study(), adsl=adsl, **FRAMES)
    rows = csf.samples(frames, fluid_study())
    told = rows[["USUBJID", "VISIT", "csf-WBC", "csf-LESS", "TAP", "AFTER", "EVENTS"]].astype({"TAP": "object"})
    assert told.fillna({"TAP": "–"}).to_numpy().tolist() == [
        ["3", "WEEK 2", 6.0, 6.0, "–", "1, 14 days", "Headache (day 7)"],
        ["3", "UNSCHEDULED 3.1", 41.0, 41.0, "–", "2, 5 days", "Headache (day 7)"],
        ["4", "WEEK 2", 9.0, 7.57, "traumatic", "1, 14 days", "Rash (day 29)"],
    ]


def test_a_wider_window_shows_more_events(adsl):
    frames = given_frames(fluid_study(), adsl=adsl, **FRAMES)
    rows = csf.samples(frames, fluid_study(judging={"events_within_days": 15}))
    assert rows["EVENTS"].tolist()[1] == "Headache (day 7); Myelitis (day 35)"


@pytest.mark.parametrize("display", [csf.table_of_limits, csf.table_by_visit, csf.courses, csf.listing_of_samples])
def test_a_study_without_cerebrospinal_fluid_says_so(display, study, adsl):
    words = display.why_nothing(study, given_frames(study, adsl=adsl))
    assert words == "Not named in the study file: findings in cerebrospinal fluid."
