"""The sections of a parameter file, in the order of its model, each kind of section once."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from cutbook.parameters.schema import Node

ITEM, ENTRY = "[]", "{}"
"""Stand in a path for any item of a list, and for any key of a mapping."""

_EACH = {ITEM: ", each item", ENTRY: ", each entry"}


@dataclass(frozen=True)
class Section:
    """One section of a file.

    Parameters
    ----------
    path : tuple of str
        The keys that lead to it, `ITEM` and `ENTRY` for any.
    node : Node
        What may stand in it.
    choice : str
        Which of several kinds it is, for example "by: day"; empty where there is one kind.
    union : str
        Name of the definition that writes the section out among its short forms; empty where there are none.
    """

    path: tuple[str, ...]
    node: Node
    choice: str = ""
    union: str = ""

    @property
    def reference(self) -> str:
        """Name of the definition that the section is."""
        return self.node.reference or self.union

    @property
    def name(self) -> str:
        """The keys that lead to the section, joined by dots."""
        return ".".join(key for key in self.path if key not in _EACH)

    @property
    def title(self) -> str:
        """How a heading names the section."""
        if not self.path:
            return "The keys of the file"
        return f"`{self.name}`{_EACH.get(self.path[-1], '')}{f' ({self.choice})' if self.choice else ''}"

    @property
    def anchor(self) -> str:
        """The address that the heading has in the page, as GitHub makes it."""
        return re.sub(r"[^\w\- ]", "", self.title.lower()).replace(" ", "-")


def outline(root: Node) -> list[Section]:
    """Return the sections of a file, depth first; a kind that stands at several places is listed at the first."""
    found: dict[str, Section] = {}
    for section in _below(Section((), root), frozenset()):
        found.setdefault(section.reference, section)
    return list(found.values())


def _below(section: Section, above: frozenset[str]) -> Iterator[Section]:
    yield section
    above |= {section.reference}
    for key, node in section.node.keys.items():
        for part in parts(node, (*section.path, key)):
            if part.reference not in above:
                yield from _below(part, above)


def parts(node: Node, path: tuple[str, ...]) -> Iterator[Section]:
    """Yield the sections that stand at a place itself, as items of its list, or as values of its mapping."""
    if node.keys:
        yield Section(path, node)
    for number, choice in enumerate(node.choices, start=1):
        if choice.keys and not choice.reference:
            yield Section(path, choice, union=node.reference)
            continue
        for part in parts(choice, path):
            yield Section(part.path, part.node, part.choice or _kind(part.node, number))
    for name, each in (("items", ITEM), ("additionalProperties", ENTRY)):
        if isinstance(below := node.body.get(name), dict):
            yield from parts(Node(below, node.whole), (*path, each))


def _kind(node: Node, number: int) -> str:
    """Return what tells a section from the other kinds at its place: the key that is fixed, else its number."""
    fixed = [f"{key}: {below.body['const']}" for key, below in node.keys.items() if "const" in below.body]
    return fixed[0] if fixed else f"kind {number}"
