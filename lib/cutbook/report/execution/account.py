"""The account that a run belongs to: its name, and where it keeps what is made once for all runs."""

from __future__ import annotations

import ctypes
import os
import pwd
import sys
from contextlib import suppress
from pathlib import Path

from cutbook.published.clock import age_s
from cutbook.published.software import version_of

_PR_SET_DUMPABLE = 4

_LONGEST_LOCK_S = 60.0
"""Seconds; the list of fonts is written in a moment."""


def hide_environment() -> None:
    """Keep other processes of the account, kernels among them, from reading the environment of this one, on Linux.

    The superuser can read it all the same.
    """
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_DUMPABLE, 0)


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
    try:
        # An account without an entry and without HOME has no home.
        home = os.environ.get("XDG_CACHE_HOME") or str(Path("~/.cache").expanduser())
        folder = Path(home) / "cutbook" / f"matplotlib-{version_of('matplotlib')}"
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except (OSError, RuntimeError):
        return fallback
    if not os.access(folder, os.W_OK) or folder.stat().st_uid != os.getuid():
        return fallback
    _remove_stale_locks(folder)
    return folder


def _remove_stale_locks(folder: Path) -> None:
    """Remove the locks that killed runs left: matplotlib waits for them for seconds, then fails."""
    for lock in folder.glob("*.matplotlib-lock"):
        with suppress(OSError):
            if abs(age_s(lock)) > _LONGEST_LOCK_S:
                lock.unlink()
