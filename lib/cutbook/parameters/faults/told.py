"""Findings as faults: what was found, what was expected and what to do, in the reader's words."""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable
from typing import TypeAlias

from pydantic import BaseModel, ValidationError

from cutbook.errors import Fault
from cutbook.parameters.faults.findings import Finding, findings
from cutbook.parameters.faults.places import described, place
from cutbook.parameters.schema import Node, json_schema
from cutbook.parameters.schema.words import expected
from cutbook.parameters.yaml_text import Document, Keys

Repeats: TypeAlias = Callable[[Keys], bool]
"""Whether a message may repeat what was written at a place."""

_SENTENCE = re.compile(r"(.+?[.:])(\s|$)", re.DOTALL)
_FOUND = re.compile(r"(?:found )?(.+?)[:;] expected (.+?)(?:; (.+))?", re.DOTALL)


def faults_of(
    error: ValidationError, model: type[BaseModel], document: Document, *, repeats: Repeats = lambda _: True
) -> list[Fault]:
    """Return what is wrong with a parameter file, in the order of its lines.

    Parameters
    ----------
    error : ValidationError
        What the model says of the file.
    model : type
        The model of the file.
    document : Document
        The file; one without lines for values that stand in no file.
    repeats : callable
        Whether a message may repeat what was written at a place.
    """
    found = findings(error, Node.of(json_schema(model)), document.tree)
    faults = [_TELL[item.kind](item, document, repeats(item.keys)) for item in found]
    return sorted(faults, key=lambda fault: fault.row or 0)


def _missing(item: Finding, document: Document, _: bool) -> Fault:
    section = _section(item, document)
    meant = f"{item.keys[-1]}, {_meaning(item.node)}"
    row = _row(document, document.key_row(item.keys[:-1]))
    variable = place(item.keys, document.tree)
    return Fault(document.shown, f"the key is missing in {section}", meant, "add it", variable, row)


def _unknown(item: Finding, document: Document, _: bool) -> Fault:
    known = [key for node in (item.node, *item.node.choices) for key in node.keys]
    near = difflib.get_close_matches(str(item.keys[-1]), known, n=1)
    found = f"a key that is not known in {_section(item, document)}"
    meant = near[0] if near else f"one of {', '.join(known)}"
    remedy = f"rename it to {near[0]}, or remove it" if near else "rename or remove it"
    variable = place(item.keys, document.tree)
    return Fault(document.shown, found, meant, remedy, variable, _row(document, document.key_row(item.keys)))


def _wrong_key(item: Finding, document: Document, is_repeated: bool) -> Fault:
    found = f"the key {described(item.value, is_repeated=is_repeated)}"
    row = _row(document, document.key_row(item.keys))
    return Fault(document.shown, found, item.expected, "rename the key", place(item.keys, document.tree), row)


def _value(item: Finding, document: Document, is_repeated: bool) -> Fault:
    found = described(item.value, is_repeated=is_repeated)
    row = _row(document, document.row(item.keys))
    near = difflib.get_close_matches(str(item.value), [str(choice) for choice in item.node.body.get("enum", [])], n=1)
    remedy = f"write {near[0]} if that is meant" if near else "mend it there"
    return Fault(document.shown, found, item.expected, remedy, place(item.keys, document.tree), row)


def _rule(item: Finding, document: Document, _: bool) -> Fault:
    stated = _FOUND.fullmatch(item.expected)
    found, meant, remedy = stated.groups() if stated else ("values that do not agree", item.expected, None)
    row, variable = _row(document, document.key_row(item.keys)), place(item.keys, document.tree)
    return Fault(document.shown, found, meant, remedy or "mend it in that section", variable, row)


def _section(item: Finding, document: Document) -> str:
    return place(item.keys[:-1], document.tree) or "the file"


def _meaning(node: Node) -> str:
    """Return what a key is and what it may hold."""
    sentence = _SENTENCE.match(node.description)
    first = sentence[1] if sentence else node.description
    what = " ".join(first.replace("`", "").split()).rstrip(".:")
    return f"{what[:1].lower()}{what[1:]}: {expected(node)}" if what else expected(node)


def _row(document: Document, row: int) -> int | None:
    return row if document.value_rows else None


_TELL: dict[str, Callable[[Finding, Document, bool], Fault]] = {
    "missing": _missing,
    "unknown": _unknown,
    "key": _wrong_key,
    "value": _value,
    "rule": _rule,
}
