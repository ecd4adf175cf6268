"""Which cuts are waiting: their transfer is there, and their revision has no current report.

That of a draft is current while it is made from the study file as it is now; that of a final cut stays.
"""

from __future__ import annotations

from pathlib import Path

from cutbook.errors import CutbookError, ParameterError
from cutbook.parameters.cut import CutParameters
from cutbook.parameters.project import (
    Project,
    list_cuts,
    manifest_files,
    read_cut,
    read_study,
    restricted_folder,
    transfer_folder,
)
from cutbook.parameters.study import Study
from cutbook.published.folders import Place
from cutbook.published.manifest import is_outdated_draft
from cutbook.report.publishing.publish import current_manifest


def pending_cuts(
    project: Project, study_id: str, outputs: Path, *, is_unverified_allowed: bool
) -> tuple[list[str], list[CutbookError]]:
    """Return the ids of the cuts to run, earliest first, and what is wrong with cut files that cannot be read.

    Parameters
    ----------
    project : Project
        Where the parameters lie.
    study_id : str
        The study.
    outputs : Path
        Output root.
    is_unverified_allowed : bool
        A transfer without a manifest counts as there.

    Raises
    ------
    ParameterError
        The study file has faults.
    """
    study = read_study(project, study_id)
    waiting: list[str] = []
    errors: list[CutbookError] = []
    for cut_id in list_cuts(project, study_id):
        try:
            cut = read_cut(project, study_id, cut_id)
        except ParameterError as error:
            errors.append(error)
            continue
        is_there = _is_transfer_there(project, study, cut, is_unverified_allowed=is_unverified_allowed)
        if is_there and not _is_published(Place(outputs.absolute(), study_id, cut_id, cut.audience), study, cut):
            waiting.append(cut_id)
    return waiting, errors


def _is_transfer_there(project: Project, study: Study, cut: CutParameters, *, is_unverified_allowed: bool) -> bool:
    folders = [transfer_folder(project, study, cut), restricted_folder(project, study, cut)]
    if not all(folder.is_dir() for folder in folders if folder is not None):
        return False
    return is_unverified_allowed or all(file.is_file() for file in manifest_files(project, study, cut))


def _is_published(place: Place, study: Study, cut: CutParameters) -> bool:
    manifest = current_manifest(place)
    if manifest is None or manifest.revision != cut.revision:
        return False
    is_whole = all((place.current / f"{name}.html").is_file() for name in study.reports)
    return is_whole and not is_outdated_draft(manifest, study, cut)
