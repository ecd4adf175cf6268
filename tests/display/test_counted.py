import pytest

from cutbook.display.formats import with_text
from cutbook.display.parts import Mark
from display.displays import (
    demographics_results,
    disposition_results,
    overview_results,
    table_demographics,
    table_disposition,
    table_overview,
    table_terms,
    table_windows,
    term_results,
    window_results,
)
from display.pages import a_page, body


@pytest.fixture
def kept(study):
    """Return the study with terms in the order of the previous cut."""
    events = study.adverse_events.model_copy(update={"order": "previous_cut"})
    return study.model_copy(update={"adverse_events": events})


def terms(adae, adsl, study, before):
    now, earlier = (with_text(term_results(events, adsl, study)) for events in (adae, before))
    return table_terms(now, a_page(study, previous=earlier))


def order(table):
    return [(row.label, row.mark.text if row.mark else "") for row in table.rows]


def more_vomiting(adae):
    """Return the events with vomiting in three participants instead of none, and headache in one instead of three."""
    return adae.assign(
        AEDECOD=["Vomiting", "Vomiting", "Dizziness", "Nausea", "Headache", "Vomiting"],
        AEBODSYS=["Gut", "Gut", "Nervous", "Gut", "Nervous", "Gut"],
        TRTEMFL="Y",
    )


def test_terms_stand_by_frequency_and_gone_ones_at_the_end_of_their_class(adae, adsl, study):
    table = terms(adae.drop(index=2), adsl, study, adae)
    assert order(table) == [
        ("Any treatment-emergent event", ""), ("Nervous", ""), ("Headache", ""), ("Dizziness", ""), ("Gut", ""),
        ("Nausea", ""),
    ]  # fmt: skip
    gone = table.rows[3]
    assert body(table)[3] == ("Dizziness", "0", "0", "0", "0")
    assert [cell.mark for cell in gone.cells] == [
        None,
        Mark("down", "▼1", "1 (50.0) [1]"),
        Mark("down", "▼1", "1 (50.0) [1]"),
        Mark("down", "▼1", "1 (25.0) [1]"),
    ]


def test_a_class_that_is_gone_stands_last_with_its_terms(adae, adsl, study):
    table = terms(adae.drop(index=3), adsl, study, adae)
    assert [label for label, _ in order(table)][-2:] == ["Gut", "Nausea"]
    assert body(table)[-2] == ("Gut", "0", "0", "0", "0")


def test_all_events_gone_leaves_their_rows_as_zeros(adae, adsl, study):
    table = terms(adae.iloc[:0], adsl, study, adae)
    assert len(table.rows) == 6
    assert {text for row in body(table) for text in row[1:]} == {"0"}


def test_a_new_term_says_so_at_its_label(adae, adsl, study):
    table = terms(adae, adsl, study, adae.drop(index=2))
    assert order(table)[3] == ("Dizziness", "new")
    assert [cell.mark for cell in table.rows[3].cells] == [None] * 4


def test_rows_keep_the_order_of_the_previous_cut_and_say_how_far_they_would_move(adae, adsl, kept):
    table = terms(more_vomiting(adae), adsl, kept, adae)
    assert order(table) == [
        ("Any treatment-emergent event", ""), ("Nervous", "↓1"), ("Headache", "↓1"), ("Dizziness", "↑1"), ("Gut", "↑1"),
        ("Nausea", "↓1"), ("Vomiting", "new"),
    ]  # fmt: skip
    assert table.footnotes[-1].startswith("Classes and terms in the order of the previous cut, new ones last;")


def test_by_frequency_the_same_rows_would_stand_as_the_arrows_say(adae, adsl, study):
    table = terms(more_vomiting(adae), adsl, study, adae)
    assert [label for label, _ in order(table)] == [
        "Any treatment-emergent event", "Gut", "Vomiting", "Nausea", "Nervous", "Dizziness", "Headache",
    ]  # fmt: skip
    assert table.footnotes[-1] == "Classes and terms in order of falling total frequency, ties alphabetical."


def test_rows_that_are_gone_keep_their_place_in_the_order_of_the_previous_cut(adae, adsl, kept):
    table = terms(adae[adae["AEBODSYS"].ne("Nervous")], adsl, kept, adae)
    assert order(table) == [
        ("Any treatment-emergent event", ""), ("Nervous", ""), ("Headache", ""), ("Dizziness", ""), ("Gut", "↑1"),
        ("Nausea", ""),
    ]  # fmt: skip


