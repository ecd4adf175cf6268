"""Doses received: when treatment started and ended, and how much was given."""

from __future__ import annotations

import numpy as np
import pandas as pd

from cutbook.dates import date_part
from cutbook.derive.records import look_up
from cutbook.derive.rules import first_match

_MOST_DECIMALS = 9
_DAY = pd.Timedelta(days=1)


def with_ends(given: pd.DataFrame, ended: pd.Series, cutoff: str) -> pd.DataFrame:
    """Return the administrations with every end date filled and the doses and amount of each record.

    Parameters
    ----------
    given : DataFrame
        Answer of `administrations`.
    ended : Series of datetime64
        Day on which a participant left the study or died, by USUBJID; missing while under way.
    cutoff : str
        Cut-off date, ISO 8601.

    Returns
    -------
    DataFrame
        ENDDT filled, DOSES (number given, missing when the frequency is unknown) and AMOUNT (sum of EXDOSE).

    Notes
    -----
    End of a record, the first rule that applies: recorded → that day; a single dose → its start; another record follows
    → the day before that starts; the participant left or died → that day; otherwise dosing goes on → the cut-off. No
    record ends before it starts. A blank end may have been blanked because it lies after the cut-off.
    """
    start = given["STARTDT"]
    following = given.groupby("USUBJID")["STARTDT"].shift(-1) - _DAY
    left = look_up(given["USUBJID"], ended)
    until = date_part(pd.Series(cutoff, index=given.index, dtype="str"))
    end = first_match(
        [
            (given["ENDDT"].notna(), given["ENDDT"]),
            (given["IS_SINGLE"], start),
            (following.notna(), following),
            (left.notna(), left),
        ],
        until,
    )
    end = end.mask(end < start, start)
    expected = given["PERDAY"] * ((end - start).dt.days + 1)
    doses = np.ceil(expected.round(_MOST_DECIMALS)).mask(given["IS_SINGLE"], 1.0)
    return given.assign(ENDDT=end, DOSES=doses, AMOUNT=given["EXDOSE"] * doses)


def treatment_summary(dosed: pd.DataFrame) -> pd.DataFrame:
    """Return start, end, number of doses and amount of treatment by USUBJID.

    Parameters
    ----------
    dosed : DataFrame
        Answer of `with_ends`.

    Returns
    -------
    DataFrame
        Index USUBJID, only treated participants. TRTSDT, TRTEDT (day), TRTSDTM, TRTEDTM (missing when the time is
        unknown), TRTDURD (days, both ends counted), DOSEN (doses; missing when the frequency of a period is
        not known), DOSETOT (sum over all days of dosing, unit of EXDOSE; missing when a dose or a frequency is).
    """
    ended = dosed["ENDDTM"].fillna(dosed["STARTDTM"].where(dosed["IS_SINGLE"]))
    by_start = dosed.groupby("USUBJID", sort=False)
    by_end = dosed.assign(ENDDTM=ended).sort_values(["USUBJID", "ENDDT", "ENDDTM"], na_position="first")
    summary = pd.DataFrame(
        {
            "TRTSDT": by_start["STARTDT"].min(),
            "TRTEDT": by_start["ENDDT"].max(),
            "TRTSDTM": by_start["STARTDTM"].min(),
            "TRTEDTM": by_end.groupby("USUBJID", sort=False)["ENDDTM"].last(),
            "DOSEN": by_start["DOSES"].sum().where(by_start["DOSES"].count().eq(by_start.size())),
            "DOSETOT": by_start["AMOUNT"].sum(min_count=1),
        }
    )
    summary["TRTSDTM"] = summary["TRTSDTM"].where(summary["TRTSDTM"].dt.floor("D").eq(summary["TRTSDT"]))
    summary["TRTEDTM"] = summary["TRTEDTM"].where(summary["TRTEDTM"].dt.floor("D").eq(summary["TRTEDT"]))
    is_measured = by_start["AMOUNT"].count().eq(by_start.size())
    summary["DOSETOT"] = summary["DOSETOT"].where(is_measured)
    summary.insert(4, "TRTDURD", (summary["TRTEDT"] - summary["TRTSDT"]).dt.days.add(1).astype("float64"))
    return summary


