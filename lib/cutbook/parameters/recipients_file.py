"""The recipients file of a study, read and checked; a secret in it is refused and never repeated."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from cutbook.errors import BlindingError, Fault, ParameterError
from cutbook.parameters.project import Project
from cutbook.parameters.recipients import Recipients
from cutbook.parameters.yaml_text import Tree, read_yaml_text

_FORWARDING = frozenset({"cc", "bcc", "replyto", "forward", "list"})
_LISTS = re.compile(
    r"(all|team|group|everyone|everybody|staff|list|lists|info|office|noreply|no-reply|mailing|distribution|dl)"
    r"|(.*[._-](list|all|team|group|l|dl|announce|users|owner|request))|((list|all|team|group|dl)[._-].*)"
)
_SHOWN = ("address", "expires", "host", "port", "security", "sender", "name", "base_link", "starts", "reviewed_on")


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
        An address is not that of one person in an allowed domain, or mail would be copied or forwarded.
    """
    shown = f"parameters/{study_id}/recipients.yaml"
    tree = read_yaml_text(recipients_file(project, study_id), shown)
    copies = [Fault(shown, "a copy", "one mail a person", "remove it", key) for key in _forwarding_keys(tree, "")]
    if copies:
        raise BlindingError(copies)
    try:
        recipients = Recipients.model_validate(tree)
    except ValidationError as error:
        raise ParameterError([_fault(shown, item) for item in error.errors(include_url=False)]) from None
    faults = [*_address_faults(shown, recipients)]
    if faults:
        raise BlindingError(faults)
    return recipients


def _forwarding_keys(tree: Tree, at: str) -> Iterator[str]:
    if isinstance(tree, list):
        for number, item in enumerate(tree):
            yield from _forwarding_keys(item, f"{at}{number}.")
    elif isinstance(tree, dict):
        for key, value in tree.items():
            if re.sub(r"[_ -]", "", key.lower()) in _FORWARDING:
                yield f"{at}{key}"
            yield from _forwarding_keys(value, f"{at}{key}.")


def _fault(shown: str, item: ErrorDetails) -> Fault:
    """Return what is wrong at one place; its value is repeated only where no secret can stand."""
    key = str(item["loc"][-1]) if item["loc"] else ""
    value = item.get("input")
    is_shown = key in _SHOWN and item["type"] != "extra_forbidden" and isinstance(value, str)
    found = repr(value[:80]) if is_shown else _kind(item)
    expected = item["msg"].removeprefix("Value error, ")
    return Fault(shown, found, expected, "mend it there", ".".join(str(part) for part in item["loc"]))


def _kind(item: ErrorDetails) -> str:
    if item["type"] == "extra_forbidden":
        return "an unknown key"
    return "nothing" if item["type"] == "missing" else "another value"


def _address_faults(shown: str, recipients: Recipients) -> Iterator[Fault]:
    allowed = {domain.lower() for domain in recipients.domains}
    readers = [("people", number, item.address) for number, item in enumerate(recipients.people)]
    readers += [("operators", number, item.address) for number, item in enumerate(recipients.operators)]
    for what, number, address in readers:
        name, _, domain = address.lower().partition("@")
        place = f"{what}.{number}.address"
        if domain not in allowed:
            yield Fault(shown, repr(address), f"a domain of {', '.join(sorted(allowed))}", "ask the reviewer", place)
        if "+" in name:
            yield Fault(shown, repr(address), "an address without +tag", "name the person's own address", place)
        if what == "people" and _LISTS.fullmatch(name):
            yield Fault(shown, repr(address), "one person's address, not a list", "name each person", place)
