"""What the extractions saw of a record: its states, each with the extractions that saw it."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from virtual_trial.record import Record, Value

Row = dict[str, Value]


class State(NamedTuple):
    """What a record held in the extractions from number ``start`` to before number ``stop``."""

    row: Row
    start: int
    stop: int


class History(NamedTuple):
    """A record of a dataset and its states in order; neighbours differ, or the record was away between them."""

    dataset: str
    states: list[State]


def histories_of(records: Mapping[str, Sequence[Record]], day1: int, days: Sequence[int]) -> list[History]:
    """Return the histories of one participant's records, in file order.

    Parameters
    ----------
    records : mapping
        Records by dataset.
    day1 : int
        Ordinal of the first dose, 0 without one: before it is past, nobody has study days in the database.
    days : sequence of int
        Ordinals of the extractions, in order.
    """
    undated = sum(day <= day1 for day in days)
    return [
        History(name, _states(record, days, undated)) for name, of_dataset in records.items() for record in of_dataset
    ]


def _states(record: Record, days: Sequence[int], undated: int) -> list[State]:
    start, end = bisect_left(days, record.entered), len(days)
    if not record.earlier and not record.removed and start >= undated:
        return [State(record.values, start, end)] if start < end else []
    found: list[State] = []
    for number, row in _seen(record, days, undated):
        if found and found[-1].stop == number and found[-1].row == row:
            found[-1] = found[-1]._replace(stop=number + 1)
        else:
            found.append(State(row, number, number + 1))
    return found


def _seen(record: Record, days: Sequence[int], undated: int) -> Iterator[tuple[int, Row]]:
    """Return the extractions that saw the record, with what they saw."""
    for number, day in enumerate(days):
        row = record.known(day)
        if row is not None:
            yield number, _undated(row) if number < undated else row


def _undated(row: Mapping[str, Value]) -> Row:
    return {name: "" if name.endswith("DY") and name != "VISITDY" else value for name, value in row.items()}
