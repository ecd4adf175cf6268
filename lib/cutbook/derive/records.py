"""Records of SDTM datasets: their columns, whether delivered or not, flags, and what is known of their participants."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TypeAlias

import numpy as np
import pandas as pd

from cutbook.record_names import text_of

Datasets: TypeAlias = Mapping[str, pd.DataFrame]

_NOBODY = pd.DataFrame({"USUBJID": pd.Series(dtype="str")})


def dataset_or_empty(datasets: Datasets, name: str) -> pd.DataFrame:
    """Return a dataset, or one without rows where it was not delivered."""
    return datasets.get(name, _NOBODY)


def prefix(dataset: str) -> str:
    """Return the letters that begin the variables of a dataset.

    Examples
    --------
    >>> prefix("lb"), prefix("qsal")
    ('LB', 'QS')
    """
    return dataset[:2].upper()


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


def yes_no(is_true: pd.Series) -> pd.Series:
    """Return ``Y`` where true and ``N`` elsewhere."""
    return pd.Series(np.where(is_true.to_numpy(dtype=bool), "Y", "N"), index=is_true.index, dtype="str")


def yes(is_true: pd.Series) -> pd.Series:
    """Return ``Y`` where true and missing elsewhere: the form of an analysis flag."""
    return yes_no(is_true).where(is_true)


def with_participant(records: pd.DataFrame, adsl: pd.DataFrame, columns: Sequence[str]) -> pd.DataFrame:
    """Return the records with columns of their participant; each record keeps its place and its index."""
    known = adsl[["USUBJID", *columns]]
    joined = records.merge(known, on="USUBJID", how="left", validate="many_to_one")
    return joined.set_axis(records.index, axis="index")


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
