"""Several results of one moment, and of several positions: one stands for the replicates, positions stay apart."""

from __future__ import annotations

import numpy as np
import pandas as pd

from cutbook.parameters.study.analyses import Replicates

_PLACE = ["USUBJID", "PARAMCD", "ADT", "VISITNUM", "ATPT", "POS"]


def with_replicates(records: pd.DataFrame, rule: Replicates | None) -> pd.DataFrame:
    """Return the results with one of each moment that stands for the others, which are no longer usable.

    Parameters
    ----------
    records : DataFrame
        USUBJID, PARAMCD, AVAL, ADT, ADTM, VISITNUM, ATPT, POS, REPNUM, SEQ, IS_FLAGGED, IS_USABLE.
    rule : str or None
        ``mean``, ``first`` or ``last`` of the results of one moment, numbered as replicates or not; None: the mean of
        those numbered as replicates.

    Returns
    -------
    DataFrame
        The records with AVAL, IS_USABLE and IS_FLAGGED (where one of the moment is flagged). Results of one moment have
        day, visit, time point and position in common; those that are not numbered as replicates the time as well. A
        mean stands in the record of the first.
    """
    own = records[records["IS_USABLE"] & records["AVAL"].notna() & (records["REPNUM"].notna() | (rule is not None))]
    moment = own["ADTM"].astype("str").mask(own["REPNUM"].notna(), "")
    ordered = own.assign(_TIME=moment).sort_values(["REPNUM", "SEQ", "KEY"])
    groups = ordered.groupby([*_PLACE, "_TIME"], dropna=False, sort=False)
    ordered = ordered[groups["AVAL"].transform("size").gt(1)]
    if ordered.empty:
        return records
    groups = ordered.groupby([*_PLACE, "_TIME"], dropna=False, sort=False)
    chosen = ~ordered.duplicated([*_PLACE, "_TIME"], keep="last" if rule == "last" else "first")
    values = ordered["AVAL"] if rule in ("first", "last") else groups["AVAL"].transform("mean")
    standing = values[chosen]
    left = ordered.index[~chosen]
    value = records["AVAL"].copy()
    value.loc[standing.index] = standing
    is_flagged = records["IS_FLAGGED"].copy()
    is_flagged.loc[standing.index] = groups["IS_FLAGGED"].transform("any")[chosen]
    is_usable = records["IS_USABLE"] & ~records.index.isin(left)
    return records.assign(AVAL=value, IS_FLAGGED=is_flagged, IS_USABLE=is_usable)


def apart_by_position(records: pd.DataFrame) -> pd.DataFrame:
    """Return the results with a parameter of its own for each position where one was taken in several.

    Parameters
    ----------
    records : DataFrame
        PARAMCD, PARAM, POS (missing where the position is not stated).

    Returns
    -------
    DataFrame
        PARAMCD with the position behind it (``SYSBP-STANDING``), and PARAM with its word. One that is not stated stays
        with the parameter, of which it is said. A parameter in one position only stays as it is.
    """
    number = records.groupby("PARAMCD")["POS"].transform("nunique")
    is_stated = records["POS"].notna() & number.gt(1)
    is_open = records["POS"].isna() & number.gt(1)
    words = pd.Series(np.where(is_open, "position not stated", ""), index=records.index, dtype="str")
    words = words.mask(is_stated, records["POS"].str.lower())
    position = records["POS"].str.replace(r"\W+", "-", regex=True)
    return records.assign(
        PARAMCD=records["PARAMCD"].mask(is_stated, records["PARAMCD"] + "-" + position),
        PARAM=records["PARAM"].mask(words.ne(""), records["PARAM"] + ", " + words),
    )
