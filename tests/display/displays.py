"""Results and displays of the small study by name, as tests of how displays look call them."""

from __future__ import annotations

from dataclasses import replace

from cutbook.catalogue import data, events, listings, participants
from cutbook.display import show
from given import given_frames, results_of


def overview_results(adae, adsl, study):
    return results_of(events.overview, study, adsl=adsl, adae=adae)


def window_results(adae, adsl, study):
    return results_of(events.windows, study, adsl=adsl, adae=adae)


def term_results(adae, adsl, study):
    return results_of(events.terms, study, adsl=adsl, adae=adae)


def disposition_results(adsl, study):
    return results_of(participants.disposition, study, adsl=adsl)


def demographics_results(adsl, study):
    return results_of(participants.demographics, study, adsl=adsl)


def exposure_results(adsl, study):
    return results_of(participants.exposure, study, adsl=adsl)


def _shown(display):
    return lambda results, page: show(display, replace(page, results=results))


table_overview = _shown(events.overview)
table_windows = _shown(events.windows)
table_terms = _shown(events.terms)
table_disposition = _shown(participants.disposition)
table_demographics = _shown(participants.demographics)
table_exposure = _shown(participants.exposure)
listing_participants = _shown(participants.listing)


def table_change(now, page):
    """Return what changed from the page's previous results to these."""
    return show(data.changes, replace(page, results=now))


def table_trends(now, page):
    """Return the course of the key counts over the page's history up to these."""
    return show(data.trends, replace(page, results=now))


def table_past(page):
    return show(data.past, page)


def listing_records(page):
    return show(listings.records, page)


def listing_serious(adae, page):
    return _listed(listings.serious, page, adae=adae)


def listing_discontinuations(adae, page):
    return _listed(listings.discontinuations, page, adae=adae)


def listing_deaths(adsl, page):
    return _listed(listings.deaths, page, adsl=adsl)


def _listed(display, page, **frames):
    return show(display, replace(page, frames=given_frames(page.study, **frames)))
