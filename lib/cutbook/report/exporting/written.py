"""Datasets as files for other programs: SAS transport version 5, and CDISC Dataset-JSON 1.1."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pandas as pd

from cutbook.data.wording import quoted
from cutbook.errors import DataError, Fault
from cutbook.record_names import text_of

LONGEST_TEXT = 200
"""Bytes of a text in a SAS transport file of version 5."""

LONGEST_NAME, LONGEST_LABEL = 8, 40
"""Characters of a variable's name and label there."""

_EPOCH = pd.Timestamp("1960-01-01")
_FORMATS = {"date": "DATE9.", "datetime": "DATETIME20."}
_SECONDS = {"date": 86_400.0, "datetime": 1.0}


@dataclass(frozen=True)
class Described:
    """What a file says of its dataset.

    Attributes
    ----------
    name, label, study : str
        Name in capitals, words for it, and the study.
    created : str
        When, ISO 8601.
    labels : dict of str to str
        Words for variables; one without has its name.
    """

    name: str
    label: str
    study: str
    created: str
    labels: dict[str, str] = field(default_factory=dict)

    def label_of(self, variable: str) -> str:
        """Return the words for a variable."""
        return self.labels.get(variable, variable)


def type_of(values: pd.Series) -> str:
    """Return the type of a column as Dataset-JSON names it: ``string``, ``double``, ``date`` or ``datetime``.

    Moments are dates where all of them are midnights, and so are numeric dates that nobody has.

    Examples
    --------
    >>> days = pd.Series(pd.to_datetime(["2024-03-05", None]))
    >>> type_of(days), type_of(days + pd.Timedelta(hours=9)), type_of(pd.Series([1, 2])), type_of(pd.Series(["a"]))
    ('date', 'datetime', 'double', 'string')
    """
    if values.dtype.kind == "M":
        known = values.dropna()
        return "date" if known.eq(known.dt.floor("D")).all() else "datetime"
    return "double" if values.dtype.kind in "fiub" else "string"


def write_xpt(frame: pd.DataFrame, path: Path, about: Described) -> None:
    """Write a dataset as a SAS transport file of version 5; no name of a variable may be too long for it.

    Raises
    ------
    DataError
        Texts are longer than such a file holds; all variables at once.
    """
    import pyreadstat

    faults = [fault for name in frame for fault in _too_long(about.name.lower(), str(name), frame[name])]
    if faults:
        raise DataError(faults)
    kinds = {str(name): type_of(frame[name]) for name in frame}
    columns = {name: _for_sas(frame[name], kind) for name, kind in kinds.items()}
    pyreadstat.write_xport(
        pd.DataFrame(columns, index=frame.index),
        path,
        file_label=about.label[:LONGEST_LABEL],
        column_labels=[about.label_of(name)[:LONGEST_LABEL] for name in columns],
        table_name=about.name,
        file_format_version=5,
        variable_format={name: _FORMATS[kind] for name, kind in kinds.items() if kind in _FORMATS},
    )


def _too_long(dataset: str, variable: str, values: pd.Series) -> list[Fault]:
    if type_of(values) != "string":
        return []
    sizes = text_of(values).map(lambda text: len(text.encode()))
    if not (sizes > LONGEST_TEXT).any():
        return []
    row = int(np.flatnonzero(sizes > LONGEST_TEXT)[0])
    found = f"a text of {sizes.iloc[row]} bytes, {quoted(text_of(values).iloc[row])}"
    return [Fault(dataset, found, f"at most {LONGEST_TEXT}", "export as json alone", variable, row + 1)]


def _for_sas(values: pd.Series, kind: str) -> pd.Series:
    if kind in _FORMATS:
        return (values - _EPOCH).dt.total_seconds() / _SECONDS[kind]
    return text_of(values) if kind == "string" else values.astype("float64")


def write_dataset_json(frame: pd.DataFrame, path: Path, about: Described) -> None:
    """Write a dataset as a Dataset-JSON object; a missing value is null."""
    kinds = {str(name): type_of(frame[name]) for name in frame}
    columns = [
        {
            "itemOID": f"IT.{about.name}.{name}",
            "name": name,
            "label": about.label_of(name),
            "dataType": kind,
            **({"targetDataType": "integer", "displayFormat": _FORMATS[kind]} if kind in _FORMATS else {}),
        }
        for name, kind in kinds.items()
    ]
    rows = zip(*(_for_json(frame[name], kind) for name, kind in kinds.items()), strict=True)
    document = {
        "datasetJSONCreationDateTime": about.created,
        "datasetJSONVersion": "1.1.0",
        "studyOID": about.study,
        "metaDataVersionOID": f"MDV.{about.study}",
        "itemGroupOID": f"IG.{about.name}",
        "records": len(frame),
        "name": about.name,
        "label": about.label,
        "columns": columns,
        "rows": [list(row) for row in rows],
    }
    path.write_text(json.dumps(document, ensure_ascii=False, allow_nan=False) + "\n", encoding="utf-8")


def _for_json(values: pd.Series, kind: str) -> list[object]:
    if kind == "double":
        return [None if value != value else float(value) for value in values.astype("float64")]
    written = values.dt.strftime("%Y-%m-%d" if kind == "date" else "%Y-%m-%dT%H:%M:%S") if kind in _FORMATS else values
    return [text or None for text in text_of(written)]
