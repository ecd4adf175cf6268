"""Summary statistics by treatment group: the other building block of the displays."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from cutbook.results.counting import Groups
from cutbook.stats.descriptive import DESCRIPTIVE, summaries

_ONE_VALUE = "one value only"
_NO_VALUE = "no values"


def summary_rows(
    records: pd.DataFrame,
    by: Sequence[str],
    groups: Groups,
    *,
    value: str = "AVAL",
    statistics: Sequence[str] = DESCRIPTIVE,
) -> pd.DataFrame:
    """Return the summary statistics of ``value`` for every row and column.

    Parameters
    ----------
    records : frame
        One row a participant and cell: USUBJID, the columns of ``by`` and ``value`` (missing values do not count),
        KEY, ``unit`` and ``decimals``.
    by : sequence of str
        Result columns that name the rows (``parameter``, ``variable``, ``visit``...), in order of first appearance.
    groups : Groups
        Columns.
    statistics : sequence of str
        Some of n, mean, sd, median, q1, q3, min, max.

    Returns
    -------
    frame
        Rows for a results table. A group without values gets n 0 and missing statistics with the reason; n carries the
        keys of the records behind it.
    """
    rows = records[list(by)].drop_duplicates().reset_index(drop=True)
    joined = records.merge(groups.members, on="USUBJID", how="inner")
    joined["GROUP"] = joined["GROUP"].astype("str")
    found = summaries(joined, [*by, "GROUP"], value).reset_index()
    grid = rows.merge(pd.DataFrame({"GROUP": groups.labels}), how="cross")
    full = grid.merge(found, on=[*by, "GROUP"], how="left", validate="one_to_one")
    full["n"] = full["n"].fillna(0)
    if "KEY" in records:
        full = full.merge(keys_behind(joined[joined[value].notna()], [*by, "GROUP"]), on=[*by, "GROUP"], how="left")
    extra = [column for column in ("unit", "decimals") if column in records]
    if extra:
        described = records[[*by, *extra]].drop_duplicates(list(by))
        full = full.merge(described, on=list(by), how="left", validate="many_to_one")
    return _long(full.rename(columns={"GROUP": "group"}), [*by, "group", *extra], statistics)


def keys_behind(records: pd.DataFrame, by: Sequence[str]) -> pd.DataFrame:
    """Return the columns ``by`` and ``keys``: the list of KEY of every group of records, in their order."""
    numbers = records.groupby(list(by), sort=False, dropna=False).ngroup().to_numpy()
    order = np.argsort(numbers, kind="stable")
    starts = np.flatnonzero(np.diff(numbers[order], prepend=-1))
    keys = records["KEY"].astype("object").to_numpy()[order]
    lists = pd.Series([part.tolist() for part in np.split(keys, starts[1:])] if len(starts) else [], dtype="object")
    first = records[list(by)].iloc[order[starts]].reset_index(drop=True)
    return first.assign(keys=lists)


def _long(full: pd.DataFrame, place: list[str], statistics: Sequence[str]) -> pd.DataFrame:
    full["_row"] = range(len(full))
    long = full.melt(id_vars=[*place, "_row"], value_vars=list(statistics), var_name="statistic", value_name="value")
    counts = full.set_index("_row")["n"].reindex(long["_row"]).to_numpy()
    if "keys" in full:
        is_count = long["statistic"].eq("n")
        lists = full.set_index("_row")["keys"].reindex(long["_row"]).set_axis(long.index)
        long["keys"] = lists.where(is_count, None)
    long["reason"] = ""
    long.loc[long["value"].isna(), "reason"] = _ONE_VALUE
    long.loc[long["value"].isna() & (counts == 0), "reason"] = _NO_VALUE
    return long.sort_values("_row", kind="stable").drop(columns="_row").reset_index(drop=True)
