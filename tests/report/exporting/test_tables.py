"""Tables for other programs: as a workbook and as documents, with what stands around them."""

from __future__ import annotations

import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import docx
import openpyxl
import pytest

from cutbook.display.look.elements import Cell, Column, Links, Row, Sparkline
from cutbook.display.look.frame import Displays, Table
from cutbook.errors import ParameterError
from cutbook.report.exporting import documents, tables
from cutbook.report.exporting.documents import write_documents
from cutbook.report.exporting.tables import Grid, grid_of
from cutbook.report.exporting.workbook import write_workbook
from report.exporting.test_results import CUT
from transfer_files import study_of

NOW = "2026-11-28T09:00:00Z"
TABLE = Table(
    key="T-D5", title="Adverse events", population="Safety population. N = 8.", stub="Event",
    columns=(
        Column("20 mg", "N = 4", code="ACT", spanner="Drug"), Column("40 mg", "N = 4", code="ACT2", spanner="Drug"),
        Column("Comment", is_number=False),
    ),
    rows=(
        Row("Nervous system disorders", is_head=True),
        Row("Headache", (Cell("2 (50.0)", keys=("ae/1/1",)), Cell("0"), Links((("a", "D4"), ("b", "D5")))), level=1),
        Row("Mean", ("1.20", "\u22123", Sparkline("", ("", ""), "2, 3"))),
        Row("=HYPERLINK(\"http://x\")", ("=1+1", "@SUM(A1)", "-cmd|' /C calc'!A0")),
    ),
    footnotes=("A participant counts once.",), source="ae · T-D5",
)  # fmt: skip


def staged(**changes: Any) -> Any:
    return SimpleNamespace(study=study_of(["dm"], **changes), cut=CUT)


@pytest.fixture
def grid() -> Grid:
    return grid_of(TABLE, "safety")


def test_a_grid_has_the_texts_of_the_page_and_what_stands_around_them(grid: Grid):
    assert grid.header == (
        ("", "Drug", "", ""),
        ("Event", "20 mg", "40 mg", "Comment"),
        ("", "N = 4", "N = 4", ""),
    )
    assert grid.body[:3] == (
        ("Nervous system disorders", "", "", ""),
        ("Headache", "2 (50.0)", "0", "D4, D5"),
        ("Mean", "1.20", "\u22123", "2, 3"),
    )
    assert (grid.levels, grid.heads, grid.numbers) == ((0, 1, 0, 0), frozenset({0}), frozenset({1, 2}))
    assert (grid.notes, grid.source) == (("A participant counts once.",), "ae · T-D5")


def test_tables_within_displays_are_found_and_figures_are_not():
    assert [table.key for table in tables._tables(Displays((TABLE, TABLE), ""))] == ["T-D5", "T-D5"]
    assert list(tables._tables("a figure")) == []


def test_a_workbook_has_contents_frozen_heads_and_numbers_that_are_numbers(grid: Grid, tmp_path: Path):
    file = tmp_path / "tables.xlsx"
    assert write_workbook([grid], staged(), file, NOW) == {file: 1}
    book = openpyxl.load_workbook(file)
    assert book.sheetnames == ["Contents", "T-D5 safety"]
    contents, sheet = book["Contents"], book["T-D5 safety"]
    assert [cell.value for cell in contents[4]] == ["safety", "T-D5", "Adverse events", "Safety population. N = 8."]
    assert contents["B4"].hyperlink.location == "'T-D5 safety'!A1"
    assert sheet.freeze_panes == "B8"
    assert sheet.print_title_rows == "$5:$7"
    assert [cell.value for cell in sheet[6]] == ["Event", "20 mg", "40 mg", "Comment"]
    assert [cell.value for cell in sheet[9]] == ["  Headache", "2 (50.0)", 0, "D4, D5"]
    assert (sheet["B10"].value, sheet["B10"].number_format, sheet["C10"].value) == (1.2, "0.00", -3)
    assert sheet["A13"].value == "A participant counts once."


