"""How messages name a place in a parameter file, and what they repeat of what was written there."""

from __future__ import annotations

from collections.abc import Iterable

from cutbook.parameters.yaml_text import Keys, value_at

_NAMING = ("id", "code", "paramcd", "variable", "label", "testcd", "dataset")
"""Keys of which the first one written names an item of a list."""

_LONGEST = 40
_MOST_NAMED = 3
_OTHERS = {bool: "a truth value", int: "a whole number", float: "a number", type(None): "nothing"}


def place(keys: Keys, tree: object) -> str:
    """Return how messages name the place to which keys and positions lead; items of lists by what names them.

    Examples
    --------
    >>> place(("arms", 0, "dose"), {"arms": [{"code": "PBO"}]}), place(("visits", 2), {})
    ('arms[0] (PBO).dose', 'visits[2]')
    """
    text = ""
    for depth, key in enumerate(keys, start=1):
        if isinstance(key, int):
            name = _name_of(value_at(tree, keys[:depth]))
            text += f"[{key}] ({name})" if name else f"[{key}]"
        else:
            text += f"{'.' * bool(text)}{_shortened(key)}"
    return text


def _name_of(item: object) -> str:
    if not isinstance(item, dict):
        return ""
    return next((_shortened(value) for key in _NAMING if isinstance(value := item.get(key), str) and value), "")


def _shortened(text: str) -> str:
    short = text[:_LONGEST] + "…" * (len(text) > _LONGEST)
    return "".join(mark if mark.isprintable() else ascii(mark)[1:-1] for mark in short)


def described(value: object, *, is_repeated: bool = True) -> str:
    """Return what was found at a place: a text as written but short, a list or a section by its size.

    Parameters
    ----------
    value : object
        What stands there.
    is_repeated : bool
        Whether the message may hold what was written.

    Examples
    --------
    >>> described("12"), described(["a", "b"]), described({"a": 1, "b": 2}), described(False)
    ("'12'", 'a list of 2', 'a mapping with keys a and b', 'False (a truth value)')
    >>> described("secret", is_repeated=False)
    'a text that is not repeated here'
    """
    if isinstance(value, (list, tuple)):
        return f"a list of {len(value)}"
    if isinstance(value, dict):
        return f"a mapping with keys {_first_few(value)}" if is_repeated and value else "a mapping"
    if isinstance(value, str) and not value:
        return "an empty text"
    if not is_repeated:
        return "a text that is not repeated here"
    if isinstance(value, str):
        return f"'{_shortened(value)}'"
    return f"{_shortened(repr(value))} ({_OTHERS.get(type(value), 'another value')})"


def _first_few(keys: Iterable[object]) -> str:
    words = [_shortened(str(key)) for key in keys]
    if len(words) > _MOST_NAMED:
        return f"{', '.join(words[:_MOST_NAMED])} and {len(words) - _MOST_NAMED} more"
    return " and ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words)
