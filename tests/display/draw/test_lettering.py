import warnings

import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure as Canvas

from cutbook.display.draw import drawing
from cutbook.display.draw.lettering import LONGEST, measured, with_letters, with_room
from cutbook.display.draw.surface import svg
from cutbook.display.look.collected import collected


def figure(label: str) -> Canvas:
    """Return a figure that has a label as title, tick, axis and legend."""
    drawn = Canvas(figsize=(4, 2), layout="constrained")
    axis = drawn.add_subplot()
    axis.plot([0, 1], [1, 2], label=label)
    axis.set_xticks([0, 1], [label, "Week 4"])
    axis.set_title(label)
    axis.set_ylabel(f"{label} (mg)")
    drawn.legend(loc="outside upper left")
    return drawn


def labels(drawn: Canvas) -> dict[str, str]:
    axis = drawn.axes[0]
    ticks = [text.get_text() for text in axis.get_xticklabels()]
    legend = drawn.legends[0].get_texts()[0].get_text()
    return {"ticks": ticks, "title": axis.title.get_text() or axis.get_title(), "y": axis.get_ylabel(), "key": legend}


def draw(drawn: Canvas) -> None:
    FigureCanvasAgg(drawn).draw()


@pytest.mark.parametrize("label", ["第一週", "सिरदर्द", "صداع", "שבוע", "Day\t1", "x" * (LONGEST + 1)])
def test_a_label_that_cannot_be_written_is_a_number_told_below(label):
    drawn = figure(label)
    note = with_letters([drawn], with_room([drawn]))
    draw(drawn)
    assert labels(drawn) == {"ticks": ["[1]", "Week 4"], "title": "[1]", "y": "[2]", "key": "[1]"}
    words = "A label of more than 80 signs, or in the picture one that its font cannot write, is a number:"
    assert note.startswith(f" {words}")
    told = label.replace("\t", r"\t")
    assert f"[1] {told}" in note.replace("\u2068", "").replace("\u2069", "")


@pytest.mark.parametrize("label", ["Week 2", "α-tocopherol 5 µg", "Übelkeit", "$\\frac$", "−3 – 5 ≥"])
def test_any_other_label_stays(label):
    drawn = figure(label)
    assert with_letters([drawn], with_room([drawn])) == ""
    assert labels(drawn)["ticks"] == [label, "Week 4"]


def test_a_wrapped_title_has_room_for_every_line():
    drawn = figure("Week 2")
    drawn.axes[0].set_title("a" * 50 + "\n" + "b" * 50)
    assert with_letters([drawn], with_room([drawn])) == ""


def test_a_drawing_of_the_page_keeps_letters_that_a_picture_lacks_and_tells_collected_text_apart():
    with drawing.style():
        axis = drawing.panel(200, 100)
        axis.text(0.5, 0.2, f"{collected('None')} n = 3")
        axis.text(0.5, 0.5, "第一週")
        assert with_room([drawing.canvas_of(axis)]) == {}
        text, _ = svg(drawing.canvas_of(axis))
    assert '<tspan class="verbatim">None</tspan> n = 3</text>' in text
    assert ">第一週</text>" in text
    assert measured("第1") == "M1"


def test_a_label_has_one_number_in_all_panels_and_no_mark_of_isolation_in_a_picture():
    first, second = figure("第一週"), figure("x" * 81)
    second.axes[0].set_title(collected("None"))
    numbers = with_room([first, second])
    assert numbers == {"x" * 81: "[1]", f"{'x' * 81} (mg)": "[2]"}
    assert with_letters([first, second], numbers).endswith("[3] 第一週; [4] 第一週 (mg).")
    assert labels(second)["title"] == "None"


def test_without_the_rule_a_missing_letter_is_a_warning():
    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always")
        draw(figure("第一週"))
    assert any("missing from font" in str(one.message) for one in told)
