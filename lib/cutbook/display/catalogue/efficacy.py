"""Displays of the efficacy report, and the results that stand beside published numbers."""

from __future__ import annotations

from dataclasses import replace

from cutbook.display.catalogue.entry import NONE_KNOWN, CatalogueEntry

_HERE = "tests/display/test_catalogue.py::"
_PILOT = "tests/results/test_pilot.py::"
_REPORT = ("efficacy",)
_OWN_POPULATION = "The population that the study file names for the endpoint, by actual arm."
_CARRIED = (
    "Where the study file asks for it, the last earlier post-baseline value is carried to a visit without one (LOCF); "
    "otherwise observed cases."
)

_RATIO = CatalogueEntry(
    key="F2",
    anchor="T-F2-{endpoint}",
    title="{endpoint}{ (unit)} by visit",
    question="By what factor does the marker change from each participant's own baseline?",
    population=_OWN_POPULATION,
    statistics="Value: n, geometric mean, geometric CV %, median, minimum and maximum. Ratio to baseline: n, geometric "
    "mean and its 95 % confidence interval (t on logarithms).",
    order="Endpoints as in the study file; visits as scheduled; arms below each visit.",
    missing=f"{_CARRIED} A ratio needs both values above 0. A value of 0 leaves its group no geometric mean, and one "
    "value no interval: NE.",
    counterpart="TLG catalog CFBT (generic)",
    notebooks=_REPORT,
    tests=(
        "tests/derive/test_adeff.py::test_on_the_ratio_scale_change_is_the_ratio_to_baseline_and_needs_positive_values",
        "tests/stats/test_descriptive.py::test_geometric_cv_is_that_of_a_lognormal_not_sd_over_mean",
    ),
)
_DIFFERENCE = replace(
    _RATIO,
    key="F4",
    anchor="T-F4-{endpoint}",
    question="How does the score change from each participant's own baseline?",
    statistics="Value: n, mean (SD), median, minimum and maximum. Change from baseline: n, mean (SD) and its 95 % "
    "confidence interval (t); left out for an endpoint without a baseline.",
    missing=f"{_CARRIED} Change needs a value before treatment and one at the visit. One value has no SD: NE.",
    counterpart="TLG catalog MMRMT01 and the R package mmrm show the change too, with a model that is not fitted here",
    tests=(f"{_PILOT}test_the_efficacy_population_and_its_carried_values_are_those_of_the_study",),
)
_COURSE = replace(
    _RATIO,
    anchor="F-F2-{endpoint}",
    title="{endpoint}: {geometric mean ratio to baseline}, and every participant's course",
    question="Do the arms part over time, and is that so in every participant?",
    statistics="Geometric mean ratio to baseline with its 95 % confidence interval, read from the table; below it "
    "every participant's observed values by study day, on a logarithmic axis.",
    order="One figure an endpoint; arms as in the study file.",
    missing="Carried values enter the means alone, never a participant's course. Without values after baseline a "
    "sentence says so.",
    tests=(f"{_HERE}test_figures_by_visit_say_the_last_mean_of_every_arm_in_words",),
)

ENTRIES = (
    _COURSE,
    _RATIO,
    replace(
        _COURSE,
        key="F4",
        anchor="F-F4-{endpoint}",
        title="{endpoint}: {mean change from baseline}, and every participant's course",
        statistics="Mean change from baseline (the mean value for an endpoint without a baseline) with its 95 % "
        "confidence interval, read from the table; below it every participant's observed values by study day.",
        counterpart=_DIFFERENCE.counterpart,
    ),
    _DIFFERENCE,
    CatalogueEntry(
        key="F1",
        anchor="T-F1-{endpoint}",
        title="{endpoint} at {visit}: comparison with {control}",
        question="How much does each dose differ from the control at the visit of analysis?",
        population=_OWN_POPULATION,
        statistics="Analysis of covariance on arm, baseline and the factors of the study file: n, least-squares mean "
        "and difference from the first arm, each with its 95 % confidence interval (t, not adjusted). On the ratio "
        "scale on logarithms: geometric mean ratio, and 100 × (ratio of the ratios − 1) in %.",
        order="One table an endpoint with an analysis; arms as in the study file.",
        missing="Participants without baseline, value or factor do not take part; on the ratio scale both must be "
        "above 0. A carried value takes part where the study file asks for LOCF. When nothing can be fitted a sentence "
        "says why.",
        counterpart="TLG catalog AOVT (partly), TLG catalog PKPT11 (partly)",
        notebooks=_REPORT,
        tests=(
            f"{_PILOT}test_the_primary_analysis_is_that_of_the_study_report",
            "tests/stats/test_ancova.py::test_means_and_differences_agree_with_r",
            "tests/stats/test_ancova.py::test_no_fit_has_a_reason",
        ),
    ),
    CatalogueEntry(
        key="I6",
        anchor="T-I6",
        title="Published results and this report",
        question="Does the report show the numbers that were published for this study?",
        population="As each published number says.",
        statistics="Published number and number shown, as text, whether they are the same, and the source. A "
        "difference fails the run.",
        order="As in the study file.",
        missing="A statistic that is absent is said to be not shown, and is a difference. At other cuts a sentence "
        "says when the comparison is due.",
        counterpart="cards and PKNCA, in their tests",
        notebooks=_REPORT,
        tests=(
            "tests/report/test_reproduction.py::test_the_table_shows_both_numbers_and_the_source",
            "tests/report/test_reproduction.py::test_every_number_that_differs_fails_the_run_at_the_cut_where_it_is_due",
        ),
        has_results=False,
    ),
    CatalogueEntry(
        key="D9",
        title="Deaths of treated participants by study day",
        question="On which study day did participants die, for comparison with published numbers?",
        population="Treated participants, by actual arm.",
        statistics="n, N and % of participants who died, in all and by study day.",
        order="All deaths, then study days ascending.",
        missing="A death whose study day is not known has the row Day not known.",
        counterpart=NONE_KNOWN,
        notebooks=_REPORT,
        tests=(f"{_HERE}test_deaths_by_study_day_add_up_to_all_deaths",),
    ),
    CatalogueEntry(
        key="D9S",
        title="Serious and non-serious treatment-emergent events by preferred term",
        question="How many had each term as a serious, and as another, event, for comparison with published numbers?",
        population="Treated participants, by actual arm.",
        statistics="n, N and % of participants. Somebody with both kinds of a term counts in both.",
        order="Serious, then not serious; terms alphabetically.",
        missing="An event without a term is left out; one not marked serious is not serious.",
        counterpart=NONE_KNOWN,
        notebooks=_REPORT,
        tests=(f"{_HERE}test_a_term_that_was_serious_and_not_serious_counts_in_both",),
    ),
)
