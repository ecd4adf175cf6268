"""Tables of participants and adverse events."""

from __future__ import annotations

import pandas as pd

from cutbook.display.cells import Cells
from cutbook.display.frame import Row, Table
from cutbook.display.page import Page
from cutbook.parameters.study import Characteristic

_COUNT_NOTE = "Number of participants (%). A participant counts once in a row."
_OVERVIEW_NOTES = (
    "Criteria of seriousness are counted among events marked serious; others are listed under findings in the data.",
    "Deaths on study are counted from all sources, whenever they happened by the cut-off.",
)
_EVENT_NOTE = "Participants (%) [events]. A participant counts once in a row; % of N in the column heading."


def table_disposition(results: pd.DataFrame, page: Page) -> Table:
    """Return table D1: screened, randomised, treated, doses received, end of study and its reasons."""
    cells = Cells(results, "D1")
    rows: list[Row] = []
    for variable, level in cells.places("variable", "level"):
        counted = tuple(cells.count(("", variable, level, "", group)) for group in cells.groups)
        is_detail = variable in {"DCSREAS", "DOSEN"}
        label = str(level).capitalize() if variable == "DCSREAS" else str(level)
        rows.append(Row(label, counted, level=1 if is_detail else 0))
    return Table(
        "T-D1",
        "Disposition of participants",
        page.population("Randomised", cells.size),
        "",
        cells.columns(),
        tuple(rows),
        (
            (
                "Number of participants (% of randomised). Screening precedes randomisation: participants who were not "
                "randomised stand in the last column alone."
            ),
            "Reasons for discontinuation in order of falling frequency. Ongoing: no end of study by the cut-off.",
        ),
        page.source("DM", "DS", "EX"),
    )


def table_demographics(results: pd.DataFrame, page: Page) -> Table:
    """Return table D2: demographic and disease characteristics before treatment."""
    cells = Cells(results, "D2")
    rows: list[Row] = []
    for item in page.cut.study.characteristics:
        unit = f" ({item.unit})" if item.unit else ""
        rows.append(Row(f"{item.label}{unit}", is_head=True))
        rows += _level_rows(cells, item) if item.levels else _summary_rows(cells, item.variable)
    return Table(
        "T-D2",
        "Demographic and baseline characteristics",
        page.population("Safety", cells.size),
        "",
        cells.columns(),
        tuple(rows),
        (
            (
                "n (%) of N in the column heading; Q1, Q3: quartiles (SAS definition 5). SD: standard deviation; "
                "NE: not estimable. No test between arms is made: allocation is random."
            ),
        ),
        page.source(*dict.fromkeys(item.dataset.upper() for item in page.cut.study.characteristics)),
    )


def _level_rows(cells: Cells, item: Characteristic) -> list[Row]:
    levels = dict.fromkeys(cells.rows.loc[cells.rows["variable"].eq(item.variable), "level"])
    return [
        Row(level, tuple(cells.count(("", item.variable, level, "", group)) for group in cells.groups), level=1)
        for level in levels
    ]


def _summary_rows(cells: Cells, variable: str) -> list[Row]:
    places = [("", variable, "", "", group) for group in cells.groups]
    return [
        Row("n", tuple(cells.text("n", place) for place in places), level=1),
        Row("Mean (SD)", tuple(cells.pair("mean", "sd", place) for place in places), level=1),
        Row("Median", tuple(cells.if_any("median", place) for place in places), level=1),
        Row("Q1, Q3", tuple(cells.span("q1", "q3", place) for place in places), level=1),
        Row("Min, max", tuple(cells.span("min", "max", place) for place in places), level=1),
    ]


