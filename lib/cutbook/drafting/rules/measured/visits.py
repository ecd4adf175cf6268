"""The visits at which participants were planned to be seen, with their study days."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

import pandas as pd

from cutbook.drafting.decision import Decision, Value
from cutbook.drafting.evidence import QUARTER, Evidence, column, tally
from cutbook.words import visit_name

_RECORDED = ("sv", "vs", "lb", "eg", "qs", "pc")
"""Datasets whose records tell visits; SV before all others."""

_NO_NAME = re.compile(r"[^A-Z0-9]+")
_LONGEST_NAME = 64


@dataclass(frozen=True)
class Visit:
    """A visit as found: VISITNUM, id and label, target day, who was there, and where the day comes from."""

    number: float
    id: str
    label: str
    day: int
    participants: int
    source: str


def find_visits(evidence: Evidence) -> list[Visit]:
    """Return the planned visits after the first dose, in the order of VISITNUM.

    A visit is planned whose VISITNUM is whole, at which a quarter of those with a dose were, and whose median study day
    is 2 or more.
    """
    records = _records(evidence)
    dosed = max(records["USUBJID"].nunique(), 1) if len(records) else 1
    planned = _planned_days(evidence)
    visits: list[Visit] = []
    for number, rows in ((float(str(key)), rows) for key, rows in records.groupby("VISITNUM")):
        there = int(rows["USUBJID"].nunique())
        middle = rows.groupby("USUBJID")["DAY"].min().median()
        if number % 1 or there < QUARTER * dosed or not middle > 1:
            continue
        name = next(iter(tally(rows["VISIT"])), "") or f"Visit {number:g}"
        day = planned.get(number, middle)
        visits.append(
            Visit(
                number, _id(name, number, visits), visit_name(name), round(day), there,
                "TV.VISITDY" if number in planned else "the median day",
            )
        )  # fmt: skip
    return visits


def decide_visits(evidence: Evidence) -> Iterator[Decision]:
    """Yield a decision a visit."""
    rule = "whole VISITNUM with median day > 1 and a quarter of the participants"
    labels: list[str] = []
    for visit in find_visits(evidence):
        label = visit.label if visit.label not in labels else f"{visit.label} ({visit.number:g})"
        labels.append(label)
        value: dict[str, Value] = {
            "id": visit.id, "label": label, "visitnum": visit.number, "target_day": visit.day,
        }  # fmt: skip
        found = f"{visit.participants} participants; day by {visit.source}"
        yield Decision(f"visits.{visit.id}", value, rule, found)


def _records(evidence: Evidence) -> pd.DataFrame:
    """Return USUBJID, VISITNUM, VISIT and DAY of every record that tells a visit of somebody with a dose."""
    parts = [_of(evidence, name) for name in _RECORDED if evidence.has(name, "USUBJID", "VISITNUM")]
    told = [part for part in parts if len(part)]
    empty = pd.DataFrame({"USUBJID": [], "VISITNUM": [], "VISIT": [], "DAY": []})
    if evidence.has("sv", "USUBJID", "VISITNUM", "SVSTDTC") and told:
        return told[0]
    return pd.concat(told, ignore_index=True) if told else empty


def _of(evidence: Evidence, dataset: str) -> pd.DataFrame:
    frame, letters = evidence.frame(dataset), dataset.upper()
    date = f"{letters}STDTC" if dataset == "sv" else f"{letters}DTC"
    records = pd.DataFrame(
        {
            "USUBJID": column(frame, "USUBJID"),
            "VISITNUM": evidence.number(dataset, "VISITNUM"),
            "VISIT": column(frame, "VISIT"),
            "DAY": evidence.study_days(dataset, date),
        }
    )
    return records.dropna(subset=["VISITNUM", "DAY"])


def _planned_days(evidence: Evidence) -> dict[float, float]:
    numbers, days = evidence.number("tv", "VISITNUM"), evidence.number("tv", "VISITDY")
    known = pd.DataFrame({"VISITNUM": numbers, "VISITDY": days}).dropna()
    first = known.groupby("VISITNUM")["VISITDY"].min()
    return {float(str(number)): float(day) for number, day in first.items()}


def _id(name: str, number: float, others: list[Visit]) -> str:
    made = _NO_NAME.sub("", name.upper())[:_LONGEST_NAME]
    known = {visit.id for visit in others}
    return made if made and made not in known else f"V{number:g}"
