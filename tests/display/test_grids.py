import pandas as pd
import pytest

from cutbook.catalogue import measurements
from cutbook.display import grids as grids_module
from cutbook.display import show
from cutbook.display.grids import grid_of, with_defaults
from cutbook.display.parts import Cell, Column, Row
from cutbook.display.records import record_book
from cutbook.results.table import results_table
from display.pages import a_page
from given import given_frames, texts_of


@pytest.fixture
def book(adsl, study):
    return record_book(results_table([]), adsl, study)


COLUMNS = (("BASELINE", "Baseline"), ("V4", "Week 4"))


def grid(book, *values):
    """Return a grid of values as reported: participant, code of the column, text."""
    shown = pd.DataFrame(values, columns=["USUBJID", "COLUMN", "TEXT"])
    return grid_of(
        "T-D15-x",
        shown.assign(WORDS=shown["COLUMN"].replace(dict(COLUMNS)), MEASURED=1.0, IS_BLQ=shown["TEXT"].eq("BLQ")),
        book,
        first=COLUMNS,
    )


VALUES = (
    ("1", "BASELINE", "5"), ("3", "BASELINE", "7"), ("1", "V4", "6"), ("3", "V4", "8"), ("4", "V4", "BLQ"),
)  # fmt: skip


def count(*people):
    return Cell(str(len(people)), keys=tuple(f"lb/{name}/1" for name in people))


@pytest.mark.parametrize("counts", ["all", "change", "blq", "value"])
def test_a_count_opens_the_column_with_what_it_counted_as_its_results_say(book, counts):
    cell = grid(book, *VALUES).opens(count("1", "3"), "V4", counts)
    assert (cell.link, cell.counts) == ("T-D15-x.c1", counts)


def test_a_count_of_values_that_have_no_name_opens_them_all(book):
    cell = grid(book, *VALUES).opens(count("1"), "V4", "")
    assert (cell.link, cell.counts) == ("T-D15-x.r", "")


def test_a_count_at_a_visit_that_is_not_on_the_page_opens_them_all(book):
    cell = grid(book, *VALUES).opens(count("1"), "V9", "all")
    assert (cell.link, cell.counts) == ("T-D15-x.r", "")


def test_a_count_of_nobody_opens_nothing(book):
    assert grid(book, *VALUES).opens(Cell("0"), "V4", "all").link == ""


def test_everybody_stands_under_their_arm_with_a_value_a_visit(book):
    records = grid(book, *VALUES, ("5", "BASELINE", "9")).records()
    (table,) = records.tables
    assert [column.id for column in table.columns] == ["T-D15-x.c0", "T-D15-x.c1"]
    assert [
        (group.groups, [(row.label, tuple(map(str, row.cells))) for row in group.rows]) for group in table.groups
    ] == [
        (("P", "TOTAL"), [("1", ("5", "6"))]),
        (("A", "ACTIVE", "TOTAL"), [("3", ("7", "8")), ("4", ("", "BLQ"))]),
        (("TOTAL",), [("5", ("9", ""))]),
    ]
    assert records.entries == ()


def test_several_values_of_a_participant_stand_side_by_side(book):
    made = grid(book, ("1", "V4", "5"), ("1", "V4", "6"))
    assert made.cells["V4"] == {"1": Cell("5; 6")}


@pytest.mark.parametrize(
    ("texts", "below"),
    [(("BLQ", "BLQ"), "all"), (("BLQ", "6"), "some"), (("6", "BLQ"), "some"), (("6", "7"), "")],
)
def test_several_values_say_whether_all_or_some_of_them_are_below_the_limit(book, texts, below):
    made = grid(book, *(("1", "V4", text) for text in texts))
    assert made.cells["V4"]["1"].below == below


def test_a_long_value_as_reported_is_shortened(book):
    made = grid_of(
        "T-x",
        pd.DataFrame({"USUBJID": ["1"], "COLUMN": "V4", "WORDS": "Week 4", "TEXT": ["12.3456789"],
                      "MEASURED": [12.3456789], "IS_BLQ": [False]}),
        book,
    )  # fmt: skip
    assert str(made.cells["V4"]["1"]) == "12.3457"


def test_a_grid_too_large_for_the_page_says_where_the_values_are(book, monkeypatch):
    monkeypatch.setattr(grids_module, "MOST_VALUES", 4)
    made = grid(book, *VALUES)
    assert made.opens(count("1"), "V4", "all").link == ""
    assert made.id_of("V4") == "T-D15-x.r"
    records = made.records()
    assert records.tables == ()
    assert records.rule == (
        "The values of so many participants are not on this page; they are in the records file beside the report."
    )


def test_a_cell_keeps_its_link_only_where_row_and_column_do_not_say_it():
    columns = (Column("n", counts="all"), Column("Mean"), Column("n", counts="change"))
    plain = Row("10 mg", (Cell("3", link="c1", counts="all"), Cell("4.0"), Cell("2", link="c1", counts="change")))
    other = Row("All", (Cell("3", link="x.r"), Cell("4.0"), Cell("2", link="c1", counts="all")))
    kept, (head, first, second, own) = with_defaults(
        columns,
        [
            Row("Week 4", is_head=True, grid="c1"),
            plain,
            other,
            Row("8 h", (Cell("3", link="c2", counts="all"),), grid="c2"),
        ],
    )
    assert kept == columns
    assert head.grid == "c1"
    assert [(cell.link, cell.counts) for cell in first.cells] == [("", ""), ("", ""), ("", "")]
    assert [(cell.link, cell.counts) for cell in second.cells] == [("x.r", ""), ("", ""), ("c1", "all")]
    assert own.cells[0].link == ""


def test_a_heading_without_a_column_ends_the_one_above():
    rows = [
        Row("Week 4", is_head=True, grid="c1"),
        Row("Week 8", is_head=True),
        Row("All", (Cell("3", link="c1", counts="all"),)),
    ]
    assert with_defaults((Column("n", counts="all"),), rows)[1][2].cells[0].link == "c1"


def test_values_show_their_decimals_and_whether_they_were_carried_forward(book):
    values = pd.DataFrame(
        {"USUBJID": ["1", "1"], "COLUMN": ["BASELINE", "V4"], "WORDS": ["Baseline", "Week 4"], "VALUE": [5, 6.25],
         "decimals": 1, "IS_CARRIED": [False, True]}
    )  # fmt: skip
    made = grid_of("T-x", values, book)
    assert [str(made.cells[column]["1"]) for column in ("BASELINE", "V4")] == ["5.0", "6.3 c"]


def test_values_of_people_outside_the_population_are_not_behind_its_counts(adsl, study):
    values = pd.DataFrame(
        {"USUBJID": ["1", "5"], "KEY": ["lb/1/1", "lb/5/1"], "PARAMCD": "x-ALT", "PARAM": "ALT", "AVISIT": "Baseline",
         "AVISITN": 0.0, "AVISITID": "BASELINE", "AVAL": [5.0, 6.0], "CHG": float("nan"), "AVALU": "U/L",
         "ANL01FL": "Y", "DECIMALS": 0}
    )  # fmt: skip
    results = texts_of(measurements.laboratory, study=study, adsl=adsl, adlb=values)
    frames, book = given_frames(study, adsl=adsl, adlb=values), record_book(results, adsl, study, findings=[values])
    (table,) = show(measurements.laboratory, a_page(study, results=results, frames=frames, book=book)).members
    (behind,) = table.records.tables
    assert [[row.label for row in group.rows] for group in behind.groups] == [["1"]]
