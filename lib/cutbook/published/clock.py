"""The clock: when something happened, the one time that the reports of a run say, and the name of a run.

This module and the command line are the only places that read the clock.
"""

from __future__ import annotations

import os
import re
import secrets
from datetime import UTC, datetime
from pathlib import Path

from cutbook.errors import Fault, ParameterError

RECORDED_TIME = "SOURCE_DATE_EPOCH"
"""Environment variable that sets the recorded time of a run (https://reproducible-builds.org/specs/source-date-epoch/)."""

_TIME = "%Y-%m-%dT%H:%M:%SZ"
_SECONDS = re.compile(r"[0-9]{1,12}")
_LAST_SECOND = 253_402_300_799
_LONGEST_SHOWN = 40


def utc_now() -> str:
    """Return the time in UTC, ``2026-11-22T08:32:00Z``."""
    return datetime.now(UTC).strftime(_TIME)


def recorded_time(now: str) -> str:
    """Return the one time that the reports of a run say: ``now``, or that of ``SOURCE_DATE_EPOCH`` where it is set.

    Everything in a report that depends on the clock reads this value, so that a report can be made again byte by byte.

    Parameters
    ----------
    now : str
        UTC time of the clock, ``2026-11-22T08:32:00Z``.

    Raises
    ------
    ParameterError
        The variable is set, even to nothing, and is not a number of seconds since 1970 up to the year 9999.
    """
    given = os.environ.get(RECORDED_TIME)
    if given is None:
        return now
    if not _SECONDS.fullmatch(given) or int(given) > _LAST_SECOND:
        expected = "whole seconds since 1970-01-01T00:00:00Z, digits only"
        raise ParameterError(Fault(RECORDED_TIME, repr(given[:_LONGEST_SHOWN]), expected, "correct it or unset it"))
    return datetime.fromtimestamp(int(given), UTC).strftime(_TIME)


def epoch_of(recorded: str) -> str:
    """Return a recorded time as the seconds since 1970 that ``SOURCE_DATE_EPOCH`` holds.

    Examples
    --------
    >>> epoch_of("2026-11-22T00:00:00Z")
    '1795305600'
    """
    return str(int(datetime.fromisoformat(recorded).timestamp()))


def age_s(file: Path) -> float:
    """Return the seconds since a file was changed; negative when its time lies ahead.

    Raises
    ------
    OSError
        There is no such file.
    """
    return datetime.now(UTC).timestamp() - file.stat().st_mtime


def new_run_id(now: str) -> str:
    """Return a name for a run that sorts by time and is not used twice."""
    return now.translate({ord(mark): None for mark in "-:"}) + "-" + secrets.token_hex(4)
