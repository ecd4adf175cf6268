"""Tables that compare the arms."""

from __future__ import annotations

import pandas as pd

from cutbook.display.cells import Cells
from cutbook.display.frame import Column, Displays, Row, Table
from cutbook.display.page import Page
from cutbook.parameters.study import Endpoint


def table_comparisons(results: pd.DataFrame, page: Page) -> Displays:
    """Return tables F1: least-squares means by arm and their differences from the control at the visit of analysis."""
    endpoints = [endpoint for endpoint in page.cut.study.endpoints if endpoint.analysis]
    tables = [_comparison(results, page, endpoint) for endpoint in endpoints]
    return Displays(tuple(tables), "The study file names no comparison of the arms.")


def _comparison(results: pd.DataFrame, page: Page, endpoint: Endpoint) -> Table:
    own = results[results["display"].eq("F1") & results["parameter"].eq(endpoint.paramcd)]
    cells = Cells(own, "F1")
    visit = endpoint.analysis.visit if endpoint.analysis else ""
    arms = list(dict.fromkeys(own.loc[own["variable"].eq("LSMEAN"), "group"]))
    control = page.cut.study.treatment.arms[0].label
    is_ratio = endpoint.scale == "ratio"
    effect = ("diff_pct", "diff_pct_low", "diff_pct_high") if is_ratio else ("estimate", "ci_low", "ci_high")
    columns = (
        Column("n"),
        Column("Geometric mean ratio to baseline" if is_ratio else "Mean change", "least-squares mean (95 % CI)"),
        Column(f"Difference from {control.lower()}", "% (95 % CI)" if is_ratio else "(95 % CI)"),
    )
    rows = tuple(
        Row(
            arm,
            (
                cells.text("n", (endpoint.paramcd, "LSMEAN", "", visit, arm)),
                _interval(cells, ("estimate", "ci_low", "ci_high"), (endpoint.paramcd, "LSMEAN", "", visit, arm)),
                _interval(cells, effect, (endpoint.paramcd, "DIFF", "", visit, arm)),
            ),
        )
        for arm in arms
    )
    reasons = own.loc[own["reason"].ne(""), "reason"].tolist()
    return Table(
        f"T-F1-{endpoint.paramcd}",
        f"{endpoint.label} at {visit}: comparison with {control.lower()}",
        page.population(endpoint.population),
        "",
        columns,
        rows,
        _notes(cells, endpoint, visit, is_ratio=is_ratio),
        page.source("ADEFF", "ADSL"),
        empty=f"Not estimable at {visit}: {', '.join(reasons) or 'no data'}.",
    )


def _interval(cells: Cells, names: tuple[str, str, str], place: tuple[str, ...]) -> str:
    centre, low, high = (cells.text(name, place) for name in names)
    return centre if centre == "–" else f"{centre} ({low}, {high})"


def _notes(cells: Cells, endpoint: Endpoint, visit: str, *, is_ratio: bool) -> tuple[str, ...]:
    response = "ln(value / baseline)" if is_ratio else "change from baseline"
    covariate = "ln(baseline)" if is_ratio else "baseline"
    factors = "".join(f", {name}" for name in (endpoint.analysis.factors if endpoint.analysis else []))
    freedom = cells.text("df", (endpoint.paramcd, "MODEL", "", visit, ""))
    spread = cells.text("residual_sd", (endpoint.paramcd, "MODEL", "", visit, ""))
    model = (
        f"Analysis of covariance of {response} on arm, {covariate}{factors}; observed values, one common residual SD "
        f"({spread}, {freedom} degrees of freedom). Intervals are not adjusted for multiplicity."
    )
    if not is_ratio:
        return (model,)
    return (
        model,
        "Difference: 100 × (ratio of the geometric mean ratios − 1), with its t interval from the log scale.",
    )
