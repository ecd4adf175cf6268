"""Who gets which mail: people, their roles and the mail server, as the reviewed recipients file states them."""

from __future__ import annotations

import re
import unicodedata
from datetime import date
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, StringConstraints, model_validator

from cutbook.parameters.base import Model, Name, Text
from cutbook.parameters.cut import Audience

LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
"""The only hosts that may be spoken to without TLS: a catcher on this machine."""

_ATOM = r"[A-Za-z0-9!#$%&'*/=?^_`{|}~+-]+"
_ADDRESS = re.compile(rf"{_ATOM}(\.{_ATOM})*@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*")
_HOST = re.compile(r"[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?|[0-9A-Fa-f:]+")
_ENCODED = re.compile(r"=\?.*\?=|%0[AaDd]|\\[rn]|&#", re.DOTALL)
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_FIGURE = r"^[A-Za-z0-9][A-Za-z0-9._:-]{0,79}$"


def plain_line(value: str) -> str:
    """Return a text that is safe in a mail header.

    Raises
    ------
    ValueError
        It holds a line break, plain or encoded, or another control character.
    """
    is_control = any(unicodedata.category(mark) in {"Cc", "Cf", "Cs", "Zl", "Zp"} for mark in value)
    if is_control or _ENCODED.search(value):
        raise ValueError("one line of plain text, without control characters and encoded words")
    return value


def _address(value: str) -> str:
    if len(value) > 254 or not _ADDRESS.fullmatch(value):
        raise ValueError("one address: name@domain in ASCII, without commas, blanks and brackets")
    return value


def _host(value: str) -> str:
    if len(value) > 253 or not _HOST.fullmatch(value):
        raise ValueError("a host name or an address of one host")
    return value


def _day(value: str) -> str:
    if not _DATE.fullmatch(value):
        raise ValueError("a date YYYY-MM-DD")
    try:
        date.fromisoformat(value)
    except ValueError:
        raise ValueError("a day that the calendar has") from None
    return value


def _link(value: str) -> str:
    if value and not re.fullmatch(r"https?://[A-Za-z0-9.-]+(:\d+)?(/[A-Za-z0-9._~/-]*)?", value):
        raise ValueError("an address http(s)://host/path without account, query and fragment")
    return value.rstrip("/")


Address = Annotated[str, AfterValidator(_address)]
Day = Annotated[str, AfterValidator(_day)]
Line = Annotated[str, StringConstraints(min_length=1, max_length=120), AfterValidator(plain_line)]
FigureId = Annotated[str, StringConstraints(pattern=_FIGURE)]


class Credentials(Model):
    """How the sender proves who it is: an account, and its password from a private file or from a command."""

    user: Line
    file: str = ""
    command: list[Text] = Field(default_factory=list)

    @model_validator(mode="after")
    def _has_one_source(self) -> Credentials:
        if bool(self.file) == bool(self.command):
            raise ValueError("either file or command")
        return self


class Server(Model):
    """The mail server. ``security`` ``none`` is only for a catcher on this machine, and then without credentials."""

    host: Annotated[str, AfterValidator(_host)]
    port: int = Field(ge=1, le=65535)
    security: Literal["starttls", "implicit", "none"]
    sender: Address
    sender_name: Line = "Cutbook"
    ca_file: str = ""
    credentials: Credentials | None = None
    timeout_s: float = Field(default=30.0, gt=0, le=300)

    @model_validator(mode="after")
    def _is_protected(self) -> Server:
        if self.security == "none" and self.host not in LOOPBACK:
            raise ValueError("starttls or implicit: none is only for localhost")
        if self.security == "none" and self.credentials:
            raise ValueError("no credentials without TLS")
        return self


class Role(Model):
    """What the people of a role may receive, and how.

    ``mails`` ``signals`` means only the mails that tell a signal. ``policy`` ``attach`` attaches the reports as long as
    all of them together stay within ``max_attachment_bytes``; otherwise the mail says where they are.
    """

    classes: list[Audience] = Field(min_length=1)
    reports: list[Name] = Field(min_length=1)
    mails: Literal["all", "signals"] = "all"
    policy: Literal["attach", "link"] = "link"
    max_attachment_bytes: int = Field(default=5_000_000, ge=0, le=25_000_000)
    heartbeat: bool = False


class Person(Model):
    """One reader: name, personal address, roles, and the last day on which these hold."""

    name: Line
    address: Address
    roles: list[Name] = Field(min_length=1)
    expires: Day


class Operator(Model):
    """One of those who look after the schedule: told of failures, never given data."""

    name: Line
    address: Address
    expires: Day


class Recipients(Model):
    """A whole recipients file.

    ``domains`` are the only ones that mail may go to. ``unblinded_mail`` says what a mail on unblinded reports holds:
    the ``location`` and hash of the reports, or their ``results``. ``figures`` are the ids of the figures to show, by
    report. ``base_link`` is where the output root is served to readers. ``heartbeat`` says how often "nothing new" is
    told. Sets finished before ``starts`` are mailed on request only.
    """

    reviewed_by: Line
    reviewed_on: Day
    server: Server
    domains: list[Annotated[str, AfterValidator(_host)]] = Field(min_length=1)
    roles: dict[Name, Role] = Field(min_length=1)
    people: list[Person] = Field(default_factory=list)
    operators: list[Operator] = Field(min_length=1)
    figures: dict[Name, list[FigureId]] = Field(default_factory=dict)
    base_link: Annotated[str, AfterValidator(_link)] = ""
    heartbeat: Literal["no", "daily", "weekly"] = "daily"
    unblinded_mail: Literal["location", "results"] = "location"
    starts: Day = "0001-01-01"

    @model_validator(mode="after")
    def _names_agree(self) -> Recipients:
        unknown = sorted({role for person in self.people for role in person.roles} - set(self.roles))
        if unknown:
            raise ValueError(f"a role of this file: {', '.join(unknown)} is none")
        for people in (self.people, self.operators):
            addresses = [person.address.lower() for person in people]
            if len(set(addresses)) < len(addresses):
                raise ValueError("every address once")
        return self
