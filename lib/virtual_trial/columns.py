"""Rows of a dataset, kept column by column."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import chain, repeat
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from .record import Value

AT_ONCE = 256
"""Rows that are turned together: enough to spare work, few enough to stay in the memory next to the processor."""


class Piece(NamedTuple):
    """Cells by column of rows that have the same variables, and the number of these rows."""

    cells: dict[str, tuple[Value, ...]]
    size: int


class Columns:
    """The cells of rows by column: rows are forgotten soon after they were added.

    Rows with the same variables lie together, because these can be turned into columns at once.

    Examples
    --------
    >>> columns = Columns()
    >>> columns.add([{"A": 1.0}, {"B": "x", "A": 2.0}, {"A": 3.0}])
    >>> columns.names
    ['A', 'B']
    >>> list(columns.cells("A")), list(columns.cells("B")), columns.order.tolist()
    ([1.0, 3.0, 2.0], ['', '', 'x'], [0, 2, 1])
    """

    def __init__(self) -> None:
        self._waiting: list[Mapping[str, Value]] = []
        self._pieces: list[Piece] = []
        self._numbers: list[int] = []

    def add(self, rows: Sequence[Mapping[str, Value]]) -> None:
        """Add rows; a variable that is absent from a row is empty."""
        self._waiting += rows
        if len(self._waiting) >= AT_ONCE:
            self._turn()

    def __len__(self) -> int:
        """Return the number of rows."""
        return len(self._numbers) + len(self._waiting)

    @property
    def names(self) -> list[str]:
        """Return the names of the variables that any row has."""
        self._turn()
        return list(dict.fromkeys(chain.from_iterable(piece.cells for piece in self._pieces)))

    def cells(self, name: str) -> Iterator[Value]:
        """Return the cells of a column."""
        self._turn()
        return chain.from_iterable(piece.cells.get(name) or repeat("", piece.size) for piece in self._pieces)

    @property
    def order(self) -> NDArray[np.intp]:
        """Return the places of the rows in the columns, in the order in which the rows were added."""
        self._turn()
        return np.argsort(self._numbers)

    def _turn(self) -> None:
        """Turn the rows that wait."""
        rows, start, self._waiting = self._waiting, len(self._numbers), []
        alike: dict[tuple[str, ...], list[int]] = {}
        for number, row in enumerate(rows):
            alike.setdefault(tuple(row), []).append(number)
        for variables, numbers in alike.items():
            cells = zip(*[rows[number].values() for number in numbers], strict=True)
            self._pieces.append(Piece(dict(zip(variables, cells, strict=True)), len(numbers)))
            self._numbers += [start + number for number in numbers]
