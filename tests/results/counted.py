"""Reading one number of a results table."""

from __future__ import annotations

import pandas as pd


def cell(results: pd.DataFrame, statistic: str = "n", column: str = "value", **place: str) -> float:
    """Return a statistic; there must be one alone at the place."""
    return _one(results, statistic, place)[column].item()


def keys(results: pd.DataFrame, **place: str) -> list[str]:
    """Return the keys of the records behind a count."""
    return _one(results, "n", place)["keys"].item()


def _one(results: pd.DataFrame, statistic: str, place: dict[str, str]) -> pd.DataFrame:
    found = results[results["statistic"].eq(statistic)]
    for column, value in place.items():
        found = found[found[column].eq(value)]
    assert len(found) == 1
    return found
