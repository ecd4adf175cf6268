"""Tables of estimates of models, by arm, below headings by visit where there are several."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from string import Formatter

from cutbook.catalogue.kinds.display import Display
from cutbook.catalogue.kinds.estimates import Estimates
from cutbook.catalogue.kinds.panels import Model, Shown
from cutbook.display.behind.grids import Grid
from cutbook.display.look.elements import Cell, Row
from cutbook.display.look.frame import Displays, Table
from cutbook.display.page import Page
from cutbook.display.read.cells import Cells, lifted
from cutbook.display.tables.by_visit import cell_of, column_of, values_behind
from cutbook.vocabulary import BASELINE, contrast
from cutbook.words import capital

_MEAN, _DIFFERENCE, _MODEL, _ATTEMPT = "LSMEAN", "DIFF", "MODEL", "FIT"
_ATTEMPTS, _REASON = "fit", "reason"


@dataclass(frozen=True)
class _Reading:
    """What the rows of a table are read from; ``at`` is the visit of the numbers of the whole model."""

    cells: Cells
    layer: Estimates | Model
    grid: Grid | None
    control: str
    at: str = ""

    @property
    def is_by_level(self) -> bool:
        """Whether a row is a level."""
        return isinstance(self.layer, Estimates) and self.layer.is_by_level


def tables_of_estimates(display: Display, layers: Sequence[Estimates], page: Page) -> Displays:
    """Return one table a layer: estimates of the arms and of their differences."""
    return Displays(
        tuple(_table(display, layer, page, [code for code, _ in layer.visits]) for layer in layers), display.empty
    )


def tables_of_models(display: Display, layers: Sequence[Model], page: Page) -> Displays:
    """Return one table an endpoint: estimates of the arms and of their differences at one visit."""
    return Displays(tuple(_table(display, layer, page, [layer.visit], layer.visit) for layer in layers), display.empty)


def _table(display: Display, layer: Estimates | Model, page: Page, visits: Sequence[str], at: str = "") -> Table:
    cells, control = page.cells(display).of_parameter(layer.parameter), page.study.treatment.control_arm
    grid = values_behind(display, layer.values, page, (BASELINE, *visits)) if layer.values else None
    reading = _Reading(cells, layer, grid, control.code if control else "", at)
    rows = _levels(reading) if reading.is_by_level else _rows(reading, has_headings=len(visits) > 1)
    notes = tuple(filter(None, (_filled(note, reading) for note in layer.notes)))
    has_counts = any(one.statistics == ("n",) for one in layer.columns)
    table = page.table(
        display,
        [column_of(one) for one in layer.columns],
        lifted(rows),
        layer,
        footnotes=notes if rows else (),
        empty=layer.why_empty(page.frames) or _filled(layer.empty, reading),
        records=grid.records() if grid and has_counts else None,
    )
    return table if grid else page.opened(table)


def _rows(reading: _Reading, *, has_headings: bool) -> list[Row]:
    """Return a row an arm with its difference from the control, then other differences, below a heading a visit."""
    cells, rows = reading.cells, []
    known = cells.rows[cells.rows["variable"].isin([_MEAN, _DIFFERENCE])]
    for code, own in known.groupby("visit", sort=False):
        visit = str(code)
        arms = dict.fromkeys(own.loc[own["variable"].eq(_MEAN), "group"])
        pairs = dict.fromkeys(own.loc[own["variable"].eq(_DIFFERENCE), "group"])
        own_pairs = {arm: contrast(arm, reading.control) if reading.control else "" for arm in arms}
        others = [pair for pair in pairs if pair not in own_pairs.values()]
        if has_headings:
            rows.append(
                Row(own["visit_words"].iloc[0], is_head=True, grid=reading.grid.id_of(visit) if reading.grid else "")
            )
        for arm, pair in own_pairs.items():
            rows.append(Row(cells.group_words(arm), _cells(reading, visit, arm, pair), group=arm))
        rows += [Row(cells.group_words(pair), _cells(reading, visit, "", pair)) for pair in others]
    return rows


def _levels(reading: _Reading) -> list[Row]:
    """Return a row a level; one without a number in any column is not left out, for it has a reason."""
    own = reading.cells.rows[reading.cells.rows["level"].ne("")]
    return [
        Row(
            words,
            tuple(
                _cell(reading, one, (reading.layer.parameter, level, reading.at, "")) for one in reading.layer.columns
            ),
        )
        for level, words in dict(zip(own["level"], own["row_words"], strict=True)).items()
    ]


def _cells(reading: _Reading, visit: str, arm: str, pair: str) -> tuple[Cell, ...]:
    """Return the cells of an arm and of its difference from the control, or of another difference alone."""
    places = [(reading.layer.parameter, "", visit, pair if one.is_contrast else arm) for one in reading.layer.columns]
    return tuple(_cell(reading, one, at) for one, at in zip(reading.layer.columns, places, strict=True))


def _cell(reading: _Reading, shown: Shown, at: tuple[str, str, str, str]) -> Cell:
    """Return a cell, empty where the row is about another group; its count opens values, or else participants."""
    if not at[-1] and not reading.is_by_level:
        return Cell("")
    if reading.grid:
        return cell_of(reading.cells, shown, at, reading.grid)
    parameter, level, visit, group = at
    return reading.cells.shown(shown, (parameter, shown.variable, level, visit, group))


def _filled(text: str, reading: _Reading) -> str:
    """Return a footnote with the numbers of the model in the place of their names in braces."""
    names = {name for _, name, _, _ in Formatter().parse(text) if name}
    place = (reading.layer.parameter, _MODEL, "", reading.at, "")
    told = {name: reading.cells.text(name, place) for name in names - {_ATTEMPTS, _REASON}}
    own = reading.cells.rows
    told[_REASON] = ", ".join(own.loc[own["variable"].eq(_MODEL) & own["reason"].ne(""), "reason"]) or "no data"
    return text.format(**told, **{_ATTEMPTS: attempts_in_words(reading.cells)}).strip()


def attempts_in_words(cells: Cells) -> str:
    """Return the covariance structures that were tried in their order, and why each but the last did not stand."""
    own = cells.rows[cells.rows["variable"].eq(_ATTEMPT)]
    left = [f"{words}: {reason}" for words, reason in zip(own["row_words"], own["reason"], strict=True) if reason]
    stands = [
        f"{capital(words)} covariance of the visits (converged in {text} steps)."
        for words, text, reason in zip(own["row_words"], own["text"], own["reason"], strict=True)
        if not reason
    ]
    tried = f"Tried{' before' if stands else ''}, in this order: {'; '.join(left)}." if left else ""
    return " ".join(filter(None, [*stands, tried]))
