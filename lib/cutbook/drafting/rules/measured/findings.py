"""Families of measurements: which tests are shown together, of which position or specimen, and at which visits."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

import pandas as pd

from cutbook.drafting.decision import Decision, Value
from cutbook.drafting.evidence import ENOUGH, HALF, QUARTER, Evidence, column, counted, tally
from cutbook.drafting.rules.measured.visits import Visit, find_visits
from cutbook.words import sentence_case

_LABELS = {"vs": "Vital signs", "eg": "Electrocardiogram", "lb": "Laboratory"}
_POSITIONS = ("SUPINE", "SEMI-RECUMBENT", "SEMI-SUPINE", "SITTING", "STANDING")
"""Positions from the most to the least rested: of several the first is proposed."""

_PROPOSED = {
    "POS": "the most rested",
    "TPT": "the first planned one",
    "NAM": "the one of nine in ten results, else all",
}
_SEVERAL = 2
_VARIABLE = re.compile(r"[A-Z][A-Z0-9_]{0,7}")
_NO_NAME = re.compile(r"[^a-z0-9]+")
BIOMARKERS = re.compile(r"BIOMARKER|PHARMACODYNAMIC|IMMUNOGEN", re.IGNORECASE)
"""Categories that no safety report shows: they are endpoints, and could tell the treatment."""

_CSF = ("CEREBROSPINAL FLUID", "CSF")


@dataclass(frozen=True)
class _Family:
    """A family in the making: its records by `where`, the tests to show, and the visits at which they are."""

    id: str
    label: str
    dataset: str
    where: dict[str, Value]
    tests: tuple[str, ...]
    visits: tuple[str, ...]
    derived: tuple[dict[str, Value], ...] = ()


def decide_findings(evidence: Evidence) -> Iterator[Decision]:
    """Yield the schedules, then a decision a family of measurements."""
    visits = find_visits(evidence)
    made = [found for dataset in ("lb", "vs", "eg") for found in _families(evidence, dataset, visits)]
    names: dict[tuple[str, ...], str] = {}
    for family, _ in made:
        names.setdefault(family.visits, family.id)
    for listed, name in names.items():
        rule = "the visits at which a quarter of the participants have a result"
        yield Decision(f"schedules.{name}", list(listed), rule, f"{len(listed)} visits")
    for family, decisions in made:
        value: dict[str, Value] = {"id": family.id, "label": family.label, "dataset": family.dataset}
        value |= {"schedule": names[family.visits], "parameters": list(family.tests)}
        value |= {"where": family.where} if family.where else {}
        value |= {"derived": list(family.derived)} if family.derived else {}
        rule = "tests with numbers in half of their records and after the first dose in a quarter of the participants"
        yield Decision(f"findings.{family.id}", value, rule, f"{len(family.tests)} of its tests are shown")
        yield from decisions


def _families(evidence: Evidence, dataset: str, visits: list[Visit]) -> Iterator[tuple[_Family, list[Decision]]]:
    frame, letters = evidence.frame(dataset), dataset.upper()
    if not {"USUBJID", f"{letters}TESTCD"} <= set(frame.columns) or not visits:
        return
    known: set[str] = set()
    days = evidence.study_days(dataset, f"{letters}DTC")
    for where, label in _groups(frame, dataset):
        is_chosen = _meets(frame, where)
        rows = frame[is_chosen]
        tests = _tests(rows, letters, days[is_chosen])
        if not tests:
            continue
        identity = _named(label, dataset, known)
        rows = rows[column(rows, f"{letters}TESTCD").isin(tests)]
        chosen, decisions = _chosen(rows, letters, f"findings.{identity}.where", where)
        rows = rows[_meets(rows, chosen)]
        there = _visits_with(rows, visits)
        if there:
            derived = ({**_QTCF},) if dataset == "eg" and _has_qt(tests) else ()
            yield _Family(identity, label, dataset, where, tests, there, derived), decisions


_QTCF: dict[str, Value] = {
    "paramcd": "QTCF", "label": "QTcF, computed", "formula": "fridericia", "of": ["QT", "RR"], "agrees_with": "HR",
}  # fmt: skip


def _has_qt(tests: tuple[str, ...]) -> bool:
    return {"QT", "RR", "HR"} <= set(tests) and not any(name.startswith("QTCF") for name in tests)


def _groups(frame: pd.DataFrame, dataset: str) -> Iterator[tuple[dict[str, Value], str]]:
    """Yield the condition and the label of each group of records that may be a family."""
    letters = dataset.upper()
    categories = tally(column(frame, f"{letters}CAT")) if dataset == "lb" else {}
    specimens = column(frame, f"{letters}SPEC")
    if not categories:
        kinds = list(tally(specimens)) if dataset == "lb" else []
        fluids = [name for name in kinds if name.upper() in _CSF]
        if fluids and len(kinds) > 1:
            others = [name for name in kinds if name not in fluids]
            yield {f"{letters}SPEC": fluids}, "Cerebrospinal fluid"
            yield {f"{letters}SPEC": others}, _LABELS[dataset]
        else:
            yield {}, _LABELS[dataset]
        return
    category = column(frame, f"{letters}CAT")
    for name in (name for name in categories if not BIOMARKERS.search(name)):
        kinds = list(tally(specimens[category.eq(name)]))
        for kind in kinds if len(kinds) > 1 else [""]:
            where: dict[str, Value] = {f"{letters}CAT": name}
            where |= {f"{letters}SPEC": kind} if kind else {}
            if not kind and kinds and kinds[0].upper() in _CSF:
                where |= {f"{letters}SPEC": kinds[0]}
            yield where, _spelt(name) + (f", {kind.lower()}" if kind else "")


def _spelt(name: str) -> str:
    """Return a category as shown, its abbreviations in capitals."""
    return re.sub(r"\b(csf|ecg|pk)\b", lambda found: found[0].upper(), sentence_case(name), flags=re.IGNORECASE)


def _meets(frame: pd.DataFrame, where: dict[str, Value]) -> pd.Series:
    is_met = pd.Series(True, index=frame.index)
    for variable, accepted in where.items():
        is_met &= column(frame, variable).isin([accepted] if isinstance(accepted, str) else list(accepted))  # type: ignore[arg-type]
    return is_met


def _tests(rows: pd.DataFrame, letters: str, days: pd.Series) -> tuple[str, ...]:
    """Return the tests to show, in the order in which they are collected."""
    codes = column(rows, f"{letters}TESTCD")
    numbers = pd.to_numeric(column(rows, f"{letters}STRESN"), errors="coerce").notna()
    everybody = max(rows["USUBJID"].nunique(), 1)
    shown = []
    for code in codes.drop_duplicates():
        own = codes.eq(code)
        after = rows.loc[own & numbers & days.gt(1), "USUBJID"].nunique()
        if _VARIABLE.fullmatch(code) and numbers[own].mean() >= HALF and after >= QUARTER * everybody:
            shown.append(code)
    return tuple(shown)


def _chosen(
    rows: pd.DataFrame, letters: str, key: str, where: dict[str, Value]
) -> tuple[dict[str, Value], list[Decision]]:
    """Return the whole condition of a family, and what is asked about positions and time points within a visit."""
    chosen, decisions = dict(where), []
    for suffix, words, propose in (
        ("POS", "Results of which position are shown?", _rested),
        ("TPT", "Results of which time points stand for a visit?", _first_point),
        ("NAM", "Results of which laboratories are shown?", _main_laboratory),
    ):
        variable = f"{letters}{suffix}"
        counts = tally(column(rows, variable))
        if len(counts) < _SEVERAL:
            continue
        proposed = propose(rows, letters, list(counts))
        value: list[Value] = [proposed, *[""] * bool(column(rows, variable).eq("").any())]
        said = counted(counts)
        question = f"{words} There are {said}."
        rule = _PROPOSED[suffix]
        decisions.append(Decision(f"{key}.{variable}", value if proposed else None, rule, said, "guess", question))
        if proposed:
            chosen[variable] = value
            rows = rows[_meets(rows, {variable: value})]
    return chosen, decisions


def _rested(rows: pd.DataFrame, letters: str, positions: list[str]) -> str:
    """Return the position of most rest, else the most frequent one."""
    del rows, letters
    known = [name for name in positions if name.upper() in _POSITIONS]
    return min(known, key=lambda name: _POSITIONS.index(name.upper()), default=positions[0])


def _main_laboratory(rows: pd.DataFrame, letters: str, laboratories: list[str]) -> str:
    """Return the laboratory of nearly all results; an empty text where several share them."""
    names = column(rows, f"{letters}NAM")
    return laboratories[0] if names.eq(laboratories[0]).mean() >= ENOUGH else ""


def _first_point(rows: pd.DataFrame, letters: str, points: list[str]) -> str:
    numbers = pd.to_numeric(column(rows, f"{letters}TPTNUM"), errors="coerce")
    first = numbers.groupby(column(rows, f"{letters}TPT")).min()
    return min(points, key=lambda name: (first.get(name, float("inf")), points.index(name)))


def _visits_with(rows: pd.DataFrame, visits: list[Visit]) -> tuple[str, ...]:
    numbers = pd.to_numeric(column(rows, "VISITNUM"), errors="coerce")
    everybody = max(rows["USUBJID"].nunique(), 1)
    return tuple(
        visit.id for visit in visits if rows.loc[numbers.eq(visit.number), "USUBJID"].nunique() >= QUARTER * everybody
    )


def _named(label: str, dataset: str, known: set[str]) -> str:
    made = _NO_NAME.sub("_", label.lower()).strip("_")[:40] or dataset
    name = made if made not in known else f"{made}_{len(known) + 1}"
    known.add(name)
    return name
