"""The outbox: every mail with its state, in an SQLite file that outlives a crash at any moment."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal, get_args

from cutbook.errors import DeliveryError, Fault

State = Literal[
    "prepared", "pending", "sending", "accepted", "refused", "unknown", "held", "bounced", "superseded"
]  # fmt: skip
STATES: tuple[State, ...] = get_args(State)
OPEN: tuple[State, ...] = ("prepared", "pending", "sending", "unknown", "held")
"""States of a mail that may still have to go out."""

OUTBOX = "outbox.sqlite"
_VERSION = 1
_TABLE = f"""
CREATE TABLE IF NOT EXISTS mails (
  id INTEGER PRIMARY KEY,
  kind TEXT NOT NULL, study TEXT NOT NULL, cut TEXT NOT NULL, audience TEXT NOT NULL, revision INTEGER NOT NULL,
  content TEXT NOT NULL, recipient TEXT NOT NULL,
  set_content TEXT NOT NULL, set_name TEXT NOT NULL, reports TEXT NOT NULL, has_results INTEGER NOT NULL,
  message_id TEXT NOT NULL, message BLOB, message_sha256 TEXT NOT NULL, attachments TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN {STATES!r}), reason TEXT NOT NULL,
  attempts INTEGER NOT NULL, unknowns INTEGER NOT NULL, next_attempt TEXT NOT NULL,
  queued TEXT NOT NULL, changed TEXT NOT NULL, is_noted INTEGER NOT NULL,
  UNIQUE (kind, study, cut, audience, revision, content, recipient)
) STRICT
"""


@dataclass(frozen=True)
class Mail:
    """One mail to one person.

    Attributes
    ----------
    id : int
        Number in the outbox; 0 before it is there.
    kind : str
        ``report``, ``notice`` (a report mail again, without attachments), ``heartbeat`` or ``failure``.
    study, cut, audience, revision : str, str, str, int
        What it is about; empty and 0 where that does not apply.
    content : str
        Hash of what the mail tells; a second mail to the same person about the same is not queued.
    recipient : str
        Address.
    set_content, set_name : str
        Hash of the results of the whole set, and its folder among the revisions.
    reports : tuple of str
        Reports it tells of.
    has_results : bool
        It holds results, not only where they are.
    message_id, message_sha256 : str
        Of the message; the hash is empty while the message is not made.
    attachments : str
        Names and hashes of what is attached, as text.
    state, reason : str
        Where it stands, and why.
    attempts, unknowns : int
        How often it was tried, and how often it stayed unknown what came of it.
    next_attempt, queued, changed : str
        Times in UTC.
    """

    kind: str
    study: str
    cut: str
    audience: str
    revision: int
    content: str
    recipient: str
    set_content: str = ""
    set_name: str = ""
    reports: tuple[str, ...] = ()
    has_results: bool = False
    message_id: str = ""
    message_sha256: str = ""
    attachments: str = ""
    state: State = "pending"
    reason: str = ""
    attempts: int = 0
    unknowns: int = 0
    next_attempt: str = ""
    queued: str = ""
    changed: str = ""
    id: int = 0


_COLUMNS = tuple(Mail.__dataclass_fields__)
_SELECT = f"SELECT {', '.join(_COLUMNS)} FROM mails"  # noqa: S608 - names of this module


class Outbox:
    """The mails of an output root. Every change is on the disk when a method returns."""

    def __init__(self, outputs: Path) -> None:
        self.file = outputs / OUTBOX

    def add(self, mails: Iterable[tuple[Mail, bytes | None]]) -> int:
        """Return how many mails are new; those that are there already stay as they are, and all or none are added."""
        values = [_values(mail, message) for mail, message in mails]
        names = [*_COLUMNS[:-1], "message", "is_noted"]
        marks = ", ".join("?" * len(names))
        words = f"INSERT OR IGNORE INTO mails ({', '.join(names)}) VALUES ({marks})"  # noqa: S608 - names of this module
        with self._change() as connection:
            before = connection.total_changes
            connection.executemany(words, values)
            return connection.total_changes - before

    def find(self, states: Sequence[State] = STATES, **equal: str | int) -> list[Mail]:
        """Return the mails in these states whose columns equal what is given, the oldest first."""
        if not self.file.exists():
            return []
        tests = [f"state IN ({', '.join('?' * len(states))})", *(f"{name} = ?" for name in equal)]
        words = f"{_SELECT} WHERE {' AND '.join(tests)} ORDER BY id"
        with self._open() as connection:
            return [_mail(row) for row in connection.execute(words, [*states, *equal.values()])]

    def unnoted(self) -> list[Mail]:
        """Return the mails whose last change is not in the ledger yet."""
        if not self.file.exists():
            return []
        with self._open() as connection:
            return [_mail(row) for row in connection.execute(f"{_SELECT} WHERE is_noted = 0 ORDER BY id")]

    def message(self, mail: Mail) -> bytes:
        """Return the bytes of a message, the same at every attempt."""
        with self._open() as connection:
            (message,) = connection.execute("SELECT message FROM mails WHERE id = ?", (mail.id,)).fetchone()
        return bytes(message or b"")

    def change(self, mail: Mail, *, message: bytes | None = None, **values: Any) -> Mail:  # noqa: ANN401 - by column
        """Return a mail after setting columns of it; a new state is to be noted in the ledger.

        A mail whose state somebody else changed meanwhile stays as it is.
        """
        given: dict[str, Any] = {"is_noted": 0, **values} if "state" in values else dict(values)
        if message is not None:
            given["message"] = message
        columns = ", ".join(f"{name} = ?" for name in given)
        words = f"UPDATE mails SET {columns} WHERE id = ? AND state = ?"  # noqa: S608 - names of this module
        with self._change() as connection:
            connection.execute(words, [*given.values(), mail.id, mail.state])
        return replace(mail, **{name: value for name, value in values.items() if name in _COLUMNS})

    def get(self, number: int) -> Mail | None:
        """Return the mail of a number, or None when there is none."""
        return next(iter(self.find(id=number)), None)

    def drop(self, mail: Mail) -> None:
        """Remove a mail that was prepared for a set that was not published."""
        with self._change() as connection:
            connection.execute("DELETE FROM mails WHERE id = ? AND state = 'prepared'", (mail.id,))

    @contextmanager
    def _change(self) -> Iterator[sqlite3.Connection]:
        with self._open() as connection:
            connection.execute("BEGIN IMMEDIATE")
            try:
                yield connection
            except BaseException:
                connection.rollback()
                raise
            connection.commit()

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        """Yield a connection.

        Raises
        ------
        DeliveryError
            The file cannot be read or written.
        """
        try:
            is_new = not self.file.exists()
            if is_new:
                self.file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
                os.close(os.open(self.file, os.O_CREAT | os.O_WRONLY | os.O_CLOEXEC, 0o600))
            with closing(sqlite3.connect(self.file, timeout=30, isolation_level=None)) as connection:
                connection.execute("PRAGMA synchronous = FULL")
                _set_up(connection)
                yield connection
        except (sqlite3.Error, OSError) as error:
            words = " ".join(str(getattr(error, "strerror", None) or error).split())
            remedy = "mend the disk or the rights; move a damaged file away to begin a new one"
            raise DeliveryError(Fault(OUTBOX, words, "a file that can be read and written", remedy)) from None


def _set_up(connection: sqlite3.Connection) -> None:
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    if version > _VERSION:
        raise sqlite3.DatabaseError(f"made by a newer version ({version})")
    if version < _VERSION:
        connection.execute("BEGIN IMMEDIATE")
        connection.execute(_TABLE)
        connection.execute(f"PRAGMA user_version = {_VERSION}")
        connection.execute("COMMIT")


def _values(mail: Mail, message: bytes | None) -> list[Any]:
    given = [getattr(mail, name) for name in _COLUMNS[:-1]]
    plain = [" ".join(value) if isinstance(value, tuple) else value for value in given]
    return [*(int(value) if isinstance(value, bool) else value for value in plain), message, 1]


def _mail(row: Sequence[Any]) -> Mail:
    values = dict(zip(_COLUMNS, row, strict=True))
    values["reports"] = tuple(values["reports"].split())
    values["has_results"] = bool(values["has_results"])
    return Mail(**values)
