"""Records of SDTM datasets: their columns, whether delivered or not, their keys, and selections from them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TypeAlias

import numpy as np
import pandas as pd

Datasets: TypeAlias = Mapping[str, pd.DataFrame]
Where: TypeAlias = Mapping[str, Sequence[str]]

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
    column = frame[name]
    text = column.astype("str")
    if pd.api.types.is_numeric_dtype(column):
        return text.str.removesuffix(".0")
    return text.mask(text.eq(""))


def number_column(frame: pd.DataFrame, name: str) -> pd.Series:
    """Return a column as float64; all missing where the column was not delivered."""
    if name not in frame:
        return pd.Series(np.nan, index=frame.index)
    return pd.to_numeric(frame[name], errors="coerce").astype("float64")


def meets(frame: pd.DataFrame, where: Where) -> pd.Series:
    """Return True for each row in which every variable has one of its accepted values.

    Parameters
    ----------
    frame : DataFrame
        Records.
    where : mapping of str to sequence of str
        Accepted values by variable; an empty text accepts a missing value. Numbers are compared as numbers.

    Examples
    --------
    >>> meets(pd.DataFrame({"VSPOS": ["SITTING", None, "SUPINE"]}), {"VSPOS": ["SUPINE", ""]}).tolist()
    [False, True, True]
    """
    met = pd.Series(True, index=frame.index)
    for name, values in where.items():
        if name in frame and pd.api.types.is_numeric_dtype(frame[name]):
            found = frame[name].isin([float(value) for value in values if value])
        else:
            found = text_column(frame, name).isin([value for value in values if value])
        if "" in values:
            found |= text_column(frame, name).isna()
        met &= found
    return met


def record_keys(frame: pd.DataFrame, dataset: str, sequence: str = "") -> pd.Series:
    """Return the key of each record: dataset, participant and sequence number, ``ae/01-701-1015/3``.

    Parameters
    ----------
    frame : DataFrame
        USUBJID and the sequence number; where this is missing, the row in the file stands for it (``row 7``).
    dataset : str
        Name of the dataset.
    sequence : str
        Variable of the sequence number, default ``--SEQ``.
    """
    numbers = number_column(frame, sequence or f"{prefix(dataset)}SEQ")
    rows = pd.Series(frame.index, index=frame.index).add(1).astype("str")
    shown = numbers.astype("Int64").astype("str").where(numbers.notna(), "row " + rows)
    return dataset + "/" + text_column(frame, "USUBJID") + "/" + shown


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


def rounded_away_from_zero(values: pd.Series, decimals: int) -> pd.Series:
    """Return values rounded half away from zero, as SAS rounds.

    Halves that binary numbers hold a hair too low (1.005) count as halves.

    Examples
    --------
    >>> rounded_away_from_zero(pd.Series([162.56, 2.25, -2.25, 1.005]), 1).tolist()
    [162.6, 2.3, -2.3, 1.0]
    """
    scale = 10.0**decimals
    size: pd.Series = np.floor(values.abs() * scale + 0.5 + 1e-9) / scale
    return size.where(values >= 0, -size)
