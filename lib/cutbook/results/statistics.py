"""The register: every statistic that a results table may hold, once."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from cutbook.catalogue.kinds.absence import Absence
from cutbook.rounding import rounded, rounded_to_figures


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
    figures : int or None
        At most so many significant figures, but never fewer than the whole number takes.
    is_count : bool
        A whole number: what moved is told by how many.
    is_p : bool
        A p value, never shown as 0 or 1.
    """

    words: str
    decimals: int | None = None
    extra: int | None = None
    figures: int | None = None
    is_count: bool = False
    is_p: bool = False


_DECIMALS_OF_P, _FIGURES = 4, 3
_POINTS = "in percentage points"
STATISTICS = {
    "n": Statistic("participants with the event or category; values in a summary; files or records", is_count=True),
    "N": Statistic("participants in the group: the denominator", is_count=True),
    "pct": Statistic("100 n / N", decimals=1),
    "upper": Statistic("upper 95 % confidence limit of a share of 0 (Clopper-Pearson), in %", decimals=1),
    "events": Statistic("events, each one counted", is_count=True),
    "n_drug": Statistic("participants counted, as if all that can have been on the drug were", is_count=True),
    "N_drug": Statistic("participants on the drug at the planned ratio, rounded down", is_count=True),
    "pct_drug": Statistic("100 n_drug / N_drug", decimals=0),
    "rd": Statistic(f"difference of two percentages, {_POINTS}", decimals=1),
    "rd_low": Statistic(f"its lower 95 % confidence limit (Newcombe), {_POINTS}", decimals=1),
    "rd_high": Statistic(f"its upper 95 % confidence limit (Newcombe), {_POINTS}", decimals=1),
    "mean": Statistic("mean", extra=1),
    "sd": Statistic("standard deviation", extra=2, figures=_FIGURES),
    "median": Statistic("median", extra=1),
    "q1": Statistic("lower quartile (SAS definition 5)", extra=1),
    "q3": Statistic("upper quartile (SAS definition 5)", extra=1),
    "min": Statistic("minimum", extra=0),
    "max": Statistic("maximum", extra=0),
    "sum": Statistic("total", extra=1),
    "day": Statistic("study day", decimals=0),
    "days_after": Statistic("days after the last dose", decimals=0),
    "dose": Statistic("number of the dose", decimals=0),
    "result": Statistic("one result, as collected", extra=0),
    "rate": Statistic("events per 100 person-years at risk", decimals=1),
    "years": Statistic("person-years from the first dose to the first event, or all at risk", decimals=1),
    "first_rate": Statistic("participants with an event per 100 person-years to the first", decimals=1),
    "first_rate_low": Statistic("its lower 95 % confidence limit (exact, Poisson)", decimals=1),
    "first_rate_high": Statistic("its upper 95 % confidence limit (exact, Poisson)", decimals=1),
    "rate_diff": Statistic("difference of two such rates", decimals=1),
    "rate_diff_low": Statistic("its lower 95 % confidence limit (score)", decimals=1),
    "rate_diff_high": Statistic("its upper 95 % confidence limit (score)", decimals=1),
    "cv": Statistic("100 SD / mean", decimals=1),
    "geomean": Statistic("geometric mean"),
    "geocv": Statistic("100 √(exp(s²) − 1), s the SD of the natural logarithms", decimals=1),
    "ci_low": Statistic("lower 95 % confidence limit of the mean, geometric mean or estimate (t)", extra=2),
    "ci_high": Statistic("upper 95 % confidence limit of the mean, geometric mean or estimate (t)", extra=2),
    "samples": Statistic("samples with a result", is_count=True),
    "nblq": Statistic("samples below the limit of quantification", is_count=True),
    "estimate": Statistic("least-squares mean, or difference of two", extra=2),
    "se": Statistic("standard error of an estimate"),
    "ddf": Statistic("degrees of freedom of an estimate", decimals=1),
    "p": Statistic("two-sided p value", is_p=True),
    "p_dunnett": Statistic("p value adjusted for the comparisons with the control (Dunnett)", is_p=True),
    "p_holm": Statistic("p value adjusted for the comparisons with the control (Holm)", is_p=True),
    "diff_pct": Statistic("100 × (ratio of geometric mean ratios − 1)", decimals=0),
    "diff_pct_low": Statistic("its lower 95 % confidence limit", decimals=0),
    "diff_pct_high": Statistic("its upper 95 % confidence limit", decimals=0),
    "slope": Statistic("slope of the logarithm of a parameter against that of the dose", decimals=3),
    "slope_low": Statistic("its lower 90 % confidence limit (t)", decimals=3),
    "slope_high": Statistic("its upper 90 % confidence limit (t)", decimals=3),
    "ratio": Statistic("ratio of two means, geometric where not said otherwise"),
    "ratio_low": Statistic("its lower 90 % confidence limit (t)"),
    "ratio_high": Statistic("its upper 90 % confidence limit (t)"),
    "predicted": Statistic("prediction of one further participant"),
    "predicted_low": Statistic("lower end of its 90 % prediction interval (t)"),
    "predicted_high": Statistic("upper end of its 90 % prediction interval (t)"),
    "rho": Statistic("rank correlation (Spearman)", decimals=2),
    "response": Statistic("change of a response that goes with exposure"),
    "response_low": Statistic("its lower 90 % confidence limit (t)"),
    "response_high": Statistic("its upper 90 % confidence limit (t)"),
    "limit": Statistic("limit with which an estimate is compared"),
    "limit_low": Statistic("lower one of two limits of a slope", decimals=3),
    "limit_high": Statistic("upper one of two limits of a slope", decimals=3),
    "verdict": Statistic("place of a judgement among those of its table, from 0", decimals=0),
    "p_ranks": Statistic("p value of the rank sum test (Wilcoxon, normal approximation)", is_p=True),
    "p_logrank": Statistic("p value of the log-rank test", is_p=True),
    "deaths": Statistic("participants who died", is_count=True),
    "score": Statistic("mean of wins less losses", decimals=1),
    "wins": Statistic("pairs in which the participant of the row does better", is_count=True),
    "ties": Statistic("pairs in which neither does", is_count=True),
    "losses": Statistic("pairs in which the participant of the row does worse", is_count=True),
    "pairs": Statistic("pairs of participants", is_count=True),
    "by_survival": Statistic("pairs that survival decided", is_count=True),
    "surv": Statistic("share without the event (Kaplan-Meier), in %", decimals=1),
    "surv_low": Statistic("its lower 95 % confidence limit (log-log)", decimals=1),
    "surv_high": Statistic("its upper 95 % confidence limit (log-log)", decimals=1),
    "at_risk": Statistic("participants followed so long", is_count=True),
    "last_day": Statistic("last study day on which anybody was followed", decimals=0),
    "hr": Statistic("hazard ratio (Cox, ties by Efron)"),
    "hr_low": Statistic("its lower 95 % confidence limit (Wald)"),
    "hr_high": Statistic("its upper 95 % confidence limit (Wald)"),
    "chi2": Statistic("chi-square statistic"),
    "ed": Statistic("dose that reaches a difference from the control"),
    "ed_low": Statistic("its lower 95 % confidence limit"),
    "ed_high": Statistic("its upper 95 % confidence limit"),
    "ed50": Statistic("dose with half of the greatest effect"),
    "ed50_low": Statistic("its lower 95 % confidence limit"),
    "ed50_high": Statistic("its upper 95 % confidence limit"),
    "df": Statistic("residual degrees of freedom", decimals=0),
    "residual_sd": Statistic("residual standard deviation"),
    "records": Statistic("values in a model", is_count=True),
    "steps": Statistic("steps to convergence", is_count=True),
}
"""By name, in the order in which docs/results.md explains them."""

