"""The command that makes reports: of one cut, or of every cut that waits."""

from __future__ import annotations

import sys
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from cutbook.cli.dispatch import open_dispatch, revisions_of, send_and_tell, tell_and_queue
from cutbook.cli.options import INTERNAL, find, outputs_option, project_option, shown, tell, unverified_option
from cutbook.errors import CutbookError

if TYPE_CHECKING:
    from cutbook.deliver.dispatch import Dispatch
    from cutbook.report.publishing.orders import Order
    from cutbook.report.publishing.publish import Published


@click.command()
@click.argument("study")
@click.argument("cut", required=False)
@click.option("--report", "reports", multiple=True, help="Report to make [default: all of the study]; may be repeated.")
@click.option("--audience", default="", help="Class of the reports [default: that of the cut file].")
@outputs_option
@click.option("--engine", default="kernel", show_default=True, help="How notebooks are executed.")
@click.option("--workers", type=click.IntRange(1, 64), default=2, show_default=True, help="Reports made at once.")
@click.option("--pending", is_flag=True, help="Run every cut that has its transfer and no current report.")
@click.option("--send", "sending", is_flag=True, help="With --pending: send the mails that are due, too.")
@unverified_option
@project_option
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
    sending: bool,
    unverified: bool,
    project_folder: Path | None,
) -> None:
    """Make, check and publish the reports of a cut."""
    from cutbook.report.publishing.orders import Order

    if pending == (cut is not None):
        raise click.UsageError("name a cut, or give --pending")
    if sending and not pending:
        raise click.UsageError("--send goes with --pending; send one cut with cutbook send")
    project = find(project_folder)
    root = outputs or project.outputs
    order = Order(project, study, cut or "", root, reports, audience, engine, workers, unverified)
    if cut is None:
        _run_pending(order, is_sending=sending)
    else:
        _run_one(order)


def _run_one(order: Order) -> None:
    from cutbook.report.execution.progress import show_progress
    from cutbook.report.run import run_cut

    with show_progress(sys.stderr, sys.stdout) as on_progress:
        published = run_cut(order, on_progress)
    for line in _outcome(published):
        click.echo(line)


def _run_pending(order: Order, *, is_sending: bool) -> None:
    """Run what waits; where the study has a recipients file, queue the mails with it, and send them when asked to."""
    from cutbook.parameters.recipients_file import recipients_file
    from cutbook.report.publishing.pending import pending_cuts

    waiting, errors = pending_cuts(
        order.project, order.study_id, order.outputs, is_unverified_allowed=order.is_unverified_allowed
    )
    is_mailed = recipients_file(order.project, order.study_id).exists()
    dispatch = open_dispatch(order.project, order.study_id, order.outputs) if is_mailed or is_sending else None
    if not waiting:
        click.echo(f"{order.study_id}: nothing is pending")
    codes = [tell(error) for error in errors]
    codes += [code for cut in waiting for code in _run_waiting(order, cut, dispatch)]
    if dispatch:
        codes += _mail(order, dispatch, is_quiet=not waiting and not errors, is_sending=is_sending)
    if codes:
        raise click.exceptions.Exit(codes[0])


def _run_waiting(order: Order, cut: str, dispatch: Dispatch | None) -> list[int]:
    """Return the exit codes of a cut that was run: none when it was published, whatever else is wrong."""
    if dispatch is None:
        try:
            _run_one(replace(order, cut_id=cut))
        except CutbookError as error:
            return [tell(error)]
        return []
    from cutbook.deliver.message.notices import queue_failure
    from cutbook.deliver.queueing import announced

    try:
        _run_one(replace(order, cut_id=cut, announce=partial(announced, dispatch)))
    except CutbookError as error:
        return tell_and_queue(dispatch, [error], cut)
    except Exception:
        queue_failure(dispatch, cut, INTERNAL)
        raise
    return []


def _mail(order: Order, dispatch: Dispatch, *, is_quiet: bool, is_sending: bool) -> list[int]:
    from cutbook.deliver.message.notices import queue_heartbeat
    from cutbook.deliver.queueing import reconcile

    errors = reconcile(dispatch, revisions_of(order.project, order.study_id))
    codes = tell_and_queue(dispatch, errors)
    if is_quiet and not errors:
        queue_heartbeat(dispatch)
    waiting = len(dispatch.outbox.find(("pending",), study=order.study_id))
    if is_sending:
        return [*codes, *send_and_tell(dispatch)]
    if waiting:
        click.echo(f"{waiting} mails wait; send them with cutbook send {order.study_id} --due")
    return codes


def _outcome(published: Published) -> list[str]:
    lines = [shown(file) for file in published.pages]
    if not published.is_current:
        lines.append("not current: the set lacks a report of the study; run the others too")
    return lines
