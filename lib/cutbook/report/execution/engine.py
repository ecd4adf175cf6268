"""Execution of one notebook: papermill drives a kernel of this interpreter in a private, empty folder."""

from __future__ import annotations

import errno
import json
import os
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from cutbook.errors import Fault, ParameterError, PublishError, RenderError
from cutbook.report.execution.environment import JUPYTER, make_private_folders
from cutbook.report.execution.job import Job
from cutbook.report.execution.kernel import kill_kernel

OnCell = Callable[[int, int], None]
"""Told how many cells are done, of how many."""

_DISK_ERRORS = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
_DISK_WORDS = tuple(os.strerror(number) for number in _DISK_ERRORS)
_RESERVE_BYTES = 65_536
_LONGEST_SHOWN = 300
_SHORT = "/tmp"  # noqa: S108 - a folder made in it by mkdtemp is private
_LONGEST_SOCKET_FOLDER = 100
"""Bytes; the address of a socket has at most 107."""


def execute(job: Job, on_cell: OnCell = lambda _done, _total: None) -> Path:
    """Return the executed notebook of a job; called in a process of its own, with a scrubbed environment.

    Raises
    ------
    ParameterError
        No such engine.
    RenderError
        A cell failed, or the kernel died; names notebook and cell.
    PublishError
        The disk is full.
    """
    if job.engine not in ENGINES:
        raise ParameterError(Fault("engine", repr(job.engine), f"one of {', '.join(ENGINES)}", "choose one of these"))
    return ENGINES[job.engine](job, on_cell)


def is_disk_full(folder: Path, words: str = "") -> bool:
    """Return whether a failure is one of space: by the words of its message, or because nothing is left."""
    if any(word in words for word in _DISK_WORDS):
        return True
    space = os.statvfs(folder)
    return space.f_bavail * space.f_frsize < _RESERVE_BYTES


def disk_fault(what: str, words: str) -> Fault:
    """Return the fault of a full disk."""
    return Fault(what, words[:_LONGEST_SHOWN], "room to write", "free space under the output folder and run again")


def cell_fault(report: str, cell: int, words: str) -> Fault:
    """Return the fault of a failing cell, cells counted from 1 with the injected parameters."""
    return Fault(
        f"{report}.ipynb cell {cell}",
        found=words[:_LONGEST_SHOWN],
        expected="every cell to run",
        remedy="see the executed notebook and the log of the failed run",
    )


def _execute_with_kernel(job: Job, on_cell: OnCell) -> Path:
    _import_nbformat_without_uri_grammar()
    from papermill.exceptions import PapermillExecutionError

    from cutbook.report.execution.papermill_engine import Progress, use_engine

    cwd = make_private_folders(job.folder)
    _write_kernel_spec(job)
    progress = Progress(on_cell, job.executed)
    try:
        with _socket_folder(job.folder) as sockets:
            _run_papermill(job, cwd, use_engine(progress, sockets))
    except PapermillExecutionError as error:
        words = f"{error.ename}: {error.evalue}"
        raise _failure(job, error.cell_index + 1, words) from None
    except TimeoutError as error:
        raise _failure(job, progress.cell, f"no answer of the kernel in time ({error})") from None
    except RuntimeError as error:
        words = progress.why_stopped or f"the kernel died ({error})"
        raise _failure(job, progress.cell, words) from None
    finally:
        kill_kernel(job.kernel_pid)
    return job.executed


ENGINES: Mapping[str, Callable[[Job, OnCell], Path]] = {"kernel": _execute_with_kernel}
"""Ways to execute a notebook, by name."""


@contextmanager
def _socket_folder(folder: Path) -> Iterator[Path]:
    """Make a private folder for sockets: in the folder of the report, or elsewhere when their names were too long."""
    here = folder.absolute() / "sockets"
    if len(os.fsencode(here)) <= _LONGEST_SOCKET_FOLDER:
        here.mkdir(mode=0o700)
        yield here
        return
    with TemporaryDirectory(prefix="cutbook-", dir=_SHORT) as elsewhere:
        yield Path(elsewhere)


def _run_papermill(job: Job, cwd: Path, engine_name: str) -> None:
    from papermill.execute import execute_notebook
    from papermill.iorw import write_ipynb

    from cutbook.report.page.executed import without_clock

    executed = execute_notebook(
        os.path.relpath(job.notebook),
        os.path.relpath(job.executed),
        parameters=dict(job.parameters),
        engine_name=engine_name,
        kernel_name="python3",
        language="python",
        request_save_on_cell_execute=False,
        progress_bar=False,
        cwd=os.path.relpath(cwd),
        start_timeout=600,
        iopub_timeout=60,
    )
    write_ipynb(without_clock(executed, job.notebook), os.path.relpath(job.executed))


def _failure(job: Job, cell: int, words: str) -> RenderError | PublishError:
    if is_disk_full(job.folder, words):
        return PublishError(disk_fault(f"{job.report}.ipynb cell {cell}", words))
    return RenderError(cell_fault(job.report, cell, words))


def _write_kernel_spec(job: Job) -> None:
    """Make this interpreter the only Python kernel that Jupyter finds, whatever is installed for the user."""
    folder = job.folder / JUPYTER / "kernels" / "python3"
    folder.mkdir(parents=True)
    module = [sys.executable, "-m", "cutbook.report.execution.kernel", str(job.kernel_pid.absolute()), str(os.getpid())]
    options = ["--HistoryManager.enabled=False", "--InteractiveShellApp.ignore_cwd=True"]
    argv = [*module, "-f", "{connection_file}", *options]
    spec = {"argv": argv, "display_name": "Cutbook", "language": "python"}
    (folder / "kernel.json").write_text(json.dumps(spec), encoding="utf-8")


def _import_nbformat_without_uri_grammar() -> None:
    """Keep jsonschema from building a URI grammar, a second of work for a format that no notebook schema asks for."""
    sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]
