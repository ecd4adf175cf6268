"""Displays of the safety report."""

from __future__ import annotations

from dataclasses import replace

from cutbook.display.catalogue.entry import NONE_KNOWN, CatalogueEntry

_SAFETY = ("safety",)
_TREATED = "Treated participants, by actual arm."
_COUNTS = "n (%) of participants"
_BY_HAND = "tests/results/test_displays_by_hand.py::"
_VISITS = "tests/results/test_visits.py::"
_HERE = "tests/display/test_catalogue.py::"
_NOBODY = "A group without participants has N = 0 and NE for the percentage."
_START = (
    "A missing start counts as treatment-emergent; a partial one as early as its known parts allow, but not before the "
    "first dose when they allow it."
)
_EVENT_GROUP = "TLG catalog AEL02 to AEL04 and DTHT01, FDA ST&F IG tables 8 to 10, 12 and 39, forestly / metalite.ae"

_PARTICIPANTS = (
    CatalogueEntry(
        key="D1",
        anchor="T-D1",
        title="Disposition of participants",
        question="Who was screened, randomised and treated, who received which dose, and how did the study end?",
        population="Randomised participants, by planned arm; those not randomised stand in the last column alone.",
        statistics=f"{_COUNTS}, % of the randomised; no % before randomisation.",
        order="Screened, not randomised, randomised, treated, each planned dose, end of study; reasons for "
        "discontinuation by falling frequency, ties alphabetically.",
        missing="Somebody without an end of study by the cut-off is ongoing; a discontinuation without a reason counts "
        "in no reason. Without DS the end of study is unknown.",
        counterpart="TLG catalog DST01, FDA ST&F IG tables 3 and 5, csrlite / rtflite, greport / hreport",
        notebooks=_SAFETY,
        tests=(
            "tests/display/test_tables.py::test_disposition",
            f"{_BY_HAND}test_disposition_counts_everybody_screened_but_divides_by_the_randomised",
            "tests/results/test_pilot.py::test_everybody_screened_is_in_the_disposition",
        ),
    ),
    CatalogueEntry(
        key="D2",
        anchor="T-D2",
        title="Demographic and baseline characteristics",
        question="Who are the participants, and how ill were they before treatment?",
        population=_TREATED,
        statistics=f"Categories: {_COUNTS}. Measurements: n, mean (SD), median, Q1 and Q3 (SAS definition 5), minimum "
        "and maximum. No test between arms.",
        order="Characteristics and their categories as in the study file; categories it does not name, then Missing.",
        missing="A missing category has the row Missing and counts in N; a missing measurement is not in n. SD of one "
        "value is NE.",
        counterpart="TLG catalog DMT01, FDA ST&F IG table 2, teal.modules.clinical",
        notebooks=("safety", "efficacy"),
        tests=(
            f"{_BY_HAND}test_a_missing_category_has_its_own_row_and_counts_in_the_denominator",
            "tests/results/test_pilot.py::test_baseline_characteristics_equal_the_official_values",
        ),
    ),
    CatalogueEntry(
        key="D3",
        anchor="T-D3",
        title="Exposure",
        question="How much was given, and for how long?",
        population=_TREATED,
        statistics=f"Doses received: {_COUNTS}. Total dose and days from first to last dose, both counted: n, mean "
        "(SD), median, Q1 and Q3, minimum and maximum. Person-years: sum, of 365.25 days.",
        order="Doses received, total dose (both only where a number of doses is planned), days, person-years.",
        missing="Treatment without a recorded end is counted to the end of the study, the death or the cut-off, "
        "whichever came first. A total dose is missing when one of its doses is unknown.",
        counterpart="TLG catalog EXT01, FDA ST&F IG table 6, teal.modules.clinical",
        notebooks=_SAFETY,
        tests=(
            f"{_BY_HAND}test_exposure_counts_doses_and_years",
            "tests/derive/test_exposure.py::test_treatment_runs_from_the_first_dose_to_the_last_and_counts_both_days",
        ),
    ),
)

