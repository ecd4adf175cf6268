"""The commands around a run: simulate, check, compare, export and explore."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import click

from cutbook.cli.options import (
    FILE,
    FOLDER,
    audience_option,
    cut_argument,
    find,
    json_option,
    outputs_option,
    project_option,
    role_option,
    shown,
    study_argument,
    tell_any,
    unverified_option,
)
from cutbook.cli.shell.answers import Answer, alone_on_stdout, check_answer, failed_check
from cutbook.cli.shell.completion import complete_cut, complete_simulated
from cutbook.cli.shell.examples import examples
from cutbook.cli.shell.oddities import display_lines, oddity_lines
from cutbook.data.transfer.audience import Asked, refuse_class
from cutbook.errors import RenderError

if TYPE_CHECKING:
    from cutbook.parameters.project import Project
    from cutbook.published.folders import Place

_SIMULATE = examples(
    "cutbook simulate tofersen --to data/tofersen",
    "cutbook simulate tofersen --to big --copies 10 --format parquet",
)
_CHECK = examples("cutbook check tofersen C2", "cutbook check tofersen C2 --json")
_EXPORT = examples(
    "cutbook export tofersen C2 --to out",
    "cutbook export tofersen C2 --to adam --format json",
    "cutbook export tofersen C2 --to archive --format zip",
)
_HELD = {".xlsx": "tables", ".zip": "files"}
"""What an amount of a file counts, by its ending; rows where nothing is said."""

_COMPARE = examples("cutbook compare tofersen C2 C1", "cutbook compare tofersen C2 C1 --results --json")


@click.command(epilog=_SIMULATE)
@click.argument("study", shell_complete=complete_simulated)
@click.option("--to", "folder", type=FOLDER, required=True, help="Folder that will hold one folder a transfer.")
@click.option("--copies", type=click.IntRange(1, 1000), help="How many times as large [default: the trial itself].")
@click.option("--sites-factor", "site_factor", type=click.IntRange(1, 1000), help="How many times as many sites.")
@click.option("--format", type=click.Choice(["xpt", "parquet"]), help="Format of the datasets.")
@click.option("--workers", type=click.IntRange(1, 64), help="Processes [default: up to 4 cores for more copies].")
def simulate(*, study: str, folder: Path, workers: int | None, **options: int | str | None) -> None:
    """Write the transfers of a virtual trial, one folder a cut."""
    from cutbook.cli.simulators import simulate_study

    processes = workers or (1 if options["copies"] in (None, 1) else min(4, os.cpu_count() or 1))
    for written in simulate_study(study, folder, options, processes):
        click.echo(shown(written))


@click.command(epilog=_CHECK)
@study_argument
@cut_argument
@click.option("--core", type=FILE, help="Report of CDISC CORE in JSON: list its rules as well, a line each.")
@json_option
@unverified_option
@project_option
def check(
    *, study: str, cut: str, core: Path | None, is_json: bool, unverified: bool, project_folder: Path | None
) -> None:
    """Check parameters, notebooks and data of a cut, without rendering."""
    ask = partial(_check, study, cut, core, project_folder, is_unverified_allowed=unverified)
    if is_json:
        _answer_as_json(study, cut, ask)
    answer = ask()
    counts = answer["counts"]
    click.echo(f"{study} {cut}: {counts['datasets']} datasets, {counts['rows']} rows after the cut")
    click.echo(f"{counts['removed']} rows removed, {counts['modified']} values rolled back by the cut")
    click.echo(f"{counts['issues']} issues, listed in the report")
    for line in (*oddity_lines(answer["issues"]), *display_lines(answer["displays"])):
        click.echo(line)
    for reported in answer["core"]:
        click.echo(reported["finding"])


def _check(
    study: str, cut: str, core: Path | None, project_folder: Path | None, *, is_unverified_allowed: bool
) -> Answer:
    import tempfile

    from cutbook.data.checks.core_report import read_core_report
    from cutbook.report.run import check_cut

    project = find(project_folder)
    reported = None if core is None else read_core_report(core)
    with tempfile.TemporaryDirectory(prefix="cutbook-") as folder:
        staged = check_cut(project, (study, cut), Path(folder), is_unverified_allowed=is_unverified_allowed)
        return check_answer(study, cut, staged, reported)


def _answer_as_json(study: str, cut: str, ask: Callable[[], Answer]) -> NoReturn:
    with alone_on_stdout() as write:
        try:
            answer = ask()
        except BaseException as error:
            tell_any(error)
            answer = failed_check(study, cut, error)
        write(answer)
    raise click.exceptions.Exit(answer["exit_code"])


@click.command(epilog=_COMPARE)
@study_argument
@cut_argument
@click.argument("other", shell_complete=complete_cut)
@audience_option(help="Class of the reports [default: that of the cut].")
@role_option
@click.option("--results", "part", flag_value="results", help="Only the results as published.")
@click.option("--records", "part", flag_value="records", help="Only the records of the transfers.")
@click.option("--json", "is_json", is_flag=True, help="All changes as one JSON object instead of text.")
@outputs_option
@unverified_option
@project_option
def compare(  # noqa: PLR0913 - one argument an option
    *,
    study: str,
    cut: str,
    other: str,
    audience: str,
    role: str,
    part: str | None,
    is_json: bool,
    outputs: Path | None,
    unverified: bool,
    project_folder: Path | None,
) -> None:
    """Show what changed from OTHER to CUT in the results as published and in the records of the transfers."""
    from cutbook.report.publishing.comparison import PARTS, compare_cuts, comparison_json, comparison_lines
    from cutbook.report.publishing.orders import Order

    project = find(project_folder)
    root = outputs or project.outputs
    order = Order(project, study, cut, root, audience=audience, role=role, is_unverified_allowed=unverified)
    found = compare_cuts(order, other, (part,) if part else PARTS)
    for line in [comparison_json(found)] if is_json else comparison_lines(found):
        click.echo(line)


@click.command(epilog=examples("cutbook replay tofersen C2", "cutbook replay tofersen C2 --outputs outputs"))
@study_argument
@cut_argument
@audience_option(help="Class of the reports [default: that of the cut].")
@role_option
@outputs_option
@click.option("--workers", type=click.IntRange(1, 64), default=2, show_default=True, help="Reports made at once.")
@project_option
def replay(  # noqa: PLR0913 - one argument an option
    *,
    study: str,
    cut: str,
    audience: str,
    role: str,
    outputs: Path | None,
    workers: int,
    project_folder: Path | None,
) -> None:
    """Make the published reports of CUT again from what their manifest names, and say whether they are the same.

    Nothing that is published is touched. Exit code 5 when something differs.
    """
    from cutbook.report.execution.progress import show_progress
    from cutbook.report.publishing.orders import Order
    from cutbook.report.replay import replay_cut

    project = find(project_folder)
    root = outputs or project.outputs
    order = Order(project, study, cut, root, audience=audience, role=role, workers=workers)
    with show_progress(sys.stderr, sys.stdout) as on_progress:
        found = replay_cut(order, on_progress)
    for lines, words in ((found.moved, "other now"), (found.differences, "differs")):
        for line in lines:
            click.echo(f"{words}: {line}")
    for report in found.left_out:
        click.echo(f"not replayed: {report}, taken over from an earlier run")
    if found.differences:
        raise click.exceptions.Exit(RenderError.exit_code)
    click.echo(f"reproduced identically: {found.files} files of run {found.run}")


@click.command(epilog=_EXPORT)
@study_argument
@cut_argument
@click.option("--to", "folder", type=FOLDER, required=True, help="Folder to make; it may not exist yet.")
@click.option(
    "--format", "formats", type=click.Choice(["xpt", "json", "ard", "ars", "xlsx", "docx", "zip"]), multiple=True,
    help="Datasets (xpt, json), results (ard, ars), tables (xlsx, docx), the published set (zip) "
    "[default: xpt json ard ars xlsx]; may be repeated.",
)  # fmt: skip
@audience_option(help="Class of the reports [default: that of the cut].")
@role_option
@outputs_option
@unverified_option
@project_option
def export(  # noqa: PLR0913 - one argument an option
    *,
    study: str,
    cut: str,
    folder: Path,
    formats: tuple[str, ...],
    audience: str,
    role: str,
    outputs: Path | None,
    unverified: bool,
    project_folder: Path | None,
) -> None:
    """Write a cut for other programs: derived datasets (ADaM), results, tables, or its published set.

    Datasets are written as SAS transport files of version 5 and Dataset-JSON 1.1, each format a transfer with manifest
    and define.xml: read as ADaM it gives the same results. See docs/results.md.
    """
    import tempfile

    from cutbook.report.execution.environment import compute_as_reports

    compute_as_reports(os.environ)
    if audience:
        refuse_class(audience)
    from cutbook.data.staging.history import add_previous_results
    from cutbook.published.clock import utc_now
    from cutbook.report.export import ARCHIVE, DEFAULT, Source, export_cut
    from cutbook.report.exporting.archive import find_set
    from cutbook.report.run import check_cut

    project = find(project_folder)
    root, chosen = (outputs or project.outputs).absolute(), formats or DEFAULT
    with tempfile.TemporaryDirectory(prefix="cutbook-") as work:
        asked = Asked(audience, role)
        staged = check_cut(project, (study, cut), Path(work), is_unverified_allowed=unverified, asked=asked)
        published = find_set(root, study, cut, staged.cut.audience) if ARCHIVE in chosen else None
        staged = add_previous_results(project, staged, Path(work) / "staged", root)
        written = export_cut(Source(staged, utc_now(), published), folder.absolute(), chosen)
    for path, amount in written.files.items():
        click.echo(f"{shown(path)}: {amount} {_HELD.get(path.suffix, 'rows')}")
    for dataset, names in written.left_out.items():
        click.echo(f"{dataset}: without {', '.join(names)}, longer than 8 characters")


@click.command(epilog=examples("cutbook explore tofersen C2"))
@study_argument
@cut_argument
@audience_option(help="Class of the data [default: that of the cut].")
@role_option
@outputs_option
@unverified_option
@project_option
def explore(  # noqa: PLR0913 - one argument an option
    *,
    study: str,
    cut: str,
    audience: str,
    role: str,
    outputs: Path | None,
    unverified: bool,
    project_folder: Path | None,
) -> None:
    """Open JupyterLab on copies of the notebooks with the parameters of a cut."""
    from cutbook.published.clock import new_run_id, utc_now
    from cutbook.report.explore import lab_command, lab_environment, prepare_exploration, refuse_superuser

    refuse_superuser(os.geteuid())
    project = find(project_folder)
    place = _place(project, study, cut, audience, outputs)
    folder = place.outputs / "explore" / study / cut / new_run_id(utc_now())
    prepare_exploration(project, place, folder, is_unverified_allowed=unverified, role=role)
    click.echo(f"notebooks in {shown(folder)}; stop with Ctrl-C")
    command, environment = lab_command(folder), lab_environment(os.environ, folder)
    raise SystemExit(subprocess.run(command, env=environment, cwd=folder, check=False).returncode)  # noqa: S603 - ours


def _place(project: Project, study: str, cut: str, audience: str, outputs: Path | None) -> Place:
    from cutbook.published.folders import Place
    from cutbook.report.publishing.orders import read_parameters

    _, read = read_parameters(project, study, cut)
    return Place((outputs or project.outputs).absolute(), study, cut, audience or read.audience)
