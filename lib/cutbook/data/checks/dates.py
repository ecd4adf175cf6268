"""Impossible dates: named one by one, and treated as missing; where they decide who is in the cut, a fault."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from cutbook.data.checks.needs import entries_of
from cutbook.data.checks.records import Issue, issue_table, key_at, single_issue
from cutbook.data.wording import quoted, row_list
from cutbook.dates import is_valid_partial
from cutbook.errors import Fault
from cutbook.parameters.study import Study
from cutbook.records import keys_of_some

_TREATED = "treated as missing"
_WORDS = ("No possible date", _TREATED)


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
        variables and rows.
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


def _issues(dataset: str, variable: str, frame: pd.DataFrame, is_wrong: pd.Series) -> list[Issue]:
    records = frame[is_wrong]
    keys = keys_of_some(dataset, frame, is_wrong) if "USUBJID" in frame else pd.Series("", index=records.index)
    return [
        single_issue((dataset, variable), row, key, f"{quoted(value)} is no possible date and is {_TREATED}.", _WORDS)
        for row, key, value in zip(records.index, keys, records[variable], strict=True)
    ]
