"""Datasets as Parquet files: text as string, numbers as float64, labels in the metadata, no clock."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from .columns import Columns
from .hashed_file import HashedFile
from .record import Value
from .xpt import Dataset


def schema_of(dataset: Dataset) -> pa.Schema:
    """Return the columns of a dataset; ``label`` in the metadata of each, and of the whole, says what it is."""
    fields = [
        pa.field(variable.name, pa.string() if variable.width else pa.float64(), metadata={"label": variable.label})
        for variable in dataset.variables
    ]
    return pa.schema(fields, metadata={"label": dataset.label})


def record_batch(dataset: Dataset, columns: Columns) -> pa.RecordBatch:
    """Return these columns with their rows in the order in which they were added; what is empty is null.

    Raises
    ------
    KeyError
        A row holds what is not a variable of the dataset.
    """
    dataset.check(columns.names)
    schema = schema_of(dataset)
    cells = [pa.array([_cell(value) for value in columns.cells(field.name)], field.type) for field in schema]
    return pa.record_batch(cells, schema=schema).take(pa.array(columns.order))


def _cell(value: Value) -> Value | None:
    return None if value == "" else value


def selected(block: pa.RecordBatch, numbers: NDArray[np.int64]) -> pa.RecordBatch:
    """Return the rows with these numbers."""
    return block.take(pa.array(numbers))


class ParquetFile:
    """A dataset being written, a row group at a time.

    Parameters
    ----------
    folder : Path
        Folder that will hold ``<name>.parquet``.
    dataset : Dataset
        Name, label and variables.
    created : str
        Not used: the format states no date.
    """

    def __init__(self, folder: Path, dataset: Dataset, created: str) -> None:  # noqa: ARG002  # as every format
        self.path, self.rows, self._dataset = folder / f"{dataset.name}.parquet", 0, dataset
        self._file = HashedFile(self.path)
        self._writer = pq.ParquetWriter(self._file, schema_of(dataset), compression="zstd")

    def append(self, block: pa.RecordBatch) -> None:
        """Add a row group."""
        self._writer.write_batch(block)
        self.rows += block.num_rows

    def append_rows(self, rows: Sequence[Mapping[str, Value]]) -> None:
        """Add rows as a row group; absent variables are missing."""
        columns = Columns()
        columns.add(rows)
        self.append(record_batch(self._dataset, columns))

    def close(self) -> str:
        """Write the footer, close, and return the SHA-256 of the file, hexadecimal."""
        self._writer.close()
        self._file.close()
        return self._file.sha256
