"""Metadata of a transfer, as a define file states them: datasets, variables, codelists and sponsor terms."""

from __future__ import annotations

import json
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from .xpt import Dataset, Variable

FOLDER = "define"


@cache
def stated() -> dict[str, dict[str, Any]]:
    """Return structures by dataset, codelists by variable and sponsor terms by codelist."""
    text = Path(__file__).with_name("define.yaml").read_text("utf-8")
    loaded: dict[str, dict[str, Any]] = yaml.safe_load(text)
    return loaded


def definition(transfer: str, part: str, present: Iterable[Dataset]) -> dict[str, object]:
    """Return the metadata of one part of a transfer.

    Parameters
    ----------
    transfer : str
        Cut id.
    part : str
        Empty for the open part, ``restricted`` for the other.
    present : iterable of Dataset
        The datasets that the part holds.
    """
    datasets = {dataset.name: _dataset(dataset) for dataset in present}
    used = {variable["codelist"] for entry in datasets.values() for variable in entry["variables"].values()}
    return {
        "format": "virtual-trial-define-1",
        "statement": "synthetic data",
        "transfer": transfer,
        "part": part or "open",
        "standard": "SDTMIG 3.4",
        "terminology": "CDISC SDTM CT 2025-03-25",
        "datasets": datasets,
        "codelists": {name: {"sponsor_terms": _sponsor_terms(name)} for name in used if name},
    }


def _sponsor_terms(codelist: str) -> dict[str, str]:
    """Return what the sponsor adds to a codelist; that of test names has the meanings of that of test codes."""
    terms = stated()["sponsor_terms"]
    names = terms.get(f"{codelist}CD", {}).values()
    return terms.get(codelist) or {name: name for name in names}


def _dataset(dataset: Dataset) -> dict[str, Any]:
    return {
        "label": dataset.label,
        "structure": stated()["structures"][dataset.name],
        "variables": {variable.name: _variable(order, variable) for order, variable in enumerate(dataset.variables, 1)},
    }


def _variable(order: int, variable: Variable) -> dict[str, Any]:
    return {
        "codelist": stated()["codelists"].get(variable.name, ""),
        "label": variable.label,
        "length": variable.size,
        "order": order,
        "type": "text" if variable.width else "float",
    }


def write_definition(root: Path, transfer: str, part: str, present: Iterable[Dataset]) -> None:
    """Write the metadata of one part: ``define/C1.json``, or ``define/restricted/C1.json``."""
    folder = root / FOLDER / part
    folder.mkdir(parents=True, exist_ok=True)
    text = json.dumps(definition(transfer, part, present), indent=1, sort_keys=True) + "\n"
    (folder / f"{transfer}.json").write_text(text, encoding="utf-8", newline="\n")
