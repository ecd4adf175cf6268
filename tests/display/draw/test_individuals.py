"""Everybody's values against a limit: counts by arm in the results, who is highlighted, and what the figure says."""

import pandas as pd
import pytest

from cutbook.catalogue.kinds.display import Display
from cutbook.catalogue.measurements import individuals
from cutbook.display.look.numbers import with_text
from cutbook.display.show import show
from cutbook.results.engine import compute
from display.as_shown import _captured, _panel
from display.pages import a_page
from given import given_frames

VALUES = """
1 Placebo 1  9
1 Placebo 29 5
3 10 mg   1  0
3 10 mg   29 41
3 10 mg   57 6
4 10 mg   1  2
4 10 mg   29 5
4 10 mg   40 7
5 10 mg   1  1
"""
"""Participant, arm, study day, value: 1 is above 5 on day 1 alone, 3 and 4 later, 4 at no planned visit."""


@pytest.fixture
def frames(study):
    rows = [(line[0], line[2:9].strip(), *map(float, line[10:].split())) for line in VALUES.strip().splitlines()]
    adlb = pd.DataFrame(rows, columns=["USUBJID", "TRT01A", "ADY", "AVAL"])
    adlb = adlb.assign(PARAMCD="csf-WBC", AVISITID=adlb["ADY"].map({29.0: "D29", 57.0: "D57"}).astype("str"))
    adlb = adlb.assign(DECIMALS=0, APOBLFL=adlb["ADY"].gt(1).map({True: "Y", False: None}))
    people = adlb.drop_duplicates("USUBJID")[["USUBJID", "TRT01A"]]
    adsl = people.assign(KEY="dm/" + people["USUBJID"], SAFFL="Y", RANDFL="Y", TRT01P=people["TRT01A"])
    return given_frames(study, adsl=adsl, adlb=adlb)


LAYER = individuals("csf-WBC", 5, "CSF white cells per µL", is_count=True)
DISPLAY = Display(id="F-X1-{parameter}", title="X", question="X?", rows=lambda _: [LAYER], source=("LB",))


@pytest.fixture
def page(study, frames):
    return a_page(study, results=with_text(compute(DISPLAY, frames, study)), frames=frames)


@pytest.fixture
def figure(page):
    with _captured() as drawn:
        (made,) = show(DISPLAY, page).members
    return made, [_panel(axis) for axis in drawn[0].axes]


def test_who_was_above_the_limit_after_the_first_dose_is_counted_by_arm_with_keys(page):
    told = page.results[["variable", "level", "group", "statistic", "value", "keys"]]
    assert told.to_numpy().tolist() == [
        ["COURSE", "", "P", "n", 1, ["dm/1"]],
        ["ABOVE", "5", "P", "n", 0, []],
        ["COURSE", "", "A", "n", 3, ["dm/3", "dm/4", "dm/5"]],
        ["ABOVE", "5", "A", "n", 2, ["dm/3", "dm/4"]],
    ]


def test_everybody_is_a_line_and_the_high_are_strong_with_their_highest_value(figure):
    _, (placebo, dosed) = figure
    assert placebo == [
        ("Placebo", "0 of 1 above 5", "(function)"),
        ("thin line", [(1, 9), (29, 5)]),
        ("limit", [(0, 5), (1, 5)]),
        ("limit", "limit 5"),
    ]
    assert dosed == [
        ("10 mg", "2 of 3 above 5", "(function)"),
        ("thin line", [(1, 1)]),
        ("above", [(1, 0), (29, 41), (57, 6)]),
        ("above", [(1, 2), (29, 5), (40, 7)]),
        ("peak", [(29, 41), (40, 7)]),
        ("limit", [(0, 5), (1, 5)]),
        ("peak", " 7"),
        ("peak", " 41"),
    ]


def test_it_says_in_words_what_its_headings_say(figure):
    made, _ = figure
    assert made.alt == (
        "CSF white cells per µL: every participant, and the limit of 5. Participants: Placebo 0 of 1 above 5; "
        "10 mg 2 of 3 above 5."
    )
    assert "Scale: log(x + 1). Unscheduled samples included." in made.footnotes[0]


def test_a_heading_has_the_colour_of_alarm_where_somebody_is_above_the_limit(page):
    text = show(DISPLAY, page)._repr_html_()
    assert '<text class="s" x="34" y="32" font-size="10">0 of 1 above 5</text>' in text
    assert '<text class="a" x="289" y="32" font-size="10">2 of 3 above 5</text>' in text


def test_without_values_it_is_a_sentence(study, frames):
    bare = given_frames(study, adsl=frames.adsl, adlb=frames.adlb.iloc[:0])
    empty = a_page(study, results=with_text(compute(DISPLAY, bare, study)), frames=bare)
    (made,) = show(DISPLAY, empty).members
    assert made.image == b""
    assert "No values by the cut-off." in made._repr_html_()


def test_more_than_thirty_lines_are_bands_of_quantiles_with_the_high_still_drawn(study):
    people = [f"{number:02}" for number in range(1, 41)]
    values = [(one, day, float(place)) for place, one in enumerate(people, 1) for day in (1.0, 29.0)]
    adlb = pd.DataFrame(values, columns=["USUBJID", "ADY", "AVAL"])
    adlb = adlb.assign(TRT01A="10 mg", PARAMCD="csf-WBC", AVISITID=adlb["ADY"].map({1.0: "D1", 29.0: "D29"}))
    adlb = adlb.assign(DECIMALS=0, APOBLFL=adlb["ADY"].gt(1).map({True: "Y", False: None}))
    adsl = pd.DataFrame({"USUBJID": people, "KEY": people, "SAFFL": "Y", "RANDFL": "Y", "TRT01A": "10 mg"})
    frames = given_frames(study, adsl=adsl.assign(TRT01P="10 mg"), adlb=adlb)
    layer = individuals("csf-WBC", 39, "Cells")
    many = Display(id="F-X1-{parameter}", title="X", question="X?", rows=lambda _: [layer])
    with _captured() as drawn:
        show(many, a_page(study, results=with_text(compute(many, frames, study)), frames=frames))
    panel = _panel(drawn[0].axes[0])
    # Of 1 to 40: 10 % is 4.5 and 90 % 36.5, 25 % is 10.5 and 75 % 30.5, by SAS definition 5.
    assert panel[:6] == [
        ("10 mg", "1 of 40 above 39", ""),
        ("0.1 to 0.9", [(1, 4.5, 36.5), (29, 4.5, 36.5)]),
        ("0.25 to 0.75", [(1, 10.5, 30.5), (29, 10.5, 30.5)]),
        ("median", [(1, 20.5), (29, 20.5)]),
        ("above", [(1, 40), (29, 40)]),
        ("peak", [(29, 40)]),
    ]
