"""What changed between two transfers: new and removed records, and the fields that differ in the others."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cutbook.data.cutting.audit import stacked
from cutbook.record_names import text_of
from cutbook.records import number_of, record_keys, shared_keys

CHANGE_COLUMNS = ("DATASET", "KEY", "CHANGE", "VARIABLE", "OLD", "NEW")


def compare_records(this: Mapping[str, pd.DataFrame], other: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Return every record that is new, changed or removed in ``this`` compared with ``other``.

    Records belong together that have one name (see `cutbook.records.shared_keys`). Of several records of one name,
    equal ones belong together, then the first of the rest by content with the first, and so on. Values are compared as
    values: blanks at the end of text do not count, a missing value equals an empty one, numbers are equal to 15
    significant digits, and a number equals the text that writes it. A column that only one of the two has is missing
    in the other; a dataset that only one has is new, or removed, record by record.

    Parameters
    ----------
    this, other : mapping of str to frame
        Datasets by lower-case name: of the transfer read now, and of the one to compare with.

    Returns
    -------
    frame of str
        DATASET, KEY (in ``this``; of a removed record in ``other``), CHANGE (``new``, ``changed``, ``removed``),
        VARIABLE, OLD, NEW: one row a new or removed record, the last three empty; one row a changed field. Datasets in
        the order of ``this``, then those only in ``other``; records in the order of ``this``, then the removed ones in
        that of ``other``; fields in the order of the columns.
    """
    keys = [{name: record_keys(name, frame) for name, frame in side.items()} for side in (this, other)]
    return compare_keyed(this, other, keys[0], keys[1])


def compare_keyed(
    this: Mapping[str, pd.DataFrame],
    other: Mapping[str, pd.DataFrame],
    these: Mapping[str, pd.Series],
    others: Mapping[str, pd.Series],
) -> pd.DataFrame:
    """Return what `compare_records` returns, of parts of datasets, whose keys are those of the whole ones.

    Parameters
    ----------
    this, other : mapping of str to frame
        Some records of each dataset.
    these, others : mapping of str to Series of str
        Their keys, in their order, as `cutbook.records.record_keys` gives them for the whole datasets.
    """
    names = [*this, *(name for name in other if name not in this)]
    parts = []
    for name in names:
        sides = _sides(_records(name, this, these), _records(name, other, others))
        parts.append(_changes(*sides).assign(DATASET=name))
    return stacked(parts, CHANGE_COLUMNS)


@dataclass(frozen=True)
class _Records:
    """Records of one dataset, their keys, and the names by which records of two transfers belong together.

    All three have one index, which numbers the records.
    """

    frame: pd.DataFrame
    keys: pd.Series
    names: pd.Series

    def only(self, is_chosen: pd.Series | NDArray[np.bool_]) -> _Records:
        """Return some of the records, numbered anew."""
        keys, names = (part[is_chosen].reset_index(drop=True) for part in (self.keys, self.names))
        return _Records(self.frame[is_chosen].reset_index(drop=True), keys, names)

    def with_columns(self, columns: pd.Index) -> _Records:
        """Return the records with these columns, those they lack missing."""
        return replace(self, frame=self.frame.reindex(columns=columns))

    def contents(self) -> pd.MultiIndex:
        """Return name and content of each record; equal ones are numbered, so that no two are the same."""
        content = pd.util.hash_pandas_object(self.frame, index=False)
        pairs = pd.DataFrame({"NAME": self.names, "CONTENT": content})
        return pd.MultiIndex.from_frame(pairs.assign(TURN=pairs.groupby(["NAME", "CONTENT"], sort=False).cumcount()))

    def turns(self) -> pd.MultiIndex:
        """Return the name of each record, and its place by content among those of that name."""
        place = number_of(self.keys).sort_values(kind="stable").groupby(self.names, sort=False).cumcount()
        return pd.MultiIndex.from_arrays([self.names, place.sort_index()])


def _records(name: str, frames: Mapping[str, pd.DataFrame], keys: Mapping[str, pd.Series]) -> _Records | None:
    if name not in frames:
        return None
    frame = frames[name].reset_index(drop=True)
    return _Records(frame, keys[name].reset_index(drop=True), shared_keys(name, frame))


def _sides(this: _Records | None, other: _Records | None) -> tuple[_Records, _Records]:
    """Return both with the same columns, an absent one without records."""
    known = [records for records in (this, other) if records is not None]
    columns = pd.Index(dict.fromkeys(column for records in known for column in records.frame.columns))
    empty = known[0].only(np.zeros(len(known[0].frame), dtype=bool))
    now, before = (empty if records is None else records for records in (this, other))
    return now.with_columns(columns), before.with_columns(columns)


def _changes(this: _Records, other: _Records) -> pd.DataFrame:
    """Return the changes of one dataset."""
    now, before = _unlike(this, other)
    place = before.turns().get_indexer(now.turns())
    is_new = place == -1
    is_removed = ~np.isin(np.arange(len(before.frame)), place)
    common = now.frame[~is_new]
    fields = _fields(common, before.frame.iloc[place[~is_new]].set_axis(common.index), now.keys)
    records = pd.concat([fields, _whole(now.keys[is_new], "new")]).sort_index(kind="stable")
    return pd.concat([records, _whole(before.keys[is_removed], "removed")])


def _unlike(this: _Records, other: _Records) -> tuple[_Records, _Records]:
    """Return the records of which the other side has none with this name and content."""
    contents = this.contents(), other.contents()
    return this.only(~contents[0].isin(contents[1])), other.only(~contents[1].isin(contents[0]))


def _whole(keys: pd.Series, change: str) -> pd.DataFrame:
    return pd.DataFrame({"KEY": keys, "CHANGE": change, "VARIABLE": "", "OLD": "", "NEW": ""}, index=keys.index)


def _fields(now: pd.DataFrame, before: pd.DataFrame, keys: pd.Series) -> pd.DataFrame:
    """Return KEY, CHANGE, VARIABLE, OLD and NEW of each value that differs between records of the same index."""
    found = {name: _differing(now[name], before[name]) for name in now.columns}
    parts = [part.assign(VARIABLE=name) for name, part in found.items() if part is not None]
    fields = pd.concat([_whole(keys.iloc[:0], "changed"), *parts]).sort_index(kind="stable")
    return fields.assign(KEY=keys.loc[fields.index], CHANGE="changed")


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
