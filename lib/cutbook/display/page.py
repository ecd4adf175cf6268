"""The report that a display stands in: its data, its results, and what every display says about where it comes from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
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
        return Cells(self.results, display.key, previous, display.anchors)

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
        return display.anchor.partition("{")[0] + (layer.id or layer.parameter)

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
        return {
            "key": self.address(display, layer),
            "title": layer.title or display.title,
            "population": self.population(display, layer.population, size),
            "footnotes": layer.notes or display.footnotes(self.study),
            "source": self.source(display),
            "empty": layer.empty or display.empty,
        }

    def table(
        self, display: Display, columns: Sequence[Column], rows: Sequence[Row], layer: Panel = _WHOLE,
        size: float | None = None, **other: Any,  # noqa: ANN401 - fields of a table
    ) -> Table:  # fmt: skip
        """Return a table in its frame (see `framed`), but for what is said to be other than there."""
        parts = {"stub": display.stub, "is_folded": display.is_folded, **self.framed(display, layer, size), **other}
        return Table(columns=tuple(columns), rows=tuple(rows), **parts)

    def source(self, display: Display) -> str:
        """Return the source line: datasets, the three dates of the data, the results file, and the code."""
        stamps, cut = self.cut.stamps, self.cut.cut
        datasets = ", ".join(display.sources(self.study)).format(transfer=cut.transfer)
        parts = [
            f"Source: {datasets}",
            f"data cut {cut.cut_id}, {cut.cutoff_date}",
            f"extracted {stamps['extracted'] or 'on a date not stated'}",
            f"rendered {stamps['rendered']}",
            f"{self.report}.results.parquet",
            stamps["code"],
            "synthetic data" if self.study.is_synthetic else "",
        ]
        return " · ".join(filter(None, parts))

    def population(self, display: Display, population: Population | None = None, size: float | None = None) -> str:
        """Return the population line: its definition and how many participants it has."""
        whom = "" if population else display.whom_in(self.study)
        text = whom or (population or display.population).text(self.study)
        return text if size is None else f"{text}. N = {size:.0f}."
