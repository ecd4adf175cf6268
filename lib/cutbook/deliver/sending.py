"""Sending: what is due leaves the outbox, one mail a person; a state is on the disk before the server can know more."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cutbook.deliver.message.announcement import Announcer, sha256
from cutbook.deliver.office import Office
from cutbook.deliver.outbox import Mail
from cutbook.deliver.roles import addressee, heartbeat_readers, operators
from cutbook.deliver.transport import Envelope, Outcome, hand_over
from cutbook.errors import BlindingError, BusyError, CutbookError, DeliveryError, Fault
from cutbook.published.sets import current_set

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


def send_due(office: Office, cut: str = "", hand: HandOver | None = None) -> Sent:
    """Return what came of the mails that are due.

    Parameters
    ----------
    office : Office
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
    over = hand or (lambda envelope, before_end: hand_over(office.recipients.server, envelope, before_end))
    with only_sender(office.outputs):
        _recover(office)
        try:
            return _send_all(office, cut, over)
        finally:
            office.note_changes()


def _send_all(office: Office, cut: str, hand: HandOver) -> Sent:
    sent: list[Mail] = []
    errors: list[CutbookError] = []
    silent: Outcome | None = None
    for mail in _due(office, cut):
        try:
            settled = _refusal(office, mail)
        except DeliveryError as error:
            errors.append(error)
            continue
        except BlindingError as error:
            errors.append(error)
            settled = _settle(office, mail, Outcome("refused", str(error.faults[0])))
        if settled is not None:
            sent.append(settled)
            continue
        if silent is not None:
            due = _after(office.now(), mail.attempts)
            sent.append(office.outbox.change(mail, reason=silent.reason, next_attempt=due))
            continue
        outcome, tried = _send(office, mail, hand)
        silent = outcome if outcome.is_of_server else None
        sent.append(_settle(office, tried, outcome))
        if outcome.is_too_large and mail.attachments:
            sent += _send_notice(office, mail, hand)
    return Sent(tuple(sent), tuple(errors))


def _refusal(office: Office, mail: Mail) -> Mail | None:
    """Return a mail that another one has replaced, or None when it may go out.

    Raises
    ------
    BlindingError
        The person may not receive it any more.
    DeliveryError
        The set that it is about is damaged.
    """
    _check_again(office, mail)
    if _is_outdated(office, mail):
        return _change(office, mail, "superseded", "another set is current now; its mail takes this one's place")
    return None


def _due(office: Office, cut: str) -> list[Mail]:
    chosen = {"study": office.study} | ({"cut": cut} if cut else {})
    return [mail for mail in office.outbox.find(("pending",), **chosen) if mail.next_attempt <= office.now()]


def _check_again(office: Office, mail: Mail) -> None:
    """Return when the person may still receive this mail.

    Raises
    ------
    BlindingError
        A role or entry has ended since the mail was queued, or the class may no longer be told results by mail.
    """
    if mail.kind in {"failure", "heartbeat"}:
        allowed = operators if mail.kind == "failure" else heartbeat_readers
        if mail.recipient not in allowed(office.recipients, office.today):
            fault = Fault("recipients.yaml", "no longer listed", "one to be told", "nothing to do", key=mail.recipient)
            raise BlindingError(fault)
        return
    reader = addressee(office.recipients, mail.recipient, mail.audience, mail.reports, office.today)
    is_quiet = mail.audience == "unblinded" and office.recipients.unblinded_mail == "location"
    if set(mail.reports) - set(reader.reports) or (mail.has_results and is_quiet):
        fault = Fault(
            "recipients.yaml", "less is allowed now", "what the mail holds", "send the cut again", key=mail.recipient
        )
        raise BlindingError(fault)


def _is_outdated(office: Office, mail: Mail) -> bool:
    if mail.kind not in {"report", "notice"}:
        return False
    current = current_set(office.outputs, mail.study, mail.cut, mail.audience)
    return current is None or current.key[3] != mail.revision or current.content(mail.reports) != mail.content


def _send(office: Office, mail: Mail, hand: HandOver) -> tuple[Outcome, Mail]:
    """Return what came of one mail, and the mail in the state that it has then."""
    states = [office.outbox.change(mail, attempts=mail.attempts + 1)]
    message = office.outbox.message(mail)

    def before_end() -> None:
        states.append(office.outbox.change(states[-1], state="sending", reason=_LOST, changed=office.now()))

    sender = office.recipients.server.sender
    return hand(Envelope(sender, mail.recipient, message), before_end), states[-1]


def _settle(office: Office, mail: Mail, outcome: Outcome) -> Mail:
    """Return a mail after what came of it; one that was deferred is tried again after a growing delay."""
    if outcome.state == "deferred":
        due = _after(office.now(), mail.attempts)
        return office.outbox.change(
            mail, state="pending", reason=outcome.reason, next_attempt=due, changed=office.now()
        )
    if outcome.state == "unknown":
        return _unknown(office, mail, outcome.reason)
    return _change(office, mail, outcome.state, outcome.reason)


def _unknown(office: Office, mail: Mail, reason: str) -> Mail:
    """Return a mail of which nobody knows whether the server has it: once more, unless the class forbids a copy."""
    if mail.audience == "unblinded" or mail.unknowns:
        return office.outbox.change(
            mail, state="unknown", reason=reason, unknowns=mail.unknowns + 1, changed=office.now()
        )
    return office.outbox.change(
        mail,
        state="pending",
        reason=f"{reason}; once more, the copy is harmless",
        unknowns=1,
        next_attempt=_after(office.now(), mail.attempts),
        changed=office.now(),
    )


def _send_notice(office: Office, mail: Mail, hand: HandOver) -> list[Mail]:
    """Return the mail without its attachments that a person gets whose server found them too large."""
    published = current_set(office.outputs, mail.study, mail.cut, mail.audience)
    if published is None:
        return []
    names = [report.name for report in published.reports]
    reader = addressee(office.recipients, mail.recipient, mail.audience, names, office.today)
    announcer = Announcer(office, published)
    notice = announcer.mail(reader, kind="notice")
    note = "The reports were too large for your mail server; they are at the places below."
    message, _ = announcer.message(notice, reader, note=note)
    values = {"message_sha256": sha256(message), "state": "pending", "next_attempt": office.now()}
    office.outbox.add([(_with(notice, values), message)])
    added = [
        item
        for item in office.outbox.find(("pending",), kind="notice", message_id=notice.message_id)
        if item.next_attempt <= office.now()
    ]
    settled = []
    for item in added:
        outcome, tried = _send(office, item, hand)
        settled.append(_settle(office, tried, outcome))
    return settled


def _with(mail: Mail, values: dict[str, str]) -> Mail:
    return Mail(**{**mail.__dict__, **values})


def _change(office: Office, mail: Mail, state: str, reason: str) -> Mail:
    return office.outbox.change(mail, state=state, reason=reason, changed=office.now())


def _recover(office: Office) -> None:
    """Say of mails whose sender was killed that nobody knows; nobody else sends while this one holds the lock."""
    for mail in office.outbox.find(("sending",)):
        _unknown(office, mail, _LOST)
    office.note_changes()


def _after(now: str, attempts: int) -> str:
    doublings = min(max(attempts - 1, 0), _MOST_DOUBLINGS)
    minutes = min(_FIRST_DELAY_MINUTES * 2**doublings, _LONGEST_DELAY_MINUTES)
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
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(descriptor)
        fault = Fault("outbox", "another sender at work", "one sender at a time", "wait for it, then send again")
        raise BusyError(fault) from None
    try:
        yield
    finally:
        os.close(descriptor)
