"""Baselines: which results count as taken before treatment, and where the rule marks others than were delivered."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import pandas as pd

from cutbook.data.checks.contradictions.times import without_uncollected_times
from cutbook.data.checks.dosing.drugs import is_dose, study_drug
from cutbook.data.checks.records import ON_FIRST_LINES, Issue, kind_issue
from cutbook.data.checks.values.results import numbers_of
from cutbook.dates import date_part, earliest, to_moment
from cutbook.parameters.study import Endpoint, Findings, Study
from cutbook.parameters.study.analyses import Baseline, Timing
from cutbook.record_names import text_of
from cutbook.records import meets, sequence_variable
from cutbook.standards.specimens import fluid_of

_AFTER_DOSE = r"POST.?(?:DOSE|INJ|INF|ADMIN|TREAT|LP\b|PUNCT)|AFTER (?:THE )?(?:DOSE|DOSING|INJ|INF|ADMIN|LP\b|PUNCT)"
_BEFORE_DOSE = r"PRE.?(?:DOSE|INJ|INF|ADMIN|TREAT|LP\b|PUNCT)|BEFORE (?:THE )?(?:DOSE|DOSING|INJ|INF|ADMIN|LP\b|PUNCT)"
_FLAGS = ("LOBXFL", "BLFL")
_PLACE = ["USUBJID", "TEST", "POS", "SPEC"]


def is_before_treatment(records: pd.DataFrame, rule: Timing) -> pd.Series:
    """Return True for each record that counts as taken before treatment.

    Parameters
    ----------
    records : DataFrame
        ADT, ADTM, FIRSTDTM, ATPT, TRTSDT, TRTSDTM.
    rule : str
        ``day_1``: on or before the day of the first dose. ``before_first_dose``: by the rules below.

    Notes
    -----
    Rules of ``before_first_dose``, the first that applies: never treated → yes; no complete date → no; an earlier day →
    yes; a later day → no; both times known → at or before the dose; even the
    earliest moment that the time can mean is later than the dose → no; planned after the dose → no; planned before the
    dose → yes; otherwise, on the day of the dose, only when the record has no time.
    """
    day, dosed = records["ADT"], records["TRTSDT"]
    if rule == "day_1":
        return dosed.isna() | (day <= dosed)
    moment, dose = records["ADTM"], records["TRTSDTM"]
    point = records["ATPT"].str.upper()
    before: pd.Series = moment.isna().case_when(
        [
            (dosed.isna(), True),
            (day.isna(), False),
            (day < dosed, True),
            (day > dosed, False),
            (moment.notna() & dose.notna(), moment <= dose),
            (records.get("FIRSTDTM", moment) > dose, False),
            (point.str.contains(_AFTER_DOSE, na=False), False),
            (point.str.contains(_BEFORE_DOSE, na=False), True),
        ]
    )
    return before


def can_be_baseline(records: pd.DataFrame, rule: Baseline) -> pd.Series:
    """Return True for each record of which the last one with a result is the baseline.

    Parameters
    ----------
    records : DataFrame
        As `is_before_treatment` takes them, and VISIT, VISITNUM, IS_FLAGGED.
    rule : Baseline
        The study file's.
    """
    if rule.flag:
        return records["IS_FLAGGED"]
    if rule.visit:
        return meets(records, {"VISIT": [rule.visit]}) | meets(records, {"VISITNUM": [rule.visit]})
    return is_before_treatment(records, rule.time)


def baseline_issues(datasets: Mapping[str, pd.DataFrame], study: Study) -> Iterator[Issue]:
    """Return issues of each family: no record by its rule, a baseline after the first dose, and flags that differ."""
    families: list[Findings | Endpoint] = [*study.findings, *study.endpoints]
    for family in families:
        frame, letters = datasets.get(family.dataset, pd.DataFrame()), family.dataset[:2].upper()
        if {"USUBJID", f"{letters}TESTCD", f"{letters}DTC"} <= set(frame.columns):
            results = _results(family, frame, datasets, study)
            yield from _without(family, frame, results)
            yield from _late(family, frame, results)
            for flag in (f"{letters}{suffix}" for suffix in _FLAGS):
                if flag in frame and flag != family.baseline.flag:
                    yield from _differing(family, frame, results, flag)


def _results(
    family: Findings | Endpoint, frame: pd.DataFrame, datasets: Mapping[str, pd.DataFrame], study: Study
) -> pd.DataFrame:
    """Return the numeric results of a family in the order of time, with what tells which is the baseline."""
    letters = family.dataset[:2].upper()
    blank, gap = pd.Series("", index=frame.index, dtype="str"), pd.Series(float("nan"), index=frame.index)
    text = {name: text_of(frame[name]) if name in frame else blank for name in _texts(letters, family.baseline)}
    number = frame.get(f"{letters}STRESN", gap)
    dated = without_uncollected_times(text[f"{letters}DTC"])
    starts = _first_doses(datasets.get("ex", pd.DataFrame()), study).reindex(text["USUBJID"].to_numpy())
    results = pd.DataFrame(
        {
            "USUBJID": text["USUBJID"],
            "TEST": text[f"{letters}TESTCD"],
            "POS": text[f"{letters}POS"],
            "SPEC": text[f"{letters}SPEC"].map(fluid_of),
            "ADT": date_part(dated),
            "ADTM": to_moment(dated),
            "FIRSTDTM": earliest(dated),
            "ATPT": text[f"{letters}TPT"],
            "VISIT": text["VISIT"],
            "VISITNUM": frame.get("VISITNUM", gap),
            "IS_FLAGGED": text[family.baseline.flag or f"{letters}BLFL"].eq("Y"),
            "SEQ": frame.get(sequence_variable(family.dataset, frame.columns) or "", gap),
            **{name: starts[name].to_numpy() for name in starts},
        }
    )
    has_result = numbers_of(text[f"{letters}STRESC"], number).notna()
    own = results[has_result & meets(frame, family.selects)]
    apart = {name: own[name].where(_is_in_several(own, name), "") for name in ("POS", "SPEC")}
    return own.assign(**apart, _AT=own["ADTM"].fillna(own["ADT"])).sort_values(["_AT", "SEQ"], na_position="first")


def _is_in_several(results: pd.DataFrame, name: str) -> pd.Series:
    """Return True for results of a test that was taken in several positions, or specimens."""
    number: pd.Series = results[name].mask(results[name].eq("")).groupby(results["TEST"]).transform("nunique")
    return number > 1


def _texts(letters: str, rule: Baseline) -> list[str]:
    parts = ("TESTCD", "POS", "SPEC", "DTC", "TPT", "STRESC", "BLFL")
    return ["USUBJID", "VISIT", *(f"{letters}{part}" for part in parts), *([rule.flag] if rule.flag else [])]


def _first_doses(ex: pd.DataFrame, study: Study) -> pd.DataFrame:
    """Return day and moment (missing when its time is not known) of the first dose by participant."""
    if not {"USUBJID", "EXSTDTC"} <= set(ex.columns):
        return pd.DataFrame({name: pd.Series(dtype="datetime64[s]") for name in ("TRTSDT", "TRTSDTM")})
    is_given = is_dose(ex) & study_drug(ex, study.treatment)
    started = without_uncollected_times(text_of(ex["EXSTDTC"]))[is_given]
    people = text_of(ex["USUBJID"])[is_given]
    day = earliest(started).dt.floor("D").groupby(people).min()
    moment = to_moment(started).groupby(people).min()
    return pd.DataFrame({"TRTSDT": day, "TRTSDTM": moment.where(moment.dt.floor("D").eq(day))})


def _named(family: Findings | Endpoint) -> str:
    return f"findings.{family.id}" if isinstance(family, Findings) else f"endpoints.{family.paramcd}"


def _baselines(family: Findings | Endpoint, results: pd.DataFrame) -> pd.DataFrame:
    return results[can_be_baseline(results, family.baseline)].drop_duplicates(_PLACE, keep="last")


def _without(family: Findings | Endpoint, frame: pd.DataFrame, results: pd.DataFrame) -> Iterator[Issue]:
    rule = family.baseline
    if (rule.flag or rule.visit) and not can_be_baseline(results, rule).any():
        what = f"{rule.flag} Y" if rule.flag else f"VISIT or VISITNUM {rule.visit}"
        words = (
            f"No result with {what}, which {_named(family)}.baseline of the study file names ({family.label})",
            "there is no baseline and no change",
        )
        is_odd = pd.Series(frame.index.isin(results.index), index=frame.index)
        variable = rule.flag or "VISITNUM"
        yield from kind_issue((family.dataset, variable), frame, is_odd, words, ON_FIRST_LINES)


def _late(family: Findings | Endpoint, frame: pd.DataFrame, results: pd.DataFrame) -> Iterator[Issue]:
    if family.baseline.flag or family.baseline.visit:
        taken = _baselines(family, results)
        late = taken.index[~is_before_treatment(taken, "before_first_dose")]
        words = (
            f"Baseline not before the first dose ({family.label})",
            f"counted, for it is {family.baseline.words}, as {_named(family)}.baseline of the study file says",
        )
        place = (family.dataset, f"{family.dataset[:2].upper()}DTC")
        yield from kind_issue(place, frame, pd.Series(frame.index.isin(late), index=frame.index), words, ON_FIRST_LINES)


def _differing(family: Findings | Endpoint, frame: pd.DataFrame, results: pd.DataFrame, flag: str) -> Iterator[Issue]:
    """Return an issue about baselines at another moment than the flag marks, where it marks any of the family."""
    marked = results[text_of(frame[flag]).loc[results.index].eq("Y")]
    if marked.empty:
        return
    ours = _baselines(family, results)
    moment = [*_PLACE, "_AT"]
    is_marked = pd.MultiIndex.from_frame(ours[moment]).isin(pd.MultiIndex.from_frame(marked[moment]))
    has_ours = pd.MultiIndex.from_frame(marked[_PLACE]).isin(pd.MultiIndex.from_frame(ours[_PLACE]))
    odd = ours.index[~is_marked].union(marked.index[~has_ours])
    words = (
        f"Baseline other than {flag} marks ({family.label})",
        f"it is {family.baseline.words}, unless {_named(family)}.baseline of the study file names the flag",
    )
    is_odd = pd.Series(frame.index.isin(odd), index=frame.index)
    yield from kind_issue((family.dataset, flag), frame, is_odd, words)