def table_exposure(results: pd.DataFrame, page: Page) -> Table:
    """Return table D3: doses received, total dose, days on treatment, person-years."""
    cells = Cells(results, "D3")
    unit = page.cut.study.treatment.dose_unit
    rows: list[Row] = []
    doses = dict.fromkeys(cells.rows.loc[cells.rows["variable"].eq("DOSEN"), "level"])
    if doses:
        rows.append(Row("Doses received", is_head=True))
        rows += [
            Row(level, tuple(cells.count(("", "DOSEN", level, "", group)) for group in cells.groups), level=1)
            for level in doses
        ]
        rows += [Row(f"Total dose ({unit})", is_head=True), *_summary_rows(cells, "DOSETOT")]
    rows += [Row("Days from first to last dose", is_head=True), *_summary_rows(cells, "TRTDURD")]
    years = tuple(cells.text("sum", ("", "PYEARS", "", "", group)) for group in cells.groups)
    rows += [Row("Person-years on treatment", is_head=True), Row("Total", years, level=1)]
    return Table(
        "T-D3",
        "Exposure",
        page.population("Safety", cells.size),
        "",
        cells.columns(),
        tuple(rows),
        (
            (
                "First and last day both count. Treatment without a recorded end is counted to the end of the study, "
                "the death or the cut-off, whichever came first. A year has 365.25 days."
            ),
        ),
        page.source("EX"),
    )


def table_overview(results: pd.DataFrame, page: Page) -> Table:
    """Return table D4: overview of treatment-emergent adverse events."""
    cells = Cells(results, "D4")
    contrasts = [group for group in dict.fromkeys(cells.rows["group"]) if group not in cells.sizes]
    rows = []
    for variable, level in cells.places("variable", "level"):
        counted = [cells.events(("", variable, level, "", group)) for group in cells.groups]
        counted += [_difference(cells, ("", variable, level, "", group)) for group in contrasts]
        rows.append(Row(str(level), tuple(counted), level=1 if str(variable).startswith("AES") else 0))
    notes = [_EVENT_NOTE, _window_note(page)]
    if contrasts:
        notes.append(
            f"{contrasts[0]}: difference of percentages in percentage points with its 95 % confidence interval "
            "(Newcombe), not adjusted for multiplicity."
        )
    return Table(
        "T-D4",
        "Overview of adverse events",
        page.population("Safety", cells.size),
        "",
        cells.columns([*cells.groups, *contrasts]),
        tuple(rows),
        (*notes, *_OVERVIEW_NOTES),
        page.source("ADAE", "ADSL"),
    )


def _difference(cells: Cells, place: tuple[str, ...]) -> str:
    difference = cells.text("rd", place)
    return f"{difference} ({cells.text('rd_low', place)}, {cells.text('rd_high', place)})"


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
    cells = Cells(results, "D4S")
    words = {"TEAE": "Any event", "SER": "Serious event", "FATAL": "Event with fatal outcome"}
    rows: list[Row] = []
    for level in dict.fromkeys(cells.rows["level"]):
        rows.append(Row("Whole study" if level == "ALL" else f"Up to {level} days after the last dose", is_head=True))
        rows += [
            Row(text, tuple(cells.count(("", variable, level, "", group)) for group in cells.groups), level=1)
            for variable, text in words.items()
        ]
    return Table(
        "T-D4S",
        "Sensitivity of the overview to the treatment-emergent window",
        page.population("Safety", cells.size),
        "",
        cells.columns(),
        tuple(rows),
        (_COUNT_NOTE, "Deaths on study are in the overview, whatever the window."),
        page.source("ADAE"),
    )


def table_terms(results: pd.DataFrame, page: Page) -> Table:
    """Return table D5: treatment-emergent adverse events by system organ class and preferred term."""
    cells = Cells(results, "D5")
    rows = []
    for parameter, variable, level in cells.places("parameter", "variable", "level"):
        counted = tuple(cells.events((parameter, variable, level, "", group)) for group in cells.groups)
        rows.append(Row(_sentence_case(str(level)), counted, level=1 if variable == "AEDECOD" else 0))
    has_events = len(rows) > 1
    return Table(
        "T-D5",
        "Treatment-emergent adverse events by system organ class and preferred term",
        page.population("Safety", cells.size),
        "System organ class, preferred term",
        cells.columns(),
        tuple(rows) if has_events else (),
        (_EVENT_NOTE, _window_note(page), "Classes and terms in order of falling total frequency, ties alphabetical."),
        page.source("ADAE"),
        empty="No treatment-emergent adverse events by the cut-off.",
    )


def _sentence_case(text: str) -> str:
    return text.capitalize() if text.isupper() else text
