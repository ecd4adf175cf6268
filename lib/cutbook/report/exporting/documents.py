"""Tables of a cut as documents of a word processor (DOCX), one a table, with the head repeated on every page."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from cutbook.data.staging.staged import StagedCut
from cutbook.errors import Fault, ParameterError
from cutbook.report.exporting.tables import Grid

_EXTRA = "docx"
_INDENT_PT, _FONT_PT, _TITLE_PT = 8, 8, 11
_MARGIN_CM = 1.5
_LABELS = 0.26
"""Part of the width of the page that the labels of rows have."""


def require_docx() -> None:
    """Return when the library that writes documents is installed.

    Raises
    ------
    ParameterError
        It is not.
    """
    try:
        import docx  # noqa: F401 - asked for, not used here
    except ImportError:
        remedy = f"install it: pip install 'cutbook[{_EXTRA}]'"
        raise ParameterError(
            Fault("--format docx", "no python-docx", "the library that writes documents", remedy)
        ) from None


def write_documents(grids: Sequence[Grid], staged: StagedCut, folder: Path) -> dict[Path, int]:
    """Write a document a table of statistics, and return the rows of each; listings are in the workbook.

    Raises
    ------
    ParameterError
        The library that writes documents is not installed.
    """
    require_docx()
    folder.mkdir(parents=True)
    files: dict[Path, int] = {}
    for grid in (grid for grid in grids if not grid.is_listing):
        file = folder / f"{grid.report}_{grid.key}.docx"
        _document(grid, staged).save(file)
        files[file] = len(grid.body)
    return files


def _document(grid: Grid, staged: StagedCut) -> Any:  # noqa: ANN401 - a document of a library without types
    import docx
    from docx.enum.section import WD_ORIENT
    from docx.shared import Cm, Pt

    made = docx.Document()
    made.styles["Normal"].font.name, made.styles["Normal"].font.size = "Arial", Pt(_FONT_PT)
    section = made.sections[0]
    section.orientation = WD_ORIENT.LANDSCAPE
    section.page_width, section.page_height = section.page_height, section.page_width
    section.left_margin = section.right_margin = Cm(_MARGIN_CM)
    synthetic = "Synthetic data. " if staged.study.is_synthetic else ""
    section.header.paragraphs[
        0
    ].text = f"{synthetic}{staged.study.title}; cut {staged.cut.cut_id}, cut-off {staged.cut.cutoff_date}"
    title = made.add_paragraph().add_run(grid.title)
    title.bold, title.font.size = True, Pt(_TITLE_PT)
    made.add_paragraph(grid.population)
    _fill(made, grid)
    for text in (*grid.notes, grid.source):
        made.add_paragraph().add_run(text).font.size = Pt(_FONT_PT)
    return made


def _fill(made: Any, grid: Grid) -> None:  # noqa: ANN401 - a document of a library without types
    from docx.oxml import OxmlElement

    rows = (*grid.header, *grid.body)
    table = made.add_table(rows=len(rows), cols=len(grid.header[-1]), style="Table Grid")
    table.autofit = False
    widths = _widths(made.sections[0], len(grid.header[-1]))
    for column, width in zip(table.columns, widths, strict=True):
        column.width = width
    for number, (row, texts) in enumerate(zip(table.rows, rows, strict=True)):
        place = number - len(grid.header)
        for column, (cell, text) in enumerate(zip(row.cells, texts, strict=True)):
            cell.width = widths[column]
            _write(cell, text, is_bold=place < 0 or place in grid.heads, level=_level(grid, place, column))
            if place < 0:
                _shade(cell)
        if place < 0:
            mark = OxmlElement("w:tblHeader")
            row._tr.get_or_add_trPr().append(mark)


def _widths(section: Any, columns: int) -> list[int]:  # noqa: ANN401 - a section of a library without types
    """Return the widths of the columns: the labels have a quarter of the page, the others share the rest."""
    page = section.page_width - section.left_margin - section.right_margin
    if columns == 1:
        return [page]
    return [int(page * _LABELS)] + [int(page * (1 - _LABELS) / (columns - 1))] * (columns - 1)


def _shade(cell: Any) -> None:  # noqa: ANN401 - a cell of a library without types
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    shade = OxmlElement("w:shd")
    for name, value in (("val", "clear"), ("color", "auto"), ("fill", "F2F2F2")):
        shade.set(qn(f"w:{name}"), value)
    cell._tc.get_or_add_tcPr().append(shade)


def _level(grid: Grid, place: int, column: int) -> int:
    return grid.levels[place] if column == 0 and place >= 0 and grid.levels else 0


def _write(cell: Any, text: str, *, is_bold: bool, level: int) -> None:  # noqa: ANN401 - a cell of a library without types
    from docx.shared import Pt

    paragraph = cell.paragraphs[0]
    paragraph.paragraph_format.space_after = Pt(0)
    run = paragraph.add_run(text)
    run.bold, run.font.size = is_bold, Pt(_FONT_PT)
    if level:
        paragraph.paragraph_format.left_indent = Pt(_INDENT_PT * level)
