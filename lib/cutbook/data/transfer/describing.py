"""Describing a transfer: the manifest of a folder as it lies there, every dataset read as a run reads it."""

from __future__ import annotations

import hashlib
import stat
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath

from cutbook.data.formats.columns import Source
from cutbook.data.formats.signatures import ENDINGS, ending_of
from cutbook.data.formats.strict_json import strict_json
from cutbook.data.transfer.files import UnusableFileError, find_file, path_problem
from cutbook.data.transfer.manifest import LARGEST_MANIFEST_BYTES, ListedFile, Manifest, manifest_text
from cutbook.data.transfer.sources import Part, encoding_of, file_fault, is_dataset_name, read_content
from cutbook.data.wording import first_few, printable, quoted
from cutbook.errors import DataError, Fault, ParameterError
from cutbook.parameters.project import RESTRICTED_MANIFEST
from cutbook.parameters.study import Sources

RESTRICTED = "restricted"
"""Sub-folder with a manifest of its own where no study file names another."""

_LEAVE_OUT = "leave out with --leave-out what does not belong to the transfer"
_ELSEWHERE = (
    "give the folder the name of that transfer if it is the same one, else move that manifest away, or let each folder "
    "hold its own: sources.manifest of the study file without study:"
)


@dataclass(frozen=True)
class Statement:
    """What whoever writes a manifest states of a transfer, because no file tells it.

    Attributes
    ----------
    study : str
        Whose transfer it is.
    is_synthetic : bool
        No real participant is in it.
    extracted : str
        Date of extraction, ISO 8601; empty for the newest date of the files.
    leave_out : collection of str
        Paths, relative to the transfer folder, of files that are no part of it.
    """

    study: str
    is_synthetic: bool
    extracted: str = ""
    leave_out: Collection[str] = ()


@dataclass(frozen=True)
class Described:
    """A part of a transfer as it lies there: its manifest, and why each other file is not in it, by path."""

    part: Part
    manifest: Manifest
    left_out: dict[str, str]


@dataclass(frozen=True)
class _Found:
    """What a part holds: its datasets, the other files, the newest day (UTC) of a dataset, and what is wrong."""

    files: tuple[ListedFile, ...]
    left_out: dict[str, str]
    newest: str
    faults: tuple[Fault, ...]


def parts_of(folder: Path, manifest: Path, sources: Sources | None) -> list[Part]:
    """Return the parts of the transfer in a folder: the open one, and the restricted one where there is its sub-folder.

    Parameters
    ----------
    folder : Path
        The transfer.
    manifest : Path
        Where the manifest of the open part belongs.
    sources : Sources or None
        What the study file says of the restricted part; None: there is no study file yet.
    """
    rules = sources.restricted if sources else None
    apart = rules.folder if rules and not rules.root else RESTRICTED
    name = folder.resolve().name
    parts = [Part(folder, manifest, name, apart)]
    if (folder / apart).is_dir():
        parts.append(Part(folder / apart, folder / apart / RESTRICTED_MANIFEST, name))
    return parts


def refuse_manifests_of_others(parts: Sequence[Part]) -> None:
    """Return when no part of a transfer would take the place of the manifest of another transfer.

    A file that is no manifest, or names no transfer, vouches for nothing and is none of another.

    Raises
    ------
    ParameterError
        A manifest that is there names another transfer; all of them.
    """
    stated = [(part, _transfer_of(part.manifest)) for part in parts]
    faults = [
        Fault(
            part.manifest.name,
            quoted(other),
            f"{quoted(part.transfer)}, the name of the folder",
            _ELSEWHERE,
            "transfer",
        )
        for part, other in stated
        if other not in ("", part.transfer)
    ]
    if faults:
        raise ParameterError(faults)


def _transfer_of(manifest: Path) -> str:
    """Return the transfer that a manifest names; empty where there is no such file or it names none."""
    try:
        if manifest.stat().st_size > LARGEST_MANIFEST_BYTES:
            return ""
        tree = strict_json(manifest.read_bytes())
    except (OSError, ValueError):
        return ""
    named = tree.get("transfer") if isinstance(tree, dict) else None
    return named if isinstance(named, str) else ""


def describe_parts(parts: list[Part], statement: Statement, sources: Sources | None) -> list[Described]:
    """Return every part of a transfer with the manifest that describes it, its files in the order of their paths.

    Parameters
    ----------
    parts : list of Part
        As :func:`parts_of` returns them.
    statement : Statement
        What no file tells.
    sources : Sources or None
        Encodings and standard as the study file declares them. None: UTF-8, or what the file says of itself; ADaM for
        datasets whose name begins with ``ad`` and SDTM for the others.

    Raises
    ------
    ParameterError
        A file to leave out is not there.
    DataError
        A dataset cannot be read or lies there twice, or a part holds none; all faults of all parts at once.
    """
    _check_left_out(parts, statement)
    found = [_find(part, _own(part, parts[0], statement.leave_out), sources) for part in parts]
    faults = [_placed(fault, part, parts[0]) for part, one in zip(parts, found, strict=True) for fault in one.faults]
    if faults:
        raise DataError(faults)
    extracted = statement.extracted or max(one.newest for one in found)
    return [
        Described(part, _manifest(part, one, statement, extracted), one.left_out)
        for part, one in zip(parts, found, strict=True)
    ]


