"""Several results of one moment: one stands for the replicates, those of other positions and specimens stay apart."""

from __future__ import annotations

import numpy as np
import pandas as pd

from cutbook.parameters.study.analyses import Replicates

_PLACE = ["USUBJID", "PARAMCD", "ADT", "VISITNUM", "ATPT", "POS", "SPEC"]


def with_replicates(records: pd.DataFrame, rule: Replicates | None) -> pd.DataFrame:
    """Return the results with one of each moment that stands for the others, which are no longer usable.

    Parameters
    ----------
    records : DataFrame
        USUBJID, PARAMCD, AVAL, ADT, ADTM, VISITNUM, ATPT, POS, SPEC, REPNUM, SEQ, IS_FLAGGED, IS_USABLE.
    rule : str or None
        ``mean``, ``first`` or ``last`` of the results of one moment, numbered as replicates or not; None: the mean of
        those numbered as replicates.

    Returns
    -------
    DataFrame
        The records with AVAL, IS_USABLE and IS_FLAGGED (where one of the moment is flagged). Results of one moment have
        day, visit, time point, position and specimen in common; those that are not numbered as replicates the time as
        well. A mean stands in the record of the first.
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


def apart_by(records: pd.DataFrame, name: str) -> pd.DataFrame:
    """Return the results with a parameter of its own for each position or specimen where it was taken in several.

    Parameters
    ----------
    records : DataFrame
        PARAMCD, PARAM, POS and SPEC (missing where they are not stated).
    name : str
        ``POS`` or ``SPEC``.

    Returns
    -------
    DataFrame
        PARAMCD with the position or specimen behind it (``SYSBP-STANDING``, ``GLUC-URINE``), and PARAM with its word. A
        position that is not stated stays with the parameter, of which it is said. The specimen of most results keeps
        the code, by which criteria know it, and one that is not stated belongs to it. A parameter in one only stays as
        it is.
    """
    stated = records[name]
    is_apart = stated.notna() & records.groupby("PARAMCD")[name].transform("nunique").gt(1)
    is_open = stated.isna() & records.groupby("PARAMCD")[name].transform("nunique").gt(1)
    if name == "SPEC":
        is_apart &= stated.ne(records["PARAMCD"].map(_most_frequent(records, name)))
        is_open &= False
    words = pd.Series(np.where(is_open, "position not stated", ""), index=records.index, dtype="str")
    words = words.mask(is_apart, stated.str.lower())
    behind = stated.str.replace(r"\W+", "-", regex=True)
    return records.assign(
        PARAMCD=records["PARAMCD"].mask(is_apart, records["PARAMCD"] + "-" + behind),
        PARAM=records["PARAM"].mask(words.ne(""), records["PARAM"] + ", " + words),
    )


def _most_frequent(records: pd.DataFrame, name: str) -> pd.Series:
    """Return the value that most records of each parameter have, of several the first by the alphabet."""
    sizes = records.groupby(["PARAMCD", name], as_index=False).size()
    ordered = sizes.sort_values(["PARAMCD", "size", name], ascending=[True, False, True], kind="stable")
    return ordered.drop_duplicates("PARAMCD").set_index("PARAMCD")[name]
