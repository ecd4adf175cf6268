"""What changed between the published results of two cuts."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from cutbook.errors import Fault, ParameterError
from cutbook.report.places import Place
from cutbook.results.compare import CHANGES, compare_results
from cutbook.results.table import KEY_COLUMNS

_SUFFIX = ".results.parquet"


def compare_cuts(this: Place, other: Place) -> pd.DataFrame:
    """Return every statistic that differs between two cuts, as published.

    Parameters
    ----------
    this, other : Place
        The cut read now and the one to compare with.

    Returns
    -------
    frame
        REPORT and the columns of ``compare_results``, unchanged statistics left out.

    Raises
    ------
    ParameterError
        One of them is not published, or they have no report in common.
    """
    faults = [
        Fault(
            f"cut {place.cut}",
            "no published report",
            "a cut that was run",
            f"run cutbook run {place.study} {place.cut}",
        )
        for place in (this, other)
        if not place.current.is_dir()
    ]
    if faults:
        raise ParameterError(faults)
    names = sorted(_reports(this) & _reports(other))
    if not names:
        raise ParameterError(Fault(f"cut {this.cut}", "no report in common", f"one of {other.cut}", "run both"))
    parts = [_compare(this, other, name) for name in names]
    changes = pd.concat(parts, ignore_index=True)
    return changes[changes["change"] != "unchanged"].reset_index(drop=True)


def comparison_lines(changes: pd.DataFrame) -> Iterator[str]:
    """Yield the changes as lines: a count of each class by report, then one line a statistic.

    Parameters
    ----------
    changes : frame
        As ``compare_cuts`` returns it.
    """
    if changes.empty:
        yield "nothing changed"
    for report, part in changes.groupby("REPORT", sort=True):
        counts = part["change"].value_counts()
        shown = ", ".join(f"{counts[kind]} {kind}" for kind in CHANGES if kind in counts)
        yield f"{report}: {shown}"
        for row in part.to_dict("records"):
            place = " · ".join(row[key] for key in KEY_COLUMNS if row[key])
            yield f"  {place}: {row['previous_text'] or '–'} → {row['text'] or '–'} ({row['change']})"


def _reports(place: Place) -> set[str]:
    return {file.name.removesuffix(_SUFFIX) for file in place.current.glob(f"*{_SUFFIX}")}


def _compare(this: Place, other: Place, name: str) -> pd.DataFrame:
    now, before = (pd.read_parquet(place.current / f"{name}{_SUFFIX}") for place in (this, other))
    changes = compare_results(now, before)
    changes.insert(0, "REPORT", name)
    return changes
