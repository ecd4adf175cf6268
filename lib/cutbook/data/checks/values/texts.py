"""Results in text of tests that are shown with numbers: beyond a limit of measurement (``<4``), or in other words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import pandas as pd

from cutbook.data.checks.records import IN_LIST, ON_FIRST_LINES, Issue, key_at, single_issue
from cutbook.data.checks.values.results import numbers_of
from cutbook.data.wording import first_few, quoted
from cutbook.parameters.study import Endpoint, Findings, Study
from cutbook.record_names import text_of
from cutbook.records import meets

_BEYOND = r"^\s*[<>≤≥]"
_LEFT_OUT = "not in the statistics"


def text_result_issues(datasets: Mapping[str, pd.DataFrame], study: Study) -> Iterator[Issue]:
    """Return an issue for each test shown with results beyond a limit, and one with results in other words.

    Such a result is no number and enters no statistic. Tests without any number have results in words by their nature.
    """
    shown: dict[tuple[str, str], pd.Index] = {}
    items: list[Findings | Endpoint] = [*study.findings, *study.endpoints]
    for item in items:
        dataset, where = item.dataset, item.selects
        frame, code = datasets.get(dataset, pd.DataFrame()), f"{dataset[:2].upper()}TESTCD"
        result, number = (f"{dataset[:2].upper()}STRES{letter}" for letter in "CN")
        if {"USUBJID", code, result, number, *where} <= set(frame.columns):
            is_done = ~meets(frame, {f"{dataset[:2].upper()}STAT": ["NOT DONE"]})
            own = frame[meets(frame, where) & is_done]
            for test, records in own.groupby(code, sort=False):
                text = text_of(records[result])
                rows = records.index[numbers_of(text, records[number]).isna() & text.ne("")]
                if len(rows):
                    key = (dataset, str(test))
                    shown[key] = shown.get(key, rows).union(rows)
    for (dataset, test), rows in shown.items():
        yield from _of_test(dataset, test, datasets[dataset], rows)


def _of_test(dataset: str, test: str, frame: pd.DataFrame, rows: pd.Index) -> Iterator[Issue]:
    result = f"{dataset[:2].upper()}STRESC"
    text = text_of(frame.loc[rows, result])
    is_beyond = text.str.contains(_BEYOND)
    if is_beyond.any():
        own = rows[is_beyond.to_numpy()]
        said = f"with a result in text only (first {quoted(text[own[0]])})"
        finding = f"{test}: {_records(len(own))} {said}, {_LEFT_OUT}."
        words = (f"{test}: result in text only (first {quoted(text[own[0]])})", _LEFT_OUT)
        yield _issue((dataset, result), frame, own, finding, words, IN_LIST)
    own = rows[~is_beyond.to_numpy()]
    if len(own) and _has_numbers(dataset, test, frame):
        kind = f"{test}: result in words, {first_few(quoted(one) for one in text[own].drop_duplicates())}"
        finding = f"{kind}: {_records(len(own))}; {_LEFT_OUT}."
        yield _issue((dataset, result), frame, own, finding, (kind, _LEFT_OUT), ON_FIRST_LINES)


def _has_numbers(dataset: str, test: str, frame: pd.DataFrame) -> bool:
    own = frame[f"{dataset[:2].upper()}TESTCD"].eq(test)
    return bool(frame.loc[own, f"{dataset[:2].upper()}STRESN"].notna().any())


def _issue(
    place: tuple[str, str], frame: pd.DataFrame, rows: pd.Index, finding: str, words: tuple[str, str], weight: int
) -> Issue:
    """Return an issue about records of several participants, at the first of them."""
    position = int(rows[0])
    first = single_issue(place, position, key_at(place[0], frame, position), finding, words)
    people = frame.loc[rows, "USUBJID"].nunique()
    return first._replace(records=len(rows), participants=people, weight=weight)


def _records(count: int) -> str:
    return "1 record" if count == 1 else f"{count} records"
