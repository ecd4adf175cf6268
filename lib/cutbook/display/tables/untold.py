"""Rows without a number in any column: named in a sentence below the table, instead of in every cell."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from cutbook.catalogue.kinds.absence import lacking_in_words
from cutbook.display.look.elements import Cell, Row
from cutbook.display.look.numbers import NOT_APPLICABLE
from cutbook.display.read.cells import UNTOLD


def without_untold(rows: Sequence[Row]) -> tuple[tuple[Row, ...], str]:
    """Return the rows that say a number, and why the others say none.

    Parameters
    ----------
    rows : sequence of Row
        A row with a mark of change stays: the previous cut told it. Rows below a head of which none says a number are
        named by their head.

    Returns
    -------
    tuple of Row, str
        The rows to show; and a sentence a reason (``Not delivered: serious event, severe event.``), empty where every
        row says something.
    """
    kept: list[Row] = []
    lacking: list[tuple[str, str]] = []
    for block in _blocks(rows):
        own = [row for row in block if not row.is_head]
        reasons = [_reason(row) for row in own]
        is_untold = all(reason or _is_blank(row) for row, reason in zip(own, reasons, strict=True))
        if block[0].is_head and any(reasons) and is_untold:
            lacking.append((next(filter(None, reasons)), block[0].label))
            continue
        kept += [row for row in block if row.is_head or not _reason(row)]
        lacking += [(reason, row.label) for row, reason in zip(own, reasons, strict=True) if reason]
    return tuple(kept), lacking_in_words(lacking)


def nothing_but(reason: str) -> dict[str, Any]:
    """Return what stands around a table without rows: why, and no definition of what is not there."""
    return {"empty": reason, "footnotes": ()}


def _blocks(rows: Sequence[Row]) -> Iterator[list[Row]]:
    """Yield each head with the rows below it."""
    block: list[Row] = []
    for row in rows:
        if row.is_head and block:
            yield block
            block = []
        block.append(row)
    if block:
        yield block


def _is_blank(row: Row) -> bool:
    return {str(cell) for cell in row.cells} <= {NOT_APPLICABLE}


def _reason(row: Row) -> str:
    """Return why no cell of a row holds a number; empty where one does, or where a mark says how it changed."""
    texts = {str(cell) for cell in row.cells}
    is_marked = row.mark or any(isinstance(cell, Cell) and cell.mark for cell in row.cells)
    reasons = texts & UNTOLD
    return min(reasons) if reasons and texts <= {NOT_APPLICABLE, *reasons} and not is_marked else ""
