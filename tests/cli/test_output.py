"""Standard output that nobody reads any more, or that has no room, changes nothing that was asked for."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from report.fake_project import environment_of, errors_of, ledger_rows, make_project

FULL = Path("/dev/full")


def run(folder: Path, ending: str) -> subprocess.CompletedProcess[str]:
    """Return what the command line did in a new project, its standard output going where ``ending`` says."""
    project = make_project(folder, ("safety",))
    line = f"set -o pipefail; {sys.executable} -m cutbook run demo C1 {ending}"
    return subprocess.run(
        ["/bin/bash", "-c", line],
        cwd=project.root,
        env=environment_of(project),
        capture_output=True,
        text=True,
        check=False,
    )


def is_published(folder: Path) -> bool:
    return [row["exit"] for row in ledger_rows(folder / "outputs")] == [0]


@pytest.mark.parametrize("ending", ["| true", "| head -c 1", ">&-"])
def test_a_reader_who_goes_away_is_no_fault(tmp_path: Path, ending: str) -> None:
    done = run(tmp_path, ending)
    assert (done.returncode, errors_of(done)) == (0, [])
    assert is_published(tmp_path)


@pytest.mark.skipif(not FULL.exists(), reason="a device that is always full is part of Linux")
def test_output_without_room_is_told_and_the_set_is_published(tmp_path: Path) -> None:
    done = run(tmp_path, f"> {FULL}")
    assert done.returncode == 6
    (line,) = errors_of(done)
    assert line.startswith("6 standard output: found no space left on device")
    assert is_published(tmp_path)
