"""Tables of what moved the answer: estimates before and now, and the changed records that moved them."""

from __future__ import annotations

from collections.abc import Sequence

from cutbook.catalogue import displays_of
from cutbook.catalogue.kinds.display import Display
from cutbook.catalogue.kinds.panels import Moved, Shown
from cutbook.display.look.elements import Column, Row
from cutbook.display.look.frame import Displays, Table
from cutbook.display.look.numbers import NOT_APPLICABLE, fixed
from cutbook.display.page import Page
from cutbook.display.read.cells import Cells
from cutbook.results.layers.moved import (
    AGAINST,
    ALONE,
    BACK,
    LEFT,
    PARTLY,
    RECORD,
    TOGETHER,
    TRIED,
    estimates,
    moved_by,
)

_ROLES = (
    (ALONE, "One changed record does it", "{} changed records do it, each alone"),
    (TOGETHER, "One changed record does it, with others", "{} changed records do it together"),
    (PARTLY, "One moved it in part", "{} moved it in part"),
    (AGAINST, "One moved it the other way", "{} moved it the other way"),
)
"""What records of each role did, one of them and several, in the order told."""

_MOST_NAMED = 3
_NEW_DATA = "No changed record of the past does it: data that are new since."


def tables_of_moved(display: Display, layers: Sequence[Moved], page: Page) -> Displays:
    """Return one table of estimates that moved a layer, or the sentence that none did.

    It is folded where new data alone moved them: no changed record is named in it, and none may be unknown.
    """
    return Displays(tuple(_table(display, layer, page) for layer in layers), display.empty)


def _table(display: Display, layer: Moved, page: Page) -> Table:
    cells, own = _cells_of(layer, page), page.cells(display).of_parameter(layer.parameter)
    now, previous = (estimates(table, layer) for table in (page.results, page.previous.results))
    both = [group for group in now if group in previous]
    moved = [group for group in both if moved_by(now[group], previous[group])]
    columns = [
        Column(f"Cut {page.previous.cut_id}", is_number=False),
        Column("This cut", is_number=False),
        Column("This cut, its past set back", is_number=False),
        Column("What moved it", is_number=False, is_verbatim=True),
    ]
    rows = [Row(cells.group_words(group), _line(layer, group, (cells, own), page), group=group) for group in moved]
    kept = [cells.group_words(group) for group in both if group not in moved]
    notes = (*_notes(layer, kept, (cells, own), page), *display.footnotes(page.study)) if moved else ()
    is_folded = bool(rows) and all(row.cells[-1] == _NEW_DATA for row in rows)
    return page.table(
        display, columns, rows, layer, footnotes=notes, empty=_nothing_moved(kept, page), is_folded=is_folded
    )


def _cells_of(layer: Moved, page: Page) -> Cells:
    return page.cells(next(item for item in displays_of(page.report) if item.key == layer.of))


def _line(layer: Moved, group: str, both: tuple[Cells, Cells], page: Page) -> tuple[str, ...]:
    cells, own = both
    place = (layer.parameter, layer.variable, "", _visit(layer), group)
    was = _text(layer, cells.previous, place)
    back = _text(layer, own, (layer.parameter, BACK, "", "", group))
    return was, _text(layer, cells, place), back, _records(layer, group, own, page)


def _visit(layer: Moved) -> str:
    return getattr(layer.layer, "visit", "")


def _text(layer: Moved, cells: Cells | None, place: tuple[str, ...]) -> str:
    """Return an estimate with its limits; a dash where there is none."""
    if cells is None or cells.text(layer.statistics[0], place) == NOT_APPLICABLE:
        return NOT_APPLICABLE
    centre, *limits = (cells.text(name, place) for name in layer.statistics)
    return f"{centre}{layer.unit}" + (f" ({' to '.join(limits)})" if limits else "")


def _records(layer: Moved, group: str, own: Cells, page: Page) -> str:
    if page.previous.frames is None:
        return f"Not known: the transfer of cut {page.previous.cut_id} is not here."
    said = []
    for role, one, many in _ROLES:
        keys = own.shown(Shown("", ("n",)), (layer.parameter, role, "", "", group)).keys
        names = [_record(layer, key, group, own) for key in keys]
        if names:
            said.append(f"{one if len(names) == 1 else many.format(len(names))}: {'; '.join(names)}.")
    has_done = any(own.value("n", (layer.parameter, role, "", "", group)) > 0 for role in (ALONE, TOGETHER))
    return " ".join([*([] if has_done else [_NEW_DATA]), *said])


def _record(layer: Moved, key: str, group: str, own: Cells) -> str:
    """Return a record with what changed of it, and the estimate with it alone set back."""
    place = (layer.parameter, RECORD, key, "", group)
    return f"{own.words(place)} (set back: {_text(layer, own, place)})"


def what_moved(display: Display, layer: Moved, group: str, page: Page) -> str:
    """Return which records moved an estimate, in a sentence; empty where none is known to.

    It names participants.
    """
    own = page.cells(display).of_parameter(layer.parameter)
    for role, one, many in _ROLES:
        keys = own.shown(Shown("", ("n",)), (layer.parameter, role, "", "", group)).keys
        if keys and role != AGAINST:
            names = [own.words((layer.parameter, RECORD, key, "", group)) for key in keys[:_MOST_NAMED]]
            more = f"; and {len(keys) - _MOST_NAMED} more" if len(keys) > _MOST_NAMED else ""
            return f"{one if len(keys) == 1 else many.format(len(keys))}: {'; '.join(names)}{more}."
    return ""


def _notes(layer: Moved, kept: Sequence[str], both: tuple[Cells, Cells], page: Page) -> tuple[str, ...]:
    cells, own = both
    tried, left = (own.value("n", (layer.parameter, name, "", "", "")) for name in (TRIED, LEFT))
    notes = [
        f"Compared and not moved: {', '.join(kept)}." if kept else "",
        _taking_part(layer, cells, page),
        f"{fixed(tried, 0)} changed records were set back one by one." if tried > 1 else "",
        f"{fixed(left, 0)} more were set back with all others only." if left > 0 else "",
    ]
    return tuple(filter(None, notes))


def _taking_part(layer: Moved, cells: Cells, page: Page) -> str:
    """Return how many take part, before and now."""
    places = [(layer.parameter, layer.counted, "", _visit(layer), arm.code) for arm in page.study.treatment.arms]
    sides = [side for side in (cells.previous, cells) if side]
    before, now = (
        fixed(sum(number for place in places if (number := side.value("n", place)) > 0), 0) for side in sides
    )
    told = f"{now} as before" if before == now else f"{before} then, {now} now"
    return f"{layer.counted_words}: {told}."


def _nothing_moved(kept: Sequence[str], page: Page) -> str:
    previous = page.previous
    if not previous.cut_id:
        return "This is the first cut of the study."
    if previous.results is None:
        return f"The report of cut {previous.cut_id} is not published here, so nothing can be compared."
    if not kept:
        return f"No estimate stands at both this cut and cut {previous.cut_id}."
    return f"No estimate differs from cut {previous.cut_id}: {', '.join(kept)}."
