"""Tables by visit: laboratory, vital signs, concentrations, endpoints."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from cutbook.display.cells import Cells
from cutbook.display.frame import Column, Displays, Row, Table
from cutbook.display.page import Page
from cutbook.parameters.study import Endpoint

_SUMMARY = (Column("n"), Column("Mean (SD)"), Column("Median"), Column("Min, max"))
_CHANGE = (Column("n"), Column("Mean change (SD)"), Column("95 % CI"))
_CONCENTRATION = (
    Column("Samples"),
    Column("BLQ"),
    Column("n in means"),
    Column("Mean"),
    Column("SD"),
    Column("CV %"),
    Column("Geo. mean"),
    Column("Geo. CV %"),
    Column("Median"),
    Column("Min"),
    Column("Max"),
)
_FINDINGS_NOTES = (
    "SD: standard deviation. CI: confidence interval of the mean change (t). NE: not estimable, one value only.",
    "Change: participants with a value before treatment and at the visit. Unscheduled visits are not in this table.",
)


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
    own = results[results["display"].eq(display) & results["parameter"].ne("")]
    sizes = Cells(results, display).size
    tables = [
        _visit_table(
            Cells(results[results["display"].eq(display) & results["parameter"].isin([parameter])], display),
            key=f"T-{display}-{parameter}",
            title=names.get(parameter, parameter),
            population=page.population("Safety", sizes),
            source=page.source(_DATASETS[display], "ADSL"),
        )
        for parameter in dict.fromkeys(own["parameter"])
    ]
    return Displays(tuple(tables), "No values by the cut-off.")


_DATASETS = {"D15": "LB", "D20": "VS", "D21": "EG"}


def _visit_table(cells: Cells, *, key: str, title: str, population: str, source: str) -> Table:
    rows: list[Row] = []
    for visit in dict.fromkeys(cells.rows["visit"]):
        own = cells.rows[cells.rows["visit"].eq(visit)]
        rows.append(Row(visit, is_head=True))
        places = dict.fromkeys(zip(own["parameter"], own["group"], strict=True))
        rows += [_visit_row(cells, parameter, visit, group) for parameter, group in places]
    has_change = bool(cells.rows["variable"].eq("CHG").any())
    columns = (*_SUMMARY, *_CHANGE) if has_change else _SUMMARY
    notes = _FINDINGS_NOTES if has_change else _FINDINGS_NOTES[:1]
    rows = [Row(row.label, row.cells[: len(columns)], row.level, row.is_head) for row in rows]
    return Table(key, title, population, "", columns, tuple(rows), notes, source, is_folded=True)


def _visit_row(cells: Cells, parameter: str, visit: str, group: str) -> Row:
    value = (parameter, "AVAL", "", visit, group)
    change = (parameter, "CHG", "", visit, group)
    texts = (
        cells.text("n", value),
        cells.pair("mean", "sd", value),
        cells.if_any("median", value),
        cells.span("min", "max", value),
        cells.text("n", change),
        cells.pair("mean", "sd", change),
        _interval(cells, change),
    )
    return Row(group, texts, level=1)


def _interval(cells: Cells, place: tuple[str, ...]) -> str:
    low = cells.text("ci_low", place)
    return low if low in {"NE", "–"} else f"{low} to {cells.text('ci_high', place)}"


def table_concentrations(results: pd.DataFrame, page: Page) -> Displays:
    """Return table E2: concentrations of each matrix by visit, arm and nominal time."""
    cells = Cells(results, "E2")
    study = page.cut.study
    rule = {
        "zero": "as zero",
        "zero_before_first": "as zero before the first dose and not at all afterwards",
        "half_lloq": "as half of the limit",
        "missing": "not at all",
    }
    matrices = study.pharmacokinetics.matrices if study.pharmacokinetics else []
    blq = rule[study.pharmacokinetics.blq_rule] if study.pharmacokinetics else ""
    notes = (
        (
            f"BLQ: below the limit of quantification; such values enter means {blq}. Times are nominal, in hours "
            "after the dose; 0 or negative is before the dose. Three significant figures; CV with one decimal."
        ),
        (
            "NC: not calculated, because more than half of the samples are BLQ or fewer than two values remain; "
            "the median is then BLQ. "
            "Geo. CV % = 100 √(exp(s²) − 1), s the SD of the natural logarithms."
        ),
    )
    tables = [
        Table(
            f"T-E2-{place}",
            f"{matrix.label}: concentrations ({matrix.unit}) by visit and nominal time",
            page.population("PK"),
            "Visit, arm, time (h)",
            _CONCENTRATION,
            _concentration_rows(cells, matrix.label),
            notes,
            page.source("ADPC"),
            empty=f"No {matrix.label} concentrations by the cut-off.",
            is_folded=True,
        )
        for place, matrix in enumerate(matrices, start=1)
    ]
    return Displays(tuple(tables))


def _concentration_rows(cells: Cells, matrix: str) -> tuple[Row, ...]:
    own = cells.rows[cells.rows["parameter"].eq(matrix)]
    rows: list[Row] = []
    for visit, group in dict.fromkeys(zip(own["visit"], own["group"], strict=True)):
        block = own[own["visit"].eq(visit) & own["group"].eq(group)]
        numbers = []
        for level in dict.fromkeys(block["level"]):
            place = (matrix, "AVAL", level, visit, group)
            if cells.text("samples", place) != "0":
                names = ("samples", "nblq", "n", "mean", "sd", "cv", "geomean", "geocv", "median", "min", "max")
                numbers.append(
                    Row(
                        f"{level} h" if level else "No planned time",
                        tuple(cells.text(name, place) for name in names),
                        level=1,
                    )
                )
        rows += [Row(f"{visit}, {group}", is_head=True), *numbers] if numbers else []
    return tuple(rows)


def table_endpoints(results: pd.DataFrame, page: Page) -> Displays:
    """Return tables F4 and F2: every endpoint by visit and arm, with its change or ratio to baseline."""
    tables = [_endpoint_table(results, page, endpoint) for endpoint in page.cut.study.endpoints]
    return Displays(tuple(tables), "The study file names no endpoint.")


def _endpoint_table(results: pd.DataFrame, page: Page, endpoint: Endpoint) -> Table:
    display = "F2" if endpoint.scale == "ratio" else "F4"
    own = results[results["display"].eq(display) & results["parameter"].eq(endpoint.paramcd)]
    cells = Cells(own, display)
    unit = f" ({endpoint.unit})" if endpoint.unit else ""
    population = page.population(endpoint.population, cells.size)
    source = page.source("ADEFF", "ADSL")
    notes = _endpoint_notes(endpoint)
    key, title = f"T-{display}-{endpoint.paramcd}", f"{endpoint.label}{unit} by visit"
    if endpoint.scale == "difference":
        table = _visit_table(cells, key=key, title=title, population=population, source=source)
        return Table(key, title, population, "", table.columns, table.rows, (*notes, _FINDINGS_NOTES[0]), source)
    columns = (
        Column("n"),
        Column("Geo. mean"),
        Column("Geo. CV %"),
        Column("Median"),
        Column("Min, max"),
        Column("n"),
        Column("Geo. mean ratio"),
        Column("95 % CI"),
    )
    rows: list[Row] = []
    for visit, block in cells.rows.groupby("visit", sort=False):
        rows.append(Row(str(visit), is_head=True))
        rows += [_ratio_row(cells, endpoint.paramcd, str(visit), group) for group in dict.fromkeys(block["group"])]
    return Table(key, title, population, "", columns, tuple(rows), notes, source)


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


def _ratio_row(cells: Cells, parameter: str, visit: str, group: str) -> Row:
    value = (parameter, "AVAL", "", visit, group)
    ratio = (parameter, "RATIO", "", visit, group)
    texts = (
        cells.text("n", value),
        cells.if_any("geomean", value),
        cells.if_any("geocv", value),
        cells.if_any("median", value),
        cells.span("min", "max", value),
        cells.text("n", ratio),
        cells.if_any("geomean", ratio),
        _interval(cells, ratio) if cells.if_any("geomean", ratio) != "–" else "–",
    )
    return Row(group, texts, level=1)


def table_samples(results: pd.DataFrame, page: Page) -> Table:
    """Return table E13: samples received and the two patterns that suggest a mix-up of samples or doses."""
    cells = Cells(results, "E13")
    names = {
        "SAMPLES": "Samples",
        "PARTICIPANTS": "Participants",
        "BLQ": "Samples below the limit of quantification",
        "PLACEBO": "Participants on placebo with a quantifiable concentration",
        "ALLBLQ": "Participants on active drug with no quantifiable concentration",
    }
    matrices = list(dict.fromkeys(cells.rows["parameter"]))
    rows = [
        Row(words, tuple(cells.text("n", (matrix, name, "", "", "")) for matrix in matrices))
        for name, words in names.items()
    ]
    return Table(
        "T-E13",
        "Samples, and signs of a mix-up",
        "All participants with a sample.",
        "",
        tuple(Column(matrix) for matrix in matrices),
        tuple(rows) if matrices else (),
        ("A quantifiable concentration on placebo, or none on active drug, suggests swapped samples or doses.",),
        page.source("ADPC"),
        empty="No concentrations by the cut-off.",
    )
