"""The staged cut: what a notebook may read, as read-only Parquet and JSON in one folder."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from cutbook.data.cut import apply_cut
from cutbook.data.mask import refuse_class
from cutbook.data.restricted import read_whole_transfer
from cutbook.data.schemas import blank_impossible_dates, check_datasets
from cutbook.data.sources import Transfer
from cutbook.errors import DataError
from cutbook.parameters.cut import CutParameters
from cutbook.parameters.project import Project, manifest_file, restricted_folder, transfer_folder
from cutbook.parameters.study import Study

_TABLES = ("received", "issues", "audit", "removed", "modified", "kept")


class StagedDatasets(Mapping[str, pd.DataFrame]):
    """The datasets of a staged cut by lower-case name, each read when it is first asked for."""

    def __init__(self, folder: Path) -> None:
        self._files = {file.stem: file for file in sorted(folder.glob("*.parquet"))}
        self._frames: dict[str, pd.DataFrame] = {}

    def __getitem__(self, name: str) -> pd.DataFrame:
        """Return one dataset; the frame is shared and must not be changed."""
        if name not in self._frames:
            self._frames[name] = pd.read_parquet(self._files[name])
        return self._frames[name]

    def __iter__(self) -> Iterator[str]:
        """Return the names."""
        return iter(self._files)

    def __len__(self) -> int:
        """Return the number of datasets."""
        return len(self._files)


@dataclass(frozen=True)
class StagedCut:
    """One data cut, ready to derive from.

    Attributes
    ----------
    study, cut : Study, CutParameters
        Their parameters.
    datasets : mapping of str to frame
        Datasets after the cut, dates still ISO 8601 text.
    received : frame
        DATASET, FILE, ROWS, PARTICIPANTS, LATEST, SHA256, VERDICT: one row a file of the transfer.
    issues : frame
        DATASET, VARIABLE, ROW, KEY, FINDING: what was found odd and did not stop the run.
    audit : frame
        DATASET, RULE, BEFORE, AFTER, REMOVED, MODIFIED: one row a dataset.
    removed, modified, kept : frame
        DATASET, KEY, ROW, VARIABLE, VALUE, REASON of removed records; DATASET, KEY, ROW, VARIABLE, OLD, NEW, REASON of
        changed values; and, with the columns of ``removed``, records that were kept although their date does not prove
        them early enough.
    stamps : dict of str to str
        ``extracted`` (date the sender extracted the data), ``rendered`` (UTC), ``is_verified`` (``yes`` or ``no``).
    previous : dict of str to frame
        Results table by report name of the previous cut as published; empty when there is none.
    """

    study: Study
    cut: CutParameters
    datasets: Mapping[str, pd.DataFrame]
    received: pd.DataFrame
    issues: pd.DataFrame
    audit: pd.DataFrame
    removed: pd.DataFrame
    modified: pd.DataFrame
    kept: pd.DataFrame
    stamps: dict[str, str]
    previous: dict[str, pd.DataFrame]


def read_cut_transfer(project: Project, study: Study, cut: CutParameters, *, is_unverified_allowed: bool) -> Transfer:
    """Return the transfer of a cut as received, its restricted part in its place.

    Raises
    ------
    BlindingError
        A class that may not be rendered, before anything is read.
    DataError
        The transfer is missing or has faults; all of them at once.
    """
    refuse_class(cut.audience)
    return read_whole_transfer(
        study,
        transfer_folder(project, study, cut),
        manifest_file(project, study, cut),
        restricted_folder(project, study, cut),
        is_unverified_allowed=is_unverified_allowed,
    )


def stage_cut(
    project: Project, study: Study, cut: CutParameters, to: Path, *, is_unverified_allowed: bool, now: str
) -> StagedCut:
    """Return the staged cut after reading, checking and cutting the transfer and writing it to the empty folder ``to``.

    Parameters
    ----------
    project, study, cut : Project, Study, CutParameters
        What to stage.
    to : Path
        Folder to make; its files are read-only afterwards.
    is_unverified_allowed : bool
        Accept a transfer without a manifest; every page then says so.
    now : str
        UTC time of the run, printed as the time of rendering.

    Raises
    ------
    BlindingError
        A class that may not be rendered, before anything is read.
    DataError
        The transfer has faults; all of them at once.
    """
    transfer = read_cut_transfer(project, study, cut, is_unverified_allowed=is_unverified_allowed)
    faults, issues = check_datasets(transfer.datasets, study)
    if faults:
        raise DataError(faults)
    dated, date_issues = blank_impossible_dates(transfer.datasets)
    parts = apply_cut(dated, study.data_cut, cut.cutoff_date)
    stamps = {
        "extracted": transfer.extracted,
        "rendered": now,
        "is_verified": "yes" if transfer.is_verified else "no",
    }
    tables = {
        "received": transfer.received,
        "issues": pd.concat([issues, date_issues], ignore_index=True),
        "audit": parts.audit,
        "removed": parts.removed,
        "modified": parts.modified,
        "kept": parts.kept,
    }
    _write(to, parts.datasets, tables)
    (to / "study.json").write_text(study.model_dump_json(), encoding="utf-8")
    (to / "cut.json").write_text(cut.model_dump_json(), encoding="utf-8")
    (to / "stamps.json").write_text(json.dumps(stamps), encoding="utf-8")
    _make_read_only(to)
    return read_staged(to)


def add_previous_results(staged: Path, published: Path) -> None:
    """Put the results tables of the previous cut, as published, into a staged cut."""
    folder = staged / "previous"
    folder.mkdir(exist_ok=True)
    for file in sorted(published.glob("*.results.parquet")):
        shutil.copyfile(file, folder / file.name)


def read_staged(folder: Path) -> StagedCut:
    """Return the staged cut that lies in ``folder``."""
    tables = {name: pd.read_parquet(folder / f"{name}.parquet") for name in _TABLES}
    previous = {
        file.name.removesuffix(".results.parquet"): pd.read_parquet(file)
        for file in sorted((folder / "previous").glob("*.results.parquet"))
    }
    return StagedCut(
        study=Study.model_validate_json((folder / "study.json").read_bytes()),
        cut=CutParameters.model_validate_json((folder / "cut.json").read_bytes()),
        datasets=StagedDatasets(folder / "datasets"),
        stamps=json.loads((folder / "stamps.json").read_text(encoding="utf-8")),
        previous=previous,
        **tables,
    )


def _write(to: Path, datasets: Mapping[str, pd.DataFrame], tables: Mapping[str, pd.DataFrame]) -> None:
    (to / "datasets").mkdir(parents=True)
    for name, frame in datasets.items():
        frame.to_parquet(to / "datasets" / f"{name}.parquet")
    for name, frame in tables.items():
        frame.to_parquet(to / f"{name}.parquet")


def _make_read_only(folder: Path) -> None:
    for file in folder.rglob("*"):
        if file.is_file():
            file.chmod(0o400)
