import pandas as pd
import pytest
from matplotlib.figure import Figure as Canvas

from cutbook.display import record_book
from cutbook.display.drawing import ring_new, ring_note
from cutbook.display.since import Earlier
from cutbook.results.table import results_table
from display.pages import a_page, with_courses

COURSES = pd.DataFrame(
    {
        "USUBJID": ["1", "1", "3", "3", "4"],
        "ADY": [1.0, 29.0, 1.0, 57.0, 1.0],
        "AVAL": [5.0, 6.0, 7.0, 8.0, 9.0],
    }
)


@pytest.fixture
def page(adsl, study):
    """Return a page at whose previous cut participants 3 and 4 were in screening."""
    known = with_courses(adsl)
    waiting = known["USUBJID"].isin(["3", "4"])
    before = known.assign(RANDFL=known["RANDFL"].mask(waiting, "N"), SAFFL=known["SAFFL"].mask(waiting, "N"))
    return a_page(study, book=record_book(results_table([]), known, study), before=Earlier(before))


def rings(axis):
    return [(line.get_marker(), line.get_linestyle(), line.get_xydata().tolist()) for line in axis.lines]


def test_a_ring_stands_around_the_last_point_of_everybody_who_is_new(page):
    axis = Canvas().add_subplot()
    ring_new(axis, COURSES, "ADY", page)
    assert rings(axis) == [("o", "None", [[57.0, 8.0], [1.0, 9.0]])]
    assert axis.lines[0].get_markerfacecolor() == "none"


def test_a_first_cut_has_no_ring_and_no_note(adsl, study):
    first = a_page(study, book=record_book(results_table([]), with_courses(adsl), study))
    axis = Canvas().add_subplot()
    ring_new(axis, COURSES, "ADY", first)
    assert rings(axis) == [("o", "None", [])]
    assert ring_note(first, COURSES) == ""


def test_a_note_says_what_a_ring_is_and_how_many_there_are(page):
    assert ring_note(page, COURSES) == " A ring: new since cut C1 (2 of 3 shown)."
    assert ring_note(page, COURSES[COURSES["USUBJID"].eq("1")]) == " A ring: new since cut C1 (0 of 1 shown)."
