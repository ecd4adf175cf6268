"""How often: doses a day by the frequency of a dosing period, and the periods whose frequency is not known."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pandas as pd

from cutbook.data.checks.dosing.drugs import is_dose, study_drug
from cutbook.data.checks.records import Issue, kind_issue
from cutbook.dates import date_part, to_moment
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


def frequencies(ex: pd.DataFrame) -> pd.DataFrame:
    """Return how often each record of EX tells a dose.

    Returns
    -------
    DataFrame
        Same index. PERDAY (doses a day; missing for a single dose and for an unknown frequency) and IS_SINGLE.

    Notes
    -----
    A record is a single dose when its frequency is ONCE, or when it has none and does not last longer than a day.
    """
    stated = text_of(ex["EXDOSFRQ"]) if "EXDOSFRQ" in ex else pd.Series("", index=ex.index, dtype="str")
    stated = stated.str.strip()
    is_single = stated.str.upper().eq(ONCE) | (stated.eq("") & ~_is_long(ex))
    rates = stated.map({name: doses_per_day(name) for name in stated.unique()}).astype("float64")
    return pd.DataFrame({"PERDAY": rates.mask(is_single), "IS_SINGLE": is_single})


def frequency_issues(ex: pd.DataFrame, treatment: Treatment) -> Iterator[Issue]:
    """Return an issue for each frequency that is not known, the missing one of a period included."""
    stated = text_of(ex["EXDOSFRQ"]) if "EXDOSFRQ" in ex else pd.Series("", index=ex.index, dtype="str")
    often = frequencies(ex)
    is_unknown = is_dose(ex) & study_drug(ex, treatment) & ~often["IS_SINGLE"] & often["PERDAY"].isna()
    for one in stated[is_unknown].drop_duplicates():
        kind = f"Dosing period with the frequency {one}" if one else "Dosing period without a frequency"
        words = (kind, "the number of doses and the total dose are not known")
        yield from kind_issue(("ex", "EXDOSFRQ"), ex, is_unknown & stated.eq(one), words)


def _is_long(ex: pd.DataFrame) -> pd.Series:
    """Return True for each record that ends on a later day, and not within 24 hours by the clock."""
    start, end = ((text_of(ex[name]) if name in ex else pd.Series("", ex.index)) for name in ("EXSTDTC", "EXENDTC"))
    days, hours = date_part(end) - date_part(start), to_moment(end) - to_moment(start)
    is_within_a_day = hours.notna() & (hours < _SPREAD)
    return (days >= _SPREAD) & ~is_within_a_day
