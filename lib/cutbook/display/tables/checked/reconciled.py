"""The table of numbers that must agree: what is compared, both numbers, and whether they agree."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from cutbook.catalogue.kinds.display import Display
from cutbook.display.cohorts import of_cohorts
from cutbook.display.look.columns import numbers
from cutbook.display.look.elements import Column, Row
from cutbook.display.look.frame import Table
from cutbook.display.page import Page
from cutbook.vocabulary import MISSING, TOTAL

_COLUMNS = (Column("One"), Column("Other"), Column("Agree", is_number=False))
_OVERVIEW, _SIZE, _DEATHS = "D4", "POPULATION", "DTHFL"

Pair = tuple[str, float, float, bool]
"""What is compared, one number, the other, and whether the first may be less."""


def table_of_reconciliations(display: Display, _: object, page: Page) -> Table:
    """Return the numbers of this report that must agree, as its tables show them and as the data hold them."""
    rows = []
    for words, one, other, is_part in pairs(page):
        agree = one <= other if is_part else one == other
        shown = (numbers(pd.Series([value]), 0)[0] for value in (one, other))
        rows.append(Row(of_cohorts(words, page.study), (*shown, "yes" if agree else "NO")))
    return page.table(display, _COLUMNS, rows, footnotes=("One: as a table of this report shows it.",))


def pairs(page: Page) -> Iterator[Pair]:
    """Yield what is compared: only numbers that this cut has."""
    found = (*_participants(page), *_serious(page), *_deaths(page), *_events(page))
    yield from (pair for pair in found if pair[1] == pair[1] and pair[2] == pair[2])


def _value(page: Page, display: str, variable: str, group: str, statistic: str = "n") -> float:
    results = page.results
    own = results[results["display"].eq(display) & results["variable"].eq(variable) & results["group"].eq(group)]
    own = own[own["level"].eq("") & own["statistic"].eq(statistic)]
    return float(own["value"].iloc[0]) if len(own) else float("nan")


def _participants(page: Page) -> Iterator[Pair]:
    arms = [arm.code for arm in page.study.treatment.arms] + [MISSING]
    sizes = [_value(page, _OVERVIEW, _SIZE, arm, "N") for arm in arms]
    total = _value(page, _OVERVIEW, _SIZE, TOTAL, "N")
    summed = sum(size for size in sizes if size == size)
    treated = float(page.frames.adsl["SAFFL"].eq("Y").sum())
    yield "Treated participants: sum of the arms (D4), all (D4)", summed, total, False
    yield "Treated participants: all (D4), the data (ADSL)", total, treated, False
    for name in sorted({"D5", "D6", "D10", "D12"} & set(page.results["display"])):
        size = _value(page, name, _SIZE, TOTAL, "N")
        yield f"Treated participants: heading of {name}, of D4", size, total, False


def _serious(page: Page) -> Iterator[Pair]:
    events = page.frames.adae
    if "AESER" not in events:
        return
    listed = events[events["AESER"].eq("Y") & events["TRTEMFL"].eq("Y") & events["SAFFL"].eq("Y")]
    people, number = float(listed["USUBJID"].nunique()), float(len(listed))
    of_people, of_events = (_value(page, _OVERVIEW, "SER", TOTAL, name) for name in ("n", "events"))
    yield "Participants with serious events: overview (D4), listing (D9)", of_people, people, False
    yield "Serious events: overview (D4), listing (D9)", of_events, number, False


def _deaths(page: Page) -> Iterator[Pair]:
    shown = _value(page, _OVERVIEW, _DEATHS, TOTAL)
    treated = set(page.frames.adsl.loc[page.frames.adsl["SAFFL"].eq("Y"), "USUBJID"])
    for name, variable, code in (("dm", _DEATHS, "Y"), ("ds", "DSDECOD", "DEATH"), ("ae", "AEOUT", "FATAL")):
        records = page.frames.datasets.get(name, pd.DataFrame())
        if variable in records:
            dead = float(len(set(records.loc[records[variable].eq(code), "USUBJID"]) & treated))
            yield f"Deaths of treated participants: overview (D4), {name.upper()}.{variable}", shown, dead, False


def _events(page: Page) -> Iterator[Pair]:
    events = page.frames.adae
    every = float(events["SAFFL"].eq("Y").sum()) if len(events) else float("nan")
    shown = _value(page, _OVERVIEW, "TEAE", TOTAL, "events")
    yield "Events: treatment-emergent (D4), at most all of the treated (ADAE)", shown, every, True
    yield "Events: any (D5), treatment-emergent (D4)", _value(page, "D5", "ANY", TOTAL, "events"), shown, False
