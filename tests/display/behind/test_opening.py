import pandas as pd
import pytest

from cutbook.catalogue import events as catalogue
from cutbook.catalogue import participants
from cutbook.display import record_book, show
from cutbook.display.behind import records as records_module
from cutbook.display.behind.opening import open_counts, ranges
from cutbook.display.look.elements import Cell, Column, Row
from cutbook.display.look.frame import Table
from cutbook.results.table import results_table
from display.pages import a_page, body, results_of


@pytest.fixture
def results(events, people, study):
    return results_of(events, people, study)


@pytest.fixture
def book(results, people, events, study):
    return record_book(results, people, study, events=events)


def entries(table):
    return {entry.id: (entry.label, entry.numbers) for entry in table.records.entries}


def links(row):
    return [(cell.text, cell.link, cell.counts) for cell in row.cells]


def row_of(table, label):
    (row,) = [row for row in table.rows if row.label == label]
    return row


def test_records_are_numbered_through_the_page_by_arm_then_participant_participants_first(book):
    assert book.numbers == {
        "dm/1": 1, "dm/2": 2, "dm/3": 3, "dm/4": 4, "dm/5": 5,
        "ae/1/0": 6, "ae/3/1": 7, "ae/3/2": 8, "ae/3/3": 9, "ae/4/4": 10, "ae/4/5": 11,
    }  # fmt: skip


def test_participants_count_in_their_arm_in_the_pooled_arm_and_among_all(book):
    assert book.groups == {"P": ("P", "TOTAL"), "A": ("A", "ACTIVE", "TOTAL"), "": ("TOTAL",)}
    below = book.by_arm((name, Row(name)) for name in book.arms)
    assert [group.label for group in below] == ["Placebo", "10 mg", "Not randomised"]


def test_someone_without_an_arm_of_the_study_counts_in_no_pooled_arm(people, study):
    missing = people.assign(TRT01A=["Placebo", "Missing", "Placebo", "Placebo", "Placebo"])
    book = record_book(results_table([]), missing, study)
    below = {group.label: group.groups for group in book.by_arm((name, Row(name)) for name in book.arms)}
    assert below["Missing"] == ("MISSING", "TOTAL")


def test_without_pooled_columns_everybody_counts_in_the_arm_alone(people, study):
    bare = study.model_copy(update={"treatment": study.treatment.model_copy(update={"total_active": "", "total": ""})})
    book = record_book(results_table([]), people[people["TRT01A"].eq("10 mg")], bare)
    assert book.groups == {"P": ("P",), "A": ("A",)}


def test_the_counts_of_a_row_share_one_entry_with_the_records_of_all_its_columns(results, study, book):
    table = show(catalogue.terms, a_page(study, results=results, book=book))
    row = row_of(table, "Headache")
    assert links(row) == [
        ("1 (50.0) [1]", "T-D5.e2", ""), ("2 (100.0) [2]", "T-D5.e2", ""), ("2 (100.0) [2]", "T-D5.e2", ""),
        ("3 (75.0) [3]", "T-D5.e2", ""),
    ]  # fmt: skip
    assert entries(table)["T-D5.e2"] == ("Nervous: Headache", "6–7, 10")
    assert table.records.rule == (
        "Every count opens its records. All of them are in the records file beside the report as well."
    )


def test_a_count_of_nobody_opens_nothing(results, study, book):
    row = row_of(show(catalogue.terms, a_page(study, results=results, book=book)), "Dizziness")
    assert links(row)[0] == ("0", "", "")


def test_a_table_without_records_stays_as_it_is(results, study):
    table = show(catalogue.terms, a_page(study, results=results.assign(keys=[[] for _ in range(len(results))])))
    assert table.records is None
    assert [cell.link for row in table.rows for cell in row.cells if cell.link] == []


def test_counts_as_planned_have_their_own_entry_where_somebody_was_treated_otherwise(events, people, study):
    swapped = people.assign(TRT01A=["Placebo", "10 mg", "10 mg", "10 mg", None])
    results = results_of(events, swapped, study)
    page = a_page(study, results=results, book=record_book(results, swapped, study, events=events))
    table = show(participants.disposition, page)
    assert links(row_of(table, "Treated")) == [
        ("2 (100.0)", "T-D1.e4c0", "all"), ("2 (100.0)", "T-D1.e4c1", "all"), ("2 (100.0)", "T-D1.e4c2", "all"),
        ("4 (100.0)", "T-D1.e4", ""),
    ]  # fmt: skip
    found = entries(table)
    assert found["T-D1.e4c0"] == ("Treated, Placebo", "1–2")
    assert found["T-D1.e4c1"] == ("Treated, 10 mg", "3–4")
    assert links(row_of(table, "Completed the study"))[0] == ("1 (50.0)", "T-D1.e7", "")


