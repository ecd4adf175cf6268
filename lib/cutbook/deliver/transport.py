"""One message handed to the mail server over verified TLS, and what came of it."""

from __future__ import annotations

import re
import select
import smtplib
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from cutbook.deliver.credentials import read_password
from cutbook.parameters.recipients import Server

NAME_OF_CLIENT = "[127.0.0.1]"
"""What the sender calls itself: not the name of this machine."""

_LIMIT_FACTOR = 10
_SETTLE_S = 0.05
_PIECE_BYTES = 65_536
_READY = 354
_OK = (250, 251)
_CLOSING = 421
_WRONG = 500
_TOO_LARGE = 552


@dataclass(frozen=True)
class Outcome:
    """What came of handing a message over.

    Attributes
    ----------
    state : str
        ``accepted`` by the server, ``refused`` for good, ``deferred`` (not accepted, to be tried again) or ``unknown``.
    reason : str
        The server's words, or what happened.
    code : int
        Reply code of the server; 0 when it gave none.
    is_of_server : bool
        It concerns the server, not this message: others need not be tried now.
    """

    state: Literal["accepted", "refused", "deferred", "unknown"]
    reason: str
    code: int = 0
    is_of_server: bool = False

    @property
    def is_too_large(self) -> bool:
        """Return whether the server found the message too large."""
        return self.code == _TOO_LARGE


@dataclass(frozen=True)
class Envelope:
    """Sender, recipient and bytes of a message."""

    sender: str
    recipient: str
    message: bytes


def hand_over(server: Server, envelope: Envelope, before_end: Callable[[], None]) -> Outcome:
    """Return what came of handing a message to the server; nothing is raised for what the server or the network does.

    Parameters
    ----------
    server : Server
        The mail server.
    envelope : Envelope
        The message.
    before_end : callable
        Called when all of the message but its last line is sent: from then on the server may have accepted it, even
        when its answer is lost.

    Raises
    ------
    ParameterError
        The password cannot be read.
    """
    password = read_password(server.credentials) if server.credentials else ""
    try:
        with _connected(server) as connection:
            if server.credentials:
                connection.login(server.credentials.user, password)
            outcome = _envelope(connection, envelope)
            return outcome or _content(connection, envelope, before_end)
    except smtplib.SMTPAuthenticationError as error:
        return Outcome("deferred", f"the server did not accept the credentials ({error.smtp_code})", is_of_server=True)
    except ssl.SSLCertVerificationError as error:
        return Outcome("deferred", f"certificate of the server: {error.verify_message}", is_of_server=True)
    except smtplib.SMTPNotSupportedError:
        return Outcome("deferred", "the server offers no STARTTLS or no way to log in", is_of_server=True)
    except (OSError, smtplib.SMTPException, ValueError) as error:
        return Outcome("deferred", f"no conversation with the server ({type(error).__name__})", is_of_server=True)


class _Limited(smtplib.SMTP):
    """A conversation that ends after ten time-outs in all, however slowly the server speaks."""

    _limit: threading.Timer | None = None

    def connect(
        self,
        host: str = "localhost",
        port: int = 0,
        source_address: Any = None,  # noqa: ANN401 - as in the base class
    ) -> tuple[int, bytes]:
        """Return the greeting of the server; from here on the time runs."""
        self._limit = threading.Timer(self.timeout * _LIMIT_FACTOR, self._cut)
        self._limit.daemon = True
        self._limit.start()
        try:
            return super().connect(host, port, source_address)
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """End the conversation."""
        if self._limit is not None:
            self._limit.cancel()
        super().close()

    def _cut(self) -> None:
        if self.sock is not None:
            with suppress(OSError):
                self.sock.shutdown(socket.SHUT_RDWR)


class _LimitedTls(_Limited, smtplib.SMTP_SSL):
    """The same over TLS from the first byte."""


