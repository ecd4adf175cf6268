"""Every count of the reports on the virtual trial opens exactly the participants and records that it counts."""

from __future__ import annotations

import re
from typing import Any

import pandas as pd
import pytest

from cutbook.catalogue import displays_of
from cutbook.display.look.elements import Cell
from cutbook.display.look.frame import Displays, RecordListing, Table
from cutbook.display.read.cells import cell_id
from reported import Reported, after, reported

REPORTS = ("safety", "pharmacokinetics", "efficacy")
ARMS = ("placebo", *(f"{dose}\N{NO-BREAK SPACE}mg" for dose in (20, 40, 60, 100)))
WINS = {(f"Against {arm}", "all", "") for arm in ARMS}
COUNT = re.compile(r"(\d+)(?: \([\d.]+\))?(?: \[(\d+)\])?")


class Run:
    """A report with everything that its page shows."""

    def __init__(self, made: Reported) -> None:
        self.displays: list[Any] = made.shown
        self.results: pd.DataFrame = made.results

    @property
    def tables(self) -> list[Table]:
        """Tables, those of several displays as well."""
        flat = [one for shown in self.displays for one in (shown.members if isinstance(shown, Displays) else [shown])]
        whole = [one for one in flat if isinstance(one, Table)]
        return [table for one in whole for table in (one, one.brief) if table]

    @property
    def listed(self) -> dict[int, tuple[tuple[str, ...], str]]:
        """Groups and participant of every record that the page lists, by its number."""
        records = {}
        for listing in (shown for shown in self.displays if isinstance(shown, RecordListing)):
            for group in listing.table.groups:
                records |= {int(row.label): (group.groups, str(row.cells[0])) for row in group.rows}
        numbered = [row for table in self.tables for row in table.rows if row.id.startswith("R.")]
        records |= {int(row.id.removeprefix("R.")): ((), row.label) for row in numbered}
        return records


@pytest.fixture(scope="module")
def runs(first_report):
    """Return the reports of the first cut."""
    return {report: Run(first_report(report, "C1")) for report in REPORTS}


def places(table: Table):
    """Return row, column, cell and link of every count with records, as the row and column say where the cell does not.

    Cells that show another statistic are passed over.
    """
    found = []
    above = ""
    for row in table.rows:
        above = row.grid if row.is_head else above
        for at, cell in enumerate(row.cells):
            if not (isinstance(cell, Cell) and cell.keys and COUNT.fullmatch(cell.text)):
                continue
            column = table.columns[at]
            own = (cell.link, cell.counts) if cell.link or not column.counts else (row.grid or above, column.counts)
            found.append((row, column, cell, own))
    return found


def numbers(text: str) -> set[int]:
    spans = re.findall(r"(\d+)(?:–(\d+))?", text)
    return {number for first, last in spans for number in range(int(first), int(last or first) + 1)}


def opened(table: Table, place, listed) -> list[str]:
    """Return the participant of every record or value that a count opens, as a reader gets them."""
    row, column, _, (link, counts) = place
    group = row.group or column.code
    entries = {entry.id: entry for entry in table.records.entries}
    if link in entries:
        chosen = [listed[number] for number in sorted(numbers(entries[link].numbers)) if number in listed]
        return [name for groups, name in chosen if counts == "all" or not group or group in groups]
    (values,) = table.records.tables
    columns = [column.id for column in values.columns]
    if link not in columns:
        return []
    at = columns.index(link)
    rows = [one for members in values.groups if not group or group in members.groups for one in members.rows]
    return [one.label for one in rows if one.cells[at] and is_counted(one.cells[at], one.cells[0], counts)]


def is_counted(value: Cell, baseline: Cell | str, counts: str) -> bool:
    """Return whether a value is one of those that a count opens."""
    below = value.below
    return {"all": True, "change": bool(baseline), "blq": bool(below), "value": below != "all"}[counts]


def shown(cell: Cell) -> tuple[int, int | None]:
    count, events = COUNT.fullmatch(cell.text).groups()
    return int(count), int(events) if events else None


def wrong(run: Run) -> list[tuple[str, str, str, str, int]]:
    """Return the counts that open something else than they count; samples are as many as their records."""
    found = []
    for table in run.tables:
        for place in places(table):
            row, column, cell, _ = place
            people = opened(table, place, run.listed)
            count, events = shown(cell)
            is_samples = table.key == "T-E13" and "samples" in row.label.lower()
            facts = (len(people) if is_samples else len(set(people)), None if events is None else len(people))
            if facts != (count, events):
                found.append((table.key, row.label, column.label, cell.text, len(people)))
    return found


def links(run: Run) -> int:
    return sum(len(places(table)) for table in run.tables)


@pytest.mark.parametrize(("report", "least"), [("safety", 1500), ("pharmacokinetics", 50), ("efficacy", 200)])
def test_every_count_opens_exactly_the_participants_and_events_that_it_counts(runs, report, least):
    assert links(runs[report]) > least
    assert wrong(runs[report]) == []


@pytest.mark.parametrize("report", REPORTS)
def test_ids_are_valid_and_used_once_and_links_lead_to_one(runs, report):
    html = "".join(display._repr_html_() for display in runs[report].displays)
    identities = re.findall(r'\sid="([^"]*)"', html)
    targets = {*re.findall(r'href="#([^"]*)"', html), *re.findall(r'data-c="([^"]*)"', html)}
    assert len(identities) == len(set(identities))
    assert [name for name in identities if not re.fullmatch("[A-Za-z0-9._:-]+", name)] == []
    assert sorted(targets - set(identities)) == []


