"""Files of a transfer folder: found without leaving it, never larger than the limit, hashed as they are read."""

from __future__ import annotations

import hashlib
import os
import re
from pathlib import Path

LARGEST_FILE_BYTES = 2 * 1024**3
"""A file beyond this is refused before a byte of it is read."""

_LONGEST_PATH = 1024
_DRIVE = re.compile(r"[A-Za-z]:")


class UnusableFileError(ValueError):
    """A file that is not read; the message says why in the reader's words."""


def path_problem(relative: str) -> str:
    r"""Return why a path may not be used as one inside the transfer folder; empty when it may.

    Examples
    --------
    >>> path_problem("sdtm/ae.xpt"), path_problem("../ae.xpt"), path_problem("/etc/passwd")
    ('', 'a path that leaves the folder', 'an absolute path')
    >>> path_problem("ae\0.xpt"), path_problem("")
    ('a path with characters that do not print', 'an empty path')
    """
    if not relative:
        return "an empty path"
    if len(relative) > _LONGEST_PATH:
        return f"a path of more than {_LONGEST_PATH} characters"
    if not relative.isprintable():
        return "a path with characters that do not print"
    if relative.startswith(("/", "~")) or "\\" in relative or _DRIVE.match(relative):
        return "an absolute path" if relative.startswith("/") else "a path that is not written with '/' from the folder"
    if any(part in ("", ".", "..") for part in relative.split("/")):
        return "a path that leaves the folder" if ".." in relative.split("/") else "a path with empty parts"
    return ""


def find_file(folder: Path, relative: str) -> Path:
    """Return where a listed file really lies.

    Raises
    ------
    UnusableFileError
        There is none, it is no regular file, it is too large, or a link leads out of the folder.
    """
    try:
        path = (folder / relative).resolve(strict=True)
    except (OSError, RuntimeError):
        raise UnusableFileError("no such file") from None
    if not path.is_relative_to(folder.resolve()):
        raise UnusableFileError("a link that leaves the transfer folder")
    if not path.is_file():
        raise UnusableFileError("not a regular file")
    size = path.stat().st_size
    if size > LARGEST_FILE_BYTES:
        raise UnusableFileError(f"{size} bytes, more than the limit of {LARGEST_FILE_BYTES}")
    return path


def sha256_of(path: Path) -> str:
    """Return the SHA-256 of a file in hexadecimal."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def list_files(folder: Path) -> list[str]:
    """Return the paths, with '/' and relative to the folder, of everything in it that is no folder, sorted.

    Links to folders are not followed.
    """
    found = []
    for place, folders, names in os.walk(folder, followlinks=False):
        folders.sort()
        links = [name for name in folders if (Path(place) / name).is_symlink()]
        found += [(Path(place) / name).relative_to(folder).as_posix() for name in [*names, *links]]
    return sorted(found)