def dose_changes(dosed: pd.DataFrame, omitted: pd.Series) -> pd.DataFrame:
    """Return how often the dose was reduced and dosing interrupted, by USUBJID of treated participants.

    Parameters
    ----------
    dosed : DataFrame
        Answer of `with_ends`.
    omitted : Series of float64
        Doses that the records say were not given, by USUBJID (see `omissions`).

    Returns
    -------
    DataFrame
        Index USUBJID. REDUCEDN: doses lower than the one before, missing when a dose is not known. PAUSEDN: doses that
        were not given, and gaps of at least a day between one dosing period and the next.

    Examples
    --------
    >>> days = pd.to_datetime(["2024-01-01", "2024-01-09", "2024-01-20"])
    >>> ends = pd.to_datetime(["2024-01-08", "2024-01-15", "2024-01-31"])
    >>> periods = pd.DataFrame({"USUBJID": "01", "EXDOSE": [54.0, 81.0, 54.0], "STARTDT": days, "ENDDT": ends})
    >>> dose_changes(periods.assign(IS_SINGLE=False), pd.Series(dtype="float64")).loc["01"].tolist()
    [1.0, 1.0]
    """
    people = dosed["USUBJID"]
    before = dosed.groupby("USUBJID")[["EXDOSE", "ENDDT", "IS_SINGLE"]].shift()
    is_reduced = dosed["EXDOSE"].lt(before["EXDOSE"]).astype("float64")
    is_gap = (dosed["STARTDT"] - before["ENDDT"]).gt(_DAY) & ~dosed["IS_SINGLE"] & before["IS_SINGLE"].eq(False)
    is_known = dosed["EXDOSE"].notna().groupby(people, sort=False).all()
    gaps = is_gap.astype("float64").groupby(people, sort=False).sum()
    reduced = is_reduced.groupby(people, sort=False).sum().where(is_known)
    return pd.DataFrame({"REDUCEDN": reduced, "PAUSEDN": gaps + omitted.reindex(gaps.index).fillna(0)})


def days_at_risk(adsl: pd.DataFrame, window_days: int | None) -> pd.Series:
    """Return on how many days an adverse event of each participant would have begun as a treatment-emergent one.

    From the first dose to the earliest of the cut-off, the end of the study, death and, where events end to count some
    days after the last dose, that day; both ends counted.

    Parameters
    ----------
    adsl : DataFrame
        TRTSDT, TRTEDT, DCUTDT, EOSDT and DTHDT (datetime64), EOSSTT and DTHFL, as `derive_adsl` returns them.
    window_days : int or None
        Days after the last dose; None: no end.

    Returns
    -------
    Series of float64
        At least 1; missing where the day of the first dose is not known, or the day on which somebody left or died.
    """
    ends = last_days(adsl)
    if window_days is not None:
        within = pd.concat([ends, adsl["TRTEDT"] + window_days * _DAY], axis="columns").min(axis="columns")
        ends = within.where(ends.notna())
    days = (ends - adsl["TRTSDT"]).dt.days.astype("float64") + 1
    return days.clip(lower=1)


def last_days(adsl: pd.DataFrame) -> pd.Series:
    """Return the last day on which each participant was followed: the cut-off, the end of the study, or death.

    Parameters
    ----------
    adsl : DataFrame
        As `days_at_risk` takes it.

    Returns
    -------
    Series of datetime64
        The earliest of the three; missing where the day on which somebody left or died is not known.
    """
    is_over = adsl["EOSSTT"].isin(["COMPLETED", "DISCONTINUED"]) | adsl["DTHFL"].eq("Y")
    is_unknown = is_over & adsl[["EOSDT", "DTHDT"]].isna().all(axis="columns")
    return adsl[["DCUTDT", "EOSDT", "DTHDT"]].min(axis="columns").mask(is_unknown)
