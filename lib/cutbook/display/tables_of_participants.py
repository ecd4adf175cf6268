"""Tables of participants: disposition, baseline, exposure."""

from __future__ import annotations

import pandas as pd

from cutbook.display.cells import Cells, lifted
from cutbook.display.frame import Table
from cutbook.display.page import Page
from cutbook.display.parts import Row
from cutbook.parameters.study import Characteristic


def table_disposition(results: pd.DataFrame, page: Page) -> Table:
    """Return table D1: screened, randomised, treated, doses received, end of study and its reasons."""
    cells = page.cells(results, "D1")
    rows: list[Row] = []
    for variable, level in [*cells.places("variable", "level"), *cells.gone("variable", "level")]:
        counted = tuple(cells.count(("", variable, level, "", group)) for group in cells.groups)
        is_detail = variable in {"DCSREAS", "DOSEN"}
        label = str(level).capitalize() if variable == "DCSREAS" else str(level)
        rows.append(Row(label, counted, level=1 if is_detail else 0))
    table = Table(
        "T-D1",
        "Disposition of participants",
        page.population("Randomised", cells.size),
        "",
        cells.columns(),
        lifted(rows),
        (
            (
                "Number of participants (% of randomised). Screening precedes randomisation: participants who were not "
                "randomised stand in the last column alone."
            ),
            "Reasons for discontinuation in order of falling frequency. Ongoing: no end of study by the cut-off.",
        ),
        page.source("DM", "DS", "EX"),
    )
    return page.opened(table)


def table_demographics(results: pd.DataFrame, page: Page) -> Table:
    """Return table D2: demographic and disease characteristics before treatment."""
    cells = page.cells(results, "D2")
    rows: list[Row] = []
    for item in page.cut.study.characteristics:
        unit = f" ({item.unit})" if item.unit else ""
        rows.append(Row(f"{item.label}{unit}", is_head=True))
        rows += _level_rows(cells, item) if item.levels else _summary_rows(cells, item.variable)
    table = Table(
        "T-D2",
        "Demographic and baseline characteristics",
        page.population("Safety", cells.size),
        "",
        cells.columns(),
        lifted(rows),
        (
            (
                "n (%) of N in the column heading; Q1, Q3: quartiles (SAS definition 5). SD: standard deviation; "
                "NE: not estimable. No test between arms is made: allocation is random."
            ),
        ),
        page.source(*dict.fromkeys(item.dataset.upper() for item in page.cut.study.characteristics)),
    )
    return page.opened(table)


def _level_rows(cells: Cells, item: Characteristic) -> list[Row]:
    places = [*cells.places("variable", "level"), *cells.gone("variable", "level")]
    levels = dict.fromkeys(level for variable, level in places if variable == item.variable)
    return [
        Row(level, tuple(cells.count(("", item.variable, level, "", group)) for group in cells.groups), level=1)
        for level in levels
    ]


def _summary_rows(cells: Cells, variable: str) -> list[Row]:
    places = [("", variable, "", "", group) for group in cells.groups]
    return [
        Row("n", tuple(cells.one("n", place) for place in places), level=1),
        Row("Mean (SD)", tuple(cells.pair("mean", "sd", place) for place in places), level=1),
        Row("Median", tuple(cells.if_any("median", place) for place in places), level=1),
        Row("Q1, Q3", tuple(cells.span("q1", "q3", place) for place in places), level=1),
        Row("Min, max", tuple(cells.span("min", "max", place) for place in places), level=1),
    ]


def table_exposure(results: pd.DataFrame, page: Page) -> Table:
    """Return table D3: doses received, total dose, days on treatment, person-years."""
    cells = page.cells(results, "D3")
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
    years = tuple(cells.one("sum", ("", "PYEARS", "", "", group)) for group in cells.groups)
    rows += [Row("Person-years on treatment", is_head=True), Row("Total", years, level=1)]
    table = Table(
        "T-D3",
        "Exposure",
        page.population("Safety", cells.size),
        "",
        cells.columns(),
        lifted(rows),
        (
            (
                "First and last day both count. Treatment without a recorded end is counted to the end of the study, "
                "the death or the cut-off, whichever came first. A year has 365.25 days."
            ),
        ),
        page.source("EX"),
    )
    return page.opened(table)
