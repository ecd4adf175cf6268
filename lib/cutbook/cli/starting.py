"""The commands that start: a project of one's own, the draft of a study from its data, and what its files may hold."""

from __future__ import annotations

import shlex
import sys
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from cutbook.cli.options import FILE, FOLDER, find, project_option, shown
from cutbook.cli.shell.examples import examples
from cutbook.cli.simulators import has_simulator
from cutbook.starter.contents import EXAMPLE

if TYPE_CHECKING:
    from cutbook.drafting.decision import Draft, Value
    from cutbook.drafting.making import Made
    from cutbook.parameters.project import Project

NAMES = ("study", "cut", "recipients", "pk_choices", "manifest")
"""What has a JSON Schema."""

_INIT = examples(
    "cutbook init incoming/2024-07-01 --study abc123",
    "cutbook init incoming/2024-07-01 --study abc123 --answers answers.yaml",
    "cutbook init incoming/2024-10-01 --study abc123",
)


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


@click.command(epilog=_INIT)
@click.argument("folder", metavar="TRANSFER", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--study", "study_id", default="", help="Name of the study [default: as manifest or DM say].")
@click.option("--answers", "file", type=FILE, help="YAML file of answers, by the keys that init.md lists.")
@click.option("--accept", is_flag=True, help="Take every guess; pages say how many questions nobody answered.")
@click.option("--out", type=FOLDER, help="Folder that gets parameters/<study>/ [default: the project].")
@project_option
def init(
    *, folder: Path, study_id: str, file: Path | None, accept: bool, out: Path | None, project_folder: Path | None
) -> None:
    """Draft the study file of a transfer, every decision with its evidence, and ask what the data do not tell.

    On a terminal the questions are asked one by one; elsewhere they stand in the file, marked ASK, and no command
    accepts them. Nothing is overwritten: of a study that is there, it is told what a fresh draft would say otherwise.
    """
    from cutbook.drafting.making import Request, make
    from cutbook.parameters.project import Project

    project = Project(out.absolute()) if out else find(project_folder)
    is_asked = not accept and file is None and sys.stdin.isatty() and sys.stdout.isatty()
    made = make(Request(folder, project, study_id, accept), partial(_answers, file, is_asked))
    if made.drift is not None:
        _tell_drift(made, folder)
    else:
        _tell_draft(made, project, is_accepted=accept)


def _answers(file: Path | None, is_asked: bool, draft: Draft) -> Mapping[str, Value | None]:
    from cutbook.drafting.answers import read_answers

    if file is not None:
        return read_answers(file, draft)
    if not is_asked:
        return {}
    from cutbook.cli.shell.questions import ask_person

    return ask_person(draft)


def _tell_drift(made: Made, folder: Path) -> None:
    click.echo(f"{made.study} has a study file; {shown(folder)} against it:")
    for line in made.drift or ("nothing is new",):
        click.echo(f"  {line}")


def _tell_draft(made: Made, project: Project, *, is_accepted: bool) -> None:
    for file in made.files:
        click.echo(f"written: {shown(file)}")
    for alarm in made.draft.alarms:
        click.echo(f"look at: {alarm}")
    still = [one for one in made.draft.open if one.confidence == "unknown"]
    home = shown(project.parameters / made.study)
    if is_accepted:
        taken = [one for one in made.draft.open if one not in still and not one.key.startswith("cut.")]
        click.echo(f"{len(taken)} guesses taken, marked GUESS in {home}/study.yaml; every page says so")
    waiting = still if is_accepted else made.draft.open
    if waiting:
        click.echo(f"{len(waiting)} questions, marked ASK in {home}; answer each and remove its mark:")
        for one in waiting:
            click.echo(f"  {one.key}: {one.question}")
    click.echo("next:")
    for command in ("check", "run"):
        click.echo(f"  cutbook {command} {made.study} {made.cut}")


@click.command(epilog=examples("cutbook schema study"))
@click.argument("name", type=click.Choice(NAMES))
def schema(name: str) -> None:
    """Print the JSON Schema of a study file, cut file, recipients file, PK decisions or manifest of a transfer."""
    from cutbook.starter.schemas import schema_of

    click.echo(schema_of(name).encode("utf-8"), nl=False)
