import io
from dataclasses import replace

import pandas as pd
import pytest
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure as Canvas
from PIL import Image

from cutbook.catalogue import endpoints
from cutbook.display import record_book
from cutbook.display.drawing import arm_styles, png, ring_new, ring_note
from cutbook.display.formats import with_text
from cutbook.results.figures import DRAWN, NEW
from cutbook.results.table import results_table
from display.pages import a_page, with_courses
from given import given_frames

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
    return a_page(
        study,
        book=record_book(results_table([]), known, study),
        frames=given_frames(study, adsl=known),
        before=given_frames(study, adsl=before),
    )


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
    assert ring_note(first, endpoints.change_courses, "SCORE") == ""


def test_a_note_says_what_a_ring_is_and_how_many_there_are(page):
    place = {"display": "F4", "parameter": "SCORE", "statistic": "n"}
    rows = [{**place, "variable": NEW, "value": 2}, {**place, "variable": DRAWN, "value": 3}]
    shown = replace(page, results=with_text(results_table(rows)))
    assert ring_note(shown, endpoints.change_courses, "SCORE") == (
        " A ring: a participant new since cut C1 (2 of 3 shown)."
    )


def test_a_picture_keeps_the_colours_of_all_arms_and_of_rings(page):
    drawn = Canvas(figsize=(4, 2))
    axis = drawn.add_subplot()
    for place, (colour, _) in enumerate(arm_styles(page).values()):
        axis.axhline(place, color=colour, linewidth=8)
    ring_new(axis, COURSES, "ADY", page)
    picture = Image.open(io.BytesIO(png(drawn, page))).convert("RGB")
    shown = {colour for _, colour in picture.getcolors(256)}
    wanted = ["#c2185b", *(colour for colour, _ in arm_styles(page).values())]
    assert [hue for hue in wanted if tuple(round(255 * part) for part in to_rgb(hue)) not in shown] == []


def test_arms_have_different_colours_that_darken_with_the_dose(study):
    arms = [{"code": f"A{dose}", "label": f"{dose} mg", "dose": dose} for dose in (0, 20, 40, 60, 100)]
    treatment = study.treatment.model_copy(update={"arms": [type(study.treatment.arms[0])(**arm) for arm in arms]})
    styles = arm_styles(a_page(study.model_copy(update={"treatment": treatment})))
    light = [sum(to_rgb(colour)) for colour, _ in styles.values()][1:]
    assert light == sorted(light, reverse=True)
    assert len({colour for colour, _ in styles.values()}) == len({marker for _, marker in styles.values()}) == 5