_EVENTS = (
    CatalogueEntry(
        key="D4",
        anchor="T-D4",
        title="Overview of adverse events",
        question="How many had any, a severe, a related, a serious or a fatal event, and how many left because of one?",
        population=_TREATED,
        statistics=f"{_COUNTS} [events]; all active minus placebo in percentage points with its 95 % confidence "
        "interval (Newcombe, not adjusted). Deaths on study are counted from all sources, whatever their cause.",
        order="Any event, severe, related, flags of the study file, serious with its criteria, led to discontinuation, "
        "led to interruption or change, fatal, died on study.",
        missing=f"{_START} Missing severity is not severe; missing relation is related only where the study file says "
        f"so. Where no action was collected its rows are absent. {_NOBODY}",
        counterpart="TLG catalog AET01, FDA ST&F IG table 7, teal.modules.clinical, forestly / metalite.ae, csrlite / "
        "rtflite, clinDataReview",
        notebooks=_SAFETY,
        tests=(
            "tests/display/test_tables.py::test_the_overview_shows_the_risk_difference_in_a_column_of_its_own",
            f"{_BY_HAND}test_overview_counts_a_participant_once_and_every_event",
            "tests/results/test_pilot.py::test_overview_of_adverse_events_equals_the_official_counts",
        ),
    ),
    CatalogueEntry(
        key="D4S",
        anchor="T-D4S",
        title="Sensitivity of the overview to the treatment-emergent window",
        question="Do the counts depend on how long after the last dose an event still counts?",
        population=_TREATED,
        statistics=f"{_COUNTS} with any, a serious and a fatal event, under each window and for the whole study.",
        order="Windows as in the study file, the whole study last.",
        missing=f"{_START} {_NOBODY}",
        counterpart=NONE_KNOWN,
        notebooks=_SAFETY,
        tests=(
            f"{_BY_HAND}test_window_table_counts_each_window",
            "tests/derive/test_adae.py::test_the_windows_after_the_last_dose_stand_side_by_side",
        ),
    ),
    CatalogueEntry(
        key="D5",
        anchor="T-D5",
        title="Treatment-emergent adverse events by system organ class and preferred term",
        question="Which events happened, and how often?",
        population=_TREATED,
        statistics=f"{_COUNTS} [events]. A participant counts once in a row.",
        order="Classes, and terms within them, by falling number of participants in all arms together, ties "
        "alphabetically.",
        missing=f"An event without a class or term counts under Not coded. {_START} {_NOBODY}",
        counterpart="TLG catalog AET02, FDA ST&F IG table 14, teal.modules.clinical, forestly / metalite.ae, csrlite / "
        "rtflite",
        notebooks=_SAFETY,
        tests=(
            "tests/display/test_tables.py::test_terms",
            f"{_BY_HAND}test_terms_stand_by_falling_total_then_alphabetically",
            "tests/results/test_pilot.py::test_system_organ_classes_equal_the_official_counts",
        ),
    ),
    CatalogueEntry(
        key="D12",
        title="Treatment-emergent adverse events per 100 person-years at risk",
        question="Do events grow faster than the time in which they can happen?",
        population=_TREATED,
        statistics="Person-years at risk; in the rows of the overview, events per 100 of them. At risk from the first "
        "dose to the cut-off, the end of the study, death, or the day after which events are not treatment-emergent.",
        order="As in the overview; I2T shows the column of all participants.",
        missing="NE in a group without participants, and when the day of somebody's first dose, end of study or death "
        "is not known.",
        counterpart="TLG catalog AET05, FDA ST&F IG table 16, teal.modules.clinical, forestly / metalite.ae",
        notebooks=_SAFETY,
        tests=(
            "tests/results/test_event_rates.py::test_a_rate_is_events_per_100_person_years_at_risk",
            "tests/display/test_tables_of_change.py::test_events_stand_beside_the_time_at_risk_over_all_cuts",
        ),
    ),
    CatalogueEntry(
        key="D9",
        anchor="L-D9-deaths",
        title="Deaths on study",
        question="Who died, when after the first dose, and of what?",
        population="Everybody who died by the cut-off, from DM, DS and adverse events together.",
        statistics="None: one line a participant with arm, age, sex, first dose, doses, death, study day, cause.",
        order="By actual arm, then participant.",
        missing="A partial date of death is shown as collected; a missing value as –. Without deaths a sentence says "
        "so.",
        counterpart=_EVENT_GROUP,
        notebooks=_SAFETY,
        tests=(
            "tests/display/test_tables.py::test_a_partial_date_of_death_is_shown_as_collected",
            "tests/derive/test_disposition.py::test_a_death_is_known_from_any_dataset_and_dated_by_the_first_that_has_it",
        ),
        has_results=False,
    ),
    CatalogueEntry(
        key="D9",
        anchor="L-D9-serious",
        title="Serious or fatal adverse events",
        question="What exactly happened in each serious or fatal event?",
        population="Participants with an event marked serious or with fatal outcome, treatment-emergent or not.",
        statistics="None: one line an event, as collected.",
        order="By actual arm, participant, start, sequence number.",
        missing="– where missing or ongoing. At most 2000 records are shown; a footnote then says how many there are.",
        counterpart=_EVENT_GROUP,
        notebooks=_SAFETY,
        tests=(f"{_HERE}test_the_listing_of_serious_events_names_everybody_who_had_one",),
        has_results=False,
    ),
    CatalogueEntry(
        key="D9",
        anchor="L-D9-discontinuations",
        title="Adverse events that led to discontinuation of study drug",
        question="Which events ended treatment?",
        population="Participants with an event whose action taken is DRUG WITHDRAWN, treatment-emergent or not.",
        statistics="None: one line an event, as collected.",
        order="By actual arm, participant, start, sequence number.",
        missing="– where missing or ongoing. Where no action was collected a sentence says so instead.",
        counterpart=_EVENT_GROUP,
        notebooks=_SAFETY,
        tests=(f"{_HERE}test_the_listing_of_discontinuations_says_when_there_are_none",),
        has_results=False,
    ),
)

