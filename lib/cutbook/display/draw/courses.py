"""Figures by visit at true time: change of findings, courses of the endpoints and of everybody."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure as Canvas

from cutbook.catalogue.kinds.display import Display
from cutbook.catalogue.kinds.panels import Course
from cutbook.display.draw import axes, drawing, everybody
from cutbook.display.draw.axes import FIRST_DAY, End
from cutbook.display.look.collected import collected
from cutbook.display.look.frame import Displays, Figure
from cutbook.display.look.names import short_name
from cutbook.display.look.numbers import significant
from cutbook.display.look.units import with_unit_written
from cutbook.display.page import Page
from cutbook.display.palette import arm_colours, short_names
from cutbook.display.read.cells import Cells
from cutbook.results.columns import arm_codes
from cutbook.results.layers.figures import OUTSIDE
from cutbook.vocabulary import BASELINE

_WIDTH, _HEIGHT, _TALL = 272, 150, 280
_LABELS = 78
_HEADING_WIDTH = 38
_FEWEST_FOR_SPREAD = 3
_PLACE = {
    "parameter": "parameter", "code": "visit", "visit": "visit_words", "group": "group_words",
    "words": "parameter_words",
}  # fmt: skip
_POINT = ["parameter", "visit", "day", "group", "n", "centre", "low", "high"]
_COURSE = ["PARAMCD", "USUBJID", "TRT01A", "AVISIT", "ADY", "AVAL"]
_ROOM = 0.06


def courses(display: Display, layers: Sequence[Course], page: Page) -> Figure | Displays:
    """Return one figure with a panel a parameter, or a figure an endpoint with everybody's course beside its means."""
    if layers[0].drawn is None:
        return _panels(display, layers[0], page)
    return Displays(tuple(_endpoint(display, layer, page) for layer in layers), display.empty)


def _panels(display: Display, layer: Course, page: Page) -> Figure:
    """Return the centres by visit, one panel a parameter; those that show nothing are named in the note."""
    _, wide = _drawn(display, layer, page)
    named, framed = dict(zip(wide["parameter"], wide["words"], strict=True)), page.framed(display)
    if not named:
        return Figure(**framed)
    cells = page.cells(display)
    outside = {parameter: _outside(cells, parameter) if layer.only_outside else "" for parameter in named}
    quiet = {parameter: words for parameter, words in named.items() if outside[parameter].startswith("0 ")}
    shown = {parameter: words for parameter, words in named.items() if parameter not in quiet}
    said = _quiet(quiet)
    if not shown:
        return Figure(**framed | {"empty": said.strip()})
    with drawing.style():
        panels = tuple(
            _panel(wide[wide["parameter"].eq(parameter)], layer, page, words, outside[parameter])
            for parameter, words in shown.items()
        )
        alt = f"{display.title}. " + "; ".join(_last_values(wide, item, words) for item, words in shown.items())
        drawn = wide.loc[wide["parameter"].isin(list(shown)), _POINT]
        return drawing.figure(drawing.Panels(panels), alt, f"{_note(wide, layer, page)}{said}", drawn, framed=framed)


def _panel(own: pd.DataFrame, layer: Course, page: Page, words: str, outside: str) -> Canvas:
    """Return one parameter: its name, then its family and how many were outside the limits."""
    family, name = words.rpartition(": ")[0], short_name(str(own["parameter"].iloc[0]), words)
    lines = [collected(line) for line in textwrap.wrap(name, _HEADING_WIDTH)]
    axis = drawing.panel(_WIDTH, _HEIGHT + 14 * len(lines), left=38, right=_LABELS, top=22 + 14 * len(lines))
    _centres(axis, own, layer, page)
    axes.head(axis, "\n".join(lines), " · ".join(filter(None, (collected(family), outside))))
    return drawing.canvas_of(axis)


def _quiet(quiet: Mapping[str, str]) -> str:
    if not quiet:
        return ""
    names = _listed([collected(short_name(code, words).partition(" (")[0]) for code, words in quiet.items()])
    return f" {len(quiet)} not shown, nobody outside the limits after day 1: {names}."


def _outside(cells: Cells, parameter: str) -> str:
    """Return how many were outside the limits, where that is known."""
    place = (parameter, OUTSIDE, "", "", "")
    return f"{cells.text('n', place)} of {cells.text('N', place)} outside limits" if cells.value("N", place) > 0 else ""


