"""Doses as given against doses as planned: in time, early, late, missed, or not due yet."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

GIVEN, EARLY, LATE, MISSED, LEFT, NOT_DUE, NOT_TOLD = "GIVEN", "EARLY", "LATE", "MISSED", "LEFT", "NOTDUE", "NOTTOLD"
"""What became of a planned dose."""


def against_plan(
    doses: pd.DataFrame, people: pd.DataFrame, days: Sequence[int], windows: Sequence[int]
) -> pd.DataFrame:
    """Return what became of every planned dose of every participant.

    Parameters
    ----------
    doses : DataFrame
        USUBJID, ADY (study day).
    people : DataFrame
        Treated participants: USUBJID, KEY, LASTDY (study day to which they were followed, missing when not known),
        IS_OVER (they left or died).
    days, windows : sequence of int
        Study days on which doses are planned, and by how many days each may be off.

    Returns
    -------
    DataFrame
        USUBJID, KEY, OCC (1 for the first planned dose), ADY (day on which it was given, missing when it was not) and
        STATUS.

    Notes
    -----
    A dose that was given is that of the nearest planned day, the earlier of two as near; of several of one planned day
    the first counts. Given on a day within the window → GIVEN, before it → EARLY, after it → LATE. Not given: the
    last day of the window lies after the end of follow-up → LEFT for those who left or died, NOTDUE for others; that
    end is not known → NOTTOLD; otherwise MISSED.
    """
    given = doses.dropna(subset=["ADY"])
    distances = pd.DataFrame({place: (given["ADY"] - day).abs() for place, day in enumerate(days, start=1)})
    nearest = distances.idxmin(axis="columns").astype("float64") if len(given) else pd.Series(dtype="float64")
    first = given.assign(OCC=nearest).sort_values(["USUBJID", "ADY"]).drop_duplicates(["USUBJID", "OCC"])
    plan = pd.DataFrame({"OCC": range(1, len(days) + 1), "PLANNED": days, "WINDOW": windows}).astype("float64")
    every = people[["USUBJID", "KEY", "LASTDY", "IS_OVER"]].merge(plan, how="cross")
    found = every.merge(first[["USUBJID", "OCC", "ADY"]], on=["USUBJID", "OCC"], how="left")
    return found.assign(STATUS=_status(found))[["USUBJID", "KEY", "OCC", "ADY", "STATUS"]]


def _status(found: pd.DataFrame) -> pd.Series:
    off, last = found["ADY"] - found["PLANNED"], found["PLANNED"] + found["WINDOW"]
    status = pd.Series(MISSED, index=found.index, dtype="str")
    is_later = last > found["LASTDY"]
    status = (
        status.mask(is_later, NOT_DUE).mask(is_later & found["IS_OVER"], LEFT).mask(found["LASTDY"].isna(), NOT_TOLD)
    )
    status = status.mask(off.abs() <= found["WINDOW"], GIVEN)
    return status.mask(off < -found["WINDOW"], EARLY).mask(off > found["WINDOW"], LATE)
