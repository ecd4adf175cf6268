"""The manifest of a published set: what went in, what came out, and with what it was made.

This module and the command line are the only places that read the clock and the environment.
"""

from __future__ import annotations

import hashlib
import json
import os
import platform
import pwd
import re
import secrets
import shutil
import subprocess
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cutbook.errors import Fault, ParameterError

if TYPE_CHECKING:
    from cutbook.parameters.cut import CutParameters
    from cutbook.parameters.study import Study

MANIFEST = "manifest.json"
FORMAT = "cutbook-manifest-1"
RECORDED_TIME = "SOURCE_DATE_EPOCH"
"""Environment variable that sets the recorded time of a run (https://reproducible-builds.org/specs/source-date-epoch/)."""
PACKAGES = (
    "cutbook", "ipykernel", "jinja2", "matplotlib", "nbclient", "nbconvert", "numpy", "pandas", "papermill", "pyarrow",
    "pydantic", "pyreadstat", "scipy", "seaborn",
)  # fmt: skip
"""Packages whose versions can move a number or a page."""

Manifest = dict[str, Any]

_TIME = "%Y-%m-%dT%H:%M:%SZ"
_SECONDS = re.compile(r"[0-9]{1,12}")
_LAST_SECOND = 253_402_300_799
_LONGEST_SHOWN = 40
_LIB = Path(__file__).resolve().parents[2]


def utc_now() -> str:
    """Return the time in UTC, ``2026-11-22T08:32:00Z``."""
    return datetime.now(UTC).strftime(_TIME)


def recorded_time(now: str) -> str:
    """Return the one time that the reports of a run say: ``now``, or that of ``SOURCE_DATE_EPOCH`` where it is set.

    Everything in a report that depends on the clock reads this value, so that a report can be made again byte by byte.

    Parameters
    ----------
    now : str
        UTC time of the clock, ``2026-11-22T08:32:00Z``.

    Raises
    ------
    ParameterError
        The variable is set, even to nothing, and is not a number of seconds since 1970 up to the year 9999.
    """
    given = os.environ.get(RECORDED_TIME)
    if given is None:
        return now
    if not _SECONDS.fullmatch(given) or int(given) > _LAST_SECOND:
        expected = "whole seconds since 1970-01-01T00:00:00Z, digits only"
        raise ParameterError(Fault(RECORDED_TIME, repr(given[:_LONGEST_SHOWN]), expected, "correct it or unset it"))
    return datetime.fromtimestamp(int(given), UTC).strftime(_TIME)


def code_version(root: Path) -> str:
    """Return which code a page is made by, as it says: the commit of a checkout, else the version of the package.

    A project of one's own that is kept in git says its commit too: its notebooks and parameters are of that commit, the
    package is not.

    Parameters
    ----------
    root : Path
        The project folder.

    Examples
    --------
    >>> code_version(Path("/nowhere")).split()[0]
    'cutbook'
    """
    package = " ".join(filter(None, ["cutbook", _version("cutbook")]))
    commit = _git(root, "rev-parse", "--short=12", "HEAD")
    if commit is None:
        return package
    stated = f"commit {commit}" + (" with changes" if _is_dirty(root) else "")
    return stated if (root / "lib").resolve() == _LIB else f"{package}, project {stated}"


def epoch_of(recorded: str) -> str:
    """Return a recorded time as the seconds since 1970 that ``SOURCE_DATE_EPOCH`` holds.

    Examples
    --------
    >>> epoch_of("2026-11-22T00:00:00Z")
    '1795305600'
    """
    return str(int(datetime.fromisoformat(recorded).timestamp()))


def new_run_id(now: str) -> str:
    """Return a name for a run that sorts by time and is not used twice."""
    return now.translate({ord(mark): None for mark in "-:"}) + "-" + secrets.token_hex(4)


def account_name() -> str:
    """Return the account that the run belongs to."""
    user = os.getuid()
    try:
        return pwd.getpwuid(user).pw_name
    except KeyError:
        return str(user)


