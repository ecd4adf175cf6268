"""What names a record that has no sequence number: what it is about, and where or when it was collected."""

from __future__ import annotations

import re
from collections.abc import Sequence

import pandas as pd

_ABOUT = (
    ("[A-Z]{2}TESTCD", "PARAMCD", "[A-Z]{2}TERM", "[A-Z]{2}TRT", "[A-Z]{2}DECOD", "ETCD"),
    ("[A-Z]{2}OBJ",),
    ("[A-Z]{2}CAT", r"PARCAT\d?"),
    ("[A-Z]{2}SPEC", "MATRIX"),
    ("VISITNUM", "VISIT"),
    ("AVISITN", "AVISIT"),
    ("[A-Z]{2}TPTNUM", "ATPTN", "[A-Z]{2}TPT", "ATPT", "NOMTIME"),
    ("DTYPE",),
)
"""Variables that name a record without a number: topic, object, category, specimen, visits, time point, derivation."""

_VISITS = (4, 5)
"""Places of the visits among them; a record of a visit is not named by its date, which may be corrected."""

BEGAN = ("[A-Z]{2}STDTC", "[A-Z]{2}DTC", "ASTDTM?", "ADTM?")

_ESCAPES = (("%", "%25"), ("/", "%2F"), ("#", "%23"))


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


def subject_matter(frame: pd.DataFrame) -> pd.Series:
    """Return topic, category, specimen, visit and time point, without a visit the date, as far as they are known."""
    parts = [_first_stated(frame, patterns) for patterns in _ABOUT]
    name = pd.Series("", index=frame.index, dtype="str")
    has_visit = pd.concat([parts[place].ne("") for place in _VISITS], axis="columns").any(axis="columns")
    parts.append(_first_stated(frame, BEGAN).mask(has_visit, ""))
    for part in parts:
        name = name.str.cat(("," + part).mask(part.eq(""), ""))
    return name.str.removeprefix(",")


def _first_stated(frame: pd.DataFrame, patterns: Sequence[str]) -> pd.Series:
    """Return the first value that is not empty among the variables of these names."""
    found = pd.Series("", index=frame.index, dtype="str")
    for pattern in patterns:
        for name in sorted(name for name in frame.columns if re.fullmatch(pattern, name)):
            found = found.mask(found.eq(""), part(frame, name))
    return found


def part(frame: pd.DataFrame, name: str) -> pd.Series:
    """Return a variable as part of a key; empty where it is missing or not there."""
    if name not in frame:
        return pd.Series("", index=frame.index, dtype="str")
    text = text_of(frame[name])
    if pd.api.types.is_numeric_dtype(frame[name]):
        return text
    for sign, written in _ESCAPES:
        text = text.str.replace(sign, written, regex=False)
    return text.str.strip()
