"""Numbers that figures say of the records that they draw: participants by arm, who is new, the highest value."""

from __future__ import annotations

import pandas as pd

from cutbook.catalogue.kinds.panels import Course, Individuals, Profile
from cutbook.derive import Frames
from cutbook.results.columns import arm_codes
from cutbook.results.layers.scope import Scope
from cutbook.vocabulary import COUNTS_ALL

DRAWN, PEAK, NEW, ABOVE, OUTSIDE = "COURSE", "PEAK", "NEW", "ABOVE", "OUTSIDE"
"""Variables: participants drawn, their highest value, those of them who are new since the previous cut; those above the
limit of the figure after the first dose, or outside the limits of the laboratory after the first day."""

_WORDS = {
    DRAWN: "Participants drawn",
    NEW: "New participants",
    ABOVE: "Participants above the limit after the first dose",
    OUTSIDE: "Participants outside the limits after day 1",
}
_FIRST_DAY = 1
_OUTSIDE = ("LOW", "HIGH", "LOW LOW", "HIGH HIGH", "ABNORMAL")
_JUDGED = ("NORMAL", *_OUTSIDE)
"""Judgements of a result against the limits of the laboratory; any other word is none."""


def rows_of_figure(layer: Course | Profile | Individuals, scope: Scope) -> pd.DataFrame:
    """Return the numbers of a figure that draws participants; where it draws means alone, who is outside limits."""
    if layer.drawn is None:
        return _rows_outside(layer, scope)
    records = scope.records(layer.drawn)
    arms = records["TRT01A"].map(arm_codes(scope.study)).astype("str")
    people = scope.frames.adsl.set_index("USUBJID")["KEY"]
    rows: list[dict[str, object]] = []
    for arm, own in records.groupby(arms, sort=False):
        rows.append({"group": arm, **_counted(DRAWN, own, people)})
        if isinstance(layer, Profile):
            peak = {"variable": PEAK, "row_words": "Highest concentration", "unit": layer.matrix.unit}
            rows.append({**peak, "group": arm, "statistic": "max", "value": own["AVAL"].max()})
        if isinstance(layer, Individuals):
            above = own[is_above(own, layer)]
            rows.append({"group": arm, "level": f"{layer.limit:g}", **_counted(ABOVE, above, people)})
    if scope.previous is not None:
        drawn = records[records["AVAL"].gt(0)] if isinstance(layer, Profile) else records
        new = drawn[drawn["USUBJID"].isin(new_participants(scope.frames, scope.previous))]
        rows += [_counted(NEW, new, people), _counted(DRAWN, drawn, people)]
    return pd.DataFrame(rows).assign(parameter=layer.parameter)


def is_above(records: pd.DataFrame, layer: Individuals) -> pd.Series:
    """Return which values lie above the limit of a figure after the first dose, as watched limits count them."""
    limit = layer.limit * records[layer.of] if layer.of else pd.Series(layer.limit, index=records.index)
    is_beyond = records["AVAL"].ge(limit) if layer.has_limit else records["AVAL"].gt(limit)
    return records["APOBLFL"].eq("Y") & is_beyond


def _rows_outside(layer: Course | Profile | Individuals, scope: Scope) -> pd.DataFrame:
    """Return by parameter who was outside the limits after the first day, of those whose results were compared."""
    if not isinstance(layer, Course) or layer.timed is None or not layer.only_outside:
        return pd.DataFrame()
    records = scope.records(layer.timed)
    if "ANRIND" not in records:
        return pd.DataFrame()
    members = (layer.population or scope.display.population).members(scope.frames.adsl)
    is_own = (
        records["USUBJID"].isin(members["USUBJID"]) & records["ADY"].gt(_FIRST_DAY) & records["ANRIND"].isin(_JUDGED)
    )
    people = scope.frames.adsl.set_index("USUBJID")["KEY"]
    rows: list[dict[str, object]] = []
    for parameter, own in records[is_own].groupby("PARAMCD", sort=False):
        outside = own[own["ANRIND"].isin(_OUTSIDE)]
        place = {"parameter": parameter, "parameter_words": own["PARAM"].iloc[0]}
        compared = {**place, **_counted(OUTSIDE, own, people), "statistic": "N", "keys": None, "counts": ""}
        rows += [{**place, **_counted(OUTSIDE, outside, people)}, compared]
    return pd.DataFrame(rows)


def _counted(variable: str, records: pd.DataFrame, people: pd.Series) -> dict[str, object]:
    names = list(dict.fromkeys(records["USUBJID"]))
    row = {"variable": variable, "row_words": _WORDS[variable], "statistic": "n", "value": float(len(names))}
    return {**row, "counts": COUNTS_ALL, "keys": people.reindex(names).tolist()}


def new_participants(frames: Frames, previous: Frames | None) -> frozenset[str]:
    """Return who was not randomised or treated at the previous cut and is now; nobody where that is not known."""
    return frozenset() if previous is None else frozenset(_in_study(frames.adsl) - _in_study(previous.adsl))


def _in_study(adsl: pd.DataFrame) -> set[str]:
    return set(adsl.loc[adsl["RANDFL"].eq("Y") | adsl["SAFFL"].eq("Y"), "USUBJID"])
