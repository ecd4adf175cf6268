"""Sums of items of one moment, for example the domains of a questionnaire."""

from __future__ import annotations

import pandas as pd

_MOMENT = ["USUBJID", "VISITNUM", "ADT", "ADTM"]


def sums_of_items(records: pd.DataFrame) -> pd.DataFrame:
    """Return one record a participant and moment: the sum of its items.

    Parameters
    ----------
    records : DataFrame
        Answer of `collected_findings`, every item a PARAMCD.

    Returns
    -------
    DataFrame
        The record of the first item of each moment with the sum as AVAL. Where an item has no value, or two, there is
        no sum: AVAL is missing and IS_USABLE false, for a sum of fewer items is another scale.
    """
    items = records["PARAMCD"].nunique()
    known = records[records["IS_USABLE"] & records["AVAL"].notna()]
    found = known.groupby(_MOMENT, dropna=False).agg(
        SUM=("AVAL", "sum"), ITEMS=("PARAMCD", "nunique"), N=("AVAL", "size")
    )
    first = records.drop_duplicates(_MOMENT)
    joined = first.merge(found.reset_index(), on=_MOMENT, how="left").set_axis(first.index, axis="index")
    is_whole = joined["ITEMS"].eq(items) & joined["N"].eq(items)
    total = joined["SUM"].where(is_whole)
    text = total.map("{:g}".format, na_action="ignore").astype("str")
    return joined.assign(AVAL=total, AVALC=text, IS_USABLE=is_whole).drop(columns=["SUM", "ITEMS", "N"])
