"""What a place in a JSON Schema may hold, in words for messages and for pages."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from cutbook.parameters.base import WORDS
from cutbook.parameters.schema.generator import Schema
from cutbook.parameters.schema.nodes import Node

_MOST_CHOICES = 60


def either(texts: Sequence[str]) -> str:
    """Return texts as alternatives.

    Examples
    --------
    >>> either(["a", "b", "c"]), either(["a", "a"]), either(["a", "b, each c"])
    ('a, b or c', 'a', 'a, or b, each c')
    """
    once = list(dict.fromkeys(texts))
    if any(", " in text for text in once):
        return ", or ".join(once)
    return " or ".join([", ".join(once[:-1]), once[-1]] if len(once) > 1 else once)


def expected(node: Node) -> str:
    """Return in words what may stand at a place.

    Examples
    --------
    >>> whole = {"type": "integer", "minimum": 0, "maximum": 6}
    >>> expected(Node.of(whole)), expected(Node.of({"type": "array", "items": whole, "minItems": 1}))
    ('a whole number from 0 to 6', 'a list of at least 1 item, each a whole number from 0 to 6')
    >>> expected(Node.of({"enum": ["zero", "missing"], "type": "string"})), expected(Node.of({"const": "day"}))
    ('zero or missing', 'day')
    """
    body = node.body
    if words := node.schema.get(WORDS) or body.get(WORDS):
        return str(words)
    if node.choices:
        return either([expected(choice) for choice in node.choices])
    values = body.get("enum", [body["const"]] if "const" in body else [])
    if values:
        return either([_written(value) for value in values[:_MOST_CHOICES]])
    say = _KINDS.get(str(body.get("type")))
    return say(node) if say else "a value"


def short(node: Node) -> str:
    """Return what may stand at a place without how it is written, for places inside others.

    Examples
    --------
    >>> short(Node.of({"type": "string", WORDS: "the name of a dataset: 2 to 32 small letters"}))
    'the name of a dataset'
    """
    words = node.schema.get(WORDS) or node.body.get(WORDS)
    return str(words).split(":")[0] if words else expected(node)


def _written(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return "null" if value is None else str(value) or "an empty text"


def _number(kind: str) -> Callable[[Node], str]:
    return lambda node: f"{kind}{_range(node.body)}"


def _range(body: Schema) -> str:
    low, high = body.get("minimum"), body.get("maximum")
    above, below = body.get("exclusiveMinimum"), body.get("exclusiveMaximum")
    if low is not None and high is not None:
        return f" from {_plain(low)} to {_plain(high)}"
    limits = [("of at least", low), ("above", above), ("of at most", high), ("below", below)]
    said = [f"{word} {_plain(limit)}" for word, limit in limits if limit is not None]
    return f" {' and '.join(said)}" if said else ""


def _plain(number: float) -> str:
    return str(int(number)) if number == int(number) else str(number)


def _text(node: Node) -> str:
    low, high = node.body.get("minLength", 0), node.body.get("maxLength")
    if pattern := node.body.get("pattern"):
        return f"a text of the form {pattern}"
    if high:
        return f"a text of {low} to {high} characters" if low else f"a text of at most {high} characters"
    return "a text that is not empty" if low else "a text"


def _list(node: Node) -> str:
    low, high = node.body.get("minItems"), node.body.get("maxItems")
    size = f" of {low} items" if low and low == high else _size(low, high, "item")
    item = node.below(0)
    return f"a list{size}, each {short(item)}" if item else f"a list{size}"


def _size(low: int | None, high: int | None, what: str) -> str:
    said = [
        f"{word} {limit} {what}{'s' * (limit != 1)}" for word, limit in (("at least", low), ("at most", high)) if limit
    ]
    return f" of {' and '.join(said)}" if said else ""


def _mapping(node: Node) -> str:
    if node.keys:
        return f"a section with the key{'s' * (len(node.keys) > 1)} {', '.join(node.keys)}"
    size = _size(node.body.get("minProperties"), node.body.get("maxProperties"), "key")
    values = node.below("")
    name = f"each key {short(node.names)}" if "propertyNames" in node.body else ""
    said = [*([name] if name else []), *([f"each value {short(values)}"] if values else [])]
    return f"a mapping{size}{': ' if said else ''}{'; '.join(said)}".replace("; each", ", each")


_KINDS: dict[str, Callable[[Node], str]] = {
    "integer": _number("a whole number"),
    "number": _number("a number"),
    "boolean": lambda _: "true or false",
    "string": _text,
    "array": _list,
    "object": _mapping,
    "null": lambda _: "null",
}
