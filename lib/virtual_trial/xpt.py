"""SAS transport files, version 5, written byte by byte: no clock, the same bytes everywhere."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .columns import Columns
from .hashed_file import HashedFile
from .record import Value

RECORD = 80
BLANK = np.uint8(32)
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


@dataclass(frozen=True, slots=True)
class Dataset:
    """A dataset: its lower-case name, its label and its variables in file order."""

    name: str
    label: str
    variables: tuple[Variable, ...]

    @property
    def width(self) -> int:
        """Bytes of a row."""
        return sum(variable.size for variable in self.variables)

    def check(self, names: Iterable[str]) -> None:
        """Raise KeyError unless these are names of variables of the dataset."""
        if unknown := set(names).difference(variable.name for variable in self.variables):
            raise KeyError(f"{self.name} has no variable {sorted(unknown)}")


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


def header(dataset: Dataset, created: str) -> bytes:
    """Return all bytes before the first row; ``created`` is the ISO date that the file states.

    Raises
    ------
    ValueError
        A name, a label or a width is longer than the format allows.
    """
    variables = dataset.variables
    names = [dataset.name, *(variable.name for variable in variables)]
    labels = [dataset.label, *(variable.label for variable in variables)]
    if max(map(len, names)) > 8 or max(map(len, labels)) > 40 or max(v.width for v in variables) > 200:
        raise ValueError(f"{dataset.name}: a name above 8, a label above 40 or a text above 200 bytes")
    if dataset.width < RECORD:
        raise ValueError(f"{dataset.name}: the padding of the last record could be taken for a row")
    stamp = _stamp(created)
    system = b"9.4".ljust(8) + b"X64".ljust(8) + b" " * 24
    parts = [
        _headline("LIBRARY"),
        b"SAS     SAS     SASLIB  " + system + stamp,
        stamp.ljust(RECORD),
        _headline("MEMBER", "000000000000000001600000000140"),
        _headline("DSCRPTR"),
        b"SAS     " + dataset.name.upper().encode().ljust(8) + b"SASDATA " + system + stamp,
        stamp.ljust(32) + dataset.label.encode().ljust(40) + b" " * 8,
        _headline("NAMESTR", f"000000{len(variables):04d}".ljust(30, "0")),
    ]
    position, described = 0, b""
    for number, variable in enumerate(variables, start=1):
        described += _namestr(variable, number, position)
        position += variable.size
    return b"".join(parts) + described + b" " * (-len(described) % RECORD) + _headline("OBS")


def _texts(texts: list[Any], variable: Variable, dataset: str) -> NDArray[np.uint8]:
    cells = texts if all(map(str.isascii, texts)) else [text.encode() for text in texts]
    longest = max(map(len, cells), default=0)
    if longest > variable.width:
        raise ValueError(f"{dataset}.{variable.name}: a text of {longest} bytes is longer than {variable.width} bytes")
    found = np.array(cells, dtype=f"S{variable.width}").view(np.uint8)
    found[found == 0] = BLANK
    return found.reshape(len(texts), variable.width)


def _numbers(values: list[Any]) -> NDArray[np.uint8]:
    numbers = np.array([np.nan if value == "" else value for value in values], dtype=np.float64)
    return ibm_doubles(numbers).astype(">u8").view(np.uint8).reshape(len(values), 8)


def _cells(column: Iterable[Value], length: int, variable: Variable, dataset: str) -> NDArray[np.uint8]:
    """Return the bytes of a column; every different value is encoded once."""
    places: defaultdict[Value, int] = defaultdict(count().__next__)
    numbers = np.fromiter(map(places.__getitem__, column), dtype=np.intp, count=length)
    distinct = list(places)
    encoded = _texts(distinct, variable, dataset) if variable.width else _numbers(distinct)
    return encoded if len(distinct) == 1 else encoded.take(numbers, axis=0)


def encoded_rows(dataset: Dataset, columns: Columns) -> NDArray[np.uint8]:
    """Return the observations, one a row of bytes, in the order in which the rows were added.

    Raises
    ------
    KeyError
        A row holds what is not a variable of the dataset.
    ValueError
        A text is longer than its variable.
    """
    present = set(columns.names)
    dataset.check(present)
    matrix = np.empty((len(columns), dataset.width), dtype=np.uint8)
    place = 0
    for variable in dataset.variables:
        column, length = (columns.cells(variable.name), len(columns)) if variable.name in present else ([""], 1)
        matrix[:, place : place + variable.size] = _cells(column, length, variable, dataset.name)
        place += variable.size
    return matrix.take(columns.order, axis=0)


class TransportFile:
    """A dataset being written: encoded rows are appended, so that its size is bounded by the disk only.

    Parameters
    ----------
    folder : Path
        Folder that will hold ``<name>.xpt``.
    dataset : Dataset
        Name, label and variables.
    created : str
        ISO date that the file states as its date of creation.
    """

    def __init__(self, folder: Path, dataset: Dataset, created: str) -> None:
        self.path, self.rows, self._dataset = folder / f"{dataset.name}.xpt", 0, dataset
        start = header(dataset, created)
        self._file = HashedFile(self.path)
        self._file.write(start)

    def append(self, block: NDArray[np.uint8]) -> None:
        """Add rows encoded by :func:`encoded_rows`."""
        self._file.write(np.ascontiguousarray(block).data)
        self.rows += len(block)

    def append_rows(self, rows: Sequence[Mapping[str, Value]]) -> None:
        """Add rows; absent variables are missing."""
        columns = Columns()
        columns.add(rows)
        self.append(encoded_rows(self._dataset, columns))

    def close(self) -> str:
        """Fill the last 80-byte record, close, and return the SHA-256 of the file, hexadecimal."""
        self._file.write(b" " * (-self._file.tell() % RECORD))
        self._file.close()
        return self._file.sha256
