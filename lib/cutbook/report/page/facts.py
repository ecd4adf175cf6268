"""What a page says about itself: study, cut, class, status and the three dates."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol


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
        return f"{self.study} · cut {self.cut}{revision} · {self.report}"

    @property
    def dates(self) -> str:
        """Return the three dates in one line."""
        return f"data cut-off {self.cutoff} · extracted {self.extracted} · rendered {self.rendered}"
