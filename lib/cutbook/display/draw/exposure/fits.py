"""The terminal line of each profile with the samples that it rests on: small panels, flagged profiles first."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from matplotlib.figure import Figure as Canvas

from cutbook.catalogue.kinds.display import Display
from cutbook.catalogue.kinds.exposure import Fits
from cutbook.display.draw import axes, drawing
from cutbook.display.look.collected import collected
from cutbook.display.look.frame import Displays, Figure
from cutbook.display.look.numbers import significant
from cutbook.display.page import Page
from cutbook.display.palette import ALARM, SOFT, arm_colours, short_names

_WIDTH, _HEIGHT = 150, 128
_OPEN = 12
"""Panels that are shown open; the others are folded."""

_DATA = ["USUBJID", "TRT01A", "DOSEOCC", "TIME", "AVAL", "USED", "PREDICTED"]


def fits(display: Display, layers: Sequence[Fits], page: Page) -> Displays:
    """Return one figure a layer."""
    figures = [_figure(display, layer, page) for layer in layers]
    filled = tuple(one for one in figures if one.drawings or one.image)
    return Displays(filled or tuple(figures[:1]), display.empty)


def _figure(display: Display, layer: Fits, page: Page) -> Figure:
    framed, own = page.framed(display, layer), page.records(display, layer.drawn)
    fitted = own[own["HAS_LINE"].astype("bool")] if len(own) else own
    if fitted.empty:
        return Figure(**framed)
    names = list(dict.fromkeys(fitted["PROFILE"]))
    shown, without = names[: layer.most], own["PROFILE"].nunique() - len(names)
    flagged = fitted.loc[fitted["IS_FLAGGED"], "PROFILE"].nunique()
    with drawing.style():
        panels = [_panel(fitted[fitted["PROFILE"].eq(name)], fitted, page) for name in shown]
        said = f"{len(names)} profiles with a terminal line, {flagged} of them flagged; {without} without one"
        more = f"{len(shown)} of them are drawn." if len(shown) < len(names) else ""
        note = " ".join(filter(None, [f"{said}.", more, *layer.notes]))
        parts = drawing.Panels(tuple(panels[:_OPEN]), folded=tuple(panels[_OPEN:]))
        return drawing.figure(
            parts, f"{framed['title']}. {said}.", note, fitted[_DATA], framed=framed, fold="The other profiles"
        )


def _panel(own: pd.DataFrame, every: pd.DataFrame, page: Page) -> Canvas:
    """Return one profile on the scale of all."""
    facts = own.iloc[0]
    colour = arm_colours(page)[facts["TRT01A"]]
    axis = drawing.panel(_WIDTH, _HEIGHT, left=34, right=4, top=30, bottom=18)
    known = own[own["AVAL"].gt(0)]
    used = known[known["USED"].eq(True)]
    others = known[~known["USED"].eq(True)]
    line = used.sort_values("TIME", kind="stable")
    axis.plot(line["TIME"].iloc[[0, -1]], line["PREDICTED"].iloc[[0, -1]], color=colour, linewidth=1.2, gid="line")
    axis.plot(used["TIME"], used["AVAL"], color=colour, linestyle="none", marker="o", markersize=5, gid="used")
    axis.plot(
        others["TIME"], others["AVAL"], linestyle="none", marker="o", markersize=4, markerfacecolor="none",
        markeredgecolor=SOFT, gid="other",
    )  # fmt: skip
    values = every.loc[every["AVAL"].gt(0), "AVAL"]
    axis.set_ylim(float(values.min()) / 1.3, float(values.max()) * 1.3)
    axes.as_logarithm(axis)
    last = float(every["TIME"].max())
    axis.set_xlim(-0.03 * last, 1.03 * last)
    axis.set_xticks([0, float(np.round(last))])
    axis.grid(visible=False, axis="x")
    single = page.study.treatment.planned_doses == 1
    where = short_names(page)[facts["TRT01A"]] + ("" if single else f", dose {facts['DOSEOCC']:g}")
    said = f"{where}, t½ {significant(float(facts['HALF']))} h"
    axes.head(axis, collected(_short(str(facts["USUBJID"]))), said, ALARM if facts["IS_FLAGGED"] else SOFT)
    return drawing.canvas_of(axis)


def _short(subject: str) -> str:
    """Return the end of a long name of a participant.

    Examples
    --------
    >>> _short("233AS101-101001"), _short("S1"), _short("20240000011010001")
    ('101001', 'S1', '…11010001')
    """
    last = subject.rpartition("-")[2]
    return last if len(last) <= 10 else f"…{last[-8:]}"
