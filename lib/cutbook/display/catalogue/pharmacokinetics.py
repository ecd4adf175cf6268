"""Displays of the pharmacokinetic report."""

from __future__ import annotations

from cutbook.display.catalogue.entry import NONE_KNOWN, CatalogueEntry

_HERE = "tests/display/test_catalogue.py::"
_RESULTS = "tests/results/test_concentrations.py::"
_REPORT = ("pharmacokinetics",)

ENTRIES = (
    CatalogueEntry(
        key="E13",
        anchor="T-E13",
        title="Samples, and signs of a mix-up",
        question="How many samples came back, and does any contradict the treatment given?",
        population="All participants with a sample that has a result.",
        statistics="By matrix: samples, participants, samples below the limit of quantification (BLQ), participants on "
        "placebo with a quantifiable concentration, participants on active drug with none after a dose.",
        order="As named here; matrices in the order of the data.",
        missing="A sample without a result does not count. Samples taken before the first dose are no sign of a mix-up "
        "on active drug.",
        counterpart=NONE_KNOWN,
        notebooks=_REPORT,
        tests=(f"{_RESULTS}test_signs_of_a_mix_up_look_only_at_samples_after_a_dose",),
    ),
    CatalogueEntry(
        key="E3",
        anchor="F-E3-{number}",
        title="{matrix}: individual profiles and geometric means",
        question="What is the course of the concentration, and how alike are the participants?",
        population="Participants on an active dose with samples, by actual arm.",
        statistics="Every participant's course at actual times; geometric mean of quantifiable values at scheduled "
        "times; linear above, semi-logarithmic below. Lower limit of quantification as a dashed line.",
        order="One figure a matrix, one column an active arm, both as in the study file.",
        missing="BLQ values are open symbols at the limit, in no line and no mean. The nominal time stands in for an "
        "unknown actual one; without either a sample is not drawn. Unscheduled samples are in no mean.",
        counterpart="TLG catalog PKCG01 to PKCG03, aNCA",
        notebooks=_REPORT,
        tests=(f"{_HERE}test_profiles_say_the_highest_concentration_of_every_arm_in_words",),
        has_results=False,
    ),
    CatalogueEntry(
        key="E2",
        anchor="T-E2-{number}",
        title="{matrix}: concentrations ({unit}) by visit and nominal time",
        question="What concentration does each dose give at each nominal time?",
        population="Participants on an active dose with samples, by actual arm.",
        statistics="Samples, BLQ, n in means, mean, SD, CV %, geometric mean, geometric CV % (100 √(exp(s²) − 1)), "
        "median, minimum, maximum. Three significant figures; CV with one decimal.",
        order="Matrices as in the study file; visit, arm, nominal time. Folded.",
        missing="BLQ values enter means as the study file says. When more than half of the samples are BLQ, means, SD "
        "and CV are NC and the median is BLQ; when all are, so is the maximum. SD and CV need two values; a zero "
        "leaves no geometric mean.",
        counterpart="TLG catalog PKCT01, aNCA",
        notebooks=_REPORT,
        tests=(
            f"{_RESULTS}test_a_summary_counts_samples_values_below_the_limit_and_what_enters_means",
            f"{_RESULTS}test_more_than_half_below_the_limit_leaves_no_mean_and_a_median_below_it",
            f"{_RESULTS}test_a_zero_leaves_no_geometric_mean",
        ),
    ),
    CatalogueEntry(
        key="E1",
        anchor="L-E1",
        title="Concentrations",
        question="What was measured in each sample, and when was it taken?",
        population="All samples of the matrices that the study file names, active or placebo.",
        statistics="None: one line a sample with visit, dose, nominal and actual time, deviation, and the value as "
        "reported.",
        order="Active arms first; arm, participant, matrix, date and time. Folded.",
        missing="– where missing. At most 2000 records are shown; a footnote then says how many there are.",
        counterpart="TLG catalog PKCL01, aNCA",
        notebooks=_REPORT,
        tests=(f"{_HERE}test_the_listing_of_concentrations_shows_values_as_reported",),
        has_results=False,
    ),
)
