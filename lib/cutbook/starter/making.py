"""A project of one's own, written as a whole or not at all."""

from __future__ import annotations

import os
import shutil
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from tempfile import mkdtemp

from cutbook.errors import Fault, ParameterError
from cutbook.published.folders import remove_tree
from cutbook.starter.contents import EXAMPLE, OUTPUTS, source_folder, starting_files
from cutbook.starter.schemas import schema_files

_SHOWN = 3


def make_project(folder: Path, study: str = EXAMPLE) -> list[str]:
    """Return the paths in a new project of all files that were written into it.

    The folder is filled where it stands, never replaced, so it may be the working folder or a mounted volume.

    Parameters
    ----------
    folder : Path
        Folder of the project, absent or empty; folders above it are made as need be.
    study : str
        Name of the example study that it starts with.

    Raises
    ------
    ParameterError
        The folder holds something already, is no folder or cannot be written, or there is no such example study;
        nothing is left behind.
    """
    files, texts = starting_files(source_folder(), study), schema_files()
    try:
        _refuse_occupied(folder)
        _fill(folder, files, texts)
    except OSError as error:
        found = f"{type(error).__name__}: {error.strerror or error}"
        raise ParameterError(Fault(str(folder), found, "a folder to write to", "mend it or name another")) from None
    return sorted([*files, *texts])


def _refuse_occupied(folder: Path) -> None:
    if folder.is_dir():
        found = ", ".join(repr(path.name) for path in sorted(folder.iterdir())[:_SHOWN])
    else:
        found = "something that is no folder" if os.path.lexists(folder) else ""
    if found:
        raise ParameterError(Fault(str(folder), found, "a folder that is absent or empty", "name another, or empty it"))


def _fill(folder: Path, files: Mapping[str, Path], texts: Mapping[str, str]) -> None:
    """Make the folder and those above it as need be, and fill it; remove what was made when it fails."""
    made = [path for path in (folder, *folder.parents) if not path.exists()]
    try:
        folder.mkdir(parents=True, exist_ok=True)
        _write(folder, files, texts)
    except BaseException:
        for path in made:
            with suppress(OSError):
                path.rmdir()
        raise


def _write(folder: Path, files: Mapping[str, Path], texts: Mapping[str, str]) -> None:
    """Copy the files and write the texts apart, then move them to their places; remove what is there when it fails."""
    apart = Path(mkdtemp(prefix=".new-", dir=folder))
    written = [apart]
    try:
        (apart / OUTPUTS).mkdir()
        for name, source in files.items():
            (apart / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(source, apart / name)
        for name, text in texts.items():
            (apart / name).parent.mkdir(parents=True, exist_ok=True)
            (apart / name).write_text(text, encoding="utf-8")
        for path in sorted(apart.iterdir()):
            written.append(path.rename(folder / path.name))
        apart.rmdir()
    except BaseException:
        for path in written:
            remove_tree(path) if path.is_dir() else path.unlink()
        raise
