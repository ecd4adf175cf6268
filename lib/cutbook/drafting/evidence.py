"""What the rules of a draft ask of a transfer: columns that may be missing, counts, and words for them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from cutbook.data.checks.dosing.drugs import is_dose
from cutbook.dates import date_part, earliest, study_day
from cutbook.record_names import text_of

ENOUGH = 0.9
HALF = 0.5
QUARTER = 0.25
_SHOWN = 6


@dataclass(frozen=True)
class Evidence:
    """A transfer as the rules see it: its datasets by lower-case name, what is restricted in its place."""

    datasets: Mapping[str, pd.DataFrame]

    def frame(self, dataset: str) -> pd.DataFrame:
        """Return a dataset; without records where it did not come."""
        return self.datasets.get(dataset, pd.DataFrame())

    def has(self, dataset: str, *variables: str) -> bool:
        """Return whether a dataset came with all these variables, each with a value."""
        frame = self.frame(dataset)
        return dataset in self.datasets and all(name in frame and frame[name].notna().any() for name in variables)

    def text(self, dataset: str, variable: str) -> pd.Series:
        """Return a variable as text, empty where it is missing or did not come."""
        return column(self.frame(dataset), variable)

    def number(self, dataset: str, variable: str) -> pd.Series:
        """Return a variable as numbers, missing where it is none or did not come."""
        frame = self.frame(dataset)
        if variable not in frame:
            return pd.Series(np.nan, index=frame.index, dtype="float64")
        return pd.to_numeric(frame[variable], errors="coerce").astype("float64")

    def filled(self, dataset: str, variable: str) -> float:
        """Return the share of records with a value; 0 without records."""
        said = self.text(dataset, variable).ne("")
        return float(said.mean()) if len(said) else 0.0

    @cached_property
    def first_doses(self) -> pd.Series:
        """Day of the first dose by participant: the first of EX, else RFXSTDTC or RFSTDTC of DM."""
        ex, dm = self.frame("ex"), self.frame("dm")
        found = pd.Series(dtype="datetime64[s]")
        if {"USUBJID", "EXSTDTC"} <= set(ex.columns):
            given = ex[is_dose(ex)]
            found = earliest(text_of(given["EXSTDTC"])).dt.floor("D").groupby(given["USUBJID"]).min()
        for variable in ("RFXSTDTC", "RFSTDTC"):
            if {"USUBJID", variable} <= set(dm.columns):
                days = earliest(text_of(dm[variable])).dt.floor("D").groupby(dm["USUBJID"]).min()
                found = found.combine_first(days)
        return found.dropna()

    def first_dose_of(self, participants: pd.Series) -> pd.Series:
        """Return the day of the first dose of each participant in a column; missing for whom there is none."""
        days = participants.astype("object").map(self.first_doses.to_dict())
        return pd.to_datetime(days).astype("datetime64[s]")

    def study_days(self, dataset: str, variable: str) -> pd.Series:
        """Return the study day of each record by a date; missing without a date or a first dose."""
        frame = self.frame(dataset)
        if not {"USUBJID", variable} <= set(frame.columns):
            return pd.Series(np.nan, index=frame.index, dtype="float64")
        reference = self.first_dose_of(frame["USUBJID"])
        return study_day(date_part(text_of(frame[variable])), reference).astype("float64")


def column(frame: pd.DataFrame, variable: str) -> pd.Series:
    """Return a column as text, empty where it is missing or not there."""
    if variable not in frame:
        return pd.Series("", index=frame.index, dtype="str")
    return text_of(frame[variable])


def tally(values: pd.Series) -> dict[str, int]:
    """Return how often each text occurs, the most frequent first, equally frequent ones by the alphabet; no empty one.

    Examples
    --------
    >>> tally(pd.Series(["b", "a", "", "b"], dtype="str"))
    {'b': 2, 'a': 1}
    """
    counts = values[values.ne("")].value_counts()
    return {str(name): int(counts[name]) for name in sorted(counts.index, key=lambda name: (-counts[name], name))}


def counted(counts: Mapping[str, int]) -> str:
    """Return counts in words, the most frequent ones.

    Examples
    --------
    >>> counted({"mg": 40, "g": 1})
    'mg 40, g 1'
    """
    listed = [f"{name} {count:,}" for name, count in counts.items()]
    more = len(listed) - _SHOWN
    return ", ".join(listed[:_SHOWN]) + (f" and {more} more" if more > 0 else "")


def amount(value: float) -> str:
    """Return a number with all its digits, without a point where it is whole.

    Examples
    --------
    >>> amount(1234567.0), amount(0.123456789), amount(2.5)
    ('1234567', '0.123456789', '2.5')
    """
    return str(int(value)) if float(value).is_integer() else repr(float(value))


def people(frame: pd.DataFrame, chosen: pd.Series | None = None) -> int:
    """Return how many participants have a record, or a chosen one."""
    rows = frame if chosen is None else frame[chosen]
    return int(rows["USUBJID"].nunique()) if "USUBJID" in rows else 0


def usual_decimals(values: Sequence[float] | pd.Series) -> int:
    """Return how many decimals most of the numbers have, 4 at most; 0 without numbers.

    Examples
    --------
    >>> usual_decimals([70.5, 81.2, 64.0])
    1
    """
    counts: dict[int, int] = {}
    for value in pd.Series(values, dtype="float64").dropna():
        text = f"{value:.4f}".rstrip("0")
        decimals = len(text.partition(".")[2])
        counts[decimals] = counts.get(decimals, 0) + 1
    return max(counts, key=lambda decimals: (counts[decimals], -decimals), default=0)
