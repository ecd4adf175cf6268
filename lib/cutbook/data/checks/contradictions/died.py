"""Deaths of DM that their own flag, doses, events or ends of the study contradict."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import pandas as pd

from cutbook.columns import text_column
from cutbook.data.checks.contradictions.deaths import told_deaths
from cutbook.data.checks.contradictions.disposition import is_end_of_study
from cutbook.data.checks.dosing.drugs import first_dose_days
from cutbook.data.checks.records import ON_FIRST_LINES, Issue, kind_issue
from cutbook.dates import earliest, latest_possible
from cutbook.parameters.study import Study

_AS_DATED = "counted as it is dated"


def died_issues(datasets: Mapping[str, pd.DataFrame], study: Study) -> Iterator[Issue]:
    """Return an issue for each way in which deaths of DM are contradicted.

    Flagged without a date in any source; dated, but not flagged; before the first dose; completed or withdrawn after
    it.
    """
    dm = datasets.get("dm", pd.DataFrame())
    if "USUBJID" not in dm or not {"DTHFL", "DTHDTC"} & set(dm.columns):
        return
    date, flag = text_column(dm, "DTHDTC"), text_column(dm, "DTHFL")
    has_date = dm["USUBJID"].isin(told_deaths(datasets)["USUBJID"])
    words = (
        "Recorded as dead (DTHFL), without a date of death in DM, DS or AE",
        "a death at every cut, on no known day",
    )
    yield from kind_issue(("dm", "DTHFL"), dm, flag.eq("Y") & ~has_date, words, ON_FIRST_LINES)
    words = ("A date of death (DTHDTC) beside a flag (DTHFL) that does not say so", "counted as a death")
    is_unflagged = earliest(date).notna() & flag.ne("Y") & ("DTHFL" in dm)
    yield from kind_issue(("dm", "DTHFL"), dm, is_unflagged, words, ON_FIRST_LINES)
    died = latest_possible(date).dt.ceil("D")
    words = ("Death before the first dose", _AS_DATED)
    first = first_dose_days(datasets.get("ex", pd.DataFrame())).reindex(dm["USUBJID"].to_numpy()).set_axis(dm.index)
    yield from kind_issue(("dm", "DTHDTC"), dm, died <= first, words, ON_FIRST_LINES)
    yield from _ended_later(datasets.get("ds", pd.DataFrame()), died.set_axis(dm["USUBJID"]), study)


def _ended_later(ds: pd.DataFrame, died: pd.Series, study: Study) -> Iterator[Issue]:
    """Return the issue about ends of the study, other than by death, that are dated after the day of the death."""
    if not {"USUBJID", "DSDECOD", "DSCAT", "DSSTDTC"} <= set(ds.columns):
        return
    dead = died[~died.index.duplicated()].reindex(ds["USUBJID"].to_numpy()).set_axis(ds.index)
    is_end = is_end_of_study(ds, study) & ds["DSDECOD"].ne("DEATH")
    words = ("End of the study, other than by death, after the death (DTHDTC of DM)", _AS_DATED)
    is_late = is_end & (earliest(text_column(ds, "DSSTDTC")) >= dead)
    yield from kind_issue(("ds", "DSSTDTC"), ds, is_late, words, ON_FIRST_LINES)
