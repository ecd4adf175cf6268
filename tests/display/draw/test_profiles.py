import pandas as pd
import pytest

from cutbook.catalogue import concentrations
from cutbook.catalogue.kinds.panels import Profile
from cutbook.display.draw import axes, drawing, profiles
from cutbook.parameters.study import Matrix
from display.as_shown import _panel
from display.pages import a_page

VISITS = {1.0: "DAY 1", 2.0: "DAY 8", 3.0: "DAY 15"}


def samples(arm, *courses):
    """Return one participant with two samples in each course; a course named twice has no geometric mean."""
    rows = [
        {"USUBJID": arm, "TRT01A": arm, "COURSE": abs(course), "VISIT": VISITS[abs(course)], "NOMINAL": hour, "X": hour,
         "LEVEL": f"{hour:g}", "AT": hour, "AVAL": 5.0 + hour,
         "GEOMEAN": 4.0 + hour if course > 0 else None, "BLQFL": "N", "LLOQ": 1.0}
        for course in courses
        for hour in (1.0, 4.0)
    ]  # fmt: skip
    return pd.DataFrame(rows)


@pytest.fixture
def page(study):
    return a_page(study)


def drawn_means(page, own):
    """Return by panel the style of every mean, and what the note says of them."""
    matrix = Matrix(specimen="PLASMA", testcd="X", label="Plasma", unit="ng/mL", profile_visits=[1, 2, 3])
    layer = Profile(of="E2", parameter=matrix.code, matrix=matrix, drawn=lambda _: own)
    with drawing.style():
        cells = page.cells(concentrations.profiles)
        (row,), _ = profiles._by_arm(cells, layer, own, page, axes.as_logarithm)
    means = [[line.get_linestyle() for line in axis.lines if line.get_label() == "mean"] for axis in row.axes]
    return [[style for style in panel if style != "None"] for panel in means], profiles._note(own, layer, page)


def test_a_visit_has_one_line_style_in_all_panels_and_a_name_in_the_note(page):
    own = pd.concat([samples("Placebo", 1.0, 2.0), samples("10 mg", 1.0, 2.0, 3.0)])
    means, note = drawn_means(page, own)
    assert means == [["-", "--"], ["-", "--", ":"]]
    assert "(solid day 1, dashed day 8, dotted day 15)" in note


def test_a_visit_without_a_mean_is_not_in_the_note(page):
    means, note = drawn_means(page, samples("10 mg", 1.0, -2.0, 3.0))
    assert means == [["-", "--"]]
    assert "(solid day 1, dashed day 15)" in note


def test_the_only_visit_needs_no_name(page):
    means, note = drawn_means(page, samples("10 mg", 1.0))
    assert means == [["-"]]
    assert "geometric means of the concentration summary." in note


def test_geometric_means_of_several_times_of_a_visit_are_drawn_one_by_one():
    own = pd.DataFrame({"NOMINAL": 3.0, "LEVEL": ["0", "2", "2"], "AT": [15.0, 15.0, 16.0], "GEOMEAN": [1.0, 9.0, 9.0]})
    assert profiles.means_at_times(own).to_numpy().tolist() == [[15.0, 1.0], [15.5, 9.0]]


def test_more_than_thirty_lines_are_bands_with_values_below_the_limit_as_the_lowest(page):
    # 31 participants at 1 h: 1 to 30 ng/mL and one below the limit of 1, which stands at it. 10 % of 31 is 3.1, so the
    # 4th of 1 1 2 3 ...; 50 % the 16th.
    people = [samples("10 mg", 1.0).head(1).assign(USUBJID=f"{number:02}", AVAL=float(number)) for number in range(31)]
    own = pd.concat([people[0].assign(AVAL=float("nan"), BLQFL="Y"), *people[1:]], ignore_index=True)
    matrix = Matrix(specimen="PLASMA", testcd="X", label="Plasma", unit="ng/mL", profile_visits=[1])
    layer = Profile(of="E2", parameter=matrix.code, matrix=matrix, drawn=lambda _: own)
    with drawing.style():
        cells = page.cells(concentrations.profiles)
        (row,), _ = profiles._by_arm(cells, layer, own, page, axes.as_logarithm)
    shown = _panel(row.axes[0])
    assert shown[1:4] == [
        ("0.1 to 0.9", [(1, 3, 27)]), ("0.25 to 0.75", [(1, 7, 23)]), ("median", [(1, 15)]),
    ]  # fmt: skip
    assert not any(name == "thin line" for name, _ in shown[1:])
    assert "Bands: the middle 80 and 50 %" in profiles._note(own, layer, page)
    assert "Thin lines" in profiles._note(own.head(30), layer, page)
