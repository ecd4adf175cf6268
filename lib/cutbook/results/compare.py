"""What changed between two results tables."""

from __future__ import annotations

import pandas as pd

from cutbook.results.table import KEY_COLUMNS

CHANGES = ("new", "gone", "changed", "N changed", "unchanged")
"""Classes of :func:`compare_results`."""

_RELATIVE = 1e-12


def compare_results(this: pd.DataFrame, previous: pd.DataFrame) -> pd.DataFrame:
    """Return every statistic of two results tables side by side with the class of its change.

    Parameters
    ----------
    this, previous : results table
        The cut read now and the one to compare with.

    Returns
    -------
    frame
        The key columns, ``value`` and ``previous`` (float64), ``text`` and ``previous_text``, ``unit`` and ``change``:
        ``new`` (only in this), ``gone`` (only in the previous), ``changed``, ``unchanged``, and ``N changed`` for a
        percentage that moved although its count did not. Values equal to 12 significant figures are unchanged. Rows in
        the order of ``this``, gone ones last.
    """
    keys = list(KEY_COLUMNS)
    shown = [*keys, "value", "text", "unit"]
    old = previous[shown].rename(columns={"value": "previous", "text": "previous_text", "unit": "previous_unit"})
    now = this[shown].assign(_row=range(len(this)))
    both = now.merge(old, on=keys, how="outer", indicator=True, validate="one_to_one")
    both = both.sort_values("_row", kind="stable", ignore_index=True)
    both["change"] = _classes(both)
    both.loc[_is_moved_by_total(both), "change"] = "N changed"
    both[["text", "previous_text"]] = both[["text", "previous_text"]].fillna("")
    both["unit"] = both["unit"].fillna(both["previous_unit"])
    columns = [*keys, "value", "previous", "text", "previous_text", "unit", "change"]
    return both[columns]


def _classes(both: pd.DataFrame) -> pd.Series:
    value, previous = both["value"], both["previous"]
    is_close = (value - previous).abs() <= _RELATIVE * previous.abs()
    is_same = is_close | (value.isna() & previous.isna())
    classes = is_same.map({True: "unchanged", False: "changed"})
    return classes.mask(both["_merge"].eq("left_only"), "new").mask(both["_merge"].eq("right_only"), "gone")


def _is_moved_by_total(both: pd.DataFrame) -> pd.Series:
    place = [both[key] for key in KEY_COLUMNS if key != "statistic"]
    is_kept = both["statistic"].eq("n") & both["change"].eq("unchanged")
    has_same_count = is_kept.groupby(place).transform("any").astype("bool")
    return both["statistic"].eq("pct") & both["change"].eq("changed") & has_same_count
