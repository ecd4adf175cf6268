"""Whether the ledger is as it was written: its rows hold their numbers, and each the hash of the one before.

Nothing in the ledger vouches for its last row. A mail tells the hash of the row that was last then, which stands in the
row after it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from cutbook.errors import Fault
from cutbook.published.ledger import FIRST, LEDGER, parse_row
from cutbook.published.locks import wait_for_writers
from cutbook.published.rows import Row
from cutbook.words import single_line

_LONGEST_NAME = 100
_REMEDY = "compare with a backup"


@dataclass(frozen=True)
class Checked:
    """The ledger after a check: how many rows it has, the hash of the last, and what is not as it was written."""

    rows: int
    head: str
    faults: tuple[Fault, ...]


@dataclass(frozen=True)
class _Line:
    """A line of the ledger by its number in the file; ``row`` is None where it cannot be read as one."""

    number: int
    hash: str
    row: Row | None

    @property
    def previous(self) -> str:
        """Return the hash that the row holds of the one before."""
        return self.row.previous if self.row else ""

    @property
    def position(self) -> int:
        """Return the number that the row holds of itself."""
        return (self.row and self.row.row) or 0

    @property
    def name(self) -> str:
        """Return run, or what became of a mail, and time."""
        return single_line(self.row.name)[:_LONGEST_NAME] if self.row else ""


def check_ledger(outputs: Path) -> Checked:
    """Return whether the ledger is as it was written, faults in the order in which they are met.

    It is read while nobody writes to it.
    """
    numbered = enumerate(_settled_content(outputs).split(b"\n"), 1)
    lines = [_Line(0, FIRST, None), *(_line(number, content) for number, content in numbered if content)]
    places = {line.hash: place for place, line in enumerate(lines)}
    found = (_fault(lines, place, places) for place in range(1, len(lines)))
    return Checked(len(lines) - 1, lines[-1].hash, tuple(fault for fault in found if fault))


def _fault(lines: Sequence[_Line], place: int, places: Mapping[str, int]) -> Fault | None:
    """Return what is wrong between a row and the one before, named by the row that was changed as far as that is known.

    Parameters
    ----------
    lines : sequence of _Line
        All lines, after one that stands before the first.
    place : int
        Place of the row among them.
    places : mapping of str to int
        Place of every line by its hash.
    """
    before, line = lines[place - 1], lines[place]
    if not line.row:
        return Fault(LEDGER, "an unreadable row", f"a whole row after {_after(before)}", _REMEDY, row=line.number)
    if place > 1 and not before.row:
        return None
    if line.previous == before.hash:
        is_next = line.position == before.position + 1
        return None if is_next else _break(line, f"row {line.position} after row {before.position}")
    return _broken(lines, place, places.get(line.previous))


def _broken(lines: Sequence[_Line], place: int, known: int | None) -> Fault:
    """Return the fault of a row that does not hold the hash of the one before, but that of a known line or of none."""
    before, line = lines[place - 1], lines[place]
    if known is not None and known < place:
        # Two rows say that they follow the same one; whichever has rows behind it was there first.
        is_last = place + 1 == len(lines)
        late, other = (line, lines[known + 1]) if is_last else (lines[known + 1], line)
        return _break(late, f"a row put in or moved after it was written, in the place of line {other.number}")
    if known is not None:
        return _break(line, f"a row that was moved from after line {lines[known].number}")
    if line.position > before.position + 1:
        return _break(line, f"row {line.position} after row {before.position}, what lay between them was removed")
    return _changed(lines, place)


def _changed(lines: Sequence[_Line], place: int) -> Fault:
    """Return the fault of a row that holds the hash of no line: it, or the one before, has other content than once."""
    before, line = lines[place - 1], lines[place]
    is_last = place + 1 == len(lines)
    if place > 1 and is_last:
        return _break(line, f"no hash of the row before: put in, or row {before.position} ({before.name}) was changed")
    if place > 1 and lines[place + 1].previous == line.hash:
        return _break(before, "other content than when the row after it was written")
    return _break(line, "other content than when it was written")


def _break(line: _Line, found: str) -> Fault:
    return Fault(LEDGER, f"a break in the chain: {found}", "rows as written", _REMEDY, row=line.number, key=line.name)


def _after(before: _Line) -> str:
    return before.name if before.row else "the one before"


def _line(number: int, content: bytes) -> _Line:
    row = parse_row(content)
    is_whole = row is not None and row.row is not None and bool(row.previous)
    return _Line(number, hashlib.sha256(content).hexdigest(), row if is_whole else None)


def _settled_content(outputs: Path) -> bytes:
    if not (outputs / LEDGER).exists():
        return b""
    with (outputs / LEDGER).open("rb") as stream:
        wait_for_writers(stream.fileno())
        return stream.read()
