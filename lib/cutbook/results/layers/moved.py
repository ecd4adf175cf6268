"""What moved the answer: estimates computed again with changed records of the past set back, each alone and all."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from cutbook.catalogue.kinds.panels import Moved
from cutbook.data.comparing.set_back import Correction, corrections, set_back
from cutbook.data.comparing.told import told_records
from cutbook.derive import Frames
from cutbook.parameters.study import Study
from cutbook.results.statistics import rounded_as_shown
from cutbook.vocabulary import COUNTS_ALL
from cutbook.words import visit_name

MOST_SET_BACK = 20
"""Records that are set back one by one for one table at most, those nearest to the analysis first."""

ALONE, TOGETHER, AGAINST, PARTLY = "ALONE", "TOGETHER", "AGAINST", "PARTLY"
BACK, RECORD, TRIED, LEFT = "BACK", "RECORD", "TRIED", "LEFT"
"""Variables of the results table: what records do to an estimate, and the estimate without their corrections."""

_HALF = 0.5
_NOISE = 9
"""Decimals of a step beyond which records moved an estimate alike, or not at all."""


@dataclass(frozen=True)
class Estimate:
    """An estimate as the results table holds it.

    Attributes
    ----------
    numbers : dict of str to float
        By statistic: the estimate, and its limits where it has some.
    decimals : float
        Of the data as collected; missing where they are not known.
    """

    numbers: Mapping[str, float]
    decimals: float

    def is_shown_as(self, other: Estimate, statistic: str) -> bool:
        """Return whether one of its values reads the same in another one."""
        pair = (self.numbers[statistic], other.numbers[statistic])
        return len({rounded_as_shown(statistic, value, self.decimals) for value in pair}) == 1


def moved_by(now: Estimate, previous: Estimate) -> str:
    """Return the statistic by which an estimate moved: the first rule that holds; empty where it did not.

    The estimate itself, where it reads otherwise; else the limit that has passed 0, for then the interval says
    something else.
    """
    centre, *limits = now.numbers
    if not now.is_shown_as(previous, centre):
        return centre
    passed = [name for name in limits if (now.numbers[name] > 0) != (previous.numbers[name] > 0)]
    return passed[0] if passed else ""


def role_of(back: Estimate, now: Estimate, previous: Estimate, statistic: str) -> str:
    """Return what a record did to an estimate, by what that is with the record set back: the first rule that holds.

    Reads as now → nothing (empty) · at least half of the move is undone → ALONE · the move would have been larger by
    half → AGAINST · else PARTLY.
    """
    if back.is_shown_as(now, statistic):
        return ""
    share = (now.numbers[statistic] - back.numbers[statistic]) / (now.numbers[statistic] - previous.numbers[statistic])
    return ALONE if share >= _HALF else AGAINST if share <= -_HALF else PARTLY


def rows_of_moved(
    layer: Moved, study: Study, tables: tuple[pd.DataFrame, pd.DataFrame | None], frames: tuple[Frames, Frames | None],
    computed: Callable[[Frames], pd.DataFrame],
) -> list[dict[str, object]]:  # fmt: skip
    """Return what moved the estimates of a layer: nothing where that is not known or none moved.

    Parameters
    ----------
    layer : Moved
        The estimates.
    study : Study
        The study file.
    tables : tuple of results table
        Of the report at this cut, and at the previous one as published.
    frames : tuple of Frames
        Derived datasets of both cuts.
    computed : callable
        Derived datasets -> results of the layer.

    Returns
    -------
    list of dict
        By contrast or arm: ``BACK`` the estimate with all corrections set back; ``RECORD``, the level being the key of
        a record, the estimate with that one set back; ``ALONE``, ``TOGETHER``, ``AGAINST``, ``PARTLY``: n records that
        moved it so, with their keys. And ``TRIED`` and ``LEFT``: n records set back, and n beyond `MOST_SET_BACK`.
    """
    now, previous = (estimates(table, layer) for table in tables)
    moved = {group: by for group in now if group in previous and (by := moved_by(now[group], previous[group]))}
    if not moved or frames[1] is None:
        return []
    own = Corrected(layer, study, frames[0], frames[1], computed)
    found = own.found()
    tried = found[:MOST_SET_BACK]
    alone = [own.without([one]) for one in tried]
    together = own.without(found) if len(found) > 1 else (*alone, {})[0]
    rows = [_number(variable, len(some)) for variable, some in ((TRIED, tried), (LEFT, found[MOST_SET_BACK:]))]
    told = own.told(tried)
    for group, by in moved.items():
        if group in together:
            rows += _values(layer, together[group], BACK, group)
        backs = {one.key: (one, back[group]) for one, back in zip(tried, alone, strict=True) if group in back}
        rows += _roles(layer, group, by, (now[group], previous[group], together.get(group)), backs, told)
    place = {"parameter": layer.parameter}
    return [{**place, **row} for row in rows]


def estimates(table: pd.DataFrame | None, layer: Moved) -> dict[str, Estimate]:
    """Return the estimates of a layer that a results table holds, by contrast or arm."""
    if table is None:
        return {}
    is_own = table["display"].eq(layer.of) & table["variable"].eq(layer.variable)
    own = table[is_own & table["parameter"].eq(layer.parameter) & table["statistic"].isin(layer.statistics)]
    found = {}
    for group, rows in own.groupby("group", sort=False):
        values = dict(zip(rows["statistic"], rows["value"], strict=True))
        if all(np.isfinite(values.get(name, np.nan)) for name in layer.statistics):
            decimals = rows["decimals"].astype("float64").iloc[0]
            found[str(group)] = Estimate({name: float(values[name]) for name in layer.statistics}, float(decimals))
    return found


@dataclass(frozen=True)
class Corrected:
    """The corrections of the past that feed a layer, and what its estimates are without some of them."""

    layer: Moved
    study: Study
    now: Frames
    previous: Frames
    computed: Callable[[Frames], pd.DataFrame]

    def found(self) -> list[Correction]:
        """Return the corrections, the nearest to the analysis first."""
        sides = self.now.datasets, self.previous.datasets
        return corrections(self.now.staged["past"], self.layer.feeds(self.study), *sides)

    def without(self, some: Sequence[Correction]) -> dict[str, Estimate]:
        """Return the estimates by contrast or arm with some corrections set back."""
        own = [item for item in self.study.endpoints if item.paramcd == self.layer.parameter]
        study = self.study.model_copy(update={"endpoints": own})
        back = self.now.of(set_back(self.now.datasets, self.previous.datasets, some), study)
        return estimates(self.computed(back).assign(display=self.layer.of), self.layer)

    def told(self, some: Iterable[Correction]) -> dict[str, str]:
        """Return whose each record is, its visit, and how it changed, in words, by its key."""
        past = self.now.staged["past"]
        own = told_records(past[past["KEY"].isin([one.key for one in some])])
        names = self._names()
        return {row["KEY"]: ": ".join(filter(None, [_where(row, names), _what(row)])) for row in own.to_dict("records")}

    def _names(self) -> dict[str, str]:
        """Return how participants are called: by the number within the study where no two share it."""
        adsl = self.now.adsl
        if "SUBJID" not in adsl or adsl["SUBJID"].isna().any() or adsl["SUBJID"].duplicated().any():
            return {}
        return dict(zip(adsl["USUBJID"], adsl["SUBJID"].astype("str"), strict=True))


def _where(row: Mapping[Any, Any], names: Mapping[str, str]) -> str:
    return ", ".join(filter(None, [names.get(row["USUBJID"], row["USUBJID"]), visit_name(str(row["VISIT"]))]))


def _what(row: Mapping[Any, Any]) -> str:
    said = {"new": "entered late", "removed": "withdrawn"}.get(row["CHANGE"], "")
    return ", ".join(filter(None, [said, row["WHAT"]]))


_Backs = Mapping[str, tuple[Correction, Estimate]]


def _roles(
    layer: Moved, group: str, by: str, known: tuple[Estimate, Estimate, Estimate | None], backs: _Backs,
    told: Mapping[str, str],
) -> list[dict[str, object]]:  # fmt: skip
    """Return the records that moved an estimate, those that moved it most first, and how many moved it how."""
    now, previous, together = known
    steps = {key: round(abs(now.numbers[by] - back.numbers[by]), _NOISE) for key, (_, back) in backs.items()}
    keys = sorted((key for key, step in steps.items() if step), key=lambda key: -steps[key])
    roles = {key: role_of(backs[key][1], now, previous, by) for key in keys}
    by_role = {role: [key for key in keys if roles[key] == role] for role in (ALONE, AGAINST, PARTLY)}
    if not by_role[ALONE] and together and role_of(together, now, previous, by) == ALONE:
        joint = by_role.pop(PARTLY) or [key for key in keys if key not in by_role[AGAINST]]
        by_role = {TOGETHER: joint, **by_role}
    rows: list[dict[str, object]] = []
    for role, some in by_role.items():
        rows += [_number(role, len(some), group, some)] if some else []
        for key in some:
            rows += [
                {**row, "level": key, "row_words": told[key]} for row in _values(layer, backs[key][1], RECORD, group)
            ]
    return rows


def _values(layer: Moved, estimate: Estimate, variable: str, group: str) -> list[dict[str, object]]:
    decimals = None if estimate.decimals != estimate.decimals else int(estimate.decimals)
    return [
        {"variable": variable, "group": group, "statistic": name, "value": estimate.numbers[name], "decimals": decimals}
        for name in layer.statistics
    ]


def _number(variable: str, number: int, group: str = "", keys: Sequence[str] = ()) -> dict[str, object]:
    counted = {"variable": variable, "group": group, "statistic": "n", "value": float(number)}
    return {**counted, "counts": COUNTS_ALL if keys else "", "keys": list(keys)}
