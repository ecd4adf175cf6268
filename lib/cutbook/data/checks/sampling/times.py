"""Samples of which the dose was decided otherwise than their own record says, or which have no dose or no time."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import pandas as pd

from cutbook.columns import number_column, text_column
from cutbook.data.checks.contradictions.times import without_uncollected_times
from cutbook.data.checks.dosing.arms import arm_doses
from cutbook.data.checks.dosing.given import administrations
from cutbook.data.checks.records import IN_LIST, ON_FIRST_LINES, Issue, kind_issue
from cutbook.data.checks.sampling.planned_times import is_planned_before_dose, nominal_hours
from cutbook.data.checks.sampling.plans import plan_issues
from cutbook.data.checks.sampling.references import elapsed_hours, is_as_planned, named_dose, with_reference_dose
from cutbook.dates import date_part, to_moment
from cutbook.parameters.study import Matrix, Study
from cutbook.records import meets_any

_HOURS_PER_DAY, _OFF, _MOST, _ENOUGH = 24, 0.25, 0.5, 6
_NAMED, _SAMPLED = ("pc", "PCRFTDTC"), ("pc", "PCDTC")
_BY_PLAN = "referred to the dose that their planned time fits, from which their time is counted"


def sampling_issues(datasets: Mapping[str, pd.DataFrame], study: Study) -> Iterator[Issue]:
    """Return an issue for each way in which samples and doses do not fit together.

    None where nothing is known of doses at all: then no sample can have one.
    """
    pc, rules = datasets.get("pc", pd.DataFrame()), study.pharmacokinetics
    if rules is None or "USUBJID" not in pc or datasets.get("ex", pd.DataFrame()).empty:
        return
    is_own = is_measured(pc, rules.matrices)
    yield from plan_issues(pc, is_own, rules.below_limit)
    known = dosed_samples(pc[is_own], datasets, study)
    yield from _otherwise(pc, known)
    yield from _off_plan(pc, known)
    yield from _mostly_off(pc, known)
    yield from _of_one_plan(pc, known)
    yield from _without_dose(pc, known)
    yield from _without_time(pc, known)


def is_measured(pc: pd.DataFrame, matrices: list[Matrix]) -> pd.Series:
    """Return True for each record of the matrices that has a result of any kind."""
    is_own = meets_any(pc, (matrix.selects for matrix in matrices))
    results = [text_column(pc, name).notna() for name in ("PCSTRESC", "PCSTRESN", "PCORRES")]
    return is_own & (results[0] | results[1] | results[2]) & text_column(pc, "USUBJID").notna()


def dosed_samples(pc: pd.DataFrame, datasets: Mapping[str, pd.DataFrame], study: Study) -> pd.DataFrame:
    """Return the samples with the dose that each refers to, as :func:`with_reference_dose` finds it.

    Returns
    -------
    DataFrame
        Its columns, NAMED (number of the dose that PCRFTDTC names, missing where it names none) and FIRST, FIRSTDTM
        (day and, where it is known, moment of the participant's first dose).
    """
    dated = without_uncollected_times(text_column(pc, "PCDTC"))
    samples = pd.DataFrame(
        {
            "USUBJID": text_column(pc, "USUBJID"),
            "ATPT": text_column(pc, "PCTPT"),
            "PCTPTNUM": number_column(pc, "PCTPTNUM"),
            "PCELTM": text_column(pc, "PCELTM"),
            "PCTPTREF": text_column(pc, "PCTPTREF"),
            "PCRFTDTC": text_column(pc, "PCRFTDTC"),
            "ADT": date_part(dated),
            "ADTM": to_moment(dated),
            "SAMPLED": dated,
        }
    )
    planned = samples.assign(NOMTIME=nominal_hours(samples))
    timed = planned.assign(IS_PREDOSE=is_planned_before_dose(planned))
    doses = administrations(datasets, arm_doses(datasets, study), study.treatment)
    first = doses[doses["STARTDT"].notna()].drop_duplicates("USUBJID").set_index("USUBJID")
    began, moment = (first[name].reindex(timed["USUBJID"].to_numpy()) for name in ("STARTDT", "STARTDTM"))
    dosed = with_reference_dose(timed, doses)
    named = named_dose(timed, doses[doses["STARTDT"].notna()])
    return dosed.assign(NAMED=named, FIRST=began.set_axis(timed.index), FIRSTDTM=moment.set_axis(timed.index))


def _otherwise(pc: pd.DataFrame, known: pd.DataFrame) -> Iterator[Issue]:
    """Return an issue about samples that refer to another dose than they name, and one about doses that EX lacks."""
    is_stated, has_dose = known["PCRFTDTC"].notna(), known["DOSEOCC"].notna()
    is_moved = known["NAMED"].notna() & has_dose & known["DOSEOCC"].ne(known["NAMED"])
    words = ("Sample whose planned time does not fit the dose that its reference time names", _BY_PLAN)
    yield from _issue(_NAMED, pc, is_moved, words)
    is_unknown = is_stated & known["NAMED"].isna() & has_dose
    yield from _issue(_NAMED, pc, is_unknown, ("Sample with a reference time at which EX has no dose", _BY_PLAN))


def _off_plan(pc: pd.DataFrame, known: pd.DataFrame) -> Iterator[Issue]:
    """Return an issue about samples more than a day off their planned time, whatever dose they refer to."""
    is_off = known["DOSEOCC"].notna() & ~is_as_planned(known)
    words = ("Sample more than a day off its planned time after the dose to which it refers", "shown at both times")
    yield from _issue(_SAMPLED, pc, is_off, words)


def _mostly_off(pc: pd.DataFrame, known: pd.DataFrame) -> Iterator[Issue]:
    """Return the issue about planned times that most samples after a dose were not taken near: they are no hours."""
    planned, elapsed = known["NOMTIME"], elapsed_hours(known)
    own = known[planned.gt(0) & elapsed.gt(0) & elapsed.le(_HOURS_PER_DAY)]
    share = ((elapsed - planned).abs() > _OFF * planned).reindex(own.index)
    is_odd = pd.Series(known.index.isin(own.index[share]), index=known.index) & (
        share.mean() > _MOST and len(own) >= _ENOUGH
    )
    words = (
        "Most samples of the first day after a dose were not taken near their planned hours, as if these were none",
        "shown at both times; PCELTM, or PCTPTNUM by sources.defaults.pc of the study file, can tell the hours",
    )
    yield from _issue(("pc", "PCTPTNUM"), pc, is_odd, words)


def _of_one_plan(pc: pd.DataFrame, known: pd.DataFrame) -> Iterator[Issue]:
    """Return an issue about samples of several times that were planned at one, of a visit or else of one dose."""
    visit = [name for name in ("VISITNUM", "VISIT") if name in pc and pc[name].notna().any()]
    place = ["USUBJID", "PCTESTCD", "PCSPEC", *visit, *(name for name in ("PCMETHOD", "PCLOC") if name in pc)]
    planned = pc.loc[known.index, place].assign(PLAN=known["NOMTIME"], TOLD=known["ATPT"])
    planned = planned if visit else planned.assign(DOSE=known["DOSEOCC"])
    own = planned[known["NOMTIME"].notna() & known["SAMPLED"].notna()]
    times = known["SAMPLED"].reindex(own.index).groupby([own[name] for name in own], dropna=False).transform("nunique")
    is_odd = (times > 1).reindex(known.index, fill_value=False)
    words = ("Samples of one planned time that were taken at different times", "each of them is counted at that time")
    yield from _issue(_SAMPLED, pc, is_odd, words)


def _without_dose(pc: pd.DataFrame, known: pd.DataFrame) -> Iterator[Issue]:
    """Return an issue about samples dated before the first dose but planned after one, and one about those without."""
    is_early = known["ADT"].lt(known["FIRST"]) | known["ADTM"].lt(known["FIRSTDTM"])
    is_early &= ~known["IS_PREDOSE"] & known["NOMTIME"].notna()
    words = ("Sample dated before the first dose, but planned after a dose", "shown at the planned time")
    yield from _issue(_SAMPLED, pc, is_early, words)
    is_without = known["DOSEOCC"].isna() & ~is_early
    words = (
        "Sample without a dose to which it can be referred",
        "shown at the planned time, without a time since a dose",
    )
    yield from _issue(_SAMPLED, pc, is_without, words)


def _without_time(pc: pd.DataFrame, known: pd.DataFrame) -> Iterator[Issue]:
    """Return an issue about samples whose own time is not known, and one about those of a dose without a time."""
    has_dose, is_untimed = known["DOSEOCC"].notna(), known["ADTM"].isna()
    stands = "the planned time stands in for the time since the dose"
    yield from _issue(_SAMPLED, pc, has_dose & is_untimed, ("Sample without a time of day", stands), IN_LIST)
    is_of_untimed = has_dose & ~is_untimed & known["STARTDTM"].isna()
    yield from _issue(_SAMPLED, pc, is_of_untimed, ("Sample of a dose whose time is not known", stands), IN_LIST)


def _issue(
    place: tuple[str, str], pc: pd.DataFrame, is_odd: pd.Series, words: tuple[str, str], weight: int = ON_FIRST_LINES
) -> Iterator[Issue]:
    return kind_issue(place, pc, is_odd.reindex(pc.index, fill_value=False), words, weight)
