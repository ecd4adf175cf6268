"""The read-out of a cut: keys of records, and the lists of what was removed, changed and kept with a remark."""

from __future__ import annotations

import re
from collections.abc import Sequence

import pandas as pd

REMOVED_COLUMNS = ("DATASET", "KEY", "ROW", "VARIABLE", "VALUE", "REASON")
MODIFIED_COLUMNS = ("DATASET", "KEY", "ROW", "VARIABLE", "OLD", "NEW", "REASON")
AUDIT_COLUMNS = ("DATASET", "RULE", "BEFORE", "AFTER", "REMOVED", "MODIFIED")

_WHOLE_NUMBERS = ("ROW", "BEFORE", "AFTER", "REMOVED", "MODIFIED")
_SEQUENCE = re.compile(r"[A-Z]{1,2}SEQ")


def text_of(column: pd.Series) -> pd.Series:
    """Return the values as text as they would be read aloud: whole numbers without a point, missing as empty.

    Examples
    --------
    >>> text_of(pd.Series([3.0, 0.25, None])).tolist()
    ['3', '0.25', '']
    """
    if pd.api.types.is_numeric_dtype(column):
        return column.map(lambda value: f"{value:.15g}", na_action="ignore").astype("str").fillna("")
    return column.astype("str").fillna("")


def record_keys(name: str, frame: pd.DataFrame) -> pd.Series:
    """Return a key for each record: ``<dataset>/<USUBJID>`` and what tells the participant's records apart.

    That is the sequence number (``ae/01-701-1015/3``), in a supplemental dataset the parent's identifier and the
    qualifier (``suppae/01-701-1015/3/AELPREL``), in ``relrec`` the parent's domain and identifier and the relation, and
    elsewhere the visit number, where there is one.

    Parameters
    ----------
    name : str
        Dataset, lower case.
    frame : frame
        Its records; USUBJID is needed.

    Returns
    -------
    Series of str
        Same index.
    """
    keys = pd.Series(f"{name}/", index=frame.index, dtype="str").str.cat(text_of(frame["USUBJID"]))
    for variable in _key_variables(frame):
        part = text_of(frame[variable]).str.strip()
        keys = keys.str.cat(("/" + part).mask(part == "", ""))
    return keys


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
    keys = record_keys(name, frame.loc[flags.index.unique()])
    place = pd.DataFrame({"DATASET": name, "KEY": keys.loc[flags.index], "ROW": flags.index + 1}, index=flags.index)
    return pd.concat([place, flags], axis=1).sort_values("ROW", kind="stable")


def stacked(frames: Sequence[pd.DataFrame], columns: Sequence[str]) -> pd.DataFrame:
    """Return the frames as one with these columns, counts and row numbers whole, all else text; empty when none."""
    frame = pd.concat([pd.DataFrame(columns=list(columns)), *frames], ignore_index=True)[list(columns)]
    return frame.astype({name: "int64" if name in _WHOLE_NUMBERS else "str" for name in columns})


def _key_variables(frame: pd.DataFrame) -> list[str]:
    if "QNAM" in frame:
        return ["IDVARVAL", "QNAM"]
    if "RELID" in frame:
        return ["RDOMAIN", "IDVARVAL", "RELID"]
    sequence = [name for name in frame.columns if _SEQUENCE.fullmatch(name)]
    return sequence[:1] or [name for name in ("VISITNUM",) if name in frame]
