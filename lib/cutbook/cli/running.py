"""The command that makes reports: of one cut, or of every cut that waits."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import click

from cutbook.cli.dispatch import open_dispatch, revisions_of, send_and_tell, tell_and_queue
from cutbook.cli.options import (
    INTERNAL,
    audience_option,
    code_of,
    cut_or_none_argument,
    find,
    json_option,
    outputs_option,
    project_option,
    role_option,
    shown,
    study_argument,
    tell,
    tell_any,
    unverified_option,
)
from cutbook.cli.shell.answers import Answer, alone_on_stdout, failed_run, run_answer
from cutbook.cli.shell.completion import Offered, complete_report
from cutbook.cli.shell.examples import examples
from cutbook.errors import CutbookError
from cutbook.report.execution.engine import ENGINES
from cutbook.vocabulary import REPORTS

if TYPE_CHECKING:
    from cutbook.deliver.dispatch import Dispatch
    from cutbook.report.publishing.orders import Order
    from cutbook.report.publishing.publish import Published

RunOne = Callable[["Order"], "Published"]
"""Runs one cut."""

_EXAMPLES = examples(
    "cutbook run tofersen C2",
    "cutbook run tofersen C2 --report safety --json",
    "cutbook run tofersen --pending --send",
)


@click.command(epilog=_EXAMPLES)
@study_argument
@cut_or_none_argument
@click.option(
    "--report",
    "reports",
    multiple=True,
    type=Offered(REPORTS),
    shell_complete=complete_report,
    help="Report to make [default: all of the study]; may be repeated.",
)
@audience_option(help="Class of the reports [default: that of the cut].")
@role_option
@click.option("--reason", default="", help="Why the blind is lifted for unblinded reports; the ledger keeps it.")
@outputs_option
@click.option(
    "--engine", type=Offered(ENGINES), default="kernel", show_default=True, help="How notebooks are executed."
)
@click.option("--workers", type=click.IntRange(1, 64), default=2, show_default=True, help="Reports made at once.")
@click.option("--pending", is_flag=True, help="Run every cut that has its transfer and no current report.")
@click.option("--send", "sending", is_flag=True, help="With --pending: send the mails that are due, too.")
@json_option
@unverified_option
@project_option
def run(  # noqa: PLR0913 - one argument an option
    *,
    study: str,
    cut: str | None,
    reports: tuple[str, ...],
    audience: str,
    role: str,
    reason: str,
    outputs: Path | None,
    engine: str,
    workers: int,
    pending: bool,
    sending: bool,
    is_json: bool,
    unverified: bool,
    project_folder: Path | None,
) -> None:
    """Make, check and publish the reports of a cut."""
    from cutbook.report.publishing.orders import Order

    if pending == (cut is not None):
        raise click.UsageError("name a cut, or give --pending")
    if sending and not pending:
        raise click.UsageError("--send goes with --pending; send one cut with cutbook send")

    def order() -> Order:
        project = find(project_folder)
        root = outputs or project.outputs
        return Order(
            project,
            study,
            cut or "",
            root,
            reports,
            audience,
            role=role,
            reason=reason,
            engine=engine,
            workers=workers,
            is_unverified_allowed=unverified,
        )

    if is_json:
        _run_as_json(order, study, cut, is_sending=sending)
    _end(_run_ordered(order(), cut, _run_one, is_sending=sending))


def _end(errors: Sequence[BaseException]) -> None:
    """End with the exit code of the first error; return when there is none."""
    if errors:
        raise click.exceptions.Exit(code_of(errors[0]))


def _run_as_json(order: Callable[[], Order], study: str, cut: str | None, *, is_sending: bool) -> NoReturn:
    """Run one cut and answer with an object, or run what waits and answer with a list."""
    record = _Record(study)
    errors: Sequence[BaseException]
    with alone_on_stdout() as write:
        try:
            errors = _run_ordered(order(), cut, record.run, is_sending=is_sending)
        except BaseException as error:
            tell_any(error)
            errors = [error]
        record.add(errors, cut)
        write(record.answers if cut is None else record.answers[0])
    raise click.exceptions.Exit(code_of(errors[0]) if errors else 0)


class _Record:
    """What the cuts that were run answer, one after another."""

    def __init__(self, study: str) -> None:
        self.answers: list[Answer] = []
        self._study = study
        self._known: list[BaseException] = []

    def run(self, order: Order) -> Published:
        """Return the published set of one cut; what it answers is kept, however it ends."""
        from cutbook.parameters.project import read_study

        try:
            published = _run_one(order)
        except BaseException as error:
            self._known.append(error)
            self.answers.append(failed_run(order.study_id, order.cut_id, error))
            raise
        reports = read_study(order.project, order.study_id).reports
        self.answers.append(run_answer(order.study_id, order.cut_id, published, list(reports)))
        return published

    def add(self, errors: Sequence[BaseException], cut: str | None) -> None:
        """Keep an answer for every error that no run had: of the one cut that was asked for, or outside of any."""
        others = [error for error in errors if not any(error is known for known in self._known)]
        self.answers += [failed_run(self._study, cut, error) for error in others]


def _run_ordered(order: Order, cut: str | None, run_one: RunOne, *, is_sending: bool) -> list[CutbookError]:
    """Return the errors, told, of running what waits; run one cut where one is named."""
    if cut is None:
        return _run_pending(order, run_one, is_sending=is_sending)
    run_one(order)
    return []


def _run_one(order: Order) -> Published:
    """Return the published set of one cut after telling its files."""
    from cutbook.report.execution.progress import show_progress
    from cutbook.report.run import run_cut

    with show_progress(sys.stderr, sys.stdout) as on_progress:
        published = run_cut(order, on_progress)
    for line in _outcome(published):
        click.echo(line)
    return published


def _run_pending(order: Order, run_one: RunOne, *, is_sending: bool) -> list[CutbookError]:
    """Return the errors, told, of running what waits.

    Where the study has a recipients file, the mails are queued with it, and sent when asked to.
    """
    from cutbook.parameters.recipients_file import recipients_file

    waiting, errors = _pending(order)
    is_mailed = recipients_file(order.project, order.study_id).exists()
    dispatch = open_dispatch(order.project, order.study_id, order.outputs) if is_mailed or is_sending else None
    if not waiting:
        click.echo(f"{order.study_id}: nothing is pending")
    told = [told for cut, error in errors.items() for told in _told(dispatch, error, cut)]
    tried: list[str] = []
    failed: list[CutbookError] = []
    is_quiet = not waiting and not errors
    while waiting:
        failed += [error for cut in waiting for error in _run_waiting(order, cut, run_one, dispatch)]
        tried += waiting
        # What was published just now may be what another cut is compared with.
        waiting = [cut for cut in _pending(order)[0] if cut not in tried]
    mailed = _mail(order, dispatch, is_quiet=is_quiet, is_sending=is_sending) if dispatch else []
    return [*told, *failed, *mailed]


def _told(dispatch: Dispatch | None, error: CutbookError, cut: str) -> list[CutbookError]:
    """Return an error about a cut, told here, and to the operators where there are any."""
    if dispatch is not None:
        return tell_and_queue(dispatch, [error], cut)
    tell(error)
    return [error]


def _pending(order: Order) -> tuple[list[str], dict[str, CutbookError]]:
    from cutbook.report.publishing.pending import pending_cuts

    return pending_cuts(order.project, order.study_id, order.outputs, is_unverified_allowed=order.is_unverified_allowed)


def _run_waiting(order: Order, cut: str, run_one: RunOne, dispatch: Dispatch | None) -> list[CutbookError]:
    """Return the errors, told, of a cut that was run: none when it was published, whatever else is wrong."""
    if dispatch is None:
        try:
            run_one(replace(order, cut_id=cut))
        except CutbookError as error:
            return _told(None, error, cut)
        return []
    from cutbook.deliver.message.notices import queue_failure
    from cutbook.deliver.queueing import announce_set

    try:
        run_one(replace(order, cut_id=cut, announce=partial(announce_set, dispatch)))
    except CutbookError as error:
        return tell_and_queue(dispatch, [error], cut)
    except Exception:
        queue_failure(dispatch, cut, INTERNAL)
        raise
    return []


def _mail(order: Order, dispatch: Dispatch, *, is_quiet: bool, is_sending: bool) -> list[CutbookError]:
    from cutbook.deliver.message.notices import queue_heartbeat
    from cutbook.deliver.queueing import reconcile

    found = reconcile(dispatch, revisions_of(order.project, order.study_id))
    errors = tell_and_queue(dispatch, found)
    if is_quiet and not errors:
        queue_heartbeat(dispatch)
    waiting = len(dispatch.outbox.find(("pending",), study=order.study_id))
    if is_sending:
        return [*errors, *send_and_tell(dispatch)]
    if waiting:
        click.echo(f"{waiting} mails wait; send them with cutbook send {order.study_id} --due")
    return errors


def _outcome(published: Published) -> list[str]:
    lines = [shown(file) for file in published.pages]
    if not published.is_current:
        lines.append("not current: the set lacks a report of the study; run the others too")
    return lines
