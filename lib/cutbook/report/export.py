"""Derived datasets of a cut as files for other programs, with the manifest by which they are read again as ADaM."""

from __future__ import annotations

import hashlib
import json
import tempfile
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from cutbook.data.staging.staged import StagedCut
from cutbook.derive import Frames, derive_findings
from cutbook.errors import Fault, ParameterError
from cutbook.parameters.study import Study
from cutbook.report.written import LONGEST_NAME, Described, write_dataset_json, write_xpt
from cutbook.standards.labels import adam_labels

FORMATS = {"xpt": write_xpt, "json": write_dataset_json}
"""How a dataset is written, by the ending of its file."""

_WORDS = {
    "adsl": "Subject-Level Analysis Dataset",
    "adae": "Adverse Events Analysis Dataset",
    "adpc": "Concentrations Analysis Dataset",
    "adeff": "Efficacy Analysis Dataset",
}
_FINDINGS = "{name} Analysis Dataset"
_SYNTHETIC = ", synthetic data"


@dataclass(frozen=True)
class Exported:
    """What was written: files by path with their number of rows, and variables that were left out by dataset."""

    files: dict[Path, int]
    left_out: dict[str, list[str]]


def export_cut(staged: StagedCut, to: Path, formats: Collection[str], created: str) -> Exported:
    """Write the derived datasets of a staged cut into a folder that does not exist yet.

    Parameters
    ----------
    staged : StagedCut
        What to export.
    to : Path
        One folder a format is made in it: ``xpt``, ``json``, each with a transfer manifest.
    formats : collection of str
        Of `FORMATS`.
    created : str
        When, UTC, ``2026-11-22T08:32:00Z``.

    Raises
    ------
    ParameterError
        ``to`` exists.
    DataError
        A text is longer than a format holds; nothing is left behind.
    """
    if to.exists():
        raise ParameterError(Fault("--to", f"{to.name}, which exists", "a folder to make", "name another one"))
    datasets = derived(staged)
    too_long = {name: [str(one) for one in frame if len(str(one)) > LONGEST_NAME] for name, frame in datasets.items()}
    kept = {name: frame.drop(columns=too_long[name]) for name, frame in datasets.items()}
    to.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".cutbook-", dir=to.parent) as folder:
        made = Path(folder) / to.name
        written = [_write(ending, kept, made / ending, staged, created) for ending in formats]
        made.rename(to)
    files = {to / path.relative_to(made): rows for part in written for path, rows in part.items()}
    return Exported(files, {name: names for name, names in too_long.items() if names})


def derived(staged: StagedCut) -> dict[str, pd.DataFrame]:
    """Return the derived datasets of a staged cut by name; those without a source are not among them.

    Findings of several families have the family in SRCFAM.
    """
    study, frames = staged.study, Frames(staged.datasets, staged.study, staged.cut.cutoff_date)
    found = {"adsl": frames.adsl, "adae": frames.adae, "adpc": frames.adpc, "adeff": frames.adeff}
    for dataset in dict.fromkeys(family.dataset for family in study.findings):
        parts = [
            derive_findings(staged.datasets, frames.adsl, family, study).assign(SRCFAM=family.id)
            for family in study.findings
            if family.dataset == dataset
        ]
        found[f"ad{dataset}"] = pd.concat(parts, ignore_index=True)
    return {name: frame for name, frame in found.items() if len(frame) or name == "adsl"}


def _write(
    ending: str, datasets: Mapping[str, pd.DataFrame], folder: Path, staged: StagedCut, created: str
) -> dict[Path, int]:
    folder.mkdir(parents=True)
    study, files = staged.study, dict[Path, int]()
    for name, frame in datasets.items():
        path = folder / f"{name}.{ending}"
        FORMATS[ending](frame, path, _about(name, study, created))
        files[path] = len(frame)
    listed = [
        {"path": path.name, "dataset": path.stem, "sha256": hashlib.sha256(path.read_bytes()).hexdigest(), "rows": rows}
        for path, rows in files.items()
    ]
    manifest = {
        "format": "cutbook-transfer-1",
        "study": study.id,
        "transfer": folder.name,
        "extracted": staged.stamps["extracted"] or created[:10],
        "is_synthetic": study.is_synthetic,
        "files": listed,
    }
    (folder / "manifest.json").write_text(json.dumps(manifest, indent=2) + "\n", encoding="utf-8")
    return files


def _labels(study: Study) -> dict[str, str]:
    """Return the labels of variables: those of the standards, else what the study file calls a characteristic."""
    return {item.variable: item.label for item in study.characteristics} | adam_labels()


def _about(name: str, study: Study, created: str) -> Described:
    words = _WORDS.get(name, _FINDINGS.format(name=name.removeprefix("ad").upper()))
    said = words.replace(" Analysis Dataset", "") + _SYNTHETIC if study.is_synthetic else words
    return Described(name.upper(), said, study.id, created, _labels(study))