def _endpoint(display: Display, layer: Course, page: Page) -> Figure:
    """Return the means of an endpoint, and every participant's course beside them, one panel an arm."""
    what, wide = _drawn(display, layer, page)
    framed = page.framed(display, layer) | {"title": layer.title.format(what=what)}
    if wide.empty or layer.drawn is None:
        return Figure(**framed)
    observed = page.records(display, layer.drawn)
    observed = observed[observed["TRT01A"].isin(list(arm_colours(page)))]
    with drawing.style():
        means = tuple(_mean_panel(wide, layer, page, width, what) for width in (drawing.WIDE, drawing.NARROW))
        cells = page.cells(display)
        rows, alone = everybody.panels(layer, observed, page, cells)
        panels = drawing.Panels((), (means[0], *rows), (means[1], *alone))
        alt = f"{framed['title']}. {_last_values(wide, layer.parameter, what)}"
        data = wide[_POINT].assign(shown=what), observed[_COURSE].assign(shown="participant")
        carried = " Values carried forward (LOCF) enter the means." if layer.is_carried else ""
        rings = drawing.ring_note(cells, layer.parameter, page)
        axis = collected(with_unit_written(layer.axis))
        single = f" One panel an arm: {axis}, one line a participant, observed only, unscheduled values included."
        note = f"{_note(wide, layer, page)}{carried}{single}{rings}"
        return drawing.figure(panels, alt, note, *data, framed=framed)


def _mean_panel(wide: pd.DataFrame, layer: Course, page: Page, width: int, what: str) -> Canvas:
    axis = drawing.panel(width, _TALL, left=38, right=_LABELS + 6)
    _centres(axis, wide, layer, page)
    axes.head(axis, collected(what[:1].upper() + what[1:]))
    return drawing.canvas_of(axis)


def _drawn(display: Display, layer: Course, page: Page) -> tuple[str, pd.DataFrame]:
    """Return the words for what is drawn, and the points: one row a parameter, visit and arm, after baseline."""
    own = page.results[page.results["display"].eq(display.key)]
    own = own[own["parameter"].eq(layer.parameter)] if layer.parameter else own
    shown = next((pair for pair in layer.variables if own["variable"].eq(pair[0]).any()), layer.variables[-1])
    wide = _wide(own[own["variable"].eq(shown[0])], page, layer.statistics)
    return shown[1], wide.assign(day=_days(wide, display, layer, page), is_change=shown == layer.variables[0])


def _wide(rows: pd.DataFrame, page: Page, statistics: tuple[str, str, str]) -> pd.DataFrame:
    own = rows[rows["group_words"].isin(list(arm_codes(page.study))) & rows["visit"].ne(BASELINE)]
    points = [
        dict(zip((*_PLACE, *point["statistic"]), (*at, *point["value"]), strict=True))
        for at, point in own.groupby(list(_PLACE.values()), sort=False)
    ]
    wide = pd.DataFrame(points, columns=[*_PLACE, "n", *statistics])
    named = dict(zip(statistics, ("centre", "low", "high"), strict=True))
    return wide.rename(columns=named).dropna(subset=["centre"])


def _days(wide: pd.DataFrame, display: Display, layer: Course, page: Page) -> pd.Series:
    """Return the study day of every point; missing where no record of its visit has a day."""
    source = layer.timed or layer.drawn
    days = axes.visit_days(page.records(display, source), page) if source else {}
    return wide["code"].map(days).astype("float64")


def _centres(axis: Axes, wide: pd.DataFrame, layer: Course, page: Page) -> None:
    """Draw a line an arm from no change on day 1, its spread for the control and the highest dose alone."""
    across = _across(wide)
    colours, shown = arm_colours(page), [arm for arm in arm_colours(page) if wide["group"].eq(arm).any()]
    banded = _banded(shown, page)
    start = 1.0 if layer.is_ratio else 0.0
    for arm in shown:
        own = wide[wide["group"].eq(arm)].assign(at=across).sort_values("at", kind="stable")
        if arm in banded:
            _spread(axis, own[own["n"].ge(_FEWEST_FOR_SPREAD)], own, arm, colours[arm])
        if own["is_change"].iloc[0]:
            axis.plot([FIRST_DAY, own["at"].iloc[0]], [start, own["centre"].iloc[0]], color=colours[arm], gid="start")
        axis.plot(own["at"], own["centre"], color=colours[arm], linewidth=1.6, marker="o", markersize=4.5, label=arm)
    _scale(axis, wide, layer, across, page)
    axes.name_ends(axis, [_end(arm, wide, colours, page) for arm in shown])