def test_what_page_numbers_mean_is_the_participant_counted(events, people, study):
    swapped = people.assign(TRT01A=["Placebo", "10 mg", "10 mg", "10 mg", None])
    book = record_book(results_of(events, swapped, study), swapped, study, events=events)
    assert [key for key, number in book.numbers.items() if number <= 2] == ["dm/1", "dm/2"]


def test_screened_participants_open_although_they_have_no_arm(results, study, book):
    table = show(participants.disposition, a_page(study, results=results, book=book))
    assert links(row_of(table, "Screened"))[-1] == ("5", "T-D1.e0", "")
    assert entries(table)["T-D1.e0"] == ("Screened", "1–5")
    assert entries(table)["T-D1.e1"] == ("Not randomised: screen failure", "5")


def test_an_event_and_a_death_open_records_of_their_own_kind(results, study, book):
    table = show(catalogue.overview, a_page(study, results=results, book=book))
    assert entries(table)["T-D4.e0"] == ("Any treatment-emergent event", "6–10")
    place = [row.label for row in table.rows].index("Died on study, any cause")
    assert entries(table)[f"T-D4.e{place}"] == ("Died on study, any cause", "2")


def test_statistics_other_than_counts_open_nothing(results, study, book):
    table = show(participants.demographics, a_page(study, results=results, book=book))
    assert links(row_of(table, "n"))[-1] == ("4", "T-D2.e1", "")
    assert [link for _, link, _ in links(row_of(table, "Mean (SD)"))] == [""] * 4


def test_rows_too_large_for_the_page_point_to_the_rule_that_says_so(events, people, study, monkeypatch):
    monkeypatch.setattr(records_module, "MOST_RECORDS", 3)
    results = results_of(events, people, study)
    book = record_book(results, people, study, events=events)
    table = show(catalogue.terms, a_page(study, results=results, book=book))
    assert {link for _, link, _ in links(row_of(table, "Any treatment-emergent event"))} == {"T-D5.r"}
    assert links(row_of(table, "Nausea"))[-1] == ("1 (25.0) [1]", "T-D5.e5", "")
    assert table.records.rule.startswith("Counts without records here are too many for the page")


def test_a_page_holds_the_records_of_the_rows_with_the_fewest(events, people, study, monkeypatch):
    monkeypatch.setattr(records_module, "MOST_RECORDS", 3)
    book = record_book(results_of(events, people, study), people, study, events=events)
    assert {key for key in book.numbers if key.startswith("ae/")} == {"ae/3/1", "ae/3/2", "ae/3/3"}


def test_a_table_by_itself_brings_the_records_that_its_counts_open(results, study, book):
    table = show(catalogue.terms, a_page(study, results=results, book=book, stamps={"explored": "yes"}))
    (records,) = table.records.tables
    rows = [(group.groups, [row.label for row in group.rows]) for group in records.groups]
    assert rows == [(("P", "TOTAL"), ["6"]), (("A", "ACTIVE", "TOTAL"), ["7", "8", "9", "10"])]


def test_a_table_of_a_page_leaves_its_records_to_the_listings(results, study, book):
    assert show(catalogue.terms, a_page(study, results=results, book=book)).records.tables == ()


def test_a_table_of_two_kinds_of_records_by_itself_brings_both(results, study, book):
    table = show(catalogue.overview, a_page(study, results=results, book=book, stamps={"explored": "yes"}))
    assert [records.columns[1].label for records in table.records.tables] == ["First dose", "Preferred term"]


def test_entries_and_columns_of_grids_have_ids_that_no_other_has(results, study, book):
    page = a_page(study, results=results, book=book)
    made = (participants.disposition, participants.demographics, catalogue.overview, catalogue.terms)
    tables = [show(display, page) for display in made]
    names = [entry.id for table in tables for entry in table.records.entries]
    assert len(names) == len(set(names)) > 20


