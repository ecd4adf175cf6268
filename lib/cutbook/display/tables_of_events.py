"""Tables of adverse events."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from cutbook.display.cells import Cells, Place, lifted
from cutbook.display.frame import Table
from cutbook.display.page import Page
from cutbook.display.parts import Mark, Row

_COUNT_NOTE = "Number of participants (%). A participant counts once in a row."
_OVERVIEW_NOTES = (
    "Criteria of seriousness are counted among events marked serious; others are listed under findings in the data.",
    "Deaths on study are counted from all sources, whenever they happened by the cut-off.",
)
_EVENT_NOTE = "Participants (%) [events]. A participant counts once in a row; % of N in the column heading."
_TERM = ("parameter", "variable", "level")
_ORDERS = {
    "frequency": "Classes and terms in order of falling total frequency, ties alphabetical.",
    "previous_cut": (
        "Classes and terms in the order of the previous cut, new ones last; ↑ and ↓ say by how many places a row would "
        "move in order of falling total frequency."
    ),
}


def table_overview(results: pd.DataFrame, page: Page) -> Table:
    """Return table D4: overview of treatment-emergent adverse events."""
    cells = page.cells(results, "D4")
    contrasts = [group for group in dict.fromkeys(cells.rows["group"]) if group not in cells.sizes]
    rows = []
    for variable, level in [*cells.places("variable", "level"), *cells.gone("variable", "level")]:
        counted = [cells.events(("", variable, level, "", group)) for group in cells.groups]
        counted += [cells.limits(("rd", "rd_low", "rd_high"), ("", variable, level, "", group)) for group in contrasts]
        rows.append(Row(str(level), tuple(counted), level=1 if str(variable).startswith("AES") else 0))
    notes = [_EVENT_NOTE, _window_note(page)]
    if contrasts:
        notes.append(
            f"{contrasts[0]}: difference of percentages in percentage points with its 95 % confidence interval "
            "(Newcombe), not adjusted for multiplicity."
        )
    table = Table(
        "T-D4",
        "Overview of adverse events",
        page.population("Safety", cells.size),
        "",
        cells.columns([*cells.groups, *contrasts]),
        lifted(rows),
        (*notes, *_OVERVIEW_NOTES),
        page.source("ADAE", "ADSL"),
    )
    return page.opened(table)


def _window_note(page: Page) -> str:
    days = page.cut.study.adverse_events.teae_window_days
    end = "whenever by the cut-off" if days is None else f"up to {days} days after the last dose"
    return (
        f"Treatment-emergent: started on or after the first dose, {end}, or was there before and worsened where the "
        "severity before treatment is collected. A missing "
        "start counts as treatment-emergent; a partial start as early as its known parts allow, but not before the "
        "first dose when they allow it."
    )


def table_windows(results: pd.DataFrame, page: Page) -> Table:
    """Return table D4S: the overview under other windows after the last dose."""
    cells = page.cells(results, "D4S")
    words = {"TEAE": "Any event", "SER": "Serious event", "FATAL": "Event with fatal outcome"}
    rows: list[Row] = []
    for level in dict.fromkeys(cells.rows["level"]):
        rows.append(Row("Whole study" if level == "ALL" else f"Up to {level} days after the last dose", is_head=True))
        rows += [
            Row(text, tuple(cells.count(("", variable, level, "", group)) for group in cells.groups), level=1)
            for variable, text in words.items()
        ]
    table = Table(
        "T-D4S",
        "Sensitivity of the overview to the treatment-emergent window",
        page.population("Safety", cells.size),
        "",
        cells.columns(),
        lifted(rows),
        (_COUNT_NOTE, "Deaths on study are in the overview, whatever the window."),
        page.source("ADAE"),
    )
    return page.opened(table)


def table_terms(results: pd.DataFrame, page: Page) -> Table:
    """Return table D5: treatment-emergent adverse events by system organ class and preferred term."""
    cells = page.cells(results, "D5")
    order = page.cut.study.adverse_events.order if cells.before else "frequency"
    places = _in_order(cells, is_kept=order == "previous_cut")
    rows = [_term_row(cells, place, mark) for place, mark in places]
    table = Table(
        "T-D5",
        "Treatment-emergent adverse events by system organ class and preferred term",
        page.population("Safety", cells.size),
        "System organ class, preferred term",
        cells.columns(),
        lifted(rows) if len(rows) > 1 else (),
        (_EVENT_NOTE, _window_note(page), _ORDERS[order]),
        page.source("ADAE"),
        empty="No treatment-emergent adverse events by the cut-off.",
    )
    return page.opened(table)


def _term_row(cells: Cells, place: Place, mark: Mark | None) -> Row:
    parameter, variable, level = place
    counted = tuple(cells.events((parameter, variable, level, "", group)) for group in cells.groups)
    return Row(sentence_case(level), counted, level=1 if variable == "AEDECOD" else 0, mark=mark)


def _in_order(cells: Cells, *, is_kept: bool) -> list[tuple[Place, Mark | None]]:
    """Return the rows of this cut and those that only the previous one had, with how far each would move.

    By frequency, or, when the previous order is kept, as they stood there; what one order does not know stands last.
    """
    now, gone = cells.places(*_TERM), cells.gone(*_TERM)
    if not is_kept or cells.before is None:
        return [(place, None) for place in _by_class([*now, *gone])]
    before = cells.before.places(*_TERM)
    kept = _by_class([*before, *(place for place in now if place not in set(before))])
    return [(place, _moved(place, now, before)) for place in kept]


def _by_class(places: Sequence[Place]) -> list[Place]:
    """Return the rows with each class followed by its own terms, otherwise in the order given."""
    classes = list(dict.fromkeys(parameter for parameter, _, _ in places))
    return sorted(places, key=lambda place: (classes.index(place[0]), place[1] == "AEDECOD"))


def _moved(place: Place, now: Sequence[Place], before: Sequence[Place]) -> Mark | None:
    """Return the places by which a row would rise or fall among its like."""
    if place not in now or place not in before:
        return None
    steps = _rank(place, before) - _rank(place, now)
    return Mark("rank", f"{'↑' if steps > 0 else '↓'}{abs(steps)}") if steps else None


def _rank(place: Place, places: Sequence[Place]) -> int:
    is_term = place[1] == "AEDECOD"
    return [one for one in places if one[1] == place[1] and (not is_term or one[0] == place[0])].index(place)


def sentence_case(text: str) -> str:
    """Return a term in capitals in sentence case; others as they are."""
    return text.capitalize() if text.isupper() else text
