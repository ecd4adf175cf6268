"""Sending: what is due leaves the outbox, one mail a person; a state is on the disk before the server can know more."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cutbook.deliver.dispatch import Dispatch
from cutbook.deliver.message.announcement import Announcer
from cutbook.deliver.outbox import Mail
from cutbook.deliver.queueing import enqueue
from cutbook.deliver.roles import addressee, heartbeat_readers, operators
from cutbook.deliver.transport import Envelope, Outcome, hand_over
from cutbook.errors import BlindingError, BusyError, CutbookError, DeliveryError, Fault
from cutbook.published.hashes import sha256_bytes, sha256_file
from cutbook.published.locks import take_lock
from cutbook.published.sets import PublishedSet, ReportFile, current_set

LOCK = "outbox.lock"
_TIME = "%Y-%m-%dT%H:%M:%SZ"
_FIRST_DELAY_MINUTES = 1
_LONGEST_DELAY_MINUTES = 240
_MOST_DOUBLINGS = 10
_LOST = "the sender ended before the server had answered"

HandOver = Callable[[Envelope, Callable[[], None]], Outcome]
"""Hands a message to the server, telling when the server may have accepted it."""


@dataclass(frozen=True)
class Sent:
    """What came of sending: the mails that were tried or refused, as they stand now, and what forbade some."""

    mails: tuple[Mail, ...]
    errors: tuple[CutbookError, ...]


def send_due(dispatch: Dispatch, cut: str = "", hand: HandOver | None = None) -> Sent:
    """Return what came of the mails that are due.

    Parameters
    ----------
    dispatch : Dispatch
        Whose mails they are.
    cut : str
        The cut whose mails are meant; empty for all of the study, heartbeats and failures too.
    hand : callable or None
        How a message is handed over; None for the mail server of the recipients file.

    Raises
    ------
    BusyError
        Another sender is at work.
    ParameterError
        The password cannot be read.
    """
    over = hand or (lambda envelope, before_end: hand_over(dispatch.recipients.server, envelope, before_end))
    with only_sender(dispatch.outputs):
        _recover(dispatch)
        try:
            return _send_all(dispatch, cut, over)
        finally:
            dispatch.note_changes()


def _send_all(dispatch: Dispatch, cut: str, hand: HandOver) -> Sent:
    sent: list[Mail] = []
    errors: list[CutbookError] = []
    silent: Outcome | None = None
    for mail in _due(dispatch, cut):
        try:
            settled, told = _withdrawn(dispatch, mail)
            errors += told
        except DeliveryError as error:
            errors.append(error)
            continue
        except BlindingError as error:
            errors.append(error)
            settled = _settle(dispatch, mail, Outcome("refused", str(error.faults[0])))
        if settled is not None:
            sent.append(settled)
            continue
        if silent is not None:
            due = _after(dispatch.now(), mail.attempts)
            sent.append(dispatch.outbox.change(mail, reason=silent.reason, next_attempt=due))
            continue
        outcome, tried = _send(dispatch, mail, hand)
        silent = outcome if outcome.is_of_server else None
        sent.append(_settle(dispatch, tried, outcome))
        if outcome.is_too_large and mail.attachments:
            sent += _send_notice(dispatch, mail, hand)
    return Sent(tuple(sent), tuple(errors))


def _withdrawn(dispatch: Dispatch, mail: Mail) -> tuple[Mail | None, list[CutbookError]]:
    """Return a mail that is not sent because what it tells of is not there any more, else None; and what was found.

    The same results get a mail anew, made from the pages as they are published now.

    Raises
    ------
    BlindingError
        The person may not receive it any more.
    DeliveryError
        The set that it is about is damaged.
    """
    _check_again(dispatch, mail)
    if mail.kind not in {"report", "notice"}:
        return None, []
    current = current_set(dispatch.outputs, mail.study, mail.cut, mail.audience)
    reason = _why_withdrawn(current, mail)
    if not reason:
        return None, []
    # The place in the outbox, one a person and content, is free for the mail that comes instead.
    place = f"{mail.content} {mail.id}"
    gone = dispatch.outbox.change(mail, state="superseded", reason=reason, content=place, changed=dispatch.now())
    is_same = current is not None and current.key[3] == mail.revision and current.content(mail.reports) == mail.content
    if is_same and current is not None and mail.kind == "report":
        return gone, enqueue(dispatch, current, only=mail.recipient)
    return gone, []


def _why_withdrawn(current: PublishedSet | None, mail: Mail) -> str:
    """Return why a mail may not go out: no set or another one is current, or a page is not the published one."""
    if current is None:
        return "withdrawn: no set of the cut is published any more"
    is_same = current.key[3] == mail.revision and current.content(mail.reports) == mail.content
    if not is_same or current.folder.name != mail.set_name:
        return "another set is current now; its mail takes this one's place"
    pages = [report for report in current.reports if report.name in mail.reports]
    gone = [report.page.name for report in pages if not report.page.is_file()]
    if gone:
        return f"withdrawn: {', '.join(gone)} was deleted after the mail was queued"
    changed = [report.page.name for report in pages if not _is_as_queued(report, mail)]
    return f"withdrawn: {', '.join(changed)} was changed after the mail was queued" if changed else ""


def _is_as_queued(report: ReportFile, mail: Mail) -> bool:
    is_attached = report.page.name in mail.attachments
    if report.beside and not (report.beside.file.is_file() and sha256_file(report.beside.file) == report.beside.sha256):
        return False
    return sha256_file(report.page) == report.sha256 and (not is_attached or report.sha256 in mail.attachments)


def _due(dispatch: Dispatch, cut: str) -> list[Mail]:
    chosen = {"study": dispatch.study} | ({"cut": cut} if cut else {})
    now = dispatch.now()
    # No attempt is put off for longer: one that seems to be was queued while the clock was wrong.
    latest = _later(now, _LONGEST_DELAY_MINUTES)
    return [mail for mail in dispatch.outbox.find(("pending",), **chosen) if not now < mail.next_attempt <= latest]


def _check_again(dispatch: Dispatch, mail: Mail) -> None:
    """Return when the person may still receive this mail.

    Raises
    ------
    BlindingError
        A role or entry has ended since the mail was queued, or the class may no longer be told results by mail.
    """
    if mail.kind in {"failure", "heartbeat"}:
        allowed = operators if mail.kind == "failure" else heartbeat_readers
        if mail.recipient not in allowed(dispatch.recipients, dispatch.today):
            fault = Fault("recipients.yaml", "no longer listed", "one to be told", "nothing to do", key=mail.recipient)
            raise BlindingError(fault)
        return
    reader = addressee(dispatch.recipients, mail.recipient, mail.audience, mail.reports, dispatch.today)
    is_quiet = mail.audience == "unblinded" and dispatch.recipients.unblinded_mail == "location"
    if set(mail.reports) - set(reader.reports) or (mail.has_results and is_quiet):
        fault = Fault(
            "recipients.yaml", "less is allowed now", "what the mail holds", "send the cut again", key=mail.recipient
        )
        raise BlindingError(fault)


def _send(dispatch: Dispatch, mail: Mail, hand: HandOver) -> tuple[Outcome, Mail]:
    """Return what came of one mail, and the mail in the state that it has then."""
    states = [dispatch.outbox.change(mail, attempts=mail.attempts + 1)]
    message = dispatch.outbox.message(mail)

    def before_end() -> None:
        states.append(dispatch.outbox.change(states[-1], state="sending", reason=_LOST, changed=dispatch.now()))

    sender = dispatch.recipients.server.sender
    return hand(Envelope(sender, mail.recipient, message), before_end), states[-1]


def _settle(dispatch: Dispatch, mail: Mail, outcome: Outcome) -> Mail:
    """Return a mail after what came of it; one that was deferred is tried again after a growing delay."""
    if outcome.state == "deferred":
        due = _after(dispatch.now(), mail.attempts)
        return dispatch.outbox.change(
            mail, state="pending", reason=outcome.reason, next_attempt=due, changed=dispatch.now()
        )
    if outcome.state == "unknown":
        return _unknown(dispatch, mail, outcome.reason)
    return _change(dispatch, mail, outcome.state, outcome.reason)


def _unknown(dispatch: Dispatch, mail: Mail, reason: str) -> Mail:
    """Return a mail of which nobody knows whether the server has it: once more, unless the class forbids a copy."""
    if mail.audience == "unblinded" or mail.unknowns:
        return dispatch.outbox.change(
            mail, state="unknown", reason=reason, unknowns=mail.unknowns + 1, changed=dispatch.now()
        )
    return dispatch.outbox.change(
        mail,
        state="pending",
        reason=f"{reason}; once more, the copy is harmless",
        unknowns=1,
        next_attempt=_after(dispatch.now(), mail.attempts),
        changed=dispatch.now(),
    )


def _send_notice(dispatch: Dispatch, mail: Mail, hand: HandOver) -> list[Mail]:
    """Return the mail without its attachments that a person gets whose server found them too large."""
    published = current_set(dispatch.outputs, mail.study, mail.cut, mail.audience)
    if published is None:
        return []
    names = [report.name for report in published.reports]
    reader = addressee(dispatch.recipients, mail.recipient, mail.audience, names, dispatch.today)
    announcer = Announcer(dispatch, published)
    notice = announcer.mail(reader, kind="notice")
    note = "The reports were too large for your mail server; they are at the places below."
    message, _ = announcer.message(notice, reader, note=note)
    values = {"message_sha256": sha256_bytes(message), "state": "pending", "next_attempt": dispatch.now()}
    dispatch.outbox.add([(_with(notice, values), message)])
    added = [
        item
        for item in dispatch.outbox.find(("pending",), kind="notice", message_id=notice.message_id)
        if item.next_attempt <= dispatch.now()
    ]
    settled = []
    for item in added:
        outcome, tried = _send(dispatch, item, hand)
        settled.append(_settle(dispatch, tried, outcome))
    return settled


def _with(mail: Mail, values: dict[str, str]) -> Mail:
    return Mail(**{**mail.__dict__, **values})


def _change(dispatch: Dispatch, mail: Mail, state: str, reason: str) -> Mail:
    return dispatch.outbox.change(mail, state=state, reason=reason, changed=dispatch.now())


def _recover(dispatch: Dispatch) -> None:
    """Say of mails whose sender was killed that nobody knows; nobody else sends while this one holds the lock."""
    for mail in dispatch.outbox.find(("sending",)):
        _unknown(dispatch, mail, _LOST)
    dispatch.note_changes()


def _after(now: str, attempts: int) -> str:
    doublings = min(max(attempts - 1, 0), _MOST_DOUBLINGS)
    minutes = min(_FIRST_DELAY_MINUTES * 2**doublings, _LONGEST_DELAY_MINUTES)
    return _later(now, minutes)


def _later(now: str, minutes: int) -> str:
    return (datetime.strptime(now, _TIME).replace(tzinfo=UTC) + timedelta(minutes=minutes)).strftime(_TIME)


@contextmanager
def only_sender(outputs: Path) -> Iterator[None]:
    """Hold the lock of the outbox; whoever holds it may change what was queued.

    Raises
    ------
    BusyError
        Another sender is at work.
    """
    outputs.mkdir(mode=0o700, parents=True, exist_ok=True)
    descriptor = os.open(outputs / LOCK, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        if not take_lock(descriptor):
            fault = Fault("outbox", "another sender at work", "one sender at a time", "wait for it, then send again")
            raise BusyError(fault)
        yield
    finally:
        os.close(descriptor)
