"""Tables of change: what moved since the previous cut, and how key counts went over all cuts."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from cutbook.display.formats import NOT_APPLICABLE, fixed, signed, whole
from cutbook.display.frame import Table
from cutbook.display.page import Page
from cutbook.display.parts import Column, Row, Sparkline
from cutbook.display.words import lines, sentences

_PLACE = ["display", "parameter", "variable", "level", "visit"]
_VARIABLES = {
    "CHG": "with a change from baseline",
    "RATIO": "with a ratio to baseline",
    "SAMPLES": "samples",
    "PARTICIPANTS": "participants with samples",
    "BLQ": "samples below the limit of quantification",
    "PLACEBO": "participants on placebo with a quantifiable concentration",
    "ALLBLQ": "participants on active drug with none",
}
_WIDTH, _HEIGHT, _MARGIN = 60.0, 16.0, 3.0


def table_change(comparison: pd.DataFrame, page: Page) -> Table:
    """Return the table of key counts that moved since the previous cut.

    Parameters
    ----------
    comparison : frame
        Result of ``compare_results``; counts in the column of all participants are shown.
    page : Page
        The report.
    """
    previous = page.cut.cut.previous_cut
    shown = comparison[comparison["group"].isin([page.cut.study.treatment.total, ""])]
    counts = shown[shown["statistic"].eq("n")].set_index(_PLACE)
    events = shown[shown["statistic"].eq("events")].set_index(_PLACE).reindex(counts.index)
    is_moved = _is_moved(counts) | _is_moved(events)
    counts, events = counts[is_moved], events[is_moved]
    labels = ("Participants", "Events") if events["value"].notna().any() else ("Count",)
    columns = [Column(label, note) for label in labels for note in (f"cut {previous}", "this cut", "change")]
    parts = [_before_and_now(counts), _before_and_now(events)][: len(labels)]
    rows = lines(_row_names(counts.reset_index(), page), *(column for part in parts for column in part))
    return Table(
        "T-I2",
        "What changed since the previous cut",
        "All participants.",
        "",
        tuple(columns),
        rows,
        (),
        page.source("results of both cuts"),
        empty=_nothing_changed(page),
    )


def _is_moved(counts: pd.DataFrame) -> pd.Series:
    return counts["value"].fillna(0).ne(counts["previous"].fillna(0))


def _before_and_now(counts: pd.DataFrame) -> tuple[list[str], list[str], list[str]]:
    steps = counts["value"].fillna(0) - counts["previous"].fillna(0)
    is_known = counts["value"].notna() | counts["previous"].notna()
    moved = [signed(step) if is_there else NOT_APPLICABLE for step, is_there in zip(steps, is_known, strict=True)]
    before, now = (counts[name].mask(is_known & counts[name].isna(), 0.0) for name in ("previous", "value"))
    return _counts(before), _counts(now), moved


def _row_names(counts: pd.DataFrame, page: Page) -> list[str]:
    labels = {endpoint.paramcd: endpoint.label for endpoint in page.cut.study.endpoints}
    named = [
        level or _VARIABLES.get(name, name) for level, name in zip(counts["level"], counts["variable"], strict=True)
    ]
    parameters = [labels.get(parameter, parameter) for parameter in counts["parameter"]]
    parts = zip(parameters, counts["visit"], sentences(pd.Series(named, dtype="str")), strict=True)
    return [", ".join(part for part in names if part) for names in parts]


def _nothing_changed(page: Page) -> str:
    previous = page.cut.cut.previous_cut
    if not previous:
        return "This is the first cut of the study."
    if page.previous is None:
        return f"The report of cut {previous} is not published here, so nothing can be compared."
    return f"No key count differs from cut {previous}."


def _counts(values: pd.Series) -> list[str]:
    return [NOT_APPLICABLE if value != value else fixed(value, 0) for value in values.tolist()]


def table_trends(results: pd.DataFrame, page: Page, displays: Sequence[str]) -> Table:
    """Return table I2T: every key count at this cut, and its course over all cuts that are published here.

    Parameters
    ----------
    results : results table
        Of this report.
    page : Page
        The report, with the results of earlier cuts.
    displays : sequence of str
        Row ids of the displays that hold the key counts.
    """
    history = [(cut, tables[page.report]) for cut, tables in page.cut.history if page.report in tables]
    cuts = [*(cut for cut, _ in history), page.cut.cut.cut_id]
    courses = [_totals(table, page, displays) for table in (*(table for _, table in history), results)]
    rows = []
    names = _row_names(courses[-1].reset_index(), page)
    for place, name in zip(courses[-1].index, names, strict=True):
        values = [float(course.get(place, 0.0)) for course in courses]
        rows.append(Row(name, (whole(values[-1]), _sparkline(cuts, values))))
    alone = "" if history else " No earlier cut is published here."
    return Table(
        "T-I2T",
        "Key counts over all cuts",
        "All participants.",
        "",
        (Column("This cut"), Column(f"Cuts {', '.join(cuts)}")),
        tuple(rows),
        (f"Participants by cut, oldest first, on a scale from 0 to the largest; a count not shown then is 0.{alone}",),
        page.source("results of all cuts"),
        is_folded=True,
    )


def _totals(table: pd.DataFrame, page: Page, displays: Sequence[str]) -> pd.Series:
    own = table[table["display"].isin(displays) & table["statistic"].eq("n") & table["variable"].ne("AVAL")]
    shown = own[own["group"].isin([page.cut.study.treatment.total, ""])]
    return shown.set_index(_PLACE)["value"]


def _sparkline(cuts: Sequence[str], values: Sequence[float]) -> Sparkline:
    step = (_WIDTH - 2 * _MARGIN) / max(len(values) - 1, 1)
    scale = (_HEIGHT - 2 * _MARGIN) / max(*values, 1.0)
    places = [
        (fixed(_MARGIN + at * step, 1), fixed(_HEIGHT - _MARGIN - value * scale, 1)) for at, value in enumerate(values)
    ]
    told = ", ".join(f"{cut} {whole(value)}" for cut, value in zip(cuts, values, strict=True))
    return Sparkline(" ".join(",".join(place) for place in places), places[-1], f"Count by cut: {told}")
