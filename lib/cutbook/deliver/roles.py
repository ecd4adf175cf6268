"""Who may receive which reports today, asked when a mail is queued and again when it is sent."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from cutbook.errors import BlindingError, Fault
from cutbook.parameters.recipients import Person, Recipients, Role


@dataclass(frozen=True)
class Addressee:
    """A person with the reports of a class that the roles allow, and what may be attached."""

    name: str
    address: str
    reports: tuple[str, ...]
    has_all_mails: bool
    attachment_bytes: int


def addressee(recipients: Recipients, address: str, audience: str, reports: Collection[str], today: str) -> Addressee:
    """Return what a person may receive of some reports of a class.

    Parameters
    ----------
    recipients : Recipients
        The recipients file.
    address : str
        Address of the person.
    audience : str
        Class of the reports.
    reports : collection of str
        Names of the reports there are.
    today : str
        Date in UTC, ``2026-11-22``.

    Raises
    ------
    BlindingError
        The address is not in the file, the entry has expired, or no role of the person allows the class.
    """
    person = next((item for item in recipients.people if item.address.lower() == address.lower()), None)
    if person is None:
        raise BlindingError(_fault(address, "not in the file", "one of its people", "ask the reviewer of the file"))
    if today > person.expires:
        raise BlindingError(_fault(address, f"expired on {person.expires}", f"valid on {today}", "have it reviewed"))
    roles = [recipients.roles[name] for name in person.roles if audience in recipients.roles[name].classes]
    if not roles:
        held = ", ".join(sorted({kind for name in person.roles for kind in recipients.roles[name].classes}))
        raise BlindingError(_fault(address, f"roles for {held}", f"a role for {audience}", "have the roles reviewed"))
    return _of(person, roles, reports)


def addressees(
    recipients: Recipients, audience: str, reports: Collection[str], today: str
) -> tuple[list[Addressee], list[Fault]]:
    """Return those who may receive some of the reports, and why others of the file may not."""
    found: list[Addressee] = []
    faults: list[Fault] = []
    for person in recipients.people:
        try:
            reader = addressee(recipients, person.address, audience, reports, today)
        except BlindingError as error:
            faults += error.faults
            continue
        if reader.reports:
            found.append(reader)
    return found, faults


def operators(recipients: Recipients, today: str) -> list[str]:
    """Return the addresses of those who look after the schedule and whose entry holds today."""
    return [item.address for item in recipients.operators if today <= item.expires]


def heartbeat_readers(recipients: Recipients, today: str) -> list[str]:
    """Return the addresses of all who are told that there is nothing new."""
    people = [
        person.address
        for person in recipients.people
        if today <= person.expires and any(recipients.roles[name].heartbeat for name in person.roles)
    ]
    return list(dict.fromkeys([*operators(recipients, today), *people]))


def _of(person: Person, roles: list[Role], reports: Collection[str]) -> Addressee:
    allowed = {name for role in roles for name in role.reports}
    attaching = [role.max_attachment_bytes for role in roles if role.policy == "attach"]
    return Addressee(
        person.name,
        person.address,
        tuple(name for name in reports if name in allowed),
        any(role.mails == "all" for role in roles),
        min(attaching) if len(attaching) == len(roles) else 0,
    )


def _fault(address: str, found: str, expected: str, remedy: str) -> Fault:
    return Fault("recipients.yaml", found, expected, remedy, key=address)
