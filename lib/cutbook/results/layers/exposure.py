"""Statistics of exposure: parameters of profiles by arm, everybody's values, and what functions of statistics say."""

from __future__ import annotations

import pandas as pd

from cutbook.catalogue.kinds.exposure import Dots, EachValue, Fits, Judged, Parameters
from cutbook.results.columns import arm_codes
from cutbook.results.layers.counts import size_rows
from cutbook.results.layers.figures import DRAWN
from cutbook.results.layers.scope import Scope, columns_of
from cutbook.results.layers.summaries import summary_rows
from cutbook.vocabulary import COUNTS_ALL

_PLACE = ["parameter", "visit", "level", "variable"]
_DESCRIBED = ["visit_words", "row_words", "unit", "decimals"]
_RANKED = ("n", "median", "min", "max")
_CENTRE = ("n", "geomean")
_DOTS = "Participants drawn"


def rows_of_parameters(layer: Parameters, scope: Scope) -> pd.DataFrame:
    """Return the summaries of a table of parameters, with the size of the columns."""
    groups = columns_of(scope.display, scope.frames, scope.study, layer.population)
    sizes = size_rows(groups).assign(parameter=layer.parameter)
    values = scope.records(layer.records).assign(parameter=layer.parameter)
    if values.empty:
        return sizes
    places = values[_PLACE].drop_duplicates()
    rows = summary_rows(values, places, groups, layer.statistics, value="VALUE")
    rows = rows[~rows["level"].isin(list(layer.ranked)) | rows["statistic"].isin(_RANKED)]
    described = values[[*_PLACE, *_DESCRIBED]].drop_duplicates(_PLACE)
    rows = described.merge(rows, on=_PLACE, validate="one_to_many")
    is_bare = rows["statistic"].isin(["n", "cv", "geocv"])
    return pd.concat([sizes, rows.assign(unit=rows["unit"].mask(is_bare, ""))], ignore_index=True)


def rows_of_each(layer: EachValue, scope: Scope) -> pd.DataFrame:
    """Return everybody's values, one row each, missing ones with their reason."""
    values = scope.records(layer.records)
    values = values[values["variable"].isin([variable for variable, *_ in layer.columns])]
    arms = values["TRT01A"].map(arm_codes(scope.study)).astype("str")
    return pd.DataFrame(
        {
            "parameter": layer.parameter,
            "variable": values["variable"],
            "level": values["USUBJID"],
            "visit": values["visit"],
            "visit_words": values["visit_words"],
            "row_words": values["ENTRY"],
            "group": arms,
            "statistic": "result",
            "value": values["AVAL"],
            "unit": values["unit"],
            "decimals": values["decimals"],
            "reason": values["REASON"],
        }
    )


def rows_of_judged(layer: Judged, scope: Scope) -> pd.DataFrame:
    """Return what the functions of a layer say."""
    return scope.records(layer.estimates).assign(parameter=layer.parameter)


def rows_of_dots(layer: Dots, scope: Scope) -> pd.DataFrame:
    """Return n and geometric mean of every panel and arm of a figure of dots."""
    own = scope.records(layer.drawn)
    if own.empty:
        return pd.DataFrame()
    values = own.assign(parameter=layer.parameter, visit="", level=own["PANEL"], variable=layer.of, VALUE=own["AVAL"])
    groups = columns_of(scope.display, scope.frames, scope.study, layer.population)
    rows = summary_rows(values, values[_PLACE].drop_duplicates(), groups, _CENTRE, value="VALUE")
    words = values.drop_duplicates("PANEL").set_index("PANEL")["PANEL_WORDS"]
    return rows.assign(row_words=rows["level"].map(words))


def rows_of_drawn(layer: Fits, scope: Scope) -> pd.DataFrame:
    """Return how many participants a figure draws."""
    own = scope.records(layer.drawn)
    if own.empty:
        return pd.DataFrame()
    names = list(dict.fromkeys(own["USUBJID"]))
    keys = scope.frames.adsl.set_index("USUBJID")["KEY"].reindex(names).tolist()
    row = {"variable": DRAWN, "row_words": _DOTS, "statistic": "n", "value": float(len(names)), "keys": keys}
    return pd.DataFrame([{**row, "counts": COUNTS_ALL, "parameter": layer.parameter}])
