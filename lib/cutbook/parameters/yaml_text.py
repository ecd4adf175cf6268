"""YAML as text: every scalar stays the text that was written, with its line; a key given twice is a fault."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeAlias

import yaml

from cutbook.errors import Fault, ParameterError
from cutbook.parameters.marks import ASK, GUESS, marked_rows

Tree: TypeAlias = "str | list[Tree] | dict[str, Tree]"
Keys: TypeAlias = "tuple[str | int, ...]"
"""Where a value stands in a tree: the keys and positions that lead to it, none for the whole."""

_LONGEST_BYTES = 1_000_000
_MOST_NODES = 50_000
_DEEPEST = 50
_CONFLICT = re.compile(r"^(<{7}|>{7})(?= )", re.MULTILINE)


@dataclass(frozen=True)
class Document:
    """A parameter file as read: its tree, and the lines in which its keys and values stand.

    Parameters
    ----------
    shown : str
        How messages name the file.
    tree : dict
        The content, all scalars as text.
    key_rows : dict
        Line of each key, and of each item of a list, by where it stands, in the order of the file; 1 for its first.
    value_rows : dict
        Line in which each value begins, by where it stands.
    guesses : int
        Lines marked as a guess that nobody confirmed.
    """

    shown: str
    tree: dict[str, Any]
    key_rows: dict[Keys, int] = field(default_factory=dict)
    value_rows: dict[Keys, int] = field(default_factory=dict)
    guesses: int = 0

    def row(self, keys: Keys) -> int:
        """Return the line to look at: of a text itself, of the key of a section, else of the section around it."""
        while keys and keys not in self.value_rows:
            keys = keys[:-1]
        is_section = isinstance(value_at(self.tree, keys), (dict, list))
        return (self.key_rows if is_section else self.value_rows).get(keys, 1)

    def key_row(self, keys: Keys) -> int:
        """Return the line of a key or of an item of a list, else of the section around it."""
        while keys and keys not in self.key_rows:
            keys = keys[:-1]
        return self.key_rows.get(keys, 1)


def value_at(tree: object, keys: Keys, default: object = None) -> object:
    """Return the value to which keys and positions lead in a tree, the default where they lead nowhere.

    Examples
    --------
    >>> value_at({"arms": [{"code": "PBO"}]}, ("arms", 0, "code")), value_at({}, ("arms",), "-")
    ('PBO', '-')
    """
    for key in keys:
        is_item = isinstance(tree, (list, tuple)) and isinstance(key, int) and key < len(tree)
        if not is_item and not (isinstance(tree, dict) and key in tree):
            return default
        tree = tree[key]  # type: ignore[index]  # it holds the key
    return tree


def read_document(file: Path, shown: str) -> Document:
    """Return the content of a YAML file with all scalars as text (``NO``, ``007`` and ``12:30`` stay as written).

    Parameters
    ----------
    file : Path
        The file.
    shown : str
        How messages name it.

    Raises
    ------
    ParameterError
        Not a file, not UTF-8, not YAML, a key that is no text or is given twice, nested without end, or a question that
        nobody answered.
    """
    try:
        text = file.read_bytes()[: _LONGEST_BYTES + 1].decode("utf-8")
    except FileNotFoundError:
        raise ParameterError(Fault(shown, "no such file", "a parameter file", "check the name")) from None
    except OSError as error:
        found = (error.strerror or "a file that cannot be read").lower()
        raise ParameterError(Fault(shown, found, "a parameter file", "check the name and its rights")) from None
    except UnicodeDecodeError as error:
        raise ParameterError(
            Fault(shown, f"a byte that is not UTF-8 at {error.start}", "UTF-8", "save it as UTF-8")
        ) from None
    if len(text) > _LONGEST_BYTES:
        raise ParameterError(Fault(shown, "over 1 MB", "a parameter file", "check the name"))
    reader = _Reader(shown)
    _refuse_conflict(text, shown)
    tree = reader.read(_compose(text, shown), ())
    _refuse_questions(text, shown)
    guesses = len(marked_rows(text, GUESS))
    return Document(shown, tree if isinstance(tree, dict) else {}, reader.key_rows, reader.value_rows, guesses)


def _refuse_questions(text: str, shown: str) -> None:
    faults = [
        Fault(shown, f"the open question {asked!r}", "an answer", f"mend the line and remove the mark {ASK}", row=row)
        for row, asked in marked_rows(text, ASK).items()
    ]
    if faults:
        raise ParameterError(faults)


def _refuse_conflict(text: str, shown: str) -> None:
    mark = _CONFLICT.search(text)
    if mark:
        found = f"the mark {mark[0]!r} of two versions that were not merged"
        row = text.count("\n", 0, mark.start()) + 1
        raise ParameterError(Fault(shown, found, "one version", "decide which lines stay", row=row))


def _compose(text: str, shown: str) -> yaml.Node:
    try:
        node = yaml.compose(text, Loader=yaml.SafeLoader)
    except RecursionError:
        raise ParameterError(_endless(shown, 1)) from None
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        row = mark.line + 1 if mark else None
        problem = getattr(error, "problem", None) or "unreadable YAML"
        raise ParameterError(Fault(shown, problem, "YAML", "mend that line", row=row)) from None
    if not isinstance(node, yaml.MappingNode):
        remedy = "write keys as docs/study.md shows"
        raise ParameterError(Fault(shown, "no keys", "a mapping of keys to values", remedy, row=1))
    return node


def _endless(shown: str, row: int) -> Fault:
    return Fault(shown, "sections nested or repeated without end", "plain YAML", "write it out", row=row)


def _text(value: str, shown: str, row: int) -> str:
    try:
        value.encode("utf-8")
    except UnicodeEncodeError:
        fault = Fault(shown, "half of a surrogate pair", "text that UTF-8 can hold", "rewrite that character", row=row)
        raise ParameterError(fault) from None
    return value


class _Reader:
    """Turns the nodes of one file into a tree and keeps the lines of its keys and values."""

    def __init__(self, shown: str) -> None:
        self.shown = shown
        self.key_rows: dict[Keys, int] = {}
        self.value_rows: dict[Keys, int] = {}

    def read(self, node: yaml.Node, keys: Keys) -> Tree:
        """Return the tree of a node that stands at these keys."""
        row = node.start_mark.line + 1
        if len(keys) > _DEEPEST or len(self.value_rows) > _MOST_NODES:
            raise ParameterError(_endless(self.shown, row))
        self.value_rows[keys] = row
        if isinstance(node, yaml.ScalarNode):
            return _text(str(node.value), self.shown, row)
        if isinstance(node, yaml.SequenceNode):
            return self._list(node, keys)
        if isinstance(node, yaml.MappingNode):
            return self._mapping(node, keys)
        raise ParameterError(Fault(self.shown, "an unknown YAML node", "plain YAML", "rewrite it", row=row))

    def _list(self, node: yaml.SequenceNode, keys: Keys) -> list[Tree]:
        items: list[Tree] = []
        for position, item in enumerate(node.value):
            self.key_rows[*keys, position] = item.start_mark.line + 1
            items.append(self.read(item, (*keys, position)))
        return items

    def _mapping(self, node: yaml.MappingNode, keys: Keys) -> dict[str, Tree]:
        tree: dict[str, Tree] = {}
        for key, value in node.value:
            row = key.start_mark.line + 1
            if not isinstance(key, yaml.ScalarNode):
                raise ParameterError(Fault(self.shown, "a key that is no text", "a text", "rewrite the key", row=row))
            name = _text(str(key.value), self.shown, row)
            if name in tree:
                raise ParameterError(Fault(self.shown, "the key twice", "each key once", "remove one", name, row))
            self.key_rows[*keys, name] = row
            tree[name] = self.read(value, (*keys, name))
        return tree
