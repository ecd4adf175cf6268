"""What a reader must not miss: new serious events, deaths, mixed-up samples; and how complete the data are."""

from __future__ import annotations

import pandas as pd

from cutbook.data.past_rules import count_records
from cutbook.display.cells import Cells
from cutbook.display.page import Page
from cutbook.display.records import participant_of

_SIGNALS = (
    ("serious", "D4", "SER", "{} newly with a serious treatment-emergent event since cut {}."),
    ("death", "D4", "DTHFL", "{} newly recorded as dead since cut {}."),
    ("mixup", "E13", "PLACEBO", "{} newly on placebo with a quantifiable concentration since cut {}."),
    ("mixup", "E13", "ALLBLQ", "{} newly on active drug without any quantifiable concentration since cut {}."),
)
"""Kind, display, variable, and the sentence when it counts participants whom it did not count before."""


def signals(results: pd.DataFrame, page: Page) -> list[tuple[str, str]]:
    """Return kind and sentence of every kind of participants of whom some are new since the previous cut.

    Nothing is a signal when the previous cut is not published here: what is new is then not known.
    """
    if page.previous is None:
        return []
    found = []
    for kind, display, variable, words in _SIGNALS:
        cells = page.cells(results, display)
        new = {name for _, name in _counted(cells, variable, page) - _counted(cells.before, variable, page)}
        if new:
            people = "1 participant" if len(new) == 1 else f"{len(new)} participants"
            found.append((kind, words.format(people, page.cut.cut.previous_cut)))
    return found


def _counted(cells: Cells | None, variable: str, page: Page) -> set[tuple[str, str]]:
    """Return matrix, where there is one, and participant of everybody who counts in this row."""
    if cells is None:
        return set()
    own = cells.rows[cells.rows["variable"].eq(variable) & cells.rows["statistic"].eq("n")]
    shown = own[own["group"].isin([page.cut.study.treatment.total, ""])]
    pairs = zip(shown["parameter"], shown["keys"], strict=True)
    return {(matrix, participant_of(key)) for matrix, keys in pairs for key in keys}


def completeness(page: Page) -> list[str]:
    """Return what was received, what was found odd, and what the cut did, a sentence each."""
    cut = page.cut
    checked = "as the manifest says" if cut.stamps["is_verified"] == "yes" else "row counts unverified"
    removed, modified = (int(cut.audit[name].sum()) for name in ("REMOVED", "MODIFIED"))
    past = _many(count_records(cut.past), "change")
    return [
        f"{_many(len(cut.received), 'file')} received, {checked}; {_many(len(cut.issues), 'finding')} in the data.",
        f"The data cut removed {_many(removed, 'record')} and rolled back {_many(modified, 'value')}.",
        *([f"{past} of the past since cut {cut.cut.previous_cut}."] if cut.before else []),
    ]


def _many(number: int, thing: str) -> str:
    return f"{number} {thing}" if number == 1 else f"{number} {thing}s"
