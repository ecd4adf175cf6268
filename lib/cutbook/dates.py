"""Dates of ISO 8601 text, partial or complete, as SDTM collects them in --DTC variables.

An unknown part is a single hyphen (``2024---05``: the month is unknown) or left off at the right (``2024-03``). Two
dates with a slash between them (``2021-03-10/2021-03-14``) mean a time from the first to the second; such an interval
states the parts that both have, down to the first that differs. The
time is the clock at the place of collection: an offset from UTC (``Z``, ``+02:00``) leaves it as it is, because cut-off
dates, study days and planned times are local too; only what elapsed between two moments takes account of their offsets
(`cutbook.clocks`). Fractions of a second are cut off. An impossible date or
time (``2024-02-30``, hour 25) is not repaired: it counts as missing in every function but `is_valid_partial`.
"""

from __future__ import annotations

import re
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

PARTS = ("YEAR", "MONTH", "DAY", "HOUR", "MINUTE", "SECOND")
PRECISIONS = np.array(["", "Y", "M", "D", "H", "MI", "S"], dtype=object)

_DAY = re.compile(r"([0-9]{4}|-)(?:-([0-9]{2}|-)(?:-([0-9]{2}|-))?)?")
_DAY_ONLY = re.compile(r"^-{3,5}(?=[0-9]{2}\Z)")
_OFFSET = r"(?:Z|[+-](?:0[0-9]|1[0-4])(?::?[0-5][0-9])?)?"
_CLOCK = re.compile(rf"(?:T([0-9]{{2}}|-)(?::([0-9]{{2}}|-)(?::([0-9]{{2}}|-)(?:(?<=[0-9])[.,][0-9]+)?)?)?{_OFFSET})?")
_FIRST = np.array([1, 1, 1, 0, 0, 0])
_HIGHEST = np.array([9999, 12, 31, 23, 59, 59])
_LEAP_YEAR = 2000
_ONE_MONTH = np.timedelta64(1, "M")
_UNKNOWN = -1
_LEFT_OFF = -2
_NOTHING = ("-",) * 3

Whole = NDArray[np.int64]
Truth = NDArray[np.bool_]
Moments = NDArray[np.datetime64]


def parse_partial(text: pd.Series) -> pd.DataFrame:
    """Return the parts that each date states, and whether it can exist.

    Parameters
    ----------
    text : Series
        ISO 8601 text; missing and empty values are allowed.

    Returns
    -------
    DataFrame
        Same index. Columns YEAR, MONTH, DAY, HOUR, MINUTE, SECOND (float, missing when unknown) and VALID (bool; a
        missing date is valid, an impossible one is not and has no parts).

    Examples
    --------
    >>> parse_partial(pd.Series(["2024---05", "2024-02-30"]))[["YEAR", "MONTH", "DAY", "VALID"]].to_dict("list")
    {'YEAR': [2024.0, nan], 'MONTH': [nan, nan], 'DAY': [5.0, nan], 'VALID': [True, False]}
    """
    codes, parts = _distinct(text)
    known = np.where(parts.common == _UNKNOWN, np.nan, parts.common.astype(float))
    frame = pd.DataFrame(known[codes], index=text.index, columns=list(PARTS))
    frame["VALID"] = parts.is_valid[codes]
    return frame


def is_valid_partial(text: pd.Series) -> pd.Series:
    """Return True for each value that is missing or a possible, perhaps partial, ISO 8601 date.

    Examples
    --------
    >>> is_valid_partial(pd.Series(["2024-03", "--03-05", "2023-02-29", None])).tolist()
    [True, True, False, True]
    >>> is_valid_partial(pd.Series(["2024-03-05/2024-03-07", "2024-03-07/2024-03-05"])).tolist()
    [True, False]
    """
    codes, parts = _distinct(text)
    return pd.Series(parts.is_valid[codes], index=text.index, name=text.name)


def earliest(text: pd.Series) -> pd.Series:
    """Return the earliest moment that each date can mean; unknown parts become the first month, day and midnight.

    Parameters
    ----------
    text : Series
        ISO 8601 text.

    Returns
    -------
    Series of datetime64[s]
        Same index; missing when the date is missing, impossible or without a year. A known day stays when the month is
        unknown: ``2024---05`` is 5 January.

    Notes
    -----
    The rule of the R package datacutr (`impute_sdtm`) for the dates of records.

    Examples
    --------
    >>> earliest(pd.Series(["2024-03", "2024---05", "2024-03-05T10:30"])).astype(str).tolist()
    ['2024-03-01 00:00:00', '2024-01-05 00:00:00', '2024-03-05 10:30:00']
    >>> earliest(pd.Series(["2024-03-05/2024-03-07"])).astype(str).tolist()
    ['2024-03-05']
    """
    codes, parts = _distinct(text)
    return _series(text, codes, _first_moments(parts.first))


