"""Listings: records as they were collected, one line each."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd

from cutbook.display.formats import NOT_APPLICABLE
from cutbook.display.frame import Table
from cutbook.display.page import MOST_ROWS, Page
from cutbook.display.parts import Column, Row
from cutbook.display.record_texts import starts
from cutbook.display.words import beside, column, dates, lines, numbers, sentences, visit_name, words

_AS_COLLECTED = {"Preferred term", "Reported term", "Severity", "Related", "Action", "Outcome"}
_EVENT_COLUMNS = tuple(
    Column(label, is_number=False, is_verbatim=label in _AS_COLLECTED)
    for label in (
        "Arm", "Age (sex)", "Preferred term", "Reported term", "Start (day)", "End (day)", "Severity", "Serious",
        "Related", "Action", "Outcome", "Treatment-emergent",
    )
)  # fmt: skip


def listing_deaths(adsl: pd.DataFrame, page: Page) -> Table:
    """Return the listing of everybody who died by the cut-off, from DM, DS and adverse events together."""
    has_doses = page.cut.study.treatment.planned_doses is not None
    columns = (
        Column("Arm", is_number=False),
        Column("Age (sex)", is_number=False),
        Column("First dose", is_number=False),
        Column("Doses"),
        Column("Death", is_number=False),
        Column("Study day"),
        Column("Cause as reported", is_number=False, is_verbatim=True),
    )

    def rows(dead: pd.DataFrame) -> tuple[Row, ...]:
        return lines(
            words(dead["USUBJID"]),
            words(dead["TRT01A"]),
            beside(words(dead["AGE"]), words(dead["SEX"])),
            dates(dead["TRTSDT"]),
            words(dead["DOSEN"]) if has_doses else [NOT_APPLICABLE] * len(dead),
            words(column(dead, "DTHDTC")) if "DTHDTC" in dead else dates(dead["DTHDT"]),
            words(dead["DTHDY"]),
            words(dead["DTHCAUS"]),
        )

    earlier = _dead(page.before.participants) if page.before else None
    return Table(
        "L-D9-deaths",
        "Deaths on study",
        "All participants who died by the cut-off, any cause.",
        "Participant",
        columns,
        page.listed(_dead(adsl), earlier, rows, adsl["KEY"]),
        ("Study day 1 is the day of the first dose; there is no day 0.",),
        page.source("DM", "DS", "AE", "DD"),
        empty="No deaths by the cut-off.",
        is_about_people=True,
    )


def _dead(adsl: pd.DataFrame) -> pd.DataFrame:
    return adsl[adsl["DTHFL"].eq("Y")].sort_values(["TRT01AN", "USUBJID"], kind="stable")


def listing_serious(adae: pd.DataFrame, page: Page) -> Table:
    """Return the listing of adverse events that are marked serious or were fatal, treatment-emergent or not."""
    title, empty = "Serious or fatal adverse events", "No serious or fatal adverse events by the cut-off."
    return _events(adae, page, _serious, ("serious", title, empty))


def _serious(adae: pd.DataFrame) -> pd.Series:
    return adae["AESER"].eq("Y") | adae["FATALFL"].eq("Y")


def listing_discontinuations(adae: pd.DataFrame, page: Page) -> Table:
    """Return the listing of adverse events that led to discontinuation of study drug."""
    title = "Adverse events that led to discontinuation of study drug"
    empty = (
        "No adverse event is recorded by the cut-off as having led to discontinuation of study drug."
        if column(adae, "AEACN").notna().any() or adae.empty
        else "Action taken with study drug was not collected; see the reasons for discontinuation under disposition."
    )
    return _events(adae, page, _discontinued, ("discontinuations", title, empty))


def _discontinued(adae: pd.DataFrame) -> pd.Series:
    return column(adae, "AEACN").eq("DRUG WITHDRAWN")


def _events(
    adae: pd.DataFrame, page: Page, is_listed: Callable[[pd.DataFrame], pd.Series], named: tuple[str, str, str]
) -> Table:
    key, title, empty = named
    events = _ordered(adae[is_listed(adae)])
    earlier = page.before.records if page.before else None
    if earlier is not None and len(earlier):
        earlier = _ordered(earlier[is_listed(earlier)])
    rows = page.listed(events, earlier, _event_rows, adae["KEY"])
    notes = ("Start and end as collected, with the study day; – where missing or ongoing.", *_more(len(events)))
    population = "All participants with such an event."
    return Table(
        f"L-D9-{key}", title, population, "Participant", _EVENT_COLUMNS, rows, notes, page.source("ADAE"), empty=empty,
        is_about_people=True,
    )  # fmt: skip


def _ordered(events: pd.DataFrame) -> pd.DataFrame:
    return events.sort_values(["TRT01AN", "USUBJID", "ASTDT"], kind="stable")


def _event_rows(events: pd.DataFrame) -> tuple[Row, ...]:
    return lines(
        words(events["USUBJID"]),
        words(events["TRT01A"]),
        beside(words(events["AGE"]), words(events["SEX"])),
        sentences(events["AEDECOD"]),
        words(events["AETERM"]),
        beside(starts(events), words(events["ASTDY"])),
        beside(words(column(events, "AEENDTC")), words(events["AENDY"])),
        sentences(events["AESEV"]),
        words(events["AESER"]),
        sentences(column(events, "AEREL")),
        sentences(column(events, "AEACN")),
        sentences(column(events, "AEOUT")),
        words(events["TRTEMFL"]),
    )


def listing_concentrations(adpc: pd.DataFrame, page: Page) -> Table:
    """Return listing E1: every concentration with its nominal and actual time and what was reported."""
    placebo = [arm.label for arm in page.cut.study.treatment.arms if arm.dose == 0]
    ordered = adpc.assign(IS_PLACEBO=adpc["TRT01A"].isin(placebo))
    ordered = ordered.sort_values(["IS_PLACEBO", "TRT01AN", "USUBJID", "MATRIX", "ADTM"], kind="stable")
    columns = (
        Column("Arm", is_number=False),
        Column("Matrix", is_number=False),
        Column("Visit", is_number=False),
        Column("Dose"),
        Column("Nominal time (h)"),
        Column("Actual time (h)"),
        Column("Deviation (min)"),
        Column("As reported", is_verbatim=True),
        Column("Unit", is_number=False),
    )
    notes = (
        "Active arms first. Deviation: actual minus nominal time. Times are hours after the dose named.",
        *_more(len(adpc)),
    )
    earlier = page.before.records if page.before else None
    return Table(
        "L-E1",
        "Concentrations",
        "Samples of the matrices that the study file names.",
        "Participant",
        columns,
        page.numbered(ordered, page.listed(ordered, earlier, _sample_rows, adpc["KEY"])),
        notes,
        page.source("ADPC"),
        empty="No concentrations by the cut-off.",
        is_folded=True,
        is_about_people=True,
    )


def _sample_rows(samples: pd.DataFrame) -> tuple[Row, ...]:
    return lines(
        words(samples["USUBJID"]),
        words(samples["TRT01A"]),
        words(samples["MATRIX"]),
        map(visit_name, words(samples["VISIT"])),
        words(samples["DOSEOCC"].astype("float64")),
        words(samples["NOMTIME"]),
        numbers(samples["ATIME"], 2),
        numbers(samples["DEVMIN"], 0),
        words(samples["AVALC"]),
        words(samples["AVALU"]),
    )


def _more(total: int) -> tuple[str, ...]:
    return (f"The first {MOST_ROWS} of {total} records are shown.",) if total > MOST_ROWS else ()
