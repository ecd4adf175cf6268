"""A project of its own with transfers of the virtual trial, of which tests may change what they like."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pyreadstat

from cutbook.data.staging.staged import Rendering, StagedCut, stage_cut
from cutbook.parameters.cut import CutParameters
from cutbook.parameters.project import Project, read_cut, read_study
from cutbook.parameters.study import Study

STUDY, CUTS = "tofersen", ("C1", "C2", "C3", "IA")
Edit = Callable[[pd.DataFrame], pd.DataFrame]


def own_project(project: Path, to: Path, *cuts: str) -> Project:
    """Return a project with parameters, notebooks and the transfers of some cuts, all copied."""
    assert (project / "data" / STUDY / "IA").is_dir(), "make test generates the virtual trial"
    for part in (f"parameters/{STUDY}", "notebooks"):
        shutil.copytree(project / part, to / part)
    for cut in cuts:
        shutil.copytree(project / "data" / STUDY / cut, to / "data" / STUDY / cut)
    return Project(to)


def of(project: Project, cut: str, audience: str = "blinded", **study: object) -> tuple[Study, CutParameters]:
    """Return study and cut of a class."""
    return (
        read_study(project, STUDY).model_copy(update=study),
        read_cut(project, STUDY, cut).model_copy(update={"audience": audience}),
    )


def staged(project: Project, cut: str, to: Path, **study: object) -> StagedCut:
    """Return a cut staged as blinded reports know it."""
    rendering = Rendering("2026-01-01T00:00:00Z")
    return stage_cut(project, *of(project, cut, **study), to, is_unverified_allowed=False, rendering=rendering)


def edited(folder: Path, dataset: str, edit: Edit) -> None:
    """Change a dataset of one part of a transfer, and its manifest with it."""
    file = folder / f"{dataset}.xpt"
    frame, about = pyreadstat.read_xport(str(file))
    changed = edit(frame)
    labels = {name: about.column_names_to_labels.get(name) or name for name in changed}
    pyreadstat.write_xport(changed, str(file), table_name=dataset.upper(), column_labels=labels, file_format_version=5)
    manifest = folder / "manifest.json"
    tree = json.loads(manifest.read_text(encoding="utf-8"))
    for item in tree["files"]:
        if item["path"] == file.name:
            item |= {"sha256": hashlib.sha256(file.read_bytes()).hexdigest(), "rows": len(changed)}
    manifest.write_text(json.dumps(tree), encoding="utf-8")


def cohorts_of(project: Project, cut: str) -> dict[str, str]:
    """Return the cohort of every participant of a transfer."""
    frame, _ = pyreadstat.read_xport(str(project.root / "data" / STUDY / cut / "suppdm.xpt"))
    own = frame[frame["QNAM"] == "COHORT"]
    return dict(zip(own["USUBJID"], own["QVAL"], strict=True))


def reallocated(project: Project, cut: str, step: int) -> None:
    """Give the restricted records of every participant to another one of the same cohort, with all that is in them."""
    cohorts = cohorts_of(project, cut)
    other: dict[str, str] = {}
    for cohort in set(cohorts.values()):
        people = sorted(name for name, own in cohorts.items() if own == cohort)
        other |= {name: people[(at + step) % len(people)] for at, name in enumerate(people)}
    folder = project.root / "data" / STUDY / cut / "restricted"
    for file in sorted(folder.glob("*.xpt")):
        edited(folder, file.stem, lambda frame: frame.assign(USUBJID=frame["USUBJID"].replace(other)))


def bytes_of(folder: Path) -> dict[str, str]:
    """Return the SHA-256 of every file below a folder by its path."""
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}
