import re
from functools import partial

import pandas as pd
import pytest

from cutbook.catalogue.kinds.display import ESTIMATES, NO_MARKS
from cutbook.catalogue.kinds.panels import Shown
from cutbook.display.look.elements import Cell, Mark, Row
from cutbook.display.look.numbers import with_text
from cutbook.display.read.cells import Cells, cell_id, lifted
from cutbook.results.table import results_table

NAN = float("nan")
PLACE = ("", "TEAE", "ANY", "", "TOTAL")
MEAN = Shown("Mean (SD)", ("mean", "sd"), "pair")
RANGE = Shown("Min, max", ("min", "max"), "span")
ESTIMATE = Shown("Difference", ("estimate", "ci_low", "ci_high"), "estimate")
QUIET = partial(Mark, "quiet", "")


def if_any(statistic):
    return Shown("", (statistic,), "if_any")


def table(*statistics, group="TOTAL", words="All", size=38.0):
    """Return the results of one display: the size of a group, and statistics of one place as (name, value)."""
    rows = [{"variable": "POPULATION", "statistic": "N", "value": size}]
    for name, value in statistics:
        keys = [f"dm/{number}" for number in range(int(value))] if name == "n" and value == value else []
        rows.append(
            {"variable": "TEAE", "level": "ANY", "row_words": "Any event", "statistic": name, "value": value,
             "decimals": 0, "keys": keys}
        )  # fmt: skip
    return with_text(results_table([{"display": "D4", "group": group, "group_words": words, **row} for row in rows]))


def counted(count, size, events=None):
    more = [] if events is None else [("events", events)]
    return table(("n", count), ("pct", 100 * count / size), *more, size=size)


ABSENT = table()


@pytest.mark.parametrize(
    ("before", "now", "text", "mark"),
    [
        (counted(3, 38), counted(5, 38), "5 (13.2)", Mark("up", "▲2", "3 (7.9)")),
        (counted(5, 38), counted(3, 38), "3 (7.9)", Mark("down", "▼2", "5 (13.2)")),
        (counted(5, 38), counted(5, 38), "5 (13.2)", None),
        (counted(5, 38), counted(5, 40), "5 (12.5)", QUIET("5 (13.2)")),
        (counted(0, 38), counted(2, 38), "2 (5.3)", Mark("up", "▲2", "0")),
        (counted(2, 38), counted(0, 38), "0", Mark("down", "▼2", "2 (5.3)")),
        (counted(0, 38), counted(0, 40), "0", None),
        (ABSENT, counted(2, 38), "2 (5.3)", Mark("new", "new", "")),
        (ABSENT, counted(0, 38), "0", None),
        (counted(2, 38), ABSENT, "0", Mark("down", "▼2", "2 (5.3)")),
        (counted(0, 38), ABSENT, "0", None),
    ],
    ids=["more", "fewer", "equal", "N changed", "first ones", "none left", "none in more", "row is new",
         "new row of nobody", "row is gone", "row of nobody is gone"],
)  # fmt: skip
def test_a_count_says_how_it_moved_since_the_previous_cut(before, now, text, mark):
    cell = Cells(now, "D4", before).count(PLACE)
    assert (cell.text, cell.mark) == (text, mark)


@pytest.mark.parametrize(
    ("before", "now", "mark"),
    [
        (counted(2, 38, 5), counted(2, 38, 7), QUIET("2 (5.3) [5]")),
        (counted(2, 38, 7), counted(2, 38, 5), QUIET("2 (5.3) [7]")),
        (counted(2, 38, 5), counted(3, 38, 5), Mark("up", "▲1", "2 (5.3) [5]")),
        (counted(2, 38, 5), counted(2, 40, 5), QUIET("2 (5.3) [5]")),
        (counted(2, 38, 5), counted(2, 40, 6), QUIET("2 (5.3) [5]")),
        (counted(2, 38, 5), ABSENT, Mark("down", "▼2", "2 (5.3) [5]")),
    ],
    ids=["more events", "fewer events", "one more participant", "N changed", "N and events changed", "row is gone"],
)
def test_only_participants_carry_a_mark_and_events_keep_their_previous_value(before, now, mark):
    assert Cells(now, "D4", before).count(PLACE).mark == mark


