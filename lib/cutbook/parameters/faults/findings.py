"""What a validator found, brought back to places in the file: one finding a place, whatever a place may choose."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal, get_args

from pydantic import ValidationError
from pydantic_core.core_schema import ErrorType

from cutbook.parameters.base import PlacedError
from cutbook.parameters.schema.nodes import Node
from cutbook.parameters.schema.words import either, expected
from cutbook.parameters.yaml_text import Keys, value_at

_KEY = "[key]"
_AUTHORED = {"value_error", "assertion_error"}
_KNOWN = set(get_args(ErrorType)) - _AUTHORED
_NO_PLACE = object()


@dataclass(frozen=True)
class Finding:
    """One thing that is wrong at one place.

    Parameters
    ----------
    kind : str
        ``missing`` key, ``unknown`` key, ``key`` whose name is wrong, ``value``, or ``rule`` that a section breaks.
    keys : tuple
        Where: of a missing or unknown key, the place of that key.
    value : object
        What stands there; of a missing key, what its section holds.
    node : Node
        What may stand there; of an unknown key, what may stand in its section.
    expected : str
        What was expected, in words.
    """

    kind: Literal["missing", "unknown", "key", "value", "rule"]
    keys: Keys
    value: object
    node: Node
    expected: str


@dataclass(frozen=True)
class _Problem:
    """One error of the validator, with the part of its location that is not yet followed."""

    rest: Keys
    kind: str
    authored: str
    value: object
    at: Keys = ()


def findings(error: ValidationError, node: Node, tree: object) -> list[Finding]:
    """Return everything that a validator found, one finding a place.

    Parameters
    ----------
    error : ValidationError
        What it found.
    node : Node
        Root of the schema of what was validated.
    tree : object
        What was validated.
    """
    problems = [_problem(item) for item in error.errors(include_url=False)]
    found = _find(problems, _Place(node, tree, ()))
    return list(
        {(item.kind, item.keys, "" if item.kind == "value" else item.expected): item for item in found}.values()
    )


@dataclass(frozen=True)
class _Place:
    node: Node
    tree: object
    keys: Keys

    def value(self, otherwise: object) -> object:
        """Return what the file says here, or what the validator saw where a model reshapes the file."""
        found = value_at(self.tree, self.keys, _NO_PLACE)
        return otherwise if found is _NO_PLACE else found

    def below(self, key: str | int) -> _Place:
        return replace(self, node=self.node.below(key) or Node({}, self.node.whole), keys=(*self.keys, key))


def _problem(item: Mapping[str, Any]) -> _Problem:
    cause = item.get("ctx", {}).get("error")
    message = str(cause) if isinstance(cause, Exception) else str(item["msg"])
    authored = "" if item["type"] in _KNOWN else message
    at = cause.keys if isinstance(cause, PlacedError) else ()
    return _Problem(tuple(item["loc"]), item["type"], authored, item.get("input"), at)


def _find(problems: list[_Problem], at: _Place) -> Iterator[Finding]:
    yield from (_here(problem, at) for problem in problems if not problem.rest)
    deeper = [problem for problem in problems if problem.rest]
    labels = {problem.rest[0]: _chosen(problem.rest[0], deeper, at) for problem in deeper}
    if any(labels.values()):
        yield from _choose(deeper, labels, at)
        return
    for first in labels:
        below = [replace(problem, rest=problem.rest[1:]) for problem in deeper if problem.rest[0] == first]
        yield from _follow(first, below, at)


def _chosen(label: str | int, problems: list[_Problem], at: _Place) -> Node | None:
    """Return the choice that the validator calls by a label; None when it is no label but a key or a position.

    The choice of a label that says nothing is the one that knows most of what stands there; without any, an empty one.
    """
    found = at.node.chosen(label)
    value = at.value(None)
    is_label = at.node.choices and at.node.below(label) is None and value_at(value, (label,), _NO_PLACE) is _NO_PLACE
    if found or not is_label:
        return found
    below = [problem.rest[1] for problem in problems if problem.rest[0] == label and len(problem.rest) > 1]
    alike = [choice for choice in at.node.choices if choice.shape == _shape(value)] if below else []
    nothing = Node({}, at.node.whole)
    return max(alike, key=lambda choice: sum(choice.below(key) is not None for key in below), default=nothing)


def _here(problem: _Problem, at: _Place) -> Finding:
    if at.node.tag and problem.kind.startswith("union_tag"):
        return _tag(problem, at)
    for key in problem.at:
        at = at.below(key)
    value = at.value(problem.value)
    is_rule = bool(problem.authored) and isinstance(value, (dict, list)) and not problem.at
    return Finding("rule" if is_rule else "value", at.keys, value, at.node, problem.authored or expected(at.node))


def _tag(problem: _Problem, at: _Place) -> Finding:
    """Return what is wrong with the key that says which of several sections is meant."""
    tag = at.below(at.node.tag)
    node = Node({"enum": at.node.tags, "type": "string"}, at.node.whole)
    value = at.value(problem.value)
    if isinstance(value, dict) and at.node.tag in value:
        return Finding("value", tag.keys, value[at.node.tag], node, expected(node))
    return Finding("missing", tag.keys, value, node, expected(node))


def _follow(first: str | int, problems: list[_Problem], at: _Place) -> Iterator[Finding]:
    """Return the findings below one key or position, and those about the key itself."""
    below = at.below(first)
    for problem in problems:
        if problem.rest == (_KEY,):
            yield Finding("key", below.keys, first, at.node.names, problem.authored or expected(at.node.names))
        elif not problem.rest and problem.kind == "missing":
            yield Finding("missing", below.keys, at.value(problem.value), below.node, expected(below.node))
        elif not problem.rest and problem.kind == "extra_forbidden":
            yield Finding("unknown", below.keys, below.value(problem.value), at.node, expected(at.node))
    told = ("missing", "extra_forbidden")
    others = [item for item in problems if item.rest != (_KEY,) and (item.rest or item.kind not in told)]
    yield from _find(others, below)


def _choose(problems: list[_Problem], labels: Mapping[str | int, Node | None], at: _Place) -> Iterator[Finding]:
    """Return what is wrong with a value that fits none of several choices, in terms of the one that was meant."""
    groups = {
        label: [replace(problem, rest=problem.rest[1:]) for problem in problems if problem.rest[0] == label]
        for label in labels
    }
    value = at.value(problems[0].value)
    label = _meant(groups, labels, _shape(value))
    if label is not None and (node := labels[label]) is not None:
        yield from _find(groups[label], replace(at, node=node))
        return
    said = [_said(group, labels[label]) for label, group in groups.items()]
    yield Finding("value", at.keys, value, at.node, either(said) if all(said) else expected(at.node))


def _said(group: list[_Problem], node: Node | None) -> str:
    authored = [problem.authored for problem in group if problem.authored and not problem.rest]
    return authored[0] if authored else expected(node) if node and node.schema else ""


def _meant(
    groups: Mapping[str | int, list[_Problem]], labels: Mapping[str | int, Node | None], shape: str
) -> str | int | None:
    """Return the label of the choice that a list or mapping was meant to be; None where that is open."""
    alike = [label for label, node in labels.items() if node and node.shape == shape]
    if shape == "text":
        return alike[0] if alike and len(labels) == 1 else None
    ranked = sorted(alike, key=lambda label: _distance(groups[label]))
    if len(ranked) > 1 and _distance(groups[ranked[0]]) == _distance(groups[ranked[1]]):
        return None
    return ranked[0] if ranked else None


def _distance(group: list[_Problem]) -> tuple[int, int]:
    """Return how far a mapping is from a choice: by its kind and unknown keys, then by everything."""
    return sum(problem.kind in ("literal_error", "extra_forbidden") for problem in group), len(group)


def _shape(value: object) -> str:
    return "mapping" if isinstance(value, dict) else "list" if isinstance(value, (list, tuple)) else "text"
