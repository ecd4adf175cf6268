"""Concentration profiles: individuals and geometric means, linear and semi-logarithmic."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure as Canvas

from cutbook.display.drawing import GREY, arm_styles, canvas, png
from cutbook.display.formats import significant
from cutbook.display.frame import Displays, Figure
from cutbook.display.page import Page
from cutbook.parameters.study import Matrix

_NOTE = (
    "Thin lines: one participant each, at actual times (nominal where the actual time is not known). Bold lines: "
    "geometric mean of quantifiable values at scheduled times. Dashed grey line: lower limit of quantification; open "
    "symbols there: values below it."
)
_LINES = ("-", "--", ":", "-.")


def figure_profiles(adpc: pd.DataFrame, page: Page) -> Displays:
    """Return the concentration profiles of every matrix, one column an active arm.

    Values below the limit of quantification are open symbols at the limit; they are in no line and no mean.
    """
    study = page.cut.study
    matrices = study.pharmacokinetics.matrices if study.pharmacokinetics else []
    figures = [_figure(adpc, page, matrix, place) for place, matrix in enumerate(matrices, start=1)]
    return Displays(tuple(figures))


def _figure(adpc: pd.DataFrame, page: Page, matrix: Matrix, place: int) -> Figure:
    active = [arm.label for arm in page.cut.study.treatment.arms if arm.dose > 0]
    own = _timed(adpc[adpc["MATRIX"].eq(matrix.label) & adpc["TRT01A"].isin(active)], matrix)
    arms = [arm for arm in active if own["TRT01A"].eq(arm).any()]
    title, key = f"{matrix.label}: individual profiles and geometric means", f"F-E3-{place}"
    population, source = page.population("PK"), page.source("ADPC")
    if not arms:
        return Figure(key, title, population, b"", "", "", (), source, "No concentrations by the cut-off.")
    with canvas(max(2.9 * len(arms), 5.6), 5.6) as drawn:
        _draw(drawn, own, page, matrix, arms)
        image = png(drawn)
    peaks = own.groupby("TRT01A")["AVAL"].max().reindex(arms).dropna()
    highest = ", ".join(f"{arm} {significant(value)}" for arm, value in peaks.to_dict().items())
    alt = f"{title}, linear above, semi-logarithmic below. Highest concentration ({matrix.unit}): {highest or 'none'}."
    return Figure(key, title, population, image, "image/png", alt, (_NOTE,), source)


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
    panels = drawn.subplots(2, len(arms), squeeze=False, sharex=True, sharey="row")
    for column, arm in enumerate(arms):
        samples = own[own["TRT01A"].eq(arm)]
        for axis in panels[:, column]:
            _profiles(axis, samples, *arm_styles(page)[arm])
        panels[0, column].set_title(f"{arm} (n = {samples['USUBJID'].nunique()})")
        panels[1, column].set_yscale("log")
        panels[1, column].set_xlabel("Hours after dose" if matrix.profile_visits else "Study day")
    for axis in panels[:, 0]:
        axis.set_ylabel(f"{matrix.label} ({matrix.unit})", fontsize=8)
    panels[1, 0].yaxis.set_major_formatter(lambda value, _: significant(value, 1))
    handles, labels = panels[0, 0].get_legend_handles_labels()
    if len(labels) > 1:
        drawn.legend(
            handles, [f"Geometric mean, {label}" for label in labels], loc="outside upper left", ncols=4, handlelength=4
        )


def _profiles(axis: Axes, samples: pd.DataFrame, colour: str, marker: str) -> None:
    known = samples[samples["AVAL"].gt(0)]
    for _, course in known.groupby(["USUBJID", "COURSE"], sort=False):
        axis.plot(course["X"], course["AVAL"], color=colour, linewidth=0.6, alpha=0.45)
    planned = known[~known["VISIT"].str.contains("UNSCHEDULED", na=False)]
    for line, (_, course) in zip(_LINES, planned.groupby("COURSE", sort=True), strict=False):
        means = course.assign(LOG=np.log(course["AVAL"])).groupby("NOMINAL")[["AT", "LOG"]].mean()
        axis.plot(
            means["AT"], np.exp(means["LOG"]), color=colour, marker=marker, markersize=4, linewidth=1.8, linestyle=line,
            label=str(course["VISIT"].iloc[0]).capitalize(),
        )  # fmt: skip
    below = samples[samples["BLQFL"].eq("Y") & samples["LLOQ"].notna()]
    axis.plot(
        below["X"], below["LLOQ"], linestyle="none", marker="o", markersize=3.5, markerfacecolor="none",
        markeredgecolor=GREY, markeredgewidth=0.7,
    )  # fmt: skip
    if samples["LLOQ"].notna().any():
        axis.axhline(float(samples["LLOQ"].max()), color=GREY, linewidth=0.8, linestyle="--")
