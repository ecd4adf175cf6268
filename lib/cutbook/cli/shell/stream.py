"""Standard output that may end early: a reader who has seen enough, or a full disk, stops no run."""

from __future__ import annotations

import errno
import io
import os
import sys


class PatientOutput(io.RawIOBase):
    """A file descriptor that takes everything: once writing fails, what follows is dropped, and why is remembered.

    Attributes
    ----------
    failure : OSError or None
        What went wrong first, other than a reader who went away.
    """

    def __init__(self, descriptor: int) -> None:
        super().__init__()
        self.failure: OSError | None = None
        self._descriptor = descriptor
        self._is_gone = False

    def writable(self) -> bool:
        """Return that it can be written."""
        return True

    def fileno(self) -> int:
        """Return the descriptor."""
        return self._descriptor

    def isatty(self) -> bool:
        """Return whether it is a terminal."""
        return os.isatty(self._descriptor)

    def write(self, content: object) -> int:
        """Return how many bytes were taken: some when they were written, all when nobody takes them any more."""
        view = memoryview(content)  # type: ignore[arg-type]  # whatever has bytes
        if self._is_gone:
            return view.nbytes
        try:
            return os.write(self._descriptor, view)
        except OSError as error:
            self._is_gone = True
            self.failure = None if error.errno == errno.EPIPE else error
            return view.nbytes


def patient_stdout() -> PatientOutput | None:
    """Return what takes the place of standard output, put there; None where it is already something else.

    A closed one is opened to nowhere first, so that no other file takes its number.
    """
    if sys.stdout is None:
        sys.stdout = os.fdopen(os.open(os.devnull, os.O_WRONLY), "w", encoding="utf-8")
        return None
    stream = sys.__stdout__
    if stream is None or sys.stdout is not stream:
        return None
    stream.flush()
    output = PatientOutput(stream.fileno())
    sys.stdout = io.TextIOWrapper(
        io.BufferedWriter(output), stream.encoding, stream.errors, line_buffering=stream.isatty()
    )
    return output
