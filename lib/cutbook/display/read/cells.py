"""Reading the cells of a display from the results table: text, change since the previous cut, records behind it."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Sequence
from copy import copy
from dataclasses import replace

import pandas as pd

from cutbook.catalogue.kinds.absence import Absence
from cutbook.catalogue.kinds.display import NOT_CALCULATED, NOT_ESTIMABLE, PARTICIPANTS
from cutbook.catalogue.kinds.panels import Shown
from cutbook.display.look.collected import collected
from cutbook.display.look.elements import Cell, Column, Mark, Row
from cutbook.display.look.numbers import NOT_APPLICABLE, fixed
from cutbook.results.statistics import COUNTS
from cutbook.results.table import WORD_COLUMNS
from cutbook.vocabulary import ACTIVE, MISSING, TOTAL, contrast

_PLACE = ("parameter", "variable", "level", "visit", "group")
_ROW = ("parameter", "variable", "level")
_FACTS = ("text", "value", "keys", "counts")
UNTOLD = frozenset(map(str, Absence))
"""Texts in the place of a count that rests on something absent."""

NOTHING = frozenset({"0", NOT_APPLICABLE, *UNTOLD})
"""Texts of counts of nobody, or of nobody known."""

_NO_VALUE = frozenset({NOT_ESTIMABLE, NOT_CALCULATED, *UNTOLD})
_UP, _DOWN, _OTHER = "▲", "▼", "•"
_NEW = Mark("new", "new")
_POOLED = frozenset({ACTIVE, TOTAL, MISSING})
_OF_POOLED = contrast(ACTIVE, "")

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
    marks : collection of str
        Statistics whose cells carry a mark of change; other cells only say their previous value when asked.

    Attributes
    ----------
    rows : results table
        Of the display, without the sizes of its columns.
    sizes : dict of str to float
        Participants by code of the column, in order; without those that are empty while others are not.
    empty : list of str
        Codes of columns that nobody is in, nor was at the previous cut, while others have participants.
    places : dict of (parameter, variable, level) to str
        Words of the rows of this cut, in order.
    all_places : dict of (parameter, variable, level) to str
        The same, then those of the rows that only the previous cut had.
    """

    def __init__(
        self,
        results: pd.DataFrame,
        display: str,
        previous: pd.DataFrame | None = None,
        anchors: Collection[str] = ("n",),
        marks: Collection[str] = PARTICIPANTS,
    ) -> None:
        own = _marked(results[results["display"].eq(display)])
        self.display = display
        is_size = own["variable"].eq("POPULATION")
        self.rows, sizes = own[~is_size], own[is_size]
        self.sizes: dict[str, float] = dict(zip(sizes["group"], sizes["value"], strict=True))
        places = list(zip(*(own[column] for column in (*_PLACE, "statistic")), strict=True))
        self._facts = {name: dict(zip(places, own[name].tolist(), strict=True)) for name in _FACTS}
        self._groups = dict(zip(own["group"], own["group_words"], strict=True))
        self.empty: list[str] = []
        rows = zip(*(self.rows[column] for column in _ROW), strict=True)
        self.places: dict[Place, str] = dict(zip(rows, self.rows["row_words"], strict=True))
        self._anchors, self._marks = anchors, marks
        self.previous = None if previous is None else Cells(previous, display)
        before = self.previous.sizes if self.previous else {}
        if any(self.sizes.values()):
            self.empty = [code for code, size in self.sizes.items() if not (size or before.get(code))]
            self.sizes = {code: size for code, size in self.sizes.items() if code not in self.empty}
        self._new = {group for group, size in self.sizes.items() if before and size and not before.get(group)}
        others = self.previous.places if self.previous else {}
        self.all_places = self.places | {place: words for place, words in others.items() if place not in self.places}

    def of_parameter(self, parameter: str) -> Cells:
        """Return the same cells with the rows of one parameter alone."""
        narrow = copy(self)
        narrow.rows = self.rows[self.rows["parameter"].eq(parameter)]
        return narrow

    @property
    def contrasts(self) -> list[str]:
        """Codes of the differences in order: of single arms, for that of all doses together hides what a dose does."""
        known = {"", *self.sizes, *self.empty}
        groups = [group for group in dict.fromkeys(self.rows["group"]) if group not in known]
        return [group for group in groups if not group.startswith(_OF_POOLED)]

    def group_words(self, group: str) -> str:
        """Return the words of a column."""
        return self._groups.get(group) or group

    def words(self, place: Sequence[str]) -> str:
        """Return the words of a row, by parameter, variable and level; those of the previous cut where it is gone."""
        return self.all_places.get(tuple(place[:3])) or collected(place[2])

    @property
    def parameters(self) -> dict[str, str]:
        """Words of the parameters by code, in order."""
        return dict(zip(self.rows["parameter"], self.rows["parameter_words"], strict=True))

    def columns(self) -> tuple[Column, ...]:
        """Return the columns with their N, then the differences."""
        return (*map(self._column, self.sizes), *(Column(self.group_words(group)) for group in self.contrasts))

    def _column(self, group: str) -> Column:
        size = self.sizes[group]
        previous = self.previous.sizes.get(group, size) if self.previous else size
        mark = _NEW if group in self._new else None
        if size != previous and not mark and self._marks:
            mark = Mark(*_step(size - previous), f"N = {fixed(previous, 0)}")
        return Column(self.group_words(group), f"N = {fixed(size, 0)}", mark=mark, code=group, size=fixed(size, 0))

    def text(self, statistic: str, place: Sequence[str]) -> str:
        """Return one statistic as shown; ``place`` is parameter, variable, level, visit, group. A dash when absent."""
        return str(self._facts["text"].get((*place, statistic), NOT_APPLICABLE))

    def value(self, statistic: str, place: Sequence[str]) -> float:
        """Return one statistic; missing when it is absent or not estimable."""
        return float(self._facts["value"].get((*place, statistic), float("nan")))

    def counted(self, statistic: str, place: Sequence[str]) -> str:
        """Return what a count counted."""
        return str(self._facts["counts"].get((*place, statistic), ""))

    def step(self, statistic: str, place: Sequence[str]) -> float:
        """Return by how much a count moved since the previous cut; 0 when that is not known."""
        if any(cells.text(statistic, place) in UNTOLD for cells in (self, self.previous or self)):
            return 0.0
        now, previous = (cells.value(statistic, place) for cells in (self, self.previous or self))
        return (0.0 if now != now else now) - (0.0 if previous != previous else previous)

    def one(self, statistic: str, place: Sequence[str]) -> Cell:
        """Return the cell of one statistic; a count opens its records."""
        return self.shown(Shown("", (statistic,)), place)

    def count(self, place: Sequence[str]) -> Cell:
        """Return ``n (%) [events]``, as far as there are such; or the bare 0, with its upper limit where it has one."""
        return self.shown(_COUNT, place)

    def share_of_those(self, place: Sequence[str]) -> Cell:
        """Return ``n/N (%) [events]``, where N is not that of the column; a dash where N is 0."""
        return self.shown(_COUNT_OF, place)

    def shown(self, shown: Shown, place: Sequence[str]) -> Cell:
        """Return the cell of a declared column or row (see `cutbook.catalogue.kinds.layers.Shown`)."""
        text, statistic = self._shown(shown, place), shown.statistics[0]
        was = self.previous._shown(shown, place) if self.previous else text
        if text == NOT_APPLICABLE and statistic == "n" and was != NOT_APPLICABLE:
            text = "0"
        # Counts of single arms have no address: it would only make the page longer.
        has_address = statistic in self._anchors and (statistic != "n" or place[-1] in {TOTAL, ""})
        return Cell(
            text,
            self._mark(text, was, statistic, place),
            tuple(self._facts["keys"].get((*place, statistic), ())),
            id=cell_id(self.display, place, statistic) if has_address else "",
            is_estimable=text not in _NO_VALUE,
            is_share=shown.form == "share" and self.value("N", place) == self.sizes.get(place[-1]),
        )

    def _shown(self, shown: Shown, place: Sequence[str]) -> str:
        if shown.form in _IF_ANY and self.text("n", place) in NOTHING:
            return NOT_APPLICABLE
        return _FORMS[shown.form](*(self.text(name, place) for name in shown.statistics))

    def _mark(self, text: str, was: str, statistic: str, place: Sequence[str]) -> Mark | None:
        """Return how a cell differs from the previous cut; first match wins.

        Only what the display says carries a mark: its counts of participants, or its estimates. An arm that is new says
        so in its heading and nowhere else, unless the row is new too; what it adds to pooled columns changes no row.
        What else reads otherwise keeps its previous value, without a mark.
        """
        if text == was or {text, was} <= NOTHING:
            return None
        is_absent, is_known = was == NOT_APPLICABLE or was in UNTOLD, tuple(place[:3]) in self._before
        if statistic not in self._marks or (place[-1] in self._new and is_known):
            return None if is_absent or place[-1] in self._new else Mark("quiet", "", was)
        if is_absent:
            return _NEW
        return Mark(*self._move(text, statistic, place), was)

    def _move(self, text: str, statistic: str, place: Sequence[str]) -> tuple[str, str]:
        """Return kind and text of the mark of a count or an estimate that both cuts have."""
        if text in UNTOLD:
            return "moved", _OTHER
        if statistic not in COUNTS:
            previous = self.previous or self
            return "moved", _arrow(self.value(statistic, place) - previous.value(statistic, place))
        if not (step := self.step(statistic, place)):
            return "quiet", ""
        kind, words = _step(step)
        return "joined" if self._new and place[-1] in _POOLED else kind, words

    @property
    def _before(self) -> dict[Place, str]:
        """Words of the rows of the previous cut."""
        return self.previous.places if self.previous else {}


