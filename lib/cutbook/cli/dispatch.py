"""Delivery put together: the recipients of a study, the outbox of an output root, the ledger and the clock."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from cutbook.cli.options import tell
from cutbook.errors import BusyError, CutbookError, DeliveryError, Fault, ParameterError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cutbook.deliver.dispatch import Dispatch
    from cutbook.deliver.outbox import Mail
    from cutbook.deliver.sending import Sent
    from cutbook.parameters.project import Project


def open_dispatch(project: Project, study_id: str, outputs: Path) -> Dispatch:
    """Return how the mails of a study are dispatched: its recipients, outbox, ledger and the clock.

    Raises
    ------
    ParameterError, BlindingError
        The study file or the recipients file has faults.
    """
    from cutbook.deliver.dispatch import Dispatch
    from cutbook.parameters.project import read_study
    from cutbook.parameters.recipients import plain_line
    from cutbook.parameters.recipients_file import read_recipients
    from cutbook.published.clock import utc_now
    from cutbook.published.folders import secure_root
    from cutbook.published.ledger import append_row, ledger_head

    study = read_study(project, study_id)
    recipients = read_recipients(project, study_id)
    try:
        plain_line(study.title)
    except ValueError as error:
        shown = f"parameters/{study_id}/study.yaml"
        fault = Fault(shown, repr(study.title[:80]), str(error), "mend it there", "title")
        raise ParameterError(fault) from None
    root = outputs.absolute()
    secure_root(root, study.id)
    return Dispatch(
        root, study.id, study.title, recipients, utc_now, partial(append_row, root), partial(ledger_head, root)
    )


def revisions_of(project: Project, study_id: str) -> dict[str, int]:
    """Return the revision that each readable cut file of a study asks for."""
    from cutbook.parameters.project import list_cuts, read_cut

    revisions = {}
    for cut in list_cuts(project, study_id):
        try:
            revisions[cut] = read_cut(project, study_id, cut).revision
        except ParameterError:
            continue
    return revisions


def send_and_tell(dispatch: Dispatch, cut: str = "") -> list[CutbookError]:
    """Return the errors, told, of sending what is due and telling what came of every mail; none when all went well."""
    from cutbook.deliver.message.notices import queue_failure
    from cutbook.deliver.sending import send_due

    try:
        sent = send_due(dispatch, cut)
    except CutbookError as error:
        tell(error)
        return [error]
    for mail in sent.mails:
        click.echo(mail_line(mail))
    errors = [*sent.errors, *_incomplete(dispatch, sent, cut)]
    for code in dict.fromkeys(tell(error) for error in errors):
        queue_failure(dispatch, cut, code)
    return errors


def tell_and_queue(dispatch: Dispatch, errors: Sequence[CutbookError], cut: str = "") -> list[CutbookError]:
    """Return errors after telling them and queueing a word to the operators."""
    from cutbook.deliver.message.notices import queue_failure

    for error in errors:
        if not isinstance(error, BusyError):
            queue_failure(dispatch, cut, error.exit_code, _kept(error))
        tell(error)
    return list(errors)


def mail_line(mail: Mail) -> str:
    """Return one line about a mail."""
    about = f"{mail.cut} r{mail.revision}" if mail.revision else mail.cut
    due = f", next attempt {mail.next_attempt}" if mail.state == "pending" else ""
    words = [str(mail.id), mail.state, mail.study, about, mail.kind, mail.recipient, mail.reason + due]
    return "  ".join(word for word in words if word)


def _incomplete(dispatch: Dispatch, sent: Sent, cut: str) -> list[CutbookError]:
    """Return an error that names every mail that the server has not accepted, or nothing."""
    chosen = {"study": dispatch.study} | ({"cut": cut} if cut else {})
    refused = {mail.id for mail in sent.mails if mail.state == "refused"}
    waiting = dispatch.outbox.find(("prepared", "pending", "sending", "unknown", "held", "refused"), **chosen)
    newest = max((mail.revision for mail in waiting), default=0)
    faults = [
        Fault(
            f"mail {mail.id}",
            f"{mail.state}: {mail.reason or 'not tried yet'}",
            "accepted by the server",
            "see cutbook outbox list",
            key=mail.recipient,
        )
        for mail in waiting
        if mail.state != "refused" or mail.id in refused or (cut and mail.revision == newest)
        if mail.state != "held" or cut
    ]
    return [DeliveryError(faults)] if faults else []


def _kept(error: CutbookError) -> str:
    kept = [note for note in getattr(error, "__notes__", []) if note.startswith("kept: ")]
    return f"failed/{Path(kept[0].removeprefix('kept: ')).name}" if kept else ""