def _spread(axis: Axes, known: pd.DataFrame, own: pd.DataFrame, arm: str, colour: str) -> None:
    """Draw a band between the ends of the spread, a bar where one visit alone has them; gaps where few have values."""
    if len(known) == 1:
        ends = known[["low", "high"]].iloc[0]
        axis.plot([known["at"].iloc[0]] * 2, ends, color=colour, alpha=0.4, linewidth=3, label=f"spread {arm}")
        return
    if known.empty:
        return
    low, high = (own[name].where(own.index.isin(known.index)) for name in ("low", "high"))
    axis.fill_between(own["at"], low, high, color=colour, alpha=0.16, linewidth=0, label=f"spread {arm}")


def _banded(shown: Sequence[str], page: Page) -> set[str]:
    """Return the arms whose spread is drawn: the control and the highest dose; of all, bands would hide the lines."""
    control = page.study.treatment.control_arm
    dosed = [arm.label for arm in page.study.treatment.arms if arm.is_active and arm.label in shown]
    return {*dosed[-1:], *([control.label] if control else [])}


def _across(wide: pd.DataFrame) -> pd.Series:
    """Return where points stand: at their days; one after the other where a visit has none."""
    if wide["day"].notna().all():
        return wide["day"]
    places = {visit: place for place, visit in enumerate(dict.fromkeys(wide["visit"]), start=2)}
    return wide["visit"].map(places).astype("float64")


def _scale(axis: Axes, wide: pd.DataFrame, layer: Course, across: pd.Series, page: Page) -> None:
    is_change = bool(wide["is_change"].iloc[0])
    axis.margins(y=_ROOM)
    if layer.is_ratio and is_change:
        axes.as_ratio(axis)
    elif is_change:
        axes.no_change(axis)
    if wide["day"].notna().all():
        axes.as_days(axis, wide["day"], page)
    else:
        visits = dict(zip(wide["visit"], across, strict=True))
        axis.set_xticks(list(visits.values()), [collected(visit) for visit in visits])
        axis.set_xlim(FIRST_DAY - 0.2, max(visits.values()) + 0.2)


def _end(arm: str, wide: pd.DataFrame, colours: Mapping[str, str], page: Page) -> End:
    last = wide[wide["group"].eq(arm)].iloc[-1]
    return End(float(last["centre"]), f"{short_names(page)[arm]} n = {last['n']:.0f}", colours[arm])


def _note(wide: pd.DataFrame, layer: Course, page: Page) -> str:
    """Return what lines, bands, ticks and numbers at the ends are."""
    spread = "quartiles" if layer.is_skewed else "95 % confidence interval (t)"
    centre = {"median": "medians", "mean": "means", "geomean": "geometric means"}[layer.statistics[0]]
    shown = [arm for arm in arm_colours(page) if wide["group"].eq(arm).any()]
    banded = _listed([short_names(page)[arm] for arm in shown if arm in _banded(shown, page)])
    doses = " Strokes below the axis are doses; dotted line: the last." if axes.dose_days(page) else ""
    bands = f" Bands: {spread} of {banded}, from {_FEWEST_FOR_SPREAD} values on." if np.any(wide["n"] >= 3) else ""
    at = "Lines: {} at the study day of the visit, from day 1." if wide["day"].notna().all() else "Lines: {} by visit."
    return f"{at.format(centre)}{bands} n: values at the last visit.{doses}"


def _last_values(wide: pd.DataFrame, parameter: str, name: str) -> str:
    own = wide[wide["parameter"].eq(parameter)]
    visit = own["visit"].iloc[-1]
    last = own[own["visit"].eq(visit)]
    pairs = zip(last["group"], last["centre"], strict=True)
    values = [f"{collected(arm)} {significant(centre)}" for arm, centre in pairs]
    return f"{collected(with_unit_written(name))} at {collected(visit)}: {', '.join(values)}"


def _listed(names: Sequence[str]) -> str:
    return f"{', '.join(names[:-1])} and {names[-1]}" if len(names) > 1 else "".join(names)
