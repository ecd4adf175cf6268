import io

import pandas as pd
import pytest
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure as Canvas
from PIL import Image

from cutbook.catalogue.kinds.display import Display
from cutbook.catalogue.kinds.panels import Course
from cutbook.display.draw.drawing import arm_styles, number_drawn, png, ring_new, ring_note
from cutbook.display.look.numbers import with_text
from cutbook.results.engine import compute
from display.pages import a_page, with_courses
from given import given_frames

COURSES = pd.DataFrame(
    {
        "USUBJID": ["1", "1", "3", "3", "4"],
        "ADY": [1.0, 29.0, 1.0, 57.0, 1.0],
        "AVAL": [5.0, 6.0, 7.0, 8.0, 9.0],
    }
)


def figure(courses):
    """Return the declaration of a figure that draws these courses."""
    arms = courses["USUBJID"].map({"1": "Placebo", "3": "10 mg", "4": "10 mg"})
    layer = Course(variables=(), parameter="X", drawn=lambda _: courses.assign(TRT01A=arms))
    return Display(id="F4", title="X", question="X?", rows=lambda _: [layer], reports=())


def page_of(adsl, study, courses=COURSES, *, before=None):
    """Return a page that shows the figure of these courses."""
    now, earlier = (None if people is None else given_frames(study, adsl=people) for people in (adsl, before))
    results = with_text(compute(figure(courses), now, study, earlier))
    return a_page(study, results=results, frames=now, before=earlier)


@pytest.fixture
def known(adsl):
    return with_courses(adsl)


@pytest.fixture
def before(known):
    """Return the participants at the previous cut, 3 and 4 of them in screening."""
    waiting = known["USUBJID"].isin(["3", "4"])
    return known.assign(RANDFL=known["RANDFL"].mask(waiting, "N"), SAFFL=known["SAFFL"].mask(waiting, "N"))


@pytest.fixture
def page(known, before, study):
    return page_of(known, study, before=before)


def rings(axis):
    return [(line.get_marker(), line.get_linestyle(), line.get_xydata().tolist()) for line in axis.lines]


def test_a_ring_stands_around_the_last_point_of_everybody_who_is_new(page):
    axis = Canvas().add_subplot()
    ring_new(axis, COURSES, "ADY", page)
    assert rings(axis) == [("o", "None", [[57.0, 8.0], [1.0, 9.0]])]
    assert axis.lines[0].get_markerfacecolor() == "none"


def test_a_first_cut_has_no_ring_and_no_note(known, study):
    first = page_of(known, study)
    axis = Canvas().add_subplot()
    ring_new(axis, COURSES, "ADY", first)
    assert rings(axis) == [("o", "None", [])]
    assert ring_note(first, figure(COURSES), "X") == ""


def test_a_note_says_what_a_ring_is_and_how_many_there_are(page, known, before, study):
    note = " A ring: a participant new since cut C1 ({} of {} shown)."
    assert ring_note(page, figure(COURSES), "X") == note.format(2, 3)
    one = COURSES[COURSES["USUBJID"].eq("1")]
    assert ring_note(page_of(known, study, one, before=before), figure(one), "X") == note.format(0, 1)


def test_a_panel_says_how_many_participants_it_draws(page):
    assert [number_drawn(page, figure(COURSES), "X", arm) for arm in ("Placebo", "10 mg")] == ["1", "2"]


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
