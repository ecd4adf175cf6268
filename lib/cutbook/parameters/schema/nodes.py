"""A place in a JSON Schema: what may stand there, and what may stand below it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from cutbook.parameters.schema.generator import Schema

_WRAPPED = re.compile(r"(?:function-\w+\[[^,\[\]]*, |nullable\[|default\[)(.*)\]")
_SCALARS = {"string": ("str", "constrained-str"), "integer": ("int",), "number": ("float",), "boolean": ("bool",)}


@dataclass(frozen=True)
class Node:
    """A schema together with the whole that its references point into.

    Parameters
    ----------
    schema : dict
        The schema of the place, as written: perhaps a reference with a description beside it.
    whole : dict
        The schema of the file.
    """

    schema: Schema
    whole: Schema = field(repr=False)

    @classmethod
    def of(cls, whole: Schema) -> Node:
        """Return the root of a schema."""
        return cls(whole, whole)

    @cached_property
    def body(self) -> Schema:
        """The schema itself: references followed, and the one choice taken where the other is nothing."""
        found = self.schema
        while True:
            if "$ref" in found:
                found = self.whole["$defs"][self.reference_of(found)]
            elif len(choices := _choices(found)) == 1:
                found = choices[0]
            else:
                return found

    @property
    def reference(self) -> str:
        """Name of the definition that the place refers to; empty where it refers to none."""
        found = self.schema
        while "$ref" not in found and len(choices := _choices(found)) == 1:
            found = choices[0]
        return self.reference_of(found)

    @staticmethod
    def reference_of(schema: Schema) -> str:
        """Return the name of the definition that a schema refers to; empty where it refers to none."""
        return str(schema.get("$ref", "")).rpartition("/")[2]

    @property
    def description(self) -> str:
        """What the place is: its own description, else that of the section it refers to."""
        return str(self.schema.get("description") or self.body.get("description") or "")

    @property
    def choices(self) -> list[Node]:
        """The kinds of values among which the place chooses; none where there is one kind."""
        return [Node(choice, self.whole) for choice in _choices(self.body)]

    @property
    def shape(self) -> str:
        """Whether a text, a list or a mapping stands there: ``text``, ``list``, ``mapping``; empty for a choice."""
        kind = self.body.get("type")
        if self.choices or not (kind or "enum" in self.body or "const" in self.body):
            return ""
        return {"object": "mapping", "array": "list"}.get(str(kind), "text")

    @property
    def keys(self) -> dict[str, Node]:
        """The keys that a section knows, in order."""
        return {key: Node(schema, self.whole) for key, schema in self.body.get("properties", {}).items()}

    @property
    def required(self) -> list[str]:
        """The keys that must stand in a section."""
        return list(self.body.get("required", []))

    @property
    def tag(self) -> str:
        """The key that says which of several sections is meant; empty where there is none."""
        return str(self.body.get("discriminator", {}).get("propertyName", ""))

    @property
    def tags(self) -> list[str]:
        """What the key may say."""
        return list(self.body.get("discriminator", {}).get("mapping", {}))

    @property
    def names(self) -> Node:
        """What the keys of a mapping may be."""
        return Node({"type": "string", **self.body.get("propertyNames", {})}, self.whole)

    def below(self, key: str | int) -> Node | None:
        """Return the place below a key or a position; None where the schema knows none."""
        if isinstance(key, int):
            first = self.body.get("prefixItems", [])
            found: Any = first[key] if key < len(first) else self.body.get("items")
        else:
            found = self.body.get("properties", {}).get(key, self.body.get("additionalProperties"))
        if isinstance(found, dict):
            return Node(found, self.whole)
        places = (choice.below(key) for choice in self.choices)
        return next((place for place in places if place is not None), None)

    @property
    def sections(self) -> Iterator[Node]:
        """The sections that stand at the place itself, as items of its list, or as values of its mapping."""
        if self.keys:
            yield self
        for choice in self.choices:
            yield from choice.sections
        for part in (self.body.get("items"), self.body.get("additionalProperties")):
            if isinstance(part, dict):
                yield from Node(part, self.whole).sections

    def chosen(self, label: str | int) -> Node | None:
        """Return the choice that the validator calls by a label; None when it is no label of a choice."""
        name = str(label)
        tagged = self.body.get("discriminator", {}).get("mapping", {})
        if name in tagged:
            return Node({"$ref": tagged[name]}, self.whole)
        while found := _WRAPPED.fullmatch(name):
            name = found[1]
        return next((choice for choice in self.choices if _is_called(choice, name)), None)


def _choices(schema: Schema) -> list[Schema]:
    found = schema.get("anyOf") or schema.get("oneOf") or []
    return [choice for choice in found if choice != {"type": "null"}]


def _is_called(choice: Node, name: str) -> bool:
    if choice.reference:
        return choice.reference == name
    kind = str(choice.body.get("type", ""))
    if "enum" in choice.body or "const" in choice.body:
        return name.startswith(("literal[", "enum"))
    if choice.shape in ("list", "mapping"):
        return name.startswith(("list[", "tuple[", "set[") if choice.shape == "list" else "dict[")
    return name in _SCALARS.get(kind, ())
