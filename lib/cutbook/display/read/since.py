"""What is new in a listing: its rows beside those of the previous cut, field by field."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace

from cutbook.display.look.elements import Cell, CellLike, Mark, Row

NEW, CHANGED, WITHDRAWN, NOT_LISTED = "new", "changed", "withdrawn", "no longer listed"


def since(now: Sequence[tuple[str, Row]], before: Sequence[tuple[str, Row]], known: Collection[str]) -> tuple[Row, ...]:
    """Return the rows of a listing, marked where they are new, changed (old and new value a field) or withdrawn.

    Parameters
    ----------
    now, before : sequence of (str, Row)
        Key of the record, and its row at this and at the previous cut.
    known : collection of str
        Keys of all records at this cut, listed or not: a record that is known but no longer listed is not withdrawn.
    """
    earlier, present = dict(before), {key for key, _ in now}
    rows = [_marked(row, earlier.get(key)) for key, row in now]
    for key, row in before:
        if key not in present:
            words = NOT_LISTED if key in known else WITHDRAWN
            rows.append(replace(row, status=WITHDRAWN, mark=Mark(WITHDRAWN, words)))
    return tuple(rows)


def _marked(row: Row, before: Row | None) -> Row:
    if before is None:
        return replace(row, status=NEW, mark=Mark(NEW, NEW))
    pairs = list(zip(row.cells, before.cells, strict=True))
    if all(str(cell) == str(old) for cell, old in pairs):
        return row
    cells = tuple(_field(cell, str(old)) for cell, old in pairs)
    return replace(row, cells=cells, status=CHANGED, mark=Mark(CHANGED, CHANGED))


def _field(cell: CellLike, old: str) -> CellLike:
    return cell if str(cell) == old else Cell(str(cell), old=old)
