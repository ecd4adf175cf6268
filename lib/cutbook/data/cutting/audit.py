"""The read-out of a cut: the lists of what was removed, changed and kept with a remark."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from cutbook.records import keys_of_some

REMOVED_COLUMNS = ("DATASET", "KEY", "ROW", "VARIABLE", "VALUE", "REASON")
MODIFIED_COLUMNS = ("DATASET", "KEY", "ROW", "VARIABLE", "OLD", "NEW", "REASON")
AUDIT_COLUMNS = ("DATASET", "RULE", "BEFORE", "AFTER", "REMOVED", "MODIFIED")

_WHOLE_NUMBERS = ("ROW", "BEFORE", "AFTER", "REMOVED", "MODIFIED")


def listed(name: str, frame: pd.DataFrame, flags: pd.DataFrame) -> pd.DataFrame:
    """Return the flagged records of one dataset for the read-out.

    Parameters
    ----------
    name : str
        Dataset, lower case.
    frame : frame
        Its records before the cut.
    flags : frame
        Index: labels of ``frame``, perhaps repeated; any columns.

    Returns
    -------
    frame
        DATASET, KEY, ROW (1 for the first record of the file) and the columns of ``flags``; sorted by ROW.
    """
    is_flagged = pd.Series(frame.index.isin(flags.index), index=frame.index)
    keys = keys_of_some(name, frame, is_flagged)
    place = pd.DataFrame({"DATASET": name, "KEY": keys.loc[flags.index], "ROW": flags.index + 1}, index=flags.index)
    return pd.concat([place, flags], axis=1).sort_values("ROW", kind="stable")


def stacked(frames: Sequence[pd.DataFrame], columns: Sequence[str]) -> pd.DataFrame:
    """Return the frames as one with these columns, counts and row numbers whole, all else text; empty when none."""
    frame = pd.concat([pd.DataFrame(columns=list(columns)), *frames], ignore_index=True)[list(columns)]
    return frame.astype({name: "int64" if name in _WHOLE_NUMBERS else "str" for name in columns})
