"""The commands that show and check the ledger."""

from __future__ import annotations

import json
import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from cutbook import cli
from cutbook.published.ledger import append_row
from cutbook.published.rows import row_of

RUN = {
    "run": "run1",
    "started": "2026-11-21T08:00:00Z",
    "study": "demo",
    "cut": "C1",
    "requester": "analyst",
    "audience": "unblinded",
    "revision": 1,
    "exit": 0,
    "outcome": "published",
}
FAILED = {
    "run": "run2",
    "started": "2026-11-22T08:00:00Z",
    "study": "demo",
    "cut": "C10",
    "requester": "analyst",
    "ended": "2026-11-22T08:01:00Z",
    "exit": 3,
    "outcome": "DataError",
}
MAIL = {
    "event": "mail refused",
    "at": "2026-11-23T08:00:00Z",
    "study": "other",
    "cut": "C1",
    "audience": "unblinded",
    "revision": 12,
    "recipient": "monitor@example.org",
    "reason": "no such user",
}


@pytest.fixture(autouse=True)
def kept_process_state() -> Iterator[None]:
    handlers = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGHUP)}
    mask = os.umask(0o022)
    yield
    os.umask(mask)
    for number, handler in handlers.items():
        signal.signal(number, handler)


@pytest.fixture
def outputs(tmp_path: Path) -> Path:
    """Return an output root with a ledger of a published run, one that failed, and a mail."""
    for row in (RUN, FAILED, MAIL):
        append_row(tmp_path, row_of(row))
    return tmp_path


def call(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, list[str], list[str]]:
    """Return exit code, lines and error lines of the command line called in this process."""
    with pytest.raises(SystemExit) as ended:
        cli.main(arguments)
    told = capsys.readouterr()
    errors = [line for line in told.err.splitlines() if not line.startswith("warning: Python")]
    assert isinstance(ended.value.code, int)
    return ended.value.code, told.out.splitlines(), errors


def show(capsys: pytest.CaptureFixture[str], outputs: Path, *more: str) -> list[str]:
    code, lines, errors = call(capsys, "ledger", "show", "--outputs", str(outputs), *more)
    assert (code, errors) == (0, [])
    return lines


def test_every_run_and_mail_is_a_line_with_its_columns_below_each_other(
    capsys: pytest.CaptureFixture[str], outputs: Path
) -> None:
    assert show(capsys, outputs) == [
        "2026-11-21T08:00:00Z  published     demo   C1   unblinded  r1   exit 0  by analyst",
        "2026-11-22T08:00:00Z  DataError     demo   C10                  exit 3  by analyst",
        "2026-11-23T08:00:00Z  mail refused  other  C1   unblinded  r12          to monitor@example.org (no such user)",
    ]


@pytest.mark.parametrize(
    ("chosen", "times"),
    [
        (["--study", "demo"], ["2026-11-21", "2026-11-22"]),
        (["--cut", "C1"], ["2026-11-21", "2026-11-23"]),
        (["--study", "other", "--cut", "C1"], ["2026-11-23"]),
    ],
)
def test_rows_of_a_study_or_cut_are_shown_alone(
    capsys: pytest.CaptureFixture[str], outputs: Path, chosen: list[str], times: list[str]
) -> None:
    assert [line[:10] for line in show(capsys, outputs, *chosen)] == times


def test_a_column_that_no_row_has_is_left_out(capsys: pytest.CaptureFixture[str], outputs: Path) -> None:
    assert show(capsys, outputs, "--cut", "C10") == ["2026-11-22T08:00:00Z  DataError  demo  C10  exit 3  by analyst"]


def test_a_script_gets_the_rows_as_they_are(capsys: pytest.CaptureFixture[str], outputs: Path) -> None:
    (line,) = show(capsys, outputs, "--json", "--study", "demo")
    rows = json.loads(line)
    assert [{key: row[key] for key in RUN} for row in rows[:1]] == [RUN]
    assert [row["row"] for row in rows] == [1, 2]
    assert show(capsys, outputs, "--json", "--study", "none") == ["[]"]


