"""Published results beside the numbers that the reports show."""

from __future__ import annotations

from cutbook.catalogue.kinds.display import Display
from cutbook.display.look.elements import Column, Row
from cutbook.display.look.frame import Table
from cutbook.display.page import Page
from cutbook.results.reproduction import reproduced, statement_of_copies

_NOTE = "Only numbers read in a public source stand under Published. Any difference keeps the set from being published."
_OF_SYNTHETIC = (
    "The synthetic data were shaped to these numbers: agreement shows that they are computed right, nothing more."
)
_COLUMNS = (
    Column("Published"),
    Column("This report"),
    Column("Match", is_number=False),
    Column("Source", is_number=False),
)


def table_of_published(display: Display, _: object, page: Page) -> Table:
    """Return the published numbers that this report shows, and whether they are the same."""
    reproduction, reason = page.study.reproduction, _reason(page)
    found = reproduced(page.results, reproduction) if reproduction and not reason else []
    rows = tuple(
        Row(one.label, (one.published, one.shown, "yes" if one.is_match else "no", one.source))
        for one in found
        if one.is_shown
    )
    notes = (_NOTE, *([_OF_SYNTHETIC] if page.study.is_synthetic else []))
    empty = reason or "This report shows none of the published numbers."
    return page.table(display, _COLUMNS, rows, footnotes=notes if rows else (), empty=empty)


def _reason(page: Page) -> str:
    """Return why no published number is compared; empty where they are."""
    reproduction = page.study.reproduction
    if reproduction is None:
        return "The study file names no published result."
    if page.cut.cut.cut_id not in reproduction.cuts:
        return f"Published results are compared at cut {', '.join(reproduction.cuts)} only."
    return statement_of_copies(int(page.cut.stamps.get("copies", "1")))
