"""The command line called in the process of a test."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from cutbook import cli

UNBLINDED = ("--audience", "unblinded", "--role", "statistician", "--reason", "a test of the unblinded reports")
"""Asks for unblinded reports of the virtual trial, whether its blind holds or not."""


def call(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, list[str]]:
    """Return exit code, standard output and error lines of the command line."""
    with _kept_process_state(), pytest.raises(SystemExit) as ended:
        cli.main(arguments)
    told = capsys.readouterr()
    errors = [line for line in told.err.splitlines() if not line.startswith("warning: Python")]
    assert isinstance(ended.value.code, int)
    return ended.value.code, told.out, errors


@contextmanager
def _kept_process_state() -> Iterator[None]:
    handlers = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGHUP)}
    mask = os.umask(0o022)
    try:
        yield
    finally:
        os.umask(mask)
        for number, handler in handlers.items():
            signal.signal(number, handler)
