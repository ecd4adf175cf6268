"""Records of SDTM datasets: their columns, whether delivered or not, flags, and what is known of their participants."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from cutbook.columns import Datasets, dataset_or_empty, look_up, number_column, text_column
from cutbook.record_names import text_of

__all__ = [
    "Datasets", "dataset_or_empty", "has_value", "look_up", "number_column", "or_number", "prefix", "text_column",
    "with_participant", "yes", "yes_no",
]  # fmt: skip


def prefix(dataset: str) -> str:
    """Return the letters that begin the variables of a dataset.

    Examples
    --------
    >>> prefix("lb"), prefix("qsal")
    ('LB', 'QS')
    """
    return dataset[:2].upper()


def or_number(text: pd.Series, numbers: pd.Series) -> pd.Series:
    """Return the text of each result, or its number where there is no text; missing where there is neither.

    Examples
    --------
    >>> or_number(pd.Series(["<0.5", None, None]), pd.Series([None, 2.5, None])).tolist()
    ['<0.5', '2.5', nan]
    """
    written = text_of(numbers)
    return text.astype("str").fillna(written.mask(written.eq("")))


def yes_no(is_true: pd.Series) -> pd.Series:
    """Return ``Y`` where true and ``N`` elsewhere."""
    return pd.Series(np.where(is_true.to_numpy(dtype=bool), "Y", "N"), index=is_true.index, dtype="str")


def yes(is_true: pd.Series) -> pd.Series:
    """Return ``Y`` where true and missing elsewhere: the form of an analysis flag."""
    return yes_no(is_true).where(is_true)


def has_value(frame: pd.DataFrame, name: str) -> bool:
    """Return whether a column is there and any record has a value of it."""
    return name in frame and bool(frame[name].notna().any())


def with_participant(records: pd.DataFrame, adsl: pd.DataFrame, columns: Sequence[str]) -> pd.DataFrame:
    """Return the records with columns of their participant; each record keeps its place and its index."""
    known = adsl[["USUBJID", *columns]]
    joined = records.merge(known, on="USUBJID", how="left", validate="many_to_one")
    return joined.set_axis(records.index, axis="index")