def test_the_first_cut_has_no_marks():
    cell = Cells(counted(5, 38), "D4").count(PLACE)
    assert (cell.text, cell.mark, len(cell.keys)) == ("5 (13.2)", None, 5)


@pytest.mark.parametrize(
    ("shown", "before", "now", "was"),
    [
        (MEAN, [("mean", 4.0), ("sd", 1.0)], [("mean", 5.0), ("sd", 1.0)], "4.0 (1.00)"),
        (if_any("sd"), [("sd", NAN)], [("sd", 1.5)], "NE"),
        (RANGE, [("min", 1), ("max", 7)], [("min", 0), ("max", 8)], "1, 7"),
    ],
    ids=["mean", "spread", "range"],
)
def test_a_mean_or_a_spread_keeps_its_previous_value_and_carries_no_mark(shown, before, now, was):
    cells = Cells(table(("n", 9), *now), "D4", table(("n", 9), *before))
    assert cells.shown(shown, PLACE).mark == QUIET(was)


@pytest.mark.parametrize(
    ("before", "now", "sign"),
    [(4.0, 5.0, "▲"), (4.0, 3.0, "▼"), (4.0, 4.0, None), (NAN, 4.0, "•")],
    ids=["higher", "lower", "equal", "now estimable"],
)
def test_an_estimate_carries_a_mark_where_the_display_is_about_estimates(before, now, sign):
    limits = (("ci_low", 1.0), ("ci_high", 7.0))
    given = [table(("n", 9), ("estimate", value), *limits) for value in (now, before)]
    mark = Cells(given[0], "D4", given[1], marks=ESTIMATES).shown(ESTIMATE, PLACE).mark
    assert (mark and mark.text) == sign


def test_a_display_without_marks_keeps_previous_values_alone():
    cells = Cells(counted(5, 40), "D4", counted(3, 38), marks=NO_MARKS)
    assert cells.count(PLACE).mark == QUIET("3 (7.9)")
    assert [column.mark for column in cells.columns()] == [None]


def by_arm(**counts):
    """Return a count by group of ten; a group with None has nobody."""
    rows = [
        row
        for group, count in counts.items()
        for row in table(("n", count or 0), group=group, size=10.0 * (count is not None)).to_dict("records")
    ]
    return with_text(results_table(rows))


def test_an_arm_that_is_new_says_so_in_its_heading_and_joins_the_pooled_columns():
    cells = Cells(by_arm(A=3, B=2, TOTAL=5), "D4", by_arm(A=1, B=None, TOTAL=1))
    assert [column.mark for column in cells.columns()] == [None, Mark("new", "new"), None]
    marks = [cells.count((*PLACE[:4], group)).mark for group in ("A", "B", "TOTAL")]
    assert marks == [Mark("up", "▲2", "1"), None, Mark("joined", "▲4", "1")]


def test_a_column_says_how_its_n_moved_and_that_an_arm_is_new():
    new = table(group="A", words="20 mg")
    cells = Cells(with_text(results_table([*table(size=40).to_dict("records"), *new.to_dict("records")])), "D4", ABSENT)
    grown, arm = cells.columns()
    assert (grown.label, grown.note, grown.mark) == ("All", "N = 40", Mark("up", "▲2", "N = 38"))
    assert (arm.label, arm.note, arm.mark) == ("20 mg", "N = 38", Mark("new", "new"))
    assert (grown.code, arm.code) == ("TOTAL", "A")


def gone(cells):
    """Return variable and level of the rows that only the previous cut had."""
    return [place[1:] for place in cells.all_places if place not in cells.places]


def test_a_column_and_a_row_that_are_worded_otherwise_are_the_same():
    before = counted(3, 38).assign(group_words="Everybody").replace({"row_words": {"Any event": "Any AE"}})
    cells = Cells(counted(5, 38), "D4", before)
    assert [(column.label, column.mark) for column in cells.columns()] == [("All", None)]
    assert gone(cells) == []
    assert cells.count(PLACE).mark == Mark("up", "▲2", "3 (7.9)")
    assert cells.words(PLACE) == "Any event"


