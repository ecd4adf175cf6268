"""Showing declared displays: each by the function of the kind of its layers, whatever display it is."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from cutbook.catalogue.kinds import exposure as kinetics
from cutbook.catalogue.kinds import layers as rows
from cutbook.catalogue.kinds import panels
from cutbook.catalogue.kinds.display import Display
from cutbook.catalogue.kinds.measured import points
from cutbook.catalogue.kinds.measured import shares as measured_shares
from cutbook.display.cohorts import said_of_cohorts
from cutbook.display.draw import courses, forest, individuals, profiles, steps, timelines
from cutbook.display.draw.exposure import dots, fits
from cutbook.display.draw.points import boxes, scatter, waterfall
from cutbook.display.look.frame import Displays, Figure, RecordListing, Table
from cutbook.display.page import Page
from cutbook.display.tables import (
    by_visit,
    change,
    counted,
    estimates,
    exposure,
    listings,
    matrix,
    moved,
    past,
    shares,
)
from cutbook.display.tables.checked import reconciled
from cutbook.display.tables.timed import rates
from cutbook.display.tables.untold import nothing_but

Shown = Table | Figure | Displays | RecordListing

_SHOWN_BY: dict[type | panels.Comparison, Callable[..., Shown]] = {
    panels.ByVisit: by_visit.tables_by_visit,
    panels.Comparison.CHANGES: change.table_of_changes,
    panels.Course: courses.courses,
    kinetics.Dots: dots.dots,
    kinetics.Fits: fits.fits,
    kinetics.EachValue: exposure.tables_of_each,
    kinetics.Judged: exposure.tables_of_judged,
    panels.Estimates: estimates.tables_of_estimates,
    panels.FirstEvents: rates.table_of_rates,
    panels.Forest: forest.forests,
    panels.Individuals: individuals.individuals,
    panels.Listing: listings.listing,
    panels.Model: estimates.tables_of_models,
    panels.Moved: moved.tables_of_moved,
    kinetics.Parameters: exposure.tables_of_parameters,
    panels.Comparison.PAST: past.table_of_the_past,
    panels.Profile: profiles.profiles,
    panels.Comparison.PUBLISHED: change.table_of_published,
    panels.RecordIndex: listings.record_index,
    panels.Comparison.RECONCILED: reconciled.table_of_reconciliations,
    panels.ShareMatrix: matrix.table_of_shares,
    points.Boxes: boxes.boxes,
    points.LimitScatter: scatter.scatters,
    measured_shares.Shares: shares.table_of_measured,
    rows.Tally: counted.table_of_tallies,
    panels.Steps: steps.steps,
    points.Waterfall: waterfall.waterfalls,
    panels.Timeline: timelines.timelines,
    rows.WorstCase: matrix.table_of_worst_cases,
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
    if withheld := display.why_withheld(page.study):
        return Displays((), withheld, is_withheld=True)
    if reason := display.why_nothing(page.study, page.frames):
        is_one = "{" not in display.anchor
        title = display.title.partition("{")[0].rstrip(" (")
        return page.table(display, (), (), title=title, **nothing_but(reason)) if is_one else Displays((), reason)
    layers = list(display.rows(page.study))
    if not layers:
        # A study file that asks for less under the blind does not tell what the study's own file lacks.
        return Displays((), display.empty, is_withheld=page.study.is_masked)
    first = layers[0]
    kind = first if isinstance(first, panels.Comparison) else type(first)
    shown = _SHOWN_BY.get(kind, counted.table_by_arm)(display, layers, page)
    return said_of_cohorts(shown, page.study) if page.study.is_masked else shown
