"""The register: every statistic that a results table may hold, once."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


@dataclass(frozen=True)
class Statistic:
    """How a statistic is named, rounded and counted.

    Attributes
    ----------
    words : str
        What it is, for the documentation and for abbreviations under a table.
    decimals : int or None
        So many decimals, whatever the data have.
    extra : int or None
        So many decimals more than the data as collected; three significant figures where those are not known.
    is_count : bool
        A whole number: what moved is told by how many.
    is_p : bool
        A p value, never shown as 0 or 1.
    """

    words: str
    decimals: int | None = None
    extra: int | None = None
    is_count: bool = False
    is_p: bool = False


_POINTS = "in percentage points"
STATISTICS = {
    "n": Statistic("participants with the event or category; values in a summary; files or records", is_count=True),
    "N": Statistic("participants in the group: the denominator", is_count=True),
    "pct": Statistic("100 n / N", decimals=1),
    "events": Statistic("events, each one counted", is_count=True),
    "rd": Statistic(f"difference of two percentages, {_POINTS}", decimals=1),
    "rd_low": Statistic(f"its lower 95 % confidence limit (Newcombe), {_POINTS}", decimals=1),
    "rd_high": Statistic(f"its upper 95 % confidence limit (Newcombe), {_POINTS}", decimals=1),
    "mean": Statistic("mean", extra=1),
    "sd": Statistic("standard deviation", extra=2),
    "median": Statistic("median", extra=1),
    "q1": Statistic("lower quartile (SAS definition 5)", extra=1),
    "q3": Statistic("upper quartile (SAS definition 5)", extra=1),
    "min": Statistic("minimum", extra=0),
    "max": Statistic("maximum", extra=0),
    "sum": Statistic("total", extra=1),
    "rate": Statistic("events per 100 person-years at risk", decimals=1),
    "cv": Statistic("100 SD / mean", decimals=1),
    "geomean": Statistic("geometric mean"),
    "geocv": Statistic("100 √(exp(s²) − 1), s the SD of the natural logarithms", decimals=1),
    "ci_low": Statistic("lower 95 % confidence limit of the mean, geometric mean or estimate (t)", extra=2),
    "ci_high": Statistic("upper 95 % confidence limit of the mean, geometric mean or estimate (t)", extra=2),
    "samples": Statistic("samples with a result", is_count=True),
    "nblq": Statistic("samples below the limit of quantification", is_count=True),
    "estimate": Statistic("least-squares mean, or difference of two", extra=2),
    "se": Statistic("standard error of an estimate"),
    "p": Statistic("two-sided p value", is_p=True),
    "diff_pct": Statistic("100 × (ratio of geometric mean ratios − 1)", decimals=0),
    "diff_pct_low": Statistic("its lower 95 % confidence limit", decimals=0),
    "diff_pct_high": Statistic("its upper 95 % confidence limit", decimals=0),
    "df": Statistic("residual degrees of freedom", decimals=0),
    "residual_sd": Statistic("residual standard deviation"),
}
"""By name, in the order in which docs/results.md explains them."""

COUNTS = frozenset(name for name, statistic in STATISTICS.items() if statistic.is_count)
"""Statistics that are whole numbers."""


class Reason(StrEnum):
    """Why there is no value, as a results table holds it; a model gives reasons of its own."""

    NOBODY = "nobody in this group"
    NO_VALUES = "no values"
    ONE_VALUE = "one value only"
    TOO_FEW_OR_ZERO = "fewer than two values, or a value of zero"
    TOO_FEW_POSITIVE = "fewer than two positive values"
    TIME_NOT_KNOWN = "the time at risk of a participant is not known"
    BELOW_LIMIT = "below the limit of quantification"
    MOSTLY_BELOW_LIMIT = "more than half of the samples below the limit of quantification"


SIGNS: dict[str, str] = {Reason.BELOW_LIMIT: "BLQ"}
"""What stands in the place of a value by reason, where that is not the rule of its display."""
