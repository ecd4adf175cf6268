from __future__ import annotations

import os
import pwd
import subprocess
import sys
from pathlib import Path

import pytest

from cutbook.report.execution.account import account_name, figure_cache_folder


def test_fonts_are_listed_in_a_cache_of_their_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    folder = figure_cache_folder(tmp_path / "fallback")
    assert folder.parent == tmp_path / "cache" / "cutbook"
    assert folder.stat().st_mode & 0o777 == 0o700


def test_an_account_without_a_cache_uses_the_run_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "file"))
    assert figure_cache_folder(tmp_path / "fallback") == tmp_path / "fallback"


def test_a_lock_that_a_killed_run_left_is_removed_and_one_in_use_is_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    folder = figure_cache_folder(tmp_path / "fallback")
    stale, ahead, used = (folder / f"{name}.json.matplotlib-lock" for name in ("stale", "ahead", "used"))
    for lock in (stale, ahead, used):
        lock.touch()
    now = used.stat().st_mtime
    os.utime(stale, (now - 3600, now - 3600))
    os.utime(ahead, (now + 3600, now + 3600))
    figure_cache_folder(tmp_path / "fallback")
    assert [stale.exists(), ahead.exists(), used.exists()] == [False, False, True]


def test_an_account_without_entry_and_home_uses_the_run_folder_and_its_number(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_entry(user: int) -> None:
        raise KeyError(f"getpwuid(): uid not found: {user}")

    for name in ("HOME", "XDG_CACHE_HOME"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(pwd, "getpwuid", no_entry)
    assert figure_cache_folder(tmp_path / "fallback") == tmp_path / "fallback"
    assert account_name() == str(os.getuid())


@pytest.mark.skipif(sys.platform != "linux", reason="a property of Linux")
def test_the_environment_of_a_run_is_hidden_from_other_processes() -> None:
    code = (
        "import ctypes; from cutbook.report.execution.account import hide_environment; "
        "ask = lambda: ctypes.CDLL(None).prctl(3, 0); before = ask(); hide_environment(); print(before, ask())"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["1", "0"]
