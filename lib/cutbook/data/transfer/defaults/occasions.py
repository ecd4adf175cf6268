"""The dose that each record refers to, as a text: a visit where no visit was delivered."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from cutbook.data.checks.dosing.drugs import is_dose, study_drug
from cutbook.dates import date_part, earliest, study_day
from cutbook.parameters.study import Study

_DAY = pd.Timedelta(days=1)


def occasions(dataset: str, frame: pd.DataFrame, datasets: Mapping[str, pd.DataFrame], study: Study) -> pd.DataFrame:
    """Return study day and number of the day of dosing that each record of findings refers to.

    Parameters
    ----------
    dataset : str
        Its name, lower case.
    frame : frame
        Its records.
    datasets : mapping of str to frame
        ``ex``.
    study : Study
        The study drug.

    Returns
    -------
    frame
        Same index. DAY (study day of the dose) and DOSE (number among the participant's days of dosing, 1 for the
        first), float64; missing where no dose can be referred to.

    Notes
    -----
    Rules, the first that applies: the record states its reference time (--RFTDTC) → the dose of that day; it is
    planned at hour 0 or before (--TPTNUM) → the dose of its day or the next; otherwise → the last dose on its day or
    before. A date counts by its earliest day.
    """
    if "USUBJID" not in frame:
        return pd.DataFrame({"DAY": float("nan"), "DOSE": float("nan")}, index=frame.index)
    letters = dataset[:2].upper()
    days = _dosing_days(datasets.get("ex", pd.DataFrame()), study)
    stated, sampled = (_days(frame, f"{letters}{suffix}") for suffix in ("RFTDTC", "DTC"))
    planned = pd.to_numeric(frame.get(f"{letters}TPTNUM", pd.Series(index=frame.index, dtype="float64")))
    is_before = stated.isna() & planned.le(0)
    moments = stated.fillna(sampled)
    found = _nearest(frame, moments[~is_before], days, is_coming=False)
    found = found.combine_first(_nearest(frame, moments[is_before], days, is_coming=True))
    is_known = stated.isna() | found["STARTDT"].eq(stated)
    return found[["DAY", "DOSE"]].where(is_known)


def _dosing_days(ex: pd.DataFrame, study: Study) -> pd.DataFrame:
    if not {"USUBJID", "EXSTDTC"} <= set(ex.columns):
        ex = pd.DataFrame({"USUBJID": [], "EXSTDTC": []}, dtype="str")
    given = ex[is_dose(ex) & study_drug(ex, study.treatment)]
    started = earliest(given["EXSTDTC"]).dt.floor("D")
    days = given[["USUBJID"]].assign(STARTDT=started).dropna().drop_duplicates()
    days = days.sort_values(["USUBJID", "STARTDT"], ignore_index=True)
    by_participant = days.groupby("USUBJID")["STARTDT"]
    days["DAY"] = study_day(days["STARTDT"], by_participant.transform("min"))
    return days.assign(DOSE=by_participant.cumcount().add(1).astype("float64"))


def _days(frame: pd.DataFrame, variable: str) -> pd.Series:
    if variable not in frame or frame[variable].dtype != "str":
        return pd.Series(index=frame.index, dtype="datetime64[s]")
    return date_part(frame[variable])


def _nearest(frame: pd.DataFrame, moments: pd.Series, days: pd.DataFrame, *, is_coming: bool) -> pd.DataFrame:
    asked = pd.DataFrame({"ROW": moments.index, "USUBJID": frame.loc[moments.index, "USUBJID"], "MOMENT": moments})
    found = pd.merge_asof(
        asked.dropna().sort_values("MOMENT", kind="stable"),
        days.sort_values("STARTDT", kind="stable").assign(MOMENT=lambda given: given["STARTDT"]),
        on="MOMENT",
        by="USUBJID",
        direction="forward" if is_coming else "backward",
        tolerance=_DAY if is_coming else None,
    )
    return found.set_index("ROW")[["STARTDT", "DAY", "DOSE"]].reindex(frame.index)
