"""The cuts of the trial and the transfer of each: what the database held on the day of extraction."""

from __future__ import annotations

import hashlib
import json
from datetime import date
from pathlib import Path

from virtual_trial.domains import dataset_label, dataset_names, variables
from virtual_trial.facts import fact
from virtual_trial.record import Record, Value
from virtual_trial.trial import trial_datasets
from virtual_trial.xpt import TransportFile

MANIFEST = "manifest.json"


def cuts() -> list[dict[str, str]]:
    """All cuts in order: id, cutoff, extracted, purpose."""
    found: list[dict[str, str]] = fact("cuts")
    return found


class TransferWriter:
    """One transfer folder being written, participant by participant.

    Parameters
    ----------
    root : Path
        Folder that holds the transfers.
    cut : dict
        The cut: id, cutoff, extracted, purpose.
    """

    def __init__(self, root: Path, cut: dict[str, str]) -> None:
        self.cut, self.folder = cut, root / cut["id"]
        self.day = date.fromisoformat(cut["extracted"]).toordinal()
        self.folder.mkdir(parents=True, exist_ok=True)
        self._files = {
            name: TransportFile(
                self.folder / f"{name}.xpt", name, dataset_label(name), variables(name), cut["extracted"]
            )
            for name in dataset_names()
        }

    def add(self, records: dict[str, list[Record]]) -> dict[str, list[dict[str, Value]]]:
        """Write what is known of one participant on the day of extraction; return the rows by dataset."""
        known = {}
        for name, of_domain in records.items():
            rows = [row for record in of_domain if (row := record.known(self.day)) is not None]
            for row in rows:
                self._files[name].append(row)
            known[name] = rows
        return known

    def close(self) -> Path:
        """Write the trial-level datasets and the manifest; return the folder."""
        for name, rows in trial_datasets(self.cut).items():
            for row in rows:
                self._files[name].append(row)
        entries = []
        for name, file in self._files.items():
            file.close()
            if file.rows:
                sha256 = hashlib.sha256(file.path.read_bytes()).hexdigest()
                entries.append({"path": file.path.name, "dataset": name, "sha256": sha256, "rows": file.rows})
            else:
                file.path.unlink()
        manifest = {
            "format": "cutbook-transfer-1",
            "study": "tofersen",
            "transfer": self.cut["id"],
            "extracted": self.cut["extracted"],
            "is_synthetic": True,
            "files": entries,
        }
        (self.folder / MANIFEST).write_text(json.dumps(manifest, indent=1) + "\n", encoding="utf-8", newline="\n")
        return self.folder
