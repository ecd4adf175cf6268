"""The folder of a run: opened when no other run of the cut is under way, and left empty however the run ends."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from cutbook.errors import BusyError, Fault
from cutbook.published.folders import Place, failed_folder, remove_tree, work_folder
from cutbook.published.ledger import append_row, read_rows
from cutbook.published.locks import take_lock, wait_for_lock
from cutbook.published.manifest import read_manifest
from cutbook.published.rows import RunRow

KILLED = 137
"""Exit code noted for a run that was killed and could not note its own."""

_LOCK = "lock"
_ABOUT = "run.json"
_RESERVE = "reserve"
_RESERVE_BYTES = 65_536
_LONGEST_LOG_BYTES = 1_000_000


@contextmanager
def open_run(place: Place, run: str, about: RunRow) -> Iterator[Path]:
    """Yield the private folder of a run, which is gone afterwards; what killed runs left is put aside first.

    Parameters
    ----------
    place : Place
        The cut that the run is about.
    run : str
        Id of the run.
    about : RunRow
        What the ledger will say of the run, should it be killed; ``set`` names the set it is to publish.

    Raises
    ------
    BusyError
        Another run of the cut is under way.
    OSError
        The folder cannot be made.
    """
    folder = work_folder(place.outputs) / run
    with _work_lock(place.outputs):
        _refuse_second(place)
        _sweep(place.outputs)
        lock = _make(folder, about)
    try:
        yield folder
    finally:
        with suppress(OSError), _work_lock(place.outputs):
            remove_tree(folder)
        os.close(lock)


def release_reserve(folder: Path) -> None:
    """Give back the space that was kept for telling of a failure."""
    with suppress(OSError):
        (folder / _RESERVE).unlink()


def keep_failed(outputs: Path, folder: Path, words: str) -> Path:
    """Return the folder in which notebooks, logs and faults of a failed run are kept; as much as there is room for.

    Parameters
    ----------
    outputs : Path
        Output root.
    folder : Path
        Folder of the run.
    words : str
        What was found wrong, one line each.
    """
    release_reserve(folder)
    remove_tree(folder / "staged")
    failed = failed_folder(outputs, folder.name)
    with suppress(OSError):
        failed.parent.mkdir(mode=0o700, exist_ok=True)
        failed.mkdir(mode=0o700, exist_ok=True)
        (failed / "faults.log").write_text(words + "\n", encoding="utf-8")
    for file in sorted({*folder.glob("*/*.log"), *folder.glob("*/*.ipynb")}):
        with suppress(OSError):
            if file.suffix == ".log":
                (failed / file.name).write_bytes(file.read_bytes()[-_LONGEST_LOG_BYTES:])
            else:
                shutil.copyfile(file, failed / file.name)
    return failed


@contextmanager
def _work_lock(outputs: Path) -> Iterator[None]:
    """Hold the lock of the work folder, for the moments in which runs come and go; an empty one is removed."""
    work = work_folder(outputs)
    while True:
        work.mkdir(mode=0o700, exist_ok=True)
        try:
            descriptor = os.open(work, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        except FileNotFoundError:
            continue
        wait_for_lock(descriptor)
        # The folder may have been removed, and made anew, while this run waited for its lock.
        if _is_same(work, descriptor):
            break
        os.close(descriptor)
    try:
        yield
    finally:
        with suppress(OSError):
            work.rmdir()
        os.close(descriptor)


def _is_same(path: Path, descriptor: int) -> bool:
    with suppress(OSError):
        return os.path.samestat(path.stat(), os.fstat(descriptor))
    return False


def _make(folder: Path, about: RunRow) -> int:
    """Return the lock, held, of a folder just made."""
    folder.mkdir(mode=0o700)
    lock = os.open(folder / _LOCK, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    wait_for_lock(lock)
    try:
        (folder / _ABOUT).write_text(json.dumps(about.as_written()), encoding="utf-8")
        (folder / _RESERVE).write_bytes(bytes(_RESERVE_BYTES))
    except OSError:
        remove_tree(folder)
        os.close(lock)
        raise
    return lock


def _is_live(folder: Path) -> bool:
    try:
        descriptor = os.open(folder / _LOCK, os.O_RDWR | os.O_CLOEXEC)
    except OSError:
        return False
    try:
        return not take_lock(descriptor)
    finally:
        os.close(descriptor)


def _about(folder: Path) -> RunRow | None:
    with suppress(OSError, ValueError):
        about = RunRow.model_validate_json((folder / _ABOUT).read_bytes())
        return about if about.study and about.cut and about.audience and about.set else None
    return None


def _refuse_second(place: Place) -> None:
    for folder in work_folder(place.outputs).iterdir():
        about = _about(folder)
        if about and (about.study, about.cut) == (place.study, place.cut) and _is_live(folder):
            found = f"run {folder.name} of it under way"
            raise BusyError(Fault(f"cut {place.cut}", found, "one run at a time", "wait for it, then run again"))


def _sweep(outputs: Path) -> None:
    for folder in sorted(work_folder(outputs).iterdir()):
        if folder.is_dir() and not _is_live(folder):
            _put_aside(outputs, folder, _about(folder))
            remove_tree(folder)


def _put_aside(outputs: Path, folder: Path, about: RunRow | None) -> None:
    """Note a killed run in the ledger, and keep what it left; a set that it had published stays published."""
    release_reserve(folder)
    if not about or any(isinstance(row, RunRow) and row.run == folder.name for row in read_rows(outputs)):
        return
    place = Place(outputs, about.study, about.cut, about.audience)
    target = place.revisions / about.set
    if _is_published(place, target):
        append_row(outputs, about.ends(0, "published, then killed"))
        return
    failed = keep_failed(outputs, folder, f"{KILLED} run {folder.name} was killed")
    if target.exists():
        target.rename(failed / "unpublished")
    append_row(outputs, about.ends(KILLED, "killed"))


def _is_published(place: Place, target: Path) -> bool:
    if place.current.is_symlink() and place.current.readlink() == Path("revisions", target.name):
        return True
    manifest = read_manifest(target)
    return manifest is not None and not manifest.is_complete
