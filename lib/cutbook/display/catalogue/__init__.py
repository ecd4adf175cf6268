"""The catalogue: what every display shows, to whom it answers which question, and which test holds it."""

from cutbook.display.catalogue import data, efficacy, pharmacokinetics, safety
from cutbook.display.catalogue.entry import CatalogueEntry

ENTRIES: tuple[CatalogueEntry, ...] = (
    *data.ENTRIES,
    *safety.ENTRIES,
    *pharmacokinetics.ENTRIES,
    *efficacy.ENTRIES,
)
"""Every display, those about the data first, then report by report."""

__all__ = ["ENTRIES", "CatalogueEntry"]
