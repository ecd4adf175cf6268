"""Tables, figures, listings and sentences made from results."""

from cutbook.display.figures import figure_endpoints, figure_findings
from cutbook.display.listings import (
    listing_concentrations,
    listing_deaths,
    listing_discontinuations,
    listing_serious,
)
from cutbook.display.page import Page
from cutbook.display.profiles import figure_profiles
from cutbook.display.record_listings import listing_participants, listing_records
from cutbook.display.records import record_book
from cutbook.display.reproduction import table_reproduction
from cutbook.display.table_of_the_past import table_past
from cutbook.display.tables_by_visit import table_endpoints, table_findings
from cutbook.display.tables_of_change import table_change, table_trends
from cutbook.display.tables_of_concentrations import table_concentrations, table_samples
from cutbook.display.tables_of_data import (
    listing_issues,
    listing_kept,
    listing_modified,
    listing_removed,
    table_audit,
    table_received,
)
from cutbook.display.tables_of_effect import table_comparisons
from cutbook.display.tables_of_events import table_overview, table_terms, table_windows
from cutbook.display.tables_of_participants import table_demographics, table_disposition, table_exposure

__all__ = [
    "Page",
    "figure_endpoints",
    "figure_findings",
    "figure_profiles",
    "listing_concentrations",
    "listing_deaths",
    "listing_discontinuations",
    "listing_issues",
    "listing_kept",
    "listing_modified",
    "listing_participants",
    "listing_records",
    "listing_removed",
    "listing_serious",
    "record_book",
    "table_audit",
    "table_change",
    "table_comparisons",
    "table_concentrations",
    "table_demographics",
    "table_disposition",
    "table_endpoints",
    "table_exposure",
    "table_findings",
    "table_overview",
    "table_past",
    "table_received",
    "table_reproduction",
    "table_samples",
    "table_terms",
    "table_trends",
    "table_windows",
]
