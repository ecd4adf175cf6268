"""The recipients file of a study, read and checked; a secret in it is refused and never repeated."""

from __future__ import annotations

import re
import stat
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from pydantic import ValidationError

from cutbook.errors import BlindingError, Fault, ParameterError
from cutbook.parameters.faults import faults_of, place
from cutbook.parameters.project import Project
from cutbook.parameters.recipients import Recipients
from cutbook.parameters.yaml_text import Document, Keys, Tree, read_document

_FORWARDING = frozenset({"cc", "bcc", "replyto", "forward", "list"})
_LISTS = re.compile(
    r"(all|team|group|everyone|everybody|staff|list|lists|info|office|noreply|no-reply|mailing|distribution|dl)"
    r"|(.*[._-](list|all|team|group|l|dl|announce|users|owner|request))|((list|all|team|group|dl)[._-].*)"
)
_REPEATED = ("address", "expires", "host", "port", "security", "sender", "name", "base_link", "starts", "reviewed_on")
"""Keys in whose value no secret can stand."""


def recipients_file(project: Project, study_id: str) -> Path:
    """Return where the recipients file of a study lies."""
    return project.parameters / study_id / "recipients.yaml"


def read_recipients(project: Project, study_id: str) -> Recipients:
    """Return who gets which mail.

    Raises
    ------
    ParameterError
        No such file, or faults in it; all at once, none of them with the value of an unknown key.
    BlindingError
        An address is not that of one person in an allowed domain, a role is none of the file, mail would be copied or
        forwarded, or everyone on this machine can change the file.
    """
    shown = f"parameters/{study_id}/recipients.yaml"
    _refuse_open(recipients_file(project, study_id), shown)
    document = read_document(recipients_file(project, study_id), shown)
    copies = [
        Fault(shown, "a copy", "one mail a person", "remove it", place(keys, document.tree), document.key_row(keys))
        for keys in _forwarding_keys(document.tree, ())
    ]
    if copies:
        raise BlindingError(copies)
    try:
        recipients = Recipients.model_validate(document.tree)
    except ValidationError as error:
        raise ParameterError(faults_of(error, Recipients, document, repeats=_is_repeated)) from None
    faults = [*_address_faults(document, recipients), *_role_faults(document, recipients)]
    if faults:
        raise BlindingError(faults)
    return recipients


def _refuse_open(file: Path, shown: str) -> None:
    """Return when only its owner and group can write a file; a file that is not there is found missing later."""
    with suppress(FileNotFoundError):
        mode = stat.S_IMODE(file.stat().st_mode)
        if mode & stat.S_IWOTH:
            expected = "a file that only its owner and group can write"
            raise BlindingError(Fault(shown, f"mode {mode:04o}", expected, "review it, then chmod o-w"))


def _role_faults(document: Document, recipients: Recipients) -> Iterator[Fault]:
    expected = f"a role of this file: {', '.join(recipients.roles)}"
    for number, person in enumerate(recipients.people):
        for position, role in enumerate(person.roles):
            if role not in recipients.roles:
                keys: Keys = ("people", number, "roles", position)
                at = place(keys, document.tree)
                yield Fault(document.shown, repr(role), expected, "mend it there", at, document.row(keys))


def _forwarding_keys(tree: Tree, at: Keys) -> Iterator[Keys]:
    if isinstance(tree, list):
        for number, item in enumerate(tree):
            yield from _forwarding_keys(item, (*at, number))
    elif isinstance(tree, dict):
        for key, value in tree.items():
            if re.sub(r"[_ -]", "", key.lower()) in _FORWARDING:
                yield (*at, key)
            yield from _forwarding_keys(value, (*at, key))


def _is_repeated(keys: Keys) -> bool:
    return bool(keys) and keys[-1] in _REPEATED


def _address_faults(document: Document, recipients: Recipients) -> Iterator[Fault]:
    allowed = {domain.lower() for domain in recipients.domains}
    readers = [("people", number, item.address) for number, item in enumerate(recipients.people)]
    readers += [("operators", number, item.address) for number, item in enumerate(recipients.operators)]
    for what, number, address in readers:
        keys: Keys = (what, number, "address")
        for expected, remedy in _address_problems(address, allowed, what):
            at = place(keys, document.tree)
            yield Fault(document.shown, repr(address), expected, remedy, at, document.row(keys))


def _address_problems(address: str, allowed: set[str], what: str) -> Iterator[tuple[str, str]]:
    """Return what an address should be instead, and what to do."""
    name, _, domain = address.lower().partition("@")
    if domain not in allowed:
        yield f"a domain of {', '.join(sorted(allowed))}", "ask the reviewer"
    if "+" in name:
        yield "an address without +tag", "name the person's own address"
    if what == "people" and _LISTS.fullmatch(name):
        yield "one person's address, not a list", "name each person"
