import pytest

from cutbook.catalogue import events, participants
from cutbook.display import show
from cutbook.display.look.collected import collected
from cutbook.display.look.elements import Mark
from cutbook.parameters.study import Characteristic
from display.pages import a_page, body
from given import texts_of


@pytest.fixture
def kept(study):
    """Return the study with terms in the order of the previous cut."""
    rules = study.adverse_events.model_copy(update={"order": "previous_cut"})
    return study.model_copy(update={"adverse_events": rules})


def shown(display, study, previous=None, **frames):
    """Return a display of these derived datasets; ``previous`` are the results of the previous cut."""
    return show(display, a_page(study, results=texts_of(display, study=study, **frames), previous=previous))


def terms(adae, adsl, study, before):
    earlier = texts_of(events.terms, study=study, adae=before, adsl=adsl)
    return shown(events.terms, study, earlier, adae=adae, adsl=adsl)


def test_disposition(adsl, study):
    table = shown(participants.disposition, study, adsl=adsl)
    assert body(table)[:4] == [
        ("Screened", "–", "–", "–", "5"),
        ("Not randomised: screen failure", "–", "–", "–", "1"),
        ("Not randomised yet: in screening", "–", "–", "–", "0"),
        ("Randomised", "2 (100.0)", "2 (100.0)", "2 (100.0)", "4 (100.0)"),
    ]
    assert body(table)[-1] == ("Death", "1 (50.0)", "0", "0", "1 (25.0)")
    assert [column.note for column in table.columns] == ["N = 2", "N = 2", "N = 2", "N = 4"]


def test_words_without_categories_are_rows_by_frequency_and_numbers_a_summary(adsl, study):
    items = [Characteristic(variable="RACE", label="Race"), Characteristic(variable="AGE", label="Age")]
    asked = study.model_copy(update={"characteristics": items})
    races = {"1": "WHITE", "2": "None", "3": "WHITE", "4": "ASIAN"}
    table = shown(participants.demographics, asked, adsl=adsl.assign(RACE=adsl["USUBJID"].map(races)))
    assert [(row.label, str(row.cells[-1])) for row in table.rows[1:-6]] == [
        ("WHITE", "2 (50.0)"),
        ("ASIAN", "1 (25.0)"),
        (collected("None"), "1 (25.0)"),
    ]
    assert [row.label for row in table.rows[-6:]][:2] == ["Age", "n"]


def test_terms(adae, adsl, study):
    table = shown(events.terms, study, adae=adae, adsl=adsl)
    assert body(table)[1:4] == [
        ("Nervous", "1 (50.0) [1]", "2 (100.0) [3]", "2 (100.0) [3]", "3 (75.0) [4]"),
        ("Headache", "1 (50.0) [1]", "2 (100.0) [2]", "2 (100.0) [2]", "3 (75.0) [3]"),
        ("Dizziness", "0", "1 (50.0) [1]", "1 (50.0) [1]", "1 (25.0) [1]"),
    ]


def test_no_events_are_a_sentence(adae, adsl, study):
    table = shown(events.terms, study, adae=adae.iloc[:0], adsl=adsl)
    assert table.rows == ()
    assert "No treatment-emergent adverse events by the cut-off." in table._repr_html_()


def test_the_overview_does_not_set_all_doses_together_against_the_control(adae, adsl, study):
    # The difference stays in the results table: 1 of 2 against 2 of 2.
    table = shown(events.overview, study, adae=adae, adsl=adsl)
    assert [column.label for column in table.columns] == ["Placebo", "10 mg", "Active", "All"]
    assert body(table)[0] == (
        "Any treatment-emergent event", "1 (50.0) [1]", "2 (100.0) [4]", "2 (100.0) [4]", "3 (75.0) [5]",
    )  # fmt: skip
    results = texts_of(events.overview, study=study, adae=adae, adsl=adsl)
    found = results[results["variable"].eq("TEAE") & results["statistic"].isin(["rd", "rd_low", "rd_high"])]
    assert found["text"].tolist() == ["50.0", "−27.3", "90.5"]


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
    table = shown(events.terms, kept, adae=adae, adsl=adsl)
    assert [label for label, _ in order(table)][:3] == ["Any treatment-emergent event", "Nervous", "Headache"]
    assert table.footnotes[-1] == "Classes and terms in order of falling total frequency, ties alphabetical."