def latest_possible(text: pd.Series) -> pd.Series:
    """Return the latest moment, to the second, that each date can mean.

    Missing where `earliest` is missing.

    Examples
    --------
    >>> latest_possible(pd.Series(["2024-02", "2024---05", "2024-03-05T10:30"])).astype(str).tolist()
    ['2024-02-29 23:59:59', '2024-12-05 23:59:59', '2024-03-05 10:30:59']
    >>> latest_possible(pd.Series(["2024-03-05/2024-03-07"])).astype(str).tolist()
    ['2024-03-07 23:59:59']
    """
    codes, parts = _distinct(text)
    return _series(text, codes, _last_moments(parts.last))


def date_part(text: pd.Series) -> pd.Series:
    """Return the day (datetime64[s] at midnight) of each date that is complete to the day; missing otherwise.

    Examples
    --------
    >>> date_part(pd.Series(["2024-03-05T10:30", "2024-03"])).dt.strftime("%F").tolist()
    ['2024-03-05', nan]
    """
    codes, parts = _distinct(text)
    day = parts.common.copy()
    day[:, 3:] = 0
    return _series(text, codes, _moments(_with_unknown(day, _FIRST), (day[:, :3] != _UNKNOWN).all(axis=1)))


def to_moment(text: pd.Series) -> pd.Series:
    """Return the moment (datetime64[s], local clock) of each date that is complete to the minute; missing otherwise.

    Examples
    --------
    >>> to_moment(pd.Series(["2024-03-05T10:30", "2024-03-05T10"])).dt.strftime("%F %T").tolist()
    ['2024-03-05 10:30:00', nan]
    """
    codes, parts = _distinct(text)
    is_complete = (parts.common[:, :5] != _UNKNOWN).all(axis=1)
    return _series(text, codes, _moments(_with_unknown(parts.common, _FIRST), is_complete))


def precision(text: pd.Series) -> pd.Series:
    """Return the finest part down to which everything is known: Y, M, D, H, MI or S; missing without a year.

    Examples
    --------
    >>> precision(pd.Series(["2024-03", "2024---05", "2024-03-05T-:30"])).tolist()
    ['M', 'Y', 'D']
    """
    codes, parts = _distinct(text)
    depth = np.cumprod(parts.common != _UNKNOWN, axis=1).sum(axis=1)
    words = pd.Series(PRECISIONS[depth][codes], index=text.index, name=text.name, dtype="str")
    return words.mask(words == "")


def latest_date(text: pd.Series) -> str:
    """Return the last date (ISO 8601 text without the time) among possible dates with a year; empty when there is none.

    Dates are ordered by the earliest day they can mean; of two that are equal the more precise one is returned.

    Examples
    --------
    >>> latest_date(pd.Series(["2024-03-05T10:30", "2024-03", "2025-02-30", None]))
    '2024-03-05'
    """
    distinct = text.drop_duplicates()
    frame = pd.DataFrame({"day": earliest(distinct).dt.floor("D"), "date": distinct}).dropna()
    if frame.empty:
        return ""
    frame["date"] = frame["date"].str.partition("/")[0].str.partition("T")[0]
    frame["length"] = frame["date"].str.len()
    return str(frame.sort_values(["day", "length", "date"])["date"].iloc[-1])


def study_day(date: pd.Series, reference: pd.Series) -> pd.Series:
    """Return the study day: the reference day is day 1, the day before it is day -1, and there is no day 0.

    Parameters
    ----------
    date, reference : Series of datetime64
        Dates, times are ignored; same index.

    Returns
    -------
    Series of float
        Days; missing where either date is missing.

    Notes
    -----
    Source: SDTMIG 3.4, section 4.4.4.

    Examples
    --------
    >>> days = pd.to_datetime(pd.Series(["2024-03-04", "2024-03-05", "2024-03-06"]))
    >>> study_day(days, pd.Series(days.iloc[1], index=days.index)).tolist()
    [-1.0, 1.0, 2.0]
    """
    days: pd.Series = (date.dt.floor("D") - reference.dt.floor("D")).dt.days.astype(float)
    return days + (days >= 0)


class _Parts(NamedTuple):
    """Parts of distinct texts: of the first and the last date they name, those that both have, and their validity."""

    first: Whole
    last: Whole
    common: Whole
    is_valid: Truth


