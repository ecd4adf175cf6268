"""What changed between two transfers: new and removed records, and the fields that differ in the others."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from cutbook.data.audit import record_keys, stacked, text_of

CHANGE_COLUMNS = ("DATASET", "KEY", "CHANGE", "VARIABLE", "OLD", "NEW")

_TRIAL_KEYS = {
    "ta": ("ARMCD", "TAETORD"),
    "td": ("TDORDER",),
    "te": ("ETCD",),
    "ti": ("IETESTCD", "TIVERS"),
    "ts": ("TSPARMCD", "TSSEQ"),
    "tv": ("ARMCD", "VISITNUM"),
}
"""What tells the records of trial-level datasets apart, which have no participant."""


def compare_records(this: Mapping[str, pd.DataFrame], other: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Return every record that is new, changed or removed in ``this`` compared with ``other``.

    Records are told apart by their keys. Of several records with one key, equal ones belong together, then the first
    of the rest with the first, and so on. Values are compared as values: blanks at the end of text do not count, a
    missing value equals an empty one, numbers are equal to 15 significant digits, and a number equals the text that
    writes it. A column that only one of the two has is missing in the other; a dataset that only one has is new, or
    removed, record by record.

    Parameters
    ----------
    this, other : mapping of str to frame
        Datasets by lower-case name: of the transfer read now, and of the one to compare with.

    Returns
    -------
    frame of str
        DATASET, KEY, CHANGE (``new``, ``changed``, ``removed``), VARIABLE, OLD, NEW: one row a new or removed record,
        the last three empty; one row a changed field. Datasets in the order of ``this``, then those only in
        ``other``; records in the order of ``this``, then the removed ones in that of ``other``; fields in the order of
        the columns.
    """
    names = [*this, *(name for name in other if name not in this)]
    return stacked([_changes(name, this.get(name), other.get(name)) for name in names], CHANGE_COLUMNS)


def _changes(name: str, this: pd.DataFrame | None, other: pd.DataFrame | None) -> pd.DataFrame:
    """Return the changes of one dataset."""
    now, before = _unlike(name, *_both(this, other))
    place = _numbered(before["KEY"]).get_indexer(_numbered(now["KEY"]))
    is_new = place == -1
    is_removed = ~np.isin(np.arange(len(before)), place)
    common = now[~is_new]
    fields = _fields(common, before.iloc[place[~is_new]].set_axis(common.index))
    records = pd.concat([fields, _whole(now["KEY"][is_new], "new")]).sort_index(kind="stable")
    return pd.concat([records, _whole(before["KEY"][is_removed], "removed")]).assign(DATASET=name)


def _both(this: pd.DataFrame | None, other: pd.DataFrame | None) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return both frames, an absent one without records."""
    known = [frame for frame in (this, other) if frame is not None]
    now = known[0].iloc[:0] if this is None else this
    before = known[0].iloc[:0] if other is None else other
    return now, before


def _unlike(name: str, this: pd.DataFrame, other: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the records of which the other frame has none with this key and content, with KEY as a further column."""
    columns = pd.Index(dict.fromkeys([*this.columns, *other.columns]))
    now, before = (frame.reindex(columns=columns).reset_index(drop=True) for frame in (this, other))
    keys = [pd.Series(_keys(name, frame), name="KEY").reset_index(drop=True) for frame in (this, other)]
    contents = [pd.util.hash_pandas_object(frame, index=False).rename("CONTENT") for frame in (now, before)]
    places = [_numbered(key, content) for key, content in zip(keys, contents, strict=True)]
    is_alike = [places[0].isin(places[1]), places[1].isin(places[0])]
    rest = [
        frame.assign(KEY=key)[~alike].reset_index(drop=True)
        for frame, key, alike in zip((now, before), keys, is_alike, strict=True)
    ]
    return rest[0], rest[1]


def _keys(name: str, frame: pd.DataFrame) -> pd.Series:
    if "USUBJID" in frame:
        return record_keys(name, frame)
    keys = pd.Series(name, index=frame.index, dtype="str")
    for variable in _TRIAL_KEYS.get(name, ()):
        if variable in frame:
            keys = keys.str.cat("/" + text_of(frame[variable]).str.strip())
    return keys


def _numbered(*parts: pd.Series) -> pd.MultiIndex:
    """Return an index of these values, equal ones numbered so that no two are the same."""
    frame = pd.concat(parts, axis=1)
    return pd.MultiIndex.from_frame(frame.assign(TURN=frame.groupby(list(frame.columns), sort=False).cumcount()))


def _whole(keys: pd.Series, change: str) -> pd.DataFrame:
    return pd.DataFrame({"KEY": keys, "CHANGE": change, "VARIABLE": "", "OLD": "", "NEW": ""}, index=keys.index)


def _fields(now: pd.DataFrame, before: pd.DataFrame) -> pd.DataFrame:
    """Return KEY, CHANGE, VARIABLE, OLD and NEW of each value that differs between records of the same index."""
    names = [name for name in now.columns if name != "KEY"]
    found = {name: _differing(now[name], before[name]) for name in names}
    parts = [part.assign(VARIABLE=name) for name, part in found.items() if part is not None]
    fields = pd.concat([_whole(now["KEY"].iloc[:0], "changed"), *parts]).sort_index(kind="stable")
    return fields.assign(KEY=now["KEY"].loc[fields.index], CHANGE="changed")


def _differing(now: pd.Series, before: pd.Series) -> pd.DataFrame | None:
    """Return OLD and NEW, as text, where two columns of one index differ in value; None where they do not."""
    if now.dtype == before.dtype:
        is_other = now.ne(before) & ~(now.isna() & before.isna())
    else:
        is_other = _as_text(now).ne(_as_text(before))
    if not is_other.any():
        return None
    old, new = (text_of(column[is_other]).str.rstrip() for column in (before, now))
    return pd.DataFrame({"OLD": old, "NEW": new})[old != new]


def _as_text(column: pd.Series) -> pd.Series:
    """Return the values as text, each that writes a number in the one way that numbers are written."""
    text = text_of(column)
    number = pd.to_numeric(text, errors="coerce").astype("float64")
    return text.mask(number.notna(), text_of(number))
