"""What a kept record must not yet tell: values learnt after the cut-off, set back one by one."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

import pandas as pd

from cutbook.data.cutting.flags import cut_moment, first_moments, reason_late
from cutbook.parameters.study.data_cut import RollBack
from cutbook.record_names import text_of
from cutbook.records import meets

CHANGE_COLUMNS = ("VARIABLE", "OLD", "NEW", "REASON")
WITHOUT_ARM = {"ARMCD": "", "ARM": "", "ACTARMCD": "", "ACTARM": "", "ACTARMUD": "", "ARMNRS": "NOT ASSIGNED"}
"""Arm variables of a participant not yet randomised (ARMNRS by CDISC controlled terminology)."""


_STUDY_DAY = re.compile(r"[A-Z]{2}(ST|EN)?DY")


def flag_deaths(dm: pd.DataFrame, cutoff: str) -> pd.DataFrame:
    """Return the changes that blank DTHDTC and DTHFL of participants who died after the cut-off.

    Parameters
    ----------
    dm : frame
        Demographics, with DTHDTC and DTHFL where they were delivered; nothing dates deaths without DTHDTC.
    cutoff : str
        ISO 8601 date, or date and time.

    Returns
    -------
    frame
        Index: labels of the records. VARIABLE, OLD, NEW (empty), REASON (text). A value already missing is no change.

    Notes
    -----
    `special_dm_cut` of the R package datacutr.
    """
    if "DTHDTC" not in dm:
        return _changes(dm.iloc[:0], {}, "")
    variables = [name for name in ("DTHDTC", "DTHFL") if name in dm]
    return _late_changes(dm, dm["DTHDTC"], dict.fromkeys(variables, ""), cutoff)


def flag_waiting(dm: pd.DataFrame, waiting: Sequence[str], unassigned: Sequence[str], cutoff: str) -> pd.DataFrame:
    """Return the changes that leave participants screened but not yet randomised without arm and without later dates.

    Parameters
    ----------
    dm : frame
        Demographics.
    waiting : sequence of str
        USUBJID of participants known by the cut-off and not randomised by then.
    unassigned : sequence of str
        Those of them who lose their arm; one known to have failed screening keeps what stands in its place.
    cutoff : str
        ISO 8601 date, or date and time.

    Returns
    -------
    frame
        As `flag_deaths`.
    """
    rows = dm[dm["USUBJID"].isin(list(waiting))]
    reason = f"the participant was not randomised by the cut-off {cutoff}"
    arms = {name: value for name, value in WITHOUT_ARM.items() if name in dm}
    found = [_changes(rows[rows["USUBJID"].isin(list(unassigned))], arms, reason)]
    dates = [name for name in dm.columns if name.endswith("DTC")]
    return pd.concat([*found, *(_late_changes(rows, rows[name], {name: ""}, cutoff) for name in dates)])


def flag_study_days(frame: pd.DataFrame, waiting: Sequence[str], cutoff: str) -> pd.DataFrame:
    """Return the changes that blank the study days of participants not yet randomised: they would tell the first day.

    Parameters
    ----------
    frame : frame
        One dataset with USUBJID; study days are the variables --DY, --STDY and --ENDY.
    waiting : sequence of str
        USUBJID of participants known by the cut-off and not randomised by then.
    cutoff : str
        ISO 8601 date, or date and time.

    Returns
    -------
    frame
        As `flag_deaths`.
    """
    rows = frame[frame["USUBJID"].isin(list(waiting))]
    reason = f"the participant had no study day by the cut-off {cutoff}"
    return _changes(rows, dict.fromkeys(filter(_STUDY_DAY.fullmatch, frame.columns), ""), reason)


def flag_roll_back(
    frame: pd.DataFrame, rule: RollBack, datasets: Mapping[str, pd.DataFrame], cutoff: str
) -> pd.DataFrame:
    """Return the changes of one roll-back rule.

    Parameters
    ----------
    frame : frame
        Records of ``rule.dataset`` that the cut keeps.
    rule : RollBack
        The rule.
    datasets : mapping of str to frame
        The transfer, for a date that another dataset holds; of several dates of a participant the first counts.
    cutoff : str
        ISO 8601 date, or date and time.

    Returns
    -------
    frame
        As `flag_deaths`.
    """
    rows = frame[meets(frame, rule.where)]
    dates = rows[rule.date] if rule.date_from is None else _dates_from(rows, datasets[rule.date_from], rule.date)
    values = {variable: value.replace("{cutoff}", cutoff[:10]) for variable, value in rule.reset.items()}
    return _late_changes(rows, dates, values, cutoff)


def first_changes(found: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """Return the changes as one frame; of two changes of one value the first stands, and a change to itself is none."""
    changes = pd.concat([pd.DataFrame(columns=list(CHANGE_COLUMNS)), *found])
    is_first = ~pd.MultiIndex.from_arrays([changes.index, changes["VARIABLE"]]).duplicated()
    return changes[is_first & (changes["OLD"] != changes["NEW"])].astype("str")


def apply_changes(frame: pd.DataFrame, changes: pd.DataFrame) -> pd.DataFrame:
    """Return the frame with the changes made; empty text becomes missing, and no other value changes."""
    columns = {}
    for variable, part in changes.groupby("VARIABLE", sort=False):
        column = frame[str(variable)].copy()
        column.loc[part.index] = _as(part["NEW"].mask(part["NEW"] == ""), column)
        columns[str(variable)] = column
    return frame.assign(**columns)


def _as(new: pd.Series, column: pd.Series) -> pd.Series:
    if pd.api.types.is_numeric_dtype(column):
        return pd.to_numeric(new)
    return pd.to_datetime(new) if pd.api.types.is_datetime64_any_dtype(column) else new


def _dates_from(frame: pd.DataFrame, source: pd.DataFrame, variable: str) -> pd.Series:
    order = first_moments(source[variable]).sort_values(kind="stable").index
    first = source.loc[order].drop_duplicates("USUBJID").set_index("USUBJID")[variable]
    return frame["USUBJID"].map(first).astype(source[variable].dtype).rename(f"the participant's {variable}")


def _late_changes(rows: pd.DataFrame, dates: pd.Series, values: Mapping[str, str], cutoff: str) -> pd.DataFrame:
    """Return the changes to rows whose date, named as the reason shall name it, lies after the cut-off."""
    is_late = first_moments(dates) > cut_moment(cutoff)
    if not is_late.any():
        return _changes(rows[is_late], values, "")
    late = dates[is_late]
    return _changes(rows[is_late], values, reason_late(pd.Series(str(dates.name), late.index, "str"), late, cutoff))


def _changes(rows: pd.DataFrame, values: Mapping[str, str], reason: pd.Series | str) -> pd.DataFrame:
    found = [
        pd.DataFrame(
            {"VARIABLE": variable, "OLD": text_of(rows[variable]), "NEW": new, "REASON": reason}, index=rows.index
        )
        for variable, new in values.items()
        if len(rows)
    ]
    return pd.concat([pd.DataFrame(columns=list(CHANGE_COLUMNS)), *found])
