"""Ends of the study that cannot be placed: without a date, or before the first dose."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import pandas as pd

from cutbook.columns import text_column
from cutbook.data.checks.dosing.drugs import first_dose_days, is_dose
from cutbook.data.checks.records import ON_FIRST_LINES, Issue, kind_issue
from cutbook.dates import latest_possible
from cutbook.parameters.study import Study
from cutbook.record_names import text_of
from cutbook.records import meets


def is_end_of_study(ds: pd.DataFrame, study: Study) -> pd.Series:
    """Return True for each record of DS (with DSDECOD and DSCAT) that tells an end of the study after entry."""
    rules = study.disposition
    where = {"DSCAT": [rules.category], **({"DSSCAT": [rules.subcategory]} if rules.subcategory else {})}
    is_named = text_of(ds["DSDECOD"]).ne("") & ~ds["DSDECOD"].isin([*rules.not_an_end, *rules.screen_failure])
    return meets(ds, where) & is_named


def disposition_issues(datasets: Mapping[str, pd.DataFrame], study: Study) -> Iterator[Issue]:
    """Return an issue about ends of the study without a date, and one about those of days before the first dose.

    Screen failures end before it; they and records that are no end, as the study file says, are left out.
    """
    ds, ex = datasets.get("ds", pd.DataFrame()), datasets.get("ex", pd.DataFrame())
    if not {"USUBJID", "DSDECOD", "DSCAT", "DSSTDTC"} <= set(ds.columns):
        return
    is_end = is_end_of_study(ds, study)
    date = text_column(ds, "DSSTDTC")
    first = first_dose_days(ex).reindex(ds["USUBJID"].to_numpy()).set_axis(ds.index)
    if date.isna().all():
        return
    is_blank = is_end & date.isna() & ds["USUBJID"].isin(ex.loc[is_dose(ex), "USUBJID"] if "USUBJID" in ex else [])
    words = ("End of the study without a date (DSSTDTC)", "counted as an end at every cut, on no known day")
    yield from kind_issue(("ds", "DSSTDTC"), ds, is_blank, words, ON_FIRST_LINES)
    words = (
        "End of the study before the first dose",
        "counted as it is dated",
    )
    yield from kind_issue(("ds", "DSSTDTC"), ds, is_end & (latest_possible(date) < first), words, ON_FIRST_LINES)
