"""Messages: plain text, an HTML alternative with its pictures, attachments, and headers that can be repeated."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from urllib.parse import quote

from cutbook.deliver.dispatch import Dispatch
from cutbook.errors import Fault, ParameterError
from cutbook.parameters.recipients import plain_line


@dataclass(frozen=True)
class Letter:
    """What a message is made of.

    ``pictures`` are PNG by content id, ``attachments`` HTML pages by file name, ``witnesses`` hashes by header.
    """

    message_id: str
    subject: str
    text: str
    html: str
    audience: str = ""
    is_urgent: bool = False
    witnesses: Mapping[str, str] = field(default_factory=dict)
    pictures: Sequence[tuple[str, bytes]] = ()
    attachments: Sequence[tuple[str, bytes]] = ()


def message_bytes(dispatch: Dispatch, recipient: tuple[str, str], letter: Letter, date: str) -> bytes:
    """Return a message as it goes over the wire, the same bytes for the same content.

    Parameters
    ----------
    dispatch : Dispatch
        Whose mail it is.
    recipient : tuple of str
        Name and address.
    letter : Letter
        Its content.
    date : str
        Time in UTC.

    Raises
    ------
    ParameterError
        A subject, name or file name could change the structure of the message.
    """
    name, address = recipient
    for text in (letter.subject, name, dispatch.title, *(file for file, _ in letter.attachments)):
        _check_line(text)
    message = EmailMessage(policy=SMTP)
    for header, value in _headers(dispatch, letter, date).items():
        message[header] = value
    message["To"] = Address(name, addr_spec=address)
    message.set_content(letter.text, charset="utf-8", cte="quoted-printable")
    message.add_alternative(letter.html, subtype="html", charset="utf-8", cte="quoted-printable")
    html = next(part for part in message.iter_parts() if part.get_content_subtype() == "html")
    for content_id, picture in letter.pictures:
        html.add_related(
            picture, "image", "png", cid=f"<{content_id}>", disposition="inline", filename=f"{content_id}.png"
        )
    for file, content in letter.attachments:
        message.add_attachment(content, "text", "html", filename=file, params={"charset": "utf-8"})
    for number, part in enumerate(part for part in message.walk() if part.is_multipart()):
        part.set_boundary(f"=_{number}_{letter.message_id[1:33]}")
    return message.as_bytes()


def picture_id(number: int) -> str:
    """Return the content id of a picture."""
    return f"figure{number}"


def _headers(dispatch: Dispatch, letter: Letter, date: str) -> dict[str, object]:
    server = dispatch.recipients.server
    thread = dispatch.thread_id(letter.audience)
    unsubscribe = f"mailto:{dispatch.recipients.operators[0].address}?subject={quote(f'unsubscribe {dispatch.study}')}"
    headers: dict[str, object] = {
        "From": Address(server.sender_name, addr_spec=server.sender),
        "Subject": letter.subject,
        "Date": format_datetime(datetime.strptime(date, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)),
        "Message-ID": letter.message_id,
        "In-Reply-To": thread,
        "References": thread,
        "List-Unsubscribe": f"<{unsubscribe}>",
        "Auto-Submitted": "auto-generated",
        "X-Auto-Response-Suppress": "All",
        **letter.witnesses,
    }
    return headers | ({"Importance": "high", "X-Priority": "2"} if letter.is_urgent else {})


def _check_line(text: str) -> None:
    try:
        plain_line(text)
    except ValueError as error:
        fault = Fault("mail", repr(text[:80]), str(error), "mend the title, name or file name")
        raise ParameterError(fault) from None
