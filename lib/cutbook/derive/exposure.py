"""Doses received: which EX records are administrations, when treatment started and ended, and how much was given."""

from __future__ import annotations

import numpy as np
import pandas as pd

from cutbook.data.checks.contradictions.times import without_uncollected_times
from cutbook.data.checks.dosing.amounts import doses_in_unit
from cutbook.data.checks.dosing.drugs import study_drug
from cutbook.data.checks.dosing.frequencies import frequencies
from cutbook.dates import date_part, earliest, latest_possible, to_moment
from cutbook.derive.records import Datasets, dataset_or_empty, look_up, number_column, text_column
from cutbook.derive.rules import first_match
from cutbook.parameters.study.treatment import Treatment

_MOST_DECIMALS = 9
_DAY = pd.Timedelta(days=1)


def administrations(datasets: Datasets, planned_dose: pd.Series, treatment: Treatment | None = None) -> pd.DataFrame:
    """Return the EX records with a dose of the study drug, in order of time within each participant.

    Parameters
    ----------
    datasets : mapping of str to frame
        ``ex``.
    planned_dose : Series
        Dose of the participant's arm by USUBJID; missing without an arm.
    treatment : Treatment or None
        Tells the study drug among others, and the unit of its doses; None: all records count, as they are.

    Returns
    -------
    DataFrame
        USUBJID, EXSEQ, EXDOSE (in the study's unit), STARTDT (day; a partial date counts as the earliest it can mean),
        STARTDTM (missing when
        the time is unknown), ENDDT and ENDDTM (missing when not recorded), PERDAY (doses a day, missing for a single
        dose or an unknown frequency), IS_SINGLE, DOSEOCC (1 for the participant's first administration).

    Notes
    -----
    Rules, the first that applies decides: the record says it did not occur → no; dose 0 in an arm with a dose above 0 →
    no, it was omitted; a dose is recorded (0 in a placebo arm counts) → yes; a start date and a treatment, or no
    treatment column because the class of the run hides it → yes; otherwise no.
    """
    ex = dataset_or_empty(datasets, "ex")
    if treatment is not None:
        ex = ex[study_drug(ex, treatment)]
    started, ended = (without_uncollected_times(text_column(ex, name)) for name in ("EXSTDTC", "EXENDTC"))
    frame = pd.DataFrame(
        {
            "USUBJID": text_column(ex, "USUBJID"),
            "EXSEQ": number_column(ex, "EXSEQ"),
            "EXDOSE": number_column(ex, "EXDOSE") if treatment is None else doses_in_unit(ex, treatment.dose_unit),
            "STARTDT": earliest(started).dt.floor("D"),
            "STARTDTM": to_moment(started),
            "ENDDT": latest_possible(ended).dt.floor("D"),
            "ENDDTM": to_moment(ended),
        }
    )
    given = frame.join(frequencies(ex))[_is_given(ex, frame, planned_dose)]
    ordered = given.sort_values(["USUBJID", "STARTDT", "STARTDTM", "EXSEQ"], ignore_index=True)
    ordered["DOSEOCC"] = ordered.groupby("USUBJID").cumcount().add(1).astype("float64")
    return ordered


def _is_given(ex: pd.DataFrame, frame: pd.DataFrame, planned_dose: pd.Series) -> pd.Series:
    dose, planned = frame["EXDOSE"], look_up(frame["USUBJID"], planned_dose)
    has_treatment = text_column(ex, "EXTRT").notna() if "EXTRT" in ex else pd.Series(True, index=ex.index)
    return first_match(
        [
            (text_column(ex, "EXOCCUR").eq("N") | text_column(ex, "EXSTAT").eq("NOT DONE"), False),
            (dose.eq(0) & planned.gt(0), False),
            (dose.notna(), True),
            (frame["STARTDT"].notna() & has_treatment, True),
        ],
        pd.Series(False, index=frame.index),
    )


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
    ends = adsl[["DCUTDT", "EOSDT", "DTHDT"]]
    if window_days is not None:
        ends = ends.assign(LAST=adsl["TRTEDT"] + window_days * _DAY)
    is_over = adsl["EOSSTT"].isin(["COMPLETED", "DISCONTINUED"]) | adsl["DTHFL"].eq("Y")
    is_unknown = is_over & adsl[["EOSDT", "DTHDT"]].isna().all(axis="columns")
    days = (ends.min(axis="columns") - adsl["TRTSDT"]).dt.days.astype("float64") + 1
    return days.clip(lower=1).mask(is_unknown)
