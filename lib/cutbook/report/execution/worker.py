"""The worker's process: executes one notebook, makes its page and checks both.

Run as ``python -m cutbook.report.execution.worker JOB_FILE``. Lines of JSON on standard output tell the runner how far
it is and what was found wrong; standard input ends when the runner does, and the worker with it.
"""

from __future__ import annotations

import json
import os
import resource
import sys
import threading
import traceback
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path

from cutbook.errors import CutbookError, Fault, PublishError, RenderError
from cutbook.report.execution.engine import disk_fault, execute, is_disk_full
from cutbook.report.execution.job import Job, read_job
from cutbook.report.execution.kernel import kill_kernel

Tell = Callable[[dict[str, object]], None]


def make_report(job: Job, on_cell: Callable[[int, int], None]) -> None:
    """Execute a notebook, write its page and check both.

    Raises
    ------
    RenderError
        A cell failed or a check did not pass.
    PublishError
        The disk is full.
    """
    executed = execute(job, on_cell)
    from cutbook.report.page.checks import check_report
    from cutbook.report.page.render import render_page

    made = render_page(executed, job.page)
    job.html.write_text(made.page, encoding="utf-8")
    if made.beside:
        job.beside.write_text(made.beside, encoding="utf-8")
    check_report(executed, job.html, job.report, files=job.may_link_to)


def main(job_file: str) -> None:
    """Make the report that the job file describes, and tell the runner."""
    tell = _take_channel()
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    job = read_job(Path(job_file))
    _end_with_runner(job)
    error = _error_of(job, lambda done, total: tell({"event": "cell", "done": done, "total": total}))
    faults = [asdict(fault) for fault in error.faults] if error else []
    tell({"event": "end", "is_disk_full": isinstance(error, PublishError), "faults": faults})


def _error_of(job: Job, on_cell: Callable[[int, int], None]) -> CutbookError | None:
    try:
        make_report(job, on_cell)
    except CutbookError as error:
        return error
    except OSError as error:
        traceback.print_exc()
        words = f"{type(error).__name__}: {error.strerror or error}"
        return PublishError(disk_fault(f"{job.report}.html", words))
    except Exception as error:
        traceback.print_exc()
        if is_disk_full(job.folder):
            return PublishError(disk_fault(f"{job.report}.html", str(error)))
        found = f"{type(error).__name__}: {error}"[:300]
        return RenderError(Fault(f"{job.report}.html", found, "a page", "see the log of the failed run"))
    return None


def _take_channel() -> Tell:
    """Return the way to the runner; whatever libraries print goes to the log instead."""
    channel = os.fdopen(os.dup(1), "w", encoding="utf-8", buffering=1)
    os.dup2(2, 1)

    def tell(event: dict[str, object]) -> None:
        channel.write(json.dumps(event) + "\n")

    return tell


def _end_with_runner(job: Job) -> None:
    def wait() -> None:
        while os.read(0, 1024):
            pass
        kill_kernel(job.kernel_pid)
        os._exit(1)

    threading.Thread(target=wait, daemon=True).start()


if __name__ == "__main__":
    main(sys.argv[1])
