"""The commands of delivery: send a cut, and look after the outbox."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from cutbook.cli.dispatch import mail_line, open_dispatch, revisions_of, send_and_tell, tell_and_queue
from cutbook.cli.options import cut_or_none_argument, find, outputs_option, project_option, study_argument
from cutbook.cli.shell.completion import complete_study
from cutbook.cli.shell.examples import examples

if TYPE_CHECKING:
    from cutbook.deliver.corrections import Decision
    from cutbook.deliver.outbox import State
    from cutbook.errors import CutbookError
    from cutbook.parameters.project import Project


_SEND = examples("cutbook send tofersen C2", "cutbook send tofersen --due")
_OUTBOX = examples("cutbook outbox list tofersen", "cutbook outbox retry 12 13")


@click.command(epilog=_SEND)
@study_argument
@cut_or_none_argument
@click.option("--due", is_flag=True, help="Send everything of the study that is due, instead of one cut.")
@click.option("--to", "only", default="", help="Address of the one reader that is meant [default: all].")
@outputs_option
@project_option
def send(
    *, study: str, cut: str | None, due: bool, only: str, outputs: Path | None, project_folder: Path | None
) -> None:
    """Mail the published reports of a cut to those whose role allows it.

    A reader who was sent the same reports before gets no second mail. Exit code 7 says that a mail was not accepted by
    the server, or that nobody knows; cutbook outbox list names it.
    """
    if due == (cut is not None):
        raise click.UsageError("name a cut, or give --due")
    project = find(project_folder)
    errors = _send(project, study, cut or "", only, outputs or project.outputs)
    if errors:
        raise click.exceptions.Exit(errors[0].exit_code)


def _send(project: Project, study: str, cut: str, only: str, outputs: Path) -> list[CutbookError]:
    from cutbook.deliver.queueing import current_or_refuse, enqueue, reconcile
    from cutbook.deliver.roles import addressee
    from cutbook.parameters.project import read_cut, read_study

    if not cut:
        dispatch = open_dispatch(project, study, outputs)
        errors = reconcile(dispatch, revisions_of(project, study))
        return [*tell_and_queue(dispatch, errors), *send_and_tell(dispatch)]
    asked = read_cut(project, study, cut)
    dispatch = open_dispatch(project, study, outputs)
    if only:
        addressee(dispatch.recipients, only, asked.audience, read_study(project, study).reports, dispatch.today)
    published = current_or_refuse(dispatch, cut, asked.audience, asked.revision)
    errors = tell_and_queue(dispatch, enqueue(dispatch, published, only), cut)
    return [*errors, *send_and_tell(dispatch, cut)]


@click.group(epilog=_OUTBOX)
def outbox() -> None:
    """Look after the mails that are queued."""


@outbox.command("list", epilog=examples("cutbook outbox list", "cutbook outbox list tofersen --all"))
@click.argument("study", required=False, shell_complete=complete_study)
@click.option("--all", "is_all", is_flag=True, help="Also the mails that need nothing any more.")
@outputs_option
@project_option
def list_mails(*, study: str | None, is_all: bool, outputs: Path | None, project_folder: Path | None) -> None:
    """List the mails that the server has not accepted, the oldest first, with their age."""
    from cutbook.deliver.outbox import STATES, Outbox
    from cutbook.deliver.queueing import age
    from cutbook.published.clock import utc_now

    settled = () if is_all else ("accepted", "superseded")
    states: list[State] = [state for state in STATES if state not in settled]
    chosen = {"study": study} if study else {}
    mails = Outbox(_root(outputs, project_folder)).find(states, **chosen)
    for mail in mails:
        click.echo(f"{mail_line(mail)}  (queued {age(mail.queued, utc_now())} ago, attempts: {mail.attempts})")
    if not mails:
        click.echo("the outbox is empty" if is_all else "no mail waits")


def _decision(decision: Decision, words: str) -> click.Command:
    """Return the command of one decision."""

    @click.argument("numbers", nargs=-1, required=True, type=click.IntRange(1))
    @outputs_option
    @project_option
    def command(*, numbers: tuple[int, ...], outputs: Path | None, project_folder: Path | None) -> None:
        from cutbook.deliver.corrections import decide
        from cutbook.deliver.dispatch import note_changes
        from cutbook.deliver.outbox import Outbox
        from cutbook.deliver.sending import only_sender
        from cutbook.published.clock import utc_now
        from cutbook.published.ledger import append_row
        from cutbook.report.execution.account import account_name

        root = _root(outputs, project_folder)
        box = Outbox(root)
        with only_sender(root):
            for mail in decide(box, decision, numbers, utc_now(), account_name()):
                click.echo(mail_line(mail))
            note_changes(box, partial(append_row, root), utc_now)

    return click.command(decision, help=words, epilog=examples(f"cutbook outbox {decision} 12 13"))(command)


outbox.add_command(_decision("retry", "Make mails due now, by their numbers."))
outbox.add_command(_decision("hold", "Keep mails back until somebody retries them, by their numbers."))
outbox.add_command(_decision("mark-bounced", "Note that accepted mails came back, by their numbers."))


def _root(outputs: Path | None, project_folder: Path | None) -> Path:
    return (outputs or find(project_folder).outputs).absolute()
