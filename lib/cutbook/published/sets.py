"""Published sets, seen from outside: finished files and the manifest that vouches for them."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, StringConstraints, ValidationError

from cutbook.errors import DeliveryError, Fault
from cutbook.parameters.base import Name
from cutbook.parameters.cut import Audience, CutId
from cutbook.published.headline import Headline, read_headline

MANIFEST = "manifest.json"
INDEX = "index.html"
_RESULTS = ".results.parquet"
_REVISION = re.compile(r"[a-z]+-r(\d+)-")

FileName = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$")]


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")


class _Output(_Part):
    file: FileName
    bytes: int
    sha256: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]


class _Parameters(_Part):
    cutoff_date: str
    previous_cut: str = ""
    purpose: str = ""
    status: str = "draft"


class _Identity(_Part):
    parameters: _Parameters


class _Manifest(_Part):
    format: Literal["cutbook-manifest-1"]
    study: Name
    cut: CutId
    audience: Audience
    revision: int
    reports: list[str] = []
    is_complete: bool
    is_synthetic: bool
    is_verified: bool = True
    extracted: str = ""
    rendered: str = ""
    finished: str = ""
    identity: _Identity
    outputs: list[_Output]


@dataclass(frozen=True)
class ReportFile:
    """One report of a set: its page, the hash of its results, and its headline where it has one."""

    name: str
    page: Path
    size: int
    sha256: str
    results_sha256: str
    headline: Headline | None


@dataclass(frozen=True)
class PublishedSet:
    """A published set. ``sha256`` is the hash of its manifest, which holds those of all its files."""

    folder: Path
    manifest: _Manifest
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
        return hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()


def read_set(folder: Path) -> PublishedSet:
    """Return a set; nothing but its manifest and headlines is read.

    Raises
    ------
    DeliveryError
        The manifest is missing or damaged, or a headline cannot be read.
    """
    try:
        content = (folder / MANIFEST).read_bytes()
        manifest = _Manifest.model_validate_json(content)
    except (OSError, ValidationError):
        fault = Fault(f"{folder.name}/{MANIFEST}", "no readable manifest", "a published set", "render it again")
        raise DeliveryError(fault) from None
    files = {item.file: item for item in manifest.outputs}
    found = [file.removesuffix(".html") for file in files if file.endswith(".html")]
    names = dict.fromkeys([*(name for name in manifest.reports if name in found), *found])
    reports = [_report(folder, name, files) for name in names if f"{name}{_RESULTS}" in files]
    return PublishedSet(folder, manifest, hashlib.sha256(content).hexdigest(), tuple(reports))


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
    for folder in sorted((outputs / study / cut / "revisions").glob(f"{audience}-r*-*")):
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
    try:
        content = report.page.read_bytes()
    except OSError:
        content = b""
    if hashlib.sha256(content).hexdigest() != report.sha256:
        fault = Fault(report.page.name, "another SHA-256", f"{report.sha256[:12]}… of the manifest", "render it again")
        raise DeliveryError(fault)
    return content


def _report(folder: Path, name: str, files: dict[str, _Output]) -> ReportFile:
    page = files[f"{name}.html"]
    told = files.get(f"{name}.headline.json")
    headline = read_headline(folder / told.file, told.sha256) if told else None
    results = files[f"{name}{_RESULTS}"].sha256
    return ReportFile(name, folder / page.file, page.bytes, page.sha256, results, headline)