def write_manifests(described: list[Described]) -> None:
    """Write the manifest of every part; when one cannot be written, none is replaced.

    Raises
    ------
    OSError
        One cannot be written.
    """
    fresh = [one.part.manifest.with_name(f".{one.part.manifest.name}-next") for one in described]
    try:
        for one, file in zip(described, fresh, strict=True):
            file.write_text(manifest_text(one.manifest), encoding="utf-8")
            file.chmod(_mode(one))
        for one, file in zip(described, fresh, strict=True):
            file.replace(one.part.manifest)
    finally:
        for file in fresh:
            file.unlink(missing_ok=True)


def _mode(described: Described) -> int:
    """Return who may read the manifest: whoever may read the first of its files."""
    first = described.part.folder / described.manifest.files[0].path
    return stat.S_IMODE(first.stat().st_mode) & 0o644 | stat.S_IRUSR | stat.S_IWUSR


def _own(part: Part, opened: Part, paths: Collection[str]) -> set[str]:
    """Return the paths of a part among paths relative to the transfer folder."""
    return set(paths) if part is opened else {path.removeprefix(f"{opened.apart}/") for path in paths}


def _check_left_out(parts: list[Part], statement: Statement) -> None:
    opened, *others = parts
    known = {*opened.files(), *(f"{opened.apart}/{path}" for part in others for path in part.files())}
    expected = "a file of the transfer, its path written from the folder with '/'"
    faults = [
        Fault("leave-out", quoted(path), expected, "check the path") for path in sorted({*statement.leave_out} - known)
    ]
    if faults:
        raise ParameterError(faults)


def _placed(fault: Fault, part: Part, opened: Part) -> Fault:
    return fault if part is opened else replace(fault, dataset=f"{opened.apart}/{fault.dataset}")


def _manifest(part: Part, found: _Found, statement: Statement, extracted: str) -> Manifest:
    return Manifest(
        format="cutbook-transfer-1",
        study=statement.study,
        transfer=part.transfer,
        extracted=extracted,
        is_synthetic=statement.is_synthetic,
        files=found.files,
    )


def _find(part: Part, leave_out: Collection[str], sources: Sources | None) -> _Found:
    others = {path: _why_left_out(path, leave_out) for path in part.files() if part.folder / path != part.manifest}
    files: list[ListedFile] = []
    faults: list[Fault] = []
    for path in (path for path, why in others.items() if not why):
        try:
            files.append(_listed(part.folder, path, sources))
        except DataError as error:
            faults += error.faults
    left_out = {printable(path): why for path, why in others.items() if why}
    newest = max((_day(part.folder / file.path) for file in files), default="")
    return _Found(tuple(files), left_out, newest, (*faults, *_list_faults(part, files, is_damaged=bool(faults))))


def _why_left_out(path: str, leave_out: Collection[str]) -> str:
    """Return why a file is no dataset of the transfer; empty when it is one."""
    if path in leave_out:
        return "as asked for"
    problem = path_problem(path)
    if problem:
        return problem
    if path == RESTRICTED_MANIFEST:
        return "a manifest"
    if not ending_of(path):
        return "no format that is read"
    return "" if is_dataset_name(_dataset(path)) else "no name of a dataset"


def _dataset(path: str) -> str:
    return PurePosixPath(path).stem.lower()


def _listed(folder: Path, path: str, sources: Sources | None) -> ListedFile:
    dataset = _dataset(path)
    try:
        content = find_file(folder, path).read_bytes()
    except UnusableFileError as error:
        raise file_fault(dataset, path, str(error), "a readable file inside the transfer folder") from None
    except OSError as error:
        found = f"a file that cannot be read ({error.strerror})"
        raise file_fault(dataset, path, found, "a readable file") from None
    rows = len(read_content(content, path, _source(dataset, path, sources)).frame)
    return ListedFile(path=path, dataset=dataset, sha256=hashlib.sha256(content).hexdigest(), rows=rows)


def _source(dataset: str, path: str, sources: Sources | None) -> Source:
    if sources is not None:
        return Source(dataset, encoding_of(sources, dataset, path), sources.model)
    encoding = "" if ending_of(path) == ".sas7bdat" else "utf-8"
    return Source(dataset, encoding, "adam" if dataset.startswith("ad") else "sdtm")


def _day(file: Path) -> str:
    return f"{datetime.fromtimestamp(file.stat().st_mtime, UTC):%Y-%m-%d}"


def _list_faults(part: Part, files: list[ListedFile], *, is_damaged: bool) -> list[Fault]:
    if not files and not is_damaged:
        expected = f"datasets: files that end in {', '.join(ENDINGS)}"
        return [Fault(part.folder.name, "no dataset", expected, "check the folder")]
    twice = [name for name, count in Counter(file.dataset for file in files).items() if count > 1]
    return [
        Fault(name, first_few(file.path for file in files if file.dataset == name), "one file a dataset", _LEAVE_OUT)
        for name in twice
    ]
