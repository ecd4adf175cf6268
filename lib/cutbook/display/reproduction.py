"""Published results beside the numbers that the reports show."""

from __future__ import annotations

import pandas as pd

from cutbook.display.formats import MINUS
from cutbook.display.frame import Table
from cutbook.display.page import Page
from cutbook.display.parts import Column
from cutbook.display.words import lines
from cutbook.parameters.study import Reproduction

_PLACE = ("display", "parameter", "variable", "level", "visit", "group", "statistic")
_ABSENT = "not shown"


_NOTES = ("Only numbers read in a public source stand under Published. Any difference fails the run.",)
_SYNTHETIC_NOTES = (
    *_NOTES,
    "The synthetic data were shaped to these numbers: agreement shows that they are computed right, nothing more.",
)


def reproduced(results: pd.DataFrame, reproduction: Reproduction) -> pd.DataFrame:
    """Return every published number beside the number shown.

    Parameters
    ----------
    results : results table
        With text.
    reproduction : Reproduction
        Published numbers and where they must appear.

    Returns
    -------
    frame
        label, source, published, shown (text; ``not shown`` when the statistic is absent), is_match (bool).
    """
    place = zip(*(results[column] for column in _PLACE), strict=True)
    texts = dict(zip(place, results["text"], strict=True))
    rows = []
    for number in reproduction.numbers:
        shown = texts.get(tuple(getattr(number.at, column) for column in _PLACE), _ABSENT)
        published = number.value.replace("-", MINUS)
        label = f"{number.label} (interim result)" if number.is_interim else number.label
        rows.append((label, number.source, published, shown, published == shown))
    return pd.DataFrame(rows, columns=["label", "source", "published", "shown", "is_match"])


def table_reproduction(results: pd.DataFrame, page: Page) -> Table:
    """Return table I6: published numbers, the numbers of this report, and whether they are the same."""
    reproduction = page.cut.study.reproduction
    columns = (
        Column("Published"),
        Column("This report"),
        Column("Match", is_number=False),
        Column("Source", is_number=False),
    )
    found = reproduced(results, reproduction) if reproduction else pd.DataFrame()
    is_due = reproduction is not None and page.cut.cut.cut_id in reproduction.cuts
    rows = (
        lines(
            found["label"],
            found["published"],
            found["shown"],
            ["yes" if is_match else "no" for is_match in found["is_match"]],
            found["source"],
        )
        if is_due
        else ()
    )
    due = f"Published results are compared at cut {', '.join(reproduction.cuts)} only." if reproduction else ""
    return Table(
        "T-I6",
        "Published results and this report",
        "As each number says.",
        "Result",
        columns,
        rows,
        _SYNTHETIC_NOTES if page.cut.study.is_synthetic else _NOTES,
        page.source("results of this report"),
        empty=due or "The study file names no published result.",
    )
