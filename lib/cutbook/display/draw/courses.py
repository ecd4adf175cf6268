"""Figures by visit: mean change of findings, courses of the endpoints."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence

import numpy as np
import pandas as pd
import seaborn as sns
from matplotlib.axes import Axes
from matplotlib.figure import Figure as Canvas

from cutbook.catalogue.kinds.display import Display
from cutbook.catalogue.kinds.panels import Course
from cutbook.display.draw import drawing
from cutbook.display.look.frame import Displays, Figure
from cutbook.display.look.numbers import significant
from cutbook.display.page import Page
from cutbook.vocabulary import BASELINE

_APART = 0.09
_NEVER_FLAT = 1e-9
_LOG_TICKS = [step * 10.0**power for power in range(-3, 7) for step in (1, 2, 5)]
_RATIO_TICKS = (0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0, 1.2, 1.5, 2.0, 3.0, 5.0, 10.0)
_ZERO_LINE = "#9aa5b1"
_MANY_VISITS = 5
_COURSE = ["PARAMCD", "USUBJID", "TRT01A", "AVISIT", "ADY", "AVAL"]
_PLACE = {"parameter": "parameter", "visit": "visit_words", "group": "group_words", "words": "parameter_words"}
_TITLE_WIDTH = 40
_LABEL_WIDTH = 28
_FEWEST_FOR_BAR = 3
_BARS = (
    f"Bars: 95 % confidence interval of the mean (t), from {_FEWEST_FOR_BAR} values on. Points are set apart sideways "
    "so as not to overlap."
)


def courses(display: Display, layers: Sequence[Course], page: Page) -> Figure | Displays:
    """Return one figure with a panel a parameter, or a figure an endpoint with everybody's course below its means."""
    if layers[0].drawn is None:
        return _panels(display, layers[0], page)
    return Displays(tuple(_individual(display, layer, page) for layer in layers), display.empty)


