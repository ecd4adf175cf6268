"""The dose that each sample of a concentration refers to."""

from __future__ import annotations

import pandas as pd

from cutbook.clocks import clock_difference
from cutbook.columns import first_match
from cutbook.dates import date_part, to_moment

_DAY = pd.Timedelta(days=1)
_LAST_SECOND = pd.Timedelta(days=1) - pd.Timedelta(seconds=1)
_SECONDS_PER_HOUR, _HOURS_PER_DAY = 3600, 24


def with_reference_dose(samples: pd.DataFrame, doses: pd.DataFrame) -> pd.DataFrame:
    """Return the samples with DOSEOCC and STARTDTM of the dose that each refers to.

    Parameters
    ----------
    samples : DataFrame
        USUBJID, ADT, ADTM, SAMPLED (as collected), PCRFTDTC, NOMTIME, IS_PREDOSE.
    doses : DataFrame
        Answer of `administrations`.

    Returns
    -------
    DataFrame
        The samples; both columns are missing when no dose can be referred to. STARTDTM is the time of the dose in EX,
        else the reference time in PC, else missing; of a dose within a dosing period, the reference time in PC alone.
        It is told by the clock of the sample, where both state their offset from UTC.

    Notes
    -----
    Rules, the first that applies: the record names its reference time (PCRFTDTC), and lies within a day of its planned
    time after it → the dose of that day, and of that minute where both times are known, or the period in which that day
    lies; planned before a dose → the first dose of that day or the next, else the period in which it was taken; the
    last dose at or before the sample, where it lies within a day of its planned time after it, or no time is named →
    that one; otherwise → the dose named. A sample without a time stands at the end of its day, a dose at the beginning.
    """
    given = doses[doses["STARTDT"].notna() & doses["USUBJID"].notna()]
    named, past = named_dose(samples, given), _nearest(samples, given, is_coming=False)
    coming = _nearest(samples, given, is_coming=True).fillna(_period_of(samples, past, given))
    is_named, is_predose = samples["PCRFTDTC"].notna(), samples["IS_PREDOSE"]
    by_name = _with_start(samples, named, given, is_by_name=named.notna())
    is_by_name = named.notna() & is_as_planned(by_name)
    by_time = _with_start(samples, past, given, is_by_name=is_by_name)
    is_by_time = ~is_named | (past.notna() & is_as_planned(by_time))
    chosen = first_match([(is_by_name, named), (is_predose, coming), (is_by_time, past)], named)
    return _with_start(samples, chosen, given, is_by_name=is_by_name | ~(is_predose | is_by_time))


def _with_start(
    samples: pd.DataFrame, chosen: pd.Series, given: pd.DataFrame, *, is_by_name: pd.Series
) -> pd.DataFrame:
    """Return the samples with the number, day and time of a dose, and IS_WITHIN: one of a period after its first."""
    place = given[["USUBJID", "DOSEOCC", "STARTDT", "STARTDTM", "STARTED", "IS_SINGLE"]]
    joined = samples.assign(DOSEOCC=chosen).merge(place, on=["USUBJID", "DOSEOCC"], how="left", validate="many_to_one")
    dosed, stated = joined.set_axis(samples.index, axis="index"), to_moment(samples["PCRFTDTC"])
    named_day = date_part(samples["PCRFTDTC"])
    is_within = (dosed["STARTDT"] < named_day.where(is_by_name, samples["ADT"])) & dosed["IS_SINGLE"].eq(False)
    is_own = named_day.eq(dosed["STARTDT"]) | (is_within & is_by_name)
    recorded = dosed["STARTDTM"].mask(is_within)
    start = recorded.fillna(stated.where(is_own & ~(is_within & ~is_by_name)))
    told = dosed["STARTED"].where(recorded.notna(), samples["PCRFTDTC"])
    by_clock = start + clock_difference(samples["SAMPLED"], told)
    return dosed.assign(STARTDTM=by_clock, IS_WITHIN=is_within).drop(columns=["IS_SINGLE", "STARTED"])