def figure_cache_folder(fallback: Path) -> Path:
    """Return a folder of this account where matplotlib may keep its list of fonts, made if need be.

    Building that list takes seconds, so it is kept between runs; it is kept apart from the account's own settings of
    matplotlib, which must not change a figure.

    Parameters
    ----------
    fallback : Path
        Used where the account has no writable cache.
    """
    home = os.environ.get("XDG_CACHE_HOME") or str(Path("~/.cache").expanduser())
    folder = Path(home) / "cutbook" / f"matplotlib-{_version('matplotlib')}"
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except (OSError, RuntimeError):
        return fallback
    return folder if os.access(folder, os.W_OK) and folder.stat().st_uid == os.getuid() else fallback


def identity_of(study: Study, cut: CutParameters, inputs: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """Return what a cut of one revision must not change: parameters, study file and the files that were read.

    Parameters
    ----------
    study, cut : Study, CutParameters
        As read.
    inputs : iterable of mapping
        ``file`` and ``sha256`` of every file that was read.
    """
    return {
        "parameters": cut.model_dump(mode="json"),
        "study_sha256": sha256_text(study.model_dump_json()),
        "inputs": {str(item["file"]): str(item["sha256"]) for item in inputs},
    }


def outputs_of(folder: Path, run: str) -> list[dict[str, Any]]:
    """Return file, size, SHA-256 and run of every file of a finished set, in the order of their names."""
    return [
        {"file": file.name, "bytes": file.stat().st_size, "sha256": sha256_file(file), "run": run}
        for file in sorted(folder.iterdir())
        if file.name != MANIFEST
    ]


def versions() -> dict[str, str]:
    """Return the version of Python and of every package that can move a number or a page; empty when not installed."""
    return {"python": platform.python_version(), **{name: _version(name) for name in PACKAGES}}


def describe_code(root: Path, notebooks: Iterable[Path]) -> dict[str, Any]:
    """Return with what a set was made: versions, and of the project its lock files, notebooks and, in git, the commit.

    Parameters
    ----------
    root : Path
        The project folder.
    notebooks : iterable of Path
        The notebooks as they were run.
    """
    return {
        "platform": platform.platform(terse=True),
        "versions": versions(),
        "locks": {file.name: sha256_file(file) for file in sorted(root.glob("requirements*.lock"))},
        "notebooks": {file.name: sha256_file(file) for file in sorted(notebooks)},
        "commit": _git(root, "rev-parse", "HEAD"),
        "is_dirty": _is_dirty(root),
    }


def write_manifest(folder: Path, manifest: Manifest) -> Path:
    """Return the manifest file, written beside the files it describes."""
    file = folder / MANIFEST
    file.write_text(json.dumps(manifest, indent=1, sort_keys=True, ensure_ascii=False) + "\n", encoding="utf-8")
    return file


def read_manifest(folder: Path) -> Manifest | None:
    """Return the manifest of a set, or None where there is none that can be read."""
    try:
        manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return manifest if isinstance(manifest, dict) and manifest.get("format") == FORMAT else None


def sha256_file(file: Path) -> str:
    """Return the SHA-256 of a file in hexadecimal digits."""
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def sha256_text(text: str) -> str:
    """Return the SHA-256 of a text in UTF-8, in hexadecimal digits."""
    return hashlib.sha256(text.encode()).hexdigest()


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return ""


def _is_dirty(root: Path) -> bool | None:
    status = _git(root, "status", "--porcelain")
    return None if status is None else bool(status)


def _git(root: Path, *arguments: str) -> str | None:
    """Return what git says, or None outside a checkout; nothing that the checkout configures is run."""
    git = shutil.which("git")
    if git is None or not (root / ".git").exists():
        return None
    safe = ["-c", "core.fsmonitor=false", "-c", "core.hooksPath=/dev/null"]
    environment = {"PATH": os.defpath, "LC_ALL": "C", "GIT_OPTIONAL_LOCKS": "0", "GIT_CONFIG_NOSYSTEM": "1"}
    command = [git, *safe, "-C", str(root), *arguments]
    done = subprocess.run(  # noqa: S603 - git with fixed arguments
        command, capture_output=True, text=True, check=False, timeout=60, env=environment
    )
    return done.stdout.strip() if done.returncode == 0 else None
