"""The rows of the ledger as typed values: a run, or what became of a mail; one model for their writers and readers."""

from __future__ import annotations

import json
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict


def _text(value: object) -> str:
    return value if isinstance(value, str) else "" if value is None else json.dumps(value)


def _number(value: object) -> int | None:
    return value if type(value) is int else None


Text = Annotated[str, BeforeValidator(_text)]
Number = Annotated[int | None, BeforeValidator(_number)]
"""What is no whole number is none: a ledger of another version, or a changed one, is shown and not refused."""


class Row(BaseModel):
    """What every row of the ledger holds; keys of other versions are kept, so that a row is told as it was written.

    Attributes
    ----------
    row : int or None
        Its number, from 1 on; the ledger gives it.
    study, cut, audience : str
        What it is about; empty where that is not known.
    revision : int or None
        Of the cut.
    previous : str
        SHA-256 of the row before; the ledger gives it.
    """

    model_config = ConfigDict(frozen=True, extra="allow")

    row: Number = None
    study: Text = ""
    cut: Text = ""
    audience: Text = ""
    revision: Number = None
    previous: Text = ""

    @property
    def time(self) -> str:
        """Return the UTC time at which it began, or was noted."""
        return ""

    @property
    def what(self) -> str:
        """Return what came of it."""
        return ""

    @property
    def who(self) -> str:
        """Return by or to whom."""
        return ""

    @property
    def code(self) -> int | None:
        """Return the exit code of a run."""
        return None

    @property
    def name(self) -> str:
        """Return a name for messages: what it is, and its time."""
        return f"{self.what}, {self.time}"

    def as_written(self) -> dict[str, Any]:
        """Return the keys that it was made with, and no others."""
        return self.model_dump(mode="json", exclude_unset=True)


class RunRow(Row):
    """A run, however it ended.

    Attributes
    ----------
    run, started, ended : str
        Its id, and UTC times; ``ended`` of a failed one.
    requester, purpose : str
        Account that asked for it, and for what.
    reports : tuple of str
        Reports it was to make.
    set : str
        Name of the set it was to publish.
    exit : int or None
        Exit code; None while it is under way.
    outcome : str
        Published, or the kind of error.
    manifest_sha256 : str
        Of the manifest it published.
    role, reason : str
        In which role, and why, the treatment was seen while the blind held; empty where it was not.
    study_file : str
        Of a draft that was made again because its study file changed: the run before.
    """

    run: Text
    started: Text = ""
    ended: Text = ""
    requester: Text = ""
    purpose: Text = ""
    reports: tuple[str, ...] = ()
    set: Text = ""
    exit: Number = None
    outcome: Text = ""
    manifest_sha256: Text = ""
    study_file: Text = ""
    role: Text = ""
    reason: Text = ""

    @property
    def time(self) -> str:
        """Return the UTC time of its start."""
        return self.started

    @property
    def what(self) -> str:
        """Return its outcome."""
        return self.outcome

    @property
    def who(self) -> str:
        """Return by whom it was asked for, and in which role and why the blind was lifted for it."""
        by = f"by {self.requester}" if self.requester else ""
        lifted = f"as {self.role}, under the blind: {self.reason}" if self.role else ""
        return " ".join(filter(None, [by, lifted]))

    @property
    def code(self) -> int | None:
        """Return its exit code."""
        return self.exit

    @property
    def name(self) -> str:
        """Return its id and time."""
        return f"run {self.run}, {self.time}"

    def ends(self, code: int, outcome: str, **more: str) -> RunRow:
        """Return the row with exit code and outcome."""
        return self.model_copy(update={"exit": code, "outcome": outcome, **more})


class MailRow(Row):
    """What became of a mail: its new state, and the mail as the outbox knows it.

    Attributes
    ----------
    event, at : str
        ``mail <state>``, and when in UTC.
    kind, recipient : str
        Report, notice, heartbeat or failure; address.
    message_id, message_sha256, attachments : str
        Of the message; names and hashes of what is attached.
    attempts : int or None
        How often it was tried.
    reason : str
        Why it stands where it does.
    """

    event: Text
    at: Text = ""
    kind: Text = ""
    recipient: Text = ""
    message_id: Text = ""
    message_sha256: Text = ""
    attachments: Text = ""
    attempts: Number = None
    reason: Text = ""

    @property
    def time(self) -> str:
        """Return when it was noted."""
        return self.at

    @property
    def what(self) -> str:
        """Return the new state."""
        return self.event

    @property
    def who(self) -> str:
        """Return to whom it goes, and why it stands where it does."""
        return " ".join(filter(None, [f"to {self.recipient}", self.reason and f"({self.reason})"]))


def row_of(values: dict[str, Any]) -> Row:
    """Return the row that a line of the ledger holds.

    Raises
    ------
    pydantic.ValidationError
        Reports that are no list of texts.
    """
    kind = RunRow if "run" in values else MailRow if "event" in values else Row
    return kind.model_validate(values)
