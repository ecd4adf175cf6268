"""The past that changed: what a transfer tells of the time up to the previous cut-off otherwise than the one before.

The cut read now is cut once more, at the previous cut-off and with the same rules, and compared with the previous cut
as it was cut then. So what was learnt since (an end, a death, an arm, a study day that the rules set back) is no
difference. What differs is judged by `cutbook.data.comparing.past_rules.RULES`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cutbook.data.comparing.changes import compare_keyed
from cutbook.data.comparing.past_rules import PAST_COLUMNS, judged
from cutbook.data.cutting.audit import stacked
from cutbook.data.cutting.cut import CutRecords, cut_records
from cutbook.data.cutting.flags import cut_moment, first_moments, first_stated
from cutbook.data.cutting.supplemental import follows_parent
from cutbook.dates import earliest, latest_possible
from cutbook.parameters.study.data_cut import DataCut
from cutbook.record_names import text_of
from cutbook.records import participant_of, record_keys

Frames = Mapping[str, pd.DataFrame]
Keys = Mapping[str, pd.Series]

_RUNNING = re.compile(r"RF[XP]?ENDTC|TRTEDTM?|TRTDURD|EOSDT|EOSSTT|DCSREAS|LSTALVDT|DOSEN|DOSETOT|ANL\d\dFL|WORST\w*FL")
"""Dates up to which a participant is known, what is counted up to them, and flags that look at later records."""

_STATUS = re.compile(r"(?:[A-Z]{2}(?:OUT|ENRF|ENRTPT|ENTPT|DUR)|ADURN|ADURU|AOUT)")
"""How a record stands as long as it has no end, or what is counted from its end."""

_STUDY_DAY = re.compile(r"([A-Z]{1,2}(?:ST|EN)?)DY")
_DATE = re.compile(r"[A-Z]\w*(?:DTC|DTM?)")
_END = re.compile(r"[A-Z]{2}ENDTC|AENDT")
_SPREAD = np.uint64(0x9E3779B97F4A7C15)
_REFERENCES = ("RFSTDTC", "RFXSTDTC", "TRTSDT", "TRTSDTM")


def past_changes(this: CutRecords, previous: CutRecords, rules: DataCut, cutoff: str) -> pd.DataFrame:
    """Return what this cut tells of the time up to the previous cut-off otherwise than the previous cut did.

    Parameters
    ----------
    this, before : CutRecords
        The transfer read now and the previous one, each cut at its own cut-off.
    rules : DataCut
        The study's rules.
    cutoff : str
        The previous cut-off: ISO 8601 date, or date and time.

    Returns
    -------
    frame of str
        DATASET, KEY, CHANGE (``new``, ``changed``, ``removed``), VARIABLE, OLD, NEW, RULE (its sentence), in the order
        of `compare_records`. A changed field has the values as the two cuts tell them; a new or removed record
        has the date by which it is cut, where it has one. Datasets without participants, and those that the rules keep
        whole, are left out: nothing dates their records.

    Notes
    -----
    Records that read the same in both cuts are left out before anything is judged, also when what they belong to has
    moved beyond the previous cut-off: that move is listed once, where it was made.
    """
    names = [
        name for name in dict.fromkeys([*this.datasets, *previous.datasets]) if _is_cut(name, this, previous, rules)
    ]
    now, past = _unlike(names, this.datasets, previous.datasets)
    keys = _keys_of(this.datasets, now), _keys_of(previous.datasets, past)
    again, modified = _cut_again(this.datasets, now, rules, cutoff)
    sides = _unlike(names, again, past)
    changes = compare_keyed(*sides, _own(keys[0], sides[0]), _own(keys[1], sides[1]))
    if changes.empty:
        return stacked([], PAST_COLUMNS)
    told = _told(changes, modified, keys[0])
    frames = _Frames(now, past, _own(keys[0], now), _own(keys[1], past), rules, cutoff, _restarted(now, past))
    parts = [
        part.assign(**_evidence(str(name), part, frames))
        for name, part in _dated(told, frames).groupby("DATASET", sort=False)
    ]
    found = pd.concat(parts)
    found["WAS_REMOVED"] = found["KEY"].isin(previous.removed["KEY"])
    found["IS_MOVED"] |= found["CHANGE"].eq("removed") & found["KEY"].isin(this.removed["KEY"])
    return judged(found)


@dataclass(frozen=True)
class _Frames:
    """What the evidence is taken from: the unlike records of both cuts, their keys, the rules, the previous cut-off.

    And the participants whose first day differs.
    """

    now: Frames
    previous: Frames
    keys_now: Keys
    keys_previous: Keys
    rules: DataCut
    cutoff: str
    restarted: frozenset[str]

    def sides(self, name: str) -> list[tuple[pd.DataFrame | None, pd.Series | None]]:
        """Return the records of a dataset and their keys, of the previous cut and of this one."""
        return [(self.previous.get(name), self.keys_previous.get(name)), (self.now.get(name), self.keys_now.get(name))]

    def dates(self, name: str) -> list[str]:
        """Return the variables by which a dataset is cut."""
        rule = self.rules.rules.get(name)
        return list(rule.date) if rule else []

    def is_late(self, dates: pd.Series) -> pd.Series:
        """Return whether each date, read at its earliest, lies after the previous cut-off."""
        return first_moments(dates) > cut_moment(self.cutoff)


def _is_cut(name: str, this: CutRecords, previous: CutRecords, rules: DataCut) -> bool:
    rule = rules.rules.get(name)
    frames = [parts.datasets[name] for parts in (this, previous) if name in parts.datasets]
    return all("USUBJID" in frame for frame in frames) and (rule is None or rule.rule != "none")


def _unlike(names: list[str], this: Frames, other: Frames) -> tuple[dict[str, pd.DataFrame], dict[str, pd.DataFrame]]:
    """Return of both sides the records that the other does not hold word for word, by dataset that has any."""
    found: tuple[dict[str, pd.DataFrame], dict[str, pd.DataFrame]] = ({}, {})
    for name in names:
        frames = [side.get(name) for side in (this, other)]
        for side, frame in zip(found, _rest(frames[0], frames[1]), strict=True):
            if frame is not None and len(frame):
                side[name] = frame
    return found


def _keys_of(whole: Frames, chosen: Frames) -> dict[str, pd.Series]:
    """Return the keys of every record of the datasets of which some are chosen."""
    return {name: record_keys(name, whole[name]) for name in chosen}


def _own(keys: Keys, frames: Frames) -> dict[str, pd.Series]:
    """Return the keys of these records."""
    return {name: keys[name].loc[frame.index] for name, frame in frames.items()}


def _rest(this: pd.DataFrame | None, other: pd.DataFrame | None) -> tuple[pd.DataFrame | None, pd.DataFrame | None]:
    if this is None or other is None or this.empty or other.empty:
        return this, other
    columns = list(dict.fromkeys([*this.columns, *other.columns]))
    marks = [_marks(frame.reindex(columns=columns)) for frame in (this, other)]
    return this[~np.isin(marks[0], marks[1])], other[~np.isin(marks[1], marks[0])]


def _marks(frame: pd.DataFrame) -> NDArray[np.uint64]:
    """Return a number for each record that tells its content, and how many like it stand before it."""
    content = pd.util.hash_pandas_object(frame, index=False).reset_index(drop=True)
    turn = content.groupby(content).cumcount()
    return content.to_numpy("uint64") + turn.to_numpy("uint64") * _SPREAD


def _cut_again(full: Frames, now: Frames, rules: DataCut, cutoff: str) -> tuple[dict[str, pd.DataFrame], pd.DataFrame]:
    """Return the unlike records that are kept at the previous cut-off, and the values that this sets back.

    Datasets that date the entry of participants, or another dataset's roll-back, are cut whole for that.
    """
    inclusions = [item for item in (rules.included, rules.screened, rules.screen_failed) if item]
    sources = {item.dataset for item in inclusions} | {back.date_from for back in rules.roll_back}
    whole = {name: frame for name, frame in full.items() if name in sources}
    followed = _followed(now)
    early = {name: frame if name in followed else _early(name, frame, rules, cutoff) for name, frame in now.items()}
    parts = cut_records({**{name: frame for name, frame in early.items() if len(frame)}, **whole}, rules, cutoff)
    again = {name: frame for name, frame in parts.datasets.items() if name in now}
    return {name: frame[frame.index.isin(now[name].index)] for name, frame in again.items()}, parts.modified


def _followed(frames: Frames) -> set[str]:
    """Return the datasets that hold the parents of other records, whose fate those share."""
    pointers = [frame["RDOMAIN"].dropna() for frame in frames.values() if follows_parent(frame)]
    domains = {str(domain) for part in pointers for domain in part.unique()}
    named = {name: {name.upper(), *frame["DOMAIN"].dropna()} for name, frame in frames.items() if "DOMAIN" in frame}
    return {domain.lower() for domain in domains} | {name for name, own in named.items() if own & domains}


def _early(name: str, frame: pd.DataFrame, rules: DataCut, cutoff: str) -> pd.DataFrame:
    """Return the records that the dates by which a dataset is cut do not put after the previous cut-off."""
    rule = rules.rules.get(name)
    if rule is None or not rule.date or frame.empty:
        return frame
    return frame[~(first_moments(first_stated(frame, rule.date)["VALUE"]) > cut_moment(cutoff))]


def _told(changes: pd.DataFrame, modified: pd.DataFrame, keys: Keys) -> pd.DataFrame:
    """Return the changes with NEW as this cut tells it, not as it is set back to the previous cut-off.

    A part of a dataset was cut again, so its rows, not the keys of the part, tell which records were set back.
    """
    own = modified[modified["DATASET"].isin(list(keys))]
    places = zip(own["DATASET"], own["ROW"], strict=True)
    own = own.assign(KEY=pd.Series([keys[name].loc[row - 1] for name, row in places], own.index, dtype="str"))
    back = own.drop_duplicates(["KEY", "VARIABLE"]).set_index(["KEY", "VARIABLE"])["OLD"]
    place = pd.MultiIndex.from_frame(changes[["KEY", "VARIABLE"]])
    known = pd.Series(back.reindex(place).to_numpy(), index=changes.index, dtype="str")
    return changes.assign(NEW=known.fillna(changes["NEW"]))


def _dated(changes: pd.DataFrame, frames: _Frames) -> pd.DataFrame:
    """Return the changes, new and removed records with the date by which they are cut."""
    parts = []
    for key, part in changes.groupby("DATASET", sort=False):
        name = str(key)
        sides = [_cut_dates(*side, frames.dates(name)) for side in frames.sides(name)]
        is_whole = part["CHANGE"].ne("changed") & bool(frames.dates(name))
        old, new = (_looked_up(part["KEY"], side["VALUE"]) for side in sides)
        names = [_looked_up(part["KEY"], side["VARIABLE"]) for side in sides]
        stated = names[1].mask(names[1].eq(""), names[0])
        old = old.mask(part["CHANGE"].eq("new"), "")
        parts.append(
            part.assign(
                VARIABLE=part["VARIABLE"].mask(is_whole, stated),
                OLD=part["OLD"].mask(is_whole, old),
                NEW=part["NEW"].mask(is_whole, new),
            )
        )
    return pd.concat(parts)


def _cut_dates(frame: pd.DataFrame | None, keys: pd.Series | None, variables: list[str]) -> pd.DataFrame:
    """Return VARIABLE and VALUE (text) of the date by which each record is cut, by its key."""
    if frame is None or keys is None or not variables:
        return pd.DataFrame({"VARIABLE": pd.Series(dtype="str"), "VALUE": pd.Series(dtype="str")})
    stated = first_stated(frame, variables)
    stated = stated.assign(VALUE=text_of(stated["VALUE"])).set_axis(keys)
    return stated[~stated.index.duplicated()]


def _evidence(name: str, part: pd.DataFrame, frames: _Frames) -> dict[str, pd.Series]:
    """Return the truth values that the rules ask for, of the changes of one dataset."""
    is_date, dates = part["VARIABLE"].str.fullmatch(_DATE), part["NEW"].str.replace(" ", "T", n=1)
    is_late = is_date & frames.is_late(dates)
    is_cut_by_date = pd.Series(bool(frames.dates(name)), index=part.index)
    was_known = part["OLD"].ne("")
    return {
        "IS_SAME": part["OLD"].eq(part["NEW"]),
        "IS_RUNNING": part["VARIABLE"].str.fullmatch(_RUNNING),
        "IS_LATER": is_late & ~was_known,
        "IS_OPEN": part["VARIABLE"].str.fullmatch(_STATUS) & _is_open(name, part, frames),
        "IS_COUNTED": _is_counted(part, frames),
        "IS_MOVED": (is_late & was_known)
        | (part["CHANGE"].eq("removed") & part["KEY"].isin(frames.keys_now.get(name, []))),
        "IS_FILLED": is_date & ~was_known,
        "IS_UNDATED": is_cut_by_date & earliest(dates).isna(),
        "IS_PARTIAL": is_cut_by_date & (latest_possible(dates) > cut_moment(frames.cutoff)),
        "IS_DATED": is_cut_by_date,
    }


def _is_open(name: str, part: pd.DataFrame, frames: _Frames) -> pd.Series:
    """Return whether each record had no end then, and has none up to the previous cut-off now."""
    ends = [ends for side in frames.sides(name) if (ends := _ends(*side)) is not None]
    if len(ends) < len(("previous", "now")):
        return pd.Series(False, index=part.index)
    previous, now = (_looked_up(part["KEY"], side) for side in ends)
    return previous.eq("") & (now.eq("") | frames.is_late(now))


def _looked_up(keys: pd.Series, values: pd.Series) -> pd.Series:
    """Return the text that each key has among the values, empty where it has none."""
    return keys.map(values).astype("str").fillna("")


def _ends(frame: pd.DataFrame | None, keys: pd.Series | None) -> pd.Series | None:
    """Return the end (text) of each record by its key; None where the dataset has none."""
    if frame is None or keys is None:
        return None
    variables = [variable for variable in frame.columns if _END.fullmatch(variable)]
    if not variables:
        return None
    ends = text_of(frame[variables[0]]).set_axis(keys)
    return ends[~ends.index.duplicated()]


def _is_counted(part: pd.DataFrame, frames: _Frames) -> pd.Series:
    """Return whether each field is a study day of a date, or of a participant's first day, that differs too."""
    stem = part["VARIABLE"].str.extract(f"^{_STUDY_DAY.pattern}$", expand=False)
    changed = pd.MultiIndex.from_frame(part[["KEY", "VARIABLE"]])
    own = [pd.MultiIndex.from_arrays([part["KEY"], stem.fillna("") + ending]) for ending in ("DTC", "DT")]
    is_own = pd.Series(own[0].isin(changed) | own[1].isin(changed), index=part.index)
    participant = part["KEY"].map(participant_of)
    return stem.notna() & (is_own | participant.isin(frames.restarted))


def _restarted(now: Frames, previous: Frames) -> frozenset[str]:
    """Return the participants whose first day differs between the cuts."""
    found: set[str] = set()
    for name in ("dm", "adsl"):
        if name in now and name in previous:
            sides = [side[name].drop_duplicates("USUBJID").set_index("USUBJID") for side in (now, previous)]
            both = sides[0].index.intersection(sides[1].index)
            for variable in set(_REFERENCES) & set(sides[0].columns) & set(sides[1].columns):
                texts = [text_of(side.loc[both, variable]) for side in sides]
                found |= set(both[texts[0].ne(texts[1])])
    return frozenset(found)
