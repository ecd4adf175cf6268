from __future__ import annotations

import hashlib
import json
import os
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from cutbook.published.chain import check_ledger
from cutbook.published.ledger import FIRST, LEDGER, append_row
from cutbook.published.locks import take_lock
from cutbook.published.rows import MailRow, RunRow

Lines = list[bytes]


def started(number: int) -> str:
    return f"2026-11-2{number}T08:00:00Z"


def write(outputs: Path, rows: int = 4) -> Lines:
    """Return the lines of a ledger of runs, just written."""
    for number in range(1, rows + 1):
        append_row(outputs, RunRow(run=f"run{number}", started=started(number), exit=5))
    return (outputs / LEDGER).read_bytes().splitlines()


def put(outputs: Path, lines: Lines, end: bytes = b"\n") -> None:
    (outputs / LEDGER).write_bytes(b"\n".join(lines) + end)


def changed(line: bytes) -> bytes:
    assert b'"exit": 5' in line
    return line.replace(b'"exit": 5', b'"exit": 0')


def forged(lines: Lines, row: int, previous: str) -> bytes:
    """Return a row that nobody wrote, with the keys of the last."""
    told: dict[str, Any] = json.loads(lines[-1])
    return json.dumps(told | {"row": row, "run": "forged", "started": started(9), "previous": previous}).encode()


def sha256(line: bytes) -> str:
    return hashlib.sha256(line).hexdigest()


@pytest.mark.parametrize(
    ("damage", "row", "key", "found"),
    [
        (lambda own: [own[0], changed(own[1]), *own[2:]], 2, "run run2, 2026-11-22T08:00:00Z", "other content"),
        (lambda own: [changed(own[0]), *own[1:]], 1, "run run1, 2026-11-21T08:00:00Z", "other content"),
        (lambda own: [own[0], *own[2:]], 2, "run run3, 2026-11-23T08:00:00Z", "row 3 after row 1, what lay between"),
        (lambda own: own[1:], 1, "run run2, 2026-11-22T08:00:00Z", "row 2 after row 0, what lay between"),
        (lambda own: [own[0], own[2], own[1], own[3]], 2, "run run3, 2026-11-23T08:00:00Z", "moved from after line 3"),
        (lambda own: [own[0], own[3], own[1], own[2]], 2, "run run4, 2026-11-24T08:00:00Z", "moved from after line 4"),
        (lambda own: [*own[:3], own[3][:40]], 4, "", "an unreadable row"),
        (lambda own: [*own[:2], b"\xff\x00", own[3]], 3, "", "an unreadable row"),
        (lambda own: [*own[:2], b"[" * 100_000, own[3]], 3, "", "an unreadable row"),
        (lambda own: [*own[:2], b'{"run": "run3"}', own[3]], 3, "", "an unreadable row"),
        (lambda own: [*own, forged(own, 5, FIRST)], 5, "run forged, 2026-11-29T08:00:00Z", "put in or moved"),
        (lambda own: [*own, forged(own, 5, "ab" * 32)], 5, "run forged, 2026-11-29T08:00:00Z", "put in, or row 4"),
        (lambda own: [*own, forged(own, 7, sha256(own[3]))], 5, "run forged, 2026-11-29T08:00:00Z", "7 after row 4"),
        (lambda own: [*own, own[3]], 5, "run run4, 2026-11-24T08:00:00Z", "put in or moved"),
        (
            lambda own: [*own[:2], forged(own, 3, sha256(own[1])), *own[2:]],
            3,
            "run forged, 2026-11-29T08:00:00Z",
            "put in or moved after it was written, in the place of line 4",
        ),
        (lambda own: [*own[:2], changed(own[2]), own[3]], 4, "run run4, 2026-11-24T08:00:00Z", "row 3 (run run3, 2026"),
        (
            lambda own: [own[0], own[1].replace(b'"row": 2', b'"row": 3'), *own[2:]],
            2,
            "run run2, 2026-11-22T08:00:00Z",
            "row 3 after row 1",
        ),
        (
            lambda own: [own[0], own[1].replace(b'"previous": "', b'"previous": "f')[:-3] + b'"}', *own[2:]],
            2,
            "run run2, 2026-11-22T08:00:00Z",
            "other content",
        ),
    ],
    ids=[
        "a digit of row 2", "a digit of row 1", "row 2 removed", "row 1 removed", "two rows swapped",
        "the last row moved", "the last line truncated", "bytes that are no text", "nested without end",
        "no number and no hash", "a forged row appended as if it were the first", "a forged row appended",
        "a forged row with another number", "the last row twice", "a forged row put in",
        "a digit of the last but one", "the number of row 2", "the hash that row 2 holds",
    ],
)  # fmt: skip
def test_damage_is_told_with_line_run_and_time(
    tmp_path: Path, damage: Callable[[Lines], Lines], row: int, key: str, found: str
) -> None:
    put(tmp_path, damage(write(tmp_path)))
    fault = check_ledger(tmp_path).faults[0]
    assert (fault.row, fault.key) == (row, key)
    assert found in fault.found