def is_as_planned(dosed: pd.DataFrame) -> pd.Series:
    """Return True for samples within a day of their planned time after a dose, as far as times are known."""
    elapsed = elapsed_hours(dosed)
    days = (dosed["ADT"] - dosed["STARTDT"]).dt.days.mask(dosed["IS_WITHIN"]).astype("float64") * _HOURS_PER_DAY
    off, days_off = (elapsed - dosed["NOMTIME"]).abs(), (days - dosed["NOMTIME"]).abs()
    is_off = off.gt(_HOURS_PER_DAY) | (off.isna() & days_off.gt(2 * _HOURS_PER_DAY))
    is_late = dosed["IS_PREDOSE"] & dosed["NOMTIME"].isna() & elapsed.fillna(days).gt(_HOURS_PER_DAY)
    return ~(is_off | is_late)


def elapsed_hours(dosed: pd.DataFrame) -> pd.Series:
    """Return the hours between each sample and its dose; missing where a time is not known."""
    elapsed: pd.Series = (dosed["ADTM"] - dosed["STARTDTM"]).dt.total_seconds() / _SECONDS_PER_HOUR
    return elapsed


def _period_of(samples: pd.DataFrame, past: pd.Series, doses: pd.DataFrame) -> pd.Series:
    """Return the last dose before each sample where it is a period that had not ended by then."""
    place = doses[["USUBJID", "DOSEOCC", "ENDDT", "IS_SINGLE"]]
    found = samples[["USUBJID", "ADT"]].assign(DOSEOCC=past).merge(place, on=["USUBJID", "DOSEOCC"], how="left")
    is_in = found["IS_SINGLE"].eq(False) & ~(found["ENDDT"] < found["ADT"])
    return found["DOSEOCC"].where(is_in).set_axis(samples.index)


def named_dose(samples: pd.DataFrame, doses: pd.DataFrame) -> pd.Series:
    """Return the dose of the day and minute of the reference time, else the period in which its day lies."""
    reference = pd.DataFrame(
        {
            "ROW": samples.index,
            "USUBJID": samples["USUBJID"],
            "DAY": date_part(samples["PCRFTDTC"]),
            "MOMENT": to_moment(samples["PCRFTDTC"]),
            "TOLD": samples["PCRFTDTC"],
        }
    ).dropna(subset="DAY")
    pairs = reference.merge(doses, on="USUBJID")
    begun = pairs["STARTDTM"] + clock_difference(pairs["TOLD"], pairs["STARTED"])
    is_that_day, is_period = pairs["DAY"].eq(pairs["STARTDT"]), pairs["IS_SINGLE"].eq(False)
    is_other_time = pairs["MOMENT"].notna() & begun.notna() & pairs["MOMENT"].ne(begun)
    is_inside = is_period & (pairs["STARTDT"] < pairs["DAY"]) & ~(pairs["ENDDT"] < pairs["DAY"])
    known = pairs[(is_that_day & ~is_other_time) | is_inside]
    ordered = known.sort_values("STARTDT", ascending=False, kind="stable")
    return ordered.drop_duplicates("ROW").set_index("ROW")["DOSEOCC"].reindex(samples.index)


def _nearest(samples: pd.DataFrame, doses: pd.DataFrame, *, is_coming: bool) -> pd.Series:
    sampled = samples["ADT"] if is_coming else samples["ADTM"].fillna(samples["ADT"] + _LAST_SECOND)
    dosed = doses["STARTDT"] if is_coming else doses["STARTDTM"].fillna(doses["STARTDT"])
    left = pd.DataFrame({"ROW": samples.index, "USUBJID": samples["USUBJID"], "MOMENT": sampled}).dropna()
    right = doses[["USUBJID", "DOSEOCC"]].assign(MOMENT=dosed)
    found = pd.merge_asof(
        left.sort_values("MOMENT", kind="stable"),
        right.sort_values(["MOMENT", "DOSEOCC"]),
        on="MOMENT",
        by="USUBJID",
        direction="forward" if is_coming else "backward",
        tolerance=_DAY if is_coming else None,
    )
    return found.set_index("ROW")["DOSEOCC"].reindex(samples.index)
