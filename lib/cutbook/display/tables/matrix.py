"""The table of what stands out: participants with something by arm, each share as a bar."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from cutbook.catalogue.kinds.display import Display
from cutbook.catalogue.kinds.layers import WorstCase
from cutbook.catalogue.kinds.panels import ShareMatrix, Shown
from cutbook.display.look.elements import Cell, Row, Share
from cutbook.display.look.frame import Table
from cutbook.display.look.numbers import fixed
from cutbook.display.page import Page
from cutbook.display.palette import CLASSES, arm_colours
from cutbook.display.read.cells import Cells, Place, cell_id
from cutbook.display.tables.untold import nothing_but, without_untold
from cutbook.vocabulary import TOTAL
from cutbook.words import capital

RAISED_POINTS = 20.0
"""Percentage points above the control from which a share is shaded."""

_STEPS = 20
_OF_DRUG = Shown("", ("n_drug", "N_drug"), "of_drug")


def table_of_shares(display: Display, layers: Sequence[ShareMatrix], page: Page) -> Table:
    """Return the table of a matrix: one column an arm, a row whatever is counted."""
    cells = page.cells(display)
    arms = [arm.code for arm in page.study.treatment.arms if arm.code in cells.sizes]
    named = {arm.code: capital(page.study.treatment.short(arm)) for arm in page.study.treatment.arms}
    columns = [replace(column, label=named[column.code]) for column in cells.columns() if column.code in arms]
    control = page.study.treatment.control_arm
    places = {("", one.variable, one.level, ""): one.words for matrix in layers for one in matrix.counts}
    colours = {arm.code: CLASSES[arm_colours(page)[arm.label]] for arm in page.study.treatment.arms}
    rows = [
        Row(
            words,
            tuple(_share(cells, place, arm, control.code if control else "", colours[arm]) for arm in arms),
            anchor=cell_id(display.key, (*place, TOTAL), "n"),
        )
        for place, words in places.items()
        if place[:3] in cells.places
    ]
    shown, lacking = without_untold(rows)
    notes = (*filter(None, [lacking]), *display.footnotes(page.study))
    around = {"footnotes": notes} if shown or not lacking else nothing_but(lacking)
    return page.opened(page.table(display, columns, shown, **around))


def table_of_worst_cases(display: Display, layers: Sequence[WorstCase], page: Page) -> Table:
    """Return the table of counts as if whoever counts had been on the drug: one column an arm, then all together."""
    cells = page.cells(display)
    named = {arm.code: page.study.treatment.short(arm) for arm in page.study.treatment.arms} | {TOTAL: "All"}
    whole = {code: label.replace(" ", "\N{NO-BREAK SPACE}") for code, label in named.items()}
    columns = [replace(column, label=whole.get(column.code, column.label)) for column in cells.columns()]
    places = {("", one.variable, one.level, ""): one.words for layer in layers for one in layer.counts}
    rows = [
        Row(words, tuple(cells.shown(_OF_DRUG, (*place, column.code)) for column in columns))
        for place, words in places.items()
        if place[:3] in cells.places
    ]
    shown, lacking = without_untold(rows)
    notes = (*filter(None, [lacking]), *display.footnotes(page.study))
    return page.table(display, columns, shown, footnotes=notes)


def is_raised(cells: Cells, place: Place, arm: str, control: str) -> bool:
    """Return whether an arm's share lies at least 20 points above the control's; never where there is no control."""
    if not control or arm == control:
        return False
    shares = [cells.value("pct", (*place, group)) for group in (arm, control)]
    return shares[0] - shares[1] >= RAISED_POINTS


def _share(cells: Cells, place: Place, arm: str, control: str, colour: str) -> Share:
    at = (*place, arm)
    cell, percent = cells.one("n", at), cells.value("pct", at)
    limit = cells.value("upper", at)
    upper = fixed(limit, 0) if cell.text == "0" and limit == limit else ""
    return Share(
        **{name: getattr(cell, name) for name in Cell.__dataclass_fields__},
        steps=0 if percent != percent else round(percent / 100 * _STEPS) or int(percent > 0),
        upper=f"≤\N{NO-BREAK SPACE}{upper}\N{NO-BREAK SPACE}%" if upper else "",
        is_raised=is_raised(cells, place, arm, control),
        colour=colour,
    )
