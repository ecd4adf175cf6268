"""Locks of open files and folders, held until the file is closed, also by the end of the process.

``fcntl`` is imported when a lock is asked for, so that what only reads published files works where there is none.
"""

from __future__ import annotations

import time

from cutbook.errors import BusyError, Fault

LONGEST_WAIT_S = 60.0
"""Seconds after which a lock that somebody holds is waited for no longer."""

_LOOK_EVERY_S = 0.02


def wait_for_lock(descriptor: int) -> None:
    """Return once nobody else holds the lock of an open file or folder; it is held then.

    Raises
    ------
    BusyError
        Somebody holds it for longer than ``LONGEST_WAIT_S``.
    """
    import fcntl

    _wait(descriptor, fcntl.LOCK_EX)


def wait_for_writers(descriptor: int) -> None:
    """Return once nobody holds the lock of an open file alone; others may read it at the same time.

    Raises
    ------
    BusyError
        Somebody holds it for longer than ``LONGEST_WAIT_S``.
    """
    import fcntl

    _wait(descriptor, fcntl.LOCK_SH)


def take_lock(descriptor: int) -> bool:
    """Return whether the lock of an open file is held now; it is not when somebody else holds it."""
    import fcntl

    return _is_taken(descriptor, fcntl.LOCK_EX)


def _wait(descriptor: int, kind: int) -> None:
    last = time.monotonic() + LONGEST_WAIT_S
    while not _is_taken(descriptor, kind):
        if time.monotonic() > last:
            found = f"held by another process for {LONGEST_WAIT_S:g} s"
            raise BusyError(Fault("lock", found, "a lock that is given back", "see which process holds it, and end it"))
        time.sleep(_LOOK_EVERY_S)


def _is_taken(descriptor: int, kind: int) -> bool:
    import fcntl

    try:
        fcntl.flock(descriptor, kind | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
