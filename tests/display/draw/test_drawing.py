from dataclasses import replace

import pandas as pd
import pytest
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure as Canvas

from cutbook.catalogue.kinds.display import Display
from cutbook.catalogue.kinds.panels import Course
from cutbook.display.draw import drawing
from cutbook.display.draw.drawing import are_few_new, number_drawn, ring_new, ring_note
from cutbook.display.look.numbers import with_text
from cutbook.display.palette import CONTROL, arm_colours, short_names
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


def note(page, courses=COURSES):
    return ring_note(page.cells(figure(courses)), "X", page)


def test_a_first_cut_has_no_ring_and_no_note(known, study):
    first = page_of(known, study)
    axis = Canvas().add_subplot()
    ring_new(axis, COURSES, "ADY", first)
    assert rings(axis) == []
    assert note(first) == ""


@pytest.mark.parametrize(("new", "drawn", "words"), [
    (1, 6, " A ring: a participant new since cut C1 (1 of 6 shown)."), (1, 5, ""), (0, 6, ""), (3, 6, ""),
])  # fmt: skip
def test_rings_are_told_where_fewer_than_a_fifth_are_new(page, new, drawn, words):
    names = page.results["variable"]
    values = page.results["value"].mask(names.eq("NEW"), new).mask(names.eq("COURSE"), drawn)
    assert note(replace(page, results=page.results.assign(value=values))) == words


def test_rings_are_drawn_where_fewer_than_a_fifth_are_new(page):
    nobody = COURSES[COURSES["USUBJID"].eq("1")]
    six = pd.DataFrame({"USUBJID": ["3", "1", "5", "6", "7", "8"]})
    assert [are_few_new(page, some) for some in (COURSES, nobody, six, six.head(5), six.head(0))] == [
        False, True, True, False, False,
    ]  # fmt: skip


def test_a_panel_says_how_many_participants_it_draws(page):
    cells = page.cells(figure(COURSES))
    assert [number_drawn(cells, "X", arm, page) for arm in ("Placebo", "10 mg")] == ["1", "2"]


def with_doses(study, *doses):
    arms = [{"code": f"A{dose}", "label": f"Drug {dose} mg", "dose": dose} for dose in doses]
    made = [type(study.treatment.arms[0])(**arm) for arm in arms]
    treatment = study.treatment.model_copy(update={"arms": made, "compound": "Drug"})
    return a_page(study.model_copy(update={"treatment": treatment}))


def test_doses_have_one_hue_that_darkens_whatever_their_order_and_the_control_is_grey(study):
    colours = arm_colours(with_doses(study, 100, 0, 20, 60, 40))
    light = [sum(to_rgb(colours[f"Drug {dose} mg"])) for dose in (20, 40, 60, 100)]
    assert light == sorted(light, reverse=True)
    assert len(set(colours.values())) == 5
    assert colours["Drug 0 mg"] == CONTROL


def test_two_arms_of_one_dose_have_one_colour_and_a_single_dose_the_darkest(study):
    assert len(set(arm_colours(with_doses(study, 0, 5)).values())) == 2
    assert arm_colours(with_doses(study, 0, 5))["Drug 5 mg"] == arm_colours(with_doses(study, 1, 5))["Drug 5 mg"]


def test_names_at_lines_lack_the_name_of_the_drug(study):
    assert list(short_names(with_doses(study, 0, 20)).values()) == ["0 mg", "20 mg"]


@pytest.mark.parametrize(("points", "has_picture"), [(3, True), (900, False)])
def test_a_picture_heavier_than_its_limit_is_left_out_beside_drawings(points, has_picture):
    with drawing.style():
        axis = drawing.panel(drawing.WIDE, 400)
        for place in range(points):
            axis.plot([0, 1], [place * place % 97, place * 31 % 89], color=CONTROL, linewidth=0.5)
        framed = {"key": "F-X", "title": "X", "population": "All"}
        made = drawing.figure(drawing.Panels(small=(drawing.canvas_of(axis),)), "X", "", COURSES, framed=framed)
    assert made.drawings
    assert (made.image != b"") is has_picture
    html = made._repr_html_()
    assert ("Picture (PNG)" in html) is has_picture
    assert "Data of this figure (CSV)" in html


def test_a_raster_picture_stands_in_the_page_once():
    with drawing.style():
        axis = drawing.panel(drawing.WIDE, 100)
        for place in range(4000):
            axis.plot([0, 1], [place % 97, 0], color=CONTROL, linewidth=0.5)
        framed = {"key": "F-X", "title": "X", "population": "All"}
        made = drawing.figure(drawing.Panels(small=(drawing.canvas_of(axis),)), "X", "", COURSES, framed=framed)
    html = made._repr_html_()
    assert not made.drawings
    assert html.count("data:image/png") == 1
    assert "Data of this figure (CSV)" in html


def of_rows(headed):
    """Return how many panels stand in each row, the width of those of a phone, and where numbers stand."""
    with drawing.style():
        rows, single = drawing.side_by_side(headed, lambda axis, name: axis.set_title(name), 200)
        shown = [[axis.get_title(loc="left") for axis in one.axes] for one in rows]
        numbered = [[axis.yaxis.get_tick_params()["labelleft"] for axis in one.axes] for one in rows]
        return shown, [round(one.get_size_inches()[0] * drawing.UNIT) for one in single], numbered


def test_panels_stand_beside_each_other_with_the_numbers_of_their_scale_at_the_first():
    arms = {arm: (arm, "n = 10") for arm in ("Placebo", "20 mg", "40 mg", "60 mg", "100 mg")}
    shown, widths, numbered = of_rows(arms)
    assert shown == [list(arms)]
    assert widths == [drawing.HALF] * 5
    assert numbered == [[True, False, False, False, False]]


def test_a_row_holds_as_many_panels_as_have_room_for_their_headings():
    long = {f"{number} mg": ("Xanomeline high dose, twice a day", "n = 84") for number in range(3)}
    assert of_rows(long)[:2] == ([["0 mg", "1 mg"], ["2 mg"]], [drawing.NARROW] * 3)
    nine = {f"{number} mg": (f"{number} mg", "n = 6") for number in range(9)}
    assert [len(row) for row in of_rows(nine)[0]] == [5, 4]
    assert of_rows({}) == ([], [], [])
