"""Columns of records, whether delivered or not, what is known of each key, and ordered rules."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TypeAlias

import numpy as np
import pandas as pd

from cutbook.record_names import text_of

Datasets: TypeAlias = Mapping[str, pd.DataFrame]

Rule: TypeAlias = "tuple[pd.Series, pd.Series | str | bool]"

_NOBODY = pd.DataFrame({"USUBJID": pd.Series(dtype="str")})


def dataset_or_empty(datasets: Datasets, name: str) -> pd.DataFrame:
    """Return a dataset, or one without rows where it was not delivered."""
    return datasets.get(name, _NOBODY)


def text_column(frame: pd.DataFrame, name: str) -> pd.Series:
    """Return a column as text, blank as missing; all missing where the column was not delivered."""
    if name not in frame:
        return pd.Series(index=frame.index, dtype="str")
    text = text_of(frame[name])
    return text.mask(text.eq(""))


def number_column(frame: pd.DataFrame, name: str) -> pd.Series:
    """Return a column as float64; all missing where the column was not delivered.

    Text that is no number is missing, and so is a word for infinity (``inf``), which no measurement gives.
    """
    if name not in frame:
        return pd.Series(np.nan, index=frame.index)
    numbers = pd.to_numeric(frame[name], errors="coerce").astype("float64")
    return numbers.where(np.isfinite(numbers))


def look_up(keys: pd.Series, values: pd.Series) -> pd.Series:
    """Return the value that belongs to each key, of the type of ``values`` even when there is none at all.

    Parameters
    ----------
    keys : Series
        What to look up.
    values : Series
        Its index holds each key once.
    """
    return values.reindex(keys.to_numpy()).set_axis(keys.index)


def first_match(rules: Sequence[Rule], otherwise: pd.Series) -> pd.Series:
    """Return the value of the first rule that applies to each row, ``otherwise`` where none does.

    Parameters
    ----------
    rules : sequence of (Series of bool, value)
        In order of precedence; a value is one for all rows or a Series.
    otherwise : Series
        Values where no rule applies; its index and type are those of the answer.

    Examples
    --------
    >>> score = pd.Series([1, 5, 9])
    >>> first_match([(score > 7, "high"), (score > 3, "middle")], pd.Series("low", score.index)).tolist()
    ['low', 'middle', 'high']
    """
    decided = otherwise
    for applies, value in reversed(rules):
        decided = decided.mask(applies, value)
    return decided
