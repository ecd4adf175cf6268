"""Tables of change: what moved since the previous cut, and how key counts went over all cuts."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from cutbook.display.formats import NOT_APPLICABLE, NOT_ESTIMABLE, fixed, signed, whole
from cutbook.display.frame import Table
from cutbook.display.page import Page
from cutbook.display.parts import Cell, CellLike, Column, Row, Sparkline
from cutbook.display.words import lines, sentences
from cutbook.results.adverse_events import SERIOUSNESS

_PLACE = ["display", "parameter", "variable", "level", "visit"]
_VARIABLES = {
    "CHG": "with a change from baseline",
    "RATIO": "with a ratio to baseline",
    "SAMPLES": "samples",
    "PARTICIPANTS": "participants with samples",
    "BLQ": "samples below the limit of quantification",
    "PLACEBO": "participants on placebo with a quantifiable concentration",
    "ALLBLQ": "participants on active drug with no quantifiable concentration",
}
_AT_RISK = (
    "Person-years at risk: from the first dose to the cut-off, the end of the study or death, or the day after which "
    "events no longer count as treatment-emergent, whichever came first. Every event counts. A rate that a cut did "
    "not show is left out; NE: not estimable."
)
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
    shown = _of_everybody(comparison, page)
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
    told = map(_within, counts["variable"], sentences(pd.Series(named, dtype="str")))
    parts = zip(parameters, counts["visit"], told, strict=True)
    return [", ".join(part for part in names if part) for names in parts]


def _within(variable: str, name: str) -> str:
    """Return the name of a row that stands below another one with what that counts."""
    heading = "Discontinued" if variable == "DCSREAS" else "Serious" if variable in SERIOUSNESS else ""
    return f"{heading}: {name[:1].lower()}{name[1:]}" if heading else name


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

    Counts of adverse events have beside them the events per 100 person-years at risk: whether they grow faster than
    the time in which they could happen.

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
    tables = [*(table for _, table in history), results]
    counts = [_totals(table, page, displays) for table in tables]
    rates = [_rates(table, page) for table in tables]
    has_rates = len(rates[-1]) > 0
    rows = []
    for place, name in zip(counts[-1].index, _row_names(counts[-1].reset_index(), page), strict=True):
        numbers = [float(course.get(place, 0.0)) for course in counts]
        count = (whole(numbers[-1]), _sparkline("Count", cuts, list(map(whole, numbers)), numbers))
        rows.append(Row(name, (*count, *(_rate(cuts, rates, place[2:4]) if has_rates else ()))))
    alone = "" if history else " No earlier cut is published here."
    course = f"Cuts {', '.join(cuts)}"
    more = (Column("Events per 100 person-years"), Column(course)) if has_rates else ()
    note = f"Numbers by cut, oldest first, on a scale from 0 to the largest; a count not shown then is 0.{alone}"
    return Table(
        "T-I2T",
        "Key counts over all cuts",
        "All participants.",
        "",
        (Column("This cut"), Column(course), *more),
        tuple(rows),
        (note, *([_AT_RISK] if has_rates else [])),
        page.source("results of all cuts"),
        is_folded=True,
    )


def _totals(table: pd.DataFrame, page: Page, displays: Sequence[str]) -> pd.Series:
    own = table[table["display"].isin(displays) & table["statistic"].eq("n") & table["variable"].ne("AVAL")]
    return _of_everybody(own, page).set_index(_PLACE)["value"]


def _rates(table: pd.DataFrame, page: Page) -> pd.Series:
    """Return the rate of events by row of the overview: variable and level."""
    own = table[table["display"].eq("D12") & table["statistic"].eq("rate")]
    return _of_everybody(own, page).set_index(["variable", "level"])["value"]


def _of_everybody(table: pd.DataFrame, page: Page) -> pd.DataFrame:
    return table[table["group"].isin([page.cut.study.treatment.total, ""])]


def _rate(cuts: Sequence[str], rates: Sequence[pd.Series], place: tuple[str, str]) -> tuple[CellLike, CellLike]:
    """Return the rate at this cut, and its course over the cuts that have one; dashes for a row without events."""
    values = [float(course.get(place, float("nan"))) for course in rates]
    if place not in rates[-1].index:
        return NOT_APPLICABLE, NOT_APPLICABLE
    if values[-1] != values[-1]:
        return Cell(NOT_ESTIMABLE, is_estimable=False), NOT_APPLICABLE
    texts = [fixed(value, 1) if value == value else "" for value in values]
    return texts[-1], _sparkline("Events per 100 person-years", cuts, texts, values)


def _sparkline(what: str, cuts: Sequence[str], texts: Sequence[str], values: Sequence[float]) -> Sparkline:
    """Return the course of a number over the cuts that have it, each cut in its place."""
    known = [(at, value) for at, value in enumerate(values) if value == value]
    step = (_WIDTH - 2 * _MARGIN) / max(len(values) - 1, 1)
    scale = (_HEIGHT - 2 * _MARGIN) / (max(value for _, value in known) or 1.0)
    places = [(fixed(_MARGIN + at * step, 1), fixed(_HEIGHT - _MARGIN - value * scale, 1)) for at, value in known]
    told = ", ".join(f"{cut} {text}" for cut, text in zip(cuts, texts, strict=True) if text)
    return Sparkline(" ".join(",".join(place) for place in places), places[-1], f"{what} by cut: {told}")