_RECORDED = CatalogueEntry(
    key="D15",
    anchor="T-D15-{parameter}",
    title="{family}: {parameter}{ (unit)}",
    question="How does each laboratory parameter move over time?",
    population=f"{_TREATED} At a visit, those with a value there.",
    statistics="Value: n, mean (SD), median, minimum and maximum. Change from baseline: n, mean (SD) and its 95 % "
    "confidence interval (t).",
    order="Families and parameters as in the study file; visits as scheduled; arms below each visit. Folded.",
    missing="Change needs a value before treatment and one at the visit. Unscheduled visits are left out; of several "
    "records in a window the one nearest to the target day counts, the later on a tie. One value has no SD: NE.",
    counterpart="TLG catalog LBT01, FDA ST&F IG table 35, clinDataReview",
    notebooks=_SAFETY,
    tests=(
        f"{_VISITS}test_only_the_record_that_represents_the_visit_counts",
        f"{_VISITS}test_the_interval_of_a_mean_change_is_that_of_t",
        f"{_VISITS}test_an_arm_without_values_has_n_0_and_a_reason",
    ),
)
_DRAWN = replace(
    _RECORDED,
    anchor="F-D15",
    title="Mean change from baseline by visit",
    question="Does the mean of a laboratory parameter drift apart between the arms?",
    statistics="Mean change with its 95 % confidence interval (t), read from the table.",
    order="One panel a parameter, as in the study file; visits as scheduled; arms set apart sideways.",
    missing="As in the table. A mean of one value has no interval.",
    counterpart="FDA ST&F IG figure 6",
    tests=(f"{_HERE}test_figures_by_visit_say_the_last_mean_of_every_arm_in_words",),
)
_VITALS = "TLG catalog VST01 and VST02, FDA ST&F IG tables 36 to 38, teal.modules.clinical"
_ECG = "TLG catalog EGT01 to EGT05 (by visit only), teal.modules.clinical"

_MEASURED = (
    _DRAWN,
    _RECORDED,
    replace(
        _DRAWN,
        key="D20",
        anchor="F-D20",
        question="Do vital signs drift apart between the arms?",
        counterpart="FDA ST&F IG figures 9 and 10",
    ),
    replace(
        _RECORDED,
        key="D20",
        anchor="T-D20-{parameter}",
        question="How do vital signs move over time?",
        counterpart=_VITALS,
    ),
    replace(
        _DRAWN,
        key="D21",
        anchor="F-D21",
        question="Do heart rate and the intervals of the electrocardiogram drift apart between the arms?",
        counterpart=_ECG,
    ),
    replace(
        _RECORDED,
        key="D21",
        anchor="T-D21-{parameter}",
        question="How do heart rate and the intervals of the electrocardiogram move over time?",
        counterpart=_ECG,
    ),
)

_RECORDS = (
    CatalogueEntry(
        key="R",
        anchor="L-R",
        title="Adverse events behind the counts ({number})",
        question="Which records stand behind a count of adverse events, and why does each count or not?",
        population="All participants, treatment-emergent or not.",
        statistics="None: one line an event with the rule that decided whether it is treatment-emergent.",
        order="By actual arm, participant, then as in the file. Numbers are those that the displays name.",
        missing="Of more than 2000 events, those of the rows with the fewest are here, and a footnote says so.",
        counterpart="Tplyr (partly: a function), metalite.ae (partly)",
        notebooks=("safety",),
        tests=("tests/display/test_record_listings.py::test_events_say_why_they_count_or_not",),
        has_results=False,
    ),
)

ENTRIES = (*_PARTICIPANTS, *_EVENTS, *_MEASURED, *_RECORDS)
