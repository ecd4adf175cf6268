"""Reading the cells of a display from the results table: text, change since the previous cut, records behind it."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Sequence
from dataclasses import replace

import pandas as pd

from cutbook.catalogue.display import NOT_CALCULATED, NOT_ESTIMABLE
from cutbook.catalogue.panels import Shown
from cutbook.display.formats import NOT_APPLICABLE, fixed, whole
from cutbook.display.parts import Cell, Column, Mark, Row
from cutbook.results.statistics import COUNTS
from cutbook.vocabulary import TOTAL

_PLACE = ("parameter", "variable", "level", "visit", "group")
_ROW = ("parameter", "variable", "level")
NOTHING = frozenset({"0", NOT_APPLICABLE})
"""Texts of counts of nobody."""

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
        self._counts: dict[Place, str] = dict(zip(places, own["counts"], strict=True))
        self._groups = dict(zip(own["group"], own["group_words"], strict=True))
        rows = zip(*(self.rows[column] for column in _ROW), strict=True)
        self._words: dict[Place, str] = dict(zip(rows, self.rows["row_words"], strict=True))
        self._anchors = anchors
        self.previous = None if previous is None else Cells(previous, display)

    def of_parameter(self, parameter: str) -> Cells:
        """Return the same cells with the rows of one parameter alone."""
        narrow = object.__new__(Cells)
        narrow.__dict__.update(self.__dict__)
        narrow.rows = self.rows[self.rows["parameter"].eq(parameter)]
        return narrow

    @property
    def groups(self) -> list[str]:
        """Codes of the columns in order."""
        return list(self.sizes)

    @property
    def contrasts(self) -> list[str]:
        """Codes of the differences in order."""
        return [group for group in dict.fromkeys(self.rows["group"]) if group and group not in self.sizes]

    @property
    def size(self) -> float:
        """Participants in the widest column."""
        return max(self.sizes.values(), default=0.0)

    def group_words(self, group: str) -> str:
        """Return the words of a column."""
        return self._groups.get(group) or group

    def words(self, place: Sequence[str]) -> str:
        """Return the words of a row, by parameter, variable and level; those of the previous cut where it is gone."""
        known = tuple(place[:3])
        return self._words.get(known) or (self.previous.words(known) if self.previous else "") or known[-1]

    def places(self, *columns: str) -> list[Place]:
        """Return the different rows of the display by these columns, in order."""
        return list(dict.fromkeys(zip(*(self.rows[column] for column in columns), strict=True)))

    def gone(self, *columns: str) -> list[Place]:
        """Return the rows that only the previous cut had, in its order."""
        now = set(self.places(*columns))
        return [place for place in self.previous.places(*columns) if place not in now] if self.previous else []

    def columns(self) -> tuple[Column, ...]:
        """Return the columns with their N, then the differences."""
        return (*map(self._column, self.groups), *(Column(self.group_words(group)) for group in self.contrasts))

    def _column(self, group: str) -> Column:
        column = Column(self.group_words(group), f"N = {whole(self.sizes[group])}", code=group)
        if self.previous is None or group not in self.previous.sizes:
            return column
        step = self.sizes[group] - self.previous.sizes[group]
        was = f"N = {whole(self.previous.sizes[group])}"
        return replace(column, mark=Mark(*_step(step), was) if step else None)

    def text(self, statistic: str, place: Sequence[str]) -> str:
        """Return one statistic as shown; ``place`` is parameter, variable, level, visit, group. A dash when absent."""
        return self._texts.get((*place, statistic), NOT_APPLICABLE)

    def value(self, statistic: str, place: Sequence[str]) -> float:
        """Return one statistic; missing when it is absent or not estimable."""
        return self._values.get((*place, statistic), float("nan"))

    def keys(self, statistic: str, place: Sequence[str]) -> tuple[str, ...]:
        """Return the keys of the records behind a count."""
        return tuple(self._keys.get((*place, statistic), ()))

    def counted(self, statistic: str, place: Sequence[str]) -> str:
        """Return what a count counted."""
        return self._counts.get((*place, statistic), "")

    def step(self, statistic: str, place: Sequence[str]) -> float:
        """Return by how much a count moved since the previous cut; 0 when that is not known."""
        if self.previous is None:
            return 0.0
        return _known(self.value(statistic, place)) - _known(self.previous.value(statistic, place))

    def one(self, statistic: str, place: Sequence[str]) -> Cell:
        """Return the cell of one statistic; a count opens its records."""
        return self._cell(lambda cells: cells.text(statistic, place), (statistic,), place)

    def count(self, place: Sequence[str]) -> Cell:
        """Return ``n (%)``, ``n/N (%)`` or ``n (%) [events]``, as far as there are such; or the bare 0."""
        return self._cell(lambda cells: _count(cells, place), ("n",), place)

    def shown(self, shown: Shown, place: Sequence[str]) -> Cell:
        """Return the cell of a declared column or row (see `cutbook.catalogue.layers.Shown`)."""
        form = _FORMS[shown.form]

        def words(cells: Cells) -> str:
            if shown.form in _IF_ANY and cells.text("n", place) in NOTHING:
                return NOT_APPLICABLE
            return form(*(cells.text(name, place) for name in shown.statistics))

        moved = shown.statistics if shown.form in {"span", "interval"} else shown.statistics[:1]
        return self._cell(words, moved, place)

    def _cell(self, words: Callable[[Cells], str], statistics: Sequence[str], place: Sequence[str]) -> Cell:
        text, statistic = words(self), statistics[0]
        keys = self.keys(statistic, place)
        name = cell_id(self.display, place, statistic) if self._has_address(statistic, place) else ""
        if self.previous is None:
            return Cell(text, keys=keys, id=name, is_estimable=text not in _NO_VALUE)
        was = words(self.previous)
        is_gone = text == NOT_APPLICABLE and statistic == "n" and was != NOT_APPLICABLE
        text = "0" if is_gone else text
        mark = self._mark((text, was), statistics, place)
        return Cell(text, mark, keys, id=name, is_estimable=text not in _NO_VALUE)

    def _has_address(self, statistic: str, place: Sequence[str]) -> bool:
        """Return whether a sentence can point to a cell; counts of single arms would only make the page longer."""
        return statistic in self._anchors and (statistic != "n" or place[-1] in {TOTAL, ""})

    def _mark(self, texts: tuple[str, str], statistics: Sequence[str], place: Sequence[str]) -> Mark | None:
        """Return how a cell differs from the previous cut; first match wins. Both ends of a span decide its arrow."""
        (text, was), statistic, previous = texts, statistics[0], self.previous
        if text == was or previous is None or {text, was} <= NOTHING:
            return None
        if was == NOT_APPLICABLE:
            return Mark("new", "new", "")
        step = self.step(statistic, place)
        if statistic in COUNTS and step:
            return Mark(*_step(step), was)
        names = ("events",) if statistic == "n" else statistics
        arrow = _arrow([self.value(name, place) - previous.value(name, place) for name in names])
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
    marks = [cell.mark for cell in row.cells if isinstance(cell, Cell) and (cell.mark or cell.text not in NOTHING)]
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
    return any(str(cell) not in NOTHING for cell in row.cells)


def _count(cells: Cells, place: Sequence[str]) -> str:
    count, percent, events = (cells.text(name, place) for name in ("n", "pct", "events"))
    shown = count if count in NOTHING or percent == NOT_APPLICABLE else f"{count} ({percent})"
    return shown if events in NOTHING else f"{shown} [{events}]"


def _span(low: str, high: str, joint: str) -> str:
    return low if low == high and not any(sign.isdigit() for sign in low) else f"{low}{joint}{high}"


def _estimate(centre: str, low: str, high: str) -> str:
    return centre if centre == NOT_APPLICABLE else f"{centre} ({low}, {high})"


_FORMS: dict[str, Callable[..., str]] = {
    "number": lambda text: text,
    "if_any": lambda text: text,
    "pair": lambda first, second: f"{first} ({second})",
    "span": lambda low, high: _span(low, high, ", "),
    "interval": lambda low, high: _span(low, high, " to "),
    "estimate": _estimate,
}
_IF_ANY = frozenset({"if_any", "pair", "span", "interval"})
"""Forms that are a dash where nobody has a value."""


def _known(value: float) -> float:
    return 0.0 if value != value else value


def _arrow(steps: Sequence[float]) -> str:
    """Return where numbers went together: up or down where none went the other way, else neither."""
    if all(step >= 0 for step in steps) and any(step > 0 for step in steps):
        return _UP
    return _DOWN if all(step <= 0 for step in steps) and any(step < 0 for step in steps) else _OTHER


def _step(step: float) -> tuple[str, str]:
    return ("up", f"{_UP}{fixed(step, 0)}") if step > 0 else ("down", f"{_DOWN}{fixed(-step, 0)}")
