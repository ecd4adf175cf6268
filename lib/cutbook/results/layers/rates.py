"""Rates of first events: participants with an event for the time to the first one, by column and as differences."""

from __future__ import annotations

import pandas as pd

from cutbook.catalogue.kinds.layers import Count
from cutbook.catalogue.kinds.panels import FirstEvents, Timeline
from cutbook.columns import look_up
from cutbook.results.columns import arm_codes
from cutbook.results.layers.counts import untold_rows
from cutbook.results.layers.scope import Scope
from cutbook.results.statistics import Reason
from cutbook.stats.rates import DAYS_PER_YEAR, exact_rate_limits, rate_difference
from cutbook.vocabulary import COUNTS_ALL, contrast

_RATE = ("first_rate", "first_rate_low", "first_rate_high")
_DIFFERENCE = ("rate_diff", "rate_diff_low", "rate_diff_high")
_PER = 100.0


def rows_of_first_events(layer: FirstEvents, scope: Scope) -> pd.DataFrame:
    """Return the rates of first events of every kind and column, and the differences of the arms from the control.

    Returns
    -------
    frame
        By column ``n`` participants with an event and ``events``, ``years`` to the first or to the end of the time at
        risk, ``first_rate`` with its limits; by contrast ``rate_diff`` with its limits. Missing with a reason in a
        group without participants, or when somebody's time is not known.
    """
    people = scope.records(layer.people)[["USUBJID", "TRTSDT", "DAYS"]].merge(scope.groups.members, on="USUBJID")
    rows = [_of_one(count, people, scope) for count in layer.counts if count.is_there(scope.frames)]
    return pd.concat(rows, ignore_index=True) if rows else pd.DataFrame()


def _of_one(count: Count, people: pd.DataFrame, scope: Scope) -> pd.DataFrame:
    if reason := count.why(scope.frames):
        return untold_rows([("", count.variable, count.level, count.words)], scope.groups, reason)
    events = scope.records(count.records)
    timed = people.assign(YEARS=_days_to_first(people, events) / DAYS_PER_YEAR)
    found = {code: _of_group(timed[timed["group"].eq(code)], events) for code in scope.groups.codes}
    rows = [{"group": code, **row} for code, own in found.items() for row in own]
    rows += _differences(
        {code: {str(row["statistic"]): row["value"] for row in own} for code, own in found.items()}, scope
    )
    return pd.DataFrame(rows).assign(variable=count.variable, level=count.level, row_words=count.words)


def _days_to_first(people: pd.DataFrame, events: pd.DataFrame) -> pd.Series:
    """Return the days from the first dose to the first event, or all days at risk; missing where they are not known."""
    first = look_up(people["USUBJID"], events.groupby("USUBJID")["ASTDT"].min())
    days = (first - people["TRTSDT"]).dt.days.astype("float64").add(1).clip(lower=1)
    return people["DAYS"].mask(people["USUBJID"].isin(events["USUBJID"]), days)


def _of_group(people: pd.DataFrame, events: pd.DataFrame) -> list[dict[str, object]]:
    own = events[events["USUBJID"].isin(people["USUBJID"])]
    number, years = own["USUBJID"].nunique(), people["YEARS"].sum()
    reason = Reason.NOBODY if people.empty else Reason.TIME_NOT_KNOWN if people["YEARS"].isna().any() else ""
    limits = (float("nan"),) * 2 if reason else exact_rate_limits(number, years, _PER)
    estimates = (float("nan") if reason else _PER * number / years, *limits)
    return [
        {"statistic": "n", "value": float(number), "keys": own["KEY"].tolist(), "counts": COUNTS_ALL},
        {"statistic": "events", "value": float(len(own))},
        {"statistic": "years", "value": float("nan") if reason else years, "unit": "years", "reason": reason},
        *({"statistic": name, "value": value, "reason": reason} for name, value in zip(_RATE, estimates, strict=True)),
    ]  # fmt: skip


def _differences(found: dict[str, dict[str, object]], scope: Scope) -> list[dict[str, object]]:
    """Return the differences of every column of active arms from the control; none where the control is active."""
    control = scope.study.treatment.control_arm
    if control is None or control.is_active or control.code not in found:
        return []
    rows: list[dict[str, object]] = []
    base = found[control.code]
    for code in scope.compared:
        own, of_control = ([float(str(of[name])) for name in ("n", "years")] for of in (found[code], base))
        is_unknown = any(number != number for number in (*own, *of_control))
        values = (
            (float("nan"),) * 3 if is_unknown else rate_difference(own[0], own[1], of_control[0], of_control[1], _PER)
        )
        place = {"group": contrast(code, control.code), "reason": Reason.NO_RATES if is_unknown else ""}
        rows += [{**place, "statistic": name, "value": value} for name, value in zip(_DIFFERENCE, values, strict=True)]
    return rows


LANES, BARS, UNPLACED = "LANES", "BARS", "UNPLACED"
"""Variables of a time-line: participants, events with a known day of onset, events without one."""


def rows_of_timeline(layer: Timeline, scope: Scope) -> pd.DataFrame:
    """Return by arm how many participants a time-line is of, and how many events it draws and cannot place."""
    lanes = scope.records(layer.lanes)
    codes = lanes["TRT01A"].map(arm_codes(scope.study)).astype("str")
    bars = scope.records(layer.bars) if layer.bars else pd.DataFrame({"USUBJID": [], "KEY": [], "START": []})
    rows: list[dict[str, object]] = []
    for code, own in lanes.groupby(codes, sort=False):
        mine = bars[bars["USUBJID"].isin(own["USUBJID"])]
        parts = {LANES: own, BARS: mine[mine["START"].notna()], UNPLACED: mine[mine["START"].isna()]}
        for variable, some in parts.items():
            row = {"variable": variable, "row_words": _TIMELINE[variable], "group": code, "statistic": "n"}
            rows.append({**row, "value": float(len(some)), "keys": some["KEY"].tolist(), "counts": COUNTS_ALL})
    return pd.DataFrame(rows)


_TIMELINE = {LANES: "Participants", BARS: "Events drawn", UNPLACED: "Events on a day not known"}