COUNTS = frozenset(name for name, statistic in STATISTICS.items() if statistic.is_count)
"""Statistics that are whole numbers."""


def rounded_as_shown(statistic: str, value: float, decimals: float) -> Decimal:
    """Return the value of a statistic with the digits with which it is shown.

    Parameters
    ----------
    statistic : str
        By its name in the register.
    value : float
        Finite.
    decimals : float
        Of the data as collected; missing where they are not known.

    Examples
    --------
    >>> str(rounded_as_shown("diff_pct", -25.41, float("nan"))), str(rounded_as_shown("mean", 2.25, 0))
    ('-25', '2.3')
    >>> [str(rounded_as_shown("sd", value, 0)) for value in (0, 9.996, 12.345, 1234.5)]
    ['0.00', '10.0', '12.3', '1235']
    """
    rule = STATISTICS[statistic]
    fixed = 0 if rule.is_count else _DECIMALS_OF_P if rule.is_p else rule.decimals
    if fixed is not None:
        return rounded(value, fixed)
    if rule.extra is None or decimals != decimals:
        return rounded_to_figures(value, _FIGURES)
    places = int(decimals) + rule.extra
    return rounded(value, places if rule.figures is None else _places(value, rule.figures, places))


def _places(value: float, figures: int, most: int) -> int:
    """Return the decimals of a number with so many significant figures; a 0 has none of those, and all decimals."""
    nearest = rounded_to_figures(value, figures)
    return min(most, max(-int(nearest.as_tuple().exponent), 0)) if nearest else most


class Reason(StrEnum):
    """Why there is no value, as a results table holds it; a model gives reasons of its own."""

    NOBODY = "nobody in this group"
    NO_VALUES = "no values"
    ONE_VALUE = "one value only"
    TOO_FEW_OR_ZERO = "fewer than two values, or a value of zero"
    TOO_FEW_POSITIVE = "fewer than two positive values"
    TIME_NOT_KNOWN = "the time at risk of a participant is not known"
    NO_RATES = "one of the rates is not estimable"
    NO_TIME_KNOWN = "the time of no participant is known"
    BELOW_LIMIT = "below the limit of quantification"
    MOSTLY_BELOW_LIMIT = "more than half of the samples below the limit of quantification"


SIGNS: dict[str, str] = {Reason.BELOW_LIMIT: "BLQ", **{absence: str(absence) for absence in Absence}}
"""What stands in the place of a value by reason, where that is not the rule of its display."""