def test_rows_of_the_previous_cut_alone_are_gone():
    cells = Cells(ABSENT, "D4", counted(2, 38))
    assert gone(cells) == [("TEAE", "ANY")]
    assert cells.words(PLACE) == "Any event"
    assert gone(Cells(counted(2, 38), "D4", ABSENT)) == []


def test_other_displays_of_the_previous_cut_do_not_count():
    other = counted(9, 38).assign(display="D5")
    assert Cells(counted(5, 38), "D4", other).count(PLACE).mark == Mark("new", "new", "")


def test_ids_of_cells_are_valid_and_differ_by_place_and_statistic():
    places = [("", "A", "B", "", "TOTAL"), ("", "A", "", "B", "TOTAL"), ("", 'A"<', "B C", "", "Ä")]
    names = {cell_id("D4", place, statistic) for place in places for statistic in ("n", "mean")}
    assert len(names) == 6
    assert [name for name in names if not re.fullmatch(r"D4-[0-9a-f]{10}", name)] == []


NEW = Mark("new", "new", "")


def cells_of(*marks):
    return tuple(Cell("1", mark=mark) for mark in marks)


def test_new_is_said_once_at_a_row_that_is_new_throughout():
    (row,) = lifted([Row("Headache", (*cells_of(NEW, NEW), Cell("0"), Cell("–")))])
    assert row.mark == NEW
    assert [cell.mark for cell in row.cells] == [None, None, None, None]


def test_new_stays_at_its_cell_where_the_row_was_known():
    up = Mark("up", "▲1", "1")
    (row,) = lifted([Row("Headache", cells_of(NEW, up))])
    assert row.mark is None
    assert [cell.mark for cell in row.cells] == [NEW, up]


def test_a_row_of_nobody_is_not_new():
    (row,) = lifted([Row("Headache", (Cell("0"), Cell("–")))])
    assert row.mark is None


def test_new_is_said_once_at_a_heading_whose_rows_are_all_new():
    rows = [Row("Week 8", is_head=True), Row("Placebo", cells_of(NEW)), Row("10 mg", (Cell("0"),)),
            Row("Week 12", is_head=True), Row("Placebo", cells_of(NEW)), Row("10 mg", cells_of(None))]  # fmt: skip
    shown = lifted(rows)
    assert [(row.label, row.mark) for row in shown] == [
        ("Week 8", NEW), ("Placebo", None), ("10 mg", None), ("Week 12", None), ("Placebo", NEW), ("10 mg", None),
    ]  # fmt: skip


def test_a_heading_of_rows_of_nobody_is_not_new():
    shown = lifted([Row("Week 8", is_head=True), Row("Placebo", (Cell("0"),))])
    assert [row.mark for row in shown] == [None, None]


@pytest.mark.parametrize("before", [None, table(("n", 2), ("mean", 1.0))], ids=["first cut", "later cut"])
@pytest.mark.parametrize(("mean", "is_estimable"), [(4.0, True), (NAN, False)])
def test_a_cell_says_whether_its_statistic_could_be_estimated(before, mean, is_estimable):
    cells = Cells(table(("n", 2), ("mean", mean)), "D4", before)
    assert cells.one("mean", PLACE).is_estimable == is_estimable
    assert cells.one("n", PLACE).is_estimable
    assert cells.one("median", PLACE) == Cell("–")


def test_columns_of_groups_have_their_codes_and_columns_of_contrasts_none():
    difference = {"variable": "TEAE", "level": "ANY", "group": "TOTAL-P", "group_words": "All − Placebo"}
    contrast = results_table([{"display": "D4", **difference, "statistic": "rd", "value": 1.0}])
    now, before = (pd.concat([one, with_text(contrast)]) for one in (counted(5, 38), counted(3, 30)))
    for cells in (Cells(now, "D4"), Cells(now, "D4", before), Cells(now, "D4", now)):
        columns = [(column.label, column.code) for column in cells.columns()]
        assert columns == [("All", "TOTAL"), ("All − Placebo", "")]
