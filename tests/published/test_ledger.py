from __future__ import annotations

import errno
import hashlib
import json
import os
import threading
from pathlib import Path

import pytest

from cutbook.published.chain import check_ledger
from cutbook.published.ledger import FIRST, LEDGER, append_row, read_rows
from cutbook.published.rows import MailRow, Row, RunRow

MAIL = {"event": "mail held", "at": "T", "recipient": "r", "reason": "why"}


def test_each_row_holds_the_hash_of_the_row_before(tmp_path: Path) -> None:
    head = [append_row(tmp_path, RunRow(run=name, exit=0)) for name in ("a", "b", "c")]
    rows = read_rows(tmp_path)
    assert [row.row for row in rows] == [1, 2, 3]
    assert [row.previous for row in rows] == [FIRST, *head[:2]]
    last = (tmp_path / LEDGER).read_bytes().splitlines()[-1]
    assert head[-1] == hashlib.sha256(last).hexdigest()
    assert check_ledger(tmp_path).faults == ()


@pytest.mark.parametrize(
    "tamper",
    [
        lambda lines: [lines[0].replace(b'"exit": 3', b'"exit": 0'), *lines[1:]],
        lambda lines: lines[1:],
        lambda lines: [lines[0], lines[2]],
        lambda lines: [lines[1], lines[0], lines[2]],
    ],
)
def test_a_changed_removed_or_moved_row_is_found(tmp_path: Path, tamper: object) -> None:
    for name in ("a", "b", "c"):
        append_row(tmp_path, RunRow(run=name, exit=3))
    lines = (tmp_path / LEDGER).read_bytes().splitlines()
    changed = tamper(lines)  # type: ignore[operator]
    (tmp_path / LEDGER).write_bytes(b"\n".join(changed) + b"\n")
    assert "a break in the chain" in str(check_ledger(tmp_path).faults[0])


def test_a_row_torn_by_a_crash_is_kept_apart_and_shown(tmp_path: Path) -> None:
    append_row(tmp_path, RunRow(run="a"))
    with (tmp_path / LEDGER).open("ab") as ledger:
        ledger.write(b'{"row": 2, "run": "to')
    append_row(tmp_path, RunRow(run="c"))
    assert [row for row in read_rows(tmp_path) if isinstance(row, RunRow)][-1].run == "c"
    assert [(fault.found, fault.row) for fault in check_ledger(tmp_path).faults] == [("an unreadable row", 2)]


def test_a_row_that_cannot_be_written_leaves_no_part_of_itself(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    append_row(tmp_path, RunRow(run="a"))
    before = (tmp_path / LEDGER).read_bytes()
    write = os.write

    def tear(descriptor: int, content: bytes) -> int:
        write(descriptor, content[:10])
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with monkeypatch.context() as patched:
        patched.setattr(os, "write", tear)
        with pytest.raises(OSError, match="No space left"):
            append_row(tmp_path, RunRow(run="b"))
    assert (tmp_path / LEDGER).read_bytes() == before


def test_rows_written_at_once_form_one_chain(tmp_path: Path) -> None:
    threads = [threading.Thread(target=append_row, args=(tmp_path, RunRow(run=str(n)))) for n in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(read_rows(tmp_path)) == 20
    assert check_ledger(tmp_path).faults == ()


def test_text_cannot_break_out_of_its_row(tmp_path: Path) -> None:
    hostile = 'x"}\n{"row": 9, "exit": 0}\u2028\r'
    append_row(tmp_path, RunRow(run="a", purpose=hostile))
    assert len((tmp_path / LEDGER).read_bytes().splitlines()) == 1
    assert json.loads((tmp_path / LEDGER).read_bytes())["purpose"] == hostile


def test_the_ledger_is_for_its_owner_only(tmp_path: Path) -> None:
    append_row(tmp_path / "new", RunRow(run="a"))
    assert (tmp_path / "new" / LEDGER).stat().st_mode & 0o777 == 0o600
    assert (tmp_path / "new").stat().st_mode & 0o777 == 0o700


def test_without_a_ledger_there_are_no_rows_and_no_faults(tmp_path: Path) -> None:
    assert read_rows(tmp_path) == []
    assert check_ledger(tmp_path).faults == ()


@pytest.mark.parametrize(
    ("line", "row", "told"),
    [
        ({"run": "a", "exit": 3, "outcome": "DataError"}, RunRow, ("DataError", "", 3, "run a, ")),
        ({"run": "a", "started": "T", "requester": "x"}, RunRow, ("", "by x", None, "run a, T")),
        (MAIL, MailRow, ("mail held", "to r (why)", None, "mail held, T")),
        ({"study": "s"}, Row, ("", "", None, ", ")),
        ({"run": ["a"], "exit": "3", "revision": True, "study": None}, RunRow, ("", "", None, 'run ["a"], ')),
    ],
)
def test_a_line_is_the_row_of_a_run_of_a_mail_or_of_neither(
    tmp_path: Path, line: dict[str, object], row: type[Row], told: tuple[str, str, int | None, str]
) -> None:
    (tmp_path / LEDGER).write_text(json.dumps(line) + "\n", encoding="utf-8")
    (read,) = read_rows(tmp_path)
    assert type(read) is row
    assert (read.what, read.who, read.code, read.name) == told


def test_a_row_keeps_keys_of_another_version_and_gets_none_that_it_was_not_made_with(tmp_path: Path) -> None:
    written = {"row": 1, "study": "s", "run": "a", "weather": {"x": [1]}, "previous": FIRST}
    (tmp_path / LEDGER).write_text(json.dumps(written) + "\n", encoding="utf-8")
    assert read_rows(tmp_path)[0].as_written() == written
