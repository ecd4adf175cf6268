"""Doses received: which records of EX are administrations of the study drug."""

from __future__ import annotations

import pandas as pd

from cutbook.columns import Datasets, dataset_or_empty, first_match, look_up, number_column, text_column
from cutbook.data.checks.contradictions.times import without_uncollected_times
from cutbook.data.checks.dosing.amounts import doses_in_unit
from cutbook.data.checks.dosing.drugs import is_placebo, study_drug
from cutbook.data.checks.dosing.frequencies import frequencies
from cutbook.dates import earliest, latest_possible, to_moment
from cutbook.parameters.study.treatment import Treatment


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
        STARTDTM (missing when the time is unknown), STARTED (text as collected), ENDDT and ENDDTM (missing when not
        recorded), PERDAY (doses a day, missing for a single dose or an unknown frequency), IS_SINGLE, DOSEOCC (1 for
        the participant's first administration).

    Notes
    -----
    Rules, the first that applies decides: the record says it did not occur → no; dose 0 in an arm with a dose above
    0 → no, it was omitted, unless it is of a placebo and the participant had nothing else; a dose is recorded (0 in
    a placebo arm counts) → yes; a start date → yes, whether or not a treatment is named; otherwise no.
    """
    ex, frame = _records(datasets, treatment)
    given = frame.join(frequencies(ex, treatment))[_is_given(ex, frame, planned_dose)]
    ordered = given.sort_values(["USUBJID", "STARTDT", "STARTDTM", "EXSEQ"], ignore_index=True)
    ordered["DOSEOCC"] = ordered.groupby("USUBJID").cumcount().add(1).astype("float64")
    return ordered


def omissions(datasets: Datasets, planned_dose: pd.Series, treatment: Treatment | None = None) -> pd.Series:
    """Return how many records of EX say that a dose of the study drug was not given, by USUBJID of those with any.

    Parameters
    ----------
    datasets, planned_dose, treatment
        As for `administrations`.

    Notes
    -----
    The record says it did not occur, or its dose is 0 in an arm with a dose above 0. A placebo of dose 0, as of a
    dummy, omits nothing.
    """
    ex, frame = _records(datasets, treatment)
    is_zero = frame["EXDOSE"].eq(0) & look_up(frame["USUBJID"], planned_dose).gt(0) & ~is_placebo(ex)
    return frame.loc[_did_not_occur(ex) | is_zero, "USUBJID"].value_counts().astype("float64")


def _records(datasets: Datasets, treatment: Treatment | None) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the records of EX about the study drug, and what they say of dose and time."""
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
            "STARTED": started,
            "ENDDT": latest_possible(ended).dt.floor("D"),
            "ENDDTM": to_moment(ended),
        }
    )
    return ex, frame


def _did_not_occur(ex: pd.DataFrame) -> pd.Series:
    return text_column(ex, "EXOCCUR").eq("N") | text_column(ex, "EXSTAT").eq("NOT DONE")


def _is_given(ex: pd.DataFrame, frame: pd.DataFrame, planned_dose: pd.Series) -> pd.Series:
    dose, planned = frame["EXDOSE"], look_up(frame["USUBJID"], planned_dose)
    has_dose = frame["USUBJID"].isin(frame.loc[dose.gt(0), "USUBJID"])
    is_placebo_alone = is_placebo(ex) & ~has_dose
    return first_match(
        [
            (_did_not_occur(ex), False),
            (dose.eq(0) & planned.gt(0) & ~is_placebo_alone, False),
            (dose.notna(), True),
            (frame["STARTDT"].notna(), True),
        ],
        pd.Series(False, index=frame.index),
    )
