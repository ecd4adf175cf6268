"""The command that writes a project of one's own."""

from __future__ import annotations

import shlex
from pathlib import Path

import click

from cutbook.cli.options import shown
from cutbook.cli.shell.examples import examples
from cutbook.cli.simulators import has_simulator
from cutbook.starter.contents import EXAMPLE


@click.command(epilog=examples("cutbook new trial", "cutbook new trial --study cdiscpilot01"))
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@click.option("--study", default=EXAMPLE, show_default=True, help="Example study that the project starts with.")
def new(*, folder: Path, study: str) -> None:
    """Write a project into DIR, which must be absent or empty: notebooks, an example study, schemas, outputs."""
    from cutbook.starter.making import make_project

    files = make_project(folder, study)
    click.echo(f"{len(files)} files in {shown(folder)}; next:")
    for command in _next_commands(folder, study):
        click.echo(f"  {command}")


def _next_commands(folder: Path, study: str) -> list[str]:
    """Return what to type next, up to the reports of the study's last cut."""
    from cutbook.parameters.project import Project, list_cuts, read_study

    project = Project(folder)
    root, last = read_study(project, study).sources.root, list_cuts(project, study)[-1]
    go = [] if folder.samefile(Path.cwd()) else [f"cd {shlex.quote(shown(folder))}"]
    fetch = [f"cutbook simulate {study} --to {shlex.quote(root)}"] if has_simulator(study) else []
    return [*go, *fetch, f"cutbook check {study} {last}", f"cutbook run {study} {last}"]
