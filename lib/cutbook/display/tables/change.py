"""Results beside others: what moved since the previous cut, how key counts went over all cuts, what was published."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from typing import Any

import pandas as pd

from cutbook.catalogue import displays_of
from cutbook.catalogue.kinds.display import NOT_ESTIMABLE, Display
from cutbook.catalogue.kinds.layers import Count, CountBy, Tally
from cutbook.display.look.collected import collected
from cutbook.display.look.columns import numbers
from cutbook.display.look.elements import Cell, CellLike, Column, Row, Sparkline
from cutbook.display.look.frame import Table
from cutbook.display.look.numbers import NOT_APPLICABLE, fixed, signed
from cutbook.display.page import Page
from cutbook.display.read.cells import UNTOLD
from cutbook.results.compare import compare_results
from cutbook.results.reproduction import reproduced, statement_of_copies
from cutbook.vocabulary import TOTAL

_PLACE = ["display", "parameter", "variable", "level", "visit"]
_WORDS = ["parameter_words", "row_words", "visit_words"]
_OF_VALUES = {"CHG": "with a change from baseline", "RATIO": "with a ratio to baseline"}
_NOT_FOLLOWED = frozenset({"AVAL", "COURSE", "NEW"})
_RATES, _OVERVIEW = "D12", "D4"
_AT_RISK = (
    "Person-years at risk: from the first dose to the cut-off, the end of the study or death, or the day after which "
    "events no longer count as treatment-emergent, whichever came first. Every event counts. A rate that a cut did "
    "not show is left out; NE: not estimable."
)
_WIDTH, _HEIGHT, _MARGIN = 60.0, 16.0, 3.0
_NOTE = "Only numbers read in a public source stand under Published. Any difference keeps the set from being published."
_OF_SYNTHETIC = (
    "The synthetic data were shaped to these numbers: agreement shows that they are computed right, nothing more."
)
_PUBLISHED = (
    Column("Published"),
    Column("This report"),
    Column("Match", is_number=False),
    Column("Source", is_number=False),
)


def table_of_changes(display: Display, _: object, page: Page) -> Table:
    """Return the key counts of everybody that moved since the previous cut as published."""
    if page.previous.results is None:
        return page.table(display, (), (), empty=_nothing_changed(page))
    now, previous = (_of_everybody(table, page) for table in (page.results, page.previous.results))
    shown = compare_results(now, previous)
    counts = shown[shown["statistic"].eq("n")].set_index(_PLACE)
    events = shown[shown["statistic"].eq("events")].set_index(_PLACE).reindex(counts.index)
    is_moved = _is_moved(counts) | _is_moved(events)
    counts, events = counts[is_moved], events[is_moved]
    labels = ("Participants", "Events") if events["value"].notna().any() else ("Count",)
    columns = [
        Column(label, note) for label in labels for note in (f"cut {page.previous.cut_id}", "this cut", "change")
    ]
    parts = (column for part in (counts, events)[: len(labels)] for column in _before_and_now(part))
    rows = [Row(label, tuple(cells)) for label, *cells in zip(_row_names(counts.index, page), *parts, strict=True)]
    return page.table(display, columns, rows, empty=_nothing_changed(page))


def _of_everybody(table: pd.DataFrame, page: Page) -> pd.DataFrame:
    """Return the key counts of everybody."""
    keys = [display.key for display in displays_of(page.report) if display.is_key and _is_told(display, page)]
    is_shown = table["display"].isin(keys) & ~table["variable"].isin([*_NOT_FOLLOWED, "POPULATION"])
    return table[is_shown & table["group"].isin([TOTAL, ""])]


def _is_told(display: Display, page: Page) -> bool:
    """Return whether this cut can tell the counts of a display: of what did not come nothing is known to be gone."""
    has_rows = page.results["display"].eq(display.key).any()
    return bool(has_rows) or not display.why_nothing(page.study, page.frames)


def _is_moved(counts: pd.DataFrame) -> pd.Series:
    """Return which counts differ; a count that one of the cuts does not have is 0 there, one untold is not known."""
    is_untold = counts[["text", "previous_text"]].isin(UNTOLD).any(axis="columns")
    return counts["value"].fillna(0).ne(counts["previous"].fillna(0)) & ~is_untold


def _before_and_now(counts: pd.DataFrame) -> tuple[list[str], list[str], list[str]]:
    is_known = counts["value"].notna() | counts["previous"].notna()
    previous, now = (counts[name].mask(is_known & counts[name].isna(), 0.0) for name in ("previous", "value"))
    moved = [NOT_APPLICABLE if step != step else signed(step) for step in now - previous]
    return numbers(previous, 0), numbers(now, 0), moved


def _row_names(places: pd.Index, page: Page) -> list[str]:
    """Return what each count is of: what encloses it, its visit, and its words below those that it stands under."""
    tables = [table for table in (page.results, page.previous.results) if table is not None]
    words = pd.concat([table[[*_PLACE, *_WORDS]] for table in tables]).drop_duplicates(_PLACE)
    named = places.to_frame(index=False).merge(words, on=_PLACE, how="left")
    told = _told(page)
    return [", ".join(filter(None, _named(row, told))) for row in named.to_dict("records")]


def _told(page: Page) -> dict[tuple[str, str], tuple[str, str]]:
    """Return what stands before, or in the place of, words that do not say enough alone, by display and variable."""
    found = {}
    for display in displays_of(page.report):
        for layer in display.rows(page.study):
            if isinstance(layer, (Count, CountBy)) and layer.below:
                found[display.key, layer.variable if isinstance(layer, Count) else layer.name] = (layer.below, "")
            if isinstance(layer, Tally) and layer.told:
                found[display.key, layer.variable] = ("", layer.told)
    return found


def _named(row: Mapping[Hashable, Any], told: Mapping[tuple[str, str], tuple[str, str]]) -> tuple[str, str, str]:
    heading, other = told.get((row["display"], row["variable"]), ("", ""))
    words = _OF_VALUES.get(row["variable"], other or row["row_words"])
    is_within = bool(heading or row["parameter"])
    shown = collected(f"{words[:1].lower()}{words[1:]}" if is_within else words)
    parameter, visit = (collected(str(row[name])) for name in ("parameter_words", "visit_words"))
    return parameter, visit, f"{heading}: {shown}" if heading else shown


def _nothing_changed(page: Page) -> str:
    previous = page.previous.cut_id
    if not previous:
        return "This is the first cut of the study."
    if page.previous.results is None:
        return f"The report of cut {previous} is not published here, so nothing can be compared."
    return f"No key count differs from cut {previous}."


def table_of_trends(display: Display, _: object, page: Page) -> Table:
    """Return every key count at this cut, and its course over all cuts that are published here.

    Counts of adverse events have beside them the events per 100 person-years at risk: whether they grow faster than the
    time in which they could happen.
    """
    cuts = [*(cut for cut, _ in page.history), page.cut.cut.cut_id]
    tables = [*(table for _, table in page.history), page.results]
    counts, rates = [_totals(table, page) for table in tables], [_rates(table) for table in tables]
    has_rates = len(rates[-1]) > 0
    rows = []
    for place, name in zip(counts[-1].index, _row_names(counts[-1].index, page), strict=True):
        count = _count(cuts, [float(course.get(place, 0.0)) for course in counts])
        of_rate = place[2] if place[0] == _OVERVIEW else ""
        rows.append(Row(name, (*count, *(_rate(cuts, rates, of_rate) if has_rates else ()))))
    alone = "" if page.history else " No earlier cut is published here."
    course = f"Cuts {', '.join(cuts)}"
    more = (Column("Events per 100 person-years"), Column(course)) if has_rates else ()
    note = f"Numbers by cut, oldest first, on a scale from 0 to the largest; a count not shown then is 0.{alone}"
    notes = (note, _AT_RISK) if has_rates else (note,)
    return page.table(display, (Column("This cut"), Column(course), *more), rows, footnotes=notes)


def _count(cuts: Sequence[str], values: Sequence[float]) -> tuple[CellLike, CellLike]:
    """Return the count at this cut and its course; dashes where this cut does not tell it."""
    if values[-1] != values[-1]:
        return NOT_APPLICABLE, NOT_APPLICABLE
    return _course("Count", cuts, values, 0)


def _totals(table: pd.DataFrame, page: Page) -> pd.Series:
    return _of_everybody(table[table["statistic"].eq("n")], page).set_index(_PLACE)["value"]


def _rates(table: pd.DataFrame) -> pd.Series:
    """Return the rate of events by row of the overview."""
    own = table[table["display"].eq(_RATES) & table["statistic"].eq("rate") & table["group"].eq(TOTAL)]
    return own.set_index("variable")["value"]


def _rate(cuts: Sequence[str], rates: Sequence[pd.Series], place: str) -> tuple[CellLike, CellLike]:
    """Return the rate at this cut, and its course over the cuts that have one; dashes for a row without events."""
    if place not in rates[-1].index:
        return NOT_APPLICABLE, NOT_APPLICABLE
    values = [float(course.get(place, float("nan"))) for course in rates]
    if values[-1] != values[-1]:
        return Cell(NOT_ESTIMABLE, is_estimable=False), NOT_APPLICABLE
    return _course("Events per 100 person-years", cuts, values, 1)


def _course(what: str, cuts: Sequence[str], values: Sequence[float], decimals: int) -> tuple[str, Sparkline]:
    """Return a number at this cut, and its course over the cuts that have it, each cut in its place."""
    known = [(at, value) for at, value in enumerate(values) if value == value]
    step = (_WIDTH - 2 * _MARGIN) / max(len(values) - 1, 1)
    scale = (_HEIGHT - 2 * _MARGIN) / (max(value for _, value in known) or 1.0)
    places = [(fixed(_MARGIN + at * step, 1), fixed(_HEIGHT - _MARGIN - value * scale, 1)) for at, value in known]
    told = ", ".join(f"{cuts[at]} {fixed(value, decimals)}" for at, value in known)
    line = Sparkline(" ".join(",".join(place) for place in places), places[-1], f"{what} by cut: {told}")
    return fixed(values[-1], decimals), line


def table_of_published(display: Display, _: object, page: Page) -> Table:
    """Return the published numbers that this report shows, and whether they are the same."""
    reproduction, reason = page.study.reproduction, _not_compared(page)
    found = reproduced(page.results, reproduction) if reproduction and not reason else []
    rows = tuple(
        Row(one.label, (one.published, one.shown, "yes" if one.is_match else "no", one.source))
        for one in found
        if one.is_shown
    )
    notes = (_NOTE, *([_OF_SYNTHETIC] if page.study.is_synthetic else []))
    empty = reason or "This report shows none of the published numbers."
    return page.table(display, _PUBLISHED, rows, footnotes=notes if rows else (), empty=empty)


def _not_compared(page: Page) -> str:
    """Return why no published number is compared; empty where they are."""
    reproduction = page.study.reproduction
    if reproduction is None:
        return "The study file names no published result."
    if page.cut.cut.cut_id not in reproduction.cuts:
        return f"Published results are compared at cut {', '.join(reproduction.cuts)} only."
    return statement_of_copies(int(page.cut.stamps.get("copies", "1")))
