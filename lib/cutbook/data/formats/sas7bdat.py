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

from cutbook.data.formats.columns import Columns, Delivered, Source, delivered, name_faults, text_faults
from cutbook.data.formats.numbers import number_faults
from cutbook.data.formats.sas_dates import moments
from cutbook.data.formats.text.encodings import decode_values, encoding_faults, is_utf_8, undecodable_of
from cutbook.data.wording import printable
from cutbook.errors import DataError, Fault

LARGEST_TABLE_BYTES = 2 * 1024**3
"""Bytes that a compressed file may unpack to."""

_FAILURES = (pyreadstat.ReadstatError, pyreadstat.PyreadstatError, ValueError, TypeError, OSError, UserWarning)
_ONE_BYTE_A_CHARACTER = "ISO-8859-1"
_EXPECTED = "a SAS dataset (SAS7BDAT)"
_RESEND = "have the file sent again, or declare its encoding under sources.encodings in the study file"


def read_sas7bdat(content: bytes, source: Source) -> Delivered:
    """Return the dataset that a SAS7BDAT file holds; its text is decoded as the file says unless declared otherwise.

    Raises
    ------
    DataError
        The file is damaged, would unpack to more than 2 GB, has text that is not in its encoding or is cut off in the
        middle of a character, or numbers that no measurement gives; of text and numbers variable and row are named.
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
        faults = _undecodable(content, about, encoding, source)
        raise DataError(faults or _fault(source, f"a damaged file ({printable(str(error))})")) from None
    faults = _undecodable(content, about, encoding, source) if is_utf_8(encoding or about.file_encoding or "") else []
    if faults:
        raise DataError(faults)
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
            faults += number_faults(source.dataset, variable, numbers)
    if faults:
        raise DataError(faults)
    labels = {name.upper(): label or "" for name, label in about.column_names_to_labels.items()}
    return delivered(columns, about.number_rows or 0, labels)


def _undecodable(
    content: bytes, about: pyreadstat.metadata_container, encoding: str | None, source: Source
) -> list[Fault]:
    """Return the faults of text that is not in its encoding.

    ReadStat stops at such text without saying where, and silently leaves out the beginning of a character that was cut
    off. So the bytes themselves are looked at, which Latin-1 gives one by one.
    """
    stated = encoding or about.file_encoding or ""
    names = [name for name in about.column_names if about.readstat_variable_types[name] == "string"]
    try:
        codecs.lookup(stated)
        values, _ = _read(content, _ONE_BYTE_A_CHARACTER, {"usecols": names})
    except (LookupError, *_FAILURES):
        return []
    faults = []
    for name in names:
        texts = [(row, str(text)) for row, text in enumerate(_listed(values[name]), 1) if not str(text).isascii()]
        contents = [text.encode(_ONE_BYTE_A_CHARACTER) for _, text in texts]
        _, is_bad = decode_values(contents, stated)
        if is_bad.any():
            width = about.variable_storage_width.get(name, 0)
            bad = undecodable_of([row for row, _ in texts], contents, is_bad, stated, width=width)
            faults += encoding_faults(source.dataset, name.upper(), bad)
    return faults


def _listed(values: object) -> list[object]:
    return list(np.asarray(values, dtype=object))


def _fault(source: Source, found: str) -> Fault:
    return Fault(source.dataset, found, _EXPECTED, _RESEND)
