"""Concentration profiles: individuals and geometric means, linear and semi-logarithmic."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import cycle

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure as Canvas
from matplotlib.lines import Line2D
from matplotlib.typing import LineStyleType

from cutbook.catalogue.kinds.display import Display
from cutbook.catalogue.kinds.panels import Profile
from cutbook.display.draw import drawing
from cutbook.display.look.frame import Displays, Figure
from cutbook.display.look.numbers import significant
from cutbook.display.page import Page
from cutbook.results.columns import arm_codes
from cutbook.results.layers.figures import PEAK
from cutbook.words import visit_name

_NOTE = (
    "Thin lines: one participant and dose each, at actual times (nominal where the actual time is not known). Bold "
    "lines: geometric means of the concentration summary, where they can be calculated. Dashed grey line: "
    "lower limit of quantification; open symbols there: values below it."
)
_DATA = ["MATRIX", "USUBJID", "TRT01A", "VISIT", "NOMTIME", "ATIME", "ADY", "AVALC", "AVAL", "AVALU", "LLOQ", "BLQFL"]
_LINES: tuple[LineStyleType, ...] = ("-", "--", ":", "-.")
_LEGEND = "#1b232b"


def profiles(display: Display, layers: Sequence[Profile], page: Page) -> Displays:
    """Return the concentration profiles of every matrix, one column an active arm.

    Values below the limit of quantification are open symbols at the limit. Means are those of the summary.
    """
    return Displays(tuple(_figure(display, layer, page) for layer in layers), display.empty)


def _figure(display: Display, layer: Profile, page: Page) -> Figure:
    own = page.records(display, layer.drawn)
    arms = list(drawing.arms_of(own, page))
    framed = page.framed(display, layer)
    if not arms:
        return Figure(**framed)
    with drawing.canvas(max(2.9 * len(arms), 5.6), 5.6) as drawn:
        _draw(drawn, own.merge(_means(layer, page), how="left"), page, (display, layer), arms)
        image = drawing.png(drawn, page)
    cells, codes = page.cells(display), arm_codes(page.study)
    peaks = {arm: cells.value("max", (layer.parameter, PEAK, "", "", codes[arm])) for arm in arms}
    highest = ", ".join(f"{arm} {significant(value)}" for arm, value in peaks.items() if value == value)
    said = f"Highest concentration ({layer.matrix.unit}): {highest or 'none'}."
    alt = f"{layer.title}, linear above, semi-logarithmic below. {said}"
    note = _NOTE + drawing.ring_note(page, display, layer.parameter)
    return drawing.figure(image, alt, note, own[_DATA], framed=framed)


def _means(layer: Profile, page: Page) -> pd.DataFrame:
    """Return the geometric mean by arm, visit and nominal time."""
    means = page.results[page.results["display"].eq(layer.of) & page.results["statistic"].eq("geomean")]
    summary = means[means["parameter"].eq(layer.parameter)]
    times = pd.to_numeric(summary["level"], errors="coerce").astype("float64")
    return pd.DataFrame(
        {"TRT01A": summary["group_words"], "VISIT": summary["visit"], "NOMTIME": times, "GEOMEAN": summary["value"]}
    )


def _draw(drawn: Canvas, own: pd.DataFrame, page: Page, named: tuple[Display, Profile], arms: Sequence[str]) -> None:
    display, layer = named
    lines = _lines(own)
    panels = drawn.subplots(2, len(arms), squeeze=False, sharex=True, sharey="row")
    for column, arm in enumerate(arms):
        samples = own[own["TRT01A"].eq(arm)]
        for axis in panels[:, column]:
            _profiles(axis, samples, lines, drawing.arm_styles(page)[arm])
            drawing.ring_new(axis, samples[samples["AVAL"].gt(0)], "X", page)
        panels[0, column].set_title(f"{arm} (n = {drawing.number_drawn(page, display, layer.parameter, arm)})")
        panels[1, column].set_yscale("log")
        panels[1, column].set_xlabel("Hours after dose" if layer.matrix.profile_visits else "Study day")
    for axis in panels[:, 0]:
        axis.set_ylabel(f"{layer.matrix.label} ({layer.matrix.unit})", fontsize=8)
    panels[1, 0].yaxis.set_major_formatter(lambda value, _: significant(value, 1))
    if len(lines) > 1:
        handles = [
            Line2D([], [], color=_LEGEND, linewidth=1.8, linestyle=line, label=f"Geometric mean, {visit}")
            for visit, line in lines.values()
        ]
        drawn.legend(handles=handles, loc="outside upper left", ncols=4, handlelength=4)


def _lines(own: pd.DataFrame) -> dict[float, tuple[str, LineStyleType]]:
    """Return name and line style of every course with a mean, the same in all panels."""
    planned = own[own["AVAL"].gt(0) & own["GEOMEAN"].notna() & ~_is_unscheduled(own)]
    visits = planned.drop_duplicates("COURSE").sort_values("COURSE")
    named = zip(visits["COURSE"], visits["VISIT"].astype("str"), cycle(_LINES), strict=False)
    return {course: (visit_name(visit), line) for course, visit, line in named}


def _is_unscheduled(samples: pd.DataFrame) -> pd.Series:
    return samples["VISIT"].str.contains("UNSCHEDULED", na=False)


def _profiles(
    axis: Axes, samples: pd.DataFrame, lines: Mapping[float, tuple[str, LineStyleType]], style: tuple[str, str]
) -> None:
    colour, marker = style
    known = samples[samples["AVAL"].gt(0)]
    planned = known[~_is_unscheduled(known)]
    for _, course in known.groupby(["USUBJID", "COURSE"], sort=False):
        axis.plot(course["X"], course["AVAL"], color=colour, linewidth=0.6, alpha=0.45)
    for number, (_, line) in lines.items():
        means = planned[planned["COURSE"].eq(number)].groupby("NOMINAL")[["AT", "GEOMEAN"]].mean().dropna()
        axis.plot(
            means["AT"], means["GEOMEAN"], color=colour, marker=marker, markersize=4, linewidth=1.8, linestyle=line
        )
    below = samples[samples["BLQFL"].eq("Y") & samples["LLOQ"].notna()]
    axis.plot(
        below["X"], below["LLOQ"], linestyle="none", marker="o", markersize=3.5, markerfacecolor="none",
        markeredgecolor=drawing.GREY, markeredgewidth=0.7,
    )  # fmt: skip
    if samples["LLOQ"].notna().any():
        axis.axhline(float(samples["LLOQ"].max()), color=drawing.GREY, linewidth=0.8, linestyle="--")
