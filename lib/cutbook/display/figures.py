"""Figures by visit: mean change of findings, courses of the endpoints."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
import seaborn as sns
from matplotlib.axes import Axes
from matplotlib.figure import Figure as Canvas

from cutbook.display.drawing import arm_styles, canvas, png, ring_new, ring_note
from cutbook.display.figure_data import figure_data
from cutbook.display.formats import significant
from cutbook.display.frame import Displays, Figure
from cutbook.display.page import Page
from cutbook.parameters.study import Endpoint
from cutbook.results.visits import shown_course

_APART = 0.09
_NEVER_FLAT = 1e-9
_LOG_TICKS = [step * 10.0**power for power in range(-3, 7) for step in (1, 2, 5)]
_RATIO_TICKS = (0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0, 1.2, 1.5, 2.0, 3.0, 5.0, 10.0)
_ZERO_LINE = "#9aa5b1"
_MANY_VISITS = 5
_COURSE = ["PARAMCD", "USUBJID", "TRT01A", "AVISIT", "ADY", "AVAL"]
_TITLE_WIDTH = 40
_LABEL_WIDTH = 28
_FEWEST_FOR_BAR = 3
_BARS = (
    f"Bars: 95 % confidence interval of the mean (t), from {_FEWEST_FOR_BAR} values on. Points are set apart sideways "
    "so as not to overlap."
)


def figure_findings(results: pd.DataFrame, page: Page, names: Mapping[str, str], display: str) -> Figure:
    """Return the mean change from baseline by visit, one panel a parameter, with its 95 % confidence interval."""
    own = results[results["display"].eq(display) & results["variable"].eq("CHG")]
    wide = _wide(own, list(arm_styles(page)))
    parameters = list(dict.fromkeys(wide["parameter"]))
    title, key = "Mean change from baseline by visit", f"F-{display}"
    notes = (_BARS,)
    source = page.source("ADSL", "findings")
    if not parameters:
        return Figure(key, title, page.population("Safety"), b"", "", "", (), source)
    columns = min(3, len(parameters))
    rows = -(-len(parameters) // columns)
    with canvas(3.6 * columns, 2.5 * rows + 0.5) as drawn:
        panels = drawn.subplots(rows, columns, squeeze=False).ravel()
        for axis, parameter in zip(panels, parameters, strict=False):
            _means(axis, wide[wide["parameter"].eq(parameter)], page)
            axis.set_title(textwrap.fill(names.get(parameter, parameter), _TITLE_WIDTH))
        for axis in panels[len(parameters) :]:
            axis.remove()
        _legend(drawn, panels[0])
        image = png(drawn, page)
    alt = f"{title}. " + "; ".join(_last_values(wide, item, names.get(item, item)) for item in parameters)
    data = figure_data(wide)
    return Figure(key, title, page.population("Safety"), image, "image/png", alt, notes, source, data=data)


def figure_endpoints(results: pd.DataFrame, adeff: pd.DataFrame, adsl: pd.DataFrame, page: Page) -> Displays:
    """Return, for every endpoint, its mean course with 95 % intervals above every participant's course."""
    figures = [_endpoint_figure(results, adeff, adsl, page, endpoint) for endpoint in page.cut.study.endpoints]
    return Displays(tuple(figures), "The study file names no endpoint.")


def _endpoint_figure(
    results: pd.DataFrame, adeff: pd.DataFrame, adsl: pd.DataFrame, page: Page, endpoint: Endpoint
) -> Figure:
    is_ratio = endpoint.scale == "ratio"
    display = "F2" if is_ratio else "F4"
    own = results[results["display"].eq(display) & results["parameter"].eq(endpoint.paramcd)]
    variable, what = shown_course(own, endpoint)
    wide = _wide(own[own["variable"].eq(variable)], list(arm_styles(page)))
    title, key = f"{endpoint.label}: {what}, and every participant's course", f"F-{display}-{endpoint.paramcd}"
    population, source = page.population(endpoint.population), page.source("ADEFF")
    if wide.empty:
        return Figure(key, title, population, b"", "", "", (), source, "No values after baseline by the cut-off.")
    with canvas(11, 5.8) as drawn:
        courses = _observed(adeff, adsl, page, endpoint)
        arms = [arm for arm in arm_styles(page) if courses["TRT01A"].eq(arm).any()]
        grid = drawn.add_gridspec(2, max(len(arms), 1), height_ratios=(3.4, 2.4))
        top = drawn.add_subplot(grid[0, :])
        _means(top, wide, page)
        top.set_title(f"{what.capitalize()} with 95 % confidence interval")
        _as_ratio(top) if is_ratio else None
        _legend(drawn, top)
        _course_panels([drawn.add_subplot(grid[1, place]) for place in range(len(arms))], courses, page, endpoint)
        image = png(drawn, page)
    alt = f"{title}. {_last_values(wide, endpoint.paramcd, what)}"
    data = figure_data(wide.assign(shown=what), courses[_COURSE].assign(shown="participant"))
    carried = " Values carried forward (LOCF) enter the upper panel." if endpoint.imputation == "locf" else ""
    upper = f"Upper panel: points set apart sideways, intervals from {_FEWEST_FOR_BAR} values on.{carried}"
    notes = (f"{upper} Lower panels: one line a participant, observed only." + ring_note(page, courses),)
    return Figure(key, title, population, image, "image/png", alt, notes, source, data=data)


