"""Showing declared displays: each by the function of the kind of its layers, whatever display it is."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from cutbook.catalogue.kinds import layers as rows
from cutbook.catalogue.kinds import panels
from cutbook.catalogue.kinds.display import Display
from cutbook.display.draw import courses, profiles
from cutbook.display.look.frame import Displays, Figure, RecordListing, Table
from cutbook.display.page import Page
from cutbook.display.tables import by_visit, change, counted, listings, past

Shown = Table | Figure | Displays | RecordListing

_SHOWN_BY: dict[type | panels.Comparison, Callable[..., Shown]] = {
    panels.ByVisit: by_visit.tables_by_visit,
    panels.Comparison.CHANGES: change.table_of_changes,
    panels.Course: courses.courses,
    panels.Listing: listings.listing,
    panels.Model: by_visit.tables_of_models,
    panels.Comparison.PAST: past.table_of_the_past,
    panels.Profile: profiles.profiles,
    panels.Comparison.PUBLISHED: change.table_of_published,
    panels.RecordIndex: listings.record_index,
    rows.Tally: counted.table_of_tallies,
    panels.Comparison.TRENDS: change.table_of_trends,
}
"""Function by kind of layer, or by comparison; what is not named here is rows of a table by arm."""


def show(display: Display, page: Page) -> Any:  # noqa: ANN401 - one of `Shown`; a notebook shows whichever it is
    """Return a display as it is shown: a table, a figure, several of them, or a listing.

    Parameters
    ----------
    display : Display
        The declaration.
    page : Page
        The report, with the results of the display.
    """
    layers = list(display.rows(page.study))
    if not layers:
        return Displays((), display.empty)
    first = layers[0]
    kind = first if isinstance(first, panels.Comparison) else type(first)
    return _SHOWN_BY.get(kind, counted.table_by_arm)(display, layers, page)
