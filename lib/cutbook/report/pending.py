"""Which cuts are waiting: their transfer is there, and their revision has no current report."""

from __future__ import annotations

from pathlib import Path

from cutbook.errors import CutbookError, ParameterError
from cutbook.parameters.cut import CutParameters
from cutbook.parameters.project import Project, list_cuts, manifest_file, read_cut, read_study, transfer_folder
from cutbook.parameters.study import Study
from cutbook.report.places import Place
from cutbook.report.publish import current_manifest


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
    is_folder = transfer_folder(project, study, cut).is_dir()
    return is_folder and (is_unverified_allowed or manifest_file(project, study, cut).is_file())


def _is_published(place: Place, study: Study, cut: CutParameters) -> bool:
    manifest = current_manifest(place)
    if manifest is None or manifest["revision"] != cut.revision:
        return False
    return all((place.current / f"{name}.html").is_file() for name in study.reports)
