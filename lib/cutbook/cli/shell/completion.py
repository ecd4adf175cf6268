"""What the shell completes: studies and cuts of the project, and choices that depend on the study.

Completing never fails: what cannot be read completes to nothing. What is offered is never refused.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from cutbook.errors import CutbookError

if TYPE_CHECKING:
    from cutbook.parameters.project import Project


class Offered(click.Choice[str]):
    """A choice that is shown in the help and completed; what else is typed is left to the command to refuse.

    The command refuses it with the exit code and the words of its cause: another class is 4, not wrong usage.
    """

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:  # noqa: ANN401, ARG002 - click's signature
        """Return the value as typed."""
        return str(value)


def complete_study(context: click.Context, _parameter: click.Parameter, incomplete: str) -> list[str]:
    """Return the studies of the project that begin as typed."""
    from cutbook.parameters.project import list_studies

    project = _project(context)
    return _beginning(list_studies(project), incomplete) if project else []


def complete_cut(context: click.Context, _parameter: click.Parameter, incomplete: str) -> list[str]:
    """Return the cuts of the study typed before that begin as typed, earliest first."""
    from cutbook.parameters.project import list_cuts

    project, study = _project(context), _study(context)
    if project is None or not study:
        return []
    try:
        return _beginning(list_cuts(project, study), incomplete)
    except CutbookError:
        return []


def complete_report(context: click.Context, _parameter: click.Parameter, incomplete: str) -> list[str]:
    """Return the reports of the study typed before that begin as typed."""
    from cutbook.parameters.project import read_study

    project, study = _project(context), _study(context)
    if project is None or not study:
        return []
    try:
        return _beginning(read_study(project, study).reports, incomplete)
    except CutbookError:
        return []


def complete_simulated(_context: click.Context, _parameter: click.Parameter, incomplete: str) -> list[str]:
    """Return the studies that a simulator is installed for and that begin as typed."""
    from cutbook.cli.simulators import list_simulated

    return _beginning(list_simulated(), incomplete)


def _study(context: click.Context) -> str:
    """Return the study typed so far; empty when there is none."""
    # While the value of an option is typed, click has not told the arguments apart yet.
    return context.params.get("study") or next(iter(context.args), "")


def _project(context: click.Context) -> Project | None:
    from cutbook.parameters.project import find_project

    folder = context.params.get("project_folder") or Path.cwd()
    try:
        return find_project(Path(folder).absolute())
    except CutbookError:
        return None


def _beginning(names: list[Any], incomplete: str) -> list[str]:
    return [str(name) for name in names if str(name).startswith(incomplete)]
