"""A cut for other programs: derived datasets, results, tables and the published set, written whole or not at all."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import pandas as pd

from cutbook.data.staging.staged import StagedCut
from cutbook.errors import Fault, ParameterError
from cutbook.notebook.report import Report
from cutbook.published.sets import PublishedSet
from cutbook.report.exporting.archive import write_archive
from cutbook.report.exporting.ard import write_ard
from cutbook.report.exporting.ars import write_ars
from cutbook.report.exporting.datasets import FORMATS as OF_DATASETS
from cutbook.report.exporting.datasets import SHORT_NAMES, derived, too_long, write_datasets
from cutbook.report.exporting.documents import require_docx, write_documents
from cutbook.report.exporting.tables import Grid, grids_of
from cutbook.report.exporting.workbook import write_workbook

DEFAULT = (*OF_DATASETS, "ard", "ars", "xlsx")
"""Forms that are written where none is asked for."""

ARCHIVE, DOCUMENTS = "zip", "docx"
FORMATS = (*DEFAULT, DOCUMENTS, ARCHIVE)
"""All forms."""

WORKBOOK = "tables.xlsx"


@dataclass(frozen=True)
class Exported:
    """What was written: files by path with how much each holds, and variables that were left out by dataset."""

    files: dict[Path, int]
    left_out: dict[str, list[str]]


@dataclass(frozen=True)
class Source:
    """What is exported: the staged cut, when (UTC), and the published set where it is asked for."""

    staged: StagedCut
    created: str
    published: PublishedSet | None = None

    @cached_property
    def datasets(self) -> dict[str, pd.DataFrame]:
        """The derived datasets by name."""
        return derived(self.staged)

    @cached_property
    def reports(self) -> list[Report]:
        """The reports, computed when they are asked."""
        return [Report.of(name, self.staged) for name in self.staged.study.reports]

    @property
    def results(self) -> dict[str, pd.DataFrame]:
        """The results table of each report."""
        return {report.name: report.compute() for report in self.reports}

    @cached_property
    def grids(self) -> list[Grid]:
        """The tables and listings of all reports."""
        return [grid for report in self.reports for grid in grids_of(report)]


def export_cut(source: Source, to: Path, formats: Collection[str]) -> Exported:
    """Write a cut into a folder that does not exist yet.

    Parameters
    ----------
    source : Source
        What to export.
    to : Path
        Datasets lie in a folder a format in it, ``xpt`` and ``json``, each with its transfer manifest and define.xml;
        results in ``ard.csv``, ``ard.parquet`` and ``ars.json``; tables in ``tables.xlsx`` and, a document a table, in
        ``docx``; the published set in an archive.
    formats : collection of str
        Of `FORMATS`.

    Raises
    ------
    ParameterError
        ``to`` exists, or the library of a format is not installed.
    DataError
        A text is longer than a format holds; nothing is left behind.
    PublishError
        A file of the published set was changed.
    """
    if to.exists():
        raise ParameterError(Fault("--to", f"{to.name}, which exists", "a folder to make", "name another one"))
    if DOCUMENTS in formats:
        require_docx()
    to.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".cutbook-", dir=to.parent) as folder:
        made = Path(folder) / to.name
        made.mkdir()
        written = [_WRITERS[name](source, made) for name in FORMATS if name in formats]
        made.rename(to)
    files = {to / path.relative_to(made): amount for part in written for path, amount in part.items()}
    return Exported(files, too_long(source.datasets) if SHORT_NAMES in formats else {})


def _datasets(ending: str) -> Callable[[Source, Path], dict[Path, int]]:
    return lambda source, to: write_datasets(ending, source.datasets, to / ending, source.staged, source.created)


def _archive(source: Source, to: Path) -> dict[Path, int]:
    return {} if source.published is None else write_archive(source.published, to)


_WRITERS: Mapping[str, Callable[[Source, Path], dict[Path, int]]] = {
    **{ending: _datasets(ending) for ending in OF_DATASETS},
    "ard": lambda source, to: write_ard(source.results, to),
    "ars": lambda source, to: write_ars(source.results, source.staged, to),
    "xlsx": lambda source, to: write_workbook(source.grids, source.staged, to / WORKBOOK, source.created),
    DOCUMENTS: lambda source, to: write_documents(source.grids, source.staged, to / DOCUMENTS),
    ARCHIVE: _archive,
}
