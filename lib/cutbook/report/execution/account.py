"""The account that a run belongs to: its name, and where it keeps what is made once for all runs."""

from __future__ import annotations

import os
import pwd
from pathlib import Path

from cutbook.published.software import version_of


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
    folder = Path(home) / "cutbook" / f"matplotlib-{version_of('matplotlib')}"
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except (OSError, RuntimeError):
        return fallback
    return folder if os.access(folder, os.W_OK) and folder.stat().st_uid == os.getuid() else fallback
