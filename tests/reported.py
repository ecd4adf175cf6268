"""Reports of the virtual trial as a reader meets them, made without a notebook."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pandas as pd
from markupsafe import Markup

from cutbook.catalogue import displays_of
from cutbook.catalogue.kinds.display import Display
from cutbook.data.staging.previous import PreviousCut
from cutbook.data.staging.staged import Rendering, StagedCut, stage_cut
from cutbook.notebook.leads import LEADS
from cutbook.notebook.report import Report
from cutbook.parameters.project import Project, read_cut, read_study

STUDY = "tofersen"


@dataclass(frozen=True)
class Reported:
    """A report, and everything that its page shows.

    Attributes
    ----------
    report : Report
        The report.
    displays : tuple of (Display, object)
        Every display that has an address, with what it is shown as.
    """

    report: Report
    displays: tuple[tuple[Display, Any], ...]

    @property
    def results(self) -> pd.DataFrame:
        """The results table."""
        return self.report.page.results

    @property
    def shown(self) -> list[Any]:
        """What the page shows, in its order."""
        first = [self.report.opening]
        below = [made for display, made in self.displays if display not in LEADS.get(self.report.name, ())]
        return [*first, *below, self.report.finish()]


def stage(project: Path, cut_id: str, to: Path, audience: str = "unblinded") -> StagedCut:
    """Return a cut of the virtual trial in one of its classes, read, checked, cut and written to a folder."""
    assert (project / "data" / STUDY / cut_id).is_dir(), "make test generates the virtual trial"
    home = Project(project)
    study, cut = read_study(home, STUDY), read_cut(home, STUDY, cut_id).model_copy(update={"audience": audience})
    return stage_cut(home, study, cut, to, is_unverified_allowed=False, rendering=Rendering("2026-01-01T00:00:00Z"))


def as_first(cut: StagedCut) -> StagedCut:
    """Return a cut as if there were none before it."""
    alone = cut.cut.model_copy(update={"previous_cut": ""})
    return replace(cut, cut=alone, previous=PreviousCut(), past=cut.past.iloc[:0], history=())


def after(cut: StagedCut, published: Mapping[str, pd.DataFrame]) -> StagedCut:
    """Return a cut whose previous one was published with these results."""
    return replace(cut, previous=replace(cut.previous, published=published))


def reported(name: str, cut: StagedCut) -> Reported:
    """Return a report with all its displays; figures stay blank, what they say in words is computed all the same."""
    report = Report.of(name, cut)
    with blank_figures():
        shown = [(display, report.show(display)) for display in displays_of(name) if display.anchor]
    return Reported(report, tuple(shown))


@contextmanager
def blank_figures():
    """Draw no figure meanwhile."""
    room = "cutbook.display.draw.drawing"
    with patch(f"{room}.svg", lambda _: (Markup("<svg></svg>"), 0)), patch(f"{room}.png", lambda _: b"x"):
        yield