def test_what_no_row_is_about_is_a_sentence(capsys: pytest.CaptureFixture[str], outputs: Path) -> None:
    assert show(capsys, outputs, "--study", "demo", "--cut", "C9") == ["no row of study demo cut C9 in the ledger"]


@pytest.mark.parametrize("command", ["show", "verify"])
@pytest.mark.parametrize("content", [None, b""])
def test_without_a_ledger_a_sentence_says_so(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, command: str, content: bytes | None
) -> None:
    if content is not None:
        (tmp_path / "ledger.jsonl").write_bytes(content)
    code, (line,), errors = call(capsys, "ledger", command, "--outputs", str(tmp_path))
    assert (code, errors) == (0, [])
    assert line.startswith("no run and no mail is noted yet in ")


def test_an_output_root_that_is_not_there_has_no_ledger_and_is_not_made(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    assert call(capsys, "ledger", "verify", "--outputs", str(tmp_path / "none"))[0] == 0
    assert not (tmp_path / "none").exists()


def test_text_of_a_row_stays_in_its_line(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    append_row(tmp_path, row_of(RUN | {"outcome": "x\x1b[2J\ny\u2028z", "requester": ["a"], "revision": None}))
    assert show(capsys, tmp_path) == ['2026-11-21T08:00:00Z  x [2J y z  demo  C1  unblinded  exit 0  by ["a"]']


def test_rows_that_cannot_be_read_are_counted_on_the_side(capsys: pytest.CaptureFixture[str], outputs: Path) -> None:
    with (outputs / "ledger.jsonl").open("ab") as ledger:
        ledger.write(b'{"row": 4, "ru')
    code, lines, errors = call(capsys, "ledger", "show", "--outputs", str(outputs))
    assert (code, len(lines)) == (0, 3)
    assert errors == ["warning: 1 row cannot be read; see cutbook ledger verify"]


def test_a_ledger_that_holds_is_told_in_one_line_with_the_hash_that_mails_tell(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    head = append_row(tmp_path, row_of(RUN))
    assert call(capsys, "ledger", "verify", "--outputs", str(tmp_path)) == (
        0,
        [f"1 row holds; the last has the hash {head}"],
        [],
    )
    head = append_row(tmp_path, row_of(FAILED))
    assert call(capsys, "ledger", "verify", "--outputs", str(tmp_path))[1] == [
        f"2 rows hold; the last has the hash {head}"
    ]


def test_the_first_damage_is_one_line_with_exit_code_6(capsys: pytest.CaptureFixture[str], outputs: Path) -> None:
    for number in (4, 5):
        append_row(outputs, row_of(RUN | {"run": f"run{number}"}))
    file = outputs / "ledger.jsonl"
    lines = file.read_bytes().splitlines()
    lines[1] = lines[1].replace(b'"exit": 3', b'"exit": 0')
    file.write_bytes(b"\n".join([*lines[:4], lines[4][:50]]) + b"\n")
    code, out, errors = call(capsys, "ledger", "verify", "--outputs", str(outputs))
    assert (code, out) == (6, [])
    (error,) = errors
    assert error == (
        "6 ledger.jsonl row 2 key run run2, 2026-11-22T08:00:00Z: found a break in the chain: other content than when "
        "the row after it was written; expected rows as written; compare with a backup; 1 more below"
    )


def test_a_ledger_that_cannot_be_read_is_an_error(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    (tmp_path / "ledger.jsonl").mkdir()
    for command in ("show", "verify"):
        code, out, (error,) = call(capsys, "ledger", command, "--outputs", str(tmp_path))
        assert (code, out) == (6, [])
        assert error.startswith("6 ledger.jsonl: found IsADirectoryError")
