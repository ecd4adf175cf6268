"""YAML as text: every scalar stays the text that was written, and a key given twice is a fault."""

from __future__ import annotations

from pathlib import Path
from typing import TypeAlias

import yaml

from cutbook.errors import Fault, ParameterError

Tree: TypeAlias = "str | list[Tree] | dict[str, Tree]"

_LONGEST_BYTES = 1_000_000


def read_yaml_text(file: Path, shown: str) -> Tree:
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
        Not a file, not UTF-8, not YAML, an alias or tag, or a key given twice.
    """
    try:
        text = file.read_bytes()[: _LONGEST_BYTES + 1].decode("utf-8")
    except FileNotFoundError:
        raise ParameterError(Fault(shown, "no such file", "a parameter file", "check the name")) from None
    except UnicodeDecodeError as error:
        raise ParameterError(
            Fault(shown, f"a byte that is not UTF-8 at {error.start}", "UTF-8", "save it as UTF-8")
        ) from None
    if len(text) > _LONGEST_BYTES:
        raise ParameterError(Fault(shown, "over 1 MB", "a parameter file", "check the name"))
    return _tree(_compose(text, shown), shown)


def _compose(text: str, shown: str) -> yaml.Node:
    try:
        node = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        row = mark.line + 1 if mark else None
        problem = getattr(error, "problem", None) or "unreadable YAML"
        raise ParameterError(Fault(shown, problem, "YAML", "mend that line", row=row)) from None
    if not isinstance(node, yaml.MappingNode):
        raise ParameterError(Fault(shown, "no keys", "a mapping of keys to values", "see the README"))
    return node


def _text(value: str, shown: str, row: int) -> str:
    try:
        value.encode("utf-8")
    except UnicodeEncodeError:
        fault = Fault(shown, "half of a surrogate pair", "text that UTF-8 can hold", "rewrite that character", row=row)
        raise ParameterError(fault) from None
    return value


def _tree(node: yaml.Node, shown: str) -> Tree:
    row = node.start_mark.line + 1
    if isinstance(node, yaml.ScalarNode):
        return _text(str(node.value), shown, row)
    if isinstance(node, yaml.SequenceNode):
        return [_tree(item, shown) for item in node.value]
    if not isinstance(node, yaml.MappingNode):
        raise ParameterError(Fault(shown, "an unknown YAML node", "plain YAML", "rewrite it", row=row))
    tree: dict[str, Tree] = {}
    for key, value in node.value:
        name = str(key.value)
        if name in tree:
            raise ParameterError(
                Fault(shown, "the key twice", "each key once", "remove one", name, key.start_mark.line + 1)
            )
        tree[name] = _tree(value, shown)
    return tree