@contextmanager
def _connected(server: Server) -> Iterator[smtplib.SMTP]:
    """Yield a connection, protected as the file says: the server has proved its name before it is told anything."""
    connection: smtplib.SMTP
    if server.security == "implicit":
        connection = _LimitedTls(
            server.host, server.port, NAME_OF_CLIENT, timeout=server.timeout_s, context=_context(server)
        )
    else:
        connection = _Limited(server.host, server.port, NAME_OF_CLIENT, timeout=server.timeout_s)
    try:
        connection.ehlo_or_helo_if_needed()
        if server.security == "starttls":
            connection.starttls(context=_context(server))
            connection.ehlo()
        yield connection
    finally:
        connection.close()


def _context(server: Server) -> ssl.SSLContext:
    """Return the terms on which TLS is spoken: certificate and name are checked, by an authority of the file if any."""
    context = ssl.create_default_context(cafile=Path(server.ca_file).expanduser() if server.ca_file else None)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    return context


def _envelope(connection: smtplib.SMTP, envelope: Envelope) -> Outcome | None:
    """Return why the server does not take a message for this recipient, or None when it does."""
    options = [f"SIZE={len(envelope.message)}"] if connection.has_extn("size") else []
    code, words = connection.mail(envelope.sender, options)
    if code not in _OK and code != _TOO_LARGE:
        # The server does not take this sender: that is a matter of its settings, not of the message.
        return Outcome("deferred", _shown(code, words), code, is_of_server=True)
    if code in _OK:
        code, words = connection.rcpt(envelope.recipient)
    return None if code in _OK else _refusal(code, words)


def _content(connection: smtplib.SMTP, envelope: Envelope, before_end: Callable[[], None]) -> Outcome:
    code, words = connection.docmd("DATA")
    if code != _READY:
        return _refusal(code, words)
    whole = _on_the_wire(envelope.message)
    for start in range(0, len(whole), _PIECE_BYTES):
        # A time-out holds for one piece, so that a large message may take its time.
        connection.send(whole[start : start + _PIECE_BYTES])
    if _has_spoken(connection):
        # The end of the message is not sent: the server cannot have accepted it.
        return _early_refusal(connection)
    before_end()
    try:
        connection.send(b".\r\n")
        code, words = connection.getreply()
    except (OSError, smtplib.SMTPException) as error:
        return Outcome("unknown", f"no answer after the end of the message ({type(error).__name__})")
    if code in _OK:
        with suppress(OSError, smtplib.SMTPException):
            connection.docmd("QUIT")
        return Outcome("accepted", f"accepted by the server: {_shown(code, words)}", code)
    return _refusal(code, words)


def _early_refusal(connection: smtplib.SMTP) -> Outcome:
    try:
        code, words = connection.getreply()
    except (OSError, smtplib.SMTPException) as error:
        return Outcome("deferred", f"the connection broke inside the message ({type(error).__name__})")
    return _refusal(code, words)


def _has_spoken(connection: smtplib.SMTP) -> bool:
    """Return whether the server answered or hung up before the end of the message; it is given a moment to show."""
    sock = connection.sock
    if sock is None:
        return True
    if isinstance(sock, ssl.SSLSocket) and sock.pending():
        return True
    return bool(select.select([sock], [], [], _SETTLE_S)[0])


def _refusal(code: int, words: bytes) -> Outcome:
    state: Literal["deferred", "refused"] = "refused" if code >= _WRONG else "deferred"
    return Outcome(state, _shown(code, words), code, is_of_server=code == _CLOSING)


def _shown(code: int, words: bytes) -> str:
    text = words.decode("ascii", errors="replace")
    visible = "".join(mark if mark.isprintable() else " " for mark in text)
    return f"{code} {' '.join(visible.split())[:120]}"


def _on_the_wire(message: bytes) -> bytes:
    """Return a message with CRLF ends and doubled leading dots, without its last line."""
    lines = re.sub(rb"\r\n|\r|\n", b"\r\n", message)
    whole = lines if lines.endswith(b"\r\n") else lines + b"\r\n"
    return re.sub(rb"(?m)^\.", b"..", whole)
