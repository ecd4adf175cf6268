"""The cuts of the trial and the transfer of each: what the database held on the day of extraction."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from virtual_trial.database import records_of
from virtual_trial.domains import datasets
from virtual_trial.facts import fact
from virtual_trial.ledger import Ledger
from virtual_trial.plan import Share
from virtual_trial.population import Participant
from virtual_trial.record import Record, Value
from virtual_trial.split import restricted_layout, split_row
from virtual_trial.trial import trial_datasets
from virtual_trial.xpt import Dataset, TransportFile, encoded_rows

MANIFEST = "manifest.json"
HASHED_BYTES = 1 << 20
OPEN, RESTRICTED = "", "restricted"
"""The parts of a transfer by their sub-folder."""

Cut = dict[str, str]
BlockKey = tuple[str, str, str]
"""Cut, part and dataset."""


def cuts() -> list[Cut]:
    """Return all cuts in order: id, cutoff, extracted, purpose."""
    found: list[Cut] = fact("cuts")
    return found


@dataclass(frozen=True)
class Batch:
    """Encoded rows of some participants and their number, and the ledger of these participants."""

    blocks: dict[BlockKey, tuple[bytes, int]]
    ledger: Ledger


def batch_of(
    people: Sequence[tuple[Participant, Share]], first_copy: Mapping[str, Participant], chosen: Sequence[Cut]
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
    """
    ledger = Ledger(chosen)
    waiting: dict[BlockKey, list[dict[str, Value]]] = {}
    for person, share in people:
        records, notes = records_of(person, share, first_copy)
        ledger.note(notes)
        known = [_known(records, person, cut) for cut in chosen]
        ledger.compare(known)
        for cut, of_cut in zip(chosen, known, strict=True):
            for name, rows in of_cut.items():
                for part, kept in _parts(name, rows):
                    waiting.setdefault((cut["id"], part, name), []).extend(kept)
    of_part = {part: {dataset.name: dataset for dataset in layouts(part)} for part in (OPEN, RESTRICTED)}
    blocks = {
        (cut_id, part, name): (encoded_rows(of_part[part][name], rows), len(rows))
        for (cut_id, part, name), rows in waiting.items()
        if rows
    }
    return Batch(blocks, ledger)


def layouts(part: str) -> list[Dataset]:
    """Return the datasets that a part of a transfer may hold."""
    if part == OPEN:
        return list(datasets())
    return [layout for dataset in datasets() if (layout := restricted_layout(dataset)) is not None]


def _parts(name: str, rows: Iterable[Mapping[str, Value]]) -> list[tuple[str, list[dict[str, Value]]]]:
    split = [split_row(name, row) for row in rows]
    kept = {
        OPEN: [row for row, _ in split if row is not None],
        RESTRICTED: [row for _, row in split if row is not None],
    }
    return list(kept.items())


def _known(records: Mapping[str, Sequence[Record]], person: Participant, cut: Cut) -> dict[str, list[dict[str, Value]]]:
    """Rows held on the day of extraction; nobody has study days before the first dose is in the database."""
    day = date.fromisoformat(cut["extracted"]).toordinal()
    known = {
        name: [row for record in of_dataset if (row := record.known(day)) is not None]
        for name, of_dataset in records.items()
    }
    return known if day > person.day1 else {name: list(map(_undated, rows)) for name, rows in known.items()}


def _undated(row: Mapping[str, Value]) -> dict[str, Value]:
    return {name: "" if name.endswith("DY") and name != "VISITDY" else value for name, value in row.items()}


class TransferWriter:
    """One transfer being written, batch by batch: its open part, and in a sub-folder the restricted one.

    Parameters
    ----------
    root : Path
        Folder that holds the transfers.
    cut : dict
        The cut: id, cutoff, extracted, purpose.
    """

    def __init__(self, root: Path, cut: Cut) -> None:
        self.cut, self.folder = cut, root / cut["id"]
        self._files = {
            part: {dataset.name: self._file(part, dataset) for dataset in layouts(part)} for part in (OPEN, RESTRICTED)
        }

    def _file(self, part: str, dataset: Dataset) -> TransportFile:
        folder = self.folder / part
        folder.mkdir(parents=True, exist_ok=True)
        return TransportFile(folder, dataset, self.cut["extracted"])

    def add(self, batch: Batch) -> None:
        """Write the rows that a batch has for this cut."""
        for (cut, part, name), (observations, rows) in batch.blocks.items():
            if cut == self.cut["id"]:
                self._files[part][name].append(observations, rows)

    def close(self) -> Path:
        """Write the trial-level datasets and the manifests; return the folder. A dataset without rows is left out."""
        for name, rows in trial_datasets(self.cut).items():
            self._files[OPEN][name].append_rows(rows)
        for part, files in self._files.items():
            manifest = {
                "format": "cutbook-transfer-1",
                "study": "tofersen",
                "transfer": self.cut["id"],
                "extracted": self.cut["extracted"],
                "is_synthetic": True,
                "files": _finished(files),
            }
            text = json.dumps(manifest, indent=1) + "\n"
            (self.folder / part / MANIFEST).write_text(text, encoding="utf-8", newline="\n")
        return self.folder


def _finished(files: Mapping[str, TransportFile]) -> list[dict[str, Value]]:
    """Close files, remove those without rows, and return the entries of the others in a manifest."""
    entries: list[dict[str, Value]] = []
    for name, file in files.items():
        file.close()
        if file.rows:
            digest = sha256_of(file.path)
            entries.append({"path": file.path.name, "dataset": name, "sha256": digest, "rows": file.rows})
        else:
            file.path.unlink()
    return entries


def sha256_of(path: Path) -> str:
    """Return the SHA-256 of a file, hexadecimal."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(HASHED_BYTES):
            digest.update(block)
    return digest.hexdigest()