def _marked(own: pd.DataFrame) -> pd.DataFrame:
    """Return results with their words as they stand in a page: those of rows without a level are ours."""
    words = {name: own[name].map(collected, na_action="ignore") for name in WORD_COLUMNS}
    words["row_words"] = own["row_words"].mask(own["level"].ne(""), words["row_words"])
    return own.assign(**words)


def lifted(rows: Sequence[Row]) -> tuple[Row, ...]:
    """Return rows with ``new`` said once: at the label of a row that is new throughout, or at the heading above."""
    blocks: list[list[Row]] = [[]]
    for row in map(_lifted, rows):
        blocks += [[]] if row.is_head else []
        blocks[-1].append(row)
    return tuple(row for block in blocks for row in _lifted_block(block))


def _lifted(row: Row) -> Row:
    cells = [cell for cell in row.cells if isinstance(cell, Cell)]
    marks = [cell.mark for cell in cells if cell.mark or cell.text not in NOTHING]
    is_new = all(mark is not None and (mark.kind == "new" or mark.was == "0") for mark in marks)
    if not is_new or _NEW not in marks:
        return row
    plain = tuple(replace(cell, mark=None) if isinstance(cell, Cell) else cell for cell in row.cells)
    return replace(row, cells=plain, mark=_NEW)


