"""Displays about the data, shown in every report."""

from __future__ import annotations

from cutbook.display.catalogue.entry import NONE_KNOWN, REPORTS, CatalogueEntry

_LISTINGS = "tests/display/test_record_listings.py"
_DASH = "A missing value is shown as –."
_LISTED = "At most 500 records are shown; a footnote then says how many there are."

ENTRIES = (
    CatalogueEntry(
        key="A1",
        anchor="T-A1",
        title="Data received",
        question="What was received, and is it what the sender sent?",
        population="All files of the transfer, before the cut.",
        statistics="Rows and participants of each file; beside them the latest collected date, the first 12 characters "
        "of its SHA-256, and what was done with it.",
        order="Files as in the manifest of the transfer, then files that it does not name.",
        missing="A file that was not read has no number of participants; – stands instead.",
        counterpart="clinDataReview (partly), safetyGraphics (partly), clinsight (partly)",
        notebooks=REPORTS,
        tests=("tests/data/test_sources.py::test_the_received_table_lists_every_file",),
    ),
    CatalogueEntry(
        key="A7",
        anchor="L-A7",
        title="Findings in the data{ (number)}",
        question="What is odd in the data and did not stop the run?",
        population="All participants in the transfer, before the cut.",
        statistics="None: one line a finding with dataset, variable, row of the file, record key, and a sentence.",
        order="By kind of finding, then as in the file. Folded when there are more than 10.",
        missing=f"{_DASH} Without findings a sentence says so. {_LISTED}",
        counterpart="FDA ST&F IG (partly), gsm (partly), aNCA (partly: duplicate doses)",
        notebooks=REPORTS,
        tests=(
            "tests/data/test_schemas_issues.py::test_the_issues_of_the_pilot_are_those_of_its_records",
            "tests/display/test_catalogue.py::test_listings_about_the_cut_show_the_records_it_names",
        ),
        has_results=False,
    ),
    CatalogueEntry(
        key="A3",
        anchor="T-A3",
        title="What the data cut did",
        question="How was each dataset cut, and what did that remove or change?",
        population="All datasets of the transfer.",
        statistics="Rows before and after the cut, rows removed, rows modified, beside the rule in words.",
        order="Datasets as received.",
        missing="A record without a date, or whose date is partial, is kept unless even the earliest moment that its "
        "known parts allow lies after the cut-off.",
        counterpart="datacutr (partly)",
        notebooks=REPORTS,
        tests=("tests/data/test_cut_rules.py::test_every_dataset_has_an_audit_row_with_its_rule",),
    ),
    CatalogueEntry(
        key="A3R",
        anchor="L-A3R",
        title="Records removed by the data cut{ (number)}",
        question="Which records did the cut remove, and why?",
        population="All participants.",
        statistics="None: one line a record with its key, the variable and value that decided, and the reason.",
        order="By dataset as received, then as in the file.",
        missing=f"{_DASH} Without removed records a sentence says so. {_LISTED}",
        counterpart="datacutr (partly)",
        notebooks=REPORTS,
        tests=(
            "tests/data/test_cut_rules.py::test_each_removed_record_is_listed_with_its_row_key_value_and_reason",
            "tests/display/test_catalogue.py::test_listings_about_the_cut_show_the_records_it_names",
        ),
        has_results=False,
    ),
    CatalogueEntry(
        key="A3K",
        anchor="L-A3K",
        title="Records kept although their date does not prove them early enough{ (number)}",
        question="Which records were kept on a date that is missing, impossible, or too partial to be sure?",
        population="All participants.",
        statistics="None: one line a record with its key, the variable and value in doubt, and the reason.",
        order="By dataset as received, then as in the file.",
        missing=f"{_DASH} When every date is proof a sentence says so. {_LISTED}",
        counterpart=f"{NONE_KNOWN} (asked for in datacutr issue 240)",
        notebooks=REPORTS,
        tests=(
            "tests/data/test_cut_rules.py::test_records_that_no_date_proves_early_are_kept_with_a_remark",
            "tests/display/test_catalogue.py::test_listings_about_the_cut_show_the_records_it_names",
        ),
        has_results=False,
    ),
    CatalogueEntry(
        key="A4",
        anchor="L-A4",
        title="Information learnt after the cut-off and rolled back",
        question="Which values of kept records were not known yet, and what stands in their place?",
        population="All participants.",
        statistics="None: one line a value with its key, variable, old and new value, and the reason. Study days that "
        "were blanked with a date are counted in a footnote instead.",
        order="By dataset as received, then as in the file.",
        missing=f"{_DASH} When nothing was rolled back a sentence says so. {_LISTED}",
        counterpart="datacutr (partly: deaths only)",
        notebooks=REPORTS,
        tests=(
            "tests/data/test_cut_roll_back.py::test_each_changed_value_is_listed_old_and_new_with_its_reason",
            "tests/display/test_catalogue.py::test_listings_about_the_cut_show_the_records_it_names",
        ),
        has_results=False,
    ),
    CatalogueEntry(
        key="I2",
        anchor="T-I2",
        title="What changed since the previous cut",
        question="Which key counts moved since the previous cut as published?",
        population="The column of all participants.",
        statistics="Counts of participants, and of events where there are any: previous cut, this cut, change. Safety: "
        "D1 and D4; pharmacokinetics: E13; efficacy: participants with a change, or ratio, in F4 and F2.",
        order="As in those displays; counts that are gone come last. Unchanged ones are left out.",
        missing="A count that one of the cuts does not have is 0 there. Without a previous cut a sentence says so.",
        counterpart="clinDataReview (partly), clinsight (partly), cards (partly: a function)",
        notebooks=REPORTS,
        tests=(
            "tests/display/test_tables.py::test_change_since_the_previous_cut_counts_participants_and_events",
            "tests/results/test_documented.py::test_the_examples_in_the_documentation_of_results_hold",
        ),
        has_results=False,
    ),
    CatalogueEntry(
        key="I2P",
        anchor="L-I2P",
        title="The past changed{ (number)}",
        question="What does this cut tell of the time up to the previous cut-off otherwise than the previous cut did?",
        population="All participants; datasets without participants, and those that the cut keeps whole, are left out.",
        statistics="None: one line a new or removed record, or the fields of a record that changed alike, with what "
        "the record is about, old and new value and the rule. More than 10 records of a topic that changed alike are "
        "one line. The number in the title counts records.",
        order="By dataset, then as in the file; removed records last.",
        missing="A record without a date that proves it later is listed as not seen then. Values that run on while a "
        "participant is in the study, and the status of what had not ended, are no change. Without a previous cut a "
        "sentence says so.",
        counterpart=NONE_KNOWN,
        notebooks=REPORTS,
        tests=(
            "tests/data/test_past.py::test_the_first_rule_of_its_kind_that_holds_decides",
            "tests/display/test_table_of_the_past.py::test_changes_of_the_past_are_listed_with_topic_and_rule",
        ),
        has_results=False,
    ),
    CatalogueEntry(
        key="I2T",
        anchor="T-I2T",
        title="Key counts over all cuts",
        question="How did the key counts go from cut to cut?",
        population="The column of all participants.",
        statistics="Participants at this cut, and a line over all published cuts on a scale from 0 to the largest. In "
        "the rows of D4 also events per 100 person-years at risk (D12).",
        order="As in the displays that hold the counts: those of I2.",
        missing="A count that a cut did not show is 0 there; a rate that it did not show is left out, and so is a cut "
        "that is not published here.",
        counterpart=NONE_KNOWN,
        notebooks=REPORTS,
        tests=("tests/display/test_tables_of_change.py::test_key_counts_are_drawn_over_all_cuts",),
        has_results=False,
    ),
    CatalogueEntry(
        key="P",
        anchor="L-P",
        title="Participants ({number})",
        question="Who is each participant, and which displays of this report count them?",
        population="Everybody in the data.",
        statistics="None: one line a participant with treatment, status and baseline characteristics, and links to the "
        "displays.",
        order="By actual arm, then participant.",
        missing=_DASH,
        counterpart=NONE_KNOWN,
        notebooks=REPORTS,
        tests=(
            f"{_LISTINGS}::test_everybody_is_listed_under_their_arm_with_number_facts_and_anchor",
            f"{_LISTINGS}::test_a_participant_leads_to_the_displays_that_count_the_participant",
        ),
        has_results=False,
    ),
)
