"""Publishing: a finished set appears whole, or not at all, and an earlier one is never changed."""

from __future__ import annotations

import shutil
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from cutbook.errors import DataError, Fault, PublishError
from cutbook.published.folders import BESIDE, INDEX_FILE, Place, study_index_file, sync_file, sync_folder
from cutbook.published.manifest import Identity, Manifest, read_manifest
from cutbook.published.sets import sets_of

REPORT_FILES = (".html", ".ipynb", ".results.parquet")
"""What a set holds of every report."""

FURTHER_FILES = (".headline.json", ".records.parquet", BESIDE)
"""What a set holds of a report whose notebook writes it, or whose page has no room for all its tables."""

_OPEN = "draft"
"""Status of a cut whose study file may still change."""


@dataclass(frozen=True)
class Published:
    """A published set.

    Attributes
    ----------
    folder : Path
        The folder of the set.
    current : Path
        The link that readers follow.
    replaced : str or None
        What the link named before; None when there was no link.
    is_current : bool
        The link names this set now; it does not when a report of the study is missing from the set.
    """

    folder: Path
    current: Path
    replaced: str | None
    is_current: bool

    @property
    def pages(self) -> list[Path]:
        """Return the pages to read: the reports of the set, then its index, then that of the study where it is."""
        folder = self.current if self.is_current else self.folder
        reports = sorted(file for file in folder.glob("*.html") if _is_report(file.name))
        indexes = (folder / INDEX_FILE, study_index_file(self.current.parents[1], self.current.name))
        return [*reports, *(file for file in indexes if file.is_file())]


def _is_report(file: str) -> bool:
    return file != INDEX_FILE and not file.endswith(BESIDE)


def publish_set(place: Place, finished: Path, name: str, *, is_complete: bool) -> Published:
    """Return the published set after moving a finished one into its place and, if complete, making it the current one.

    Parameters
    ----------
    place : Place
        Where the cut lies.
    finished : Path
        Folder of the finished set, on the same file system.
    name : str
        Name of the set among the revisions.
    is_complete : bool
        Every report of the study is in it.

    Raises
    ------
    PublishError
        It could not be published; the earlier set is as it was.
    """
    target = place.revisions / name
    replaced = _link_text(place.current)
    try:
        _make_lasting(finished)
        place.revisions.mkdir(mode=0o700, parents=True, exist_ok=True)
        finished.rename(target)
        sync_folder(place.revisions)
        if is_complete:
            _point(place, f"revisions/{name}")
    except OSError as error:
        _take_back(place, target, finished)
        raise PublishError(_fault(place, error)) from None
    return Published(target, place.current, replaced, is_complete)


def withdraw_set(place: Place, published: Published, to: Path) -> None:
    """Undo the publication of a set: the link names what it named before, and the set lies in ``to`` again."""
    with suppress(OSError):
        if published.is_current and published.replaced is not None:
            _point(place, published.replaced)
        elif published.is_current:
            place.current.unlink()
    _take_back(place, published.folder, to)


def refuse_changed(place: Place, revision: int, identity: Identity) -> None:
    """Return when no set of this revision was made from other data or parameters.

    The study file of a draft may change: its sets are made again under the same revision until the cut is final.

    Parameters
    ----------
    place : Place
        Where the cut lies.
    revision : int
        Revision to publish.
    identity : Identity
        Of this run.

    Raises
    ------
    DataError
        Data or parameters changed under the name of the cut; every file and parameter that did.
    """
    for folder in sets_of(place, revision):
        earlier = read_manifest(folder)
        if earlier is None:
            raise PublishError(
                Fault(f"revisions/{folder.name}", "no readable manifest", "a published set", "restore it from a backup")
            )
        faults = _changes(place, revision, earlier.identity, identity)
        if faults:
            raise DataError(faults)


def run_before_study_change(place: Place, revision: int, study_sha256: str) -> str:
    """Return the run of the newest set of this revision when it was made from another study file; else empty.

    Parameters
    ----------
    place : Place
        Where the cut lies; the set of this run is not published yet.
    revision : int
        Revision to publish.
    study_sha256 : str
        Hash of the study file of this run, as in its identity.
    """
    newest = next(iter(sets_of(place, revision)), None)
    manifest = read_manifest(newest) if newest else None
    return "" if manifest is None or manifest.identity.study_sha256 == study_sha256 else manifest.run


