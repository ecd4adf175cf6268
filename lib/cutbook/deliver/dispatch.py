"""How mails are dispatched: what all of delivery needs to know of the study, the output root and the time."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from cutbook.deliver.outbox import Mail, Outbox
from cutbook.parameters.recipients import Recipients
from cutbook.published.rows import MailRow


@dataclass(frozen=True)
class Dispatch:
    """Where mails are queued and noted.

    Attributes
    ----------
    outputs : Path
        Output root.
    study, title : str
        The study and its title.
    recipients : Recipients
        Who may receive what.
    now : callable
        Returns the time in UTC, ``2026-11-22T08:32:00Z``.
    note : callable
        Appends a row to the ledger.
    head : callable
        Returns the hash of the last row of the ledger.
    """

    outputs: Path
    study: str
    title: str
    recipients: Recipients
    now: Callable[[], str]
    note: Callable[[MailRow], object]
    head: Callable[[], str]

    @property
    def outbox(self) -> Outbox:
        """Return the outbox of the output root."""
        return Outbox(self.outputs)

    @property
    def today(self) -> str:
        """Return the date in UTC."""
        return self.now()[:10]

    def message_id(self, *parts: str | int) -> str:
        """Return an id made of what a mail is about, the same every time; it tells neither host nor content."""
        digest = hashlib.sha256("\n".join(str(part) for part in parts).encode()).hexdigest()
        return f"<{digest[:40]}@{self.recipients.server.sender.partition('@')[2]}>"

    def thread_id(self, audience: str) -> str:
        """Return the id that all mails about a study and class refer to."""
        return self.message_id("thread", self.study, audience)

    def note_changes(self) -> None:
        """Write what became of mails into the ledger; what a crash kept out of it is written the next time."""
        note_changes(self.outbox, self.note, self.now)


def note_changes(outbox: Outbox, note: Callable[[MailRow], object], now: Callable[[], str]) -> None:
    """Write into the ledger what became of mails, a row each, and remember that it is there."""
    for mail in outbox.unnoted():
        note(_row(mail, now()))
        outbox.change(mail, is_noted=1)


def _row(mail: Mail, now: str) -> MailRow:
    return MailRow(
        event=f"mail {mail.state}",
        at=now,
        study=mail.study,
        cut=mail.cut,
        audience=mail.audience,
        revision=mail.revision,
        kind=mail.kind,
        recipient=mail.recipient,
        message_id=mail.message_id,
        message_sha256=mail.message_sha256,
        attachments=mail.attachments,
        attempts=mail.attempts,
        reason=mail.reason,
    )
