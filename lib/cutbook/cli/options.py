"""What the commands share: options, the project that is meant, and how files and errors are shown."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import click

from cutbook.errors import CutbookError

if TYPE_CHECKING:
    from cutbook.parameters.project import Project

INTERNAL = 1
"""Exit code of an error that nobody foresaw."""

FOLDER = click.Path(file_okay=False, path_type=Path)
project_option = click.option(
    "--project", "project_folder", type=FOLDER, help="Project folder [default: found upwards]."
)
outputs_option = click.option("--outputs", type=FOLDER, help="Output root [default: outputs/ of the project].")
unverified_option = click.option(
    "--unverified", is_flag=True, help="Accept a transfer without a manifest; every page says so."
)


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