def test_the_first_cut_stands_by_frequency_whatever_the_study_file_says(adae, adsl, kept):
    table = table_terms(with_text(term_results(adae, adsl, kept)), a_page(kept))
    assert [label for label, _ in order(table)][:3] == ["Any treatment-emergent event", "Nervous", "Headache"]
    assert table.footnotes[-1] == "Classes and terms in order of falling total frequency, ties alphabetical."


def test_a_term_coded_to_another_class_is_new_there_and_gone_here(adae, adsl, study):
    moved = adae.assign(AEBODSYS=adae["AEBODSYS"].where(adae["AEDECOD"].ne("Dizziness"), "Ear"))
    table = terms(moved, adsl, study, adae)
    rows = [row for row in table.rows if row.label == "Dizziness"]
    assert [(str(row.cells[-1]), row.mark and row.mark.text) for row in rows] == [("0", None), ("1 (25.0) [1]", "new")]


def test_a_new_arm_is_new_in_its_column_alone(adae, adsl, study):
    before = with_text(term_results(adae, adsl, study))
    before = before[before["group"].isin(["P", "TOTAL"])]
    table = table_terms(with_text(term_results(adae, adsl, study)), a_page(study, previous=before))
    headache = table.rows[2]
    assert headache.mark is None
    assert [cell.mark and cell.mark.kind for cell in headache.cells] == [None, "new", "new", None]


def test_an_arm_of_the_previous_cut_alone_is_not_shown(adae, adsl, study):
    results = with_text(term_results(adae, adsl, study))
    old = results.assign(group=results["group"].replace("A", "OLD"))
    table = table_terms(results, a_page(study, previous=old))
    assert [column.label for column in table.columns] == ["Placebo", "10 mg", "Active", "All"]
    assert [column.mark for column in table.columns] == [None] * 4


def test_more_participants_alone_leave_grey_marks(adae, adsl, study):
    fewer = adsl[adsl["USUBJID"].ne("2")]
    before = with_text(term_results(adae, fewer, study))
    table = table_terms(with_text(term_results(adae, adsl, study)), a_page(study, previous=before))
    assert table.columns[0].mark == Mark("up", "▲1", "N = 1")
    assert [cell.mark and (cell.mark.kind, cell.mark.was) for cell in table.rows[2].cells] == [
        ("total", "1 (100.0) [1]"), None, None, ("total", "3 (100.0) [3]"),
    ]  # fmt: skip


def test_a_reason_for_discontinuation_that_was_taken_back_stands_as_zero(adsl, study):
    now = adsl.assign(DCSREAS=None, EOSSTT=adsl["EOSSTT"].replace("DISCONTINUED", "ONGOING"))
    before = with_text(disposition_results(adsl, study))
    table = table_disposition(with_text(disposition_results(now, study)), a_page(study, previous=before))
    assert body(table)[-1] == ("Death", "0", "0", "0", "0")
    assert table.rows[-1].cells[0].mark == Mark("down", "▼1", "1 (50.0)")


def test_a_new_window_is_new_at_its_heading(adae, adsl, study):
    results = with_text(window_results(adae, adsl, study))
    table = table_windows(results, a_page(study, previous=results[results["level"].ne("ALL")]))
    assert [(row.label, row.mark and row.mark.text) for row in table.rows if row.is_head] == [
        ("Up to 0 days after the last dose", None), ("Whole study", "new"),
    ]  # fmt: skip


def test_a_row_of_the_overview_that_is_gone_stands_as_zero(adae, adsl, study):
    before = with_text(overview_results(adae.assign(AEACN="DRUG WITHDRAWN"), adsl, study))
    table = table_overview(with_text(overview_results(adae, adsl, study)), a_page(study, previous=before))
    rows = {row.label: row for row in table.rows}
    cell = rows["Led to discontinuation of study drug"].cells[3]
    assert (str(cell), cell.mark) == ("0", Mark("down", "▼3", "3 (75.0) [5]"))


def test_a_level_of_a_characteristic_that_is_gone_stands_as_zero(adsl, study):
    before = with_text(demographics_results(adsl, study))
    known = with_text(demographics_results(adsl.assign(SEX=["F", "M", "F", "F", "M"]), study))
    rows = {row.label: row for row in table_demographics(known, a_page(study, previous=before)).rows}
    cell = rows["Missing"].cells[3]
    assert (str(cell), cell.mark) == ("0", Mark("down", "▼1", "1 (25.0)"))
