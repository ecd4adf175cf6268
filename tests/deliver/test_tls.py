"""The server must prove who it is before it is told anything."""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from cutbook.deliver.transport import Envelope, Outcome, hand_over
from cutbook.errors import ParameterError
from cutbook.parameters.recipients import Server
from deliver.catcher import PASSWORD, USER, Authority, Caught, catcher

ENVELOPE = Envelope("cutbook@example.org", "monitor@example.org", b"Subject: test\r\n\r\n.dot\r\nend\r\n")


@pytest.fixture
def password(tmp_path: Path) -> Path:
    file = tmp_path / "password"
    file.write_text(PASSWORD + "\n", encoding="utf-8")
    file.chmod(0o600)
    return file


def server(port: int, security: str, authority: Authority, password: Path, **changes: Any) -> Server:
    credentials = {"user": USER, "file": str(password)}
    given = {"host": "localhost", "port": port, "security": security, "sender": "cutbook@example.org", "timeout_s": 5}
    return Server.model_validate({**given, "ca_file": str(authority.file), "credentials": credentials, **changes})


def send(where: Server) -> Outcome:
    return hand_over(where, ENVELOPE, lambda: None)


@pytest.mark.parametrize(("security", "is_implicit"), [("starttls", False), ("implicit", True)])
def test_a_server_that_proves_its_name_gets_login_and_mail(
    authority: Authority, password: Path, security: str, is_implicit: bool
) -> None:
    with catcher(context=authority.context(f"good-{security}"), is_implicit=is_implicit) as (caught, port):
        outcome = send(server(port, security, authority, password))
    assert outcome.state == "accepted"
    assert caught.passwords == [PASSWORD.encode()]
    assert caught.accepted == [("monitor@example.org", ENVELOPE.message)]


@pytest.mark.parametrize("security", ["starttls", "implicit"])
@pytest.mark.parametrize(
    ("name", "values", "words"),
    [
        ("self-signed", {"is_self_signed": True}, "self-signed certificate"),
        ("wrong-host", {"host": "mail.example.com"}, "mismatch"),
        ("expired", {"days": -1}, "certificate has expired"),
    ],
)
def test_a_server_that_cannot_prove_its_name_gets_neither_login_nor_mail(
    authority: Authority, password: Path, security: str, name: str, values: dict[str, Any], words: str
) -> None:
    is_implicit = security == "implicit"
    with catcher(context=authority.context(name, **values), is_implicit=is_implicit) as (caught, port):
        outcome = send(server(port, security, authority, password))
    assert (outcome.state, outcome.is_of_server) == ("deferred", True)
    assert words in outcome.reason.lower()
    assert set(caught.commands) <= {"STARTTLS"}
    assert caught.accepted == []


def test_a_server_without_starttls_gets_neither_login_nor_mail(authority: Authority, password: Path) -> None:
    with catcher() as (caught, port):
        outcome = send(server(port, "starttls", authority, password))
    assert (outcome.state, caught.commands, caught.accepted) == ("deferred", [], [])


@contextmanager
def stripping_server() -> Iterator[tuple[list[bytes], int]]:
    """Yield what a server is told that offers STARTTLS, then refuses it, as an attacker on the line would make it."""
    heard: list[bytes] = []
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def serve() -> None:
            connection, _ = listening.accept()
            with connection, connection.makefile("rb") as lines:
                connection.sendall(b"220 hello\r\n")
                for line in lines:
                    heard.append(line.strip())
                    answer = b"250-hello\r\n250 STARTTLS\r\n" if line.startswith(b"ehlo") else b"454 not now\r\n"
                    connection.sendall(answer)

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield heard, listening.getsockname()[1]
        thread.join(5)


def test_a_refused_starttls_ends_the_conversation(authority: Authority, password: Path) -> None:
    with stripping_server() as (heard, port):
        outcome = send(server(port, "starttls", authority, password))
    assert outcome.state == "deferred"
    assert [line.split()[0].lower() for line in heard] == [b"ehlo", b"starttls"]


