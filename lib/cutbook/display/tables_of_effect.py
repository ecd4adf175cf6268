"""Tables that compare the arms."""

from __future__ import annotations

import pandas as pd

from cutbook.display.cells import Cells, lifted
from cutbook.display.frame import Displays, Table
from cutbook.display.grids import Grid, grid_of, visit_values
from cutbook.display.page import Page
from cutbook.display.parts import Cell, Column, Row
from cutbook.parameters.study import Endpoint


def table_comparisons(results: pd.DataFrame, page: Page) -> Displays:
    """Return tables F1: least-squares means by arm and their differences from the control at the visit of analysis."""
    endpoints = [endpoint for endpoint in page.cut.study.endpoints if endpoint.analysis]
    tables = [_comparison(results, page, endpoint) for endpoint in endpoints]
    return Displays(tuple(tables), "The study file names no comparison of the arms.")


def _comparison(results: pd.DataFrame, page: Page, endpoint: Endpoint) -> Table:
    own = results[results["display"].eq("F1") & results["parameter"].eq(endpoint.paramcd)]
    cells = page.cells(own, "F1", anchors=("estimate", "diff_pct"))
    visit = endpoint.analysis.visit if endpoint.analysis else ""
    arms = list(dict.fromkeys(own.loc[own["variable"].eq("LSMEAN"), "group"]))
    control = page.cut.study.treatment.arms[0].label
    is_ratio = endpoint.scale == "ratio"
    effect = ("diff_pct", "diff_pct_low", "diff_pct_high") if is_ratio else ("estimate", "ci_low", "ci_high")
    columns = (
        Column("n", role="count"),
        Column("Geometric mean ratio to baseline" if is_ratio else "Mean change", "least-squares mean (95 % CI)"),
        Column(f"Difference from {control.lower()}", "% (95 % CI)" if is_ratio else "(95 % CI)"),
    )
    grid = _grid(page, endpoint, visit)
    rows = []
    for arm in arms:
        mean, difference = ((endpoint.paramcd, name, "", visit, arm) for name in ("LSMEAN", "DIFF"))
        counted = _opened(cells.one("n", mean), grid, visit, arm)
        shown = (counted, cells.limits(("estimate", "ci_low", "ci_high"), mean), cells.limits(effect, difference))
        rows.append(Row(arm, shown, group=arm))
    reasons = own.loc[own["reason"].ne(""), "reason"].tolist()
    return Table(
        f"T-F1-{endpoint.paramcd}",
        f"{endpoint.label} at {visit}: comparison with {control.lower()}",
        page.population(endpoint.population),
        "",
        columns,
        lifted(rows),
        _notes(cells, endpoint, visit, is_ratio=is_ratio),
        page.source("ADEFF", "ADSL"),
        empty=f"Not estimable at {visit}: {', '.join(reasons) or 'no data'}.",
        records=grid.records() if grid else None,
    )


def _grid(page: Page, endpoint: Endpoint, visit: str) -> Grid | None:
    if page.book is None:
        return None
    own = visit_values(page.book, endpoint.paramcd, endpoint.population)
    return grid_of(f"T-F1-{endpoint.paramcd}", own, ["Baseline", visit], page.book)


def _opened(cell: Cell, grid: Grid | None, visit: str, arm: str) -> Cell:
    return grid.opens(cell, visit, arm, "change", "all") if grid else cell


def _notes(cells: Cells, endpoint: Endpoint, visit: str, *, is_ratio: bool) -> tuple[str, ...]:
    response = "ln(value / baseline)" if is_ratio else "change from baseline"
    covariate = "ln(baseline)" if is_ratio else "baseline"
    factors = "".join(f", {name}" for name in (endpoint.analysis.factors if endpoint.analysis else []))
    freedom = cells.text("df", (endpoint.paramcd, "MODEL", "", visit, ""))
    spread = cells.text("residual_sd", (endpoint.paramcd, "MODEL", "", visit, ""))
    carried = "values carried forward (LOCF) included" if endpoint.imputation == "locf" else "observed values"
    model = (
        f"Analysis of covariance of {response} on arm, {covariate}{factors}; {carried}, one common residual SD "
        f"({spread}, {freedom} degrees of freedom). Intervals are not adjusted for multiplicity."
    )
    if not is_ratio:
        return (model,)
    return (
        model,
        "Difference: 100 × (ratio of the geometric mean ratios − 1), with its t interval from the log scale.",
    )
