"""The same thing said twice: records alike but for their number, and results of one moment that differ."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import pandas as pd

from cutbook.data.checks.records import IN_LIST, ON_FIRST_LINES, Issue, kind_issue
from cutbook.data.wording import first_few
from cutbook.parameters.study import Endpoint, Findings, Study
from cutbook.record_names import text_of
from cutbook.records import meets, sequence_variable

_COUNTED = frozenset({"ae", "ex"})
_WITHOUT_CONTENT = ("supp", "relrec", "co")
_MOMENT = ("TESTCD", "DTC", "TPT", "POS", "CAT", "SPEC", "METHOD", "LOC", "REPNUM")


def repeat_issues(datasets: Mapping[str, pd.DataFrame], study: Study) -> Iterator[Issue]:
    """Return an issue for each dataset with records alike but for their number, then of families."""
    for dataset, frame in datasets.items():
        yield from _alike(dataset, frame)
    families: list[Findings | Endpoint] = [*study.findings, *study.endpoints]
    for family in families:
        frame, letters = datasets.get(family.dataset, pd.DataFrame()), family.dataset[:2].upper()
        if {"USUBJID", f"{letters}TESTCD", f"{letters}STRESN"} <= set(frame.columns):
            is_shown = meets(frame, _chosen(family)) & frame[f"{letters}STRESN"].notna()
            if isinstance(family, Findings):
                yield from _positions(family, frame, is_shown)
            yield from _differing(family, frame, is_shown)


def _chosen(family: Findings | Endpoint) -> dict[str, list[str]]:
    named = family.parameters if isinstance(family, Findings) else []
    return family.where | ({f"{family.dataset[:2].upper()}TESTCD": named} if named else {})


def _alike(dataset: str, frame: pd.DataFrame) -> Iterator[Issue]:
    number = sequence_variable(dataset, frame.columns)
    if "USUBJID" not in frame or number is None or dataset.startswith(_WITHOUT_CONTENT):
        return
    content = [name for name in frame.columns if name != number]
    is_repeated = frame.duplicated(content)
    words = (f"Repeats another record in everything but {number}", "all of them are counted")
    weight = ON_FIRST_LINES if dataset in _COUNTED else IN_LIST
    yield from kind_issue((dataset, number), frame, is_repeated, words, weight)


def _positions(family: Findings, frame: pd.DataFrame, is_shown: pd.Series) -> Iterator[Issue]:
    """Return an issue for each test of a family in several positions of which the study file chooses none."""
    letters = family.dataset[:2].upper()
    code, variable = f"{letters}TESTCD", f"{letters}POS"
    if variable not in frame or variable in family.where:
        return
    stated = text_of(frame[variable]).str.strip()
    for test in frame.loc[is_shown, code].drop_duplicates():
        is_own = is_shown & frame[code].eq(test) & stated.ne("")
        positions = stated[is_own].drop_duplicates()
        if len(positions) > 1:
            words = (
                f"{test} in several positions, {first_few(positions)}",
                f"kept apart, unless findings.{family.id}.where of the study file chooses one",
            )
            yield from kind_issue((family.dataset, variable), frame, is_own, words)


def _differing(family: Findings | Endpoint, frame: pd.DataFrame, is_shown: pd.Series) -> Iterator[Issue]:
    """Return an issue about results of one moment that differ where no rule of the study file says which counts."""
    if family.replicates is not None:
        return
    letters = family.dataset[:2].upper()
    names = [name for name in (*(f"{letters}{suffix}" for suffix in _MOMENT), "VISITNUM") if name in frame]
    shown = frame[is_shown]
    values = shown.groupby(["USUBJID", *names], dropna=False)[f"{letters}STRESN"].transform("nunique")
    is_odd = pd.Series(frame.index.isin(shown.index[values > 1]), index=frame.index)
    key = f"findings.{family.id}" if isinstance(family, Findings) else f"endpoints.{family.paramcd}"
    consequence = f"the last by its number counts, unless {key}.replicates of the study file says which"
    words = (f"Results of one moment that differ ({family.label})", consequence)
    yield from kind_issue((family.dataset, f"{letters}STRESN"), frame, is_odd, words)
