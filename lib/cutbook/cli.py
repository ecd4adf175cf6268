"""The command line: simulate, check, run, compare and explore."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Sequence
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import click

from cutbook.errors import CutbookError

if TYPE_CHECKING:
    from cutbook.parameters.project import Project
    from cutbook.report.orders import Order
    from cutbook.report.places import Place
    from cutbook.report.publish import Published

USAGE = 2
INTERNAL = 1
INTERRUPTED = 130
_SIGNALLED = 128
_OLDEST_SAFE = {11: 15, 12: 13, 13: 12, 14: 3}
"""By minor version of Python 3: the first patch release without a known vulnerability."""

_folder = click.Path(file_okay=False, path_type=Path)
_project = click.option("--project", "project_folder", type=_folder, help="Project folder [default: found upwards].")
_outputs = click.option("--outputs", type=_folder, help="Output root [default: outputs/ of the project].")
_unverified = click.option(
    "--unverified", is_flag=True, help="Accept a transfer without a manifest; every page says so."
)


def _version() -> str:
    try:
        return version("cutbook")
    except PackageNotFoundError:
        return "not installed"


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(_version(), prog_name="cutbook")
def commands() -> None:
    """Safety, pharmacokinetic and efficacy reports of a trial, one set a data cut.

    Exit codes: 0 done, 2 usage or parameter, 3 input data, 4 class or role, 5 render, 6 publish, 75 busy.
    """
    os.umask(0o077)
    warning = old_python_warning(sys.version_info[:3])
    if warning:
        click.echo(warning, err=True)


@commands.command()
@click.argument("study")
@click.option("--to", "folder", type=_folder, required=True, help="Folder that will hold one folder a transfer.")
@click.option("--copies", type=click.IntRange(1, 1000), help="How many times as large [default: the trial itself].")
@click.option("--sites-factor", "site_factor", type=click.IntRange(1, 1000), help="How many times as many sites.")
@click.option("--format", type=click.Choice(["xpt", "parquet"]), help="Format of the datasets.")
@click.option("--workers", type=click.IntRange(1, 64), help="Processes [default: up to 4 cores for more copies].")
def simulate(*, study: str, folder: Path, workers: int | None, **options: int | str | None) -> None:
    """Write the transfers of a virtual trial, one folder a cut."""
    from cutbook.report.simulators import simulate_study

    processes = workers or (1 if options["copies"] in (None, 1) else min(4, os.cpu_count() or 1))
    for written in simulate_study(study, folder, options, processes):
        click.echo(_shown(written))


@commands.command()
@click.argument("study")
@click.argument("cut")
@_unverified
@_project
def check(*, study: str, cut: str, unverified: bool, project_folder: Path | None) -> None:
    """Check parameters, notebooks and data of a cut, without rendering."""
    import tempfile

    from cutbook.report.run import check_cut

    project = _find(project_folder)
    with tempfile.TemporaryDirectory(prefix="cutbook-") as folder:
        staged = check_cut(project, study, cut, Path(folder), is_unverified_allowed=unverified)
        rows = sum(len(frame) for frame in staged.datasets.values())
        click.echo(f"{study} {cut}: {len(staged.datasets)} datasets, {rows} rows after the cut")
        click.echo(f"{len(staged.removed)} rows removed, {len(staged.modified)} values rolled back by the cut")
        click.echo(f"{len(staged.issues)} issues, listed in the report")


@commands.command()
@click.argument("study")
@click.argument("cut", required=False)
@click.option("--report", "reports", multiple=True, help="Report to make [default: all of the study]; may be repeated.")
@click.option("--audience", default="", help="Class of the reports [default: that of the cut file].")
@_outputs
@click.option("--engine", default="kernel", show_default=True, help="How notebooks are executed.")
@click.option("--workers", type=click.IntRange(1, 64), default=2, show_default=True, help="Reports made at once.")
@click.option("--pending", is_flag=True, help="Run every cut that has its transfer and no current report.")
@_unverified
@_project
def run(  # noqa: PLR0913 - one argument an option
    *,
    study: str,
    cut: str | None,
    reports: tuple[str, ...],
    audience: str,
    outputs: Path | None,
    engine: str,
    workers: int,
    pending: bool,
    unverified: bool,
    project_folder: Path | None,
) -> None:
    """Make, check and publish the reports of a cut."""
    from cutbook.report.orders import Order

    if pending == (cut is not None):
        raise click.UsageError("name a cut, or give --pending")
    project = _find(project_folder)
    root = outputs or project.outputs
    order = Order(project, study, cut or "", root, reports, audience, engine, workers, unverified)
    if cut is None:
        _run_pending(order)
    else:
        _run_one(order)


@commands.command()
@click.argument("study")
@click.argument("cut")
@click.argument("other")
@click.option("--audience", default="unblinded", show_default=True, help="Class of the reports.")
@click.option("--results", "part", flag_value="results", help="Only the results as published.")
@click.option("--records", "part", flag_value="records", help="Only the records of the transfers.")
@click.option("--json", "is_json", is_flag=True, help="All changes as one JSON object instead of text.")
@_outputs
@_unverified
@_project
def compare(  # noqa: PLR0913 - one argument an option
    *,
    study: str,
    cut: str,
    other: str,
    audience: str,
    part: str | None,
    is_json: bool,
    outputs: Path | None,
    unverified: bool,
    project_folder: Path | None,
) -> None:
    """Show what changed from OTHER to CUT in the results as published and in the records of the transfers."""
    from cutbook.report.comparison import PARTS, compare_cuts, comparison_json, comparison_lines
    from cutbook.report.orders import Order

    project = _find(project_folder)
    root = outputs or project.outputs
    order = Order(project, study, cut, root, audience=audience, is_unverified_allowed=unverified)
    found = compare_cuts(order, other, (part,) if part else PARTS)
    for line in [comparison_json(found)] if is_json else comparison_lines(found):
        click.echo(line)


@commands.command()
@click.argument("study")
@click.argument("cut")
@_outputs
@_unverified
@_project
def explore(*, study: str, cut: str, outputs: Path | None, unverified: bool, project_folder: Path | None) -> None:
    """Open JupyterLab on copies of the notebooks with the parameters of a cut."""
    from cutbook.report.explore import lab_command, lab_environment, prepare_exploration, refuse_superuser
    from cutbook.report.manifest import new_run_id, utc_now

    refuse_superuser(os.geteuid())
    project = _find(project_folder)
    place = _place(project, study, cut, "unblinded", outputs)
    folder = place.outputs / "explore" / study / cut / new_run_id(utc_now())
    prepare_exploration(project, place, folder, is_unverified_allowed=unverified)
    click.echo(f"notebooks in {_shown(folder)}; stop with Ctrl-C")
    command, environment = lab_command(folder), lab_environment(os.environ, folder)
    raise SystemExit(subprocess.run(command, env=environment, cwd=folder, check=False).returncode)  # noqa: S603 - ours


def old_python_warning(version_info: tuple[int, int, int]) -> str:
    """Return one line that warns of a Python with known vulnerabilities, or an empty text.

    Parameters
    ----------
    version_info : tuple of int
        Major, minor and patch version.
    """
    major, minor, patch = version_info
    oldest = _OLDEST_SAFE.get(minor, 0)
    if major != 3 or patch >= oldest:
        return ""
    return f"warning: Python {major}.{minor}.{patch} has known vulnerabilities; use {major}.{minor}.{oldest} or later"


def main(arguments: Sequence[str] | None = None) -> NoReturn:
    """Run the command line and end the process with the documented exit code."""
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _end)
    sys.exit(_exit_code(arguments))


def _exit_code(arguments: Sequence[str] | None) -> int:
    try:
        code = commands.main(args=arguments, prog_name="cutbook", standalone_mode=False)
    except CutbookError as error:
        return _tell(error)
    except click.exceptions.NoArgsIsHelpError as error:
        error.show()
        return USAGE
    except click.ClickException as error:
        click.echo(f"{USAGE} {_one_line(error.format_message())}", err=True)
        return USAGE
    except (KeyboardInterrupt, click.Abort):
        click.echo(f"{INTERRUPTED} interrupted", err=True)
        return INTERRUPTED
    except Exception as error:
        click.echo(f"{INTERNAL} cutbook: found {type(error).__name__}: {_one_line(str(error))}", err=True)
        return INTERNAL
    return code if isinstance(code, int) else 0


def _end(number: int, _frame: object) -> NoReturn:
    raise SystemExit(_SIGNALLED + number)


def _tell(error: CutbookError) -> int:
    for fault in error.faults:
        click.echo(f"{error.exit_code} {fault}", err=True)
    for note in getattr(error, "__notes__", []):
        click.echo(note)
    return error.exit_code


def _run_one(order: Order) -> None:
    from cutbook.report.progress import show_progress
    from cutbook.report.run import run_cut

    with show_progress(sys.stderr, sys.stdout) as on_progress:
        published = run_cut(order, on_progress)
    for line in _outcome(published):
        click.echo(line)


def _run_pending(order: Order) -> None:
    from dataclasses import replace

    from cutbook.report.pending import pending_cuts

    waiting, errors = pending_cuts(
        order.project, order.study_id, order.outputs, is_unverified_allowed=order.is_unverified_allowed
    )
    if not waiting:
        click.echo(f"{order.study_id}: nothing is pending")
    codes = [_tell(error) for error in errors]
    for cut in waiting:
        try:
            _run_one(replace(order, cut_id=cut))
        except CutbookError as error:
            codes.append(_tell(error))
    if codes:
        raise click.exceptions.Exit(codes[0])


def _outcome(published: Published) -> list[str]:
    folder = published.current if published.is_current else published.folder
    lines = [_shown(file) for file in sorted(folder.glob("*.html"))]
    if not published.is_current:
        lines.append("not current: the set lacks a report of the study; run the others too")
    return lines


def _find(folder: Path | None) -> Project:
    from cutbook.parameters.project import find_project

    return find_project((folder or Path.cwd()).absolute())


def _place(project: Project, study: str, cut: str, audience: str, outputs: Path | None) -> Place:
    from cutbook.report.orders import read_parameters
    from cutbook.report.places import Place

    read_parameters(project, study, cut)
    return Place((outputs or project.outputs).absolute(), study, cut, audience)


def _shown(path: Path) -> str:
    return os.path.relpath(path)


def _one_line(text: str) -> str:
    return " ".join(text.split())
