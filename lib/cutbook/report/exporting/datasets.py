"""Derived datasets of a cut as transfers of their own: files, define.xml, and the manifest by which they are read."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path

import pandas as pd

from cutbook.data.staging.staged import StagedCut
from cutbook.data.transfer.manifest import ListedFile, Manifest, manifest_text
from cutbook.derive import Frames, derive_findings
from cutbook.parameters.study import Study
from cutbook.report.exporting.define import write_define
from cutbook.report.exporting.written import LONGEST_NAME, Described, write_dataset_json, write_xpt
from cutbook.standards.labels import adam_labels

FORMATS = {"xpt": write_xpt, "json": write_dataset_json}
"""How a dataset is written, by the ending of its file."""

SHORT_NAMES = "xpt"
"""The format in which no name of a variable is longer than eight characters."""

_WORDS = {
    "adsl": "Subject-Level Analysis Dataset",
    "adae": "Adverse Events Analysis Dataset",
    "adpc": "Concentrations Analysis Dataset",
    "adeff": "Efficacy Analysis Dataset",
}
_FINDINGS = "{name} Analysis Dataset"
_SYNTHETIC = ", synthetic data"


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


def too_long(datasets: Mapping[str, pd.DataFrame]) -> dict[str, list[str]]:
    """Return by dataset the variables whose names a SAS transport file of version 5 does not hold."""
    found = {name: [str(one) for one in frame if len(str(one)) > LONGEST_NAME] for name, frame in datasets.items()}
    return {name: names for name, names in found.items() if names}


def write_datasets(
    ending: str, datasets: Mapping[str, pd.DataFrame], folder: Path, staged: StagedCut, created: str
) -> dict[Path, int]:
    """Write datasets in a format of `FORMATS`, with their define.xml and manifest; return the rows by file.

    Raises
    ------
    DataError
        A text is longer than the format holds.
    """
    folder.mkdir(parents=True)
    long_names = too_long(datasets) if ending == SHORT_NAMES else {}
    kept = {name: frame.drop(columns=long_names.get(name, [])) for name, frame in datasets.items()}
    abouts = {name: _about(name, staged.study, created) for name in kept}
    files = dict[Path, int]()
    for name, frame in kept.items():
        path = folder / f"{name}.{ending}"
        FORMATS[ending](frame, path, abouts[name])
        files[path] = len(frame)
    write_define(kept, folder, staged, abouts, ending)
    listed = tuple(
        ListedFile(path=path.name, dataset=path.stem, sha256=hashlib.sha256(path.read_bytes()).hexdigest(), rows=rows)
        for path, rows in files.items()
    )
    manifest = Manifest(
        format="cutbook-transfer-1",
        study=staged.study.id,
        transfer=folder.name,
        extracted=staged.stamps["extracted"] or created[:10],
        is_synthetic=staged.study.is_synthetic,
        files=listed,
    )
    (folder / "manifest.json").write_text(manifest_text(manifest), encoding="utf-8")
    return files


def _labels(study: Study) -> dict[str, str]:
    """Return the labels of variables: those of the standards, else what the study file calls a characteristic."""
    return {item.variable: item.label for item in study.characteristics} | adam_labels()


def _about(name: str, study: Study, created: str) -> Described:
    words = _WORDS.get(name, _FINDINGS.format(name=name.removeprefix("ad").upper()))
    said = words.replace(" Analysis Dataset", "") + _SYNTHETIC if study.is_synthetic else words
    return Described(name.upper(), said, study.id, created, _labels(study))
