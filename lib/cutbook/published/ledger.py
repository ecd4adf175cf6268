"""The ledger: one row a run, appended and never changed, each row holding the hash of the one before."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from cutbook.published.locks import wait_for_lock
from cutbook.published.rows import Row, RunRow, row_of

LEDGER = "ledger.jsonl"
FIRST = "0" * 64
"""What the first row holds for the hash of the row before."""


def append_row(outputs: Path, row: Row) -> str:
    """Return the hash of the ledger after appending a row.

    Parameters
    ----------
    outputs : Path
        Folder that holds the ledger; made if need be.
    row : Row
        What to keep; its number and the hash of the row before are given here.

    Raises
    ------
    OSError
        The row could not be written; then nothing of it is kept.
    """
    outputs.mkdir(mode=0o700, parents=True, exist_ok=True)
    with _locked(outputs / LEDGER) as descriptor:
        size = os.fstat(descriptor).st_size
        lines = _lines(os.pread(descriptor, size, 0))
        numbered = {"row": len(lines) + 1, **row.as_written(), "previous": _hash(lines[-1]) if lines else FIRST}
        line = json.dumps(numbered, ensure_ascii=False, sort_keys=False).encode()
        # A run that was killed while writing may have left a line without its end.
        is_torn = size > 0 and os.pread(descriptor, 1, size - 1) != b"\n"
        _write(descriptor, (b"\n" if is_torn else b"") + line + b"\n", size)
        return _hash(line)


def ledger_head(outputs: Path) -> str:
    """Return the hash of the last row of the ledger; it vouches for all rows before."""
    lines = _lines(_content(outputs))
    return _hash(lines[-1]) if lines else FIRST


def read_rows(outputs: Path) -> list[Row]:
    """Return the readable rows of the ledger in order; none when there is no ledger."""
    rows = (parse_row(line) for line in _lines(_content(outputs)))
    return [row for row in rows if row is not None]


def published_sets(outputs: Path) -> dict[str, int]:
    """Return by name of a published set the place of its row: the order of publishing, which no wrong clock changes."""
    return {row.set: place for place, row in enumerate(read_rows(outputs)) if isinstance(row, RunRow) and row.set}


def count_unreadable(outputs: Path) -> int:
    """Return how many rows of the ledger cannot be read."""
    return sum(parse_row(line) is None for line in _lines(_content(outputs)))


def parse_row(line: bytes) -> Row | None:
    """Return a line of the ledger as a row, or None where it is none."""
    try:
        values = json.loads(line)
        return row_of(values) if isinstance(values, dict) else None
    except (ValueError, RecursionError):
        return None


def _content(outputs: Path) -> bytes:
    file = outputs / LEDGER
    return file.read_bytes() if file.exists() else b""


def _lines(content: bytes) -> list[bytes]:
    return [line for line in content.split(b"\n") if line]


def _hash(line: bytes) -> str:
    return hashlib.sha256(line).hexdigest()


def _write(descriptor: int, content: bytes, size: int) -> None:
    try:
        written = os.write(descriptor, content)
        if written != len(content):
            raise OSError(f"{written} of {len(content)} bytes written to the ledger")
        os.fsync(descriptor)
    except OSError:
        os.ftruncate(descriptor, size)
        raise


@contextmanager
def _locked(file: Path) -> Iterator[int]:
    descriptor = os.open(file, os.O_RDWR | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        wait_for_lock(descriptor)
        yield descriptor
    finally:
        os.close(descriptor)
