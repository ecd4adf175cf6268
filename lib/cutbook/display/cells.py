"""Reading the cells of a display from the results table: text, change since the previous cut, records behind it."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Sequence
from dataclasses import replace

import pandas as pd

from cutbook.display.formats import COUNTS, NOT_APPLICABLE, NOT_CALCULATED, NOT_ESTIMABLE, fixed, whole
from cutbook.display.parts import Cell, Column, Mark, Row

_PLACE = ("parameter", "variable", "level", "visit", "group")
_NOTHING = frozenset({"0", NOT_APPLICABLE})
_NO_VALUE = frozenset({NOT_ESTIMABLE, NOT_CALCULATED})
_UP, _DOWN, _OTHER = "▲", "▼", "•"

Place = tuple[str, ...]


def cell_id(display: str, place: Sequence[str], statistic: str) -> str:
    """Return the id of the cell that shows a statistic; ``place`` is parameter, variable, level, visit, group."""
    name = "|".join((*place, statistic))
    return f"{display}-{hashlib.blake2s(name.encode(), digest_size=5).hexdigest()}"


class Cells:
    """The statistics of one display, by parameter, variable, level, visit, group and statistic.

    Parameters
    ----------
    results : results table
        With text; other displays are left out.
    display : str
        Row id.
    previous : results table, optional
        The same report at the previous cut, as published; cells then carry the change.
    anchors : collection of str
        Statistics whose cells get an id that a sentence can point to.
    """

    def __init__(
        self,
        results: pd.DataFrame,
        display: str,
        previous: pd.DataFrame | None = None,
        anchors: Collection[str] = ("n",),
    ) -> None:
        own = results[results["display"].eq(display)]
        self.display = display
        self.rows = own[own["variable"].ne("POPULATION")]
        sizes = own[own["variable"].eq("POPULATION")]
        self.sizes = dict(zip(sizes["group"], sizes["value"], strict=True))
        places = list(zip(*(own[column] for column in (*_PLACE, "statistic")), strict=True))
        self._texts: dict[Place, str] = dict(zip(places, own["text"], strict=True))
        self._values: dict[Place, float] = dict(zip(places, own["value"].tolist(), strict=True))
        self._keys: dict[Place, list[str]] = dict(zip(places, own["keys"], strict=True))
        self._anchors = anchors
        self.before = None if previous is None else Cells(previous, display)

    def of_parameter(self, parameter: str) -> Cells:
        """Return the same cells with the rows of one parameter alone."""
        narrow = object.__new__(Cells)
        narrow.__dict__.update(self.__dict__)
        narrow.rows = self.rows[self.rows["parameter"].eq(parameter)]
        return narrow

    @property
    def population(self) -> str:
        """Name of the population of its first row, empty without rows."""
        return str(self.rows["population"].iloc[0]) if len(self.rows) else ""

    @property
    def groups(self) -> list[str]:
        """Column labels in order."""
        return list(self.sizes)

    @property
    def size(self) -> float:
        """Participants in the widest column."""
        return max(self.sizes.values(), default=0.0)

    def places(self, *columns: str) -> list[Place]:
        """Return the different rows of the display by these columns, in order."""
        return list(dict.fromkeys(zip(*(self.rows[column] for column in columns), strict=True)))

    def gone(self, *columns: str) -> list[Place]:
        """Return the rows that only the previous cut had, in its order."""
        now = set(self.places(*columns))
        return [place for place in self.before.places(*columns) if place not in now] if self.before else []

    def columns(self, groups: Sequence[str] | None = None) -> tuple[Column, ...]:
        """Return the columns with their N."""
        return tuple(self._column(group) for group in (self.groups if groups is None else groups))

    def _column(self, group: str) -> Column:
        if group not in self.sizes:
            return Column(group)
        note = f"N = {whole(self.sizes[group])}"
        if self.before is None or group not in self.before.sizes:
            return Column(group, note, code=group)
        step = self.sizes[group] - self.before.sizes[group]
        was = f"N = {whole(self.before.sizes[group])}"
        return Column(group, note, mark=Mark(*_step(step), was) if step else None, code=group)

    def text(self, statistic: str, place: Sequence[str]) -> str:
        """Return one statistic as shown; ``place`` is parameter, variable, level, visit, group. A dash when absent."""
        return self._texts.get((*place, statistic), NOT_APPLICABLE)

    def value(self, statistic: str, place: Sequence[str]) -> float:
        """Return one statistic; missing when it is absent or not estimable."""
        return self._values.get((*place, statistic), float("nan"))

    def keys(self, statistic: str, place: Sequence[str]) -> tuple[str, ...]:
        """Return the keys of the records behind a count."""
        return tuple(self._keys.get((*place, statistic), ()))

    def one(self, statistic: str, place: Sequence[str]) -> Cell:
        """Return the cell of one statistic; a count opens its records."""
        return self._cell(lambda cells: cells.text(statistic, place), statistic, place)

    def count(self, place: Sequence[str]) -> Cell:
        """Return ``n (%)``, or the bare count when it is 0 or has no percentage."""
        return self._cell(lambda cells: _count(cells, place), "n", place)

    def events(self, place: Sequence[str]) -> Cell:
        """Return ``n (%) [events]``, or ``0``."""
        return self._cell(lambda cells: _events(cells, place), "n", place)

    def pair(self, first: str, second: str, place: Sequence[str]) -> Cell:
        """Return ``first (second)``, for example mean (SD)."""
        return self._if_any(lambda cells: f"{cells.text(first, place)} ({cells.text(second, place)})", first, place)

    def span(self, first: str, second: str, place: Sequence[str], joint: str = ", ") -> Cell:
        """Return ``first, second``, for example minimum, maximum; one text where neither could be estimated."""
        return self._if_any(
            lambda cells: _span(cells.text(first, place), cells.text(second, place), joint), first, place, second
        )

    def if_any(self, statistic: str, place: Sequence[str]) -> Cell:
        """Return one statistic as shown, a dash where nobody has a value."""
        return self._if_any(lambda cells: cells.text(statistic, place), statistic, place)

    def limits(self, names: Sequence[str], place: Sequence[str]) -> Cell:
        """Return ``centre (low, high)``, a dash where the centre is absent."""
        return self._cell(lambda cells: _limits(cells, names, place), names[0], place)

    def _if_any(self, words: Callable[[Cells], str], statistic: str, place: Sequence[str], other: str = "") -> Cell:
        def shown(cells: Cells) -> str:
            return NOT_APPLICABLE if cells.text("n", place) in _NOTHING else words(cells)

        return self._cell(shown, statistic, place, other)

    def _cell(self, words: Callable[[Cells], str], statistic: str, place: Sequence[str], other: str = "") -> Cell:
        text = words(self)
        keys = self.keys(statistic, place)
        name = cell_id(self.display, place, statistic) if statistic in self._anchors else ""
        if self.before is None:
            return Cell(text, keys=keys, id=name, is_estimable=text not in _NO_VALUE)
        was = words(self.before)
        is_gone = text == NOT_APPLICABLE and statistic == "n" and was != NOT_APPLICABLE
        text = "0" if is_gone else text
        mark = self._mark((text, was), (statistic, other), place)
        return Cell(text, mark, keys, id=name, is_estimable=text not in _NO_VALUE)

    def _mark(self, texts: tuple[str, str], statistics: tuple[str, str], place: Sequence[str]) -> Mark | None:
        """Return how a cell differs from the previous cut; first match wins. Both ends of a span decide its arrow."""
        (text, was), (statistic, other) = texts, statistics
        if text == was or self.before is None or {text, was} <= _NOTHING:
            return None
        if was == NOT_APPLICABLE:
            return Mark("new", "new", "")
        before = self.before
        step = _known(self.value(statistic, place)) - _known(before.value(statistic, place))
        if statistic in COUNTS and step:
            return Mark(*_step(step), was)
        names = ("events",) if statistic == "n" else filter(None, (statistic, other))
        arrow = _arrow([self.value(name, place) - before.value(name, place) for name in names])
        if statistic == "n" and arrow == _OTHER:
            return Mark("total", "N", was)
        return Mark("moved", arrow, was)


def lifted(rows: Sequence[Row]) -> tuple[Row, ...]:
    """Return rows with ``new`` said once: at the label of a row that is new throughout, or at the heading above."""
    own = [_lifted(row) for row in rows]
    blocks: list[list[Row]] = []
    for row in own:
        if row.is_head or not blocks:
            blocks.append([])
        blocks[-1].append(row)
    return tuple(row for block in blocks for row in _lifted_block(block))


def _lifted(row: Row) -> Row:
    marks = [cell.mark for cell in row.cells if isinstance(cell, Cell) and (cell.mark or cell.text not in _NOTHING)]
    if not any(mark and mark.kind == "new" for mark in marks) or not all(_is_first(mark) for mark in marks):
        return row
    cells = tuple(replace(cell, mark=None) if isinstance(cell, Cell) else cell for cell in row.cells)
    return replace(row, cells=cells, mark=Mark("new", "new", ""))


def _is_first(mark: Mark | None) -> bool:
    return mark is not None and (mark.kind == "new" or mark.was == "0")


def _lifted_block(block: list[Row]) -> list[Row]:
    head, *rest = block
    if not head.is_head or not rest or any(row.mark is None or row.mark.kind != "new" for row in rest if _says(row)):
        return block
    if not any(_says(row) for row in rest):
        return block
    return [replace(head, mark=Mark("new", "new", "")), *(replace(row, mark=None) for row in rest)]


def _says(row: Row) -> bool:
    return any(str(cell) not in _NOTHING for cell in row.cells)


def _count(cells: Cells, place: Sequence[str]) -> str:
    count, percent = cells.text("n", place), cells.text("pct", place)
    return count if count in _NOTHING or percent == NOT_APPLICABLE else f"{count} ({percent})"


def _events(cells: Cells, place: Sequence[str]) -> str:
    count, events = _count(cells, place), cells.text("events", place)
    return count if events in _NOTHING else f"{count} [{events}]"


def _span(low: str, high: str, joint: str) -> str:
    return low if low == high and not any(sign.isdigit() for sign in low) else f"{low}{joint}{high}"


def _limits(cells: Cells, names: Sequence[str], place: Sequence[str]) -> str:
    centre, low, high = (cells.text(name, place) for name in names)
    return centre if centre == NOT_APPLICABLE else f"{centre} ({low}, {high})"


def _known(value: float) -> float:
    return 0.0 if value != value else value


def _arrow(steps: Sequence[float]) -> str:
    """Return where numbers went together: up or down where none went the other way, else neither."""
    if all(step >= 0 for step in steps) and any(step > 0 for step in steps):
        return _UP
    return _DOWN if all(step <= 0 for step in steps) and any(step < 0 for step in steps) else _OTHER


def _step(step: float) -> tuple[str, str]:
    return ("up", f"{_UP}{fixed(step, 0)}") if step > 0 else ("down", f"{_DOWN}{fixed(-step, 0)}")
