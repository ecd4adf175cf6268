"""The commands of the ledger: what happened, row by row, and whether the rows are as they were written."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from cutbook.cli.options import find, outputs_option, project_option, shown
from cutbook.cli.shell.examples import examples
from cutbook.errors import Fault, PublishError

if TYPE_CHECKING:
    from cutbook.published.rows import Row

_LONGEST_VALUE = 120


@click.group(epilog=examples("cutbook ledger show --study tofersen", "cutbook ledger verify"))
def ledger() -> None:
    """Look at the ledger of runs and mails, and check that nobody changed it."""


@ledger.command(epilog=examples("cutbook ledger show", "cutbook ledger show --study tofersen --cut C2 --json"))
@click.option("--study", default="", help="Only the rows of one study.")
@click.option("--cut", default="", help="Only the rows of one cut.")
@click.option("--json", "is_json", is_flag=True, help="All values as one JSON array instead of text.")
@outputs_option
@project_option
def show(*, study: str, cut: str, is_json: bool, outputs: Path | None, project_folder: Path | None) -> None:
    """Show every run and mail in a line: when, what came of it, of what, exit code, by or to whom."""
    from cutbook.published.ledger import count_unreadable, read_rows

    root = outputs or find(project_folder).outputs
    with _readable(root):
        rows, unreadable = read_rows(root), count_unreadable(root)
    chosen = [row for row in rows if (study, cut) == (study and row.study, cut and row.cut)]
    if unreadable:
        words = "1 row" if unreadable == 1 else f"{unreadable} rows"
        click.echo(f"warning: {words} cannot be read; see cutbook ledger verify", err=True)
    if is_json:
        click.echo(json.dumps([row.as_written() for row in chosen]))
        return
    for line in _lines([_cells(row) for row in chosen]):
        click.echo(line)
    if not chosen:
        about = " ".join(filter(None, [study and f"study {study}", cut and f"cut {cut}"]))
        click.echo(f"no row of {about} in the ledger" if rows else _nothing(root))


@ledger.command(epilog=examples("cutbook ledger verify", "cutbook ledger verify --outputs outputs"))
@outputs_option
@project_option
def verify(*, outputs: Path | None, project_folder: Path | None) -> None:
    """Check that no row was changed, removed or put in after it was written.

    Nothing in the ledger vouches for its last row. A mail tells the hash of the row that was last then: it stands in
    the ledger as what the next row holds of the one before.
    """
    from cutbook.published.chain import check_ledger

    root = outputs or find(project_folder).outputs
    with _readable(root):
        checked = check_ledger(root)
    if checked.faults:
        raise PublishError(_first_of(checked.faults))
    words = "1 row holds" if checked.rows == 1 else f"{checked.rows} rows hold"
    click.echo(f"{words}; the last has the hash {checked.head}" if checked.rows else _nothing(root))


def _nothing(root: Path) -> str:
    return f"no run and no mail is noted yet in {shown(root)}"


def _first_of(faults: Sequence[Fault]) -> Fault:
    """Return the first fault, which says how many others come after it."""
    first, more = faults[0], len(faults) - 1
    return replace(first, remedy=f"{first.remedy}; {more} more below") if more else first


@contextmanager
def _readable(root: Path) -> Iterator[None]:
    from cutbook.published.ledger import LEDGER

    try:
        yield
    except OSError as error:
        found = f"{type(error).__name__}: {error.strerror}"
        raise PublishError(Fault(LEDGER, found, f"a file of {shown(root)} to read", "mend its permissions")) from None


def _cells(row: Row) -> list[str]:
    """Return what a line says of a row: when, what came of it, of what, exit code, by or to whom."""
    revision = "" if row.revision is None else f"r{row.revision}"
    code = "" if row.code is None else f"exit {row.code}"
    about = [row.time, row.what, row.study, row.cut, row.audience]
    return [*(_text(value) for value in about), revision, code, _text(row.who)]


def _text(value: str) -> str:
    from cutbook.words import single_line

    return single_line(value)[:_LONGEST_VALUE]


def _lines(rows: Sequence[Sequence[str]]) -> list[str]:
    """Return rows of cells as lines, columns below each other; a column that is empty throughout is left out."""
    columns = [column for column in zip(*rows, strict=True) if any(column)]
    widths = [max(len(cell) for cell in column) for column in columns]
    return ["  ".join(map(str.ljust, cells, widths)).rstrip() for cells in zip(*columns, strict=True)]
