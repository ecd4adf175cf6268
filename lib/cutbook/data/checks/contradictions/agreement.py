"""One record that says two things: a number and another text, a result that was not taken, a limit above its upper one.

What is told apart here is counted by one of the two; the sentence says by which.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np
import pandas as pd

from cutbook.columns import number_column, text_column
from cutbook.data.checks.records import ON_FIRST_LINES, Issue, kind_issue
from cutbook.records import meets

_TEXT = r"^\s*(?P<SIGN>[-+]?)(?P<WHOLE>\d*)(?:\.(?P<PART>\d*))?(?:[eE](?P<POWER>[-+]?\d+))?\s*$"
RANGE_WORDS = {"LOW": "LOW", "LOW LOW": "LOW", "NORMAL": "NORMAL", "HIGH": "HIGH", "HIGH HIGH": "HIGH"}
"""Words of laboratories for where a result lies against its range, and the word that displays use."""

_SLACK = 1 + 1e-9


def agreement_issues(datasets: Mapping[str, pd.DataFrame]) -> Iterator[Issue]:
    """Return the issues about results that contradict themselves, by dataset."""
    for dataset, frame in datasets.items():
        letters = dataset[:2].upper()
        number = f"{letters}STRESN"
        if {"USUBJID", number} <= set(frame.columns) and frame[number].dtype.kind == "f":
            yield from _other_text(dataset, letters, frame)
            yield from _not_done(dataset, letters, frame)
            yield from _reversed_limits(dataset, letters, frame)
            yield from _other_indicator(dataset, letters, frame)


def is_rounded_to(number: pd.Series, text: pd.Series) -> pd.Series:
    """Return False for each number that its text, where that is a number, does not round to.

    Examples
    --------
    >>> is_rounded_to(pd.Series([5.149, 5.16, 230.0, 4.0]), pd.Series(["5.1", "5.1", "23", "<4"])).tolist()
    [True, False, False, True]
    """
    parts = text.str.extract(_TEXT)
    has_digits = (parts["WHOLE"].fillna("") + parts["PART"].fillna("")).ne("")
    stated = pd.to_numeric(text.where(has_digits), errors="coerce").astype("float64")
    power = pd.to_numeric(parts["POWER"], errors="coerce").fillna(0) - parts["PART"].fillna("").str.len()
    slack = 0.5 * 10.0 ** power.astype("float64") * _SLACK
    is_near: pd.Series = number.isna() | stated.isna() | (number - stated).abs().le(slack)
    return is_near


def _other_text(dataset: str, letters: str, frame: pd.DataFrame) -> Iterator[Issue]:
    number, text = f"{letters}STRESN", f"{letters}STRESC"
    is_odd = ~is_rounded_to(frame[number], text_column(frame, text))
    words = (f"A number in {number} that is not that of its text ({text})", "the number counts")
    yield from kind_issue((dataset, number), frame, is_odd, words, ON_FIRST_LINES)


def _not_done(dataset: str, letters: str, frame: pd.DataFrame) -> Iterator[Issue]:
    status = f"{letters}STAT"
    is_odd = meets(frame, {status: ["NOT DONE"]}) & frame[f"{letters}STRESN"].notna() if status in frame else None
    if is_odd is not None:
        words = (f"A result of a record that says it was not done ({status})", "the result counts")
        yield from kind_issue((dataset, status), frame, is_odd, words, ON_FIRST_LINES)


def _reversed_limits(dataset: str, letters: str, frame: pd.DataFrame) -> Iterator[Issue]:
    low, high = f"{letters}STNRLO", f"{letters}STNRHI"
    is_odd = number_column(frame, low) > number_column(frame, high)
    words = (f"Lower limit of normal above the upper one ({low}, {high})", "results are judged by each of them")
    yield from kind_issue((dataset, low), frame, is_odd, words, ON_FIRST_LINES)


def _other_indicator(dataset: str, letters: str, frame: pd.DataFrame) -> Iterator[Issue]:
    """Return an issue about results that the laboratory judged otherwise than both ranges, as limits in two units do.

    A result that differs from a limit by less than the limit's last digit can have been judged before it was rounded.
    """
    indicator = f"{letters}NRIND"
    if indicator not in frame:
        return
    said = text_column(frame, indicator).map(RANGE_WORDS).astype("str")
    is_odd, is_judged = said.notna(), pd.Series(data=False, index=frame.index)
    for kind, result in (("ST", f"{letters}STRESN"), ("OR", f"{letters}ORRES")):
        value = _number(frame, result)
        low, high = (_number(frame, f"{letters}{kind}NR{end}") for end in ("LO", "HI"))
        has_limit = value.notna() & (low.notna() | high.notna())
        is_judged |= has_limit
        is_odd &= ~(has_limit & _can_be(said, value, low, high))
    words = (
        f"Judged otherwise against the reference range ({indicator}) than by its limits",
        f"shown as {indicator} says; levels and multiples of limits go by the number",
    )
    yield from kind_issue((dataset, indicator), frame, is_odd & is_judged, words, ON_FIRST_LINES)


def _can_be(said: pd.Series, value: pd.Series, low: pd.Series, high: pd.Series) -> pd.Series:
    """Return whether a judgement can be true of a value, its limits taken as rounded to three digits."""
    slack_low, slack_high = (np.abs(limit) * 5e-3 for limit in (low, high))
    can_be: pd.Series = (
        (said.eq("LOW") & (value < low + slack_low))
        | (said.eq("HIGH") & (value > high - slack_high))
        | (said.eq("NORMAL") & ~(value < low - slack_low) & ~(value > high + slack_high))
    )
    return can_be


def _number(frame: pd.DataFrame, name: str) -> pd.Series:
    if name not in frame:
        return pd.Series(float("nan"), index=frame.index)
    return pd.to_numeric(frame[name], errors="coerce").astype("float64")
