"""How far each report is: a live bar a report on a terminal, plain lines elsewhere."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, TextIO

if TYPE_CHECKING:
    from rich.progress import TaskID

OnProgress = Callable[[str, int, int], None]
"""Told the report, how many cells are done, of how many."""

_QUARTERS = 4


@contextmanager
def show_progress(terminal: TextIO, lines: TextIO) -> Iterator[OnProgress]:
    """Yield what is to be told of progress: bars on ``terminal`` when it is one, else lines on ``lines``.

    Parameters
    ----------
    terminal, lines : text streams
        Usually standard error and standard output: errors stay alone on standard error.
    """
    if terminal.isatty():
        with _bars(terminal) as told:
            yield told
    else:
        yield plain_lines(lines)


def plain_lines(lines: TextIO) -> OnProgress:
    """Return what writes ``safety: 12/31 cells`` at the start, at each quarter and at the end of a report.

    Parameters
    ----------
    lines : text stream
        Where to write.
    """
    quarters: dict[str, int] = {}

    def told(report: str, done: int, total: int) -> None:
        quarter = done * _QUARTERS // total if total else _QUARTERS
        if quarters.get(report) != quarter:
            quarters[report] = quarter
            lines.write(f"{report}: {done}/{total} cells\n")
            lines.flush()

    return told


@contextmanager
def _bars(terminal: TextIO) -> Iterator[OnProgress]:
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (TextColumn("{task.description:<20}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    tasks: dict[str, TaskID] = {}
    with Progress(*columns, console=Console(file=terminal)) as progress:

        def told(report: str, done: int, total: int) -> None:
            if report not in tasks:
                tasks[report] = progress.add_task(report, total=total)
            progress.update(tasks[report], completed=done, total=total)

        yield told