def _panels(display: Display, layer: Course, page: Page) -> Figure:
    """Return the means by visit, one panel a parameter."""
    _, wide = _drawn(display, layer, page)
    named, framed = dict(zip(wide["parameter"], wide["words"], strict=True)), page.framed(display)
    if not named:
        return Figure(**framed)
    columns = min(3, len(named))
    rows = -(-len(named) // columns)
    with drawing.canvas(3.6 * columns, 2.5 * rows + 0.5) as drawn:
        panels = drawn.subplots(rows, columns, squeeze=False).ravel()
        for axis, (parameter, words) in zip(panels, named.items(), strict=False):
            _means(axis, wide[wide["parameter"].eq(parameter)], page)
            axis.set_title(textwrap.fill(words, _TITLE_WIDTH))
        for axis in panels[len(named) :]:
            axis.remove()
        _legend(drawn, panels[0])
        image = drawing.png(drawn, page)
    alt = f"{display.title}. " + "; ".join(_last_values(wide, item, words) for item, words in named.items())
    return drawing.figure(image, alt, _BARS, wide.drop(columns="words"), framed=framed)


def _individual(display: Display, layer: Course, page: Page) -> Figure:
    """Return the means of an endpoint above every participant's course."""
    what, wide = _drawn(display, layer, page)
    framed = page.framed(display, layer) | {"title": layer.title.format(what=what)}
    if wide.empty or layer.drawn is None:
        return Figure(**framed)
    observed = page.records(display, layer.drawn)
    observed = observed[observed["TRT01A"].isin(list(drawing.arm_styles(page)))]
    with drawing.canvas(11, 5.8) as drawn:
        arms = drawing.arms_of(observed, page)
        grid = drawn.add_gridspec(2, max(len(arms), 1), height_ratios=(3.4, 2.4))
        top = drawn.add_subplot(grid[0, :])
        _means(top, wide, page)
        top.set_title(f"{what.capitalize()} with 95 % confidence interval")
        if layer.is_ratio:
            top.axhline(1, color=_ZERO_LINE, linewidth=1)
            _as_ratio(top, _RATIO_TICKS, 2)
        _legend(drawn, top)
        for place, (arm, (colour, _)) in enumerate(arms.items()):
            axis = drawn.add_subplot(grid[1, place])
            _courses_of(axis, observed[observed["TRT01A"].eq(arm)], colour, page)
            axis.set_title(f"{arm} (n = {drawing.number_drawn(page, display, layer.parameter, arm)})")
            axis.set_ylabel("" if place else textwrap.fill(layer.axis, _LABEL_WIDTH), fontsize=8)
            axis.tick_params(labelleft=not place)
            _scale(axis, observed, is_ratio=layer.is_ratio)
        image = drawing.png(drawn, page)
    alt = f"{framed['title']}. {_last_values(wide, layer.parameter, what)}"
    data = wide.drop(columns="words").assign(shown=what), observed[_COURSE].assign(shown="participant")
    carried = " Values carried forward (LOCF) enter the upper panel." if layer.is_carried else ""
    upper = f"Upper panel: points set apart sideways, intervals from {_FEWEST_FOR_BAR} values on.{carried}"
    lower = f" Lower panels: one line a participant, observed only.{drawing.ring_note(page, display, layer.parameter)}"
    return drawing.figure(image, alt, upper + lower, *data, framed=framed)


def _drawn(display: Display, layer: Course, page: Page) -> tuple[str, pd.DataFrame]:
    """Return the words for what is drawn, and the points: one row a parameter, visit and arm, after baseline."""
    own = page.results[page.results["display"].eq(display.key)]
    own = own[own["parameter"].eq(layer.parameter)] if layer.parameter else own
    shown = next((pair for pair in layer.variables if own["variable"].eq(pair[0]).any()), layer.variables[-1])
    centre = "geomean" if layer.is_ratio else "mean"
    return shown[1], _wide(own[own["variable"].eq(shown[0])], page, centre)


def _wide(rows: pd.DataFrame, page: Page, centre: str) -> pd.DataFrame:
    own = rows[rows["group_words"].isin(list(drawing.arm_styles(page))) & rows["visit"].ne(BASELINE)]
    points = [
        dict(zip((*_PLACE, *point["statistic"]), (*at, *point["value"]), strict=True))
        for at, point in own.groupby(list(_PLACE.values()), sort=False)
    ]
    wide = pd.DataFrame(points, columns=["parameter", "visit", "group", "n", centre, "ci_low", "ci_high", "words"])
    return wide.rename(columns={centre: "centre"}).dropna(subset=["centre"])


def _means(axis: Axes, wide: pd.DataFrame, page: Page) -> None:
    visits, arms = list(dict.fromkeys(wide["visit"])), drawing.arms_of(wide, page, "group")
    for place, (arm, (colour, marker)) in enumerate(arms.items()):
        own = wide[wide["group"].eq(arm)]
        across = own["visit"].map(visits.index) + _APART * (place - (len(arms) - 1) / 2)
        spread = np.vstack([own["centre"] - own["ci_low"], own["ci_high"] - own["centre"]])
        spread[:, own["n"].lt(_FEWEST_FOR_BAR)] = 0
        axis.errorbar(
            across, own["centre"], yerr=np.nan_to_num(spread), label=arm, color=colour, marker=marker, markersize=4,
            linewidth=1.3, elinewidth=0.8, capsize=2,
        )  # fmt: skip
    if wide["ci_low"].lt(0).any():
        axis.axhline(0, color=_ZERO_LINE, linewidth=1)
    rotation, ha = (30, "right") if len(visits) > _MANY_VISITS else (0, "center")
    axis.set_xticks(range(len(visits)), visits, rotation=rotation, ha=ha)
    axis.grid(visible=False, axis="x")


def _as_ratio(axis: Axes, ticks: Sequence[float], figures: int) -> None:
    """Make an axis logarithmic, those of the ticks on it that lie within its limits."""
    axis.set_yscale("log")
    low, high = axis.get_ylim()
    shown = [tick for tick in ticks if low <= tick <= high]
    axis.set_yticks(shown, [significant(tick, figures) for tick in shown])
    axis.set_yticks([], minor=True)


def _courses_of(axis: Axes, courses: pd.DataFrame, colour: str, page: Page) -> None:
    sns.lineplot(
        courses, x="ADY", y="AVAL", units="USUBJID", estimator=None, errorbar=None, ax=axis, color=colour,
        linewidth=0.8, alpha=0.7,
    )  # fmt: skip
    drawing.ring_new(axis, courses, "ADY", page)
    axis.set_xlabel("Study day")


def _scale(axis: Axes, courses: pd.DataFrame, *, is_ratio: bool) -> None:
    """Give a panel the limits that hold the courses of all arms."""
    axis.set_xlim(courses["ADY"].min(), courses["ADY"].max())
    low, high = courses["AVAL"].min(), courses["AVAL"].max()
    if is_ratio and low > 0:
        axis.set_ylim(low / 1.1, high * 1.1)
        _as_ratio(axis, _LOG_TICKS, 1)
    else:
        axis.set_ylim(low - 0.04 * (high - low), high + 0.04 * (high - low) + _NEVER_FLAT)


def _last_values(wide: pd.DataFrame, parameter: str, name: str) -> str:
    own = wide[wide["parameter"].eq(parameter)]
    visit = own["visit"].iloc[-1]
    last = own[own["visit"].eq(visit)]
    values = [f"{arm} {significant(centre)}" for arm, centre in zip(last["group"], last["centre"], strict=True)]
    return f"{name} at {visit}: {', '.join(values)}"


def _legend(drawn: Canvas, axis: Axes) -> None:
    handles, labels = axis.get_legend_handles_labels()
    drawn.legend(handles, labels, loc="outside upper left", ncols=min(len(labels), 6))
