"""The cuts of the trial and the transfer of each: what the database held on the day of extraction."""

from __future__ import annotations

import gc
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .columns import Columns
from .database import records_of
from .define import write_definition
from .domains import datasets
from .facts import fact
from .formats import ENDINGS, DatasetFile, format_of
from .histories import History, histories_of
from .ledger import Ledger
from .plan import Share
from .population import Participant
from .record import Value
from .split import (
    RESTRICTED_DATASETS,
    RESTRICTED_TESTS,
    RESTRICTED_VARIABLES,
    restricted_layout,
    split_row,
)
from .trial import trial_datasets
from .xpt import Dataset

MANIFEST = "manifest.json"
OPEN, RESTRICTED = "", "restricted"
"""The parts of a transfer by their sub-folder."""
SPLIT = frozenset((*RESTRICTED_DATASETS, *RESTRICTED_VARIABLES, *RESTRICTED_TESTS))
"""Datasets of which the restricted part has something."""

Cut = dict[str, str]


def cuts() -> list[Cut]:
    """Return all cuts in order: id, cutoff, extracted, purpose."""
    found: list[Cut] = fact("cuts")
    return found


@dataclass(frozen=True)
class Block:
    """Encoded rows of a dataset, and by row the numbers of the first cut that holds it and of the first that does not.

    Every state of a record is encoded once, however many cuts hold it.
    """

    rows: Any
    starts: NDArray[np.int8]
    stops: NDArray[np.int8]

    def held(self, cut: int) -> NDArray[np.int64]:
        """Return the numbers of the rows that the cut of this number holds."""
        return np.flatnonzero((self.starts <= cut) & (self.stops > cut))


@dataclass(frozen=True)
class Batch:
    """What the transfers hold of some participants, by part and dataset, and the ledger of these participants."""

    blocks: dict[tuple[str, str], Block]
    ledger: Ledger


def batch_of(
    people: Sequence[tuple[Participant, Share]],
    first_copy: Mapping[str, Participant],
    chosen: Sequence[Cut],
    ending: str,
) -> Batch:
    """Return what the transfers hold of some participants.

    Parameters
    ----------
    people : sequence of (Participant, Share)
        In file order.
    first_copy : mapping
        The participants of the first copy of the trial by slot.
    chosen : sequence of dict
        The cuts.
    ending : str
        Format of the files.
    """
    ledger, days = Ledger(chosen), [date.fromisoformat(cut["extracted"]).toordinal() for cut in chosen]
    waiting = {(part, layout.name): Waiting(layout) for part in (OPEN, RESTRICTED) for layout in layouts(part)}
    with _uncollected():
        for person, share in people:
            records, notes = records_of(person, share, first_copy)
            ledger.note(notes)
            histories = histories_of(records, person.day1, days)
            ledger.compare(histories)
            for dataset, history in histories.items():
                for part, seen in _parts(dataset, history):
                    waiting[(part, dataset)].add(seen)
        ledger.sort()
        encode = format_of(ending).encode
        return Batch({key: held.encoded(encode) for key, held in waiting.items() if held.starts}, ledger)


class Waiting:
    """States of the records of a dataset that wait for encoding, in file order.

    Parameters
    ----------
    layout : Dataset
        Name and variables.
    """

    def __init__(self, layout: Dataset) -> None:
        self._layout, self._columns = layout, Columns()
        self.starts: list[int] = []
        self._stops: list[int] = []

    def add(self, history: History) -> None:
        """Add the states of a participant's records."""
        self._columns.add(history.rows)
        self.starts += history.starts
        self._stops += history.stops

    def encoded(self, encode: Callable[[Dataset, Columns], Any]) -> Block:
        """Return them encoded."""
        rows = encode(self._layout, self._columns)
        return Block(rows, np.array(self.starts, dtype=np.int8), np.array(self._stops, dtype=np.int8))


@contextmanager
def _uncollected() -> Iterator[None]:
    """Keep the collector of reference cycles from searching millions of cells: there are no cycles among them."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


def _parts(dataset: str, history: History) -> Iterator[tuple[str, History]]:
    """Return what the parts of a transfer have of a history."""
    if dataset not in SPLIT:
        yield OPEN, history
        return
    seen = {OPEN: History(), RESTRICTED: History()}
    for row, start, stop in zip(history.rows, history.starts, history.stops, strict=True):
        for part, kept in zip(seen, split_row(dataset, row), strict=True):
            if kept is not None:
                seen[part].add(kept, start, stop)
    yield from seen.items()


def layouts(part: str) -> list[Dataset]:
    """Return the datasets that a part of a transfer may hold."""
    if part == OPEN:
        return list(datasets())
    return [layout for dataset in datasets() if (layout := restricted_layout(dataset)) is not None]


class TransferWriter:
    """One transfer being written, batch by batch: its open part, and in a sub-folder the restricted one.

    Parameters
    ----------
    root : Path
        Folder that holds the transfers.
    cut : dict
        The cut: id, cutoff, extracted, purpose.
    ending : str
        Format of the files.
    copies : int
        How many times the trial it holds.
    """

    def __init__(self, root: Path, cut: Cut, ending: str, copies: int) -> None:
        self.cut, self.folder, self._format, self._copies = cut, root / cut["id"], format_of(ending), copies
        self._files = {
            part: {dataset.name: self._file(part, dataset) for dataset in layouts(part)} for part in (OPEN, RESTRICTED)
        }

    def _file(self, part: str, dataset: Dataset) -> DatasetFile:
        folder = self.folder / part
        folder.mkdir(parents=True, exist_ok=True)
        for ending in ENDINGS:
            (folder / f"{dataset.name}.{ending}").unlink(missing_ok=True)
        return self._format.open(folder, dataset, self.cut["extracted"])

    def add(self, batch: Batch, cut: int) -> None:
        """Write the rows that a batch has for this cut, the one of this number among those of the batch."""
        for (part, name), block in batch.blocks.items():
            numbers = block.held(cut)
            if len(numbers):
                self._files[part][name].append(self._format.select(block.rows, numbers))

    def close(self) -> Path:
        """Write the trial-level datasets, manifests and metadata; return the folder. No dataset without rows is left.

        The metadata lie beside the transfers: a transfer holds nothing that its manifest does not name.
        """
        for name, rows in trial_datasets(self.cut).items():
            self._files[OPEN][name].append_rows(rows)
        for part, files in self._files.items():
            entries = _finished(files)
            held = {str(entry["dataset"]) for entry in entries}
            present = [dataset for dataset in layouts(part) if dataset.name in held]
            write_definition(self.folder.parent, self.cut["id"], part, present)
            manifest = {
                "format": "cutbook-transfer-1",
                "study": "tofersen",
                "transfer": self.cut["id"],
                "extracted": self.cut["extracted"],
                "is_synthetic": True,
                "copies": self._copies,
                "files": entries,
            }
            text = json.dumps(manifest, indent=1) + "\n"
            (self.folder / part / MANIFEST).write_text(text, encoding="utf-8", newline="\n")
        return self.folder


def _finished(files: Mapping[str, DatasetFile]) -> list[dict[str, Value]]:
    """Close files, remove those without rows, and return the entries of the others in a manifest."""
    entries: list[dict[str, Value]] = []
    for name, file in files.items():
        digest = file.close()
        if file.rows:
            entries.append({"path": file.path.name, "dataset": name, "sha256": digest, "rows": file.rows})
        else:
            file.path.unlink()
    return entries
