"""One data cut: what was not known at the cut-off is removed or set back, and an audit says what.

Every rule flags first and nothing is removed until all have spoken, so that the order of datasets does not matter:

1. a record of a participant who entered after the cut-off, and was not treated by then, is removed (all rules but
   ``none``);
2. a record dated after the cut-off is removed (rule ``date``), read at its earliest when the date is partial;
3. a record of a qualifier without a date (``undated_qualifiers``) is removed;
4. a record that belongs to a removed record (SUPP--, CO, RELREC) is removed with it, and so are the qualifiers in
   demographics of participants not yet randomised;
5. in what is kept, deaths after the cut-off are blanked, participants not yet randomised lose their arm and their
   study days (which would tell the day of the first dose), and the ``roll_back`` rules set back what was learnt later,
   first match first.

A value that carries no date of its own (severity, causality, action taken, a coded term) is as of extraction.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from cutbook.data.cutting.audit import AUDIT_COLUMNS, MODIFIED_COLUMNS, REMOVED_COLUMNS, listed, stacked
from cutbook.data.cutting.checks import check_rules
from cutbook.data.cutting.flags import (
    FLAG_COLUMNS,
    cut_moments,
    entered_by,
    entry_dates,
    flag_dates,
    flag_kept,
    flag_participants,
    flag_treated,
)
from cutbook.data.cutting.roll_back import (
    apply_changes,
    first_changes,
    flag_deaths,
    flag_roll_back,
    flag_study_days,
    flag_waiting,
)
from cutbook.data.cutting.supplemental import flag_followers, flag_unfound, flag_waiting_qualifiers, follows_parent
from cutbook.parameters.study.data_cut import CutRule, DataCut
from cutbook.records import meets

Frames = Mapping[str, pd.DataFrame]


@dataclass(frozen=True)
class CutRecords:
    """The records of a transfer after the cut, with what the cut did to them.

    Attributes
    ----------
    datasets : dict of str to frame
        The kept records; index labels are those of the transfer (row in the file less one).
    removed : frame
        DATASET, KEY, ROW, VARIABLE, VALUE, REASON, one row a record removed.
    modified : frame
        DATASET, KEY, ROW, VARIABLE, OLD, NEW, REASON, one row a value changed.
    """

    datasets: dict[str, pd.DataFrame]
    removed: pd.DataFrame
    modified: pd.DataFrame


@dataclass(frozen=True)
class CutDatasets(CutRecords):
    """A transfer after the cut, with the full account of it.

    Attributes
    ----------
    audit : frame
        DATASET, RULE (sentence), BEFORE, AFTER, REMOVED, MODIFIED (numbers of records), one row a dataset.
    kept : frame
        DATASET, KEY, ROW, VARIABLE, VALUE, REASON, one row a record kept although its date does not prove it early
        enough (no date, no year, an impossible one, one that may lie after the cut-off) or its parent is not there.
    """

    audit: pd.DataFrame
    kept: pd.DataFrame


def apply_cut(datasets: Frames, rules: DataCut, cutoff: str) -> CutDatasets:
    """Return the transfer as it was known at the cut-off, with a full account of what was removed and changed.

    Parameters
    ----------
    datasets : mapping of str to frame
        The transfer by lower-case dataset name, dates as ISO 8601 text; the index numbers the rows of the file from 0.
    rules : DataCut
        The study's rules.
    cutoff : str
        ISO 8601 date, or date and time; without a time, 23:59:59 of that day.

    Returns
    -------
    CutDatasets
        Kept datasets and the read-out. The frames given are not changed.

    Raises
    ------
    ParameterError
        The cut-off is not a possible date.
    DataError
        The rules do not fit the transfer; all faults at once.

    Notes
    -----
    Reproduces `process_cut` of the R package datacutr 0.2.4; the roll-back, screened participants and records that
    follow their parent go beyond it.
    """
    cut = _opened(datasets, rules, cutoff)
    flags, kept, changes = _decided(cut)
    records = _records(cut, flags, kept, changes)
    remarks = {name: _remarks(name, frame, flags, cut) for name, frame in kept.items()}
    return CutDatasets(
        datasets=records.datasets,
        removed=records.removed,
        modified=records.modified,
        audit=_audit(flags, changes, cut),
        kept=_listing(datasets, remarks, REMOVED_COLUMNS),
    )


def cut_records(datasets: Frames, rules: DataCut, cutoff: str) -> CutRecords:
    """Return what `apply_cut` returns, without the account of rules and of records kept with a remark.

    Parameters and errors as `apply_cut`.
    """
    cut = _opened(datasets, rules, cutoff)
    return _records(cut, *_decided(cut))


@dataclass(frozen=True)
class _Cut:
    """What every rule is asked with: transfer, rules, cut-off and the participants known by then."""

    datasets: Frames
    rules: DataCut
    cutoff: str
    moments: pd.DataFrame

    def entries(self) -> pd.Series:
        """Return the date by which each participant is, or is not, known at the cut-off; by USUBJID."""
        included = entry_dates(self.datasets, self.rules.included)
        if self.rules.screened is None:
            return included
        screened = entry_dates(self.datasets, self.rules.screened)
        return screened.combine_first(included).rename(self.rules.screened.date)

    def waiting(self) -> list[str]:
        """Return the participants screened and not yet randomised."""
        return list(self.moments.loc[self.moments["STATUS"] == "screened", "USUBJID"])

    def unassigned(self) -> list[str]:
        """Return those of them not known to have failed screening: nothing may yet tell their arm."""
        if self.rules.screen_failed is None:
            return self.waiting()
        failed = entered_by(entry_dates(self.datasets, self.rules.screen_failed), self.cutoff)
        return [name for name in self.waiting() if name not in set(failed)]

    def is_cut(self, name: str) -> bool:
        """Return whether a dataset holds participants and a rule that may remove records."""
        rule = self.rules.rules.get(name)
        return "USUBJID" in self.datasets[name] and (rule is None or rule.rule != "none")


def _opened(datasets: Frames, rules: DataCut, cutoff: str) -> _Cut:
    check_rules(datasets, rules, cutoff)
    return _Cut(datasets, rules, cutoff, cut_moments(datasets, rules, cutoff))


def _decided(cut: _Cut) -> tuple[Frames, Frames, Frames]:
    """Return by dataset the flags of removed records, the kept records as received, and the changes to them."""
    flags = _removals(cut)
    kept = {name: frame.drop(flags[name].index) for name, frame in cut.datasets.items()}
    return flags, kept, {name: _changes(name, frame, cut) for name, frame in kept.items()}


def _records(cut: _Cut, flags: Frames, kept: Frames, changes: Frames) -> CutRecords:
    return CutRecords(
        datasets={name: apply_changes(frame, changes[name]) for name, frame in kept.items()},
        removed=_listing(cut.datasets, flags, REMOVED_COLUMNS),
        modified=_listing(cut.datasets, changes, MODIFIED_COLUMNS),
    )


def _removals(cut: _Cut) -> dict[str, pd.DataFrame]:
    """Return the flag of each record that the cut removes, by dataset; of two reasons the first stands."""
    entries = cut.entries()
    flags = {}
    for name, frame in cut.datasets.items():
        found = [_no_flags(frame)]
        if cut.is_cut(name):
            rows = frame[frame["USUBJID"].notna()] if follows_parent(frame) else frame
            found.append(flag_participants(rows, cut.moments, entries, cut.cutoff))
            found += _flags_of_records(
                frame, cut.rules.rules.get(name), cut.rules.undated_qualifiers.get(name), cut.cutoff
            )
        flags[name] = _first(found)
    removed = {name: found.index for name, found in flags.items()}
    for name, frame in cut.datasets.items():
        if follows_parent(frame) and cut.is_cut(name):
            undated = flag_waiting_qualifiers(frame, "DM", cut.unassigned(), cut.cutoff)
            flags[name] = _first([flags[name], flag_followers(frame, cut.datasets, removed), undated])
    return flags


def _flags_of_records(
    frame: pd.DataFrame, rule: CutRule | None, qualifiers: list[str] | None, cutoff: str
) -> list[pd.DataFrame]:
    found = [flag_dates(frame, rule.date, cutoff)] if rule and rule.date else []
    if qualifiers:
        undated = frame.loc[meets(frame, {"QNAM": qualifiers}), "QNAM"]
        reason = "tells what is known at extraction and carries no date"
        found.append(pd.DataFrame({"VARIABLE": "QNAM", "VALUE": undated, "REASON": reason}, index=undated.index))
    return found


def _changes(name: str, kept: pd.DataFrame, cut: _Cut) -> pd.DataFrame:
    """Return the changes to the kept records of one dataset."""
    rule, waiting = cut.rules.rules.get(name), cut.waiting()
    found = []
    if rule and rule.rule == "special_dm":
        found = [flag_deaths(kept, cut.cutoff), flag_waiting(kept, waiting, cut.unassigned(), cut.cutoff)]
    if waiting and cut.is_cut(name):
        found.append(flag_study_days(kept, waiting, cut.cutoff))
    backs = [back for back in cut.rules.roll_back if back.dataset == name]
    return first_changes([*found, *(flag_roll_back(kept, back, cut.datasets, cut.cutoff) for back in backs)])


def _remarks(name: str, kept: pd.DataFrame, flags: Frames, cut: _Cut) -> pd.DataFrame:
    """Return the remarks on kept records of one dataset."""
    if not cut.is_cut(name):
        return _no_flags(kept)
    rule = cut.rules.rules.get(name)
    found = [flag_kept(kept, rule.date, cut.cutoff)] if rule and rule.date else []
    if name == "dm":
        found.append(flag_treated(kept, cut.moments, cut.entries()))
    if follows_parent(kept):
        found.append(flag_unfound(kept, cut.datasets, {other: flag.index for other, flag in flags.items()}))
    return _first([_no_flags(kept), *found])


def _audit(flags: Frames, changes: Frames, cut: _Cut) -> pd.DataFrame:
    rows = [
        pd.DataFrame(
            {
                "DATASET": [name],
                "RULE": [_sentence(name, cut)],
                "BEFORE": [len(frame)],
                "AFTER": [len(frame) - len(flags[name])],
                "REMOVED": [len(flags[name])],
                "MODIFIED": [changes[name].index.nunique()],
            }
        )
        for name, frame in cut.datasets.items()
    ]
    return stacked(rows, AUDIT_COLUMNS)


def _sentence(name: str, cut: _Cut) -> str:
    """Return the rule of one dataset in the reader's words."""
    rule, frame = cut.rules.rules.get(name), cut.datasets[name]
    if not cut.is_cut(name):
        return "kept whole" if "USUBJID" in frame else "kept whole: holds no participants"
    words = ["included or screened participants" if cut.rules.screened else "included participants"]
    if rule and rule.rule == "date":
        words.append(f"dated by the cut-off {cut.cutoff} ({', else '.join(rule.date)})")
    if rule and rule.rule == "special_dm":
        words.append("deaths after the cut-off blanked")
    if follows_parent(frame):
        words.append("parent record kept")
    undated = cut.rules.undated_qualifiers.get(name, [])
    words += [f"undated qualifiers removed: {', '.join(undated)}"] if undated else []
    dates = dict.fromkeys(back.date for back in cut.rules.roll_back if back.dataset == name)
    words += [f"set back where later: {', '.join(dates)}"] if dates else []
    return "; ".join(words)


def _listing(datasets: Frames, found: Frames, columns: tuple[str, ...]) -> pd.DataFrame:
    return stacked([listed(name, frame, found[name]) for name, frame in datasets.items() if len(found[name])], columns)


def _no_flags(frame: pd.DataFrame) -> pd.DataFrame:
    return pd.DataFrame(columns=list(FLAG_COLUMNS), index=frame.index[:0], dtype="str")


def _first(found: list[pd.DataFrame]) -> pd.DataFrame:
    flags = pd.concat(found)
    return flags[~flags.index.duplicated()]
