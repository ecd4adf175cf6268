"""SAS transport files, version 5, written byte by byte: no clock, the same bytes everywhere."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from virtual_trial.record import Value

RECORD = 80
CHUNK_ROWS = 2000
_MISSING = 0x2E << 56
_MONTHS = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")


@dataclass(frozen=True)
class Variable:
    """One variable of a dataset.

    Parameters
    ----------
    name : str
        At most 8 characters.
    label : str
        At most 40 characters.
    width : int
        Bytes of a text variable, at most 200; 0 marks a number.
    """

    name: str
    label: str
    width: int

    @property
    def size(self) -> int:
        """Bytes in a row."""
        return self.width or 8


def ibm_doubles(numbers: NDArray[np.float64]) -> NDArray[np.uint64]:
    """Numbers as the 64 bits of IBM System/360 double precision; NaN becomes the missing value ``.``.

    Parameters
    ----------
    numbers : array of float
        Magnitudes from 5.4e-79 to 7.2e75, zero or NaN.

    Returns
    -------
    array of uint64
        Exact: the 56-bit fraction holds every 53-bit one.

    Notes
    -----
    SAS Technical Support TS-140, "The record layout of a SAS data set in SAS transport (XPORT) format".
    """
    is_missing = np.isnan(numbers)
    magnitude = np.abs(np.where(is_missing, 0.0, numbers))
    fraction, exponent = np.frexp(magnitude)
    sixteens = -(-exponent // 4)
    bits = np.ldexp(fraction, 53).astype(np.uint64) << (3 - (4 * sixteens - exponent)).astype(np.uint64)
    bits |= (sixteens + 64).astype(np.uint64) << np.uint64(56)
    bits |= np.signbit(numbers).astype(np.uint64) << np.uint64(63)
    bits = np.where(magnitude == 0.0, np.uint64(0), bits)
    return np.where(is_missing, np.uint64(_MISSING), bits)


def _stamp(iso_date: str) -> bytes:
    year, month, day = iso_date.split("-")
    return f"{day}{_MONTHS[int(month) - 1]}{year[2:]}:00:00:00".encode()


def _headline(text: str, tail: str = "0" * 30) -> bytes:
    return f"HEADER RECORD*******{text:<8}HEADER RECORD!!!!!!!{tail}".encode().ljust(RECORD)


def _namestr(variable: Variable, number: int, position: int) -> bytes:
    kind = 2 if variable.width else 1
    head = b"".join(value.to_bytes(2, "big") for value in (kind, 0, variable.size, number))
    names = variable.name.encode().ljust(8) + variable.label.encode().ljust(40)
    formats = b" " * 8 + bytes(8) + b" " * 8 + bytes(4)
    return head + names + formats + position.to_bytes(4, "big") + bytes(52)


def header(dataset: str, label: str, variables: Sequence[Variable], created: str) -> bytes:
    """All bytes before the first row.

    Parameters
    ----------
    dataset, label : str
        Name (at most 8 characters) and label (at most 40) of the dataset.
    variables : sequence of Variable
        In file order.
    created : str
        ISO date that the file states as its date of creation.
    """
    stamp = _stamp(created)
    system = b"9.4".ljust(8) + b"X64".ljust(8) + b" " * 24
    parts = [
        _headline("LIBRARY"),
        b"SAS     SAS     SASLIB  " + system + stamp,
        stamp.ljust(RECORD),
        _headline("MEMBER", "000000000000000001600000000140"),
        _headline("DSCRPTR"),
        b"SAS     " + dataset.upper().encode().ljust(8) + b"SASDATA " + system + stamp,
        stamp.ljust(32) + label.encode().ljust(40) + b" " * 8,
        _headline("NAMESTR", f"000000{len(variables):04d}".ljust(30, "0")),
    ]
    position, names = 0, b""
    for number, variable in enumerate(variables, start=1):
        names += _namestr(variable, number, position)
        position += variable.size
    return b"".join(parts) + names + b" " * (-len(names) % RECORD) + _headline("OBS")


def _texts(column: Sequence[Value], variable: Variable, dataset: str) -> NDArray[Any]:
    encoded = [str(value).encode() for value in column]
    longest = max(map(len, encoded))
    if longest > variable.width:
        raise ValueError(f"{dataset}.{variable.name} holds {longest} bytes, its width is {variable.width}")
    cells = np.array(encoded, dtype=f"S{variable.width}").view(np.uint8)
    return np.where(cells == 0, np.uint8(32), cells).reshape(len(column), variable.width)


def _numbers(column: Sequence[Value]) -> NDArray[Any]:
    values = np.array([np.nan if value == "" else value for value in column], dtype=np.float64)
    return ibm_doubles(values).astype(">u8").view(np.uint8).reshape(len(column), 8)


class TransportFile:
    """A dataset being written: rows are appended in chunks, so that its size is bounded by the disk only.

    Parameters
    ----------
    path : Path
        File to write.
    dataset, label : str
        Name and label of the dataset.
    variables : sequence of Variable
        In file order; what a row holds beside them is a fault.
    created : str
        ISO date that the file states as its date of creation.
    """

    def __init__(self, path: Path, dataset: str, label: str, variables: Sequence[Variable], created: str) -> None:
        self.path, self.dataset, self.rows = path, dataset, 0
        self._variables = tuple(variables)
        self._names = {variable.name for variable in variables}
        self._waiting: list[Mapping[str, Value]] = []
        self._file = path.open("wb")
        self._file.write(header(dataset, label, variables, created))

    def append(self, row: Mapping[str, Value]) -> None:
        """Add one row; absent variables are missing."""
        if not row.keys() <= self._names:
            raise KeyError(f"{self.dataset} has no variable {sorted(row.keys() - self._names)}")
        self._waiting.append(row)
        self.rows += 1
        if len(self._waiting) == CHUNK_ROWS:
            self._flush()

    def _flush(self) -> None:
        if not self._waiting:
            return
        columns = []
        for variable in self._variables:
            column = [row.get(variable.name, "") for row in self._waiting]
            columns.append(_texts(column, variable, self.dataset) if variable.width else _numbers(column))
        self._file.write(np.hstack(columns).tobytes())
        self._waiting = []

    def close(self) -> None:
        """Write what is waiting and fill the last 80-byte record."""
        self._flush()
        self._file.write(b" " * (-self._file.tell() % RECORD))
        self._file.close()

    def __enter__(self) -> TransportFile:
        """Return the file itself."""
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        """Close the file."""
        self.close()
