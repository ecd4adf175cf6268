"""Concentration profiles: geometric means of all doses, and everybody by dose, semi-logarithmic; linear folded."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import cycle

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure as Canvas
from matplotlib.typing import LineStyleType

from cutbook.catalogue.kinds.display import Display
from cutbook.catalogue.kinds.panels import Profile
from cutbook.display.draw import axes, drawing, everybody
from cutbook.display.draw.axes import End
from cutbook.display.look.collected import collected
from cutbook.display.look.frame import Displays, Figure
from cutbook.display.look.numbers import significant
from cutbook.display.page import Page
from cutbook.display.palette import RULE, SOFT, arm_colours, short_names
from cutbook.display.read.cells import Cells
from cutbook.results.columns import arm_codes
from cutbook.results.layers.figures import PEAK
from cutbook.words import visit_name

_DATA = ["MATRIX", "USUBJID", "TRT01A", "VISIT", "NOMTIME", "ATIME", "ADY", "AVALC", "AVAL", "AVALU", "LLOQ", "BLQFL"]
_LINES: tuple[LineStyleType, ...] = ("-", "--", ":", "-.")
_LINE_NAMES = {"-": "solid", "--": "dashed", ":": "dotted", "-.": "dash-dotted"}
_HEIGHT, _TALL, _LABELS = 190, 260, 88
_Scale = Callable[[Axes], None]


def profiles(display: Display, layers: Sequence[Profile], page: Page) -> Displays:
    """Return the concentration profiles of every matrix: the means of all active arms, then one panel an arm.

    Values below the limit of quantification are open symbols at the limit. Means are those of the summary.
    """
    return Displays(tuple(_figure(display, layer, page) for layer in layers), display.empty)


def _figure(display: Display, layer: Profile, page: Page) -> Figure:
    own = page.records(display, layer.drawn)
    arms = [arm for arm in arm_colours(page) if own["TRT01A"].eq(arm).any()]
    framed = page.framed(display, layer)
    if not arms:
        return Figure(**framed)
    cells, drawn = page.cells(display), own.merge(_means(layer, page), how="left")
    with drawing.style():
        panels = _all_panels(cells, layer, drawn, page)
        codes = arm_codes(page.study)
        peaks = {arm: cells.value("max", (layer.parameter, PEAK, "", "", codes[arm])) for arm in arms}
        highest = ", ".join(f"{collected(arm)} {significant(value)}" for arm, value in peaks.items() if value == value)
        said = f"Highest concentration ({layer.matrix.unit}): {highest or 'none'}."
        alt = f"{layer.title}, semi-logarithmic; linear folded. {said}"
        note = " ".join((_note(drawn, layer, page), *layer.notes))
        rings = drawing.ring_note(cells, layer.parameter, page)
        return drawing.figure(panels, alt, note + rings, own[_DATA], framed=framed, fold="Linear scale")


def _means(layer: Profile, page: Page) -> pd.DataFrame:
    """Return the geometric mean by arm, visit and planned time."""
    means = page.results[page.results["display"].eq(layer.of) & page.results["statistic"].eq("geomean")]
    own = means[means["parameter"].eq(layer.parameter)]
    names = {"group_words": "TRT01A", "visit": "VISIT", "level": "LEVEL", "value": "GEOMEAN"}
    return own[list(names)].rename(columns=names)


def _all_panels(cells: Cells, layer: Profile, own: pd.DataFrame, page: Page) -> drawing.Panels:
    """Return the means of all arms and everybody by arm, semi-logarithmic; everybody again, linear and folded."""
    rows, singles = _by_arm(cells, layer, own, page, axes.as_logarithm)
    _, linear = _by_arm(cells, layer, own, page, _linear)
    if not _planned(own)["GEOMEAN"].notna().any():
        return drawing.Panels((), rows, singles, linear)
    wide, narrow = (_overlay(cells, layer, own, page, width) for width in (drawing.WIDE, drawing.NARROW))
    return drawing.Panels((), (wide, *rows), (narrow, *singles), linear)


def _linear(axis: Axes) -> None:
    axis.set_ylim(bottom=0)


def _overlay(cells: Cells, layer: Profile, own: pd.DataFrame, page: Page, width: int) -> Canvas:
    """Return the geometric means of all arms in the first visit that has some, named at the end of their line."""
    lines = _lines(own)
    course, (visit, _) = next(iter(lines.items()))
    axis = drawing.panel(width, _TALL, left=38, right=_LABELS)
    ends = []
    for arm, colour in arm_colours(page).items():
        means = _course_of_means(own[own["TRT01A"].eq(arm)], course)
        if len(means):
            axis.plot(means["AT"], means["GEOMEAN"], color=colour, linewidth=1.6, marker="o", markersize=4.5, label=arm)
            number = drawing.number_drawn(cells, layer.parameter, arm, page)
            ends.append(End(float(means["GEOMEAN"].iloc[-1]), f"{short_names(page)[arm]} n = {number}", colour))
    axes.as_logarithm(axis)
    _time(axis, own[own["COURSE"].eq(course)], layer, page)
    axes.name_ends(axis, ends)
    when = f", {visit[:1].lower()}{visit[1:]}" if layer.matrix.profile_visits else ""
    axes.head(axis, f"Geometric means{when}", collected(f"{layer.matrix.label}, {layer.matrix.unit}"))
    return drawing.canvas_of(axis)


def _by_arm(
    cells: Cells, layer: Profile, own: pd.DataFrame, page: Page, scale: _Scale
) -> tuple[tuple[Canvas, ...], tuple[Canvas, ...]]:
    """Return one panel an arm, all on the same scale: beside each other, and for a phone."""
    lines, are_few_new = _lines(own), drawing.are_few_new(page, own[own["AVAL"].gt(0)])
    values = pd.concat([own["AVAL"].where(own["AVAL"].gt(0)), own["LLOQ"]]).dropna()
    colours, names = arm_colours(page), short_names(page)

    def draw(axis: Axes, arm: str) -> None:
        samples = own[own["TRT01A"].eq(arm)]
        _profiles(axis, samples, lines, colours[arm])
        if are_few_new and not is_crowded(samples):
            drawing.ring_new(axis, samples[samples["AVAL"].gt(0)], "X", page)
        if len(values):
            axis.set_ylim(values.min() / 1.15, values.max() * 1.15)
        scale(axis)
        _time(axis, own, layer, page)
        axes.head(axis, headed[arm][0], headed[arm][1], title_colour=colours[arm])

    arms = [arm for arm in colours if own["TRT01A"].eq(arm).any()]
    headed = {arm: (names[arm], f"n = {drawing.number_drawn(cells, layer.parameter, arm, page)}") for arm in arms}
    return drawing.side_by_side(headed, draw, _HEIGHT)


def _time(axis: Axes, own: pd.DataFrame, layer: Profile, page: Page) -> None:
    """Draw hours after the dose, or study days with the doses."""
    if not layer.matrix.profile_visits:
        axes.as_days(axis, own.groupby("NOMINAL")["X"].median().round().tolist(), page)
        return
    hours = sorted({0.0, *own["NOMINAL"].dropna()})
    axes.as_hours(axis, hours, float(own["X"].min()), float(own["X"].max()))


def _lines(own: pd.DataFrame) -> dict[float, tuple[str, LineStyleType]]:
    """Return name and line style of every course with a mean, the same in all panels."""
    planned = _planned(own)
    visits = planned[planned["GEOMEAN"].notna()].drop_duplicates("COURSE").sort_values("COURSE")
    named = zip(visits["COURSE"], visits["VISIT"].astype("str"), cycle(_LINES), strict=False)
    return {course: (collected(visit_name(visit)), line) for course, visit, line in named}


def means_at_times(samples: pd.DataFrame) -> pd.DataFrame:
    """Return the geometric means of a course in the order of time, one a visit and planned time: AT and GEOMEAN."""
    times = samples.groupby(["NOMINAL", "LEVEL"]).agg(AT=("AT", "mean"), GEOMEAN=("GEOMEAN", "first"))
    return times.dropna().sort_values("AT", kind="stable")


def _planned(own: pd.DataFrame) -> pd.DataFrame:
    """Return the quantifiable samples that were planned: others are in no mean."""
    return own[own["AVAL"].gt(0) & ~own["VISIT"].str.contains("UNSCHEDULED", na=False)]


def _course_of_means(samples: pd.DataFrame, course: float) -> pd.DataFrame:
    own = _planned(samples)
    return means_at_times(own[own["COURSE"].eq(course)])


def is_crowded(samples: pd.DataFrame) -> bool:
    """Return whether a panel would hold more lines than can be told apart."""
    return len(samples[["USUBJID", "COURSE"]].drop_duplicates()) > everybody.MOST_LINES


def _bands(axis: Axes, samples: pd.DataFrame, colour: str) -> None:
    """Draw quantiles at planned times, course by course; values below the limit stand at it, the lowest by rank."""
    planned = samples[~samples["VISIT"].str.contains("UNSCHEDULED", na=False)]
    values = planned["AVAL"].where(planned["BLQFL"].ne("Y"), planned["LLOQ"])
    known = planned.assign(AVAL=values)[values.gt(0)]
    for _, course in known.groupby("COURSE", sort=False):
        everybody.bands(axis, course, colour, visit="NOMINAL", across="AT")


def _profiles(axis: Axes, samples: pd.DataFrame, lines: Mapping[float, tuple[str, LineStyleType]], colour: str) -> None:
    if is_crowded(samples):
        _bands(axis, samples, colour)
    else:
        for _, course in samples[samples["AVAL"].gt(0)].groupby(["USUBJID", "COURSE"], sort=False):
            axis.plot(course["X"], course["AVAL"], color=colour, linewidth=0.7, alpha=0.5)
    for number, (_, line) in lines.items():
        means = _course_of_means(samples, number)
        if len(means):
            axis.plot(means["AT"], means["GEOMEAN"], color=colour, linewidth=2, linestyle=line, label="mean")
    below = samples[samples["BLQFL"].eq("Y") & samples["LLOQ"].notna()]
    axis.plot(
        below["X"], below["LLOQ"], linestyle="none", marker="o", markersize=4, markerfacecolor="none",
        markeredgecolor=SOFT, markeredgewidth=0.7,
    )  # fmt: skip
    if samples["LLOQ"].notna().any():
        axis.axhline(float(samples["LLOQ"].max()), color=RULE, linewidth=1, linestyle="--", gid="LLOQ")


def _note(own: pd.DataFrame, layer: Profile, page: Page) -> str:
    """Return what lines, symbols and the axis are."""
    lines = _lines(own)
    styles = ", ".join(f"{_LINE_NAMES[str(line)]} {visit[:1].lower()}{visit[1:]}" for visit, line in lines.values())
    bold = f"Bold lines: geometric means of the concentration summary{f' ({styles})' if len(lines) > 1 else ''}."
    doses = " strokes below the axis are doses." if axes.dose_days(page) else ""
    across = "Hours after the dose." if layer.matrix.profile_visits else f"Study day;{doses}" if doses else "Study day."
    what = f"{collected(layer.matrix.label)} in {collected(layer.matrix.unit)}"
    thin = (
        f"Bands: the middle 80 and 50 % of the values at each planned time, and their median, {what}; more than "
        f"{everybody.MOST_LINES} lines are not drawn one by one."
        if any(is_crowded(samples) for _, samples in own.groupby("TRT01A"))
        else "Thin lines: one participant and dose each, at actual times (nominal where the actual time is not known), "
        f"{what}."
    )
    limit = "Dashed grey line: lower limit of quantification; open symbols there: values below it."
    below = "No limit of quantification was delivered: values below it are not drawn."
    return f"{across} {thin} {bold} {limit if own['LLOQ'].notna().any() else below}"
