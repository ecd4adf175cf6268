"""Ordered rules: the first one that applies to a record decides."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias

import pandas as pd

Rule: TypeAlias = "tuple[pd.Series, pd.Series | str | bool]"


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