@pytest.mark.parametrize(
    ("report", "headings"),
    [
        ("safety", {("n", "all", "count"), ("n", "change", "count")}),
        ("pharmacokinetics", {("Samples", "all", ""), ("BLQ", "blq", ""), ("n in means", "value", "")}),
        ("efficacy", {("n", "all", "count"), ("n", "change", "count"), *WINS}),
    ],
)
def test_columns_of_counts_say_what_they_count_and_whether_their_heading_says_more(runs, report, headings):
    whole = [table for table in runs[report].tables if all(not column.spanner for column in table.columns)]
    columns = [column for table in whole for column in table.columns if column.counts]
    assert {(column.label, column.counts, column.role) for column in columns} == headings


@pytest.mark.parametrize(
    ("report", "listings"),
    [
        ("safety", ["L-D22", "L-D17U", "L-D19", "L-D9-deaths", "L-D9-serious", "L-D9-discontinuations"]),
        ("pharmacokinetics", ["T-E4-1", "T-E5-1", "L-E15", "L-E13", "L-E11", "L-E1"]),
        ("efficacy", ["L-F7"]),
    ],
)
def test_listings_with_a_row_a_participant_lead_to_them_and_that_of_participants_to_displays(runs, report, listings):
    assert [table.key for table in runs[report].tables if table.is_about_people] == listings
    (people,) = [shown for shown in runs[report].displays if isinstance(shown, RecordListing) and shown.key == "L-P"]
    assert [column.label for column in people.table.columns if column.role == "displays"] == ["Counts in"]


@pytest.mark.parametrize("report", REPORTS)
def test_every_count_of_values_is_about_a_group(runs, report):
    tables = [table for table in runs[report].tables if any(column.counts for column in table.columns)]
    assert tables
    counted = [
        (row.label, row.group or column.code)
        for table in tables
        for row in table.rows
        for column, cell in zip(table.columns, row.cells, strict=False)
        if column.counts and not row.is_head and isinstance(cell, Cell) and COUNT.fullmatch(cell.text)
    ]
    assert [label for label, group in counted if not group] == []


@pytest.mark.parametrize("report", REPORTS)
def test_no_cell_of_a_first_cut_is_marked(runs, report):
    rows = [row for table in runs[report].tables for row in table.rows]
    assert [row for row in rows if row.mark or row.status] == []
    assert [cell for row in rows for cell in row.cells if isinstance(cell, Cell) and (cell.mark or cell.old)] == []


@pytest.fixture(scope="module")
def later(staged, runs):
    """Return the reports of the second cut beside those of the first."""
    published = {report: run.results for report, run in runs.items()}
    return {report: Run(reported(report, after(staged("C2"), published))) for report in REPORTS}


@pytest.mark.slow
@pytest.mark.parametrize("report", REPORTS)
def test_every_count_of_a_later_cut_opens_what_it_counts(later, report):
    assert wrong(later[report]) == []


def counts(run: Run) -> dict[str, float]:
    """Return the number of participants in every cell that a sentence can point to, by the id of the cell."""
    own = run.results[run.results["statistic"].eq("n")]
    names = ("display", "parameter", "variable", "level", "visit", "group", "value")
    rows = zip(*(own[name].tolist() for name in names), strict=True)
    return {cell_id(display, place, "n"): value for display, *place, value in rows}


@pytest.mark.slow
@pytest.mark.parametrize("report", ["safety", "pharmacokinetics"])
def test_marks_of_counts_are_the_difference_of_both_results_tables(runs, later, report):
    before, now = counts(runs[report]), counts(later[report])
    marking = {display.key for display in displays_of(report) if "n" in display.marks}
    cells = [cell for table in later[report].tables for row in table.rows for cell in row.cells]
    known = [cell for cell in cells if isinstance(cell, Cell) and cell.id in before]
    steps = [now.get(cell.id, 0.0) - before[cell.id] for cell in known]
    are_marked = [cell.id.split("-")[0] in marking for cell in known]
    expected = [
        f"{'▲' if step > 0 else '▼'}{abs(step):.0f}" if step and is_marked else ""
        for step, is_marked in zip(steps, are_marked, strict=True)
    ]
    shown = [cell.mark.text if cell.mark and cell.mark.kind in {"up", "down", "joined"} else "" for cell in known]
    assert set(are_marked) == {True, False}
    assert sum(map(bool, steps)) > 5
    assert shown == expected


@pytest.mark.slow
def test_what_changed_are_the_rows_whose_total_is_marked(later):
    run = later["safety"]
    tables = {table.key: table for table in run.tables}
    within = re.compile("(?:Discontinued|Serious|Screen failure): (.)")
    labels = {within.sub(lambda found: found[1].upper(), row.label) for row in tables["T-I2"].rows}
    marked = set()
    for key in ("T-D1", "T-D4"):
        at = [column.label for column in tables[key].columns].index("All participants")
        for row in tables[key].rows:
            mark = row.cells[at].mark if isinstance(row.cells[at], Cell) else None
            marked |= {row.label} if (row.mark or mark) and not (mark and mark.kind == "quiet") else set()
    assert labels == marked