def _observed(adeff: pd.DataFrame, adsl: pd.DataFrame, page: Page, endpoint: Endpoint) -> pd.DataFrame:
    shown = adeff["PARAMCD"].eq(endpoint.paramcd) & adeff["ANL01FL"].eq("Y") & adeff["AVAL"].notna()
    shown &= adeff["DTYPE"].isna() & adeff["ADY"].notna() & adeff["TRT01A"].isin(list(arm_styles(page)))
    shown &= adeff["USUBJID"].isin(adsl.loc[adsl[endpoint.population].eq("Y"), "USUBJID"])
    return adeff[shown].sort_values(["USUBJID", "ADY"], kind="stable")


def _wide(rows: pd.DataFrame, groups: Sequence[str]) -> pd.DataFrame:
    own = rows[rows["group"].isin(groups) & rows["visit"].ne("Baseline")]
    place = ["parameter", "visit", "group"]
    shown = [*place, "n", "centre", "ci_low", "ci_high"]
    if own.empty:
        return pd.DataFrame(columns=shown)
    wide = own.pivot_table(index=place, columns="statistic", values="value", sort=False, dropna=False).reset_index()
    centre = wide["geomean"] if "geomean" in wide else wide["mean"]
    known = wide.assign(centre=centre).reindex(columns=shown).dropna(subset=["centre"])
    order = rows[["parameter", "visit"]].drop_duplicates().reset_index(drop=True).reset_index(names="_row")
    return known.merge(order, on=["parameter", "visit"]).sort_values("_row", kind="stable").drop(columns="_row")


def _means(axis: Axes, wide: pd.DataFrame, page: Page) -> None:
    visits = list(dict.fromkeys(wide["visit"]))
    styles = arm_styles(page)
    arms = [arm for arm in styles if wide["group"].eq(arm).any()]
    for place, arm in enumerate(arms):
        own = wide[wide["group"].eq(arm)]
        across = np.array([visits.index(visit) for visit in own["visit"]]) + _APART * (place - (len(arms) - 1) / 2)
        colour, marker = styles[arm]
        centre = own["centre"].to_numpy(dtype="float64")
        spread = np.vstack([centre - own["ci_low"].to_numpy(), own["ci_high"].to_numpy() - centre])
        spread[:, own["n"].lt(_FEWEST_FOR_BAR).to_numpy()] = 0
        axis.errorbar(
            across, centre, yerr=np.nan_to_num(spread), label=arm, color=colour, marker=marker, markersize=4,
            linewidth=1.3, elinewidth=0.8, capsize=2,
        )  # fmt: skip
    if wide["ci_low"].lt(0).any():
        axis.axhline(0, color=_ZERO_LINE, linewidth=1)
    is_crowded = len(visits) > _MANY_VISITS
    axis.set_xticks(
        range(len(visits)), visits, rotation=30 if is_crowded else 0, ha="right" if is_crowded else "center"
    )
    axis.grid(visible=False, axis="x")


def _as_ratio(axis: Axes) -> None:
    axis.set_yscale("log")
    axis.axhline(1, color=_ZERO_LINE, linewidth=1)
    low, high = axis.get_ylim()
    ticks = [tick for tick in _RATIO_TICKS if low <= tick <= high]
    axis.set_yticks(ticks, [significant(tick, 2) for tick in ticks])
    axis.set_yticks([], minor=True)


def _course_panels(panels: Sequence[Axes], courses: pd.DataFrame, page: Page, endpoint: Endpoint) -> None:
    arms = [arm for arm in arm_styles(page) if courses["TRT01A"].eq(arm).any()]
    unit = f" ({endpoint.unit})" if endpoint.unit else ""
    for place, (axis, arm) in enumerate(zip(panels, arms, strict=True)):
        own = courses[courses["TRT01A"].eq(arm)]
        sns.lineplot(
            own, x="ADY", y="AVAL", units="USUBJID", estimator=None, errorbar=None, ax=axis,
            color=arm_styles(page)[arm][0], linewidth=0.8, alpha=0.7,
        )  # fmt: skip
        ring_new(axis, own, "ADY", page)
        axis.set_title(f"{arm} (n = {own['USUBJID'].nunique()})")
        axis.set_xlabel("Study day")
        axis.set_ylabel("" if place else textwrap.fill(f"{endpoint.label}{unit}", _LABEL_WIDTH), fontsize=8)
        axis.tick_params(labelleft=not place)
        axis.set_xlim(courses["ADY"].min(), courses["ADY"].max())
        low, high = courses["AVAL"].min(), courses["AVAL"].max()
        if endpoint.scale == "ratio" and low > 0:
            axis.set_yscale("log")
            axis.set_ylim(low / 1.1, high * 1.1)
            ticks = [tick for tick in _LOG_TICKS if low / 1.1 <= tick <= high * 1.1]
            axis.set_yticks(ticks, [significant(tick, 1) for tick in ticks])
            axis.set_yticks([], minor=True)
        else:
            axis.set_ylim(low - 0.04 * (high - low), high + 0.04 * (high - low) + _NEVER_FLAT)


def _last_values(wide: pd.DataFrame, parameter: str, name: str) -> str:
    own = wide[wide["parameter"].eq(parameter)]
    visit = own["visit"].iloc[-1]
    last = own[own["visit"].eq(visit)]
    values = ", ".join(
        f"{group} {significant(centre)}" for group, centre in zip(last["group"], last["centre"], strict=True)
    )
    return f"{name} at {visit}: {values}"


def _legend(drawn: Canvas, axis: Axes) -> None:
    handles, labels = axis.get_legend_handles_labels()
    drawn.legend(handles, labels, loc="outside upper left", ncols=min(len(labels), 6))
