"""Which cuts are waiting: their transfer is there, and their revision has no current report.

That of a draft is current while it is made from the study file as it is now; that of a final cut stays. Either
waits again when a cut that it is compared with was published, or got other results, after it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from cutbook.data.transfer.audience import with_class
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
from cutbook.published.manifest import Manifest, PreviousSets, is_made_from, is_outdated_draft, read_manifest
from cutbook.report.publishing.publish import current_manifest

_RESULTS = ".results.parquet"


def pending_cuts(
    project: Project, study_id: str, outputs: Path, *, is_unverified_allowed: bool
) -> tuple[list[str], dict[str, CutbookError]]:
    """Return the ids of the cuts to run, earliest first, and by cut what is wrong with files that cannot be read.

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
    errors: dict[str, CutbookError] = {}
    for cut_id in list_cuts(project, study_id):
        try:
            cut = with_class(study, read_cut(project, study_id, cut_id))
        except ParameterError as error:
            errors[cut_id] = error
            continue
        is_there = _is_transfer_there(project, study, cut, is_unverified_allowed=is_unverified_allowed)
        place = Place(outputs.absolute(), study_id, cut_id, cut.audience)
        if is_there and not _is_published(place, study, cut, [*_earlier_cuts(project, cut)]):
            waiting.append(cut_id)
    return waiting, errors


def _is_transfer_there(project: Project, study: Study, cut: CutParameters, *, is_unverified_allowed: bool) -> bool:
    is_whole = cut.audience == "unblinded"
    folders = [transfer_folder(project, study, cut), *([restricted_folder(project, study, cut)] if is_whole else [])]
    if not all(folder.is_dir() for folder in folders if folder is not None):
        return False
    manifests = manifest_files(project, study, cut)
    return is_unverified_allowed or all(file.is_file() for file in (manifests if is_whole else manifests[:1]))


def _earlier_cuts(project: Project, cut: CutParameters) -> Iterator[str]:
    """Yield the chain of previous cuts, the newest first, as far as their files can be read."""
    seen = {cut.cut_id}
    while cut.previous_cut and cut.previous_cut not in seen:
        seen.add(cut.previous_cut)
        yield cut.previous_cut
        try:
            cut = read_cut(project, cut.study, cut.previous_cut)
        except ParameterError:
            return


def _is_published(place: Place, study: Study, cut: CutParameters, earlier: list[str]) -> bool:
    manifest = current_manifest(place)
    if manifest is None or manifest.revision != cut.revision:
        return False
    is_whole = all((place.current / f"{name}.html").is_file() for name in study.reports)
    if not is_whole or is_outdated_draft(manifest, study, cut):
        return False
    # A set whose cut or study file changed since would be refused under its revision, so it is not made again.
    if manifest.previous is None or not is_made_from(manifest, study, cut):
        return True
    return not any(_is_other_now(replace(place, cut=name), manifest.previous) for name in earlier)


def _is_other_now(earlier: Place, compared: PreviousSets) -> bool:
    """Return whether an earlier cut is published now with other results than those that a set was compared with."""
    now = current_manifest(earlier)
    if now is None:
        return False
    run = next((item.run for item in compared.history if item.cut == earlier.cut), "")
    if run == now.run:
        return False
    folders = earlier.revisions.glob(f"{earlier.audience}-r*-{run}") if run else iter(())
    then = next((manifest for folder in folders if (manifest := read_manifest(folder))), None)
    return then is None or _results(then) != _results(now)


def _results(manifest: Manifest) -> dict[str, str]:
    return {item.file: item.sha256 for item in manifest.outputs if item.file.endswith(_RESULTS)}
