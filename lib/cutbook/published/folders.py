"""Where the files of a cut lie under the output root, and who may see them."""

from __future__ import annotations

import os
import shutil
import stat
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from cutbook.errors import Fault, ParameterError, PublishError

RESERVED = frozenset({"failed", "explore"})
"""Folders of the output root that no study may be named after."""

INDEX = "index"
"""Name of the index page of a set, as reports have names."""

INDEX_FILE = f"{INDEX}.html"

BESIDE = ".tables.html"
"""How the name of a file ends that lies beside the page of a report, with the tables that the page has no room for."""

_NOBODY_ELSE = 0o750


@dataclass(frozen=True)
class Place:
    """The folders of one cut and class under the output root."""

    outputs: Path
    study: str
    cut: str
    audience: str

    @property
    def cut_folder(self) -> Path:
        """Return the folder of the cut."""
        return self.outputs / self.study / self.cut

    @property
    def revisions(self) -> Path:
        """Return the folder that keeps every published set."""
        return self.cut_folder / "revisions"

    @property
    def current(self) -> Path:
        """Return the link to the current set."""
        return self.cut_folder / self.audience

    def set_name(self, revision: int, run: str) -> str:
        """Return the name of the folder of a set."""
        return f"{self.audience}-r{revision}-{run}"


def study_index_file(study_folder: Path, audience: str) -> Path:
    """Return where the index page of a study lies, for one class."""
    return study_folder / study_index_name(audience)


def study_index_name(audience: str) -> str:
    """Return the name of the index page of a study, for one class."""
    return f"{INDEX}-{audience}.html"


def work_folder(outputs: Path) -> Path:
    """Return the folder of the runs under way."""
    return outputs / ".work"


def failed_folder(outputs: Path, run: str) -> Path:
    """Return the folder that keeps what a failed run left for its reader."""
    return outputs / "failed" / run


def secure_root(outputs: Path, study: str) -> None:
    """Return when the output root is there and closed to everyone but its owner and group.

    Raises
    ------
    ParameterError
        The study has the name of a folder of the root.
    PublishError
        The root belongs to someone else and is open to all.
    OSError
        It cannot be made.
    """
    if study in RESERVED:
        raise ParameterError(Fault("study", repr(study), "a name that is not a folder of the outputs", "rename it"))
    outputs.mkdir(mode=0o700, parents=True, exist_ok=True)
    status = outputs.stat()
    mode = stat.S_IMODE(status.st_mode)
    if mode & ~_NOBODY_ELSE == 0:
        return
    if status.st_uid != os.geteuid():
        if mode & stat.S_IWOTH:
            fault = Fault(
                "outputs", f"mode {mode:04o}", "a folder that others cannot write", "close it, or use another"
            )
            raise PublishError(fault)
        return
    outputs.chmod(mode & _NOBODY_ELSE)


def refuse_links(place: Place) -> None:
    """Return when the folders of a cut lie where they seem to: none is a link, which could lead out of the root.

    The link to the current set is none of them.

    Raises
    ------
    PublishError
        A folder is a link; each that is.
    """
    folders = (place.cut_folder.parent, place.cut_folder, place.revisions)
    faults = [
        Fault(f"outputs/{folder.relative_to(place.outputs)}", "a link", "a folder", "put the folder itself there")
        for folder in folders
        if folder.is_symlink()
    ]
    if faults:
        raise PublishError(faults)


def remove_tree(folder: Path) -> None:
    """Remove a folder with all its files, read-only ones too; return quietly when some of it stays."""

    def open_and_repeat(function: Callable[[str], object], path: str, _error: object) -> None:
        with suppress(OSError):
            Path(path).parent.chmod(0o700)
            function(path)

    shutil.rmtree(folder, onerror=open_and_repeat)


def sync_folder(folder: Path) -> None:
    """Make the names in a folder last through a power failure."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def sync_file(file: Path) -> None:
    """Make the content of a file last through a power failure."""
    with file.open("rb") as stream:
        os.fsync(stream.fileno())