def test_old_tls_is_refused(authority: Authority, password: Path) -> None:
    context = authority.context("old")
    context.set_ciphers("ALL:@SECLEVEL=0")
    with pytest.warns(DeprecationWarning, match="deprecated"):
        context.minimum_version = ssl.TLSVersion.TLSv1
    with pytest.warns(DeprecationWarning, match="deprecated"):
        context.maximum_version = ssl.TLSVersion.TLSv1_1
    with catcher(context=context) as (caught, port):
        outcome = send(server(port, "starttls", authority, password))
    assert (outcome.state, caught.accepted) == ("deferred", [])


def test_a_login_that_fails_repeats_no_secret(authority: Authority, password: Path) -> None:
    password.write_text("another-canary-secret\n", encoding="utf-8")
    with catcher(context=authority.context("login")) as (caught, port):
        outcome = send(server(port, "starttls", authority, password))
    assert outcome.reason == "the server did not accept the credentials (535)"
    assert caught.accepted == []


def test_a_password_file_that_others_can_read_is_not_used(authority: Authority, password: Path) -> None:
    password.chmod(0o640)
    with catcher(context=authority.context("open")) as (caught, port), pytest.raises(ParameterError, match="0640"):
        send(server(port, "starttls", authority, password))
    assert caught.commands == []


@pytest.mark.parametrize("content", ["", "\n", "two\nlines\n", "x" * 2000])
def test_a_password_file_must_hold_one_line(authority: Authority, password: Path, content: str) -> None:
    password.write_text(content, encoding="utf-8")
    with pytest.raises(ParameterError, match="no password of one line"):
        send(server(25, "starttls", authority, password))


def test_a_password_file_may_not_be_a_link(authority: Authority, password: Path) -> None:
    link = password.with_name("link")
    link.symlink_to(password)
    with pytest.raises(ParameterError, match="cannot be opened"):
        send(server(25, "starttls", authority, link))


def test_a_password_may_come_from_a_command(authority: Authority, password: Path, tmp_path: Path) -> None:
    program = tmp_path / "show-password"
    program.write_text(f"#!/bin/sh\ncat {password}\n", encoding="utf-8")
    program.chmod(0o700)
    credentials = {"user": USER, "command": [str(program)]}
    with catcher(context=authority.context("command")) as (caught, port):
        outcome = send(server(port, "starttls", authority, password, credentials=credentials))
    assert (outcome.state, caught.passwords) == ("accepted", [PASSWORD.encode()])


@pytest.mark.parametrize(
    ("script", "mode", "words"),
    [
        ("exit 3", 0o700, "exit code 3"),
        ("true", 0o700, "no password of one line"),
        ("true", 0o722, "mode 0722"),
        ("true", 0o600, "PermissionError"),
    ],
)
def test_a_command_that_gives_no_password_is_told_without_its_output(
    authority: Authority, password: Path, tmp_path: Path, script: str, mode: int, words: str
) -> None:
    program = tmp_path / "show-password"
    program.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
    program.chmod(mode)
    credentials = {"user": USER, "command": [str(program)]}
    with pytest.raises(ParameterError, match=words):
        send(server(25, "starttls", authority, password, credentials=credentials))


def test_a_silent_server_does_not_hold_the_sender_up(authority: Authority, password: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port = listening.getsockname()[1]
        outcome = send(server(port, "starttls", authority, password, timeout_s=0.3))
    assert outcome.reason == "no conversation with the server (SMTPServerDisconnected)"


def test_a_server_that_drips_does_not_hold_the_sender_up(authority: Authority, password: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        stop = threading.Event()

        def drip() -> None:
            connection, _ = listening.accept()
            with connection:
                while not stop.wait(0.05):
                    try:
                        connection.sendall(b"2")
                    except OSError:
                        return

        thread = threading.Thread(target=drip, daemon=True)
        thread.start()
        outcome = send(server(listening.getsockname()[1], "starttls", authority, password, timeout_s=0.1))
        stop.set()
        thread.join(5)
    assert outcome.state == "deferred"


def test_nothing_is_said_in_the_clear_but_to_this_machine() -> None:
    with pytest.raises(ValueError, match="none is only for localhost"):
        Server.model_validate({"host": "mail.example.org", "port": 25, "security": "none", "sender": "a@example.org"})


def test_the_catcher_starts_empty() -> None:
    assert Caught().accepted == []
