"""Values that no person has: ages, negative amounts, and results five times off all others of their test."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import pandas as pd

from cutbook.columns import text_column
from cutbook.data.checks.records import ON_FIRST_LINES, Issue, kind_issue
from cutbook.data.checks.values.ages import age_unit
from cutbook.data.wording import first_few
from cutbook.parameters.study import Characteristic, Findings, Study
from cutbook.records import meets_any
from cutbook.standards.conversion import converted

_OLDEST = 122.0
"""Years: the longest life that is documented, of Jeanne Calment (1875-1997; Gerontologist 1998;38:1)."""

_FEW = 0.1
_FACTOR = 5.0
_ENOUGH = 5
_AS_IS = "counted as delivered"


def plausibility_issues(datasets: Mapping[str, pd.DataFrame], study: Study) -> Iterator[Issue]:
    """Return the issues about ages, and about results of LB, VS and EG that displays of the study show."""
    yield from _ages(datasets.get("dm", pd.DataFrame()), study)
    found = [item for item in study.characteristics if item.testcd]
    every: list[Findings | Characteristic] = [*study.findings, *found]
    for dataset in ("lb", "vs", "eg"):
        frame, letters = datasets.get(dataset, pd.DataFrame()), dataset.upper()
        code, number = f"{letters}TESTCD", f"{letters}STRESN"
        if {"USUBJID", code, number} <= set(frame.columns) and frame[number].dtype.kind == "f":
            items = [item.selects for item in every if item.dataset == dataset]
            is_shown = meets_any(frame, items) & frame[number].notna()
            yield from _negative(dataset, number, frame, is_shown)
            if dataset != "lb":
                yield from _far_off(dataset, number, frame, is_shown)


def _ages(dm: pd.DataFrame, study: Study) -> Iterator[Issue]:
    if not {"USUBJID", "AGE"} <= set(dm.columns) or dm["AGE"].dtype.kind != "f":
        return
    unit = dm["AGEU"] if "AGEU" in dm else pd.Series(age_unit(study), index=dm.index, dtype="str")
    years = converted(dm["AGE"], unit.fillna(age_unit(study)), "years")
    words = (f"Age above {_OLDEST:g} years, or below 0", _AS_IS)
    yield from kind_issue(("dm", "AGE"), dm, (years > _OLDEST) | (years < 0), words, ON_FIRST_LINES)


def _negative(dataset: str, number: str, frame: pd.DataFrame, is_shown: pd.Series) -> Iterator[Issue]:
    """Return an issue about negative results of tests of which fewer than one result in ten is negative.

    A base excess or the axis of a heart is negative as often as not; an amount never is.
    """
    code = f"{dataset.upper()}TESTCD"
    is_below = is_shown & frame[number].lt(0)
    share = is_below[is_shown].groupby(frame.loc[is_shown, code]).mean()
    is_odd = is_below & frame[code].map(share).lt(_FEW)
    words = (f"Negative result, {_tests(frame, code, is_odd)}", _AS_IS)
    yield from kind_issue((dataset, number), frame, is_odd, words, ON_FIRST_LINES)


def _far_off(dataset: str, number: str, frame: pd.DataFrame, is_shown: pd.Series) -> Iterator[Issue]:
    """Return an issue about results more than five times, or less than a fifth of, the median of their test.

    No pressure, rate, interval, height or weight of adults varies as much; a wrong unit or a digit too many does.
    Results are judged within a unit; those of a test with negative ones, and fewer than five, are not.
    """
    code = f"{dataset.upper()}TESTCD"
    own = frame[is_shown]
    tests = own[number].groupby([own[code], text_column(own, f"{dataset.upper()}STRESU").fillna("")])
    median, size = (tests.transform(name).reindex(frame.index) for name in ("median", "size"))
    is_judged = size.ge(_ENOUGH) & tests.transform("min").reindex(frame.index).ge(0)
    is_odd = is_judged & ((frame[number] > _FACTOR * median) | (frame[number] < median / _FACTOR))
    words = (f"Result five times off the median of its test, {_tests(frame, code, is_odd)}", _AS_IS)
    yield from kind_issue((dataset, number), frame, is_odd, words, ON_FIRST_LINES)


def _tests(frame: pd.DataFrame, code: str, is_odd: pd.Series) -> str:
    return first_few(frame.loc[is_odd, code].drop_duplicates().astype("str"))
