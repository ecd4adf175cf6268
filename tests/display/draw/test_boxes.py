"""The spread of values by arm and place: boxes of larger arms, every value with a median of others."""

from __future__ import annotations

import pandas as pd
import pytest

from cutbook.catalogue.kinds.display import Display
from cutbook.catalogue.kinds.measured.points import Boxes
from cutbook.display.look.numbers import with_text
from cutbook.display.show import show
from cutbook.results.engine import compute
from display.as_shown import _captured, _panel
from display.pages import a_page
from given import given_frames

MANY = [*range(1, 12), 100]
"""Twelve values: quartiles 3.75 and 9.25, median 6.5; 100 lies beyond 9.25 + 1.5 x 5.5."""

FEW = [1.0, 5.0, 30.0]


def values(_):
    rows = [("P", "Placebo", value) for value in MANY] + [("A", "10 mg", value) for value in FEW]
    first = pd.DataFrame(
        {
            "USUBJID": [f"{arm}{number}" for number, (arm, _, _) in enumerate(rows)],
            "TRT01A": [arm for _, arm, _ in rows], "panel": "SYSBP", "panel_words": "Systolic (mmHg)",
            "place": 0.0, "place_words": "Baseline", "VALUE": [float(value) for *_, value in rows],
        }
    )  # fmt: skip
    later = first[first["TRT01A"].eq("10 mg")].assign(
        place=1.0, place_words="Day 29", VALUE=lambda own: own["VALUE"] * 2
    )
    return pd.concat([first, later], ignore_index=True)


LAYER = Boxes(id="X", values=values, across="visits")
DISPLAY = Display(id="F-X1", title="Spread", question="X?", rows=lambda _: [LAYER], source=("VS",))


@pytest.fixture
def figure(study):
    people = values(None).drop_duplicates("USUBJID")[["USUBJID", "TRT01A"]]
    adsl = people.assign(KEY="dm/" + people["USUBJID"], SAFFL="Y", RANDFL="Y", TRT01P=people["TRT01A"])
    frames = given_frames(study, adsl=adsl)
    page = a_page(study, results=with_text(compute(DISPLAY, frames, study)), frames=frames)
    with _captured() as drawn:
        shown = show(DISPLAY, page)
    return shown, [_panel(axis) for axis in drawn[0].axes]


def test_an_arm_of_twelve_is_a_box_with_what_lies_far_away_as_a_point(figure):
    _, (panel,) = figure
    assert panel[0] == ("Systolic (mmHg)", "n = 15", "")
    heights = [sorted({y for _, y in points}) for kind, points in panel[1:] if kind == "thin line"]
    assert [3.75, 1.0] in [sorted(ys, reverse=True) for ys in heights]
    assert [9.25, 11.0] in heights
    assert [6.5] in heights
    assert [y for kind, points in panel[1:] if kind == "open points" for _, y in points] == [100]


def test_an_arm_of_fewer_is_every_value_and_a_bar_at_the_median(figure):
    _, (panel,) = figure
    (points,) = [own for kind, own in panel[1:] if kind == "points" and own]
    assert [y for _, y in points] == [1, 5, 30, 2, 10, 60]
    (bar,) = [own for kind, own in panel[1:] if kind == "median" and own]
    assert [y for _, y in bar if y == y] == [5, 5, 10, 10]


def test_the_arms_are_named_in_their_order_and_the_note_says_what_boxes_are(figure):
    shown, (panel,) = figure
    assert [one[1] for one in panel if one[0] == "key"] == ["10 mg", "Placebo"]
    assert shown.footnotes[0].startswith("Boxes: quartiles and median; whiskers to the last value within 1.5 times")
    assert "arms from left to right: Placebo, 10 mg." in shown.footnotes[0]
    assert shown.alt == "Spread. Systolic (mmHg), 15 participants, medians of all arms: Baseline 6, Day 29 10."


def test_the_data_have_a_column_a_place(figure):
    lines = figure[0].data.splitlines()
    assert lines[0] == "panel,USUBJID,TRT01A,Baseline,Day 29"
    assert "SYSBP,A13,10 mg,5,10" in lines
    assert "SYSBP,P11,Placebo,100," in lines
