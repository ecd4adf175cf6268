"""Tables by visit: laboratory, vital signs, electrocardiogram, endpoints."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import pandas as pd

from cutbook.display.cells import Cells, lifted
from cutbook.display.frame import Displays, Table
from cutbook.display.grids import Grid, grid_of, visit_values, with_defaults
from cutbook.display.page import Page
from cutbook.display.parts import Column, Row
from cutbook.parameters.study import Endpoint

_SUMMARY = (Column("n", counts="all", role="count"), Column("Mean (SD)"), Column("Median"), Column("Min, max"))
_CHANGE = (Column("n", counts="change", role="count"), Column("Mean change (SD)"), Column("95 % CI"))
_RATIO = (
    Column("n", counts="all", role="count"),
    Column("Geo. mean"),
    Column("Geo. CV %"),
    Column("Median"),
    Column("Min, max"),
    Column("n", counts="change", role="count"),
    Column("Geo. mean ratio"),
    Column("95 % CI"),
)
_DATASETS = {"D15": "LB", "D20": "VS", "D21": "EG"}
_FINDINGS_NOTES = (
    "SD: standard deviation. CI: confidence interval of the mean change (t). NE: not estimable, one value only.",
    "Change: participants with a value before treatment and at the visit. Unscheduled visits are not in this table.",
)


@dataclass(frozen=True)
class _Visits:
    """The cells of one parameter, and everybody's values behind its counts."""

    cells: Cells
    parameter: str
    grid: Grid | None

    def row(self, visit: str, group: str, *, is_ratio: bool) -> Row:
        value = (self.parameter, "AVAL", "", visit, group)
        change = (self.parameter, "RATIO" if is_ratio else "CHG", "", visit, group)
        cells, counts = self.cells, (self.cells.one("n", value), self.cells.one("n", change))
        if self.grid:
            opens = self.grid.opens
            counts = (opens(counts[0], visit, group, "all"), opens(counts[1], visit, group, "change"))
        spread = cells.span("min", "max", value)
        limits = cells.span("ci_low", "ci_high", change, " to ")
        if is_ratio:
            middle = [cells.if_any(name, value) for name in ("geomean", "geocv", "median")]
            last = cells.if_any("geomean", change)
        else:
            middle = [cells.pair("mean", "sd", value), cells.if_any("median", value)]
            last = cells.pair("mean", "sd", change)
        return Row(group, (counts[0], *middle, spread, counts[1], last, limits), group=group)

    def rows(self, columns: Sequence[Column], *, is_ratio: bool) -> tuple[Row, ...]:
        width = len(columns)
        rows: list[Row] = []
        for visit, own in self.cells.rows.groupby("visit", sort=False):
            rows.append(Row(str(visit), is_head=True, grid=self.grid.id_of(str(visit)) if self.grid else ""))
            for group in dict.fromkeys(own["group"]):
                row = self.row(str(visit), group, is_ratio=is_ratio)
                rows.append(replace(row, cells=row.cells[:width]))
        return with_defaults(columns, lifted(rows))[1]


def table_findings(results: pd.DataFrame, page: Page, names: Mapping[str, str], display: str) -> Displays:
    """Return one folded table a parameter: value and change from baseline by visit and arm.

    Parameters
    ----------
    results : results table
        Rows of ``display`` (D15 laboratory, D20 vital signs).
    page : Page
        The report.
    names : mapping of str to str
        Words for each PARAMCD, unit included.
    display : str
        Row id.
    """
    cells = page.cells(results, display, anchors=())
    source = page.source(_DATASETS[display], "ADSL")
    population = page.population("Safety", cells.size)
    tables = []
    for parameter in dict.fromkeys(cells.rows["parameter"]):
        key = f"T-{display}-{parameter}"
        columns, rows, grid = _by_visit(cells.of_parameter(parameter), parameter, page, key)
        notes = _FINDINGS_NOTES if len(columns) > len(_SUMMARY) else _FINDINGS_NOTES[:1]
        title = names.get(parameter, parameter)
        records = grid.records() if grid else None
        tables.append(Table(key, title, population, "", columns, rows, notes, source, is_folded=True, records=records))
    return Displays(tuple(tables), "No values by the cut-off.")


def _by_visit(
    cells: Cells, parameter: str, page: Page, key: str
) -> tuple[tuple[Column, ...], tuple[Row, ...], Grid | None]:
    columns = (*_SUMMARY, *_CHANGE) if cells.rows["variable"].eq("CHG").any() else _SUMMARY
    grid = _grid(cells, parameter, page, key)
    return columns, _Visits(cells, parameter, grid).rows(columns, is_ratio=False), grid


def _grid(cells: Cells, parameter: str, page: Page, key: str) -> Grid | None:
    if page.book is None or page.book.findings.empty:
        return None
    visits = list(dict.fromkeys(["Baseline", *cells.rows["visit"]]))
    return grid_of(key, visit_values(page.book, parameter, cells.population), visits, page.book)


def table_endpoints(results: pd.DataFrame, page: Page) -> Displays:
    """Return tables F4 and F2: every endpoint by visit and arm, with its change or ratio to baseline."""
    tables = [_endpoint_table(results, page, endpoint) for endpoint in page.cut.study.endpoints]
    return Displays(tuple(tables), "The study file names no endpoint.")


def _endpoint_table(results: pd.DataFrame, page: Page, endpoint: Endpoint) -> Table:
    is_ratio = endpoint.scale == "ratio"
    display = "F2" if is_ratio else "F4"
    own = results[results["display"].eq(display) & results["parameter"].eq(endpoint.paramcd)]
    cells = page.cells(own, display, anchors=("geomean", "mean"))
    unit = f" ({endpoint.unit})" if endpoint.unit else ""
    key, notes = f"T-{display}-{endpoint.paramcd}", _endpoint_notes(endpoint)
    if is_ratio:
        grid = _grid(cells, endpoint.paramcd, page, key)
        columns: tuple[Column, ...] = _RATIO
        rows = _Visits(cells, endpoint.paramcd, grid).rows(_RATIO, is_ratio=True)
    else:
        columns, rows, grid = _by_visit(cells, endpoint.paramcd, page, key)
        notes = (*notes, _FINDINGS_NOTES[0])
    return Table(
        key,
        f"{endpoint.label}{unit} by visit",
        page.population(endpoint.population, cells.size),
        "",
        columns,
        rows,
        notes,
        page.source("ADEFF", "ADSL"),
        records=grid.records() if grid else None,
    )


def _endpoint_notes(endpoint: Endpoint) -> tuple[str, ...]:
    better = {"higher": "Higher values are better.", "lower": "Lower values are better.", "neither": ""}
    carried = "Last earlier post-baseline value carried forward to a visit without one (LOCF)."
    notes = [
        better[endpoint.better],
        carried if endpoint.imputation == "locf" else "Observed cases.",
        "Ratio to the participant's own baseline; geometric mean with 95 % CI (t on logarithms)."
        if endpoint.scale == "ratio"
        else "",
    ]
    return tuple(note for note in notes if note)
