"""What every display says about where it comes from."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, replace

import pandas as pd

from cutbook.data.staged import StagedCut
from cutbook.display.cells import Cells
from cutbook.display.frame import Table
from cutbook.display.opening import open_counts
from cutbook.display.parts import Row
from cutbook.display.records import RecordBook
from cutbook.display.since import Earlier, since

MOST_ROWS = 2000
"""Records that a listing shows at most; a footnote then says how many there are."""


@dataclass(frozen=True)
class Page:
    """The report that a display stands in: its name, its staged cut, and the records that its counts open."""

    report: str
    cut: StagedCut
    book: RecordBook | None = None
    before: Earlier | None = None

    @property
    def previous(self) -> pd.DataFrame | None:
        """The results of this report at the previous cut, as published; None when there are none."""
        return self.cut.previous.get(self.report)

    def cells(self, results: pd.DataFrame, display: str, anchors: Collection[str] = ("n",)) -> Cells:
        """Return the cells of a display, each with its change since the previous cut."""
        return Cells(results, display, self.previous, anchors)

    def listed(
        self, records: pd.DataFrame, earlier: pd.DataFrame | None, rows_of: Callable[[pd.DataFrame], Sequence[Row]],
        known: Iterable[str],
    ) -> tuple[Row, ...]:  # fmt: skip
        """Return the rows of a listing, marked where they differ from the previous cut.

        Parameters
        ----------
        records, earlier : frame
            Records to list, at most :data:`MOST_ROWS` of them, of this and of the previous cut (None when that is not
            known), with KEY.
        rows_of : callable
            Makes the row of each record.
        known : iterable of str
            Keys of all records of this cut.
        """
        shown, hidden = records.head(MOST_ROWS), records["KEY"].iloc[MOST_ROWS:]
        now = rows_of(shown)
        if earlier is None:
            return tuple(now)
        listed = earlier[~earlier["KEY"].isin(hidden)] if len(earlier) else earlier
        before = list(zip(listed["KEY"], rows_of(listed), strict=True)) if len(listed) else []
        return since(list(zip(shown["KEY"], now, strict=True)), before, set(known))

    def numbered(self, records: pd.DataFrame, rows: Sequence[Row]) -> tuple[Row, ...]:
        """Return the rows of records with the ids that counts of this page point to."""
        numbers = {} if self.book is None else self.book.numbers
        ids = [f"R.{numbers[key]}" if key in numbers else "" for key in records["KEY"]]
        named = [replace(row, id=name) for row, name in zip(rows, ids, strict=False)]
        return (*named, *rows[len(named) :])

    @property
    def new_participants(self) -> frozenset[str]:
        """Who is new since the previous cut; nobody where that is not known."""
        if self.before is None or self.book is None:
            return frozenset()
        return self.before.new_participants(self.book.participants)

    @property
    def is_explored(self) -> bool:
        """Whether the notebook runs by itself, as in JupyterLab, rather than to be rendered as a page."""
        return self.cut.stamps.get("explored") == "yes"

    def opened(self, table: Table) -> Table:
        """Return a table whose counts open their records (see ``open_counts``); unchanged without records."""
        if self.book is None:
            return table
        return open_counts(table, self.book, self.cut.study, is_alone=self.is_explored)

    def source(self, *datasets: str) -> str:
        """Return the source line: datasets, the three dates of the data, the results file, and the code."""
        stamps, cut = self.cut.stamps, self.cut.cut
        parts = [
            f"Source: {', '.join(datasets)}",
            f"data cut {cut.cut_id}, {cut.cutoff_date}",
            f"extracted {stamps['extracted'] or 'on a date not stated'}",
            f"rendered {stamps['rendered']}",
            f"{self.report}.results.parquet",
        ]
        more = [stamps["code"], "synthetic data" if self.cut.study.is_synthetic else ""]
        return " · ".join([*parts, *filter(None, more)])

    def population(self, name: str, size: float | None = None) -> str:
        """Return the population line: its name, its definition and how many participants it has."""
        texts = {
            "All": "All participants in the data",
            "Randomised": "All randomised participants, by planned arm",
            "Safety": self.cut.study.populations.safety_text,
            "PK": self.cut.study.populations.pk_text,
            "EFFFL": self.cut.study.populations.efficacy_text,
            "SAFFL": self.cut.study.populations.safety_text,
            "RANDFL": "All randomised participants",
        }
        text = texts.get(name, name)
        return text if size is None else f"{text}. N = {size:.0f}."
