"""The previous cut as it was then: its transfer cut by its own cut-off, staged below the cut that is reported."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

import pandas as pd

from cutbook.data.cutting.cut import CutRecords, cut_records
from cutbook.data.staging.files import StagedFrames, write_frames, write_text
from cutbook.data.transfer.checked import CheckedTransfer, read_checked_transfer
from cutbook.errors import BlindingError, DataError, ParameterError
from cutbook.parameters.cut import CutParameters
from cutbook.parameters.project import Project, read_cut, transfer_folder
from cutbook.parameters.study import Study

STATEMENT = "statement.txt"
"""Says what is wrong with the earlier cuts; empty when nothing is."""

_UNMARKED = "so new and changed records cannot be marked."


@dataclass(frozen=True)
class PreviousCut:
    """The previous cut: as it was cut then, where its transfer is here, and as published.

    Attributes
    ----------
    cut_id : str
        Its name; empty when the cut that is reported names none.
    cut : CutParameters or None
        Its parameters; None when its transfer is not to be had.
    datasets : mapping of str to frame
        Its datasets after its own cut, each read when it is first asked for; none when its transfer is not here.
    modified : frame
        DATASET, KEY, ROW, VARIABLE, OLD, NEW, REASON: the values that its cut set back.
    received : frame
        DATASET, FILE, ROWS, PARTICIPANTS, LATEST, SHA256, VERDICT: one row a file of its transfer as read now.
    statement : str
        A sentence when it is not to be had, or its published reports were made from something else than lies here now;
        empty otherwise.
    published : mapping of str to frame
        Results table by report name as published; empty when there is none.
    """

    cut_id: str = ""
    cut: CutParameters | None = None
    datasets: Mapping[str, pd.DataFrame] = field(default_factory=dict)
    modified: pd.DataFrame = field(default_factory=pd.DataFrame)
    received: pd.DataFrame = field(default_factory=pd.DataFrame)
    statement: str = ""
    published: Mapping[str, pd.DataFrame] = field(default_factory=dict)

    @property
    def is_here(self) -> bool:
        """Whether its transfer is here."""
        return self.cut is not None


@dataclass(frozen=True)
class PreviousCutRead:
    """The previous cut just made, all of it in memory.

    Attributes
    ----------
    cut : CutParameters
        Its parameters.
    parts : CutRecords
        Its transfer after its own cut.
    received : frame
        The files of its transfer.
    is_same_transfer : bool
        It was cut from the very files of the cut that is reported.
    """

    cut: CutParameters
    parts: CutRecords
    received: pd.DataFrame
    is_same_transfer: bool


def make_previous_cut(
    project: Project, study: Study, cut: CutParameters, transfer: CheckedTransfer, *, is_unverified_allowed: bool
) -> PreviousCutRead | str:
    """Return the previous cut of a cut, or the sentence that says why there is none to be had.

    Whatever is wrong with it, the cut that is reported can be reported.

    Parameters
    ----------
    project, study, cut : Project, Study, CutParameters
        The cut that is reported.
    transfer : CheckedTransfer
        Its transfer; not read again when the previous cut was made from the same one.
    is_unverified_allowed : bool
        Accept a transfer without a manifest.

    Returns
    -------
    PreviousCutRead or str
        An empty sentence when the cut names no previous one.
    """
    if not cut.previous_cut:
        return ""
    name = f"cut {cut.previous_cut}"
    try:
        previous_cut = read_cut(project, study.id, cut.previous_cut).model_copy(update={"audience": cut.audience})
        folder = transfer_folder(project, study, previous_cut)
        is_same = folder == transfer_folder(project, study, cut)
        if not folder.is_dir():
            return f"The transfer of {name} is not here, {_UNMARKED}"
        if not is_same:
            transfer = read_checked_transfer(project, study, previous_cut, is_unverified_allowed=is_unverified_allowed)
        parts = cut_records(transfer.datasets, study.data_cut, previous_cut.cutoff_date)
    except BlindingError:
        return f"The open part of {name} is not blinded-safe, {_UNMARKED}"
    except ParameterError:
        return f"The parameters of {name} have faults, {_UNMARKED}"
    except (DataError, OSError):
        return f"The transfer of {name} has faults, {_UNMARKED}"
    return PreviousCutRead(previous_cut, parts, transfer.received, is_same)


def write_previous(to: Path, made: PreviousCutRead | str) -> None:
    """Write the previous cut, or the sentence that says why there is none, below the folder ``to``."""
    to.mkdir()
    if isinstance(made, str):
        write_text(to / STATEMENT, made)
        return
    write_text(to / STATEMENT, "")
    write_text(to / "cut.json", made.cut.model_dump_json())
    write_frames(to / "datasets", made.parts.datasets)
    write_frames(to, {"modified": made.parts.modified, "received": made.received})


def read_previous(folder: Path, cut_id: str, published: Mapping[str, pd.DataFrame]) -> PreviousCut:
    """Return the previous cut that lies in ``folder``, with its results as published."""
    known = PreviousCut(cut_id, statement=read_statement(folder), published=published)
    if not (folder / "cut.json").is_file():
        return known
    return replace(
        known,
        cut=CutParameters.model_validate_json((folder / "cut.json").read_bytes()),
        datasets=StagedFrames(folder / "datasets"),
        modified=pd.read_parquet(folder / "modified.parquet"),
        received=pd.read_parquet(folder / "received.parquet"),
    )


def read_statement(folder: Path) -> str:
    """Return the sentence that lies in ``folder``; empty when there is none."""
    file = folder / STATEMENT
    return file.read_text(encoding="utf-8") if file.is_file() else ""
