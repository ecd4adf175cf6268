"""Who is counted now and was not at the previous cut: numbers of the signals."""

from __future__ import annotations

import pandas as pd

from cutbook.catalogue.kinds.numbers import Signal
from cutbook.records import participant_of
from cutbook.vocabulary import COUNTS_ALL, TOTAL

_WORDS = "Participants newly counted"


def rows_of_signal(layer: Signal, results: pd.DataFrame, previous: pd.DataFrame | None) -> list[dict[str, object]]:
    """Return how many participants a row counts that it did not count before; nothing when that is not known.

    Parameters
    ----------
    layer : Signal
        The row.
    results, previous : results table
        Of the report at this cut, and at the previous one as published.
    """
    if previous is None or _is_untold(previous, layer):
        return []
    now, before = (_counted(table, layer) for table in (results, previous))
    new = {name: key for (place, name), key in now.items() if (place, name) not in before}
    place = {"parameter": layer.display, "variable": layer.variable, "row_words": _WORDS, "level": layer.kind}
    keys = sorted(new.values())
    return [{**place, "statistic": "n", "value": float(len(new)), "counts": COUNTS_ALL, "keys": keys}]


def _row(results: pd.DataFrame, layer: Signal) -> pd.DataFrame:
    is_row = (
        results["display"].eq(layer.display) & results["variable"].eq(layer.variable) & results["statistic"].eq("n")
    )
    return results[is_row & results["group"].isin([TOTAL, ""])]


def _is_untold(results: pd.DataFrame, layer: Signal) -> bool:
    """Return whether the row rested on something absent: who was in it then is not known."""
    return bool(_row(results, layer)["value"].isna().any())


def _counted(results: pd.DataFrame, layer: Signal) -> dict[tuple[str, str], str]:
    """Return a key of everybody who counts in the row, by parameter (matrix), where there is one, and participant."""
    shown = _row(results, layer)
    pairs = zip(shown["parameter"], shown["keys"], strict=True)
    return {(parameter, participant_of(key)): key for parameter, keys in pairs for key in keys}
