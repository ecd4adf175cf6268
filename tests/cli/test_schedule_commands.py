"""Schedules are installed beside what else an account runs, and leave nothing behind when they cannot be."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from command_line import call

OTHERS = "MAILTO=me\n0 1 * * * backup\n"


@pytest.fixture
def account(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the home of an account whose crontab and systemctl are programs of the test."""
    (tmp_path / "bin").mkdir()
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("PATH", f"{tmp_path / 'bin'}:{os.environ['PATH']}")
    return tmp_path


def program(account: Path, name: str, lines: str) -> None:
    file = account / "bin" / name
    file.write_text(f"#!/bin/sh\n{lines}\n", encoding="utf-8")
    file.chmod(0o755)


def crontab(account: Path, listing: str) -> Path:
    """Install a crontab program that lists by the given lines and keeps what it is given in a file."""
    kept = account / "kept"
    kept.write_text(OTHERS, encoding="utf-8")
    program(account, "crontab", f'if [ "$1" = -l ]; then\n{listing}\nfi\ncat > {kept}')
    return kept


class Schedule:
    """The commands of the schedule; a call returns the exit code and the lines on standard error."""

    def __init__(self, capsys: pytest.CaptureFixture[str], project: Path) -> None:
        self._capsys, self._project = capsys, project

    def __call__(self, *words: str) -> tuple[int, str]:
        code, _, errors = call(self._capsys, "schedule", *words, "--project", str(self._project))
        return code, "\n".join(errors)


@pytest.fixture
def schedule(capsys: pytest.CaptureFixture[str], project: Path) -> Schedule:
    """Return the commands of the schedule of this project."""
    return Schedule(capsys, project)


def units(account: Path) -> list[str]:
    return sorted(str(file.relative_to(account)) for file in (account / ".config").rglob("*") if not file.is_dir())


def test_a_crontab_that_cannot_be_read_is_not_replaced(account: Path, schedule: Schedule) -> None:
    kept = crontab(account, "echo 'crontab: cannot open spool: Permission denied' >&2; exit 1")
    code, told = schedule("install", "tofersen", "--with", "cron", "--yes")
    assert code == 2
    assert "crontab -l" in told
    assert "Permission denied" in told
    assert kept.read_text(encoding="utf-8") == OTHERS


def test_an_account_without_a_crontab_gets_one(account: Path, schedule: Schedule) -> None:
    kept = crontab(account, "echo 'no crontab for me' >&2; exit 1")
    assert schedule("install", "tofersen", "--with", "cron", "--yes")[0] == 0
    assert kept.read_text(encoding="utf-8").count("\n") == 1
    assert kept.read_text(encoding="utf-8").endswith("# cutbook tofersen\n")


def test_the_other_lines_of_a_crontab_stay(account: Path, schedule: Schedule) -> None:
    kept = crontab(account, f"cat {account}/kept; exit 0")
    assert schedule("install", "tofersen", "--with", "cron", "--yes")[0] == 0
    assert kept.read_text(encoding="utf-8").startswith(OTHERS)
    assert schedule("remove", "tofersen", "--with", "cron")[0] == 0
    assert kept.read_text(encoding="utf-8") == OTHERS


@pytest.mark.parametrize("fails_at", ["daemon-reload", "enable"])
def test_units_that_systemd_does_not_take_are_not_left(account: Path, schedule: Schedule, fails_at: str) -> None:
    program(
        account, "systemctl", f'[ "$2" = {fails_at} ] && {{ echo "Failed to connect to bus" >&2; exit 1; }}; exit 0'
    )
    code, told = schedule("install", "tofersen", "--yes")
    assert code == 2
    assert "Failed to connect to bus" in told
    assert units(account) == []


def test_units_of_an_earlier_installation_stay_when_a_new_one_fails(account: Path, schedule: Schedule) -> None:
    program(account, "systemctl", "exit 0")
    assert schedule("install", "tofersen", "--yes")[0] == 0
    timer = account / ".config/systemd/user/cutbook-tofersen.timer"
    before = timer.read_text(encoding="utf-8")
    program(account, "systemctl", "exit 1")
    assert schedule("install", "tofersen", "--every", "10", "--yes")[0] == 2
    assert timer.read_text(encoding="utf-8") == before


def test_units_are_removed_where_systemd_cannot_be_reached(account: Path, schedule: Schedule) -> None:
    program(account, "systemctl", "exit 0")
    schedule("install", "tofersen", "--yes")
    wanted = account / ".config/systemd/user/timers.target.wants/cutbook-tofersen.timer"
    wanted.parent.mkdir()
    wanted.symlink_to("../cutbook-tofersen.timer")
    assert len(units(account)) == 3
    program(account, "systemctl", "echo 'Failed to connect to bus' >&2; exit 1")
    code, told = schedule("remove", "tofersen")
    assert code == 0
    assert "Failed to connect to bus" in told
    assert units(account) == []
