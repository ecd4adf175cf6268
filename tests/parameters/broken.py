"""Parameter files with one thing broken, made from a model and a file that is valid."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from cutbook.parameters.schema import Node
from cutbook.parameters.yaml_text import Keys, value_at

VOCABULARY = (
    "Field required", "Input should", "Extra inputs", "String should", "List should", "Dictionary should",
    "Value error", "Input tag", "Unable to", "valid string", "valid integer", "valid number", "valid list",
    "valid dictionary", "validation error", "unable to parse", "function-", "NoneType", "(str)", "(dict)", "(list)",
    "(int)", "pydantic",
)  # fmt: skip
"""What the validator says and a reader never may see."""

WRONG: dict[str, Any] = {
    "a list": ["x", "y"],
    "a list of lists": [["x"], []],
    "a mapping": {"x": "y"},
    "an empty mapping": {},
    "a strange text": "☃ ?!",
    "an empty text": "",
    "null": "null",
    "a negative number": "-1",
    "a long text": "x" * 2000,
}


@dataclass(frozen=True)
class Broken:
    """A file in which the key at a place was removed, misspelt or given another value."""

    what: str
    keys: Keys
    node: Node
    is_required: bool
    tree: dict[str, Any]


def sections(node: Node, tree: Any, keys: Keys = (), seen: frozenset[str] = frozenset()) -> Iterator[tuple[Node, Keys]]:
    """Yield every kind of section that stands in a tree, once, with a place where it stands."""
    value = value_at(tree, keys)
    if node.keys and isinstance(value, dict):
        yield node, keys
    below = list(value) if isinstance(value, dict) else range(len(value)) if isinstance(value, list) else []
    kinds = set()
    for key in below:
        found = node.below(key)
        if found is None or (not node.keys and (kind := tuple(_kind(value[key]))) in kinds):
            continue
        if not node.keys:
            kinds.add(kind)
        for choice in found.choices or [found]:
            if not choice.reference or choice.reference not in seen:
                yield from sections(choice, tree, (*keys, key), seen | ({choice.reference} - {""}))


def _kind(value: Any) -> list[str]:
    return sorted(value) if isinstance(value, dict) else [type(value).__name__]


def changes(node: Node, tree: dict[str, Any]) -> Iterator[Broken]:
    """Yield a tree in which one key of one section is removed, misspelt or wrong, for every key that a model knows."""
    for section, keys in sections(node, tree):
        for key, found in section.keys.items():
            for what in ("removed", "misspelt", *WRONG):
                changed = copy.deepcopy(tree)
                if _change(value_at(changed, keys), key, what):
                    yield Broken(what, (*keys, key), found, key in section.required, changed)


def _change(section: Any, key: str, what: str) -> bool:
    if what in WRONG:
        section[key] = copy.deepcopy(WRONG[what])
        return True
    if key not in section:
        return False
    kept = section.pop(key)
    if what == "misspelt":
        section[f"{key}q"] = kept
    return True


def shortened(tree: Any) -> Any:
    """Return a tree of which every list of sections has at most two items."""
    if isinstance(tree, dict):
        return {key: shortened(value) for key, value in tree.items()}
    if isinstance(tree, list):
        is_long = len(tree) > 2 and isinstance(tree[0], dict)
        return [shortened(item) for item in (tree[:2] if is_long else tree)]
    return tree
