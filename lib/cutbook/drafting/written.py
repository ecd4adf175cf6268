"""A draft as the text of a study file: YAML with the evidence beside each value, and the marks of open questions."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from cutbook.drafting.decision import LISTS, Decision, Draft, Value
from cutbook.drafting.evidence import amount
from cutbook.parameters.marks import ASK, GUESS

CUT = "cut."
"""Begins the keys of decisions about the cut file."""

_PLAIN = re.compile(r"[A-Za-z_][A-Za-z0-9_]*|\d+(\.\d+)?")
_KEY = re.compile(r"[A-Za-z_][A-Za-z0-9_.]*")
_WORDS = frozenset({"y", "n", "yes", "no", "on", "off", "true", "false", "null"})
"""Words that other readers of YAML take for something else than text; as written by themselves they are quoted."""

_LAST_OF_FOUR = 0xFFFF
_WIDEST = 110
_LONGEST_NOTE = 160
_STEP = "  "
_HEAD = "# yaml-language-server: $schema={schema}\n"
_FROM = "# Drafted from the transfer {transfer}; init.md names every decision.\n"


@dataclass
class _Node:
    """A place in the file: its own decision, and the places below it, in the order in which they were decided."""

    decision: Decision | None = None
    below: dict[str, _Node] = field(default_factory=dict)


def study_text(draft: Draft, transfer: str, schema: str, *, is_accepted: bool) -> str:
    """Return the text of the study file.

    Parameters
    ----------
    draft : Draft
        Its decisions.
    transfer, schema : str
        Name of the transfer; path of the JSON Schema of a study file, as an editor finds it.
    is_accepted : bool
        Whether guesses stand as accepted (marked GUESS, which pages count) rather than as questions (marked ASK, which
        every command refuses). What nobody can guess stays a question.
    """
    lines = list(_section(_tree(draft), "", 0, _Marks(draft, is_accepted)))
    return _HEAD.format(schema=schema) + _FROM.format(transfer=transfer) + "\n".join(lines) + "\n"


def cut_text(draft: Draft, schema: str, *, is_accepted: bool) -> str:
    """Return the text of the cut file, as :func:`study_text`; an accepted guess has its evidence alone behind it.

    Every page shows the cut-off date and the purpose, so that nobody has to be told that they were taken unasked.
    """
    marks = _Marks(draft, is_accepted)
    lines = [f"# yaml-language-server: $schema={schema}"]
    for one in draft.decisions:
        if one.key.startswith(CUT) and one.value is not None:
            lines += _line(f"{one.key.removeprefix(CUT)}: ", one.value, [one], marks)
    return "\n".join(lines) + "\n"


def answer_text(decision: Decision) -> str:
    """Return a decision as a line of a file of answers; a key that is left out has ``null``.

    Examples
    --------
    >>> answer_text(Decision("treatment.arms.D 5.dose", 5.0, "", ""))
    '"treatment.arms.D 5.dose": 5'
    """
    return f"{_key(decision.key)}: {'null' if decision.value is None else _flow(decision.value)}"


def _key(key: str) -> str:
    return key if _KEY.fullmatch(key) else _quoted(key)


def plain_tree(draft: Draft) -> dict[str, object]:
    """Return the draft as a study file is read: keys to values, all scalars as text, without what is left out."""
    found = _plain(_tree(draft), "")
    return found if isinstance(found, dict) else {}


@dataclass(frozen=True)
class _Marks:
    draft: Draft
    is_accepted: bool

    def comment(self, decisions: Sequence[Decision]) -> str:
        """Return what stands behind a line that holds these decisions; empty: nothing."""
        asked = [one for one in decisions if one.question and one.key not in self.draft.answered]
        notes = "; ".join(dict.fromkeys(one.evidence for one in decisions if one.evidence))
        said = " / ".join(_asked(one) for one in asked)
        is_told = self.is_accepted and all(one.key.startswith(CUT) and one.value is not None for one in asked)
        if not asked or is_told:
            return _one_line(notes)
        is_guess = self.is_accepted and all(one.confidence != "unknown" for one in asked)
        return f"{GUESS if is_guess else ASK}: {_one_line(said, _LONGEST_NOTE * 4)}"


def _asked(decision: Decision) -> str:
    known = f" ({decision.evidence})" if decision.evidence and decision.evidence not in decision.question else ""
    return f"{decision.question}{known}"


def _one_line(text: str, longest: int = _LONGEST_NOTE) -> str:
    line = " ".join("".join(mark if mark.isprintable() else " " for mark in text).split())
    return line if len(line) <= longest else f"{line[: longest - 1]}…"


def _tree(draft: Draft) -> _Node:
    root = _Node()
    for one in (one for one in draft.decisions if not one.key.startswith(CUT)):
        node = root
        for name in _parts(one.key):
            node = node.below.setdefault(name, _Node())
        node.decision = one
    return root


def _parts(key: str) -> list[str]:
    """Return the parts of a key; the name of an item of a list may hold points itself.

    Examples
    --------
    >>> _parts("treatment.arms.D 2.5.dose"), _parts("data_cut.included")
    (['treatment', 'arms', 'D 2.5', 'dose'], ['data_cut', 'included'])
    """
    for name in LISTS:
        if key.startswith(f"{name}."):
            rest = key[len(name) + 1 :]
            item, mark, last = rest.rpartition(".")
            known = mark and last in ("dose", "unit")
            within = rest.partition(".where.")
            if within[1]:
                return [*name.split("."), within[0], "where", within[2]]
            return [*name.split("."), item, last] if known else [*name.split("."), rest]
    return key.split(".")


def _value(node: _Node) -> Value | None:
    """Return what stands at a place: its own value with what was decided below it."""
    own = node.decision.value if node.decision else None
    if not node.below:
        return own
    below = {name: value for name, child in node.below.items() if (value := _value(child)) is not None}
    merged: dict[str, Value] = dict(own) if isinstance(own, Mapping) else {}
    for name, value in below.items():
        before = merged.get(name)
        merged[name] = {**before, **value} if isinstance(before, Mapping) and isinstance(value, Mapping) else value
    return merged


def _all(node: _Node) -> list[Decision]:
    own = [node.decision] if node.decision else []
    return own + [one for child in node.below.values() for one in _all(child)]


def _section(node: _Node, key: str, depth: int, marks: _Marks) -> Iterator[str]:
    """Yield the lines of a section: a line a value, sections indented below their keys."""
    indent = _STEP * depth
    for name, child in node.below.items():
        path = f"{key}.{name}".lstrip(".")
        value = _value(child)
        if value is None or value == {}:
            yield from _left_out(child, indent, marks)
        elif path in LISTS:
            yield from ("",) if depth == 0 else ()
            yield f"{indent}{_text(name)}:"
            for item in child.below.values():
                yield from _line(f"{indent}{_STEP}- ", _value(item), _all(item), marks)
        elif child.below:
            yield from ("",) if depth == 0 else ()
            yield f"{indent}{_text(name)}:"
            yield from _section(child, path, depth + 1, marks)
        else:
            yield from _line(f"{indent}{_text(name)}: ", value, _all(child), marks)


def _left_out(node: _Node, indent: str, marks: _Marks) -> Iterator[str]:
    """Yield what is asked about a key that is left out."""
    for one in _all(node):
        comment = marks.comment([one]) if one.question else ""
        if comment:
            yield f"{indent}# {comment}"


def _line(head: str, value: Value | None, decisions: list[Decision], marks: _Marks) -> Iterator[str]:
    comment = marks.comment(decisions)
    note = f"  # {comment}" if comment else ""
    flow = _flow(value)
    if len(head) + len(flow) <= _WIDEST or not isinstance(value, Mapping):
        yield f"{head}{flow}{note}"
        return
    is_item = head.endswith("- ")
    indent = " " * len(head) if is_item else " " * (len(head) - len(head.lstrip())) + _STEP
    if is_item and note:
        yield f"{head[:-2]}{note.lstrip()}"
        note = ""
    elif not is_item:
        yield f"{head.rstrip()}{note}"
    for number, (name, item) in enumerate(value.items()):
        start = head if is_item and number == 0 else indent
        yield f"{start}{_text(name)}: {_flow(item)}"


def _flow(value: object) -> str:
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{_text(str(name))}: {_flow(item)}" for name, item in value.items()) + "}"
    if isinstance(value, str):
        return _text(value)
    if isinstance(value, Sequence):
        return "[" + ", ".join(_flow(item) for item in value) + "]"
    if isinstance(value, bool):
        return "true" if value else "false"
    return amount(value) if isinstance(value, float) else str(value)


def _text(value: str) -> str:
    is_plain = _PLAIN.fullmatch(value) and value.lower() not in _WORDS
    return value if is_plain else _quoted(value)


def _quoted(value: str) -> str:
    r"""Return a text in quotes, what does not print written by its number.

    Examples
    --------
    >>> print(_quoted('a "b" µ'), _quoted("a\x85b"))
    "a \"b\" µ" "a\u0085b"
    """
    quoted = json.dumps(value, ensure_ascii=False)
    return "".join(mark if mark.isprintable() else _by_number(ord(mark)) for mark in quoted)


def _by_number(code: int) -> str:
    return f"\\u{code:04x}" if code <= _LAST_OF_FOUR else f"\\U{code:08x}"


def _plain(node: _Node, key: str) -> object:
    if key in LISTS:
        return [_as_text(_value(item)) for item in node.below.values()]
    if node.below and not (node.decision and node.decision.value is not None):
        below = {name: _plain(child, f"{key}.{name}".lstrip(".")) for name, child in node.below.items()}
        return {name: value for name, value in below.items() if value not in (None, {}, [])}
    return _as_text(_value(node))


def _as_text(value: object) -> object:
    if isinstance(value, Mapping):
        return {name: _as_text(item) for name, item in value.items()}
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, Sequence):
        return [_as_text(item) for item in value]
    return _flow(value)
