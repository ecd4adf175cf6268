"""Planned times of samples: hours after their dose, and which are planned before it."""

from __future__ import annotations

from itertools import pairwise

import pandas as pd

_DURATION = (
    r"^(?P<SIGN>-)?P(?:(?P<D>\d+(?:\.\d+)?)D)?(?:T(?:(?P<H>\d+(?:\.\d+)?)H)?(?:(?P<M>\d+(?:\.\d+)?)M)?"
    r"(?:(?P<S>\d+(?:\.\d+)?)S)?)?$"
)
_IN_HOURS = r"(?<![\d.])(\d+(?:\.\d+)?)[ -]?(?:HOURS?|HRS?|H)\b"
_IN_MINUTES = r"(?<![\d.])(\d+(?:\.\d+)?)[ -]?(?:MINUTES?|MINS?)\b"
_INTERVAL = r"\d\s*(?:H|HR|HRS|HOURS?|MIN)?\s*(?:-|–|TO)\s*\d"
_END = r"\bEND\b|\bEOI\b|\bSTOP"
_BEFORE = "PRE|BEFORE|PRIOR"
_HOURS_BEFORE = rf"\d[ -]?(?:HOURS?|HRS?|H|MINUTES?|MINS?)\W*(?:{_BEFORE})"
_NEARLY_ALL = 0.75
_ROUNDED, _ROUNDED_H = 0.1, 0.01
_HOURS = {"D": 24.0, "H": 1.0, "M": 1 / 60, "S": 1 / 3600}


def nominal_hours(samples: pd.DataFrame) -> pd.Series:
    """Return the planned hours of each sample after its dose, 0 or negative before it.

    Parameters
    ----------
    samples : DataFrame
        PCTPTNUM, PCELTM (ISO 8601 duration), ATPT.

    Notes
    -----
    Rules, the first that applies: PCTPTNUM, unless it only numbers the time points of these samples, see
    `are_numbers_hours`; PCELTM; hours or minutes in the words of the time point; it is named pre-dose → 0; otherwise
    missing.
    """
    told = told_hours(samples)
    return samples["PCTPTNUM"].fillna(told) if are_numbers_hours(samples) else told


def told_hours(samples: pd.DataFrame) -> pd.Series:
    """Return the planned hours of each sample as PCELTM, or else the words of its time point, tell them.

    A duration since an end, as PCTPTREF says, is none since the dose.
    """
    named = _is_named_predose(samples["ATPT"]).map({True: 0.0, False: None}).astype("float64")
    since = samples.reindex(columns=["PCTPTREF"])["PCTPTREF"].astype("str").str.upper()
    elapsed = duration_hours(samples["PCELTM"]).mask(since.str.contains(_END, na=False))
    return elapsed.fillna(hours_in_words(samples["ATPT"])).fillna(named)


def are_numbers_hours(samples: pd.DataFrame) -> bool:
    """Return whether PCTPTNUM gives hours.

    SDTM defines it as a number to sort by, and PCELTM as the planned time. Numbers are hours where at least three in
    four are near the hours told beside them, where nothing tells hours (samples named pre-dose say nothing), and where
    they are spaced as no numbering is: 1, 2, 4, 8, 24.
    """
    pairs = pd.DataFrame({"NUMBER": samples["PCTPTNUM"], "TOLD": told_hours(samples)})
    known = pairs[~_is_named_predose(samples["ATPT"])].dropna().drop_duplicates()
    is_told = known.empty or is_near(known["NUMBER"], known["TOLD"]).mean() >= _NEARLY_ALL
    return bool(is_told or not is_numbering(samples["PCTPTNUM"]))


def is_numbering(numbers: pd.Series) -> bool:
    """Return whether numbers are spaced as those of a list: at most every other place between them is empty.

    Examples
    --------
    >>> [is_numbering(pd.Series(some)) for some in ([1, 2, 3, 4], [10, 20, 40], [0, 1, 2, 4, 8, 24], [0, 0.5, 1, 4])]
    [True, True, False, False]
    """
    distinct = sorted(numbers.dropna().unique())
    steps = [other - one for one, other in pairwise(distinct)]
    return not steps or bool((distinct[-1] - distinct[0]) / min(steps) + 1 <= 2 * len(distinct))


def is_near(number: pd.Series, told: pd.Series) -> pd.Series:
    """Return True where a number gives told hours as rounded: 0.3 for 20 minutes."""
    near: pd.Series = (number - told).abs() <= _ROUNDED * told.abs() + _ROUNDED_H
    return near


def hours_in_words(words: pd.Series) -> pd.Series:
    """Return the hours after a dose that the words of time points name; missing where they name none, or an interval.

    Words that count from an end, as of an infusion, name none either.

    Examples
    --------
    >>> words = ["1.5 H POST-DOSE", "30 min post dose", "24HR", "1 h 30 min", "1 H PRE-DOSE"]
    >>> hours_in_words(pd.Series(words)).tolist()
    [1.5, 0.5, 24.0, 1.5, -1.0]
    >>> hours_in_words(pd.Series(["0-4 h", "1 h after end of infusion", "DAY 2", None])).tolist()
    [nan, nan, nan, nan]
    """
    stated = words.astype("str").fillna("").str.upper()
    hours, minutes = (stated.str.extract(pattern)[0].astype("float64") for pattern in (_IN_HOURS, _IN_MINUTES))
    number = hours.fillna(0) + minutes.fillna(0) / 60
    is_before, is_either = stated.str.contains(_HOURS_BEFORE), stated.str.contains(_BEFORE)
    is_none = (hours.isna() & minutes.isna()) | stated.str.contains(f"{_INTERVAL}|{_END}") | (is_either & ~is_before)
    return number.mask(is_before, -number).mask(is_none)


def _is_named_predose(words: pd.Series) -> pd.Series:
    return words.astype("str").str.upper().str.contains(r"PRE.?DOSE|BEFORE DOS", na=False)


def duration_hours(text: pd.Series) -> pd.Series:
    """Return ISO 8601 durations of days to seconds in hours; missing where the text is none.

    Examples
    --------
    >>> duration_hours(pd.Series(["PT1H30M", "-PT15M", "P1DT12H", "1 hour"])).tolist()
    [1.5, -0.25, 36.0, nan]
    """
    parts = text.str.extract(_DURATION)
    numbers = parts[list(_HOURS)].astype("float64")
    hours = (numbers * pd.Series(_HOURS)).sum(axis="columns", min_count=1)
    return hours.mask(parts["SIGN"].eq("-"), -hours)


def is_planned_before_dose(samples: pd.DataFrame) -> pd.Series:
    """Return True for samples that are planned before their dose: nominal time 0 or less, or named pre-dose."""
    return samples["NOMTIME"].le(0) | _is_named_predose(samples["ATPT"])
