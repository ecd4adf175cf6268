"""Killed processes have ended when the kill returns, and are killed where the system cannot tell when they end."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from cutbook.report.execution.kernel import kill_kernel, kill_started_for

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="rendering is POSIX; /proc and pidfd are Linux")


def sleeper(home: Path) -> subprocess.Popen[bytes]:
    """Return a process that sleeps in a session of its own, its home below a folder, once it runs."""
    code = "import sys, time; print(flush=True); time.sleep(60)"
    own = {"HOME": str(home / "home")}
    process = subprocess.Popen([sys.executable, "-c", code], env=own, stdout=subprocess.PIPE, start_new_session=True)
    assert process.stdout is not None
    process.stdout.readline()
    process.stdout.close()
    return process


def kill(way: str, process: subprocess.Popen[bytes], folder: Path) -> None:
    if way == "by its id":
        (folder / "pid").write_text(str(process.pid), encoding="ascii")
        kill_kernel(folder / "pid")
    else:
        kill_started_for(folder)


def has_ended(pid: int) -> bool:
    """Return whether a child has ended, without waiting for it or taking its status away."""
    return os.waitid(os.P_PID, pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is not None


@pytest.mark.parametrize("way", ["by its id", "by its home"])
def test_a_killed_process_has_ended_when_the_kill_returns(tmp_path, way):
    many = [sleeper(tmp_path) for _ in range(1 if way == "by its id" else 5)]
    kill(way, many[-1], tmp_path)
    assert [has_ended(process.pid) for process in many] == [True] * len(many)
    assert {process.wait() for process in many} == {-signal.SIGKILL}


@pytest.mark.parametrize("way", ["by its id", "by its home"])
def test_a_process_is_killed_where_the_system_gives_no_handle_on_it(tmp_path, way, monkeypatch):
    def refused(_: int) -> int:
        raise PermissionError

    process = sleeper(tmp_path)
    monkeypatch.setattr(os, "pidfd_open", refused)
    kill(way, process, tmp_path)
    assert process.wait(timeout=20) == -signal.SIGKILL


def test_a_process_of_another_folder_lives_on(tmp_path):
    process = sleeper(tmp_path / "other")
    kill_started_for(tmp_path / "own")
    assert not has_ended(process.pid)
    process.kill()
    process.wait()
