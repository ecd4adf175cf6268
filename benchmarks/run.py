"""Measure whole runs: wall time, processor time and memory, and their ratio to running the notebooks by hand."""

from __future__ import annotations

import argparse
import os
import resource
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from statistics import median

PROJECT = Path(__file__).resolve().parents[1]
REPORTS = ("safety", "pharmacokinetics", "efficacy")


@dataclass(frozen=True)
class Measured:
    """One run: wall and processor seconds, largest memory of all its processes together in MB."""

    wall_s: float
    cpu_s: float
    memory_mb: float


def measure(commands: list[list[str]]) -> Measured:
    """Run commands one after the other and return what they took.

    Raises
    ------
    subprocess.CalledProcessError
        One of them failed.
    """
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    environment |= {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    start, highest = time.perf_counter(), 0.0
    for command in commands:
        with subprocess.Popen(  # noqa: S603 - commands are written in this file
            command, cwd=PROJECT, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
        ) as process:
            while process.poll() is None:
                highest = max(highest, _memory_mb(process.pid))
                time.sleep(0.1)
            words = process.stderr.read() if process.stderr else ""
        if process.returncode:
            sys.stderr.write(words)
            raise subprocess.CalledProcessError(process.returncode, command)
    wall = time.perf_counter() - start
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return Measured(wall, cpu, highest)


def _memory_mb(pid: int) -> float:
    members, waiting = [], [pid]
    while waiting:
        member = waiting.pop()
        members.append(member)
        waiting += _children(member)
    return sum(_proportional_kb(member) for member in members) / 1024


def _children(pid: int) -> list[int]:
    try:
        tasks = list(Path(f"/proc/{pid}/task").iterdir())
        return [int(child) for task in tasks for child in (task / "children").read_text().split()]
    except OSError:
        return []


def _proportional_kb(pid: int) -> int:
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) for line in lines if line.startswith("Pss:")), 0)


def by_cutbook(study: str, cut: str, outputs: Path) -> list[list[str]]:
    """Return the command that renders one cut."""
    return [[sys.executable, "-m", "cutbook", "run", study, cut, "--outputs", str(outputs / "published")]]


def by_hand(study: str, cut: str, outputs: Path) -> list[list[str]]:
    """Return the commands that people use today: papermill, then nbconvert, report by report."""
    parameters = f"parameters/{study}/{cut}.yaml"
    commands = []
    for report in REPORTS:
        executed = str(outputs / f"{report}.ipynb")
        source = f"notebooks/{report}.ipynb"
        commands.append([sys.executable, "-m", "papermill", source, executed, "-f", parameters, "--no-progress-bar"])
        commands.append([sys.executable, "-m", "nbconvert", "--to", "html", "--no-input", executed])
    return commands


def main() -> None:
    """Print the table."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--rounds", type=int, default=3)
    arguments.add_argument("--study", default="tofersen")
    arguments.add_argument("--cut", default="DBL")
    given = arguments.parse_args()
    ours, hand, pilot = [], [], []
    has_pilot = (PROJECT.parent / "shared").is_dir()
    for _ in range(given.rounds):
        with tempfile.TemporaryDirectory() as folder:
            ours.append(measure(by_cutbook(given.study, given.cut, Path(folder))))
            hand.append(measure(by_hand(given.study, given.cut, Path(folder))))
            pilot += [measure(by_cutbook("cdiscpilot01", "final", Path(folder)))] if has_pilot else []
    print("row      wall s   CPU s  peak MB")  # noqa: T201 - a benchmark prints
    for name, runs in (("report", ours), ("by hand", hand), ("pilot", pilot)):
        if runs:
            parts = [median(getattr(run, part) for run in runs) for part in ("wall_s", "cpu_s", "memory_mb")]
            print(f"{name:8s} {parts[0]:6.1f}  {parts[1]:6.1f}  {parts[2]:7.0f}")  # noqa: T201 - as above
    wall = median(run.wall_s for run in ours) / median(run.wall_s for run in hand)
    cpu = median(run.cpu_s for run in ours) / median(run.cpu_s for run in hand)
    print(f"serial   {wall:.2f} x wall, {cpu:.2f} x CPU of the notebooks by hand")  # noqa: T201 - as above


if __name__ == "__main__":
    main()
