"""One record of the database: what it holds, since when, and what it held before."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from operator import attrgetter

Value = str | float
"""Text, or a number; empty text stands for a missing value of either type."""


@dataclass(slots=True)
class Record:
    """One record of one domain with its history.

    Parameters
    ----------
    domain : str
        Lower-case name of the dataset.
    values : dict
        Variables as they are at the final lock; absent means missing.
    entered : int
        Day (proleptic ordinal) on which the record enters the database.
    order : tuple of float
        Place among the participant's records of this domain: sequence numbers follow it.
    removed : int
        Day from which the record is no longer in the database; 0 when it stays.
    earlier : tuple of (int, dict)
        ``(day, values)``: these values stood before that day.
    """

    domain: str
    values: dict[str, Value]
    entered: int
    order: tuple[float, ...] = ()
    removed: int = 0
    earlier: tuple[tuple[int, dict[str, Value]], ...] = ()

    def before(self, day: int, values: Mapping[str, Value]) -> None:
        """Note that until ``day`` the record held these values."""
        self.earlier = (*self.earlier, (day, dict(values)))

    def known(self, day: int) -> dict[str, Value] | None:
        """Values held on ``day``; None when the record is not there yet, or no longer."""
        if self.entered > day or (self.removed and self.removed <= day):
            return None
        if not self.earlier:
            return self.values
        values = dict(self.values)
        for changed, old in sorted(self.earlier, key=lambda change: -change[0]):
            if day < changed:
                values.update(old)
        return values


def numbered(records: list[Record]) -> list[Record]:
    """Return the records of one participant in one domain, in order, each with its sequence number.

    Numbers follow the final state of the database and are therefore the same in every cut; a record that is not known
    yet leaves a gap.
    """
    ordered = sorted(records, key=attrgetter("order"))
    name = f"{ordered[0].domain.upper()}SEQ" if ordered else ""
    for number, record in enumerate(ordered, start=1):
        record.values[name] = float(number)
    return ordered
