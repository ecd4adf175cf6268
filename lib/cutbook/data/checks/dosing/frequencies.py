"""How often: doses a day by the frequency of a dosing period, and the periods whose frequency is not known."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pandas as pd

from cutbook.clocks import clock_difference
from cutbook.data.checks.dosing.drugs import is_dose, study_drug
from cutbook.data.checks.records import ON_FIRST_LINES, Issue, kind_issue
from cutbook.data.wording import first_few
from cutbook.dates import date_part, to_moment
from cutbook.parameters.study import Study
from cutbook.parameters.study.treatment import Treatment
from cutbook.record_names import text_of

ONCE = "ONCE"

_WEEK, _MONTH, _YEAR = 7.0, 365.25 / 12, 365.25
_DAYS = {"MIN": 1 / 1440, "H": 1 / 24, "D": 1.0, "DAY": 1.0, "W": _WEEK, "WEEK": _WEEK, "M": _MONTH, "MONTH": _MONTH}
_DAYS_OF = _DAYS | {"HOUR": 1 / 24, "YEAR": _YEAR}
_NAMED = {
    "QD": 1.0, "QAM": 1.0, "QPM": 1.0, "QHS": 1.0, "QN": 1.0, "EVERY AFTERNOON": 1.0, "EVERY EVENING": 1.0,
    "BID": 2.0, "TID": 3.0, "QID": 4.0, "QOD": 0.5, "QH": 24.0, "QW": 1 / _WEEK, "EVERY WEEK": 1 / _WEEK,
    "QM": 1 / _MONTH, "BIM": 2 / _MONTH, "PA": 1 / _YEAR,
}  # fmt: skip
_EVERY = re.compile(r"Q(?P<number>[0-9]+)(?P<unit>MIN|H|D|W|M)|EVERY (?P<count>[0-9]+) (?P<word>DAY|WEEK|MONTH|YEAR)S?")
_TIMES = re.compile(r"(?P<number>[0-9]+) (?:TIMES?|DAYS) PER (?P<unit>DAY|WEEK|MONTH|YEAR)")
_RARE = 0.05
_SPREAD = pd.Timedelta(days=1)


def doses_per_day(frequency: str) -> float:
    """Return the doses a day of a frequency; not a number for a single dose and for a frequency that is not known.

    Source: CDISC controlled terminology, codelist FREQ; a month has 30.4375 days, as in `dose_freq_lookup` of the R
    package admiral.

    Examples
    --------
    >>> [doses_per_day(name) for name in ("QD", "bid", "Q8H", "2 TIMES PER WEEK", "PRN")]
    [1.0, 2.0, 3.0, 0.2857142857142857, nan]
    """
    name = " ".join(frequency.split()).upper()
    if name in _NAMED:
        return _NAMED[name]
    if every := _EVERY.fullmatch(name):
        days = int(every["number"] or every["count"]) * _DAYS_OF[every["unit"] or every["word"]]
        return round(1 / days, 12) if days else float("nan")
    times = _TIMES.fullmatch(name)
    return int(times["number"]) / _DAYS_OF[times["unit"]] if times else float("nan")


def frequencies(ex: pd.DataFrame, treatment: Treatment | None = None) -> pd.DataFrame:
    """Return how often each record of EX tells a dose.

    Parameters
    ----------
    ex : DataFrame
        Records of the study drug.
    treatment : Treatment or None
        May say what a record without frequency and end is; None: these records tell it.

    Returns
    -------
    DataFrame
        Same index. PERDAY (doses a day; missing for a single dose and for an unknown frequency) and IS_SINGLE.

    Notes
    -----
    Rules, the first that applies: the frequency is ONCE → a single dose; there is another one → a period; both days are
    known → a period when it lasts longer than a day; otherwise as ``treatment.open_records`` says, or
    `are_open_ones_periods` of these records.
    """
    stated = _stated(ex)
    chosen = treatment.open_records if treatment else None
    is_period = chosen == "periods" or (chosen is None and are_open_ones_periods(ex))
    is_short = ~_is_long(ex) & ~(is_period & _days(ex).isna())
    is_single = stated.str.upper().eq(ONCE) | (stated.eq("") & is_short)
    rates = stated.map({name: doses_per_day(name) for name in stated.unique()}).astype("float64")
    return pd.DataFrame({"PERDAY": rates.mask(is_single), "IS_SINGLE": is_single})


def are_open_ones_periods(ex: pd.DataFrame) -> bool:
    """Return whether a record without frequency and end is a period: most of those with an end are.

    An end that is learnt after the cut-off is removed by the cut, so the whole transfer decides, see `with_periods`.
    """
    is_bare = is_dose(ex) & _stated(ex).eq("")
    ended = is_bare & _days(ex).notna()
    return bool((ended & _is_long(ex)).sum() * 2 > ended.sum())


def with_periods(study: Study, ex: pd.DataFrame) -> Study:
    """Return the study with ``treatment.open_records`` as the whole transfer tells it where the study file does not."""
    if study.treatment.open_records or ex.empty:
        return study
    found = "periods" if are_open_ones_periods(ex[study_drug(ex, study.treatment)]) else "doses"
    return study.model_copy(update={"treatment": study.treatment.model_copy(update={"open_records": found})})


def frequency_issues(ex: pd.DataFrame, treatment: Treatment) -> Iterator[Issue]:
    """Return an issue for each frequency that is not known, the missing one of a period included.

    One more for single doses that last longer than a day, and one for frequencies that hardly any record has.
    """
    stated, often = _stated(ex), frequencies(ex, treatment)
    is_unknown = is_dose(ex) & study_drug(ex, treatment) & ~often["IS_SINGLE"] & often["PERDAY"].isna()
    for one in stated[is_unknown].drop_duplicates():
        kind = f"Dosing period with the frequency {one}" if one else "Dosing period without a frequency"
        words = (kind, "the number of doses and the total dose are not known")
        yield from kind_issue(("ex", "EXDOSFRQ"), ex, is_unknown & stated.eq(one), words, ON_FIRST_LINES)
    is_lasting = is_dose(ex) & study_drug(ex, treatment) & stated.str.upper().eq(ONCE) & _is_long(ex)
    words = (f"Frequency {ONCE}, but an end more than a day after the start", "counted as one dose")
    yield from kind_issue(("ex", "EXDOSFRQ"), ex, is_lasting, words, ON_FIRST_LINES)
    is_own = is_dose(ex) & study_drug(ex, treatment) & stated.ne("")
    share = stated[is_own].str.upper().value_counts(normalize=True)
    rare = stated.str.upper().isin(share.index[share < _RARE]) & is_own & ~is_unknown
    told = first_few(stated[rare].drop_duplicates())
    words = (f"Frequency that fewer than one record in twenty has, {told}", "doses are counted by it")
    yield from kind_issue(("ex", "EXDOSFRQ"), ex, rare, words, ON_FIRST_LINES)


def _stated(ex: pd.DataFrame) -> pd.Series:
    stated: pd.Series = text_of(ex["EXDOSFRQ"]) if "EXDOSFRQ" in ex else pd.Series("", index=ex.index, dtype="str")
    return stated.str.strip()


def _bounds(ex: pd.DataFrame) -> tuple[pd.Series, pd.Series]:
    start, end = (
        text_of(ex[name]) if name in ex else pd.Series("", index=ex.index, dtype="str")
        for name in ("EXSTDTC", "EXENDTC")
    )
    return start, end


def _days(ex: pd.DataFrame) -> pd.Series:
    """Return the time between the days of start and end; missing where one of them is not known."""
    start, end = _bounds(ex)
    days: pd.Series = date_part(end) - date_part(start)
    return days


def _is_long(ex: pd.DataFrame) -> pd.Series:
    """Return True for each record that ends on a later day, and not within 24 hours by the clock."""
    start, end = _bounds(ex)
    hours = to_moment(end) - to_moment(start) - clock_difference(end, start)
    is_within_a_day = hours.notna() & (hours < _SPREAD)
    return (_days(ex) >= _SPREAD) & ~is_within_a_day
