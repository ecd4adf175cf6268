from dataclasses import replace

import pytest

from cutbook.catalogue import listings
from cutbook.display import show
from cutbook.display.look.elements import Cell, Mark, Row
from cutbook.display.tables.listings import since
from display.pages import a_page, body, with_courses, with_facts
from given import given_frames


def told(rows):
    return [(row.label, row.status, row.mark.text if row.mark else "") for row in rows]


def test_rows_are_new_changed_withdrawn_or_no_longer_listed():
    now = [("a", Row("A", ("1", "x"))), ("b", Row("B", ("2", "y"))), ("c", Row("C", ("3", "z")))]
    before = [("a", Row("A", ("1", "x"))), ("b", Row("B", ("9", "y"))), ("d", Row("D", ("4", ""))), ("e", Row("E"))]
    rows = since(now, before, {"a", "b", "c", "e"})
    assert told(rows) == [
        ("A", "", ""), ("B", "changed", "changed"), ("C", "new", "new"),
        ("D", "withdrawn", "withdrawn"), ("E", "withdrawn", "no longer listed"),
    ]  # fmt: skip
    assert rows[1].cells == (Cell("2", old="9"), "y")
    assert rows[0] is now[0][1]


def test_a_field_that_was_missing_shows_that_it_was():
    (row,) = since([("a", Row("A", ("2024-01-02",)))], [("a", Row("A", ("–",)))], {"a"})
    assert row.cells == (Cell("2024-01-02", old="–"),)


def test_everything_is_new_after_a_cut_without_records():
    assert told(since([("a", Row("A"))], [], {"a"})) == [("A", "new", "new")]


def listed(display, study, now, before=None):
    """Return a listing of these derived datasets by name, and of those of the previous cut where that is known."""
    earlier = None if before is None else given_frames(study, **before)
    return show(display, a_page(study, frames=given_frames(study, **now), before=earlier))


@pytest.fixture
def serious(adae):
    return with_facts(adae).assign(AESER="Y")


def test_a_listing_marks_events_by_their_key(serious, adsl, study):
    before = serious.drop(index=1).assign(AESEV=serious["AESEV"].replace("SEVERE", "MILD"))
    before.loc[2, "AETERM"] = "Giddiness"
    table = listed(listings.serious, study, {"adae": serious}, {"adae": before, "adsl": adsl})
    assert [row for row in told(table.rows) if row[1]] == [("3", "new", "new"), ("3", "changed", "changed")]
    (changed,) = [cell for row in table.rows for cell in row.cells if isinstance(cell, Cell) and cell.old]
    assert (changed.old, changed.text) == ("Dizziness (Giddiness)", "Dizziness")


def test_an_event_no_longer_serious_is_no_longer_listed_and_one_deleted_is_withdrawn(serious, study):
    now = serious.drop(index=0)
    now.loc[1, "AESER"] = "N"
    table = listed(listings.serious, study, {"adae": now}, {"adae": serious})
    assert [row for row in told(table.rows) if row[1]] == [
        ("1", "withdrawn", "withdrawn"), ("3", "withdrawn", "no longer listed"),
    ]  # fmt: skip


def test_nothing_is_marked_where_the_previous_cut_is_not_known(serious, study):
    assert {row.status for row in listed(listings.serious, study, {"adae": serious}).rows} == {""}


def test_everything_is_new_where_the_previous_cut_had_no_event(serious, study):
    table = listed(listings.serious, study, {"adae": serious}, {"adae": serious.iloc[:0]})
    assert {row.status for row in table.rows} == {"new"}


def test_events_withdrawn_since_stand_in_a_listing_that_is_else_empty(serious, study):
    table = listed(listings.serious, study, {"adae": serious.iloc[:0]}, {"adae": serious.iloc[:1]})
    assert told(table.rows) == [("1", "withdrawn", "withdrawn")]


def test_a_listing_that_stops_at_its_cap_calls_nothing_withdrawn(serious, study):
    (layer,) = listings.serious.rows(study)
    short = replace(listings.serious, rows=lambda _: [replace(layer, most=2)])
    table = listed(short, study, {"adae": serious}, {"adae": serious})
    assert told(table.rows) == [("1", "", ""), ("3", "", "")]


def test_discontinuations_are_compared_where_action_was_not_collected_before(serious, study):
    stopped = serious.assign(AEACN=["DRUG WITHDRAWN", *["DOSE NOT CHANGED"] * 5])
    table = listed(listings.discontinuations, study, {"adae": stopped}, {"adae": serious})
    assert told(table.rows) == [("1", "new", "new")]


def test_a_death_since_the_previous_cut_is_new(adsl, study):
    now = with_courses(adsl)
    table = listed(listings.deaths, study, {"adsl": now}, {"adsl": now.assign(DTHFL="N")})
    assert told(table.rows) == [("2", "new", "new")]
    assert body(table)[0][:2] == ("2", "Placebo")


def test_a_death_taken_back_is_no_longer_listed(adsl, study):
    before = with_courses(adsl)
    table = listed(listings.deaths, study, {"adsl": before.assign(DTHFL="N")}, {"adsl": before})
    assert told(table.rows) == [("2", "withdrawn", "no longer listed")]


def test_a_listing_with_something_new_says_that_it_is_marked(serious, study):
    table = listed(listings.serious, study, {"adae": serious}, {"adae": serious.iloc[1:]})
    assert table.rows[0].mark == Mark("new", "new")
    assert table.classes == "listing marked"
