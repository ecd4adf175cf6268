"""A published set as one archive, with the manifest that vouches for its files."""

from __future__ import annotations

import zipfile
from pathlib import Path

from cutbook.errors import Fault, ParameterError, PublishError
from cutbook.published.hashes import sha256_bytes
from cutbook.published.manifest import MANIFEST
from cutbook.published.sets import PublishedSet, current_set

_FIRST_DAY = (1980, 1, 1, 0, 0, 0)
"""The date of all members: the same set gives the same bytes."""


def find_set(outputs: Path, study: str, cut: str, audience: str) -> PublishedSet:
    """Return the set that readers are given now.

    Raises
    ------
    ParameterError
        There is none.
    """
    found = current_set(outputs, study, cut, audience)
    if found is None:
        remedy = f"publish one: cutbook run {study} {cut}"
        raise ParameterError(Fault("--format zip", "no complete published set", f"one of {study} {cut}", remedy))
    return found


def write_archive(published: PublishedSet, folder: Path) -> dict[Path, int]:
    """Write the files of a set and its manifest into one archive, and return how many it holds.

    Raises
    ------
    PublishError
        A file is not the one that the manifest vouches for.
    """
    about = published.manifest
    file = folder / f"{about.study}_{about.cut}_{about.audience}_r{about.revision}.zip"
    folder.mkdir(parents=True, exist_ok=True)
    contents = {name: (published.folder / name).read_bytes() for name in sorted(about.files)}
    changed = [name for name, content in contents.items() if sha256_bytes(content) != about.files[name].sha256]
    if changed:
        found = f"{', '.join(changed)}, changed after publication"
        raise PublishError(Fault("archive", found, "files as their manifest has them", "publish the cut again"))
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in {**contents, MANIFEST: (published.folder / MANIFEST).read_bytes()}.items():
            archive.writestr(_member(f"{file.stem}/{name}"), content)
    return {file: len(contents) + 1}


def _member(name: str) -> zipfile.ZipInfo:
    member = zipfile.ZipInfo(name, _FIRST_DAY)
    member.compress_type = zipfile.ZIP_DEFLATED
    member.external_attr = 0o600 << 16
    return member