def test_a_trial_without_participants_has_tables_that_open_nothing(events, people, study):
    nobody, nothing = people.iloc[:0], events.iloc[:0]
    results = results_of(nothing, nobody, study)
    page = a_page(study, results=results, book=record_book(results, nobody, study, events=nothing))
    table = show(participants.disposition, page)
    assert body(table)[0] == ("Screened", "–", "–", "–", "0")
    assert table.records is None
    assert show(catalogue.terms, page).rows == ()


def test_records_of_a_delivered_study_open_like_others(events, people, study):
    delivered = events.assign(KEY="ad" + events["KEY"]), people.assign(KEY="adsl" + people["KEY"].str[2:])
    results = results_of(*delivered, study)
    page = a_page(study, results=results, book=record_book(results, delivered[1], study, events=delivered[0]))
    assert entries(show(catalogue.terms, page))["T-D5.e2"] == ("Nervous: Headache", "6–7, 10")
    assert entries(show(participants.disposition, page))["T-D1.e0"] == ("Screened", "1–5")


@pytest.mark.parametrize("name", ['A B"<', "01/002", "É’"])
def test_whatever_a_participant_is_called_the_counts_open(events, people, study, name):
    def renamed(frame):
        keys = frame["KEY"].str.replace(r"^(\w+)/1(?=/|$)", rf"\1/{name}", regex=True)
        return frame.assign(USUBJID=frame["USUBJID"].replace("1", name), KEY=keys)

    known = renamed(events), renamed(people)
    results = results_of(*known, study)
    page = a_page(study, results=results, book=record_book(results, known[1], study, events=known[0]))
    assert links(row_of(show(catalogue.terms, page), "Headache"))[0] == ("1 (50.0) [1]", "T-D5.e2", "")


def test_numbers_are_told_in_ranges():
    assert ranges([]) == ""
    assert ranges({3}) == "3"
    assert ranges([12, 9, 3, 7, 8]) == "3, 7–9, 12"
    assert ranges([1, 2]) == "1–2"


def test_events_of_someone_who_is_not_a_participant_do_not_stop_the_page(events, people, study):
    ghost = events.iloc[:1].assign(USUBJID="9", KEY="ae/9/1", SAFFL=None)
    known = pd.concat([events, ghost], ignore_index=True)
    results = results_of(known, people, study)
    book = record_book(results, people, study, events=known)
    assert "ae/9/1" not in book.numbers


def test_counts_without_a_group_open_all_records_of_their_entry(book):
    rows = (Row("Samples", (Cell("2", keys=("dm/1", "dm/3")), Cell("1", keys=("dm/3",)))),)
    table = Table("T-x", "Title", "All", "", (Column("Plasma"), Column("CSF")), rows)
    opened = open_counts(table, book, is_alone=False)
    assert links(opened.rows[0]) == [("2", "T-x.e0", ""), ("1", "T-x.e0c1", "all")]
    assert entries(opened) == {"T-x.e0": ("Samples", "1, 3"), "T-x.e0c1": ("Samples, CSF", "3")}


def test_the_group_of_a_row_goes_before_that_of_a_column_and_labels_are_no_groups(book):
    columns = (Column("n", code="P"), Column("A"))
    keys = ("dm/1", "dm/2")
    rows = (
        Row("Any", (Cell("2", keys=keys), Cell("2", keys=keys))),
        Row("Any", (Cell("1", keys=("dm/3",)),), group="A"),
    )
    opened = open_counts(Table("T-x", "Title", "All", "", columns, rows), book, is_alone=False)
    assert [links(row) for row in opened.rows] == [[("2", "T-x.e0", ""), ("2", "T-x.e0", "")], [("1", "T-x.e1", "")]]


def test_a_row_is_named_after_all_that_it_stands_under(book):
    heading = Row("Class", is_head=True)
    rows = [heading, *(Row(label, (Cell("1", keys=("ae/1/0",)),), level=level) for label, level in NESTED)]
    table = open_counts(Table("T-X1", "X", "", "", (Column("Placebo", code="P"),), rows), book, is_alone=False)
    assert [label for label, _ in entries(table).values()] == [
        "Class: Headache", "Class: Headache: Mild", "Class: Nausea", "Any", "Any: Severe",
    ]  # fmt: skip


NESTED = [("Headache", 1), ("Mild", 2), ("Nausea", 1), ("Any", 0), ("Severe", 1)]
