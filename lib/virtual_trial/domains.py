"""Names, labels and widths of the variables of every dataset."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import yaml

from .xpt import Dataset, Variable


@cache
def datasets() -> tuple[Dataset, ...]:
    """Return all datasets of a transfer, in order; every label says that the data are synthetic.

    In the dictionary, ``__SEQ`` stands for ``AESEQ`` in AE and ``LBSEQ`` in LB.
    """
    loaded = yaml.safe_load(Path(__file__).with_name("domains.yaml").read_text("utf-8"))
    found = []
    for name, entry in loaded["datasets"].items():
        widths = loaded["widths"].get(name, {})
        variables = []
        for written in entry["variables"].split():
            label, width = loaded["labels"][written]
            variable = written.replace("__", name.upper())
            variables.append(Variable(variable, label, widths.get(variable, width)))
        found.append(Dataset(name, f"{entry['label']} (synthetic data)", tuple(variables)))
    return tuple(found)
