import pandas as pd
import pytest

from cutbook.display import grids as grids_module
from cutbook.display.grids import grid_of, visit_values, with_defaults
from cutbook.display.parts import Cell, Column, Row
from cutbook.display.records import record_book
from cutbook.results.table import results_table


@pytest.fixture
def book(adsl, study):
    return record_book(results_table([]), adsl, study)


def grid(book, *values, columns=("Baseline", "Week 4")):
    shown = pd.DataFrame(values, columns=["USUBJID", "COLUMN", "TEXT"])
    return grid_of("T-D15-x", shown.assign(IS_BELOW=shown["TEXT"].eq("<5")), columns, book)


VALUES = (
    ("1", "Baseline", "5"), ("3", "Baseline", "7"), ("1", "Week 4", "6"), ("3", "Week 4", "8"), ("4", "Week 4", "<5"),
)  # fmt: skip


def count(*people):
    return Cell(str(len(people)), keys=tuple(f"lb/{name}/1" for name in people))


@pytest.mark.parametrize(
    ("people", "group", "kinds", "link"),
    [
        (("1", "3", "4"), "All", ("all",), ("T-D15-x.c1", "all")),
        (("3", "4"), "Active", ("all",), ("T-D15-x.c1", "all")),
        (("1",), "Placebo", ("all",), ("T-D15-x.c1", "all")),
        (("1", "3"), "All", ("change",), ("T-D15-x.c1", "change")),
        (("4",), "10 mg", ("blq",), ("T-D15-x.c1", "blq")),
        (("1", "3"), "All", ("value",), ("T-D15-x.c1", "value")),
        (("1", "3"), "All", ("all", "value"), ("T-D15-x.c1", "value")),
        (("1",), "All", ("all", "change"), ("T-D15-x.r", "")),
    ],
    ids=["all", "pooled arm", "arm", "with baseline", "below the limit", "above it", "second way", "no way"],
)
def test_a_count_opens_the_column_and_the_values_that_make_it_up(book, people, group, kinds, link):
    cell = grid(book, *VALUES).opens(count(*people), "Week 4", group, *kinds)
    assert (cell.link, cell.counts) == link


def test_a_count_of_nobody_opens_nothing(book):
    assert grid(book, *VALUES).opens(Cell("0"), "Week 4", "All", "all").link == ""


def test_everybody_stands_under_their_arm_with_a_value_a_visit(book):
    records = grid(book, *VALUES, ("5", "Baseline", "9")).records()
    (table,) = records.tables
    assert [column.id for column in table.columns] == ["T-D15-x.c0", "T-D15-x.c1"]
    assert [
        (group.groups, [(row.label, tuple(map(str, row.cells))) for row in group.rows]) for group in table.groups
    ] == [
        (("Placebo", "All"), [("1", ("5", "6"))]),
        (("10 mg", "Active", "All"), [("3", ("7", "8")), ("4", ("", "<5"))]),
        (("Not randomised", "All"), [("5", ("9", ""))]),
    ]
    assert records.entries == ()


def test_several_values_of_a_participant_stand_side_by_side(book):
    made = grid(book, ("1", "Week 4", "5"), ("1", "Week 4", "6"))
    assert made.cells["Week 4"] == {"1": Cell("5; 6")}


@pytest.mark.parametrize(
    ("texts", "below", "kinds"),
    [(("<5", "<5"), "all", ["all", "blq"]), (("<5", "6"), "some", ["all", "blq", "value"]),
     (("6", "<5"), "some", ["all", "blq", "value"]), (("6", "7"), "", ["all", "value"])],
)  # fmt: skip
def test_several_values_count_as_below_the_limit_and_as_not_below_it_when_one_of_them_is(book, texts, below, kinds):
    made = grid(book, *(("1", "Week 4", text) for text in texts))
    assert made.cells["Week 4"]["1"].below == below
    opened = [made.opens(count("1"), "Week 4", "All", kind).counts for kind in ("all", "blq", "value", "change")]
    assert [kind for kind in opened if kind] == kinds


def test_no_value_is_below_the_limit_where_the_data_do_not_say_so(book):
    values = pd.DataFrame({"USUBJID": ["1"], "COLUMN": ["Week 4"], "TEXT": ["BLQ"]})
    assert grid_of("T-D15-x", values, ("Baseline", "Week 4"), book).cells["Week 4"]["1"].below == ""


def test_values_at_other_visits_are_left_out(book):
    assert grid(book, ("1", "Unscheduled", "5")).records() is None


def test_a_grid_too_large_for_the_page_says_where_the_values_are(book, monkeypatch):
    monkeypatch.setattr(grids_module, "MOST_VALUES", 4)
    made = grid(book, *VALUES)
    assert made.opens(count("1"), "Week 4", "Placebo", "all").link == ""
    assert made.id_of("Week 4") == "T-D15-x.r"
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


def test_values_show_their_decimals_and_whether_they_were_carried_forward(adsl, study):
    values = pd.DataFrame(
        {
            "USUBJID": ["1", "1", "2", "3"],
            "PARAMCD": ["ALT", "ALT", "ALT", "AST"],
            "AVISIT": ["Baseline", "Week 4", "Week 4", "Week 4"],
            "AVAL": [5, 6.25, 7, 8],
            "ANL01FL": ["Y", "Y", None, "Y"],
            "DTYPE": [None, "LOCF", None, None],
            "DECIMALS": 1,
        }
    )
    book = record_book(results_table([]), adsl, study, findings=[values])
    assert visit_values(book, "ALT", "Safety").to_numpy().tolist() == [
        ["1", "Baseline", "5.0"],
        ["1", "Week 4", "6.3 c"],
    ]


def test_values_of_people_outside_the_population_are_not_behind_its_counts(adsl, study):
    values = pd.DataFrame(
        {
            "USUBJID": ["1", "5"],
            "PARAMCD": "ALT",
            "AVISIT": "Baseline",
            "AVAL": [5.0, 6.0],
            "ANL01FL": "Y",
            "DECIMALS": 0,
        }
    )
    book = record_book(results_table([]), adsl, study, findings=[values])
    assert visit_values(book, "ALT", "Safety")["USUBJID"].tolist() == ["1"]
    assert visit_values(book, "ALT", "SCRFFL")["USUBJID"].tolist() == ["5"]
