"""The password of the mail account: read from a private file or a command when needed, and never repeated."""

from __future__ import annotations

import os
import stat
import subprocess
from pathlib import Path

from cutbook.errors import Fault, ParameterError
from cutbook.parameters.recipients import Credentials

_LONGEST = 1000
_LIMIT_S = 30
_PLACE = "recipients.yaml"


def read_password(credentials: Credentials) -> str:
    """Return the password; no error holds any part of it.

    Raises
    ------
    ParameterError
        The file is open to others or not there, the command fails, or neither gives one line.
    """
    content = _from_command(credentials.command) if credentials.command else _from_file(credentials.file)
    try:
        password = content.decode("utf-8").rstrip("\r\n")
    except UnicodeDecodeError:
        password = ""
    if not password or len(password) > _LONGEST or not password.isprintable():
        raise _fault("no password of one line", "one line of text")
    return password


def _from_file(name: str) -> bytes:
    file = Path(name).expanduser()
    if not file.is_absolute():
        raise _fault("a relative path", "an absolute path, or one that starts with ~")
    try:
        descriptor = os.open(file, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK | os.O_NOFOLLOW)
    except OSError as error:
        raise _fault(f"a file that cannot be opened ({error.strerror})", "a file of your own with mode 0600") from None
    with os.fdopen(descriptor, "rb") as stream:
        status = os.fstat(descriptor)
        if not stat.S_ISREG(status.st_mode):
            raise _fault("no regular file", "a file of your own with mode 0600")
        _refuse_open(status, 0o077)
        return stream.read(_LONGEST + 2)


def _from_command(command: list[str]) -> bytes:
    program = Path(command[0]).expanduser()
    if not program.is_absolute():
        raise _fault("a command without its path", "an absolute path")
    try:
        _refuse_open(program.stat(), 0o022, is_root_allowed=True)
        done = subprocess.run(  # noqa: S603 - named by the reviewed file, no shell
            [str(program), *command[1:]],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=_LIMIT_S,
            check=False,
            env={"PATH": os.defpath, "HOME": str(Path("~").expanduser())},
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise _fault(f"a command that does not run ({type(error).__name__})", "a command that prints it") from None
    if done.returncode:
        raise _fault(f"exit code {done.returncode} of the command", "a command that prints it")
    return done.stdout[: _LONGEST + 2]


def _refuse_open(status: os.stat_result, forbidden: int, *, is_root_allowed: bool = False) -> None:
    mode = stat.S_IMODE(status.st_mode)
    owners = {os.geteuid(), *({0} if is_root_allowed else ())}
    if mode & forbidden or status.st_uid not in owners:
        raise _fault(f"mode {mode:04o}, account {status.st_uid}", f"your own, without mode {forbidden:04o}")


def _fault(found: str, expected: str) -> ParameterError:
    return ParameterError(Fault(_PLACE, found, expected, "mend it there", "server.credentials"))
