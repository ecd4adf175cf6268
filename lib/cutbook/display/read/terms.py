"""Terms in one list, what lies farthest above the control first, and what one participant alone had below it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from cutbook.display.look.elements import Cell, Row
from cutbook.display.read.cells import Cells, Place
from cutbook.parameters.study import Study
from cutbook.vocabulary import TOTAL

BY_DIFFERENCE = (
    "Terms by falling difference between the share of all doses together and that of {control}, equal ones by falling "
    "frequency; below them those that one participant had."
)
BY_FREQUENCY = "Terms by falling total frequency, ties alphabetical; below them those that one participant had."


def difference(cells: Cells, place: Place, study: Study) -> float:
    """Return by how much the share of all doses together lies above that of the control, in percentage points.

    0 where there is no control without a dose, or one of the two is nobody: frequency alone tells the order then.
    """
    control = study.treatment.control_arm
    if control is None or control.is_active:
        return 0.0
    active = [arm.code for arm in study.treatment.arms if arm.is_active]
    shares = [_share(cells, place, groups) for groups in (active, [control.code])]
    return 100 * (shares[0] - shares[1]) if shares[0] == shares[0] and shares[1] == shares[1] else 0.0


def _share(cells: Cells, place: Place, groups: Sequence[str]) -> float:
    size = sum(cells.sizes.get(group, 0.0) for group in groups)
    return _counted(cells, place, groups) / size if size else float("nan")


def _counted(cells: Cells, place: Place, groups: Sequence[str]) -> float:
    counts = [cells.value("n", (*place, "", group)) for group in groups]
    return sum(count for count in counts if count == count)


def participants(cells: Cells, place: Place, study: Study) -> float:
    """Return how many participants of all arms had a term."""
    everybody = [TOTAL] if TOTAL in cells.sizes else [arm.code for arm in study.treatment.arms]
    return _counted(cells, place, everybody)


def by_difference(rows: Sequence[tuple[Place, Row]], cells: Cells, study: Study) -> list[Row]:
    """Return rows of terms in their order, those of one participant as rare ones.

    Parameters
    ----------
    rows : sequence of (parameter, variable and level, Row)
        Terms by falling frequency.
    """
    ranked = sorted(
        rows,
        key=lambda pair: (-round(difference(cells, pair[0], study), 9), -participants(cells, pair[0], study)),
    )
    return [replace(row, level=0, is_rare=participants(cells, place, study) == 1) for place, row in ranked]


def rare_words(rows: Sequence[Row]) -> str:
    """Return the words that open the rare rows, with how many of them are new; empty without any."""
    rare = [row for row in rows if row.is_rare]
    if not rare:
        return ""
    new = sum(row.mark is not None or any(_is_new(cell) for cell in row.cells) for row in rare)
    terms = "1 term" if len(rare) == 1 else f"{len(rare)} terms"
    return f"{terms} that one participant had{f', {new} of them new' if new else ''}"


def _is_new(cell: object) -> bool:
    return isinstance(cell, Cell) and cell.mark is not None and cell.mark.kind == "new"


def without_addresses(rows: Sequence[Row]) -> tuple[Row, ...]:
    """Return rows whose cells have no address: that of a cell stands on a page once."""
    return tuple(
        replace(row, cells=tuple(replace(cell, id="") if isinstance(cell, Cell) else cell for cell in row.cells))
        for row in rows
    )
