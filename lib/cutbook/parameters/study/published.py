"""Published numbers that the reports must reproduce: a table beside the study file."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from io import StringIO
from pathlib import Path

from pydantic import Field

from cutbook.errors import Fault, ParameterError
from cutbook.parameters.base import Model, Text

PLACE = ("display", "parameter", "variable", "level", "visit", "group", "statistic")
"""Columns that say where a statistic stands."""

_NUMBER = ("label", "value", "source", "is_interim")
_LONGEST_BYTES = 1_000_000


class Statistic(Model):
    """Where a statistic stands in the results table: its key columns, all but the population."""

    display: Text
    parameter: str = ""
    variable: str = ""
    level: str = ""
    visit: str = ""
    group: str = ""
    statistic: Text = "n"


class Published(Model):
    """One published number, and the statistic of the reports that must show the same."""

    label: Text
    """What it is."""
    value: Text
    """The number, as printed."""
    source: Text
    """Where it was published."""
    is_interim: bool = False
    """Whether it is of an interim analysis."""
    at: Statistic
    """Where the reports show it."""


class Reproduction(Model):
    """Published results that the reports must reproduce; another number fails the run."""

    cuts: list[Text]
    """The cuts that must show them."""
    numbers: list[Published] = Field(default_factory=list)
    """The numbers, where they do not stand in the table ``published.csv`` beside the study file."""


def read_published(file: Path, shown: str) -> list[dict[str, object]]:
    """Return the published numbers of a table, one row a number, in the form of the study file.

    Parameters
    ----------
    file : Path
        Comma-separated text in UTF-8 with a heading: label, value, source, is_interim (yes or empty), and display,
        parameter, variable, level, visit, group, statistic (empty: ``n``), which say where the reports show it.
    shown : str
        How messages name it.

    Raises
    ------
    ParameterError
        It cannot be read, or a column or a value is missing or unknown; all faults at once.
    """
    try:
        text = file.read_bytes()[: _LONGEST_BYTES + 1].decode("utf-8-sig")
    except UnicodeDecodeError as error:
        fault = Fault(shown, f"a byte that is not UTF-8 at {error.start}", "UTF-8", "save it as CSV UTF-8")
        raise ParameterError(fault) from None
    reader = csv.DictReader(StringIO(text, newline=""), strict=True)
    columns = {*_NUMBER, *PLACE}
    found = set(_heading(reader, shown))
    faults = [
        *(Fault(shown, "no such column", "the column in its heading", "add it", name) for name in columns - found),
        *(Fault(shown, "an unknown column", f"one of {', '.join((*_NUMBER, *PLACE))}", "remove it", str(name))
          for name in found - columns),
    ]  # fmt: skip
    if faults:
        raise ParameterError(sorted(faults, key=lambda fault: fault.variable or ""))
    try:
        rows = [(reader.line_num, row) for row in reader]
    except csv.Error as error:
        fault = Fault(shown, str(error), "comma-separated text", "mend that row", row=reader.reader.line_num)
        raise ParameterError(fault) from None
    faults = [fault for line, row in rows for fault in _row_faults(row, shown, line)]
    if faults:
        raise ParameterError(faults)
    return [_number(row) for _, row in rows]


def _heading(reader: csv.DictReader[str], shown: str) -> Sequence[str]:
    try:
        return reader.fieldnames or ()
    except csv.Error as error:
        raise ParameterError(Fault(shown, str(error), "comma-separated text", "mend the heading", row=1)) from None


def _row_faults(row: dict[str, str], shown: str, line: int) -> list[Fault]:
    if None in row or None in row.values():
        return [Fault(shown, "more or fewer values than columns", "a value a column", "mend that row", row=line)]
    faults = [
        Fault(shown, "nothing", "a value", "fill it in", name, line)
        for name in ("label", "value", "source", "display")
        if not row[name].strip()
    ]
    if row["is_interim"] not in ("yes", ""):
        faults.append(Fault(shown, repr(row["is_interim"]), "yes, or nothing", "mend it", "is_interim", line))
    return faults


def _number(row: dict[str, str]) -> dict[str, object]:
    at = {name: row[name] for name in PLACE if row[name]}
    return {**{name: row[name] for name in _NUMBER}, "is_interim": row["is_interim"] == "yes", "at": at}
