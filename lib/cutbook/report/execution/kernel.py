"""The kernel's process: an IPython kernel that cannot outlive the worker that started it.

Run as ``python -m cutbook.report.execution.kernel PID_FILE WORKER_PID -f CONNECTION_FILE``.
"""

from __future__ import annotations

import builtins
import ctypes
import os
import resource
import select
import signal
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import NoReturn

_PR_SET_PDEATHSIG = 1

_END_MS = 10_000
"""How long a killed process is waited for, in milliseconds."""


def die_with_parent(parent: int) -> None:
    """Return after asking Linux to kill this process when its parent ends, even inside a loop of compiled code.

    Elsewhere the kernel's own poller ends it, as soon as Python code runs again.

    Raises
    ------
    SystemExit
        The parent has ended already.
    """
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        raise SystemExit(1)


def kill_kernel(pid_file: Path) -> None:
    """Kill the kernel whose process id a file holds, with everything it started; return quietly when there is none."""
    with suppress(OSError, ValueError):
        pid = int(pid_file.read_text(encoding="ascii"))
        pid_file.unlink()
        if os.getsid(pid) == pid:
            _kill_and_wait(pid, os.killpg)


def kill_started_for(folder: Path) -> None:
    """Kill every process that was started for the report made in a private folder, detached ones too.

    They are known by their environment, which names the folder. Where there is no ``/proc``, return quietly.
    """
    mark = b"HOME=" + os.fsencode(folder.absolute()) + b"/"
    for entry in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            if int(entry.name) != os.getpid() and _has_environment((entry / "environ").read_bytes(), mark):
                _kill_and_wait(int(entry.name), os.kill)


def _kill_and_wait(pid: int, kill: Callable[[int, int], None]) -> None:
    """Kill a process, or the group it leads, and return when it has ended, where the system tells when that is."""
    handle = None
    with suppress(OSError, AttributeError):
        handle = os.pidfd_open(pid)
    kill(pid, signal.SIGKILL)
    if handle is None:
        return
    ended = select.poll()
    ended.register(handle, select.POLLIN)
    ended.poll(_END_MS)
    os.close(handle)


def refuse_breakpoint(*_: object, **__: object) -> NoReturn:
    """Take the place of ``breakpoint()`` where nobody is there to answer.

    Raises
    ------
    RuntimeError
        Always.
    """
    raise RuntimeError("breakpoint() in a run that nobody attends; remove it")


def _has_environment(environment: bytes, beginning: bytes) -> bool:
    return any(value.startswith(beginning) for value in environment.split(b"\0"))


def main(arguments: list[str]) -> None:
    """Run the kernel until it is shut down; the process id is left in the file named first."""
    pid_file, parent, *rest = arguments
    die_with_parent(int(parent))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    Path(pid_file).write_text(str(os.getpid()), encoding="ascii")
    # The debugger of the kernel puts its own hook in the place of sys.breakpointhook, which does nothing.
    builtins.breakpoint = refuse_breakpoint
    from ipykernel.kernelapp import IPKernelApp

    IPKernelApp.launch_instance(argv=rest)


if __name__ == "__main__":
    main(sys.argv[1:])
