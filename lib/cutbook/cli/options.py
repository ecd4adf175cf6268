"""What the commands share: arguments, options, the project that is meant, and how files and errors are shown."""

from __future__ import annotations

import os
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from cutbook.cli.shell.completion import Offered, complete_cut, complete_study
from cutbook.data.transfer.audience import RENDERED
from cutbook.errors import CutbookError

if TYPE_CHECKING:
    from cutbook.parameters.project import Project

INTERNAL = 1
"""Exit code of an error that nobody foresaw."""

INTERRUPTED = 130
"""Exit code of what was interrupted from the keyboard."""

study_argument = click.argument("study", shell_complete=complete_study)
cut_argument = click.argument("cut", shell_complete=complete_cut)
cut_or_none_argument = click.argument("cut", required=False, shell_complete=complete_cut)
FOLDER = click.Path(file_okay=False, path_type=Path)
FILE = click.Path(path_type=Path)
project_option = click.option(
    "--project", "project_folder", type=FOLDER, help="Project folder [default: found upwards]."
)
outputs_option = click.option("--outputs", type=FOLDER, help="Output root [default: outputs/ of the project].")
unverified_option = click.option(
    "--unverified", is_flag=True, help="Accept a transfer without a manifest; every page says so."
)
role_option = click.option(
    "--role", default="", help="In which role unblinded data are read while the blind of the study holds."
)
json_option = click.option("--json", "is_json", is_flag=True, help="Answer as JSON, alone on standard output.")


audience_option = partial(click.option, "--audience", type=Offered(RENDERED), default="", help="Class of the reports.")


def find(folder: Path | None) -> Project:
    """Return the project in or above a folder; without one, in or above the working folder."""
    from cutbook.parameters.project import find_project

    return find_project((folder or Path.cwd()).absolute())


def shown(path: Path) -> str:
    """Return a path as seen from the working folder."""
    return os.path.relpath(path)


def one_line(text: str) -> str:
    """Return a text without line breaks."""
    return " ".join(text.split())


def tell(error: CutbookError) -> int:
    """Return the exit code of an error after writing its faults, one line each."""
    for fault in error.faults:
        click.echo(f"{error.exit_code} {fault}", err=True)
    for note in getattr(error, "__notes__", []):
        click.echo(note)
    return error.exit_code


def tell_any(error: BaseException) -> int:
    """Return the exit code of whatever ended a command after telling it."""
    return tell(error) if isinstance(error, CutbookError) else tell_unforeseen(error)


def tell_unforeseen(error: BaseException) -> int:
    """Return the exit code of an error that is none of Cutbook's own, after writing its one line."""
    code = code_of(error)
    if code == INTERRUPTED:
        click.echo(f"{code} interrupted", err=True)
    elif isinstance(error, Exception):
        click.echo(f"{code} cutbook: found {type(error).__name__}: {one_line(str(error))}", err=True)
    return code


def code_of(error: BaseException) -> int:
    """Return the exit code of whatever ended a command."""
    if isinstance(error, CutbookError):
        return error.exit_code
    if isinstance(error, KeyboardInterrupt | click.Abort):
        return INTERRUPTED
    return error.code if isinstance(error, SystemExit) and isinstance(error.code, int) else INTERNAL
