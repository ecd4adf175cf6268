"""Dates far beyond all others of a transfer: a year typed wrong takes a record out of every cut in silence."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import pandas as pd

from cutbook.data.checks.records import ON_FIRST_LINES, Issue, kind_issue
from cutbook.dates import earliest

_GAP = pd.Timedelta(days=183)
_FEWEST_DATES = 20
_MOST_FAR, _MOST_SHARE = 3, 0.002
_KIND = "Dated more than half a year after all other dates of the transfer"
_RULE = "counted as they are dated, so in no cut before"


def year_issues(datasets: Mapping[str, pd.DataFrame]) -> Iterator[Issue]:
    """Return one issue a dataset with records dated long after everything else; few, else the study went on."""
    dated = _dates(datasets)
    last = _last_of_the_others(dated["DAY"])
    for dataset, own in dated[dated["DAY"].gt(last)].groupby("DATASET", sort=False):
        frame = datasets[str(dataset)]
        is_far = pd.Series(frame.index.isin(own["ROW"]), index=frame.index)
        yield from kind_issue(
            (str(dataset), str(own["VARIABLE"].iloc[0])), frame, is_far, (_KIND, _RULE), ON_FIRST_LINES
        )


def _dates(datasets: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Return every collected date, one row a date: DATASET, VARIABLE, ROW, DAY, the earliest that it can mean."""
    parts = [
        pd.DataFrame({"DATASET": name, "VARIABLE": variable, "ROW": frame.index, "DAY": earliest(frame[variable])})
        for name, frame in datasets.items()
        if "USUBJID" in frame
        for variable in frame.columns
        if str(variable).endswith("DTC") and pd.api.types.is_string_dtype(frame[variable])
    ]
    if not parts:
        return pd.DataFrame({"DATASET": [], "VARIABLE": [], "ROW": [], "DAY": pd.Series([], dtype="datetime64[s]")})
    return pd.concat(parts, ignore_index=True).dropna(subset="DAY")


def _last_of_the_others(days: pd.Series) -> pd.Timestamp:
    """Return the last day before a gap that few days lie beyond; the last day of all where there is none."""
    ordered = days.sort_values(ignore_index=True)
    if len(ordered) < _FEWEST_DATES:
        return pd.Timestamp.max
    few = max(_MOST_FAR, int(_MOST_SHARE * len(ordered)))
    gaps = ordered.diff().iloc[-few:]
    far = gaps.index[gaps.gt(_GAP)]
    return pd.Timestamp(ordered[far[0] - 1]) if len(far) else pd.Timestamp.max
