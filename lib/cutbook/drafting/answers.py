"""Answers of a person, from a file: by the key of each question, flat or as sections."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from pathlib import Path

import yaml

from cutbook.drafting.decision import Draft, Value
from cutbook.parameters.yaml_text import read_document

_NOTHING = ("null", "~")
_TRUTHS = {"true": True, "false": False}


def read_answers(file: Path, draft: Draft) -> dict[str, Value | None]:
    """Return the answers in a YAML file, each in the type of what it answers; None: the key is left out.

    A key is that of a decision, as ``init.md`` lists them, written flat or as sections of sections.

    Raises
    ------
    ParameterError
        It cannot be read.
    """
    found = dict(_flat(read_document(file, file.name).tree, "", {one.key for one in draft.decisions}))
    return {key: typed(value, draft, key) for key, value in found.items()}


def read_text(text: str) -> object:
    """Return what a person typed, read as YAML with all scalars as text; what is no YAML as it is.

    Examples
    --------
    >>> read_text("[A, B]"), read_text("28 days"), read_text("a: b: c")
    (['A', 'B'], '28 days', 'a: b: c')
    """
    try:
        return yaml.load(text, Loader=yaml.BaseLoader)  # noqa: S506 - texts, lists and sections alone
    except yaml.YAMLError:
        return text


def typed(value: object, draft: Draft, key: str) -> Value | None:
    """Return an answer, read as text, in the type of the guess that it replaces."""
    decision = draft.find(key)
    guess = decision.value if decision else None
    if not isinstance(value, str):
        return value  # type: ignore[return-value]  # a list or section of texts
    if isinstance(guess, bool) and value.lower() in _TRUTHS:
        return _TRUTHS[value.lower()]
    if value in _NOTHING or (not value and not isinstance(guess, str)):
        return None
    if isinstance(guess, list | tuple):
        return [value]
    is_number = (isinstance(guess, int | float) and not isinstance(guess, bool)) or key.endswith(".dose")
    return _number(value) if is_number else value


def _number(text: str) -> Value:
    try:
        number = float(text)
    except ValueError:
        return text
    return int(number) if number.is_integer() else number


def _flat(tree: Mapping[str, object], before: str, known: Collection[str]) -> Iterator[tuple[str, object]]:
    for name, value in tree.items():
        key = f"{before}{name}"
        if key not in known and isinstance(value, Mapping):
            yield from _flat(value, f"{key}.", known)
        else:
            yield key, value
