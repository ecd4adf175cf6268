"""Who gets which mail: people, their roles and the mail server, as the reviewed recipients file states them."""

from __future__ import annotations

import re
import unicodedata
from datetime import date
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, StringConstraints, model_validator

from cutbook.parameters.base import InWords, Model, Name, Text
from cutbook.parameters.cut import Audience

LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
"""The only hosts that may be spoken to without TLS: a catcher on this machine."""

_ATOM = r"[A-Za-z0-9!#$%&'*/=?^_`{|}~+-]+"
_ADDRESS = re.compile(rf"{_ATOM}(\.{_ATOM})*@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*")
_HOST = re.compile(r"[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?|[0-9A-Fa-f:]+")
_ENCODED = re.compile(r"=\?.*\?=|%0[AaDd]|\\[rn]|&#", re.DOTALL)
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_LINK = re.compile(r"https?://[A-Za-z0-9.-]+(:\d+)?(/[A-Za-z0-9._~/-]*)?")
_ADDRESS_WORDS = "one address: name@domain in ASCII, without commas, blanks and brackets"
_HOST_WORDS = "a host name or an address of one host"
_DAY_WORDS = "a date YYYY-MM-DD"
_LINK_WORDS = "an address http(s)://host/path without account, query and fragment"
_LINE_WORDS = "one line of plain text, without control characters and encoded words"
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
        raise ValueError(_LINE_WORDS)
    return value


def _address(value: str) -> str:
    if len(value) > 254 or not _ADDRESS.fullmatch(value):
        raise ValueError(_ADDRESS_WORDS)
    return value


def _host(value: str) -> str:
    if len(value) > 253 or not _HOST.fullmatch(value):
        raise ValueError(_HOST_WORDS)
    return value


def _day(value: str) -> str:
    if not _DATE.fullmatch(value):
        raise ValueError(_DAY_WORDS)
    try:
        date.fromisoformat(value)
    except ValueError:
        raise ValueError("a day that the calendar has") from None
    return value


def _link(value: str) -> str:
    if value and not _LINK.fullmatch(value):
        raise ValueError(_LINK_WORDS)
    return value.rstrip("/")


Address = Annotated[str, AfterValidator(_address), InWords(_ADDRESS_WORDS, f"^{_ADDRESS.pattern}$")]
Host = Annotated[str, AfterValidator(_host), InWords(_HOST_WORDS, f"^({_HOST.pattern})$")]
Day = Annotated[str, AfterValidator(_day), InWords(_DAY_WORDS, f"^{_DATE.pattern}$")]
Link = Annotated[str, AfterValidator(_link), InWords(f"{_LINK_WORDS}; or an empty text", f"^({_LINK.pattern})?$")]
Line = Annotated[
    str,
    StringConstraints(min_length=1, max_length=120),
    AfterValidator(plain_line),
    InWords(f"{_LINE_WORDS}, 1 to 120 characters"),
]
FigureId = Annotated[
    str, StringConstraints(pattern=_FIGURE), InWords("the address of a figure in its page, for example F-D21")
]


class Credentials(Model):
    """How the sender proves who it is: an account, and its password from a private file or from a command."""

    user: Line = Field(description="The account.")
    file: str = Field(default="", description="A file that holds the password and that only its owner can read.")
    command: list[Text] = Field(default_factory=list, description="A command, word by word, that prints the password.")

    @model_validator(mode="after")
    def _has_one_source(self) -> Credentials:
        if bool(self.file) == bool(self.command):
            raise ValueError("either file or command")
        return self


class Server(Model):
    """The mail server. ``security`` ``none`` is only for a catcher on this machine, and then without credentials."""

    host: Host = Field(description="The machine that takes mails.")
    port: int = Field(ge=1, le=65535, description="Its port, mostly 587 for starttls and 465 for implicit.")
    security: Literal["starttls", "implicit", "none"] = Field(
        description="How the connection is protected; none is only for localhost."
    )
    sender: Address = Field(description="The address that mails come from.")
    sender_name: Line = Field(default="Cutbook", description="The name beside that address.")
    ca_file: str = Field(
        default="", description="Certificates by which the server is known; empty for those of the machine."
    )
    credentials: Credentials | None = Field(
        default=None, description="How the sender proves who it is; left out where the server asks for nothing."
    )
    timeout_s: float = Field(default=30.0, gt=0, le=300, description="Seconds to wait for an answer.")

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

    classes: list[Audience] = Field(min_length=1, description="Classes of reports that the role may receive.")
    reports: list[Name] = Field(min_length=1, description="Reports that the role receives.")
    mails: Literal["all", "signals"] = Field(default="all", description="Every mail, or only those that tell a signal.")
    policy: Literal["attach", "link"] = Field(
        default="link", description="Whether the reports are attached, or the mail says where they are."
    )
    max_attachment_bytes: int = Field(
        default=5_000_000,
        ge=0,
        le=25_000_000,
        description="Bytes of all reports together beyond which none is attached.",
    )
    heartbeat: bool = Field(default=False, description='Whether the role is told "nothing new" as operators are.')


class Person(Model):
    """One reader: name, personal address, roles, and the last day on which these hold."""

    name: Line = Field(description="Name of the reader.")
    address: Address = Field(description="The reader's own address, no list, in one of `domains`.")
    roles: list[Name] = Field(min_length=1, description="Roles of this file that the reader has.")
    expires: Day = Field(description="The last day on which the roles hold.")


class Operator(Model):
    """One of those who look after the schedule: told of failures, never given data."""

    name: Line = Field(description="Name of the operator.")
    address: Address = Field(description="The operator's address, in one of `domains`.")
    expires: Day = Field(description="The last day on which the entry holds.")


class Recipients(Model):
    """A whole recipients file: who gets which mail of a study, and through which server."""

    reviewed_by: Line = Field(description="Who reviewed the file last; every change is reviewed.")
    reviewed_on: Day = Field(description="The day of that review.")
    server: Server = Field(description="The mail server.")
    domains: list[Host] = Field(min_length=1, description="The only domains that mail may go to.")
    roles: dict[Name, Role] = Field(min_length=1, description="What readers may receive, by the name of their role.")
    people: list[Person] = Field(default_factory=list, description="The readers.")
    operators: list[Operator] = Field(
        min_length=1, description="Those who look after the schedule: told of failures, never given data."
    )
    figures: dict[Name, list[FigureId]] = Field(
        default_factory=dict, description="Addresses of the figures that mails show, by report."
    )
    base_link: Link = Field(default="", description="Where the output root is served to readers; empty: nowhere.")
    heartbeat: Literal["no", "daily", "weekly"] = Field(default="daily", description='How often "nothing new" is told.')
    unblinded_mail: Literal["location", "results"] = Field(
        default="location",
        description="What a mail on unblinded reports holds: where reports are, or their results.",
    )
    starts: Day = Field(default="0001-01-01", description="Sets finished before this day are mailed on request only.")

    @model_validator(mode="after")
    def _names_agree(self) -> Recipients:
        for people in (self.people, self.operators):
            addresses = [person.address.lower() for person in people]
            if len(set(addresses)) < len(addresses):
                raise ValueError("every address once")
        return self
