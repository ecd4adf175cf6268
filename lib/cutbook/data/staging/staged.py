"""The staged cut: what a notebook may read, as read-only Parquet and JSON in one folder."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import pandas as pd

from cutbook.data.checks.dosing.drugs import with_drugs
from cutbook.data.checks.dosing.frequencies import with_periods
from cutbook.data.checks.events.severities import with_severities
from cutbook.data.checks.values.units import with_units
from cutbook.data.comparing.past import past_changes
from cutbook.data.comparing.past_rules import PAST_COLUMNS
from cutbook.data.cutting.audit import stacked
from cutbook.data.cutting.cut import CutDatasets, apply_cut
from cutbook.data.staging.apart import with_apart
from cutbook.data.staging.files import RESULTS_ENDING, StagedFrames, make_read_only, write_frames
from cutbook.data.staging.previous import (
    PreviousCut,
    PreviousCutRead,
    make_previous_cut,
    read_previous,
    read_statement,
    write_previous,
)
from cutbook.data.staging.topics import TOPIC_COLUMNS, with_topics
from cutbook.data.transfer.checked import CheckedTransfer, read_checked_transfer
from cutbook.parameters.cut import CutParameters
from cutbook.parameters.project import Project
from cutbook.parameters.study import Study
from cutbook.parameters.study.blinding.masked import study_for
from cutbook.published.manifest import Certificate

PREVIOUS, HISTORY = "previous", "history"
"""Folders of a staged cut that hold the previous cut, and the published results of all earlier ones."""

_ABOUT_RECORDS = ("issues", "removed", "modified", "kept", "past")
"""Tables whose rows tell of records; IS_APART says of which the record is restricted."""

_TABLES = ("received", "issues", "audit", "removed", "modified", "kept", "past")


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
        DATASET, VARIABLE, ROW, KEY, FINDING, WEIGHT, KIND, CONSEQUENCE, RECORDS, PARTICIPANTS, REASON: what was found
        odd and did not stop the run, what stands on the first lines before what stands in the list.
    audit : frame
        DATASET, RULE, PREVIOUS, AFTER, REMOVED, MODIFIED: one row a dataset.
    removed, modified, kept : frame
        DATASET, KEY, ROW, VARIABLE, VALUE, REASON of removed records; DATASET, KEY, ROW, VARIABLE, OLD, NEW, REASON of
        changed values; and, with the columns of ``removed``, records that were kept although their date does not prove
        them early enough.
    past : frame
        DATASET, KEY, CHANGE, VARIABLE, OLD, NEW, RULE, USUBJID, TOPIC, VISIT, TURN: what this cut tells of the time up
        to the previous cut-off otherwise than the previous cut did (see
        :func:`cutbook.data.comparing.past.past_changes` and :func:`cutbook.data.staging.topics.with_topics`).
    stamps : dict of str to str
        ``extracted`` (date the sender extracted the data), ``rendered`` (UTC), ``code`` (commit or version),
        ``is_verified`` (``yes`` or ``no``), ``copies`` (how many times the data hold a simulated trial; ``1``: the
        trial itself); ``blind``, the certificate of the blind, empty where there is none; ``previous`` and
        ``history``, a sentence each when something is wrong with the previous cut or the ones before it, and empty
        otherwise.
    previous : PreviousCut
        The previous cut, as it was then and as published.
    history : tuple of (str, mapping of str to frame)
        Cut id, and results table by report name, of every published cut in the chain of previous ones, oldest first.
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
    past: pd.DataFrame
    stamps: dict[str, str]
    previous: PreviousCut
    history: tuple[tuple[str, Mapping[str, pd.DataFrame]], ...]


@dataclass(frozen=True)
class Rendering:
    """When pages are made, and by which code.

    Attributes
    ----------
    time : str
        UTC, ``2026-11-22T08:32:00Z``: printed as the time of rendering.
    code : str
        Commit or version, as printed; empty: not known.
    blind : Certificate or None
        The proof of the blind; None: none was tried, or there is no blind.
    """

    time: str
    code: str = ""
    blind: Certificate | None = None


def stage_cut(
    project: Project, study: Study, cut: CutParameters, to: Path, *, is_unverified_allowed: bool, rendering: Rendering
) -> StagedCut:
    """Return the staged cut after reading, checking and cutting the transfer and writing it to the empty folder ``to``.

    The previous cut is staged with it; faults of that one are told in ``stamps`` and stop nothing.

    Parameters
    ----------
    project, study, cut : Project, Study, CutParameters
        What to stage.
    to : Path
        Folder to make; its files are read-only afterwards.
    is_unverified_allowed : bool
        Accept a transfer without a manifest; every page then says so.
    rendering : Rendering
        What every page says of its making.

    Raises
    ------
    BlindingError
        A class that may not be rendered, before anything is read.
    DataError
        The transfer has faults; all of them at once.
    """
    study = study_for(study, cut.audience)
    transfer = read_checked_transfer(project, study, cut, is_unverified_allowed=is_unverified_allowed)
    parts = apply_cut(transfer.datasets, study.data_cut, cut.cutoff_date)
    previous = make_previous_cut(project, study, cut, transfer, is_unverified_allowed=is_unverified_allowed)
    stamps = {
        "extracted": transfer.extracted,
        "rendered": rendering.time,
        "code": rendering.code,
        "is_verified": "yes" if transfer.is_verified else "no",
        "copies": str(transfer.copies),
        "blind": rendering.blind.as_text if rendering.blind else "",
    }
    write_frames(to / "datasets", parts.datasets)
    tables = _tables(transfer, parts, _past(study, parts, previous))
    sides = [transfer.datasets, *([] if isinstance(previous, str) else [previous.parts.datasets])]
    told_of = {name: with_apart(tables[name], study.sources.restricted, *sides) for name in _ABOUT_RECORDS}
    write_frames(to, tables | told_of)
    write_previous(to / PREVIOUS, previous)
    told = _told_by(study, transfer.datasets)
    (to / "study.json").write_text(told.model_dump_json(), encoding="utf-8")
    (to / "cut.json").write_text(cut.model_dump_json(), encoding="utf-8")
    (to / "stamps.json").write_text(json.dumps(stamps), encoding="utf-8")
    make_read_only(to)
    return read_staged(to)


def read_staged(folder: Path) -> StagedCut:
    """Return the staged cut that lies in ``folder``."""
    tables = {name: pd.read_parquet(folder / f"{name}.parquet") for name in _TABLES}
    staged = StagedCut(
        study=Study.model_validate_json((folder / "study.json").read_bytes()),
        cut=CutParameters.model_validate_json((folder / "cut.json").read_bytes()),
        datasets=StagedFrames(folder / "datasets"),
        stamps=json.loads((folder / "stamps.json").read_text(encoding="utf-8")),
        previous=PreviousCut(),
        history=(),
        **tables,
    )
    return read_history(staged, folder)


def read_history(staged: StagedCut, folder: Path) -> StagedCut:
    """Return a staged cut with the earlier cuts that lie in its folder."""
    history = tuple(_results(folder / HISTORY))
    published: Mapping[str, pd.DataFrame] = dict(history).get(staged.cut.previous_cut, {})
    statements = {name: read_statement(folder / name) for name in (PREVIOUS, HISTORY)}
    return replace(
        staged,
        stamps=staged.stamps | statements,
        previous=read_previous(folder / PREVIOUS, staged.cut.previous_cut, published),
        history=history,
    )


def _told_by(study: Study, datasets: Mapping[str, pd.DataFrame]) -> Study:
    """Return the study with what it leaves to the data decided by the whole transfer, not by what the cut keeps."""
    ex = datasets.get("ex", pd.DataFrame())
    chosen = with_periods(with_drugs(study, ex), ex)
    return with_units(with_severities(chosen, datasets.get("ae", pd.DataFrame())), datasets)


def _tables(transfer: CheckedTransfer, parts: CutDatasets, past: pd.DataFrame) -> dict[str, pd.DataFrame]:
    return {
        "received": transfer.received,
        "issues": transfer.issues,
        "audit": parts.audit,
        "removed": parts.removed,
        "modified": parts.modified,
        "kept": parts.kept,
        "past": past,
    }


def _past(study: Study, parts: CutDatasets, previous: PreviousCutRead | str) -> pd.DataFrame:
    """Return what changed of the past: nothing when there is no previous cut, or when both tell the same files."""
    if isinstance(previous, str) or previous.is_same_transfer:
        return stacked([], (*PAST_COLUMNS, *TOPIC_COLUMNS))
    changes = past_changes(parts, previous.parts, study.data_cut, previous.cut.cutoff_date)
    return with_topics(changes, parts.datasets, previous.parts.datasets)


def _results(folder: Path) -> list[tuple[str, StagedFrames]]:
    """Return cut and results of each folder named ``<number>-<cut id>``, in the order of the numbers."""
    parts = [(path.name.partition("-"), path) for path in folder.glob("*-*")]
    ordered = sorted((int(number), cut_id, path) for (number, _, cut_id), path in parts)
    return [(cut_id, StagedFrames(path, RESULTS_ENDING)) for _, cut_id, path in ordered]
