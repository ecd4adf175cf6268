"""A project folder: where its parameters, notebooks and outputs lie, and its study and cut files as typed values."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from cutbook.errors import Fault, ParameterError
from cutbook.parameters.base import Name
from cutbook.parameters.beside import PUBLISHED, with_files_beside
from cutbook.parameters.cut import CutId, CutParameters
from cutbook.parameters.faults import faults_of, place
from cutbook.parameters.study import Study
from cutbook.parameters.yaml_text import Document, Keys, read_document, value_at

RESTRICTED_MANIFEST = "manifest.json"
"""Name of the manifest in the restricted part of a transfer."""

NOT_A_CUT = ("study", "recipients", "pk_choices")
"""Files of a study's parameter folder that describe no cut."""

_UNREAD = "~"
"""Comes after every date."""

_DEVICE = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?", re.IGNORECASE)
"""Names that Windows takes for devices, whatever follows a dot."""

_STUDY_NAME: TypeAdapter[str] = TypeAdapter(Name)
_CUT_NAME: TypeAdapter[str] = TypeAdapter(CutId)


@dataclass(frozen=True)
class Project:
    """The folder that holds ``parameters/``, ``notebooks/`` and ``outputs/``."""

    root: Path

    @property
    def parameters(self) -> Path:
        """Folder of the parameter files, one folder a study."""
        return self.root / "parameters"

    @property
    def notebooks(self) -> Path:
        """Folder of the notebooks."""
        return self.root / "notebooks"

    @property
    def outputs(self) -> Path:
        """Folder of the published reports."""
        return self.root / "outputs"


def find_project(start: Path) -> Project:
    """Return the project that ``start`` lies in: the nearest folder upwards with ``parameters/`` and ``notebooks/``.

    Raises
    ------
    ParameterError
        There is none.
    """
    for folder in (start, *start.parents):
        if (folder / "parameters").is_dir() and (folder / "notebooks").is_dir():
            return Project(folder)
    fault = Fault(
        "project",
        f"no parameters/ and notebooks/ in or above {start.name or start}",
        "a project folder",
        "go to the project folder or name it with --project",
    )
    raise ParameterError(fault)


def list_studies(project: Project) -> list[str]:
    """Return the ids of the studies that have a study file, sorted."""
    return sorted(path.parent.name for path in project.parameters.glob("*/study.yaml"))


def read_study(project: Project, study_id: str) -> Study:
    """Return the study as its study file states it.

    Raises
    ------
    ParameterError
        The name could escape, there is no such study, or its file has faults; all faults at once.
    """
    _check_name(_STUDY_NAME, "study", study_id)
    shown = f"parameters/{study_id}/study.yaml"
    file = project.parameters / study_id / "study.yaml"
    if not file.is_file():
        known = ", ".join(list_studies(project))
        raise ParameterError(Fault("study", repr(study_id), f"one of {known}", "check the name"))
    document = with_files_beside(read_document(file, shown), file.parent)
    try:
        study = Study.model_validate(document.tree)
    except ValidationError as error:
        raise ParameterError(faults_of(error, Study, document)) from None
    faults = [*_name_faults(document, "id", study.id, study_id), *_reference_faults(study, document)]
    if faults:
        raise ParameterError(faults)
    return study.model_copy(update={"guesses": max(study.guesses, document.guesses)})


def read_cut(project: Project, study_id: str, cut_id: str) -> CutParameters:
    """Return the parameters of one cut as its flat file states them.

    Raises
    ------
    ParameterError
        A name could escape, there is no such cut, or its file has faults; all faults at once.
    """
    _check_name(_STUDY_NAME, "study", study_id)
    _check_name(_CUT_NAME, "cut", cut_id)
    shown = f"parameters/{study_id}/{cut_id}.yaml"
    file = project.parameters / study_id / f"{cut_id}.yaml"
    known = list_cuts(project, study_id)
    if cut_id not in known:
        raise ParameterError(Fault("cut", repr(cut_id), f"one of {', '.join(known)}", "check the name"))
    twins = [other for other in known if other != cut_id and other.casefold() == cut_id.casefold()]
    if twins:
        found = f"{' and '.join(sorted([cut_id, *twins]))}, which differ by case alone"
        raise ParameterError(
            Fault(f"parameters/{study_id}", found, "names that every machine tells apart", "rename one")
        )
    document = read_document(file, shown)
    try:
        cut = CutParameters.model_validate(document.tree, strict=False)
    except ValidationError as error:
        raise ParameterError(faults_of(error, CutParameters, document)) from None
    faults = [
        *_name_faults(document, "study", cut.study, study_id),
        *_name_faults(document, "cut_id", cut.cut_id, cut_id),
        *_previous_faults(project, cut, document),
    ]
    if faults:
        raise ParameterError(faults)
    return cut


def list_cuts(project: Project, study_id: str) -> list[str]:
    """Return the ids of the study's cuts, in the order of their cut-off dates as text.

    A file that cannot be read is a cut whose reading tells why; it comes last. What editors put beside a file they have
    open has no name of a cut, and is none.
    """
    _check_name(_STUDY_NAME, "study", study_id)
    files = sorted((project.parameters / study_id).glob("*.yaml"))
    dated = [(_cutoff(file, study_id), file.stem) for file in files if _is_cut(file.stem)]
    return [cut_id for _, cut_id in sorted(dated)]


