"""The command that writes the manifest of a transfer folder."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from cutbook.cli.options import find, project_option, shown
from cutbook.cli.shell.completion import complete_study
from cutbook.cli.shell.examples import examples
from cutbook.errors import Fault, ParameterError

if TYPE_CHECKING:
    from datetime import datetime

    from cutbook.data.transfer.describing import Described
    from cutbook.parameters.project import Project
    from cutbook.parameters.study import Study

_DIR = click.Path(exists=True, file_okay=False, path_type=Path)
_EXAMPLES = examples(
    "cutbook manifest data/tofersen/C1 --synthetic --force",
    "cutbook manifest incoming/2024-07-01 --study abc123 --extracted 2024-06-28",
    "cutbook manifest incoming/2024-07-01 --study abc123 --leave-out define.json --force",
)


@click.command(epilog=_EXAMPLES)
@click.argument("folder", metavar="DIR", type=_DIR)
@click.option(
    "--study",
    "study_id",
    default="",
    shell_complete=complete_study,
    help="Whose transfer it is [default: the study whose sources.root holds DIR].",
)
@click.option(
    "--extracted",
    type=click.DateTime(["%Y-%m-%d"]),
    metavar="DATE",
    help="When the data were extracted [default: the newest date of the files].",
)
@click.option("--synthetic", is_flag=True, help="No real participant is in the data.")
@click.option("--leave-out", multiple=True, metavar="PATH", help="File that is no part of it; may be repeated.")
@click.option("--force", is_flag=True, help="Replace a manifest that is there.")
@project_option
def manifest(  # noqa: PLR0913 - one argument an option
    *,
    folder: Path,
    study_id: str,
    extracted: datetime | None,
    synthetic: bool,
    leave_out: tuple[str, ...],
    force: bool,
    project_folder: Path | None,
) -> None:
    """Write manifest.json of a transfer folder: every dataset with SHA-256 and rows, read as a run reads it.

    The sub-folder restricted/ gets one of its own. Files that are no datasets are named and left out; when a dataset
    cannot be read, nothing is written. See docs/manifest.md.
    """
    from cutbook.data.transfer.describing import Statement, describe_parts, parts_of, refuse_manifests_of_others

    project = _project(project_folder)
    study = _study(project, study_id, folder)
    name = study.id if study else _checked_name(study_id)
    _check(folder, study, is_synthetic=synthetic)
    parts = parts_of(folder, _place(project, study, folder), study.sources if study else None)
    refuse_manifests_of_others(parts)
    if not force:
        _refuse_replacing([part.manifest for part in parts])
    stated = f"{extracted:%Y-%m-%d}" if extracted else ""
    described = describe_parts(parts, Statement(name, synthetic, stated, leave_out), study.sources if study else None)
    _write(described)
    _tell(described, is_stated=bool(stated))


def _project(folder: Path | None) -> Project | None:
    """Return the project that is meant; None when there is none and none is named: a sender need not have one."""
    try:
        return find(folder)
    except ParameterError:
        if folder is not None:
            raise
        return None


def _study(project: Project | None, study_id: str, folder: Path) -> Study | None:
    """Return the study of a transfer, None when it is named and has no study file here."""
    from cutbook.parameters.project import list_studies, read_study

    if project is not None and study_id in list_studies(project):
        return read_study(project, study_id)
    if study_id:
        return None
    studies = _studies_of(project, folder) if project else []
    if len(studies) == 1:
        return studies[0]
    found = "more than one study" if studies else "no study"
    expected = "the study of the transfer, by its id"
    raise ParameterError(
        Fault("study", f"{found} whose sources.root holds {folder.name}", expected, "name it: --study")
    )


def _studies_of(project: Project, folder: Path) -> list[Study]:
    """Return the studies whose transfers, or their restricted parts, lie where the folder lies."""
    from cutbook.parameters.project import list_studies, read_study

    found = []
    for study_id in list_studies(project):
        try:
            study = read_study(project, study_id)
        except ParameterError:
            continue
        restricted = study.sources.restricted
        roots = {study.sources.root, restricted.root if restricted else ""} - {""}
        if folder.resolve().parent in {(project.root / root).resolve() for root in roots}:
            found.append(study)
    return found


def _checked_name(study_id: str) -> str:
    from pydantic import TypeAdapter, ValidationError

    from cutbook.parameters.base import Name

    try:
        return TypeAdapter(Name).validate_python(study_id, strict=True)
    except ValidationError:
        expected = "a name of letters, digits, '_' and '-'"
        raise ParameterError(Fault("study", repr(study_id[:80]), expected, "choose another study name")) from None


def _check(folder: Path, study: Study | None, *, is_synthetic: bool) -> None:
    """Return when a cut file can name the transfer and the study file agrees with what is stated."""
    from pydantic import TypeAdapter, ValidationError

    from cutbook.data.transfer.sources import check_encodings
    from cutbook.parameters.cut import CutId

    name = folder.resolve().name
    try:
        TypeAdapter(CutId).validate_python(name, strict=True)
    except ValidationError:
        expected = "a name of 1 to 64 letters, digits, '_', '-', ':' or '.', as transfer of a cut file"
        raise ParameterError(Fault("transfer", repr(name[:80]), expected, "rename the folder")) from None
    if study is None:
        return
    check_encodings(study)
    if study.is_synthetic != is_synthetic:
        words = ("--synthetic", "no --synthetic")
        found, expected = words if is_synthetic else reversed(words)
        remedy = f"is_synthetic of parameters/{study.id}/study.yaml and the data must agree"
        raise ParameterError(Fault("is_synthetic", found, expected, remedy))


def _place(project: Project | None, study: Study | None, folder: Path) -> Path:
    from cutbook.parameters.project import manifest_in

    return manifest_in(project, study, folder) if project and study else folder / "manifest.json"


def _refuse_replacing(manifests: list[Path]) -> None:
    faults = [
        Fault(
            shown(file), "a manifest", "none yet", "give --force to replace it, if the transfer itself is to be trusted"
        )
        for file in manifests
        if file.exists()
    ]
    if faults:
        raise ParameterError(faults)


def _write(described: list[Described]) -> None:
    from cutbook.data.transfer.describing import write_manifests

    try:
        write_manifests(described)
    except OSError as error:
        found = f"{type(error).__name__}: {error.strerror or error}"
        remedy = 'open it, or keep the manifest with the parameters: sources.manifest "study:manifest.json"'
        raise ParameterError(Fault("manifest", found, "a folder to write to", remedy)) from None


def _tell(described: list[Described], *, is_stated: bool) -> None:
    for one in described:
        rows = sum(file.rows for file in one.manifest.files)
        click.echo(f"written: {shown(one.part.manifest)}: {len(one.manifest.files)} datasets, {rows} rows")
        for path, why in one.left_out.items():
            click.echo(f"left out: {shown(one.part.folder / path)}: {why}")
    if not is_stated:
        extracted = described[0].manifest.extracted
        click.echo(f"extracted {extracted}, the newest date of the files; give --extracted where it was another day")
