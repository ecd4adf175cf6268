"""What a page says about itself: study, cut, class, status and the three dates."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from cutbook.published.folders import study_index_name
from cutbook.words import capital, day_in_words

_SHORT = {"pharmacokinetics": "PK"}
"""What a tab says of a report whose name is long."""

PARTICIPANTS = "L-P"
"""Id of the list of participants, which every report has."""


class Strip(Protocol):
    """What stands in the strip at the top of a page, and in the margins of its sheets in print."""

    @property
    def marks(self) -> tuple[str, ...]:
        """Return class, status and warnings, most important first."""

    @property
    def place(self) -> str:
        """Return what the page is about, in one line."""

    @property
    def dates(self) -> str:
        """Return its dates in one line."""


@dataclass(frozen=True)
class PageFacts:
    """Facts shown on every page of a report, on the screen and in print.

    Attributes
    ----------
    study, cut, report : str
        Study id, cut id and name of the report.
    study_title : str
        The study in words.
    audience : str
        Class of the report: ``unblinded``.
    status : str
        ``draft`` or ``final``.
    revision : int
        Revision of the cut.
    is_synthetic, is_verified : bool
        The data are synthetic; their row counts agree with the sender's manifest.
    cutoff, extracted, rendered : str
        Data cut-off, date of extraction and UTC time of rendering.
    previous, previous_cutoff : str
        The previous cut and its cut-off; empty where there is none, or its transfer is not here.
    reports : tuple of str
        Reports of the set, in their order.
    code : str
        Commit or version that made the page; empty where it is not known.
    is_beside : bool
        They are the facts of the file beside the page of the report.
    """

    study: str
    cut: str
    report: str
    study_title: str
    audience: str
    status: str
    revision: int
    is_synthetic: bool
    is_verified: bool
    cutoff: str
    extracted: str
    rendered: str
    previous: str = ""
    previous_cutoff: str = ""
    reports: tuple[str, ...] = ()
    code: str = ""
    is_beside: bool = False

    @property
    def marks(self) -> tuple[str, ...]:
        """Return class, status and warnings, most important first."""
        marks = [self.audience, self.status]
        marks += ["synthetic data"] if self.is_synthetic else []
        marks += [] if self.is_verified else ["row counts unverified"]
        return tuple(marks)

    @property
    def place(self) -> str:
        """Return study, cut and report in one line."""
        revision = f" r{self.revision}" if self.revision > 1 else ""
        return f"{self.study} · cut {self.cut}{revision} · {self.report}{' · tables' if self.is_beside else ''}"

    @property
    def about(self) -> str:
        """Return study and cut in one line."""
        revision = f" r{self.revision}" if self.revision > 1 else ""
        return f"{capital(self.study)} · {self.cut}{revision}"

    @property
    def tabs(self) -> tuple[tuple[str, str], ...]:
        """Return words and address of the other pages of the set, of the participants and of the study."""
        named = [(name, _SHORT.get(name, name.capitalize())) for name in self.reports]
        here = "" if self.is_beside else self.report
        own = [(words, "" if name == here else f"{name}.html") for name, words in named]
        people = f"{'' if here else f'{self.report}.html'}#{PARTICIPANTS}"
        others = (("Participants", people), ("All cuts", f"../../{study_index_name(self.audience)}"))
        return (*own, *others) if own else ()

    @property
    def compared(self) -> str:
        """Return the cut-off, and the cut with which the page compares, in words."""
        since = (
            f" · compared with {self.previous}, {day_in_words(self.previous_cutoff)}" if self.previous_cutoff else ""
        )
        return f"cut-off {day_in_words(self.cutoff)}{since}"

    @property
    def dates(self) -> str:
        """Return the three dates, and the code that made the page, in one line."""
        dates = f"data cut-off {self.cutoff} · extracted {self.extracted} · rendered {self.rendered}"
        return f"{dates} · {self.code}" if self.code else dates
