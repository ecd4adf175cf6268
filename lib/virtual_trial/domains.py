"""Names, labels and widths of the variables of every dataset."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

import yaml

from virtual_trial.xpt import Variable


@cache
def _dictionary() -> dict[str, dict[str, object]]:
    loaded: dict[str, dict[str, object]] = yaml.safe_load(
        files("virtual_trial").joinpath("domains.yaml").read_text("utf-8")
    )
    return loaded


def dataset_names() -> tuple[str, ...]:
    """Names of all datasets, in the order of the dictionary."""
    return tuple(_dictionary()["datasets"])


def dataset_label(dataset: str) -> str:
    """Label of a dataset, which says that the data are synthetic."""
    return f"{_dataset(dataset)['label']} (synthetic data)"


def _dataset(dataset: str) -> dict[str, str]:
    entry = _dictionary()["datasets"][dataset]
    if not isinstance(entry, dict):
        raise TypeError(f"domains.yaml: {dataset} is not a mapping")
    return entry


@cache
def variables(dataset: str) -> tuple[Variable, ...]:
    """Variables of a dataset in file order; ``__SEQ`` of the dictionary becomes ``AESEQ``."""
    labels, widths = _dictionary()["labels"], _dictionary()["widths"].get(dataset) or {}
    found = []
    for entry in _dataset(dataset)["variables"].split():
        label, width = labels[entry]  # type: ignore[misc]  # each entry of the dictionary is a pair
        name = entry.replace("__", dataset.upper())
        found.append(Variable(name, str(label), int(widths.get(name, width))))  # type: ignore[attr-defined]
    return tuple(found)
