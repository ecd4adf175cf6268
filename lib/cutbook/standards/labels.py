"""Labels of the variables of analysis datasets, as ADaM and SDTM have them; of our own, our words."""

from __future__ import annotations

import csv
from functools import cache
from importlib.resources import files


@cache
def adam_labels() -> dict[str, str]:
    """Return the label of each variable of a derived dataset, of at most 40 characters.

    Source: ADaM Implementation Guide 1.3 and SDTM Implementation Guide 3.4 for the variables that these define.
    """
    text = (files("cutbook.standards") / "adam_labels.csv").read_text(encoding="utf-8")
    return {row["variable"]: row["label"] for row in csv.DictReader(text.splitlines())}
