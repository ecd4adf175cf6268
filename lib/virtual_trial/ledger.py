"""What was planted and what must change from cut to cut, in machine-readable form."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

import yaml

from .histories import History
from .record import Record, Value

PLANTED, EXPECTED = "planted.json", "expected_changes.json"
AT_MOST = 12
"""Records named per item; an item that concerns more of them says how many."""
KEY_VARIABLES = {
    "suppdm": ("QNAM",),
    "suppae": ("IDVARVAL", "QNAM"),
    "sv": ("VISITNUM",),
    "relrec": ("RDOMAIN", "IDVARVAL", "RELID"),
}
"""What tells the records of a participant apart where they have no sequence number."""


@dataclass(frozen=True, slots=True)
class Note:
    """One planted value: the item, the record and the variable that shows it."""

    item: str
    record: Record
    variable: str


@cache
def items() -> dict[str, str]:
    """Sentence of every planted item, by its name."""
    loaded: dict[str, str] = yaml.safe_load(Path(__file__).with_name("planted.yaml").read_text("utf-8"))
    return loaded


def record_key(dataset: str, row: Mapping[str, Value]) -> str:
    """Key of a record: dataset, participant, and what tells the participant's records apart.

    Examples
    --------
    >>> record_key("ae", {"USUBJID": "233AS101-101001", "AESEQ": 3.0})
    'ae/233AS101-101001/3'
    """
    return record_keys(dataset, [row])[0]


def record_keys(dataset: str, rows: Sequence[Mapping[str, Value]]) -> list[str]:
    """Keys of records of one participant."""
    if not rows:
        return []
    start, sequence = f"{dataset}/{rows[0]['USUBJID']}", f"{dataset.upper()}SEQ"
    if sequence in rows[0]:
        return [f"{start}/{int(row[sequence])}" for row in rows]
    names = KEY_VARIABLES.get(dataset, ())
    return ["/".join([start, *(_text(row[name]) for name in names)]) for row in rows]


def _text(value: Value) -> str:
    return f"{value:g}" if isinstance(value, float) else value


class Ledger:
    """Collects notes and differences while the transfers are written.

    Parameters
    ----------
    cuts : sequence of dict
        The cuts in order, each with id and extracted.
    """

    def __init__(self, cuts: Sequence[dict[str, str]]) -> None:
        self._days = {cut["id"]: date.fromisoformat(cut["extracted"]).toordinal() for cut in cuts}
        self._notes: dict[str, list[dict[str, object]]] = {}
        self._counts: dict[str, int] = {}
        self._changes: list[dict[str, list[str]]] = [{"new": [], "changed": [], "removed": []} for _ in cuts[1:]]

    def note(self, notes: Iterable[Note]) -> None:
        """Remember what was planted in one participant's records."""
        for note in notes:
            self._counts[note.item] = self._counts.get(note.item, 0) + 1
            if self._counts[note.item] <= AT_MOST:
                shown = {cut: row.get(note.variable, "") for cut, row in self._states(note.record).items()}
                key = record_key(note.record.domain, note.record.values)
                entry: dict[str, object] = {"key": key, "variable": note.variable, "shown": shown}
                self._notes.setdefault(note.item, []).append(entry)

    def _states(self, record: Record) -> dict[str, dict[str, Value]]:
        states = {cut: record.known(day) for cut, day in self._days.items()}
        return {cut: state for cut, state in states.items() if state is not None}

    def compare(self, histories: Mapping[str, History]) -> None:
        """Remember how the records of one participant differ from each cut to the next."""
        cuts = len(self._changes) + 1
        for dataset, history in histories.items():
            keys = record_keys(dataset, history.rows)
            for number, (key, start, stop) in enumerate(zip(keys, history.starts, history.stops, strict=True)):
                if start:
                    self._changes[start - 1]["changed" if number in history.changed else "new"].append(key)
                if stop < cuts and number not in history.kept:
                    self._changes[stop - 1]["removed"].append(key)

    def sort(self) -> None:
        """Sort what :meth:`compare` remembered, so that joining sorted ledgers is little work."""
        for step in self._changes:
            for keys in step.values():
                keys.sort()

    def join(self, other: Ledger) -> None:
        """Add what another ledger of the same cuts collected from later participants."""
        for item, entries in other._notes.items():
            mine = self._notes.setdefault(item, [])
            mine += entries[: AT_MOST - len(mine)]
            self._counts[item] = self._counts.get(item, 0) + other._counts[item]
        for mine_step, step in zip(self._changes, other._changes, strict=True):
            for kind, keys in step.items():
                mine_step[kind] += keys

    def write(self, folder: Path) -> None:
        """Write ``planted.json`` and ``expected_changes.json``."""
        listed = [
            {"item": item, "what": what, "number": self._counts[item], "records": self._notes[item]}
            for item, what in items().items()
            if item in self._notes
        ]
        head = {"statement": "synthetic data"}
        _write(folder / PLANTED, {"format": "virtual-trial-planted-1", **head, "items": listed})
        ids = list(self._days)
        steps = [
            {"from": earlier, "to": later, **{kind: sorted(keys) for kind, keys in changes.items()}}
            for earlier, later, changes in zip(ids[:-1], ids[1:], self._changes, strict=True)
        ]
        _write(folder / EXPECTED, {"format": "virtual-trial-changes-1", **head, "steps": steps})


def _write(path: Path, content: object) -> None:
    path.write_text(f"{_indented(content, '')}\n", encoding="utf-8", newline="\n")


def _indented(content: object, margin: str) -> str:
    """Return the text that ``json.dumps`` with an indent of 1 returns, long lists of texts at once."""
    inner = f"{margin} "
    if isinstance(content, dict):
        members = [f"{json.dumps(name)}: {_indented(value, inner)}" for name, value in content.items()]
    elif isinstance(content, list) and not (content and isinstance(content[0], str)):
        members = [_indented(value, inner) for value in content]
    else:
        text = json.dumps(content, ensure_ascii=False, separators=(f",\n{inner}", ": "))
        return f"[\n{inner}{text[1:-1]}\n{margin}]" if isinstance(content, list) else text
    opening, closing = "{}" if isinstance(content, dict) else "[]"
    lines = f",\n{inner}".join(members)
    return f"{opening}\n{inner}{lines}\n{margin}{closing}" if members else opening + closing
