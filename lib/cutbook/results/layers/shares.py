"""Participants with something among those of whom it is known: n/Ns."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from cutbook.catalogue.kinds.measured.points import Boxes, LimitScatter, Waterfall
from cutbook.catalogue.kinds.measured.shares import Shares
from cutbook.results.columns import Groups, arm_codes
from cutbook.results.layers.figures import DRAWN
from cutbook.results.layers.scope import Scope, columns_of
from cutbook.results.statistics import Reason
from cutbook.results.table import rows_of_statistics
from cutbook.vocabulary import COUNTS_ALL

MARKED = "MARKED"
"""Variable: participants inside a ring."""

_PLACE = ["parameter", "level"]
_ROW = [*_PLACE, "parameter_words", "row_words"]


def rows_of_measured(layer: Shares, scope: Scope) -> pd.DataFrame:
    """Return n, Ns (as N) and % of every row and column; % is missing with its reason where nobody was measured."""
    rows = layer.rows(scope.frames).reindex(columns=_ROW).astype("str")
    if rows.empty:
        return pd.DataFrame()
    groups = columns_of(scope.display, scope.frames, scope.study, layer.population)
    people = scope.frames.adsl.set_index("USUBJID")["KEY"]
    counted = _people(scope.records(layer.records), _PLACE, groups)
    counted = counted.assign(KEY=counted["USUBJID"].map(people))
    found = counted.groupby([*_PLACE, "group"], sort=False).agg(n=("USUBJID", "size"), keys=("KEY", list)).reset_index()
    full = groups.complete(rows, found).drop(columns="N")
    sizes = _sizes(scope.records(layer.among), groups)
    full = full.merge(sizes, how="left", on=[name for name in (*_PLACE, "group") if name in sizes])
    full = full.fillna({"n": 0.0, "N": 0.0})
    full = full.assign(pct=100 * full["n"] / full["N"].where(full["N"] > 0))
    long = rows_of_statistics(full.assign(variable=layer.variable), ["n", "N", "pct"])
    reason = long["value"].isna().map({True: Reason.NO_VALUES, False: ""})
    return long.assign(unit=long["statistic"].eq("pct").map({True: "%", False: ""}), reason=reason)


def _people(records: pd.DataFrame, place: Sequence[str], groups: Groups) -> pd.DataFrame:
    """Return every participant once a place and column."""
    own = records[["USUBJID", *place]].astype("str").drop_duplicates()
    return own.merge(groups.members, on="USUBJID")


def _sizes(among: pd.DataFrame, groups: Groups) -> pd.DataFrame:
    place = [name for name in _PLACE if name in among]
    people = _people(among, place, groups)
    return people.groupby([*place, "group"], sort=False).size().rename("N").astype("float64").reset_index()


def rows_of_points(layer: LimitScatter, scope: Scope) -> pd.DataFrame:
    """Return by panel and arm how many participants a scatter draws, and how many stand inside a ring."""
    points = scope.records(layer.points)
    members = (layer.population or scope.display.population).members(scope.frames.adsl)["USUBJID"]
    own = points[points["USUBJID"].isin(members)].dropna(subset=["X", "Y"])
    marked = own[own["IS_MARKED"].eq(True)] if "IS_MARKED" in own else own.iloc[:0]
    named = ((DRAWN, "Participants drawn", own), (MARKED, layer.marked or "Marked", marked))
    parts = [_drawn(some, scope).assign(variable=name, row_words=words) for name, words, some in named if len(some)]
    return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame()


def rows_of_boxes(layer: Boxes, scope: Scope) -> pd.DataFrame:
    """Return by panel and arm how many participants the boxes are of."""
    return _rows_drawn(scope.records(layer.values), layer, scope)


def rows_of_bars(layer: Waterfall, scope: Scope) -> pd.DataFrame:
    """Return by arm how many participants a waterfall draws."""
    return _rows_drawn(scope.records(layer.values).assign(panel=layer.parameter, panel_words=""), layer, scope)


def _rows_drawn(values: pd.DataFrame, layer: Boxes | Waterfall, scope: Scope) -> pd.DataFrame:
    members = (layer.population or scope.display.population).members(scope.frames.adsl)["USUBJID"]
    own = values[values["USUBJID"].isin(members)].dropna(subset=["VALUE"])
    return _drawn(own, scope).assign(variable=DRAWN, row_words="Participants drawn") if len(own) else pd.DataFrame()


def _drawn(own: pd.DataFrame, scope: Scope) -> pd.DataFrame:
    people = scope.frames.adsl.set_index("USUBJID")["KEY"]
    placed = own.assign(parameter=own["panel"], group=own["TRT01A"].map(arm_codes(scope.study)).astype("str"))
    once = placed.drop_duplicates(["parameter", "group", "USUBJID"])
    once = once.assign(KEY=once["USUBJID"].map(people))
    by = ["parameter", "panel_words", "group"]
    counted = once.groupby(by, sort=False).agg(value=("USUBJID", "size"), keys=("KEY", list)).reset_index()
    named = counted.rename(columns={"panel_words": "parameter_words"})
    return named.assign(statistic="n", counts=COUNTS_ALL, value=named["value"].astype("float64"))
