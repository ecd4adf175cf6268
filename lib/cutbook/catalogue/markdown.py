"""The catalogue as Markdown."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from importlib.resources import files
from typing import Any

from cutbook.catalogue.kinds import exposure, layers, numbers, panels
from cutbook.catalogue.kinds.display import Display
from cutbook.catalogue.kinds.measured import points
from cutbook.catalogue.kinds.measured import shares as measured_shares
from cutbook.parameters.study import Study


def catalogue_markdown(displays: Sequence[Display], study: Study) -> str:
    """Return the whole catalogue: an overview of keys, ids, titles and reports, then one section a display.

    Parameters
    ----------
    displays : sequence of Display
        The declarations.
    study : Study
        The study whose layers say which statistics a display gives.
    """
    head = "| Key | Id in the page | Title | Report | Rows in the results table |"
    rows = [_line(display, study) for display in displays]
    sections = [line for display in displays for line in _section(display, study)]
    introduction = (files(__package__) / "introduction.md").read_text(encoding="utf-8")
    return "\n".join([introduction, "## Overview", "", head, "|---|---|---|---|---|", *rows, "", *sections])


def _line(display: Display, study: Study) -> str:
    place = f"`{display.anchor}`" if display.anchor else "not shown"
    has_rows = "yes" if has_results(display, study) else "no"
    return f"| {display.key} | {place} | {display.title} | {', '.join(display.reports)} | {has_rows} |"


def has_results(display: Display, study: Study) -> bool:
    """Return whether a display has statistics of its own in the results table."""
    return any(
        layer.counts if isinstance(layer, panels.Listing) else not isinstance(layer, _WITHOUT)
        for layer in display.rows(study)
    )


_WITHOUT = (layers.Heading, panels.Comparison, panels.RecordIndex)


def _section(display: Display, study: Study) -> list[str]:
    notebooks = ", ".join(f"`notebooks/{name}.ipynb`" for name in display.reports)
    elsewhere = "no rows: its source is the data, or results of other keys"
    facts = {
        "Key": display.key,
        "Question": display.question,
        "Population": display.whom_in(study) or _population(display),
        "Statistics": "; ".join(statistics(display, study)) + ".",
        "Order": display.order,
        "Missing": display.missing,
        "Counterpart": display.counterpart,
        "Notebook": notebooks if display.anchor else f"{notebooks}, not shown there",
        "Results table": "rows with this key" if has_results(display, study) else elsewhere,
    }
    heading = f"## {display.anchor or display.key} · {display.title}"
    return [heading, "", *(f"- **{name}**: {text}" for name, text in facts.items()), ""]


def _population(display: Display) -> str:
    arm = "planned" if display.arm == "TRT01P" else "actual"
    return f"{display.population.words}{f', by {arm} arm' if display.population.flag else ''}."


def statistics(display: Display, study: Study) -> list[str]:
    """Return what the layers of a display give, each once, in their order."""
    said = [_SAYS[type(layer)](layer) for layer in display.rows(study)]
    return list(dict.fromkeys(text for text in said if text))


_DIFFERENCE = (
    "; difference of the percentages, all active minus control, in percentage points with its 95 % confidence interval "
    "(Newcombe, not adjusted)"
)


def _says_count(layer: layers.Count | layers.CountBy) -> str:
    events = " [events]" if layer.has_events else ""
    worst = f", and below each row in the worst {layer.worst.variable} of the participant" if layer.worst else ""
    if isinstance(layer, layers.CountBy):
        return f"n (%){events} of participants by {' and '.join(layer.by)}{worst}"
    return f"n (%){events} of participants{worst}{_DIFFERENCE if layer.is_compared else ''}"


def _says_visits(layer: panels.ByVisit) -> str:
    labels = ", ".join(f"{shown.label} ({shown.variable})" for shown in layer.columns)
    return f"by visit{' and time' if layer.is_by_level else ''}: {labels}"


def _says_course(layer: panels.Course) -> str:
    beside = "; beside it, every participant's observed course" if layer.drawn else ""
    spread = "quartiles" if layer.is_skewed else "95 % confidence interval"
    outside = "; n of N participants outside the limits after day 1" if layer.only_outside else ""
    return f"{layer.variables[0][1]} by visit with its {spread}, read from the table{beside}{outside}"


def _says_listing(layer: panels.Listing) -> str:
    labels, counts = (", ".join(field.label for field in fields) for fields in (layer.fields, layer.counts))
    return f"one line a record: {labels}{'; counts: ' if counts else ''}{counts}"


_SAYS: dict[type, Callable[[Any], str]] = {
    numbers.Amount: lambda layer: f"number {layer.variable}",
    points.Boxes: lambda layer: f"quartiles, or every value of an arm of fewer than twelve, by {layer.across.lower()}",
    panels.ByVisit: _says_visits,
    panels.Comparison: lambda layer: layer.value,
    layers.Count: _says_count,
    layers.CountBy: _says_count,
    panels.Course: _says_course,
    numbers.Facts: lambda layer: f"of {layer.words.lower()}: {', '.join(layer.numbers)}",
    panels.Estimates: lambda layer: ", ".join(f"{shown.label} ({shown.note or 'count'})" for shown in layer.columns),
    panels.Timeline: lambda layer: (
        f"one lane a participant, doses as ticks{', events as bars' if layer.bars else ''}; numbers of each by arm"
    ),
    panels.FirstEvents: lambda layer: ", ".join(
        f"{shown.label} {shown.note}".strip().lower() for shown in layer.columns
    ),
    panels.Forest: lambda layer: (
        f"{', '.join(layer.statistics)}, read from the table, at this cut and the previous one"
    ),
    exposure.Dots: lambda _: "every participant's value by arm, n and geometric mean",
    exposure.EachValue: lambda layer: f"every profile's {', '.join(words for _, words, _ in layer.columns)}",
    exposure.Judged: lambda layer: ", ".join(filter(None, (*(one.label for one in layer.columns), layer.verdict))),
    exposure.Fits: lambda _: "samples and terminal line of every profile",
    layers.Heading: lambda _: "",
    panels.Individuals: lambda layer: f"every value; n of N participants above {layer.limit:g} after the first dose",
    panels.Listing: _says_listing,
    panels.Model: lambda layer: ", ".join(f"{shown.label} ({shown.note or 'count'})" for shown in layer.columns),
    panels.Moved: lambda layer: (
        f"estimates of {layer.of} at both cuts, with the changed past set back, and with each record set back alone"
    ),
    exposure.Parameters: lambda layer: f"by occasion and arm: {', '.join(one.label for one in layer.columns)}",
    layers.PersonYears: lambda layer: f"{layer.words.lower()}, years of 365.25 days",
    panels.Profile: lambda _: (
        "every participant's course at actual times, geometric means at scheduled times; logarithmic, linear folded"
    ),
    layers.Rate: lambda _: "events per 100 person-years at risk, in the rows of the overview",
    points.LimitScatter: lambda layer: (
        f"one point a participant: {layer.across} across, {layer.up} up; n of participants drawn and inside a ring"
    ),
    points.Waterfall: lambda layer: f"every participant's {layer.up}, n by arm",
    panels.Steps: lambda _: "share alive by study day (Kaplan-Meier), read from the table; n of participants followed",
    measured_shares.Shares: lambda _: "n/Ns (%) of participants; Ns: those of whom it is known",
    panels.ShareMatrix: lambda _: "n of participants with its share, and the upper 95 % limit of a share of 0",
    panels.RecordIndex: lambda layer: f"one line a record: {layer.kind}, numbered as displays name them",
    numbers.Signal: lambda layer: f"participants newly counted by {layer.display} {layer.variable}",
    layers.Summary: lambda _: "n, mean (SD), median, Q1 and Q3 (SAS definition 5), minimum and maximum",
    layers.Tally: lambda layer: f"by matrix: {layer.words[:1].lower()}{layer.words[1:]}",
}
"""What a layer of each kind gives, in words."""
