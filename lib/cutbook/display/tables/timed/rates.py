"""Tables of rates: below every kind of event the arms, the columns are statistics."""

from __future__ import annotations

from collections.abc import Sequence

from cutbook.catalogue.kinds.display import Display
from cutbook.catalogue.kinds.panels import FirstEvents, Layer, Shown
from cutbook.display.look.elements import Cell, Column, Row
from cutbook.display.look.frame import Table
from cutbook.display.page import Page
from cutbook.display.read.cells import Cells, lifted
from cutbook.vocabulary import contrast


def table_of_rates(display: Display, layers: Sequence[Layer], page: Page) -> Table:
    """Return the table of the first layer; columns without participants are left out."""
    layer = next(layer for layer in layers if isinstance(layer, FirstEvents))
    cells = page.cells(display)
    groups = [group for group, size in cells.sizes.items() if size]
    rows: list[Row] = []
    for count in layer.counts:
        if ("", count.variable, count.level) not in cells.places:
            continue
        rows.append(Row(count.words, is_head=True))
        rows += [_row(layer, cells, (count.variable, count.level), group, page) for group in groups]
    columns = [Column(shown.label, shown.note) for shown in layer.columns]
    size = max(cells.sizes.values(), default=0)
    return page.opened(page.table(display, columns, lifted(rows) if groups else (), size=size))


def _row(layer: FirstEvents, cells: Cells, of: tuple[str, str], group: str, page: Page) -> Row:
    control = page.study.treatment.control_arm
    against = contrast(group, control.code) if control else ""
    made = tuple(_cell(cells, shown, (*of, against if shown.is_contrast else group)) for shown in layer.columns)
    return Row(cells.group_words(group), made, group=group, level=1)


def _cell(cells: Cells, shown: Shown, place: tuple[str, str, str]) -> Cell:
    variable, level, group = place
    return cells.shown(shown, ("", variable, level, "", group))
