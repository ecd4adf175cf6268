"""A mail server for tests that keeps what it accepts and fails as it is told to; and certificates, good and bad."""

from __future__ import annotations

import datetime as dt
import ipaddress
import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, Session
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

USER = "cutbook"
PASSWORD = "canary-Pa55word-of-the-mail-account"  # noqa: S105 - of the tests


@dataclass
class Caught:
    """What the server accepted and was told, and what it is to answer.

    ``rcpt`` and ``data`` hold the replies to come by recipient (``drop`` hangs up instead of answering after the
    message was stored, ``drop early`` in the middle of it); when a list is empty all is accepted.
    """

    accepted: list[tuple[str, bytes]] = field(default_factory=list)
    commands: list[str] = field(default_factory=list)
    passwords: list[bytes] = field(default_factory=list)
    rcpt: dict[str, list[str]] = field(default_factory=dict)
    data: dict[str, list[str]] = field(default_factory=dict)

    def recipients(self) -> list[str]:
        """Return who was sent something, in order."""
        return [recipient for recipient, _ in self.accepted]

    async def handle_EHLO(  # noqa: N802 - the name that the server calls
        self, _: SMTP, session: Session, __: Envelope, hostname: str, responses: list[str]
    ) -> list[str]:
        session.host_name = hostname
        return responses

    async def handle_RCPT(  # noqa: N802 - as above
        self, _: SMTP, __: Session, envelope: Envelope, address: str, ___: list[str]
    ) -> str:
        answers = self.rcpt.get(address, [])
        answer = answers.pop(0) if answers else "250 OK"
        if answer.startswith("250"):
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(self, server: SMTP, _: Session, envelope: Envelope) -> str:  # noqa: N802 - as above
        (recipient,) = envelope.rcpt_tos
        answers = self.data.get(recipient, [])
        answer = answers.pop(0) if answers else "250 kept"
        if answer.startswith(("250", "drop")):
            self.accepted.append((recipient, bytes(envelope.content or b"")))
        if answer == "drop":
            server.transport.abort()
        return answer


class _Server(SMTP):
    """Notes the commands it is given, and can hang up inside a message."""

    async def smtp_DATA(self, arg: str) -> None:  # noqa: N802 - as above
        recipient = self.envelope.rcpt_tos[0] if self.envelope.rcpt_tos else ""
        answers = self.event_handler.data.get(recipient, [])
        if answers and answers[0] == "drop early":
            answers.pop(0)
            await self.push("354 go on")
            await self._reader.read(64)
            self.transport.abort()
            return
        await super().smtp_DATA(arg)

    async def smtp_STARTTLS(self, arg: str) -> None:  # noqa: N802 - as above
        self.event_handler.commands.append("STARTTLS")
        await super().smtp_STARTTLS(arg)

    async def smtp_AUTH(self, arg: str) -> None:  # noqa: N802 - as above
        self.event_handler.commands.append("AUTH")
        await super().smtp_AUTH(arg)

    async def smtp_MAIL(self, arg: str) -> None:  # noqa: N802 - as above
        self.event_handler.commands.append("MAIL")
        await super().smtp_MAIL(arg)


class _Controller(Controller):
    def factory(self) -> SMTP:
        return _Server(self.handler, **self.SMTP_kwargs)


@contextmanager
def catcher(*, context: ssl.SSLContext | None = None, is_implicit: bool = False) -> Iterator[tuple[Caught, int]]:
    """Yield what is caught and the port of a server on this machine; with a certificate it wants a login over TLS."""
    caught = Caught()
    wants = {"authenticator": _authenticator(caught), "auth_required": True} if context else {}
    start = {} if is_implicit or not context else {"tls_context": context, "require_starttls": True}
    if is_implicit:
        wants |= {"auth_require_tls": False, "auth_required": False}
    controller = _Controller(
        caught,
        hostname="127.0.0.1",
        port=free_port(),
        ssl_context=context if is_implicit else None,
        ready_timeout=10,
        data_size_limit=30_000_000,
        **wants,
        **start,
    )
    controller.start()
    try:
        yield caught, controller.port
    finally:
        controller.stop()


def _authenticator(caught: Caught) -> Any:
    def authenticate(_: SMTP, __: Session, ___: Envelope, ____: str, data: Any) -> AuthResult:
        caught.passwords.append(data.password)
        is_right = data.login == USER.encode() and data.password == PASSWORD.encode()
        return AuthResult(success=is_right, handled=False)

    return authenticate


def free_port() -> int:
    """Return a port of this machine that nobody listens on."""
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        return int(sock.getsockname()[1])


@dataclass(frozen=True)
class Authority:
    """A certificate authority of the tests, and the folder of its files."""

    folder: Path
    key: ec.EllipticCurvePrivateKey
    certificate: x509.Certificate

    @property
    def file(self) -> Path:
        """Return the file of its certificate."""
        return self.folder / "ca.pem"

    def files(self, name: str, *, host: str = "localhost", days: int = 30, is_self_signed: bool = False) -> Path:
        """Return the file of a server's key and certificate; negative days make it expired."""
        key = ec.generate_private_key(ec.SECP256R1())
        now = dt.datetime.now(dt.UTC)
        subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, host)])
        names = [x509.DNSName(host)]
        names += [x509.IPAddress(ipaddress.ip_address("127.0.0.1"))] if host == "localhost" else []
        certificate = (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(subject if is_self_signed else self.certificate.subject)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - dt.timedelta(days=60))
            .not_valid_after(now + dt.timedelta(days=days))
            .add_extension(x509.SubjectAlternativeName(names), critical=False)
            .sign(key if is_self_signed else self.key, hashes.SHA256())
        )
        file = self.folder / f"{name}.pem"
        file.write_bytes(_pem(key) + certificate.public_bytes(serialization.Encoding.PEM))
        return file

    def context(self, name: str, **values: Any) -> ssl.SSLContext:
        """Return what a server needs to speak TLS with a certificate of ``files``."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.files(name, **values))
        return context


def make_authority(folder: Path) -> Authority:
    """Return a new authority whose certificate lies in a folder."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Authority of the tests")])
    now = dt.datetime.now(dt.UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=60))
        .not_valid_after(now + dt.timedelta(days=60))
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    (folder / "ca.pem").write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    return Authority(folder, key, certificate)


def _pem(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
