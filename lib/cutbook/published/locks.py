"""Locks of open files and folders, held until the file is closed, also by the end of the process.

``fcntl`` is imported when a lock is asked for, so that what only reads published files works where there is none.
"""

from __future__ import annotations


def wait_for_lock(descriptor: int) -> None:
    """Return once nobody else holds the lock of an open file or folder; it is held then."""
    import fcntl

    fcntl.flock(descriptor, fcntl.LOCK_EX)


def wait_for_writers(descriptor: int) -> None:
    """Return once nobody holds the lock of an open file alone; others may read it at the same time."""
    import fcntl

    fcntl.flock(descriptor, fcntl.LOCK_SH)


def take_lock(descriptor: int) -> bool:
    """Return whether the lock of an open file is held now; it is not when somebody else holds it."""
    import fcntl

    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
