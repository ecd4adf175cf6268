"""Published sets, seen from outside: finished files and the manifest that vouches for them."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from pydantic import ValidationError

from cutbook.errors import DeliveryError, Fault
from cutbook.published.folders import BESIDE, Place
from cutbook.published.hashes import sha256_bytes, sha256_text
from cutbook.published.headline import HEADLINE, HeadlineFile, read_mailed_headline
from cutbook.published.ledger import published_sets
from cutbook.published.manifest import MANIFEST, Manifest, Output

_RESULTS = ".results.parquet"
_REVISION = re.compile(r"[a-z]+-r(\d+)-")


@dataclass(frozen=True)
class Beside:
    """The file beside a page, with the tables that the page has no room for."""

    file: Path
    sha256: str


@dataclass(frozen=True)
class ReportFile:
    """One report of a set: its page, the hash of its results, its headline and the file beside it, where it has them.

    ``size`` is that of the page and the file beside it, in bytes.
    """

    name: str
    page: Path
    size: int
    sha256: str
    results_sha256: str
    headline: HeadlineFile | None
    beside: Beside | None = None


@dataclass(frozen=True)
class PublishedSet:
    """A published set. ``sha256`` is the hash of its manifest, which holds those of all its files."""

    folder: Path
    manifest: Manifest
    sha256: str
    reports: tuple[ReportFile, ...]

    @property
    def key(self) -> tuple[str, str, str, int]:
        """Return study, cut, class and revision."""
        about = self.manifest
        return about.study, about.cut, about.audience, about.revision

    def content(self, names: Iterable[str] | None = None) -> str:
        """Return the hash of the results of some reports (of all when none are named), whenever they were rendered."""
        chosen = {report.name for report in self.reports} if names is None else set(names)
        told = {report.name: report.results_sha256 for report in self.reports if report.name in chosen}
        return sha256_text(json.dumps(told, sort_keys=True))


def read_set(folder: Path) -> PublishedSet:
    """Return a set; nothing but its manifest and headlines is read.

    Raises
    ------
    DeliveryError
        The manifest is missing or damaged, or a headline cannot be read.
    """
    try:
        content = (folder / MANIFEST).read_bytes()
        manifest = Manifest.model_validate_json(content)
    except (OSError, ValidationError):
        fault = Fault(f"{folder.name}/{MANIFEST}", "no readable manifest", "a published set", "render it again")
        raise DeliveryError(fault) from None
    files = manifest.files
    found = [file.removesuffix(".html") for file in files if file.endswith(".html")]
    names = dict.fromkeys([*(name for name in manifest.reports if name in found), *found])
    reports = [_report(folder, name, files) for name in names if f"{name}{_RESULTS}" in files]
    return PublishedSet(folder, manifest, sha256_bytes(content), tuple(reports))


def in_order(outputs: Path, sets: Iterable[Path]) -> list[Path]:
    """Return the folders of sets in the order in which they were published, by the ledger, whatever the clock said.

    Sets that the ledger does not know come first, by name.
    """
    places = published_sets(outputs)
    return sorted(sets, key=lambda folder: (places.get(folder.name, -1), folder.name))


def sets_of(place: Place, revision: int) -> list[Path]:
    """Return the folders of the published sets of a revision, the newest first."""
    return in_order(place.outputs, place.revisions.glob(f"{place.audience}-r{revision}-*"))[::-1]


def current_set(outputs: Path, study: str, cut: str, audience: str) -> PublishedSet | None:
    """Return the complete set that readers are given now, or None when there is none."""
    link = outputs / study / cut / audience
    if not link.is_symlink() or not link.is_dir():
        return None
    found = read_set(link.resolve())
    return found if found.manifest.is_complete else None


def earlier_set(outputs: Path, current: PublishedSet) -> PublishedSet | None:
    """Return the newest complete set of the highest revision below that of a set, or None."""
    study, cut, audience, revision = current.key
    folders: dict[int, list[Path]] = {}
    for folder in in_order(outputs, (outputs / study / cut / "revisions").glob(f"{audience}-r*-*")):
        match = _REVISION.match(folder.name)
        if match and int(match[1]) < revision:
            folders.setdefault(int(match[1]), []).append(folder)
    for number in sorted(folders, reverse=True):
        for folder in reversed(folders[number]):
            found = read_set(folder)
            if found.manifest.is_complete:
                return found
    return None


def read_page(report: ReportFile) -> bytes:
    """Return the page of a report, as the manifest vouches for it.

    Raises
    ------
    DeliveryError
        It is another file than the one that was published.
    """
    return _read(report.page, report.sha256)


def read_beside(report: ReportFile) -> bytes:
    """Return the file beside the page of a report, as the manifest vouches for it; nothing where there is none.

    Raises
    ------
    DeliveryError
        It is another file than the one that was published.
    """
    return _read(report.beside.file, report.beside.sha256) if report.beside else b""


def _read(file: Path, sha256: str) -> bytes:
    try:
        content = file.read_bytes()
    except OSError:
        content = b""
    if sha256_bytes(content) != sha256:
        fault = Fault(file.name, "another SHA-256", f"{sha256[:12]}… of the manifest", "render it again")
        raise DeliveryError(fault)
    return content


def _report(folder: Path, name: str, files: Mapping[str, Output]) -> ReportFile:
    page = files[f"{name}.html"]
    told = files.get(f"{name}{HEADLINE}")
    headline = read_mailed_headline(folder / told.file, told.sha256) if told else None
    results = files[f"{name}{_RESULTS}"].sha256
    more = files.get(f"{name}{BESIDE}")
    beside = Beside(folder / more.file, more.sha256) if more else None
    size = page.bytes + (more.bytes if more else 0)
    return ReportFile(name, folder / page.file, size, page.sha256, results, headline, beside)
