"""What of a row tells the treatment: the part of a transfer that only an unblinded reader may open."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from .record import Value
from .xpt import Dataset

RESTRICTED_DATASETS = ("pc", "pp", "is")
"""Datasets that tell the treatment by their values, or by which participants they hold."""
RESTRICTED_VARIABLES = {
    "dm": ("ARMCD", "ARM", "ACTARMCD", "ACTARM"),
    "ex": ("EXTRT", "EXDOSE", "EXDOSU", "EXDOSFRM", "EXLOT"),
}
RESTRICTED_TESTS = {"lb": ("LBTESTCD", ("SOD1", "NFHP"))}
IDENTIFIERS = ("STUDYID", "DOMAIN", "USUBJID")

Row = Mapping[str, Value]


def split_row(dataset: str, row: Mapping[str, Value]) -> tuple[Row | None, Row | None]:
    """Return a row as everybody may read it, and what of it only an unblinded reader may; None where nothing is left.

    Examples
    --------
    >>> split_row("dm", {"USUBJID": "1", "AGE": 40.0, "ARMCD": "PBO"})
    ({'USUBJID': '1', 'AGE': 40.0}, {'USUBJID': '1', 'ARMCD': 'PBO'})
    >>> split_row("pc", {"USUBJID": "1", "PCSTRESN": 4.0})
    (None, {'USUBJID': '1', 'PCSTRESN': 4.0})
    """
    variable, tests = RESTRICTED_TESTS.get(dataset, ("", ()))
    if dataset in RESTRICTED_DATASETS or (variable and row[variable] in tests):
        return None, row
    secret = RESTRICTED_VARIABLES.get(dataset, ())
    if not secret:
        return row, None
    kept = _kept(dataset)
    return (
        {name: value for name, value in row.items() if name not in secret},
        {name: value for name, value in row.items() if name in kept},
    )


def restricted_layout(dataset: Dataset) -> Dataset | None:
    """Return the layout of the restricted file of a dataset: the whole one, or key and restricted variables; or None.

    The open file always has the whole layout: its restricted variables are there and blank.
    """
    if dataset.name in RESTRICTED_DATASETS or dataset.name in RESTRICTED_TESTS:
        return dataset
    if dataset.name not in RESTRICTED_VARIABLES:
        return None
    kept = _kept(dataset.name)
    return replace(dataset, variables=tuple(variable for variable in dataset.variables if variable.name in kept))


def _kept(dataset: str) -> tuple[str, ...]:
    return (*IDENTIFIERS, f"{dataset.upper()}SEQ", *RESTRICTED_VARIABLES[dataset])