def _is_cut(name: str) -> bool:
    if name in NOT_A_CUT:
        return False
    try:
        _CUT_NAME.validate_python(name, strict=True)
    except ValidationError:
        return False
    return True


def _cutoff(file: Path, study_id: str) -> str:
    """Return the cut-off date of a cut file as text, one after all others when it cannot be read."""
    try:
        tree = read_document(file, f"parameters/{study_id}/{file.name}").tree
    except ParameterError:
        return _UNREAD
    return str(tree.get("cutoff_date", _UNREAD))


def check_parameters(*values: object) -> CutParameters:
    """Return the parameters of a notebook, given in the order of its parameters cell, as a typed value.

    Raises
    ------
    ParameterError
        A value has the wrong type (YAML read ``NO`` as False, say) or is out of range; all faults at once.
    """
    given = dict(zip(CutParameters.model_fields, values, strict=True))
    try:
        return CutParameters.model_validate(given)
    except ValidationError as error:
        raise ParameterError(faults_of(error, CutParameters, Document("parameters", given))) from None


def transfer_folder(project: Project, study: Study, cut: CutParameters) -> Path:
    """Return the folder that holds the cut's transfer."""
    return project.root / study.sources.root / cut.transfer


def manifest_file(project: Project, study: Study, cut: CutParameters) -> Path:
    """Return the transfer's manifest: inside the transfer, or in the study's parameter folder (``study:`` names)."""
    return manifest_in(project, study, transfer_folder(project, study, cut))


def manifest_in(project: Project, study: Study, folder: Path) -> Path:
    """Return where the manifest of a transfer folder lies: inside it, or in the study's parameter folder."""
    name = study.sources.manifest
    if name.startswith("study:"):
        return project.parameters / study.id / name.removeprefix("study:")
    return folder / name


def restricted_folder(project: Project, study: Study, cut: CutParameters) -> Path | None:
    """Return the folder of the restricted part of the cut's transfer; None when the study file knows no such part."""
    restricted = study.sources.restricted
    if restricted is None:
        return None
    if restricted.root:
        return project.root / restricted.root / cut.transfer
    return transfer_folder(project, study, cut) / restricted.folder


def manifest_files(project: Project, study: Study, cut: CutParameters) -> list[Path]:
    """Return the manifests of all parts of the cut's transfer, the open one first."""
    restricted = restricted_folder(project, study, cut)
    apart = [restricted / RESTRICTED_MANIFEST] if restricted else []
    return [manifest_file(project, study, cut), *apart]


def _check_name(adapter: TypeAdapter[str], what: str, name: str) -> None:
    try:
        adapter.validate_python(name, strict=True)
    except ValidationError:
        shown = repr(name if len(name) <= 80 else name[:80] + "…")
        expected = "a name of letters, digits, '_' and '-'" + (", '.' or ':'" if what == "cut" else "")
        raise ParameterError(Fault(what, shown, expected, f"choose another {what} name")) from None
    if _DEVICE.fullmatch(name) or name.endswith("."):
        expected = "a name that every machine can give a folder"
        raise ParameterError(Fault(what, repr(name), expected, f"choose another {what} name"))


def _fault(document: Document, keys: Keys, expected: str, remedy: str = "mend it there") -> Fault:
    found = value_at(document.tree, keys)
    return Fault(document.shown, repr(found), expected, remedy, place(keys, document.tree), document.row(keys))


def _name_faults(document: Document, key: str, found: str, expected: str) -> list[Fault]:
    return [] if found == expected else [_fault(document, (key,), repr(expected), "file name and key must agree")]


def _previous_faults(project: Project, cut: CutParameters, document: Document) -> list[Fault]:
    if not cut.previous_cut:
        return []
    known = [cut_id for cut_id in list_cuts(project, cut.study) if cut_id != cut.cut_id]
    if cut.previous_cut in known:
        return []
    return [_fault(document, ("previous_cut",), f"another cut of the study: {', '.join(known) or 'there is none'}")]


def _reference_faults(study: Study, document: Document) -> list[Fault]:
    used = [(("findings", number, "schedule"), item.schedule) for number, item in enumerate(study.findings)]
    used += [(("endpoints", number, "schedule"), item.schedule) for number, item in enumerate(study.endpoints)]
    expected = f"one of schedules: {', '.join(study.schedules) or 'none is given'}"
    read = {*study.sources.required, *study.sources.optional}
    is_lacking = "ae" in read and "adverse_events" not in study.model_fields_set
    lacking = _fault(document, ("adverse_events",), "rules of adverse events, for ae is read", "add the section")
    numbers = f"published numbers, here or in {PUBLISHED} beside this file"
    empty = _fault(document, ("reproduction",), numbers, "add them, or remove the section")
    is_empty = study.reproduction is not None and not study.reproduction.numbers
    return (
        [lacking] * is_lacking
        + [empty] * is_empty
        + [
            _fault(document, keys, expected, "name a schedule of this file")
            for keys, name in used
            if name not in study.schedules
        ]
    )
