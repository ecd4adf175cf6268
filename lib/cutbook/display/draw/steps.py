"""Steps: the shares of groups without the event over study days, with how many were followed so long below."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure as Canvas

from cutbook.catalogue.kinds.display import Display
from cutbook.catalogue.kinds.panels import Steps
from cutbook.display.draw import axes, drawing
from cutbook.display.draw.axes import FIRST_DAY, End
from cutbook.display.look.collected import collected
from cutbook.display.look.frame import Displays, Figure
from cutbook.display.look.numbers import fixed
from cutbook.display.page import Page
from cutbook.display.palette import DOSES, SOFT, arm_colours, short_names
from cutbook.results.columns import arm_codes, group_words
from cutbook.results.layers.fits.survival import CURVE, LAST
from cutbook.vocabulary import ACTIVE

_HEIGHT, _HEAD, _LINE, _LABELS, _LEFT = 210, 30, 15, 92, 40
_LEAST, _BELOW = 0.0, 10.0


def steps(display: Display, layers: Sequence[Steps], page: Page) -> Displays:
    """Return a figure a layer."""
    return Displays(tuple(_figure(display, layer, page) for layer in layers), display.empty)


def _figure(display: Display, layer: Steps, page: Page) -> Figure:
    framed, own = page.framed(display, layer), page.results[page.results["display"].eq(display.key)]
    ends = own[own["variable"].eq(LAST) & own["statistic"].eq("last_day")].set_index("group")["value"]
    if ends.empty:
        return Figure(**framed)
    curves = {str(group): _steps(own, str(group), float(last)) for group, last in ends.items()}
    risk = own[own["statistic"].eq("at_risk")].astype({"level": "float64"})
    with drawing.style():
        wide, narrow = (_panel(curves, risk, page, width) for width in (drawing.WIDE, drawing.NARROW))
        said = "; ".join(f"{_names(page)[group]} {fixed(curve[-1][1], 1)} %" for group, curve in curves.items())
        note = f"Up: participants alive, %. Below: participants followed to the day. {' '.join(framed['footnotes'])}"
        data = pd.DataFrame([(group, *point) for group, curve in curves.items() for point in curve])
        data.columns = pd.Index(["group", "day", "alive"])
        alt = f"{framed['title']}. Alive at the end of follow-up: {said}."
        return drawing.figure(drawing.Panels((), (wide,), (narrow,)), alt, note, data, framed=framed)


def _steps(own: pd.DataFrame, group: str, last: float) -> list[tuple[float, float]]:
    """Return days and shares of a curve from the first day to the last one, a pair for each end of a step."""
    mine = own[own["variable"].eq(CURVE) & own["group"].eq(group) & own["statistic"].eq("surv")]
    curve, share = [(FIRST_DAY, 100.0)], 100.0
    for day, value in sorted(zip(mine["level"].astype("float64"), mine["value"], strict=True)):
        curve += [(float(day), share), (float(day), float(value))]
        share = float(value)
    return [*curve, (max(last, FIRST_DAY), share)]


def _names(page: Page) -> dict[str, str]:
    """Return the words of every group by its code."""
    names = short_names(page)
    shown = {code: names[label] for label, code in arm_codes(page.study).items() if label in names}
    pooled = {code: collected(words) for code, words in group_words(page.study).items()}
    return pooled | shown


def _colours(page: Page) -> dict[str, str]:
    colours = arm_colours(page)
    return {ACTIVE: DOSES[-3]} | {
        code: colours[label] for label, code in arm_codes(page.study).items() if label in colours
    }


def _panel(curves: Mapping[str, list[tuple[float, float]]], risk: pd.DataFrame, page: Page, width: int) -> Canvas:
    foot = 30 + _LINE * (len(curves) + 1)
    axis = drawing.panel(width, _HEIGHT + foot, left=_LEFT, right=_LABELS, top=_HEAD, bottom=foot)
    names, colours = _names(page), _colours(page)
    lowest = min(share for curve in curves.values() for _, share in curve)
    axis.set_ylim(max(_LEAST, _BELOW * np.floor(lowest / _BELOW) - _BELOW), 101)
    for group, curve in curves.items():
        days, shares = zip(*curve, strict=True)
        axis.plot(days, shares, color=colours[group], linewidth=1.8, label=names[group], gid=names[group])
    axes.as_days(axis, sorted(set(risk["level"])), page, reach=[curve[-1][0] for curve in curves.values()])
    axes.head(axis, "Alive, %")
    axes.name_ends(axis, [End(curve[-1][1], names[group], colours[group]) for group, curve in curves.items()])
    _followed(axis, risk, list(curves), page)
    return drawing.canvas_of(axis)


def _followed(axis: Axes, risk: pd.DataFrame, groups: Sequence[str], page: Page) -> None:
    """Write below the days how many of each group were followed so long."""
    names, colours = _names(page), _colours(page)
    height = axes.height_of(axis)
    axis.text(
        1.02, -(34 / height), "followed", transform=axis.transAxes, color=SOFT, fontsize=10, va="top", gid="followed"
    )
    for number, group in enumerate(groups):
        below = -(34 + _LINE * (number + 1)) / height
        axis.text(
            1.02, below, names[group], transform=axis.transAxes, color=colours[group], fontsize=10, va="top",
            gid="followed",
        )  # fmt: skip
        for row in risk[risk["group"].eq(group)].to_dict("records"):
            axis.text(
                row["level"], below, f"{row['value']:.0f}", transform=axis.get_xaxis_transform(), color=colours[group],
                fontsize=10, ha="center", va="top", gid="followed",
            )  # fmt: skip
