"""Results of the displays about the data themselves: what was received, and what the cut did to it."""

from __future__ import annotations

import pandas as pd

from cutbook.results.table import results_table


def received_results(received: pd.DataFrame) -> pd.DataFrame:
    """Return display A1: rows and participants of every file received.

    Parameters
    ----------
    received : frame
        DATASET, FILE, ROWS, PARTICIPANTS.

    Returns
    -------
    results table
        ``variable`` ROWS or PARTICIPANTS, ``level`` the file, statistic ``n``. Files that were not read are absent.
    """
    return results_table(_counts(received, ["ROWS", "PARTICIPANTS"], "FILE").assign(display="A1"))


def audit_results(audit: pd.DataFrame) -> pd.DataFrame:
    """Return display A3: rows before and after the cut, removed and modified, of every dataset.

    Parameters
    ----------
    audit : frame
        DATASET, BEFORE, AFTER, REMOVED, MODIFIED.

    Returns
    -------
    results table
        ``variable`` BEFORE, AFTER, REMOVED or MODIFIED, ``level`` the dataset, statistic ``n``.
    """
    return results_table(_counts(audit, ["BEFORE", "AFTER", "REMOVED", "MODIFIED"], "DATASET").assign(display="A3"))


def _counts(frame: pd.DataFrame, variables: list[str], level: str) -> pd.DataFrame:
    long = frame[[level, *variables]].melt(level, variables, "variable", "value", ignore_index=False)
    known = long[long["value"].notna()].rename(columns={level: "level"})
    return known.sort_index(kind="stable").assign(statistic="n").reset_index(drop=True)
