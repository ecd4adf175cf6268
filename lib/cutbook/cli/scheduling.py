"""The commands of the schedule: shown before it is installed, and removed again."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from cutbook.cli.options import find, outputs_option, project_option, shown, study_argument
from cutbook.cli.shell.examples import examples
from cutbook.errors import Fault, ParameterError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from cutbook.deliver.schedule import Plan

_KIND = click.Choice(["systemd", "cron"])
_UNITS = Path("~/.config/systemd/user")
_NO_CRONTAB = re.compile(r"^no crontab for ", re.MULTILINE)
_MEND = "mend it, or use --with the other one"


@click.group(epilog=examples("cutbook schedule show tofersen", "cutbook schedule install tofersen --every 10"))
def schedule() -> None:
    """Look for new transfers every few minutes: a systemd user timer, or a line of the crontab."""


def _with_plan(command: Callable[..., None]) -> Callable[..., None]:
    """Return a command with the options that say what is scheduled."""
    every = click.option("--every", type=click.IntRange(1, 60), default=5, show_default=True, help="Minutes.")
    kind = click.option("--with", "kind", type=_KIND, default="systemd", show_default=True, help="What runs it.")
    return study_argument(kind(every(outputs_option(project_option(command)))))


@schedule.command(epilog=examples("cutbook schedule show tofersen --with cron"))
@_with_plan
def show(*, study: str, kind: str, every: int, outputs: Path | None, project_folder: Path | None) -> None:
    """Show what would be installed; nothing is changed."""
    _show(_plan(study, every, outputs, project_folder), kind)


@schedule.command(epilog=examples("cutbook schedule install tofersen", "cutbook schedule install tofersen --yes"))
@click.option("--yes", is_flag=True, help="Install without asking.")
@_with_plan
def install(*, study: str, kind: str, every: int, yes: bool, outputs: Path | None, project_folder: Path | None) -> None:
    """Show the schedule, ask, and install it for this account."""
    plan = _plan(study, every, outputs, project_folder)
    _show(plan, kind)
    if not yes:
        click.confirm("Install this?", abort=True)
    if kind == "cron":
        _install_cron(plan)
    else:
        _install_units(plan)


@schedule.command(epilog=examples("cutbook schedule remove tofersen"))
@_with_plan
def remove(*, study: str, kind: str, every: int, outputs: Path | None, project_folder: Path | None) -> None:
    """Remove the schedule of this account."""
    plan = _plan(study, every, outputs, project_folder)
    if kind == "cron":
        _remove_cron(plan)
    else:
        _remove_units(plan)


def _plan(study: str, every: int, outputs: Path | None, project_folder: Path | None) -> Plan:
    from cutbook.deliver.schedule import Plan
    from cutbook.parameters.project import read_study

    project = find(project_folder)
    root = (outputs or project.outputs).absolute()
    return Plan(read_study(project, study).id, Path(sys.executable).absolute(), project.root.absolute(), root, every)


def _show(plan: Plan, kind: str) -> None:
    from cutbook.deliver.schedule import crontab_line, systemd_units

    if kind == "cron":
        click.echo(crontab_line(plan))
        return
    for name, text in systemd_units(plan).items():
        click.echo(f"# {_UNITS / name}\n{text}")


def _install_units(plan: Plan) -> None:
    from cutbook.deliver.schedule import systemd_units

    folder = _UNITS.expanduser()
    folder.mkdir(parents=True, exist_ok=True)
    units = systemd_units(plan)
    before = {name: (folder / name).read_bytes() for name in units if (folder / name).is_file()}
    for name, text in units.items():
        (folder / name).write_text(text, encoding="utf-8")
    try:
        _call("systemctl", "--user", "daemon-reload")
        _call("systemctl", "--user", "enable", "--now", f"{plan.unit}.timer")
    except ParameterError:
        _put_back(folder, units, before)
        raise
    for name in units:
        click.echo(f"written: {shown(folder / name)}")
    click.echo("It runs while you are logged in; loginctl enable-linger lets it run always.")


def _remove_units(plan: Plan) -> None:
    from cutbook.deliver.schedule import systemd_units

    files = [_UNITS.expanduser() / name for name in systemd_units(plan)]
    if not any(file.exists() for file in files):
        click.echo(f"{plan.study}: no timer is installed")
        return
    _call_if_it_answers("systemctl", "--user", "disable", "--now", f"{plan.unit}.timer")
    for file in (*files, _UNITS.expanduser() / "timers.target.wants" / f"{plan.unit}.timer"):
        if file.exists() or file.is_symlink():
            file.unlink()
            click.echo(f"removed: {shown(file)}")
    _call_if_it_answers("systemctl", "--user", "daemon-reload")


def _put_back(folder: Path, names: Iterable[str], before: Mapping[str, bytes]) -> None:
    """Leave the units as they were before an installation that failed."""
    for name in names:
        if name in before:
            (folder / name).write_bytes(before[name])
        else:
            (folder / name).unlink(missing_ok=True)


def _install_cron(plan: Plan) -> None:
    from cutbook.deliver.schedule import with_line

    _call("crontab", "-", given=with_line(_crontab(), plan))
    click.echo("installed in the crontab")


def _remove_cron(plan: Plan) -> None:
    from cutbook.deliver.schedule import without_line

    before = _crontab()
    after = without_line(before, plan.study)
    if after == before:
        click.echo(f"{plan.study}: no line is installed")
        return
    _call("crontab", "-", given=after)
    click.echo("removed from the crontab")


def _crontab() -> str:
    """Return the crontab of this account; empty when it has none.

    Raises
    ------
    ParameterError
        It cannot be read: what cannot be read is not replaced.
    """
    done = _done("crontab", "-l")
    if done.returncode and not _NO_CRONTAB.search(done.stderr):
        raise ParameterError(Fault("crontab -l", _words(done), "the crontab of this account", _MEND))
    return done.stdout if done.returncode == 0 else ""


def _call(name: str, *arguments: str, given: str = "") -> None:
    done = _done(name, *arguments, given=given)
    if done.returncode:
        raise ParameterError(Fault(name, _words(done), "a command that works", _MEND))


def _call_if_it_answers(name: str, *arguments: str) -> None:
    """Call a command that may fail: what it would end is not running where it cannot be reached."""
    done = _done(name, *arguments)
    if done.returncode:
        click.echo(f"warning: {name}: {_words(done)}", err=True)


def _done(name: str, *arguments: str, given: str = "") -> subprocess.CompletedProcess[str]:
    command, words = [_program(name), *arguments], {**os.environ, "LC_ALL": "C.UTF-8"}
    return subprocess.run(command, input=given, capture_output=True, text=True, check=False, env=words)  # noqa: S603 - fixed


def _words(done: subprocess.CompletedProcess[str]) -> str:
    return " ".join(done.stderr.split())[:200] or f"exit code {done.returncode}"


def _program(name: str) -> str:
    found = shutil.which(name)
    if found is None:
        raise ParameterError(Fault("schedule", f"no {name} on this machine", name, "use --with the other one"))
    return found
