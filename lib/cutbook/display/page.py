"""The report that a display stands in: its data, its results, and what every display says about where it comes from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import pandas as pd

from cutbook.catalogue.kinds.display import Display
from cutbook.catalogue.kinds.layers import Records
from cutbook.catalogue.kinds.panels import Panel
from cutbook.catalogue.kinds.populations import Population
from cutbook.data.staging.staged import StagedCut
from cutbook.derive import Frames
from cutbook.display.behind.opening import open_counts
from cutbook.display.behind.records import RecordBook
from cutbook.display.look.elements import Column, Row
from cutbook.display.look.frame import Table
from cutbook.display.look.headings import abbreviated, headed
from cutbook.display.read.cells import Cells
from cutbook.parameters.study import Study
from cutbook.results.layers.scope import columns_of, meeting
from cutbook.results.previous import Previous

_WHOLE = Panel()


@dataclass(frozen=True)
class Page:
    """A report.

    Attributes
    ----------
    report : str
        Its name.
    cut : StagedCut
        Its staged cut.
    frames : Frames
        Derived datasets.
    results : results table
        With text.
    book : RecordBook
        The records that its counts open.
    previous : Previous
        The previous cut.
    history : tuple of (str, results table)
        Every published cut in the chain of previous ones, oldest first.
    """

    report: str
    cut: StagedCut
    frames: Frames
    results: pd.DataFrame
    book: RecordBook
    previous: Previous = field(default_factory=Previous)
    history: tuple[tuple[str, pd.DataFrame], ...] = ()

    @property
    def study(self) -> Study:
        """The study file."""
        return self.cut.study

    def cells(self, display: Display) -> Cells:
        """Return the cells of a display, each with its change since the previous cut; a variation has no change."""
        previous = None if display.conditions else self.previous.results
        return Cells(self.results, display.key, previous, display.anchors, display.marks)

    def records(self, display: Display, records: Records) -> pd.DataFrame:
        """Return the records of a layer, those that meet the conditions of its display."""
        return meeting(records(self.frames), display)

    def members(self, display: Display, population: Population | None) -> pd.Series:
        """Return the participants of a display, or of a population in its place."""
        return meeting((population or display.population).members(self.frames.adsl), display)["USUBJID"]

    def size_of(self, display: Display, population: Population | None) -> float:
        """Return how many participants the widest column of a display has."""
        return float(max(columns_of(display, self.frames, self.study, population).sizes, default=0))

    @property
    def is_explored(self) -> bool:
        """Whether the notebook runs by itself, as in JupyterLab, rather than to be rendered as a page."""
        return self.cut.stamps.get("explored") == "yes"

    def opened(self, table: Table) -> Table:
        """Return a table whose counts open their records (see ``open_counts``)."""
        return open_counts(table, self.book, is_alone=self.is_explored)

    @staticmethod
    def address(display: Display, layer: Panel = _WHOLE) -> str:
        """Return the address of a display, or of one of the several that it is made of."""
        before, has_place, _ = display.anchor.partition("{")
        return before + (layer.id or layer.parameter if has_place else "")

    def framed(self, display: Display, layer: Panel = _WHOLE, size: float | None = None) -> dict[str, Any]:
        """Return what stands around a display, or around one of the several that it is made of, as each is declared.

        Parameters
        ----------
        display : Display
            The declaration.
        layer : Panel, optional
            One of several: what it does not say itself is as the display says.
        size : float, optional
            Participants whom it shows.
        """
        reason = layer.why_empty(self.frames)
        return {
            "key": self.address(display, layer),
            "title": layer.title or display.title,
            "population": self.population(display, layer.population, size),
            "footnotes": () if reason else layer.notes or display.footnotes(self.study),
            "source": self.source(display, layer),
            "empty": reason or layer.empty or display.empty,
            "is_folded": display.is_folded,
        }

    def table(
        self, display: Display, columns: Sequence[Column], rows: Sequence[Row], layer: Panel = _WHOLE,
        size: float | None = None, **other: Any,  # noqa: ANN401 - fields of a table
    ) -> Table:  # fmt: skip
        """Return a table in its frame (see `framed`), but for what is said to be other than there."""
        parts = {"stub": display.stub, **self.framed(display, layer, size), **other}
        made = Table(columns=headed(abbreviated(columns, self.study), self.study), rows=tuple(rows), **parts)
        return replace(made, footnotes=(self._legend, *made.footnotes)) if made.has_arrows else made

    @property
    def _legend(self) -> str:
        since = self.previous.cut_id
        return f"▲ and ▼: more and fewer, or higher and lower, than at {since}; new: not there at {since}."

    def source(self, display: Display, layer: Panel = _WHOLE) -> str:
        """Return the source line: the datasets that came, and the number of the display."""
        datasets = ", ".join(self.frames.received(display.sources(self.study))).format(transfer=self.cut.cut.transfer)
        return " · ".join(filter(None, (datasets, self.address(display, layer))))

    def population(self, display: Display, population: Population | None = None, size: float | None = None) -> str:
        """Return the population line: its definition and how many participants it has."""
        whom = "" if population else display.whom_in(self.study)
        text = whom or (population or display.population).text(self.study)
        return text if size is None else f"{text}. N = {size:.0f}."
