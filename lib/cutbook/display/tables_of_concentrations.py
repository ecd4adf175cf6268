"""Tables of concentrations: the summary by nominal time, and the signs of a mix-up."""

from __future__ import annotations

import pandas as pd

from cutbook.display.cells import Cells, lifted
from cutbook.display.formats import BLQ, MINUS, NOT_APPLICABLE
from cutbook.display.frame import Displays, Table
from cutbook.display.grids import Grid, grid_of, with_defaults
from cutbook.display.page import Page
from cutbook.display.parts import Column, Row
from cutbook.display.words import visit_name

_STATISTICS = {
    "samples": "Samples",
    "nblq": "BLQ",
    "n": "n in means",
    "mean": "Mean",
    "sd": "SD",
    "cv": "CV %",
    "geomean": "Geo. mean",
    "geocv": "Geo. CV %",
    "median": "Median",
    "min": "Min",
    "max": "Max",
}
_LONGEST = 8
"""Signs of a value as reported; a longer one is shown with two significant figures fewer than that."""

_WAYS = {"samples": ("all",), "nblq": ("blq",), "n": ("value", "all")}
_COLUMNS = tuple(Column(label, counts=_WAYS[name][0] if name in _WAYS else "") for name, label in _STATISTICS.items())
_RULES = {
    "zero": "as zero",
    "zero_before_first": "as zero before the first dose and not at all afterwards",
    "half_lloq": "as half of the limit",
    "missing": "not at all",
}
_NOT_CALCULATED = (
    "NC: not calculated, because more than half of the samples are BLQ or fewer than two values remain; "
    "the median is then BLQ. "
    "Geo. CV % = 100 √(exp(s²) − 1), s the SD of the natural logarithms."
)
_SAMPLES = {
    "SAMPLES": "Samples",
    "PARTICIPANTS": "Participants",
    "BLQ": "Samples below the limit of quantification",
    "PLACEBO": "Participants on placebo with a quantifiable concentration",
    "ALLBLQ": "Participants on active drug with no quantifiable concentration",
}


def table_concentrations(results: pd.DataFrame, page: Page) -> Displays:
    """Return table E2: concentrations of each matrix by visit, arm and nominal time."""
    cells = page.cells(results, "E2", anchors=("geomean",))
    rules = page.cut.study.pharmacokinetics
    below = _RULES[rules.blq_rule] if rules else ""
    blq = (
        f"BLQ: below the limit of quantification; such values enter means and the median {below}; a minimum is BLQ "
        "when one sample is, a maximum when all are. Times are nominal, in hours after the dose; 0 or negative is "
        "before the dose. Three significant figures; CV with one decimal."
    )
    tables = []
    for place, matrix in enumerate(rules.matrices if rules else [], start=1):
        key = f"T-E2-{place}"
        grid = _grid(page, matrix.label, key)
        tables.append(
            Table(
                key,
                f"{matrix.label}: concentrations ({matrix.unit}) by visit and nominal time",
                page.population("PK"),
                "Visit, arm, time (h)",
                _COLUMNS,
                _rows(cells.of_parameter(matrix.label), matrix.label, grid),
                (blq, _NOT_CALCULATED),
                page.source("ADPC"),
                empty=f"No {matrix.label} concentrations by the cut-off.",
                is_folded=True,
                records=grid.records() if grid else None,
            )
        )
    return Displays(tuple(tables))


def _rows(cells: Cells, matrix: str, grid: Grid | None) -> tuple[Row, ...]:
    rows: list[Row] = []
    for (visit, group), block in cells.rows.groupby(["visit", "group"], sort=False):
        own = [
            _row(cells, (matrix, "AVAL", level, str(visit), str(group)), grid)
            for level in dict.fromkeys(block["level"])
        ]
        known = [row for row in own if str(row.cells[0]) not in {"0", NOT_APPLICABLE}]
        rows += [Row(f"{visit_name(str(visit))}, {group}", is_head=True), *known] if known else []
    return with_defaults(_COLUMNS, lifted(rows))[1]


def _row(cells: Cells, place: tuple[str, str, str, str, str], grid: Grid | None) -> Row:
    _, _, level, visit, group = place
    shown = [cells.one(name, place) for name in _STATISTICS]
    if grid:
        for at, ways in enumerate(_WAYS.values()):
            shown[at] = grid.opens(shown[at], _column(visit, level), group, *ways)
    column = grid.id_of(_column(visit, level)) if grid else ""
    return Row(_time(level), tuple(shown), group=group, grid=column)


def _grid(page: Page, matrix: str, key: str) -> Grid | None:
    if page.book is None:
        return None
    placebo = [arm.label for arm in page.cut.study.treatment.arms if arm.dose == 0]
    samples = page.book.samples
    own = samples[samples["MATRIX"].eq(matrix) & samples["AVALC"].notna() & ~samples["TRT01A"].isin(placebo)]
    own = own.sort_values(["VISITNUM", "NOMTIME"], kind="stable")
    levels = own["NOMTIME"].map("{:g}".format, na_action="ignore").fillna("")
    columns = [_column(visit, level) for visit, level in zip(own["VISIT"], levels, strict=True)]
    texts = own["AVALC"].astype("str")
    is_long = texts.str.len().gt(_LONGEST) & own["AVAL"].notna()
    texts = texts.mask(is_long, own["AVAL"].map(f"{{:.{_LONGEST - 2}g}}".format, na_action="ignore").astype("str"))
    is_below = own["BLQFL"].eq("Y")
    shown = {"USUBJID": own["USUBJID"], "COLUMN": columns, "TEXT": texts.mask(is_below, BLQ), "IS_BELOW": is_below}
    values = pd.DataFrame(shown)
    return grid_of(key, values, list(dict.fromkeys(columns)), page.book)


def _column(visit: str, level: str) -> str:
    return f"{visit_name(visit)}, {_time(level)}"


def _time(level: str) -> str:
    return f"{level.replace('-', MINUS)} h" if level else "No planned time"


def table_samples(results: pd.DataFrame, page: Page) -> Table:
    """Return table E13: samples received and the two patterns that suggest a mix-up of samples or doses."""
    cells = page.cells(results, "E13")
    matrices = list(dict.fromkeys(cells.rows["parameter"]))
    rows = [
        Row(words, tuple(cells.one("n", (matrix, name, "", "", "")) for matrix in matrices))
        for name, words in _SAMPLES.items()
    ]
    table = Table(
        "T-E13",
        "Samples, and signs of a mix-up",
        "All participants with a sample.",
        "",
        tuple(Column(matrix) for matrix in matrices),
        lifted(rows) if matrices else (),
        ("A quantifiable concentration on placebo, or none on active drug, suggests swapped samples or doses.",),
        page.source("ADPC"),
        empty="No concentrations by the cut-off.",
    )
    return page.opened(table)