def test_an_untouched_ledger_holds_and_tells_the_hash_of_its_last_row(tmp_path: Path) -> None:
    lines = write(tmp_path)
    checked = check_ledger(tmp_path)
    assert (checked.rows, checked.head, checked.faults) == (4, sha256(lines[3]), ())


@pytest.mark.parametrize("content", [None, b""])
def test_without_rows_there_is_nothing_to_break(tmp_path: Path, content: bytes | None) -> None:
    if content is not None:
        (tmp_path / LEDGER).write_bytes(content)
    checked = check_ledger(tmp_path)
    assert (checked.rows, checked.head, checked.faults) == (0, FIRST, ())


def test_a_row_whose_end_of_line_alone_was_lost_holds(tmp_path: Path) -> None:
    put(tmp_path, write(tmp_path), end=b"")
    assert check_ledger(tmp_path).faults == ()


def test_one_change_is_one_fault_and_a_second_is_told_too(tmp_path: Path) -> None:
    lines = write(tmp_path, 7)
    put(tmp_path, [lines[0], changed(lines[1]), *lines[2:]])
    assert [fault.row for fault in check_ledger(tmp_path).faults] == [2]
    put(tmp_path, [lines[0], changed(lines[1]), lines[2], lines[3], changed(lines[4]), *lines[5:]])
    assert [fault.row for fault in check_ledger(tmp_path).faults] == [2, 5]


def test_a_mail_is_named_by_what_became_of_it(tmp_path: Path) -> None:
    for number in range(1, 4):
        append_row(tmp_path, MailRow(event="mail accepted", at=started(number), attempts=5))
    lines = (tmp_path / LEDGER).read_bytes().splitlines()
    put(tmp_path, [lines[0].replace(b'"attempts": 5', b'"attempts": 6'), *lines[1:]])
    assert check_ledger(tmp_path).faults[0].key == "mail accepted, 2026-11-21T08:00:00Z"


def test_what_a_forged_row_says_of_itself_cannot_reach_the_terminal(tmp_path: Path) -> None:
    append_row(tmp_path, RunRow(run="\x1b[2J\n" + "x" * 500))
    (line,) = (tmp_path / LEDGER).read_bytes().splitlines()
    put(tmp_path, [line.replace(b'"row": 1', b'"row": 2')])
    key = check_ledger(tmp_path).faults[0].key
    assert key.isprintable()
    assert len(key) == 100


def test_a_ledger_is_checked_between_two_rows_not_within_one(tmp_path: Path) -> None:
    lines = write(tmp_path)
    descriptor = os.open(tmp_path / LEDGER, os.O_RDWR)
    assert take_lock(descriptor)
    put(tmp_path, [*lines[:3], lines[3][:40]])
    found: list[int] = []
    checking = threading.Thread(target=lambda: found.append(len(check_ledger(tmp_path).faults)))
    checking.start()
    checking.join(0.2)
    assert found == []
    put(tmp_path, lines)
    os.close(descriptor)
    checking.join()
    assert found == [0]
