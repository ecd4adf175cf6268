"""Locks are waited for, but not for ever."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from cutbook.errors import BusyError
from cutbook.published import locks
from cutbook.published.locks import take_lock, wait_for_lock, wait_for_writers


@pytest.fixture
def both(tmp_path: Path) -> Iterator[tuple[int, int]]:
    """Return two openings of one file, as two processes have them."""
    opened = [os.open(tmp_path / "lock", os.O_RDWR | os.O_CREAT) for _ in range(2)]
    yield opened[0], opened[1]
    for descriptor in opened:
        os.close(descriptor)


@pytest.mark.parametrize("wait", [wait_for_lock, wait_for_writers])
def test_a_lock_that_nobody_gives_back_is_waited_for_no_longer_than_said(both, wait, monkeypatch):
    monkeypatch.setattr(locks, "LONGEST_WAIT_S", 0.1)
    assert take_lock(both[0])
    with pytest.raises(BusyError, match=r"lock: found held by another process for 0\.1 s") as told:
        wait(both[1])
    assert told.value.exit_code == 75


def test_a_lock_that_is_given_back_is_taken(both):
    assert take_lock(both[0])
    assert not take_lock(both[1])
    holder = threading.Timer(0.1, release, [both[0]])
    holder.start()
    wait_for_lock(both[1])
    holder.join()
    assert not take_lock(both[0])


def release(descriptor: int) -> None:
    import fcntl

    fcntl.flock(descriptor, fcntl.LOCK_UN)
