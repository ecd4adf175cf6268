"""What a notebook calls: open the report of a cut, compute its displays, show them, close it."""

from __future__ import annotations

import atexit
import tempfile
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Any

import pandas as pd

from cutbook.catalogue import DISPLAYS, FRAMES, displays_of
from cutbook.catalogue.kinds.display import Display
from cutbook.data.staging.history import stage_with_previous_cuts
from cutbook.data.staging.staged import Rendering, StagedCut, read_staged
from cutbook.data.transfer.audience import refuse_class, refuse_reader
from cutbook.derive import Frames
from cutbook.display import Page, record_book, show
from cutbook.display.look.frame import Stamps
from cutbook.display.look.numbers import with_text
from cutbook.display.look.opening import Opening
from cutbook.notebook import closing
from cutbook.notebook.opening import opening
from cutbook.notebook.reading import with_shown
from cutbook.parameters.cut import CutParameters
from cutbook.parameters.project import find_project, read_study
from cutbook.published.clock import recorded_time, utc_now
from cutbook.published.folders import remove_tree
from cutbook.published.software import code_version
from cutbook.results.bridge import with_codes
from cutbook.results.engine import compute_all
from cutbook.results.previous import Previous

_STAGED = ("received", "issues", "audit", "removed", "modified", "kept", "past")
_SIGNS = {display.key: display.not_estimable for display in DISPLAYS}


def load_cut(parameters: CutParameters, staged_cut: str = "") -> StagedCut:
    """Return the staged cut of a notebook.

    Parameters
    ----------
    parameters : CutParameters
        The notebook's parameters.
    staged_cut : str
        Folder of a cut that is staged already; empty reads, checks and cuts the transfer now.

    Raises
    ------
    BlindingError, ParameterError, DataError
        As for a run from the command line.
    """
    refuse_class(parameters.audience)
    if staged_cut:
        return read_staged(Path(staged_cut))
    project = find_project(Path.cwd())
    study = read_study(project, parameters.study)
    refuse_reader(study, parameters, role="")
    made = Path(tempfile.mkdtemp(prefix="cutbook-"))
    atexit.register(remove_tree, made)
    folder = made / "staged"
    now = Rendering(recorded_time(utc_now()), code_version(project.root))
    cut = stage_with_previous_cuts(project, study, parameters, folder, outputs=project.outputs, rendering=now)
    return replace(cut, stamps=cut.stamps | {"explored": "yes"})


def open_report(name: str, parameters: CutParameters, staged_cut: str = "") -> Report:
    """Return the report of a cut, nothing of it computed (see :func:`load_cut`)."""
    return Report.of(name, load_cut(parameters, staged_cut))


@dataclass
class Report:
    """A report: its cut, its derived datasets, the previous cut, and what was computed of it.

    Attributes
    ----------
    name : str
        ``safety``, ``pharmacokinetics`` or ``efficacy``.
    cut : StagedCut
        The staged cut.
    frames : Frames
        Derived datasets, each derived when it is first asked for.
    previous : Previous
        The previous cut.
    """

    name: str
    cut: StagedCut
    frames: Frames
    previous: Previous = field(default_factory=Previous)

    @classmethod
    def of(cls, name: str, cut: StagedCut) -> Report:
        """Return the report of a staged cut."""
        staged = with_shown({table: getattr(cut, table) for table in _STAGED}, name, cut.study)
        is_verified = cut.stamps["is_verified"] == "yes"
        frames = Frames(cut.datasets, cut.study, cut.cut.cutoff_date, staged=staged, is_verified=is_verified)
        return cls(name, cut, frames, _previous(name, cut))

    def compute(self) -> pd.DataFrame:
        """Return the results of all displays of the report, every number with its text as it is shown."""
        return self.page.results

    @cached_property
    def page(self) -> Page:
        """The report as displays are shown in it."""
        computed = compute_all(
            displays_of(self.name), self.frames, self.cut.study, self.previous.frames, self.previous.results
        )
        history = tuple(
            (cut, with_codes(tables[self.name], self.cut.study))
            for cut, tables in self.cut.history
            if self.name in tables
        )
        results = with_text(computed, _SIGNS)
        return Page(self.name, self.cut, self.frames, results, self._book(results), self.previous, history)

    def _book(self, results: pd.DataFrame) -> Any:  # noqa: ANN401 - a record book, built by a function of kinds
        kinds: dict[str, Any] = {"findings": []}
        for name in FRAMES[self.name]:
            kind = {"adae": "events", "adpc": "samples"}.get(name)
            if kind:
                kinds[kind] = getattr(self.frames, name)
            else:
                kinds["findings"].append(getattr(self.frames, name))
        return record_book(results, self.frames.adsl, self.cut.study, **kinds)

    def show(self, display: Display) -> Any:  # noqa: ANN401 - what a notebook shows
        """Return a display as it is shown; one that the report does not hold, or a variation, is computed first."""
        if display in displays_of(self.name):
            return show(display, self.page)
        computed = compute_all([display], self.frames, self.cut.study, self.previous.frames)
        return show(display, replace(self.page, results=with_text(computed, _SIGNS)))

    @cached_property
    def opening(self) -> Opening:
        """The first screen: title, who and how far, what is new, and the displays that tell most."""
        return opening(self.page)

    def finish(self, results_to: str = "") -> Stamps:
        """Return the closing section, after writing what lies beside the report (see :func:`closing.finish`)."""
        return closing.finish(self.opening, self.page, results_to)


def _previous(name: str, cut: StagedCut) -> Previous:
    earlier, study = cut.previous, cut.study
    frames = Frames(earlier.datasets, study, earlier.cut.cutoff_date) if earlier.cut else None
    published = earlier.published.get(name)
    return Previous(
        cut_id=cut.cut.previous_cut,
        cutoff=earlier.cut.cutoff_date if earlier.cut else "",
        frames=frames,
        results=None if published is None else with_codes(published, study),
        statement=cut.stamps.get("previous", ""),
    )
