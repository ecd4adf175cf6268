"""All tables and listings of a cut as one workbook: a sheet of contents, then a sheet a table, its head frozen.

A text is written as a text, whatever it begins with: never as a formula or a link.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from cutbook.data.staging.staged import StagedCut
from cutbook.report.exporting.tables import Grid

_LONGEST_NAME = 31
_NUMBER = re.compile(r"[-\u2212]?(0|[1-9]\d{0,13})(\.\d{1,10})?")
"""A number as shown, its minus a hyphen or the sign; 007 is a text, and so is what a spreadsheet would round."""

_NO_NAME = re.compile(r"[\[\]:*?/\\']")
_WIDEST, _STUB = 40, 44
_INDENT = 2


def write_workbook(grids: Sequence[Grid], staged: StagedCut, file: Path, created: str) -> dict[Path, int]:
    """Write the workbook, and return how many tables it holds.

    Parameters
    ----------
    grids : sequence of Grid
        Its tables, in order.
    staged : StagedCut
        Study and cut.
    file : Path
        Where.
    created : str
        When, UTC, ``2026-11-22T08:32:00Z``; the same gives the same bytes.
    """
    import xlsxwriter

    with xlsxwriter.Workbook(file) as book:
        about = f"{staged.study.title}; cut {staged.cut.cut_id}, cut-off {staged.cut.cutoff_date}"
        statement = "Synthetic data. " if staged.study.is_synthetic else ""
        book.set_properties({"title": about, "comments": statement, "created": datetime.fromisoformat(created)})
        styles = _styles(book)
        names = _names(grids)
        _contents(book.add_worksheet("Contents"), grids, names, f"{statement}{about}", styles)
        for grid, name in zip(grids, names, strict=True):
            _table(book.add_worksheet(name), grid, f"{statement}{about}", styles)
    return {file: len(grids)}


def _styles(book: Any) -> dict[str, Any]:  # noqa: ANN401 - a workbook of a library without types
    plain = {"font_name": "Arial", "font_size": 9, "valign": "top", "text_wrap": True}
    looks: dict[str, dict[str, Any]] = {
        "title": {"bold": True, "font_size": 11, "text_wrap": False},
        "line": {"text_wrap": False, "font_color": "#555555"},
        "above": {"bold": True, "bg_color": "#F2F2F2"},
        "head": {"bold": True, "bottom": 1, "bg_color": "#F2F2F2"},
        "section": {"bold": True},
        "cell": {},
        "link": {"font_color": "#0B5CAD", "underline": 1},
    }
    return {name: book.add_format({**plain, **look}) for name, look in looks.items()} | {"book": book}


def _names(grids: Sequence[Grid]) -> list[str]:
    """Return the name of each sheet: the address of the table, made unique without regard to case."""
    names: list[str] = []
    for grid in grids:
        base = _NO_NAME.sub("_", f"{grid.key} {grid.report}")
        name, number = base[:_LONGEST_NAME], 1
        while name.lower() in {other.lower() for other in names}:
            number += 1
            name = f"{base[: _LONGEST_NAME - len(str(number)) - 1]}~{number}"
        names.append(name)
    return names


def _contents(sheet: Any, grids: Sequence[Grid], names: Sequence[str], about: str, styles: dict[str, Any]) -> None:  # noqa: ANN401 - a sheet of a library without types
    sheet.write_string(0, 0, about, styles["title"])
    for column, label in enumerate(("Report", "Table", "Title", "Population")):
        sheet.write_string(2, column, label, styles["head"])
    for row, (grid, name) in enumerate(zip(grids, names, strict=True), start=3):
        sheet.write_string(row, 0, grid.report, styles["cell"])
        sheet.write_url(row, 1, f"internal:'{name}'!A1", styles["link"], grid.key)
        sheet.write_string(row, 2, grid.title, styles["cell"])
        sheet.write_string(row, 3, grid.population, styles["cell"])
    sheet.set_column(0, 1, 18)
    sheet.set_column(2, 3, 70)
    sheet.freeze_panes(3, 0)


def _table(sheet: Any, grid: Grid, about: str, styles: dict[str, Any]) -> None:  # noqa: ANN401 - a sheet of a library without types
    for row, (text, style) in enumerate(((grid.title, "title"), (grid.population, "line"), (about, "line"))):
        sheet.write_string(row, 0, text, styles[style])
    top = 4
    first = top + len(grid.header)
    for row, cells in enumerate(grid.header, start=top):
        for column, text in enumerate(cells):
            sheet.write_string(row, column, text, styles["head" if row == first - 1 else "above"])
    for place in range(len(grid.body)):
        _body_row(sheet, first + place, place, grid, styles)
    for row, text in enumerate((*grid.notes, grid.source), start=first + len(grid.body) + 1):
        sheet.write_string(row, 0, text, styles["line"])
    sheet.freeze_panes(first, 1)
    sheet.repeat_rows(top, first - 1)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.set_column(0, 0, _STUB)
    if len(grid.header[-1]) > 1:
        sheet.set_column(1, len(grid.header[-1]) - 1, _width(grid))


def _width(grid: Grid) -> int:
    longest = max((len(text) for cells in grid.body for text in cells[1:]), default=0)
    return min(max(longest + 2, 12), _WIDEST)


def _body_row(sheet: Any, row: int, place: int, grid: Grid, styles: dict[str, Any]) -> None:  # noqa: ANN401 - a sheet of a library without types
    level = grid.levels[place] if grid.levels else 0
    style = styles["section" if place in grid.heads else "cell"]
    for column, text in enumerate(grid.body[place]):
        if column == 0:
            sheet.write_string(row, 0, " " * (_INDENT * level) + text, style)
        elif column in grid.numbers and _NUMBER.fullmatch(text):
            sheet.write_number(row, column, float(text.replace("\u2212", "-")), _number_style(text, styles))
        elif text:
            sheet.write_string(row, column, text, style)


def _number_style(text: str, styles: dict[str, Any]) -> Any:  # noqa: ANN401 - a format of a library without types
    """Return a format that shows a number with the decimals that the table shows."""
    decimals = len(text.partition(".")[2])
    name = f"number{decimals}"
    if name not in styles:
        shown = "0" + (f".{'0' * decimals}" if decimals else "")
        styles[name] = styles["book"].add_format(
            {"font_name": "Arial", "font_size": 9, "valign": "top", "num_format": shown, "align": "right"}
        )
    return styles[name]
