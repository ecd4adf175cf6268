import pandas as pd
import pytest

from cutbook.display.behind import grids as grids_module
from cutbook.display.behind.grids import grid_of
from cutbook.display.behind.records import record_book
from cutbook.display.look.elements import Cell
from cutbook.results.table import results_table

WORDS = {"BASELINE": "Baseline", "WEEK4": "Week 4"}


@pytest.fixture
def book(adsl, study):
    return record_book(results_table([]), adsl, study)


def grid(book, *values):
    shown = pd.DataFrame(values, columns=["USUBJID", "COLUMN", "TEXT"])
    is_below, words = shown["TEXT"].eq("<5"), shown["COLUMN"].map(WORDS)
    known = shown.assign(WORDS=words, MEASURED=5.0, IS_BLQ=is_below)
    return grid_of("T-D15-x", known, book, first=[("BASELINE", "Baseline")])


VALUES = (
    ("1", "BASELINE", "5"), ("3", "BASELINE", "7"), ("1", "WEEK4", "6"), ("3", "WEEK4", "8"), ("4", "WEEK4", "<5"),
)  # fmt: skip


def count(*people):
    return Cell(str(len(people)), keys=tuple(f"lb/{name}/1" for name in people))


@pytest.mark.parametrize("counts", ["all", "change", "blq", "value"])
def test_a_count_opens_the_values_of_its_column_that_results_say_it_counted(book, counts):
    cell = grid(book, *VALUES).opens(count("1", "3"), "WEEK4", counts)
    assert (cell.link, cell.counts) == ("T-D15-x.c1", counts)


def test_a_count_whose_values_have_no_name_opens_the_whole_grid(book):
    cell = grid(book, *VALUES).opens(count("1"), "WEEK4", "")
    assert (cell.link, cell.counts) == ("T-D15-x.r", "")


def test_a_count_at_a_visit_that_the_grid_does_not_show_opens_the_whole_grid(book):
    cell = grid(book, *VALUES).opens(count("1"), "WEEK8", "all")
    assert (cell.link, cell.counts) == ("T-D15-x.r", "")


def test_a_count_of_nobody_opens_nothing(book):
    assert grid(book, *VALUES).opens(Cell("0"), "WEEK4", "all").link == ""


def test_everybody_stands_under_their_arm_with_a_value_a_visit(book):
    records = grid(book, *VALUES, ("5", "BASELINE", "9")).records()
    (table,) = records.tables
    assert [(column.label, column.id) for column in table.columns] == [
        ("Baseline", "T-D15-x.c0"),
        ("Week 4", "T-D15-x.c1"),
    ]
    assert [
        (group.label, group.groups, [(row.label, tuple(map(str, row.cells))) for row in group.rows])
        for group in table.groups
    ] == [
        ("Placebo", ("P", "TOTAL"), [("1", ("5", "6"))]),
        ("10 mg", ("A", "ACTIVE", "TOTAL"), [("3", ("7", "8")), ("4", ("", "BLQ"))]),
        ("Not randomised", ("TOTAL",), [("5", ("9", ""))]),
    ]
    assert records.entries == ()


def test_the_baseline_stands_first_whether_anybody_has_one_or_not(book):
    assert list(grid(book, ("1", "WEEK4", "5")).columns.items()) == [("BASELINE", "Baseline"), ("WEEK4", "Week 4")]


def test_several_values_of_a_participant_stand_side_by_side(book):
    made = grid(book, ("1", "WEEK4", "5"), ("1", "WEEK4", "6"))
    assert made.cells["WEEK4"] == {"1": Cell("5; 6")}


@pytest.mark.parametrize(
    ("texts", "below"), [(("<5", "<5"), "all"), (("<5", "6"), "some"), (("6", "<5"), "some"), (("6", "7"), "")]
)
def test_several_values_are_below_the_limit_together_or_some_of_them(book, texts, below):
    made = grid(book, *(("1", "WEEK4", text) for text in texts))
    assert made.cells["WEEK4"]["1"].below == below


def numbers(*values, **more):
    frame = pd.DataFrame(values, columns=["USUBJID", "COLUMN", "VALUE"])
    return frame.assign(**({"WORDS": "Week 4", "decimals": 0, "IS_CARRIED": False} | more))


def test_no_value_is_below_the_limit_where_the_data_do_not_say_so(book):
    made = grid_of("T-D15-x", numbers(("1", "WEEK4", 5.0)), book)
    assert made.cells["WEEK4"]["1"] == Cell("5")


def test_a_grid_without_values_is_no_records(book):
    assert grid_of("T-D15-x", numbers(), book, first=[("BASELINE", "Baseline")]).records() is None


def test_a_grid_too_large_for_the_page_says_where_the_values_are(book, monkeypatch):
    monkeypatch.setattr(grids_module, "MOST_VALUES", 4)
    made = grid(book, *VALUES)
    assert made.opens(count("1"), "WEEK4", "all").link == ""
    assert made.id_of("WEEK4") == "T-D15-x.r"
    records = made.records()
    assert records.tables == ()
    assert records.rule == (
        "The values of so many participants are not on this page; they are in the records file beside the report."
    )


@pytest.mark.parametrize(
    ("column", "counts", "link"),
    [
        ("WEEK4", "all", ("", "")),
        ("WEEK4", "change", ("T-D15-x.c1", "change")),
        ("WEEK4", "", ("T-D15-x.r", "")),
        ("WEEK8", "all", ("T-D15-x.r", "")),
    ],
)
def test_a_cell_keeps_its_link_only_where_row_and_column_do_not_say_it(book, column, counts, link):
    cell = grid(book, *VALUES).opens(count("1"), column, counts, told="all")
    assert (cell.link, cell.counts) == link


def test_values_show_their_decimals_and_whether_they_were_carried_forward(book):
    values = numbers(("1", "BASELINE", 5), ("1", "WEEK4", 6.25), decimals=1, IS_CARRIED=[False, True])
    made = grid_of("T-D15-x", values, book)
    assert {column: str(own["1"]) for column, own in made.cells.items()} == {"BASELINE": "5.0", "WEEK4": "6.3 c"}


def test_values_show_the_decimals_of_the_data_where_their_statistics_have_others(book):
    values = numbers(("1", "WEEK4", 6.25), decimals=3, TEXT_DECIMALS=1)
    assert grid_of("T-D15-x", values, book).cells["WEEK4"]["1"] == Cell("6.3")


@pytest.mark.parametrize(
    ("reported", "measured", "is_below", "text"),
    [
        ("12.5", 12.5, False, "12.5"),
        ("12345.678", 12345.678, False, "12345.7"),
        ("12345678", 12345678.0, False, "12345678"),
        ("hemolysed", float("nan"), False, "hemolysed"),
        ("<0.5", 0.0, True, "BLQ"),
    ],
    ids=["short", "long", "as long as may be", "no number", "below the limit"],
)
def test_a_value_as_reported_is_shortened_where_it_is_a_long_number(book, reported, measured, is_below, text):
    values = pd.DataFrame(
        {"USUBJID": ["1"], "COLUMN": ["DAY1"], "WORDS": ["Day 1"], "TEXT": [reported], "MEASURED": [measured],
         "IS_BLQ": [is_below]}
    )  # fmt: skip
    assert str(grid_of("T-E2-1", values, book).cells["DAY1"]["1"]) == text
