"""Computing declared displays: each layer by the function of its kind, whatever display it stands in."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from itertools import groupby
from typing import Any

import pandas as pd

from cutbook.catalogue.kinds.display import Display
from cutbook.catalogue.kinds.exposure import Dots, EachValue, Fits, Judged, Parameters
from cutbook.catalogue.kinds.layers import (
    Count,
    CountBy,
    PersonYears,
    Rate,
    RowByArm,
    Summary,
    Tally,
    WorstCase,
)
from cutbook.catalogue.kinds.measured.points import Boxes, LimitScatter, Waterfall
from cutbook.catalogue.kinds.measured.shares import Shares
from cutbook.catalogue.kinds.numbers import Amount, Facts, Signal
from cutbook.catalogue.kinds.panels import (
    ByVisit,
    Course,
    Estimates,
    FirstEvents,
    Individuals,
    Listing,
    Model,
    Moved,
    Panel,
    Profile,
    ShareMatrix,
    Timeline,
)
from cutbook.derive import Frames
from cutbook.parameters.study import Study
from cutbook.results.columns import group_words
from cutbook.results.layers import (
    counts,
    estimates,
    exposure,
    figures,
    models,
    moved,
    rates,
    shares,
    signals,
    summaries,
)
from cutbook.results.layers.scope import Scope, columns_of
from cutbook.results.table import results_table
from cutbook.vocabulary import COUNTS_ALL


def _rows_of_listing(layer: Listing, scope: Scope) -> pd.DataFrame:
    if not layer.counts:
        return pd.DataFrame()
    name, counted = layer.level or layer.fields[0].variable, [field.variable for field in layer.counts]
    records = scope.records(layer.records).astype(dict.fromkeys(counted, "float64"))
    records = records[records[layer.level].ne("")] if layer.level else records
    known = records.melt(name, counted).dropna(subset="value")
    long = known.loc[known.groupby("variable").cumcount().sort_values(kind="stable").index]
    levels = long.pop(name).astype("str")
    return long.assign(level=levels, row_words=levels, statistic="n", counts=COUNTS_ALL)


def _rows_of_amount(layer: Amount, scope: Scope) -> pd.DataFrame:
    reason = layer.why(scope.frames)
    number = float("nan") if reason else layer.number(scope.frames)
    return pd.DataFrame([{"variable": layer.variable, "statistic": "n", "value": number, "reason": reason}])


def _rows_of_facts(layer: Facts, scope: Scope) -> pd.DataFrame:
    records = scope.records(layer.records)
    place = {"variable": layer.variable, "row_words": layer.words}
    rows = [
        {
            **place,
            "level": record["LEVEL"],
            "statistic": name,
            "value": float(record[column]),
            "keys": [record["KEY"]],
            "decimals": record.get("DECIMALS"),
        }
        for record in records.to_dict("records")
        for name, column in layer.numbers.items()
        if record[column] == record[column]
    ]
    return pd.DataFrame(rows)


_Rows = Callable[[Any, Scope], pd.DataFrame]

_ROWS_OF: dict[type, _Rows] = {
    Amount: _rows_of_amount,
    Boxes: shares.rows_of_boxes,
    ByVisit: summaries.rows_of_visits,
    CountBy: counts.rows_of_values,
    Course: figures.rows_of_figure,
    Dots: exposure.rows_of_dots,
    EachValue: exposure.rows_of_each,
    Judged: exposure.rows_of_judged,
    Estimates: estimates.rows_of_estimates,
    Facts: _rows_of_facts,
    FirstEvents: rates.rows_of_first_events,
    Timeline: rates.rows_of_timeline,
    Fits: exposure.rows_of_drawn,
    Individuals: figures.rows_of_figure,
    LimitScatter: shares.rows_of_points,
    Listing: _rows_of_listing,
    Model: models.rows_of_model,
    Parameters: exposure.rows_of_parameters,
    PersonYears: summaries.rows_of_person_years,
    Profile: figures.rows_of_figure,
    ShareMatrix: counts.rows_of_shares,
    Shares: shares.rows_of_measured,
    Summary: summaries.rows_of_summary,
    Tally: counts.rows_of_tally,
    Waterfall: shares.rows_of_bars,
    WorstCase: counts.rows_of_worst_case,
}
"""Function by kind of layer; layers of other kinds have no statistics of their own."""

_ROWS_OF_ALIKE: dict[type, _Rows] = {Count: counts.rows_of_counts, Rate: summaries.rows_of_rates}
"""Function by kind of layers of which those next to each other are computed in one step."""


def compute(display: Display, frames: Frames, study: Study, previous: Frames | None = None) -> pd.DataFrame:
    """Return the results of a display.

    Parameters
    ----------
    display : Display
        The declaration.
    frames : Frames
        Derived datasets of the cut.
    study : Study
        The study file.
    previous : Frames, optional
        Derived datasets of the previous cut, for the numbers that say who is new.

    Returns
    -------
    results table
        The size of every column, then the statistics layer by layer, without their texts; no rows where the study
        file gives the display no layers, or something that it rests on is absent.
    """
    if display.why_nothing(study, frames):
        return results_table([])
    layers = display.rows(study)
    scope = Scope(display, study, frames, previous, columns_of(display, frames, study))
    is_sized = any(isinstance(layer, RowByArm | ShareMatrix | Shares | WorstCase) for layer in layers)
    parts = [counts.size_rows(scope.groups).assign(population=display.population.flag) if is_sized else pd.DataFrame()]
    for kind, alike in groupby(layers, type):
        parts += _rows_of(kind, list(alike), scope)
    below = pd.concat(parts, ignore_index=True)
    words = below["group"].map(group_words(study)) if "group" in below else ""
    return results_table(below.assign(display=display.key, group_words=words))


def compute_all(
    displays: Sequence[Display], frames: Frames, study: Study, previous: Frames | None = None,
    published: pd.DataFrame | None = None,
) -> pd.DataFrame:  # fmt: skip
    """Return the results of displays one below the other, then signals and what moved, for they read the others.

    Parameters
    ----------
    displays, frames, study, previous
        As :func:`compute` takes them.
    published : results table, optional
        Of the report at the previous cut; None: nothing is known to be new.
    """
    tables = [compute(display, frames, study, previous) for display in displays]
    results = pd.concat(tables, ignore_index=True) if tables else results_table([])
    words, new = group_words(study), []
    for display in displays:
        for layer in display.rows(study):
            if isinstance(layer, Signal):
                new += [{**row, "display": display.key} for row in signals.rows_of_signal(layer, results, published)]
            elif isinstance(layer, Moved):
                again = partial(_again, display, layer, study)
                rows = moved.rows_of_moved(layer, study, (results, published), (frames, previous), again)
                facts = {"display": display.key, "population": _flag_of(layer, display)}
                new += [{**row, **facts, "group_words": words.get(str(row["group"]), "")} for row in rows]
    return pd.concat([results, results_table(new)], ignore_index=True) if new else results


def _again(display: Display, layer: Moved, study: Study, frames: Frames) -> pd.DataFrame:
    """Return the estimates of a layer, of other datasets."""
    return compute(replace(display, rows=lambda _: [layer.layer]), frames, study)


def _rows_of(kind: type, layers: Sequence[Any], scope: Scope) -> Iterator[pd.DataFrame]:
    """Yield the rows of layers of one kind that stand next to each other."""
    if kind in _ROWS_OF_ALIKE:
        yield _ROWS_OF_ALIKE[kind](layers, scope).assign(population=scope.display.population.flag)
    for layer in layers if kind in _ROWS_OF else ():
        if isinstance(layer, Panel) and layer.why_empty(scope.frames):
            continue
        yield _ROWS_OF[kind](layer, scope).assign(population=_flag_of(layer, scope.display))


def _flag_of(layer: object, display: Display) -> str:
    return ((layer.population if isinstance(layer, Panel) else None) or display.population).flag