def test_a_term_coded_to_another_class_is_new_there_and_gone_here(adae, adsl, study):
    moved = adae.assign(AEBODSYS=adae["AEBODSYS"].where(adae["AEDECOD"].ne("Dizziness"), "Ear"))
    table = terms(moved, adsl, study, adae)
    rows = [row for row in table.rows if row.label == "Dizziness"]
    assert [(str(row.cells[-1]), row.mark and row.mark.text) for row in rows] == [("0", None), ("1 (25.0) [1]", "new")]


def test_a_new_arm_has_no_marks_in_its_column(adae, adsl, study):
    before = texts_of(events.terms, study=study, adae=adae, adsl=adsl)
    table = shown(events.terms, study, before[before["group"].isin(["P", "TOTAL"])], adae=adae, adsl=adsl)
    headache = table.rows[2]
    assert headache.mark is None
    assert [cell.mark and cell.mark.kind for cell in headache.cells] == [None, None, None, None]


def test_an_arm_of_the_previous_cut_alone_is_not_shown(adae, adsl, study):
    results = texts_of(events.terms, study=study, adae=adae, adsl=adsl)
    old = results.assign(
        group=results["group"].replace("A", "B"), group_words=results["group_words"].replace("10 mg", "5 mg")
    )
    table = shown(events.terms, study, old, adae=adae, adsl=adsl)
    assert [column.label for column in table.columns] == ["Placebo", "10 mg", "Active", "All"]
    assert [column.mark and column.mark.kind for column in table.columns] == [None, "new", None, None]


def test_more_participants_alone_leave_no_marks(adae, adsl, study):
    fewer = adsl[adsl["USUBJID"].ne("2")]
    before = texts_of(events.terms, study=study, adae=adae, adsl=fewer)
    table = shown(events.terms, study, before, adae=adae, adsl=adsl)
    assert table.columns[0].mark == Mark("up", "▲1", "N = 1")
    assert [cell.mark and (cell.mark.kind, cell.mark.was) for cell in table.rows[2].cells] == [
        ("quiet", "1 (100.0) [1]"), None, None, ("quiet", "3 (100.0) [3]"),
    ]  # fmt: skip


def test_a_reason_for_discontinuation_that_was_taken_back_stands_as_zero(adsl, study):
    now = adsl.assign(DCSREAS=None, EOSSTT=adsl["EOSSTT"].replace("DISCONTINUED", "ONGOING"))
    before = texts_of(participants.disposition, study=study, adsl=adsl)
    table = shown(participants.disposition, study, before, adsl=now)
    assert body(table)[-1] == ("Death", "0", "0", "0", "0")
    assert table.rows[-1].cells[0].mark == Mark("down", "▼1", "1 (50.0)")


def test_a_new_window_is_new_at_its_heading(adae, adsl, study):
    results = texts_of(events.windows, study=study, adae=adae, adsl=adsl)
    table = shown(events.windows, study, results[results["level"].ne("ALL")], adae=adae, adsl=adsl)
    assert [(row.label, row.mark and row.mark.text) for row in table.rows if row.is_head] == [
        ("Up to 0 days after the last dose", None), ("Whole study", "new"),
    ]  # fmt: skip


def test_a_row_of_the_overview_that_is_no_longer_collected_says_so_and_is_no_fall(adae, adsl, study):
    before = texts_of(events.overview, study=study, adae=adae.assign(AEACN="DRUG WITHDRAWN"), adsl=adsl)
    table = shown(events.overview, study, before, adae=adae, adsl=adsl)
    rows = {row.label: row for row in table.rows}
    cell = rows["Led to discontinuation of study drug"].cells[3]
    assert (str(cell), cell.mark) == ("not collected", Mark("moved", "•", "3 (75.0) [5]"))


def test_a_level_of_a_characteristic_that_is_gone_stands_as_zero(adsl, study):
    before = texts_of(participants.demographics, study=study, adsl=adsl)
    table = shown(participants.demographics, study, before, adsl=adsl.assign(SEX=["F", "M", "F", "F", "M"]))
    rows = {row.label: row for row in table.rows}
    cell = rows["Missing"].cells[3]
    assert (str(cell), cell.mark) == ("0", Mark("quiet", "", "1 (25.0)"))
