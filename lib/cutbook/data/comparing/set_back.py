"""Records of the past set back: what a cut would hold, had a record not been corrected, entered late or withdrawn."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from cutbook.records import Where, meets, record_keys

Frames = Mapping[str, pd.DataFrame]
Feeds = Sequence[tuple[str, Where]]
"""Datasets in order, each with the condition that its records must meet."""


@dataclass(frozen=True)
class Correction:
    """A record of the past that reads otherwise now.

    Attributes
    ----------
    dataset, key, change : str
        Its name, and ``new``, ``changed`` or ``removed``.
    fields : frame
        VARIABLE, OLD and NEW of what changed.
    """

    dataset: str
    key: str
    change: str
    fields: pd.DataFrame


def corrections(past: pd.DataFrame, feeds: Feeds, now: Frames, previous: Frames) -> list[Correction]:
    """Return the changed records of the past among those that feed an analysis, in the order of its datasets.

    Parameters
    ----------
    past : frame
        Changes of the past.
    feeds : sequence of (str, mapping)
        The records: those that meet the condition now, or met it in the previous cut.
    now, previous : mapping of str to frame
        The datasets of both cuts.
    """
    found: dict[tuple[str, str, str], Correction] = {}
    for name, where in feeds:
        own = past[past["DATASET"].eq(name)]
        if own.empty or (name not in now and name not in previous):
            continue
        met = {key for side in (now, previous) for key in _keys_that_meet(name, side, where)}
        for (key, change), fields in own[own["KEY"].isin(met)].groupby(["KEY", "CHANGE"], sort=False):
            one = Correction(name, str(key), str(change), fields)
            found.setdefault((name, one.key, one.change), one)
    return list(found.values())


def _keys_that_meet(name: str, side: Frames, where: Where) -> list[str]:
    if name not in side:
        return []
    frame = side[name]
    keys: list[str] = record_keys(name, frame)[meets(frame, where)].tolist()
    return keys


def set_back(now: Frames, previous: Frames, corrected: Sequence[Correction]) -> Frames:
    """Return the datasets of a cut with some records as the previous cut had them, and the others as they are.

    A changed record gets the values that it had, a new one is left out, and one that was removed, or moved beyond the
    previous cut-off, is as it was.
    """
    names = dict.fromkeys(item.dataset for item in corrected)
    changed = {name: _dataset(name, now, previous, [one for one in corrected if one.dataset == name]) for name in names}
    return {**now, **changed}


def _dataset(name: str, now: Frames, previous: Frames, corrected: Sequence[Correction]) -> pd.DataFrame:
    frame = now[name] if name in now else previous[name].iloc[:0]
    keys = record_keys(name, frame)
    for one in corrected:
        if one.change == "changed":
            frame = _with_old_values(frame, keys.eq(one.key), one.fields)
    kept = frame[~keys.isin([one.key for one in corrected if one.change != "changed"])]
    gone = [one.key for one in corrected if one.change == "removed"]
    if not gone:
        return kept
    before = previous[name]
    return pd.concat([kept, before[record_keys(name, before).isin(gone)]], ignore_index=True)


def _with_old_values(frame: pd.DataFrame, is_own: pd.Series, fields: pd.DataFrame) -> pd.DataFrame:
    old = {}
    for variable, text in zip(fields["VARIABLE"], fields["OLD"], strict=True):
        column = frame[variable] if variable in frame else pd.Series("", index=frame.index, dtype="str")
        if pd.api.types.is_numeric_dtype(column):
            old[variable] = column.astype("float64").mask(is_own, float(text) if text else float("nan"))
        elif pd.api.types.is_datetime64_any_dtype(column):
            old[variable] = column.mask(is_own, pd.Timestamp(text) if text else pd.NaT)
        else:
            old[variable] = column.mask(is_own, text)
    return frame.assign(**old)
