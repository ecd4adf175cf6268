"""Impossible dates: named one by one, and treated as missing; where they decide who is in the cut, a fault."""

from __future__ import annotations

import re
from collections.abc import Mapping

import numpy as np
import pandas as pd

from cutbook.data.checks.needs import entries_of
from cutbook.data.checks.records import ON_FIRST_LINES, Issue, issue_table, key_at, kind_issue, single_issue
from cutbook.data.wording import MOST_NAMED, quoted, row_list
from cutbook.dates import is_valid_partial
from cutbook.errors import Fault
from cutbook.parameters.study import Study
from cutbook.records import keys_of_some

_TREATED = "treated as missing"
_WORDS = ("No possible date", _TREATED)
_FEWEST = 3
"""Dates of a variable from which on most of them being none is another format, and not a mistake in one."""

_FORMATS = (
    (re.compile(r"[0-9]{1,2}[A-Za-z]{3}[0-9]{2,4}(?::[0-9:.]+)?"), "a date of SAS"),
    (re.compile(r"[0-9]{9,11}(?:\.0*)?"), "seconds since 1970 or 1960"),
    (re.compile(r"[0-9]{8}"), "a date without signs between its parts"),
    (re.compile(r"[0-9]{5}(?:\.0*)?"), "days since 1960 or 1900"),
    (re.compile(r"[0-9]{1,4}[/. -][0-9]{1,2}[/. -][0-9]{1,4}(?:[ T].*)?"), "day, month and year between signs"),
)


def blank_impossible_dates(datasets: Mapping[str, pd.DataFrame]) -> tuple[dict[str, pd.DataFrame], pd.DataFrame]:
    """Return the datasets with impossible dates missing, and an issue for each of them.

    A date is impossible when it is not ISO 8601 or not in the calendar (``2024-02-30``). Partial dates are possible.

    Parameters
    ----------
    datasets : mapping of str to frame
        As read; not changed. Variables ending in DTC are dates.

    Returns
    -------
    dict of str to frame
        The same frames where nothing was impossible.
    frame
        DATASET, VARIABLE, ROW, KEY, FINDING, WEIGHT: one row an impossible date, in the order of datasets,
        variables and rows; more than three of a variable are one row, which says what they look like.
    """
    blanked: dict[str, pd.DataFrame] = {}
    issues: list[Issue] = []
    for dataset, frame in datasets.items():
        impossible = {name: is_wrong for name, is_wrong in _impossible(frame).items() if is_wrong.any()}
        for name, is_wrong in impossible.items():
            issues += _issues(dataset, name, frame, is_wrong)
        blanks = {name: frame[name].mask(is_wrong) for name, is_wrong in impossible.items()}
        blanked[dataset] = frame.assign(**blanks) if blanks else frame
    return blanked, issue_table(issues)


def entry_date_faults(datasets: Mapping[str, pd.DataFrame], study: Study) -> list[Fault]:
    """Return a fault for impossible dates of entry, which would silently leave participants out of the cut."""
    faults = []
    for name, entry in entries_of(study.data_cut):
        frame = datasets.get(entry.dataset, pd.DataFrame())
        if entry.date in frame.columns and frame[entry.date].dtype == "str":
            rows = np.flatnonzero(~is_valid_partial(frame[entry.date]))
            if len(rows):
                faults.append(_entry_fault(entry.dataset, entry.date, name, frame, rows))
    return list(dict.fromkeys(faults))


def _entry_fault(dataset: str, variable: str, name: str, frame: pd.DataFrame, rows: np.ndarray) -> Fault:
    first = int(rows[0])
    return Fault(
        dataset,
        found=f"impossible date {quoted(frame[variable].iloc[first])} in {row_list(rows + 1)}",
        expected=f"a possible date, since data_cut.{name} of the study file dates entry by it",
        remedy="correct it at the source and have the transfer sent again",
        variable=variable,
        row=first + 1,
        key=key_at(dataset, frame, first),
    )


def _impossible(frame: pd.DataFrame) -> dict[str, pd.Series]:
    names = [name for name in frame.columns if name.endswith("DTC") and frame[name].dtype == "str"]
    return {name: ~is_valid_partial(frame[name]) for name in names}


def format_faults(datasets: Mapping[str, pd.DataFrame], study: Study) -> list[Fault]:
    """Return a fault for each variable that cuts a dataset and is no date in most of its records: another format."""
    faults = []
    for dataset, rule in study.data_cut.rules.items():
        frame = datasets.get(dataset, pd.DataFrame())
        for variable, is_wrong in _impossible(frame).items():
            stated = int(frame[variable].notna().sum())
            if variable in rule.date and is_wrong.sum() >= _FEWEST and 2 * is_wrong.sum() > stated:
                faults.append(_format_fault(dataset, variable, frame, is_wrong))
    return faults


def _format_fault(dataset: str, variable: str, frame: pd.DataFrame, is_wrong: pd.Series) -> Fault:
    rows = np.flatnonzero(is_wrong)
    first = int(rows[0])
    value = frame[variable].iloc[first]
    return Fault(
        dataset,
        found=f"{quoted(value)}{_looks(value)} and the like in {len(rows)} of {frame[variable].notna().sum()} records, "
        f"{row_list(rows + 1)}",
        expected="dates of ISO 8601, as 2024-03-01, for the data cut is made by them",
        remedy="have them written so at the source and the transfer sent again",
        variable=variable,
        row=first + 1,
        key=key_at(dataset, frame, first),
    )


def _looks(value: str) -> str:
    """Return what a text that is no date of ISO 8601 looks like, empty where that is not known.

    Examples
    --------
    >>> [_looks(text) for text in ("01MAR2024", "1709251200", "03/01/2024", "unknown")]
    [', a date of SAS,', ', seconds since 1970 or 1960,', ', day, month and year between signs,', '']
    """
    return next((f", {words}," for pattern, words in _FORMATS if pattern.fullmatch(value)), "")


def _issues(dataset: str, variable: str, frame: pd.DataFrame, is_wrong: pd.Series) -> list[Issue]:
    """Return an issue for each of a few impossible dates of a variable, and one for all where they are more."""
    records = frame[is_wrong]
    if len(records) > MOST_NAMED and "USUBJID" in frame:
        first = str(records[variable].iloc[0])
        words = (f"No possible date, as {quoted(first)}{_looks(first).removesuffix(',')}", _TREATED)
        return list(kind_issue((dataset, variable), frame, is_wrong, words, ON_FIRST_LINES))
    keys = keys_of_some(dataset, frame, is_wrong) if "USUBJID" in frame else pd.Series("", index=records.index)
    return [
        single_issue((dataset, variable), row, key, f"{quoted(value)} is no possible date and is {_TREATED}.", _WORDS)
        for row, key, value in zip(records.index, keys, records[variable], strict=True)
    ]
