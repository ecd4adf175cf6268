"""Facts and assumptions of the trial, read from the one file that holds them."""

from __future__ import annotations

import csv
from functools import cache
from pathlib import Path
from typing import Any

import yaml


@cache
def _loaded() -> dict[str, Any]:
    text = Path(__file__).with_name("facts.yaml").read_text("utf-8")
    loaded: dict[str, Any] = yaml.safe_load(text)["facts"]
    return loaded


def fact(name: str) -> Any:  # noqa: ANN401  # a fact may be any YAML value
    """Value of a fact, for example ``fact("deaths.study_days")``."""
    return _loaded()[name]["value"]


def tagged(tag: str) -> dict[str, Any]:
    """All facts with this tag: ``P`` published, ``M`` from memory, ``A`` assumed."""
    return {name: entry["value"] for name, entry in _loaded().items() if entry["tag"] == tag}


@cache
def table(name: str) -> tuple[dict[str, str], ...]:
    """Rows of a CSV file of this package, every cell as text."""
    text = Path(__file__).with_name(name).read_text("utf-8")
    return tuple(csv.DictReader(text.splitlines()))
