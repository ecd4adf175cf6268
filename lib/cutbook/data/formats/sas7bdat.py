"""SAS datasets (SAS7BDAT) as frames, read by ReadStat."""

from __future__ import annotations

import codecs
import io
import warnings
from collections.abc import Mapping
from typing import Any

import numpy as np
import pyarrow as pa
import pyreadstat

from cutbook.data.formats.columns import Columns, Delivered, Source, finite_faults, frame_of, name_faults, text_faults
from cutbook.data.formats.sas_dates import moments
from cutbook.data.wording import printable
from cutbook.errors import DataError, Fault

LARGEST_TABLE_BYTES = 2 * 1024**3
"""Bytes that a compressed file may unpack to."""

_FAILURES = (pyreadstat.ReadstatError, pyreadstat.PyreadstatError, ValueError, TypeError, OSError, UserWarning)
_EXPECTED = "a SAS dataset (SAS7BDAT)"
_RESEND = "have the file sent again, or declare its encoding under sources.encodings in the study file"


def read_sas7bdat(content: bytes, source: Source) -> Delivered:
    """Return the dataset that a SAS7BDAT file holds; its text is decoded as the file says unless declared otherwise.

    Raises
    ------
    DataError
        The file is damaged, would unpack to more than 2 GB, or has text that is not in its encoding; of the last the
        first variable and row are named.
    """
    encoding = codecs.lookup(source.encoding).name.upper() if source.encoding else None
    try:
        _, about = _read(content, encoding, {"metadataonly": True})
    except _FAILURES as error:
        raise DataError(_fault(source, f"a damaged file ({printable(str(error))})")) from None
    unpacked = (about.number_rows or 0) * sum(about.variable_storage_width.values())
    if unpacked > LARGEST_TABLE_BYTES:
        raise DataError(_fault(source, f"a file that unpacks to {unpacked} bytes"))
    try:
        values, about = _read(content, encoding, {})
    except _FAILURES as error:
        fault = _undecodable(content, about, encoding, source)
        raise DataError(fault or _fault(source, f"a damaged file ({printable(str(error))})")) from None
    return _delivered(values, about, source)


def _read(
    content: bytes, encoding: str | None, choice: Mapping[str, Any]
) -> tuple[Mapping[str, object], pyreadstat.metadata_container]:
    """Return what ReadStat reads; what it only warns of (a name that occurs twice, say) is a failure too."""
    stream = io.BytesIO(content)
    with warnings.catch_warnings():
        warnings.simplefilter("error", UserWarning)
        return pyreadstat.read_sas7bdat(
            stream, encoding=encoding, disable_datetime_conversion=True, output_format="dict", **choice
        )


def _delivered(values: Mapping[str, object], about: pyreadstat.metadata_container, source: Source) -> Delivered:
    columns: Columns = {}
    faults = name_faults(source.dataset, [name.upper() for name in about.column_names])
    for name in about.column_names:
        variable = name.upper()
        if about.readstat_variable_types[name] == "string":
            text = pa.array(values[name], pa.large_string())
            columns[variable] = text
            faults += text_faults(source.dataset, variable, text, about.file_encoding or source.encoding)
        else:
            numbers = np.asarray(values[name], dtype="float64")
            columns[variable] = moments(numbers, about.original_variable_types.get(name) or "")
            faults += finite_faults(source.dataset, variable, numbers)
    if faults:
        raise DataError(faults)
    labels = {name.upper(): label or "" for name, label in about.column_names_to_labels.items()}
    return Delivered(frame_of(columns, about.number_rows or 0), labels)


def _undecodable(
    content: bytes, about: pyreadstat.metadata_container, encoding: str | None, source: Source
) -> Fault | None:
    """Return the fault of the first variable that cannot be decoded, at its first such row."""
    stated = encoding or about.file_encoding or "the encoding that the file states"
    for name in about.column_names:
        if not _is_readable(content, encoding, {"usecols": [name]}):
            first, last = 1, about.number_rows or 1
            while first < last:
                middle = (first + last) // 2
                if _is_readable(content, encoding, {"usecols": [name], "row_limit": middle}):
                    first = middle + 1
                else:
                    last = middle
            found = f"bytes that are not {stated}, first in row {first}"
            return _fault(source, found, name.upper(), first)
    return None


def _is_readable(content: bytes, encoding: str | None, choice: Mapping[str, Any]) -> bool:
    try:
        _read(content, encoding, choice)
    except _FAILURES:
        return False
    return True


def _fault(source: Source, found: str, variable: str = "", row: int | None = None) -> Fault:
    return Fault(source.dataset, found, _EXPECTED, _RESEND, variable=variable, row=row)