def _distinct(text: pd.Series) -> tuple[NDArray[np.intp], _Parts]:
    """Return each row's number among the distinct texts, and the parts of these; the last is missing."""
    codes, uniques = pd.factorize(text.astype(object))
    found = np.array([*map(str, uniques), ""], dtype=object)
    bounds = [value.partition("/") for value in found]
    first, is_first = _parts(np.array([bound[0] for bound in bounds], dtype=object))
    last, is_last = _parts(np.array([bound[2] if bound[1] else bound[0] for bound in bounds], dtype=object))
    is_ordered = ~(_first_moments(first) > _last_moments(last))
    is_possible = is_first & is_last & is_ordered
    first, last = (np.where(is_possible[:, None], parts, _UNKNOWN) for parts in (first, last))
    is_same = np.cumprod(first == last, axis=1).astype(bool)
    return codes, _Parts(first, last, np.where(is_same, first, _UNKNOWN), is_possible | (found == ""))


def _parts(found: NDArray[np.object_]) -> tuple[Whole, Truth]:
    """Return the parts of each date, and whether it is possible."""
    halves = [value.partition("T") for value in found]
    day, is_day = _matched(_DAY, [_DAY_ONLY.sub("----", half[0]) for half in halves])
    clock, is_clock = _matched(_CLOCK, [half[1] + half[2] for half in halves])
    parts = np.concatenate([day, clock], axis=1)
    has_place = (parts[:, 2] != _LEFT_OFF) | (found == [half[0] for half in halves])
    parts[parts == _LEFT_OFF] = _UNKNOWN
    is_possible = is_day & is_clock & has_place & (parts != _UNKNOWN).any(axis=1) & _is_possible(parts)
    return np.where(is_possible[:, None], parts, _UNKNOWN), is_possible


def _first_moments(parts: Whole) -> Moments:
    return _moments(_with_unknown(parts, _FIRST), parts[:, 0] != _UNKNOWN)


def _last_moments(parts: Whole) -> Moments:
    filled = _with_unknown(parts, _HIGHEST)
    last_day = _days_in_month(filled[:, 0], filled[:, 1])
    filled[:, 2] = np.where(parts[:, 2] == _UNKNOWN, last_day, filled[:, 2])
    return _moments(filled, parts[:, 0] != _UNKNOWN)


def _matched(pattern: re.Pattern[str], halves: list[str]) -> tuple[Whole, Truth]:
    """Return the three parts of each text, and whether it has the form of the pattern."""
    codes, uniques = pd.factorize(np.array(halves, dtype=object))
    matches = [pattern.fullmatch(value) for value in uniques]
    stated = [match.groups(default=str(_LEFT_OFF)) if match else _NOTHING for match in matches]
    parts = [[_UNKNOWN if part == "-" else int(part) for part in row] for row in stated]
    return np.array(parts)[codes], np.array([match is not None for match in matches])[codes]


def _is_possible(parts: Whole) -> Truth:
    is_known = parts != _UNKNOWN
    is_in_range: Truth = (~is_known | ((parts >= _FIRST) & (parts <= _HIGHEST))).all(axis=1)
    year = np.where(is_known[:, 0], parts[:, 0], _LEAP_YEAR)
    month = np.where(is_known[:, 1] & is_in_range, parts[:, 1], 1)
    is_in_month: Truth = parts[:, 2] <= _days_in_month(year, month)
    return is_in_range & is_in_month


def _days_in_month(year: Whole, month: Whole) -> Whole:
    first = ((year - 1970) * 12 + month - 1).astype("datetime64[M]")
    days: Whole = ((first + _ONE_MONTH).astype("datetime64[D]") - first.astype("datetime64[D]")).astype(np.int64)
    return days


def _with_unknown(parts: Whole, values: Whole) -> Whole:
    return np.where(parts == _UNKNOWN, values, parts)


def _moments(parts: Whole, is_known: Truth) -> Moments:
    months = ((parts[:, 0] - 1970) * 12 + parts[:, 1] - 1).astype("datetime64[M]")
    seconds = (parts[:, 2] - 1) * 86400 + parts[:, 3] * 3600 + parts[:, 4] * 60 + parts[:, 5]
    moments: Moments = months.astype("datetime64[s]") + seconds.astype("timedelta64[s]")
    moments[~is_known] = np.datetime64("NaT", "s")
    return moments


def _series(text: pd.Series, codes: NDArray[np.intp], distinct: Moments) -> pd.Series:
    return pd.Series(distinct[codes], index=text.index, name=text.name)
