"""Concentration profiles: individuals and geometric means, linear and semi-logarithmic."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import cycle
from typing import Literal

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure as Canvas
from matplotlib.lines import Line2D

from cutbook.display.drawing import GREY, arm_styles, canvas, png, ring_new, ring_note
from cutbook.display.figure_data import figure_data
from cutbook.display.formats import significant
from cutbook.display.frame import Displays, Figure
from cutbook.display.page import Page
from cutbook.display.words import visit_name
from cutbook.parameters.study import Matrix

_NOTE = (
    "Thin lines: one participant and dose each, at actual times (nominal where the actual time is not known). Bold "
    "lines: geometric means of the concentration summary, where they can be calculated. Dashed grey line: "
    "lower limit of quantification; open symbols there: values below it."
)
_DATA = ["MATRIX", "USUBJID", "TRT01A", "VISIT", "NOMTIME", "ATIME", "ADY", "AVALC", "AVAL", "AVALU", "LLOQ", "BLQFL"]
LineStyle = Literal["-", "--", ":", "-."]
_LINES: tuple[LineStyle, ...] = ("-", "--", ":", "-.")
_LEGEND = "#1b232b"


def figure_profiles(results: pd.DataFrame, adpc: pd.DataFrame, page: Page) -> Displays:
    """Return the concentration profiles of every matrix, one column an active arm.

    Values below the limit of quantification are open symbols at the limit. Means are those of display E2.
    """
    summary = results[results["display"].eq("E2") & results["statistic"].eq("geomean")]
    study = page.cut.study
    matrices = study.pharmacokinetics.matrices if study.pharmacokinetics else []
    figures = [
        _figure(summary[summary["parameter"].eq(matrix.label)], adpc, page, (matrix, f"F-E3-{place}"))
        for place, matrix in enumerate(matrices, start=1)
    ]
    return Displays(tuple(figures))


def _figure(summary: pd.DataFrame, adpc: pd.DataFrame, page: Page, named: tuple[Matrix, str]) -> Figure:
    matrix, key = named
    active = [arm.label for arm in page.cut.study.treatment.arms if arm.dose > 0]
    own = _timed(adpc[adpc["MATRIX"].eq(matrix.label) & adpc["TRT01A"].isin(active)], matrix)
    arms = [arm for arm in active if own["TRT01A"].eq(arm).any()]
    title = f"{matrix.label}: individual profiles and geometric means"
    population, source = page.population("PK"), page.source("ADPC")
    if not arms:
        return Figure(key, title, population, b"", "", "", (), source, "No concentrations by the cut-off.")
    with canvas(max(2.9 * len(arms), 5.6), 5.6) as drawn:
        _draw(drawn, own.merge(_means(summary), how="left"), page, matrix, arms)
        image = png(drawn, page)
    peaks = own.groupby("TRT01A")["AVAL"].max().reindex(arms).dropna()
    highest = ", ".join(f"{arm} {significant(value)}" for arm, value in peaks.to_dict().items())
    alt = f"{title}, linear above, semi-logarithmic below. Highest concentration ({matrix.unit}): {highest or 'none'}."
    note = _NOTE + ring_note(page, own[own["AVAL"].gt(0)])
    return Figure(key, title, population, image, "image/png", alt, (note,), source, data=figure_data(own[_DATA]))


def _means(summary: pd.DataFrame) -> pd.DataFrame:
    """Return the geometric mean by arm, visit and nominal time."""
    times = pd.to_numeric(summary["level"], errors="coerce").astype("float64")
    return pd.DataFrame(
        {"TRT01A": summary["group"], "VISIT": summary["visit"], "NOMTIME": times, "GEOMEAN": summary["value"]}
    )


def _timed(own: pd.DataFrame, matrix: Matrix) -> pd.DataFrame:
    """Return the samples with the time to plot at: hours in a profile visit, else the study day."""
    if matrix.profile_visits:
        own = own[own["VISITNUM"].isin(matrix.profile_visits)]
        timed = own.assign(X=own["ATIME"].fillna(own["NOMTIME"]), NOMINAL=own["NOMTIME"], COURSE=own["VISITNUM"])
        timed = timed.assign(AT=timed["NOMINAL"])
    else:
        days = own["ADY"].astype("float64")
        timed = own.assign(X=days, AT=days, NOMINAL=own["VISITNUM"], COURSE=0.0)
    return timed[timed["X"].notna()].sort_values(["USUBJID", "COURSE", "X"], kind="stable")


def _draw(drawn: Canvas, own: pd.DataFrame, page: Page, matrix: Matrix, arms: list[str]) -> None:
    lines = _lines(own)
    panels = drawn.subplots(2, len(arms), squeeze=False, sharex=True, sharey="row")
    for column, arm in enumerate(arms):
        samples = own[own["TRT01A"].eq(arm)]
        for axis in panels[:, column]:
            _profiles(axis, samples, lines, arm_styles(page)[arm])
            ring_new(axis, samples[samples["AVAL"].gt(0)], "X", page)
        panels[0, column].set_title(f"{arm} (n = {samples['USUBJID'].nunique()})")
        panels[1, column].set_yscale("log")
        panels[1, column].set_xlabel("Hours after dose" if matrix.profile_visits else "Study day")
    for axis in panels[:, 0]:
        axis.set_ylabel(f"{matrix.label} ({matrix.unit})", fontsize=8)
    panels[1, 0].yaxis.set_major_formatter(lambda value, _: significant(value, 1))
    if len(lines) > 1:
        handles = [
            Line2D([], [], color=_LEGEND, linewidth=1.8, linestyle=line, label=f"Geometric mean, {visit}")
            for visit, line in lines.values()
        ]
        drawn.legend(handles=handles, loc="outside upper left", ncols=4, handlelength=4)


def _lines(own: pd.DataFrame) -> dict[float, tuple[str, LineStyle]]:
    """Return name and line style of every course with a mean, the same in all panels."""
    planned = own[own["AVAL"].gt(0) & own["GEOMEAN"].notna() & ~_is_unscheduled(own)]
    visits = planned.drop_duplicates("COURSE").sort_values("COURSE")
    named = zip(visits["COURSE"], visits["VISIT"].astype("str"), cycle(_LINES), strict=False)
    return {course: (visit_name(visit), line) for course, visit, line in named}


def _is_unscheduled(samples: pd.DataFrame) -> pd.Series:
    return samples["VISIT"].str.contains("UNSCHEDULED", na=False)


def _profiles(
    axis: Axes, samples: pd.DataFrame, lines: Mapping[float, tuple[str, LineStyle]], style: tuple[str, str]
) -> None:
    colour, marker = style
    known = samples[samples["AVAL"].gt(0)]
    for _, course in known.groupby(["USUBJID", "COURSE"], sort=False):
        axis.plot(course["X"], course["AVAL"], color=colour, linewidth=0.6, alpha=0.45)
    planned = known[~_is_unscheduled(known)]
    for number, (_, line) in lines.items():
        means = planned[planned["COURSE"].eq(number)].groupby("NOMINAL")[["AT", "GEOMEAN"]].mean().dropna()
        axis.plot(
            means["AT"], means["GEOMEAN"], color=colour, marker=marker, markersize=4, linewidth=1.8, linestyle=line
        )
    below = samples[samples["BLQFL"].eq("Y") & samples["LLOQ"].notna()]
    axis.plot(
        below["X"], below["LLOQ"], linestyle="none", marker="o", markersize=3.5, markerfacecolor="none",
        markeredgecolor=GREY, markeredgewidth=0.7,
    )  # fmt: skip
    if samples["LLOQ"].notna().any():
        axis.axhline(float(samples["LLOQ"].max()), color=GREY, linewidth=0.8, linestyle="--")