def _lifted_block(block: list[Row]) -> list[Row]:
    says = [row for row in block[1:] if any(str(cell) not in NOTHING for cell in row.cells)]
    if not says or not block[0].is_head or any(row.mark != _NEW for row in says):
        return block
    return [replace(block[0], mark=_NEW), *(replace(row, mark=None) for row in block[1:])]


def _share(count: str, percent: str, events: str, upper: str) -> str:
    if upper != NOT_APPLICABLE and count == "0":
        return f"0 (≤\N{NO-BREAK SPACE}{upper})"
    shown = count if count in NOTHING or percent == NOT_APPLICABLE else f"{count} ({percent})"
    return shown if events in NOTHING else f"{shown} [{events}]"


def _share_of(count: str, of: str, percent: str, events: str) -> str:
    if count in UNTOLD or of in NOTHING:
        return count if count in UNTOLD else NOT_APPLICABLE
    shown = f"{count}/{of}" if count == "0" else f"{count}/{of} ({percent})"
    return shown if events in NOTHING else f"{shown} [{events}]"


def _span(low: str, high: str, joint: str) -> str:
    return low if low == high and not any(sign.isdigit() for sign in low) else f"{low}{joint}{high}"


def _estimate(centre: str, low: str, high: str) -> str:
    is_bare = centre == NOT_APPLICABLE or (centre in _NO_VALUE and centre == low == high)
    return centre if is_bare else f"{centre} ({low}, {high})"


_FORMS: dict[str, Callable[..., str]] = {
    "share": _share,
    "share_of": _share_of,
    "of_drug": lambda count, of: count if of in NOTHING else f"{count}/{of}",
    "number": lambda text: text,
    "if_any": lambda text: text,
    "pair": lambda first, second: f"{first} ({second})",
    "span": lambda low, high: _span(low, high, ", "),
    "interval": lambda low, high: _span(low, high, " to "),
    "estimate": _estimate,
    "record": lambda wins, ties, losses: wins if wins == losses == NOT_APPLICABLE else f"{wins} / {ties} / {losses}",
    "range": lambda centre, low, high: f"{centre} ({_span(low, high, ' to ')})",
}
_COUNT = Shown("", ("n", "pct", "events", "upper"), "share")
_COUNT_OF = Shown("", ("n", "N", "pct", "events"), "share_of")
_SPANS = frozenset({"span", "interval"})
_IF_ANY = _SPANS | {"if_any", "pair", "range"}
"""Forms that are a dash where nobody has a value."""


def _arrow(step: float) -> str:
    return _UP if step > 0 else _DOWN if step < 0 else _OTHER


def _step(step: float) -> tuple[str, str]:
    return ("up", f"{_UP}{fixed(step, 0)}") if step > 0 else ("down", f"{_DOWN}{fixed(-step, 0)}")
