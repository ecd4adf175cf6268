"""Numbers of doses: several on one day, more than planned, and doses that their record says were not given."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from cutbook.data.checks.dosing.drugs import is_dose, is_placebo, study_drug
from cutbook.data.checks.dosing.frequencies import frequencies
from cutbook.data.checks.records import ON_FIRST_LINES, Issue, kind_issue
from cutbook.dates import date_part
from cutbook.parameters.study.treatment import Treatment
from cutbook.record_names import text_of
from cutbook.records import meets

_COUNTED = "each of them is counted as a dose"
_USUAL = 0.5


def count_issues(ex: pd.DataFrame, treatment: Treatment) -> Iterator[Issue]:
    """Return an issue about doses of one day, one about more than were planned, one about those said not to be given.

    Several doses on a day are told where fewer than half of the days with doses have several; both are told of single
    doses alone.
    """
    amount = ex["EXDOSE"] if "EXDOSE" in ex else pd.Series(float("nan"), index=ex.index)
    is_off = meets(ex, {"EXOCCUR": ["N"]}) | meets(ex, {"EXSTAT": ["NOT DONE"]})
    words = ("Said not to be given (EXOCCUR, EXSTAT), with a dose above 0", "not counted as a dose")
    yield from kind_issue(("ex", "EXDOSE"), ex, is_off & amount.gt(0), words, ON_FIRST_LINES)
    own = _starts(ex, amount, treatment)
    single = own[frequencies(own, treatment)["IS_SINGLE"]]
    if "EXSTDTC" in single:
        day = date_part(text_of(single["EXSTDTC"]))
        known = single[day.notna()]
        number = known.groupby([known["USUBJID"], day[known.index]])["USUBJID"].transform("size")
        days = number.groupby([known["USUBJID"], day[known.index]]).first()
        is_several = number.index[number > 1] if (days > 1).mean() < _USUAL else number.index[:0]
        is_odd = pd.Series(ex.index.isin(is_several), index=ex.index)
        yield from kind_issue(("ex", "EXSTDTC"), ex, is_odd, ("Several doses on one day", _COUNTED), ON_FIRST_LINES)
    if treatment.planned_doses is not None and len(single) == len(own):
        extra = own.groupby("USUBJID").cumcount().ge(treatment.planned_doses).reindex(ex.index, fill_value=False)
        words = (f"More doses than the {treatment.planned_doses} of treatment.planned_doses", _COUNTED)
        yield from kind_issue(("ex", "EXDOSE"), ex, extra, words, ON_FIRST_LINES)


def _starts(ex: pd.DataFrame, amount: pd.Series, treatment: Treatment) -> pd.DataFrame:
    """Return the doses of the study drug without dummies; of those that start together, told elsewhere, the first."""
    is_dosed = ex["USUBJID"].isin(ex.loc[is_dose(ex) & amount.gt(0), "USUBJID"])
    own = ex[study_drug(ex, treatment) & is_dose(ex) & ~(is_placebo(ex) & is_dosed)]
    return own[~own.duplicated(["USUBJID", "EXSTDTC"]) | own["EXSTDTC"].isna()] if "EXSTDTC" in own else own
