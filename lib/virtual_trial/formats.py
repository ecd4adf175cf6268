"""The formats in which a transfer is written, by the ending of its files."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from .columns import Columns
from .record import Value
from .xpt import Dataset, TransportFile, encoded_rows

ENDINGS = ("xpt", "parquet")


class DatasetFile(Protocol):
    """A dataset being written: ``append`` adds rows that were encoded, ``append_rows`` others."""

    path: Path
    rows: int

    def append(self, block: Any) -> None:  # noqa: ANN401  # encoded rows are the format's own affair
        """Add encoded rows."""

    def append_rows(self, rows: Sequence[Mapping[str, Value]]) -> None:
        """Add rows; absent variables are missing."""

    def close(self) -> str:
        """Write what is left, close, and return the SHA-256 of the file, hexadecimal."""


@dataclass(frozen=True)
class Format:
    """How rows are encoded, how some of the encoded ones are selected by number, and how a file is opened."""

    encode: Callable[[Dataset, Columns], Any]
    select: Callable[[Any, NDArray[np.int64]], Any]
    open: Callable[[Path, Dataset, str], DatasetFile]


def format_of(ending: str) -> Format:
    """Return the format whose files have this ending.

    Raises
    ------
    ValueError
        There is none.
    """
    if ending == "xpt":
        return Format(encoded_rows, _selected, TransportFile)
    if ending == "parquet":
        from .parquet import ParquetFile, record_batch, selected

        return Format(record_batch, selected, ParquetFile)
    raise ValueError(f"format: found {ending!r}, expected one of {', '.join(ENDINGS)}")


def _selected(block: NDArray[np.uint8], numbers: NDArray[np.int64]) -> NDArray[np.uint8]:
    return block.take(numbers, axis=0)
