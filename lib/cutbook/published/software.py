"""With what a set was made: versions of Python and packages, lock files, notebooks and, in a checkout, the commit."""

from __future__ import annotations

import os
import platform
import shutil
import subprocess
from collections.abc import Iterable
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from cutbook.published.hashes import sha256_file
from cutbook.published.manifest import Code

PACKAGES = (
    "cutbook", "ipykernel", "jinja2", "matplotlib", "nbclient", "nbconvert", "numpy", "pandas", "papermill", "pyarrow",
    "pydantic", "pyreadstat", "scipy", "seaborn",
)  # fmt: skip
"""Packages whose versions can move a number or a page."""

_LIB = Path(__file__).resolve().parents[2]


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
    package = " ".join(filter(None, ["cutbook", version_of("cutbook")]))
    commit = _git(root, "rev-parse", "--short=12", "HEAD")
    if commit is None:
        return package
    stated = f"commit {commit}" + (" with changes" if _is_dirty(root) else "")
    return stated if (root / "lib").resolve() == _LIB else f"{package}, project {stated}"


def describe_code(root: Path, notebooks: Iterable[Path]) -> Code:
    """Return with what a set was made.

    Parameters
    ----------
    root : Path
        The project folder.
    notebooks : iterable of Path
        The notebooks as they were run.
    """
    return Code(
        platform=platform.platform(terse=True),
        versions=versions(),
        locks={file.name: sha256_file(file) for file in sorted(root.glob("requirements*.lock"))},
        notebooks={file.name: sha256_file(file) for file in sorted(notebooks)},
        commit=_git(root, "rev-parse", "HEAD"),
        is_dirty=_is_dirty(root),
    )


def versions() -> dict[str, str]:
    """Return the version of Python and of every package that can move a number or a page; empty when not installed."""
    return {"python": platform.python_version(), **{name: version_of(name) for name in PACKAGES}}


def version_of(package: str) -> str:
    """Return the version of an installed package; empty when it is not installed."""
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
