"""What the extractions saw of a record: its states, each with the extractions that saw it."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from .record import Record, Value

Row = Mapping[str, Value]


@dataclass(slots=True)
class History:
    """The states of one participant's records of a dataset: records in file order, states of a record in time.

    ``rows[k]`` is what a record held in the extractions from number ``starts[k]`` to before number ``stops[k]``;
    neighbouring states of a record differ. ``changed`` are the states before which the record was there too, ``kept``
    those after which it still was.
    """

    rows: list[Row] = field(default_factory=list)
    starts: list[int] = field(default_factory=list)
    stops: list[int] = field(default_factory=list)
    changed: set[int] = field(default_factory=set)
    kept: set[int] = field(default_factory=set)

    def add(self, row: Row, start: int, stop: int) -> None:
        """Add the next state."""
        self.rows.append(row)
        self.starts.append(start)
        self.stops.append(stop)


def histories_of(records: Mapping[str, Sequence[Record]], day1: int, days: Sequence[int]) -> dict[str, History]:
    """Return the history of one participant's records by dataset.

    Parameters
    ----------
    records : mapping
        Records by dataset.
    day1 : int
        Ordinal of the first dose, 0 without one: before it is past, nobody has study days in the database.
    days : sequence of int
        Ordinals of the extractions, in order.
    """
    undated, end = sum(day <= day1 for day in days), len(days)
    found: dict[str, History] = {}
    for name, of_dataset in records.items():
        history = found[name] = History()
        for record in of_dataset:
            start = bisect_left(days, record.entered)
            if record.earlier or record.removed or start < undated:
                _add_states(history, record, days, undated)
            elif start < end:
                history.add(record.values, start, end)
    return found


def _add_states(history: History, record: Record, days: Sequence[int], undated: int) -> None:
    first = len(history.rows)
    for number, row in _seen(record, days, undated):
        last = len(history.rows) - 1
        is_next = last >= first and history.stops[last] == number
        if is_next and history.rows[last] == row:
            history.stops[last] = number + 1
            continue
        if is_next:
            history.kept.add(last)
            history.changed.add(last + 1)
        history.add(row, number, number + 1)


def _seen(record: Record, days: Sequence[int], undated: int) -> Iterator[tuple[int, Row]]:
    """Return the extractions that saw the record, with what they saw."""
    for number, day in enumerate(days):
        row = record.known(day)
        if row is not None:
            yield number, _undated(row) if number < undated else row


def _undated(row: Mapping[str, Value]) -> Row:
    return {name: "" if name.endswith("DY") and name != "VISITDY" else value for name, value in row.items()}