def carry_reports(place: Place, revision: int, names: Iterable[str], to: Path, *, study_sha256: str) -> dict[str, str]:
    """Return the run by file of the reports copied into ``to`` from the newest set that has each.

    Only sets of this revision that were made from the same study file are looked through: a set has one study file.

    Parameters
    ----------
    place : Place
        Where the cut lies.
    revision : int
        Revision whose sets, all made from the same data and cut parameters, are looked through.
    names : iterable of str
        Reports that this run did not make.
    to : Path
        The set under construction.
    study_sha256 : str
        Hash of the study file of this run, as in its identity.
    """
    runs = {}
    sets = ((folder, read_manifest(folder)) for folder in sets_of(place, revision))
    alike = [(folder, it) for folder, it in sets if it and it.identity.study_sha256 == study_sha256]
    for name in names:
        files = [f"{name}{suffix}" for suffix in REPORT_FILES]
        for folder, manifest in alike:
            if all((folder / file).is_file() for file in files):
                made_by = {item.file: item.run for item in manifest.outputs}
                further = [f"{name}{suffix}" for suffix in FURTHER_FILES if (folder / f"{name}{suffix}").is_file()]
                for file in [*files, *further]:
                    shutil.copyfile(folder / file, to / file)
                    runs[file] = made_by.get(file, "")
                break
    return runs


def current_manifest(place: Place) -> Manifest | None:
    """Return the manifest of the current set, or None when there is none."""
    return read_manifest(place.current)


def _changes(place: Place, revision: int, earlier: Identity, now: Identity) -> list[Fault]:
    remedy = f"data changed under cut {place.cut}: raise revision above {revision} in its file; both are then kept"
    faults = [
        Fault(file, _hash(now.inputs.get(file)), _hash(earlier.inputs.get(file)), remedy)
        for file in sorted({*earlier.inputs, *now.inputs})
        if earlier.inputs.get(file) != now.inputs.get(file)
    ]
    shown = f"parameters/{place.study}/{place.cut}.yaml"
    remedy = f"parameters changed under cut {place.cut}: raise revision above {revision}; both are then kept"
    was, given = earlier.parameters.model_dump(), now.parameters.model_dump()
    faults += [
        Fault(shown, repr(given.get(key)), f"{was.get(key)!r} as published", remedy, key)
        for key in sorted({*was, *given})
        if was.get(key) != given.get(key)
    ]
    if now.parameters.status != _OPEN and earlier.study_sha256 != now.study_sha256:
        expected = "the study file of the published set"
        faults.append(Fault(f"parameters/{place.study}/study.yaml", "other content", expected, remedy))
    return faults


def _hash(digest: str | None) -> str:
    return f"SHA-256 {digest[:12]}…" if digest else "no such file"


def _make_lasting(finished: Path) -> None:
    for file in finished.iterdir():
        file.chmod(0o600)
        sync_file(file)
    sync_folder(finished)


def _link_text(link: Path) -> str | None:
    return str(link.readlink()) if link.is_symlink() else None


def _point(place: Place, target: str) -> None:
    """Make the current link name ``target``, in one step."""
    fresh = place.cut_folder / f".{place.audience}-next"
    fresh.unlink(missing_ok=True)
    try:
        fresh.symlink_to(target)
        fresh.replace(place.current)
    except OSError:
        fresh.unlink(missing_ok=True)
        raise
    sync_folder(place.cut_folder)


def _take_back(place: Place, target: Path, to: Path) -> None:
    with suppress(OSError):
        if target.exists():
            target.rename(to)
    for folder in (place.revisions, place.cut_folder, place.cut_folder.parent):
        with suppress(OSError):
            folder.rmdir()


def _fault(place: Place, error: OSError) -> Fault:
    found = f"{type(error).__name__}: {error.strerror or error}"
    remedy = "the earlier report is unchanged; mend the disk and run again"
    return Fault(f"{place.study}/{place.cut}/{place.audience}", found, "a place to publish", remedy)