def test_no_text_of_the_data_is_a_formula_or_a_link(grid: Grid, tmp_path: Path):
    file = tmp_path / "tables.xlsx"
    write_workbook([grid], staged(), file, NOW)
    cells = openpyxl.load_workbook(file)["T-D5 safety"][11]
    assert [(cell.value, cell.data_type, cell.hyperlink) for cell in cells] == [
        ('=HYPERLINK("http://x")', "s", None), ("=1+1", "s", None), ("@SUM(A1)", "s", None),
        ("-cmd|' /C calc'!A0", "s", None),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("\u22120.5", -0.5),
        ("-2", -2),
        ("0", 0),
        ("007", "007"),
        ("1.20e3", "1.20e3"),
        ("12345678901234567", "12345678901234567"),
    ],
)
def test_numbers_are_numbers_whatever_their_sign_and_what_would_change_stays_text(
    text: str, value: object, tmp_path: Path
):
    file = tmp_path / "tables.xlsx"
    grid = Grid("T-1", "safety", "", "", (("", "Change"),), (("Mean", text),), numbers=frozenset({1}))
    write_workbook([grid], staged(), file, NOW)
    assert openpyxl.load_workbook(file)["T-1 safety"]["B6"].value == value


def test_every_sheet_says_that_nobody_is_real_and_a_real_study_does_not(grid: Grid, tmp_path: Path):
    for name, is_synthetic in (("made", True), ("real", False)):
        file = tmp_path / f"{name}.xlsx"
        write_workbook([grid], staged(is_synthetic=is_synthetic), file, NOW)
        texts = [sheet["A1"].value + (sheet["A3"].value or "") for sheet in openpyxl.load_workbook(file)]
        assert ["Synthetic data. " in text for text in texts] == [is_synthetic] * 2


def test_the_same_tables_give_the_same_bytes(grid: Grid, tmp_path: Path):
    files = [tmp_path / "one.xlsx", tmp_path / "two.xlsx"]
    for file in files:
        write_workbook([grid], staged(), file, NOW)
    assert files[0].read_bytes() == files[1].read_bytes()


def test_sheets_of_long_or_equal_names_are_told_apart(grid: Grid, tmp_path: Path):
    long = [Grid(f"T-{'x' * 40}", "safety", "", "", (("a",),), (("b",),)) for _ in range(11)]
    file = tmp_path / "tables.xlsx"
    write_workbook([grid, grid, *long], staged(), file, NOW)
    names = openpyxl.load_workbook(file).sheetnames
    assert len({name.lower() for name in names}) == 14
    assert max(map(len, names)) == 31


def test_a_document_holds_one_table_with_its_title_notes_and_repeated_head(grid: Grid, tmp_path: Path):
    listing = Grid("L-D9", "safety", "Deaths", "", (("a",),), (("b",),))
    files = write_documents([grid, listing], staged(), tmp_path / "docx")
    assert {file.name: rows for file, rows in files.items()} == {"safety_T-D5.docx": 4}
    made = docx.Document(str(next(iter(files))))
    assert [line.text for line in made.paragraphs] == [
        "Adverse events", "Safety population. N = 8.", "A participant counts once.", "ae · T-D5",
    ]  # fmt: skip
    assert made.sections[0].header.paragraphs[0].text.startswith("Synthetic data. A demonstration; cut C1")
    (table,) = made.tables
    assert [[cell.text for cell in row.cells] for row in table.rows][4] == ["Headache", "2 (50.0)", "0", "D4, D5"]
    repeated = [bool(row._tr.xpath("./w:trPr/w:tblHeader")) for row in table.rows]
    assert repeated == [True] * 3 + [False] * 4


def test_documents_without_their_library_are_refused_with_the_remedy(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setitem(sys.modules, "docx", None)
    with pytest.raises(ParameterError, match=r"cutbook\[docx\]"):
        documents.require_docx()
