"""Numeric dates of SAS: days or seconds since 1 January 1960, told from plain numbers by their format."""

from __future__ import annotations

import re

import numpy as np
from numpy.typing import NDArray

_DAYS = re.compile(r"(DATE|E8601DA|B8601DA|IS8601DA|YYMMDD[A-Z]?|DDMMYY[A-Z]?|MMDDYY[A-Z]?|YYMMDDN)\d*(\.\d*)?")
_SECONDS = re.compile(r"(DATETIME|E8601DT|B8601DT|IS8601DT|DATEAMPM|MDYAMPM)\d*(\.\d*)?")
_EPOCH = np.datetime64("1960-01-01", "s")
_SECONDS_A_DAY = 86_400.0
_LATEST = 8_000 * 366 * _SECONDS_A_DAY


def moments(values: NDArray[np.float64], sas_format: str) -> NDArray[np.float64] | NDArray[np.datetime64]:
    """Return the values as datetime64[s] when their SAS format is one of dates, and unchanged otherwise.

    Missing values, and values beyond the year 9000, are missing dates; fractions of a second are cut off.

    Examples
    --------
    >>> moments(np.array([19725.0]), "DATE9.").astype(str).tolist()
    ['2014-01-02T00:00:00']
    >>> moments(np.array([3.0]), "BEST12.").tolist()
    [3.0]
    """
    name = sas_format.upper()
    if _DAYS.fullmatch(name):
        with np.errstate(over="ignore"):
            return _since_1960(values * _SECONDS_A_DAY)
    return _since_1960(values) if _SECONDS.fullmatch(name) else values


def _since_1960(seconds: NDArray[np.float64]) -> NDArray[np.datetime64]:
    is_date = np.abs(seconds) < _LATEST
    whole = np.floor(np.where(is_date, seconds, 0)).astype("timedelta64[s]")
    return np.where(is_date, _EPOCH + whole, np.datetime64("NaT", "s"))
