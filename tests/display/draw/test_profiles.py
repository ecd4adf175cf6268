import pandas as pd
import pytest
from matplotlib.figure import Figure as Canvas

from cutbook.catalogue import concentrations
from cutbook.catalogue.kinds.panels import Profile
from cutbook.display.draw import profiles
from cutbook.display.draw.drawing import arm_styles
from cutbook.parameters.study import Matrix
from display.pages import a_page

VISITS = {1.0: "DAY 1", 2.0: "DAY 8", 3.0: "DAY 15"}


def samples(arm, *courses):
    """Return one participant with two samples in each course; a course named twice has no geometric mean."""
    rows = [
        {"USUBJID": arm, "TRT01A": arm, "COURSE": abs(course), "VISIT": VISITS[abs(course)], "NOMINAL": hour, "X": hour,
         "AT": hour, "AVAL": 5.0 + hour, "GEOMEAN": 4.0 + hour if course > 0 else None, "BLQFL": "N", "LLOQ": 1.0}
        for course in courses
        for hour in (1.0, 4.0)
    ]  # fmt: skip
    return pd.DataFrame(rows)


@pytest.fixture
def page(study):
    return a_page(study)


def drawn_means(page, own):
    """Return by panel the style of every mean, and the texts and styles of the legend."""
    canvas = Canvas()
    arms = list(dict.fromkeys(own["TRT01A"]))
    matrix = Matrix(specimen="PLASMA", testcd="X", label="Plasma", unit="ng/mL", profile_visits=[1, 2, 3])
    layer = Profile(of="E2", parameter=matrix.code, matrix=matrix, drawn=lambda _: own)
    profiles._draw(canvas, own, page, (concentrations.profiles, layer), arms)
    marks = {marker for _, marker in arm_styles(page).values()}
    means = [
        [line.get_linestyle() for line in axis.lines if line.get_marker() in marks and len(line.get_xdata())]
        for axis in canvas.axes
    ]
    legend = canvas.legends[0] if canvas.legends else None
    told = [] if legend is None else [
        (text.get_text(), line.get_linestyle()) for text, line in zip(legend.texts, legend.get_lines(), strict=True)
    ]  # fmt: skip
    return [[style for style in panel if style != "None"] for panel in means[: len(arms)]], told


def test_a_visit_has_one_line_style_in_all_panels_and_a_name_in_the_legend(page):
    own = pd.concat([samples("Placebo", 1.0, 2.0), samples("10 mg", 2.0, 3.0)])
    means, legend = drawn_means(page, own)
    assert [[style for style in panel if style != "None"] for panel in means] == [["-", "--"], ["--", ":"]]
    assert legend == [("Geometric mean, Day 1", "-"), ("Geometric mean, Day 8", "--"), ("Geometric mean, Day 15", ":")]


def test_a_visit_without_a_mean_is_not_in_the_legend(page):
    means, legend = drawn_means(page, samples("10 mg", 1.0, -2.0, 3.0))
    assert means == [["-", "--"]]
    assert [text for text, _ in legend] == ["Geometric mean, Day 1", "Geometric mean, Day 15"]


def test_the_only_visit_needs_no_legend(page):
    assert drawn_means(page, samples("10 mg", 1.0)) == ([["-"]], [])
