"""Results as analysis results data (ARD), with the columns of R's package cards, one row a statistic.

Source: cards 0.7 (pharmaverse), columns of an ARD and names of its statistics.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pandas as pd

from cutbook.results.statistics import STATISTICS

ARD = "ard"
_ARM, _PARAMETER, _VISIT = "TRT01A", "PARAMCD", "AVISIT"
_CARDS_NAMES = {"q1": "p25", "q3": "p75", "pct": "p"}
"""Statistics that cards calls otherwise; its shares are parts of 1."""

_COUNTS = frozenset({"n", "N", "pct", "events", "upper"})
_SUMMARIES = frozenset({"mean", "sd", "median", "q1", "q3", "min", "max", "sum", "geomean", "geocv", "cv"})
_PERCENT = 100.0


def ard_of(results: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Return the results of reports as analysis results data.

    Parameters
    ----------
    results : mapping of str to frame
        Results tables by report.

    Returns
    -------
    frame
        ``group1`` TRT01A, ``group1_level`` code of the arm or pooled column · ``group2`` PARAMCD, ``group2_level`` ·
        ``group3`` AVISIT, ``group3_level``, each missing where it does not apply · ``variable``, ``variable_level`` ·
        ``context`` tabulate, summary or analysis · ``stat_name``, ``stat_label``, ``stat`` (float64, not rounded; a
        share ``p`` is a part of 1), ``stat_fmt`` as shown · ``warning`` (empty), ``error`` why there is no value ·
        ``report``, ``display``, ``population``, ``unit``, and the words of parameter, row, visit and group.
    """
    return pd.concat([_of(table, report) for report, table in results.items()], ignore_index=True)


def write_ard(results: Mapping[str, pd.DataFrame], folder: Path) -> dict[Path, int]:
    """Write the ARD as CSV and as Parquet, and return the rows by file."""
    ard = ard_of(results)
    folder.mkdir(parents=True, exist_ok=True)
    csv, parquet = folder / f"{ARD}.csv", folder / f"{ARD}.parquet"
    ard.to_csv(csv, index=False, encoding="utf-8")
    ard.to_parquet(parquet, index=False)
    return {csv: len(ard), parquet: len(ard)}


def _of(table: pd.DataFrame, report: str) -> pd.DataFrame:
    statistic = table["statistic"]
    is_share = statistic.eq("pct")
    return pd.DataFrame(
        {
            **_group(1, _ARM, table["group"]),
            **_group(2, _PARAMETER, table["parameter"]),
            **_group(3, _VISIT, table["visit"]),
            "variable": table["variable"],
            "variable_level": _or_missing(table["level"]),
            "context": statistic.map(_context).astype("str"),
            "stat_name": statistic.replace(_CARDS_NAMES),
            "stat_label": statistic.map(lambda name: STATISTICS[name].words).astype("str"),
            "stat": table["value"].where(~is_share, table["value"] / _PERCENT),
            "stat_fmt": _or_missing(table["text"]),
            "warning": pd.Series(None, index=table.index, dtype="str"),
            "error": _or_missing(table["reason"]),
            "report": report,
            "display": table["display"],
            "population": _or_missing(table["population"]),
            "unit": _or_missing(table["unit"]),
            "parameter_words": _or_missing(table["parameter_words"]),
            "row_words": _or_missing(table["row_words"]),
            "visit_words": _or_missing(table["visit_words"]),
            "group_words": _or_missing(table["group_words"]),
        }
    )


def _group(number: int, variable: str, levels: pd.Series) -> dict[str, pd.Series]:
    level = _or_missing(levels)
    name = pd.Series(variable, index=levels.index, dtype="str").where(level.notna())
    return {f"group{number}": name, f"group{number}_level": level}


def _or_missing(texts: pd.Series) -> pd.Series:
    return texts.where(texts.ne(""))


def _context(statistic: str) -> str:
    if statistic in _COUNTS:
        return "tabulate"
    return "summary" if statistic in _SUMMARIES else "analysis"
