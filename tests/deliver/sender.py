"""Starts senders, each in a process of its own that a test can kill, without importing everything again."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from cutbook.deliver.sending import send_due
from cutbook.parameters.project import Project
from deliver.published import Clock, dispatch


def main() -> None:
    """Start a sender for each time read from standard input; say its process, and that it ended."""
    project = Project(Path(sys.argv[1]))
    for line in iter(sys.stdin.readline, ""):
        process = os.fork()
        if process == 0:
            clock = Clock()
            clock.time = line.strip()
            send_due(dispatch(project, clock))
            os._exit(0)
        _say(str(process))
        _, status = os.waitpid(process, 0)
        _say(str(os.waitstatus_to_exitcode(status)))


def _say(words: str) -> None:
    sys.stdout.write(f"{words}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
