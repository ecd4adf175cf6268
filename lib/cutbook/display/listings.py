"""Listings: records as they were collected, one line each."""

from __future__ import annotations

import pandas as pd

from cutbook.display.frame import Column, Table
from cutbook.display.page import Page
from cutbook.display.words import beside, column, dates, lines, numbers, sentences, words

MOST_ROWS = 2000
"""Records that a listing shows at most; a footnote then says how many there are."""

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
    dead = adsl[adsl["DTHFL"].eq("Y")].sort_values(["TRT01AN", "USUBJID"], kind="stable")
    columns = (
        Column("Arm", is_number=False),
        Column("Age (sex)", is_number=False),
        Column("First dose", is_number=False),
        Column("Doses"),
        Column("Death", is_number=False),
        Column("Study day"),
        Column("Cause as reported", is_number=False, is_verbatim=True),
    )
    rows = lines(
        words(dead["USUBJID"]),
        words(dead["TRT01A"]),
        beside(words(dead["AGE"]), words(dead["SEX"])),
        dates(dead["TRTSDT"]),
        words(dead["DOSEN"]) if page.cut.study.treatment.planned_doses else ["–"] * len(dead),
        words(column(dead, "DTHDTC")) if "DTHDTC" in dead else dates(dead["DTHDT"]),
        words(dead["DTHDY"]),
        words(dead["DTHCAUS"]),
    )
    return Table(
        "L-D9-deaths",
        "Deaths on study",
        "All participants who died by the cut-off, any cause.",
        "Participant",
        columns,
        rows,
        ("Study day 1 is the day of the first dose; there is no day 0.",),
        page.source("DM", "DS", "AE", "DD"),
        empty="No deaths by the cut-off.",
    )


def listing_serious(adae: pd.DataFrame, page: Page) -> Table:
    """Return the listing of adverse events that are marked serious or were fatal, treatment-emergent or not."""
    serious = adae[adae["AESER"].eq("Y") | adae["FATALFL"].eq("Y")]
    return _events(
        serious,
        page,
        "serious",
        "Serious or fatal adverse events",
        "No serious or fatal adverse events by the cut-off.",
    )


def listing_discontinuations(adae: pd.DataFrame, page: Page) -> Table:
    """Return the listing of adverse events that led to discontinuation of study drug."""
    title = "Adverse events that led to discontinuation of study drug"
    empty = (
        "No adverse event is recorded by the cut-off as having led to discontinuation of study drug."
        if column(adae, "AEACN").notna().any() or adae.empty
        else "Action taken with study drug was not collected; see the reasons for discontinuation under disposition."
    )
    return _events(adae[column(adae, "AEACN").eq("DRUG WITHDRAWN")], page, "discontinuations", title, empty)


def _events(events: pd.DataFrame, page: Page, key: str, title: str, empty: str) -> Table:
    ordered = events.sort_values(["TRT01AN", "USUBJID", "ASTDT", "AESEQ"], kind="stable").head(MOST_ROWS)
    rows = lines(
        words(ordered["USUBJID"]),
        words(ordered["TRT01A"]),
        beside(words(ordered["AGE"]), words(ordered["SEX"])),
        sentences(ordered["AEDECOD"]),
        words(ordered["AETERM"]),
        beside(words(ordered["AESTDTC"]), words(ordered["ASTDY"])),
        beside(words(column(ordered, "AEENDTC")), words(ordered["AENDY"])),
        sentences(ordered["AESEV"]),
        words(ordered["AESER"]),
        sentences(column(ordered, "AEREL")),
        sentences(column(ordered, "AEACN")),
        sentences(column(ordered, "AEOUT")),
        words(ordered["TRTEMFL"]),
    )
    notes = ("Start and end as collected, with the study day; – where missing or ongoing.", *_more(len(events)))
    population = "All participants with such an event."
    return Table(
        f"L-D9-{key}", title, population, "Participant", _EVENT_COLUMNS, rows, notes, page.source("ADAE"), empty=empty
    )


def listing_concentrations(adpc: pd.DataFrame, page: Page) -> Table:
    """Return listing E1: every concentration with its nominal and actual time and what was reported."""
    placebo = [arm.label for arm in page.cut.study.treatment.arms if arm.dose == 0]
    ordered = adpc.assign(IS_PLACEBO=adpc["TRT01A"].isin(placebo))
    ordered = ordered.sort_values(["IS_PLACEBO", "TRT01AN", "USUBJID", "MATRIX", "ADTM"], kind="stable")
    samples = ordered.head(MOST_ROWS)
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
    rows = lines(
        words(samples["USUBJID"]),
        words(samples["TRT01A"]),
        words(samples["MATRIX"]),
        words(samples["VISIT"]),
        words(samples["DOSEOCC"].astype("float64")),
        words(samples["NOMTIME"]),
        numbers(samples["ATIME"], 2),
        numbers(samples["DEVMIN"], 0),
        words(samples["AVALC"]),
        words(samples["AVALU"]),
    )
    notes = (
        "Active arms first. Deviation: actual minus nominal time. Times are hours after the dose named.",
        *_more(len(adpc)),
    )
    return Table(
        "L-E1",
        "Concentrations",
        "Samples of the matrices that the study file names.",
        "Participant",
        columns,
        rows,
        notes,
        page.source("ADPC"),
        empty="No concentrations by the cut-off.",
        is_folded=True,
    )


def _more(total: int) -> tuple[str, ...]:
    return (f"The first {MOST_ROWS} of {total} records are shown.",) if total > MOST_ROWS else ()
