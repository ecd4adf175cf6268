"""Workers side by side: started, listened to, and ended for certain, with all that they started."""

from __future__ import annotations

import json
import os
import selectors
import signal
import subprocess
import sys
import time
from collections import deque
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from cutbook.errors import Fault, PublishError, RenderError
from cutbook.published.clock import RECORDED_TIME, epoch_of
from cutbook.report.execution.engine import cell_fault, disk_fault, is_disk_full
from cutbook.report.execution.environment import scrubbed_environment
from cutbook.report.execution.job import Job, write_job
from cutbook.report.execution.kernel import kill_kernel, kill_started_for

OnProgress = Callable[[str, int, int], None]
"""Told the report, how many cells are done, of how many."""

_LISTEN_S = 0.5


@dataclass(eq=False)
class _Running:
    job: Job
    process: subprocess.Popen[bytes]
    deadline: float
    received: bytes = b""
    cell: int = 0
    end: dict[str, Any] = field(default_factory=dict)


def run_jobs(jobs: Sequence[Job], *, workers: int, limit_s: float, figure_cache: Path, on_progress: OnProgress) -> None:
    """Make all reports, at most ``workers`` at once; return when every page is written and checked.

    Every job is carried to its end, so that all faults are told at once. No process is left, however this ends.

    Parameters
    ----------
    jobs : sequence of Job
        What to make.
    workers : int
        Reports at once.
    limit_s : float
        Seconds that one report may take from start to checked page.
    figure_cache : Path
        Folder where matplotlib keeps its list of fonts.
    on_progress : callable
        Called with report, cells done and cells in all.

    Raises
    ------
    RenderError
        A report failed; all faults of all reports.
    PublishError
        The disk is full.
    """
    pending, running, faults = deque(jobs), dict[int, _Running](), list[Fault]()
    is_full = False
    with selectors.DefaultSelector() as selector:
        try:
            while pending or running:
                while pending and len(running) < workers:
                    _start(pending.popleft(), selector, running, limit_s, figure_cache)
                for item in _listen(selector, running, on_progress):
                    found = _end_of(item, limit_s)
                    is_full = is_full or bool(item.end.get("is_disk_full"))
                    faults += found
        finally:
            for item in running.values():
                _kill(item)
    if faults:
        raise (PublishError if is_full else RenderError)(faults)


def _start(
    job: Job, selector: selectors.BaseSelector, running: dict[int, _Running], limit_s: float, figure_cache: Path
) -> None:
    command = [sys.executable, "-m", "cutbook.report.execution.worker", str(write_job(job).absolute())]
    recorded = {RECORDED_TIME: epoch_of(job.page.rendered)}
    with job.log.open("wb") as log:
        process = subprocess.Popen(  # noqa: S603 - this interpreter and a module of this package
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=log,
            cwd=job.folder,
            env=scrubbed_environment(job.folder, figure_cache=figure_cache) | recorded,
            start_new_session=True,
            umask=0o077,
        )
    assert process.stdout is not None  # noqa: S101 - a pipe was asked for
    os.set_blocking(process.stdout.fileno(), False)
    running[process.pid] = _Running(job, process, time.monotonic() + limit_s)
    selector.register(process.stdout, selectors.EVENT_READ, process.pid)


def _listen(selector: selectors.BaseSelector, running: dict[int, _Running], on_progress: OnProgress) -> list[_Running]:
    """Return the workers that have ended, or whose time is over, after some listening; they are killed and reaped."""
    ended = []
    for key, _ in selector.select(_LISTEN_S):
        item = running[key.data]
        chunk = os.read(key.fd, 65_536)
        item.received += chunk
        _take_lines(item, on_progress)
        if not chunk:
            ended.append(item)
    now = time.monotonic()
    ended += [item for item in running.values() if now > item.deadline and item not in ended]
    for item in ended:
        selector.unregister(item.process.stdout)  # type: ignore[arg-type]
        del running[item.process.pid]
        _kill(item)
    return ended


def _take_lines(item: _Running, on_progress: OnProgress) -> None:
    *lines, item.received = item.received.split(b"\n")
    for line in lines:
        event = json.loads(line)
        if event["event"] == "end":
            item.end = event
        else:
            item.cell = event["done"] + 1
            on_progress(item.job.report, event["done"], event["total"])


def _end_of(item: _Running, limit_s: float) -> list[Fault]:
    """Return the faults of an ended worker; ``end`` is filled where the worker itself could not tell."""
    if item.end:
        return [Fault(**fault) for fault in item.end["faults"]]
    if time.monotonic() > item.deadline:
        return [cell_fault(item.job.report, item.cell, f"the time limit of {limit_s:g} s reached")]
    words = f"the worker ended before the report was made (status {item.process.returncode})"
    if is_disk_full(item.job.folder, _last_words(item.job)):
        item.end = {"is_disk_full": True}
        return [disk_fault(f"{item.job.report}.html", words)]
    return [cell_fault(item.job.report, item.cell, words)]


def _last_words(job: Job) -> str:
    with suppress(OSError):
        return job.log.read_bytes()[-2000:].decode("utf-8", "replace")
    return ""


def _kill(item: _Running) -> None:
    with suppress(ProcessLookupError):
        os.killpg(item.process.pid, signal.SIGKILL)
    item.process.wait()
    kill_kernel(item.job.kernel_pid)
    kill_started_for(item.job.folder)
    for pipe in (item.process.stdin, item.process.stdout):
        if pipe:
            pipe.close()
