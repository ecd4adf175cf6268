"""The dose as given against the dose of the arm: what shows a swap of treatments."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import pandas as pd

from cutbook.columns import text_column
from cutbook.data.checks.dosing.amounts import doses_in_unit
from cutbook.data.checks.dosing.arms import planned_doses
from cutbook.data.checks.dosing.drugs import is_dose, is_placebo, study_drug
from cutbook.data.checks.records import ON_FIRST_LINES, Issue, kind_issue
from cutbook.dates import date_part
from cutbook.parameters.study import Study
from cutbook.record_names import text_of

_PLACE = ("ex", "EXDOSE")
_DIGITS = 6


def swap_issues(datasets: Mapping[str, pd.DataFrame], study: Study) -> Iterator[Issue]:
    """Return an issue for each way in which doses differ from those of the arm, and one about arms that differ.

    None where doses or arms are withheld.

    Notes
    -----
    Kinds, the first that applies to a participant: placebo alone in an arm with a dose; an active dose in an arm
    without; no dose above 0 in an arm with a dose; then, of single records, a dose that is none of the arm's, and
    placebo on a day on which a participant with active doses had none of them. A record of dose 0 beside active doses
    is an omitted dose, and placebo on the day of one a dummy, which are no difference.
    """
    ex = datasets.get("ex", pd.DataFrame())
    planned = planned_doses(datasets, study)
    if "EXDOSE" not in ex or planned.empty:
        return
    yield from _other_arms(datasets.get("dm", pd.DataFrame()), ex, study)
    amount = doses_in_unit(ex, study.treatment.dose_unit).mask(is_placebo(ex), 0.0).round(_DIGITS)
    is_own = study_drug(ex, study.treatment) & is_dose(ex) & amount.notna()
    plan = ex["USUBJID"].map(planned)
    is_active = plan.map(lambda doses: max(doses) > 0, na_action="ignore").eq(True)
    is_control, has_dose = plan.notna() & ~is_active, ex["USUBJID"].isin(ex.loc[is_own & amount.gt(0), "USUBJID"])
    is_alone = is_own & is_active & ~has_dose
    treated, kept = "treated, in the safety population", "not treated, and not in the safety population"
    words = ("Only placebo given in an arm with a dose", f"the participant counts as {treated} of that arm")
    yield from kind_issue(_PLACE, ex, is_alone & is_placebo(ex), words, ON_FIRST_LINES)
    words = ("Dose above 0 given in an arm without a dose", f"the participant counts as {treated} of that arm")
    yield from kind_issue(_PLACE, ex, is_own & is_control & amount.gt(0), words, ON_FIRST_LINES)
    is_zero = is_alone & ~ex["USUBJID"].isin(ex.loc[is_alone & is_placebo(ex), "USUBJID"])
    words = ("Only doses of 0 recorded in an arm with a dose", f"the participant counts as {kept}")
    yield from kind_issue(_PLACE, ex, is_zero, words, ON_FIRST_LINES)
    is_planned = pd.Series([_is_one_of(*pair) for pair in zip(amount, plan, strict=True)], index=ex.index, dtype="bool")
    words = ("Dose other than that of the arm", "doses are counted as given, in the arm of the participant")
    yield from kind_issue(_PLACE, ex, is_own & is_active & amount.gt(0) & ~is_planned, words)
    is_instead = is_own & is_active & has_dose & is_placebo(ex) & ~_has_active_that_day(ex, is_own & amount.gt(0))
    words = ("Placebo on a day without an active dose, in an arm with a dose", "not counted as a dose")
    yield from kind_issue(_PLACE, ex, is_instead, words, ON_FIRST_LINES)


def _other_arms(dm: pd.DataFrame, ex: pd.DataFrame, study: Study) -> Iterator[Issue]:
    """Return the issue about participants treated in another arm than that to which they were assigned."""
    variable = study.populations.actual_arm
    planned, actual = text_column(dm, "ARMCD"), text_column(dm, variable)
    arms = [arm.code for arm in study.treatment.arms]
    is_other = planned.isin(arms) & actual.isin(arms) & planned.ne(actual)
    words = (
        f"Treated in another arm ({variable}) than the one assigned (ARMCD)",
        "safety counts the participant in the arm of the treatment, and what is by randomisation in the one assigned",
    )
    is_treated = text_column(dm, "USUBJID").isin(ex["USUBJID"])
    yield from kind_issue(("dm", variable), dm, is_other & is_treated, words, ON_FIRST_LINES)


def _has_active_that_day(ex: pd.DataFrame, is_given: pd.Series) -> pd.Series:
    """Return True for each record that starts on a day of one of some records of its participant, or has no day."""
    if "EXSTDTC" not in ex:
        return pd.Series(True, index=ex.index)
    ends = ex["EXENDTC"] if "EXENDTC" in ex else ex["EXSTDTC"]
    days = pd.DataFrame({"USUBJID": ex["USUBJID"], "ROW": ex.index, "FIRST": date_part(text_of(ex["EXSTDTC"]))})
    days["LAST"] = date_part(text_of(ends)).fillna(days["FIRST"])
    pairs = days[["USUBJID", "ROW", "FIRST"]].merge(days.loc[is_given, ["USUBJID", "FIRST", "LAST"]], on="USUBJID")
    is_within = (pairs["FIRST_y"] <= pairs["FIRST_x"]) & (pairs["FIRST_x"] <= pairs["LAST"])
    return pd.Series(ex.index.isin(pairs.loc[is_within, "ROW"]), index=ex.index) | days["FIRST"].isna()


def _is_one_of(amount: float, doses: object) -> bool:
    return isinstance(doses, tuple) and any(abs(amount - dose) < 10**-_DIGITS for dose in doses)
