"""Numbers that figures say of the records that they draw: participants by arm, who is new, the highest value."""

from __future__ import annotations

import pandas as pd

from cutbook.catalogue.kinds.panels import Course, Profile
from cutbook.derive import Frames
from cutbook.results.columns import arm_codes
from cutbook.results.layers.scope import Scope
from cutbook.vocabulary import COUNTS_ALL

DRAWN, PEAK, NEW = "COURSE", "PEAK", "NEW"
"""Variables: participants drawn, their highest value, and those of them who are new since the previous cut."""

_WORDS = {DRAWN: "Participants drawn", NEW: "New participants"}


def rows_of_figure(layer: Course | Profile, scope: Scope) -> pd.DataFrame:
    """Return the numbers of a figure that draws participants; none where it draws means alone."""
    if layer.drawn is None:
        return pd.DataFrame()
    records = scope.records(layer.drawn)
    arms = records["TRT01A"].map(arm_codes(scope.study)).astype("str")
    people = scope.frames.adsl.set_index("USUBJID")["KEY"]
    rows: list[dict[str, object]] = []
    for arm, own in records.groupby(arms, sort=False):
        rows.append({"group": arm, **_counted(DRAWN, own, people)})
        if isinstance(layer, Profile):
            peak = {"variable": PEAK, "row_words": "Highest concentration", "unit": layer.matrix.unit}
            rows.append({**peak, "group": arm, "statistic": "max", "value": own["AVAL"].max()})
    if scope.previous is not None:
        drawn = records[records["AVAL"].gt(0)] if isinstance(layer, Profile) else records
        new = drawn[drawn["USUBJID"].isin(new_participants(scope.frames, scope.previous))]
        rows += [_counted(NEW, new, people), _counted(DRAWN, drawn, people)]
    return pd.DataFrame(rows).assign(parameter=layer.parameter)


def _counted(variable: str, records: pd.DataFrame, people: pd.Series) -> dict[str, object]:
    names = list(dict.fromkeys(records["USUBJID"]))
    row = {"variable": variable, "row_words": _WORDS[variable], "statistic": "n", "value": float(len(names))}
    return {**row, "counts": COUNTS_ALL, "keys": people.reindex(names).tolist()}


def new_participants(frames: Frames, previous: Frames | None) -> frozenset[str]:
    """Return who was not randomised or treated at the previous cut and is now; nobody where that is not known."""
    return frozenset() if previous is None else frozenset(_in_study(frames.adsl) - _in_study(previous.adsl))


def _in_study(adsl: pd.DataFrame) -> set[str]:
    return set(adsl.loc[adsl["RANDFL"].eq("Y") | adsl["SAFFL"].eq("Y"), "USUBJID"])
