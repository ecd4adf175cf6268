"""What the catalogue says about one display."""

from __future__ import annotations

import re
from dataclasses import dataclass

REPORTS = ("safety", "pharmacokinetics", "efficacy")
"""Notebooks in the order in which the catalogue names them."""

NONE_KNOWN = "none known"
"""Counterpart of a display that no public system is known to show."""

_TEMPLATED = re.compile(r"\{[^{}]*\}")


@dataclass(frozen=True)
class CatalogueEntry:
    """One display of the reports, or one block of statistics that stands in the results table alone.

    Attributes
    ----------
    key : str
        Row id, the value of ``display`` in the results table (``D5``); several displays may share it.
    title : str
        As shown; parts in braces are filled from the study file or the data, and may be empty.
    question : str
        What it answers.
    population, statistics, order : str
        Whom it shows, what it gives, how its rows stand.
    missing : str
        Rule for missing values and empty groups.
    counterpart : str
        Public displays like it, or ``none known``.
    notebooks : tuple of str
        Reports that show it.
    tests : tuple of str
        Files and functions that hold it, ``tests/display/test_tables.py::test_terms``.
    anchor : str
        Id in the page, templated like the title; empty when the statistics are in the results table alone.
    has_results : bool
        Whether its statistics are rows of the results table.
    """

    key: str
    title: str
    question: str
    population: str
    statistics: str
    order: str
    missing: str
    counterpart: str
    notebooks: tuple[str, ...]
    tests: tuple[str, ...]
    anchor: str = ""
    has_results: bool = True

    def is_anchor(self, text: str) -> bool:
        """Return whether an id found in a page is that of this display."""
        return bool(self.anchor) and is_filled(self.anchor, text)

    def is_title(self, text: str) -> bool:
        """Return whether a title found in a page is that of this display."""
        return is_filled(self.title, text)


def is_filled(template: str, text: str) -> bool:
    """Return whether ``text`` is ``template`` with any text, or none, in the place of every part in braces.

    Examples
    --------
    >>> is_filled("{endpoint} by visit", "ALSFRS-R by visit"), is_filled("Exposure", "Exposures")
    (True, False)
    """
    fixed = [re.escape(part) for part in _TEMPLATED.split(template)]
    return re.fullmatch(".*".join(fixed), text) is not None
