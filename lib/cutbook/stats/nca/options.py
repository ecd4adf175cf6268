"""Settings of a non-compartmental analysis: each is one choice where programs or protocols differ."""

from __future__ import annotations

import math
from dataclasses import dataclass, fields
from typing import Literal, get_args

Route = Literal["extravascular", "iv_bolus", "iv_infusion"]
AucMethod = Literal["linear_up_log_down", "linear", "log"]
Rule = Literal["keep", "drop", "zero", "half_lloq"]
BlqRule = Rule | float

ROUTES: tuple[str, ...] = get_args(Route)


@dataclass(frozen=True, kw_only=True)
class NcaOptions:
    """How profiles are analysed; the defaults are those of PKNCA, except where ``across_doses`` says otherwise.

    Attributes
    ----------
    route : str
        ``extravascular``, ``iv_bolus`` or ``iv_infusion``; a column ``route`` of the doses comes first.
    auc_method : str
        ``linear_up_log_down``: logarithmic where concentrations fall. ``linear``: always linear. ``log``: linear up to
        Tmax, logarithmic after it (PKNCA ``lin-log``, the linear/log rule of WinNonlin). Steps to or from zero are
        linear.
    blq_first, blq_middle, blq_last : str or float
        What stands for a sample below the limit of quantification before the first, between, and after the last
        quantifiable one: ``keep`` or ``zero`` (it is 0), ``drop``, ``half_lloq`` (half of the column ``lloq``), or a
        number. PKNCA ``conc.blq``.
    blq_before_tmax, blq_after_tmax : str, float or None
        The same before Tmax, and from Tmax on. Where one is given these two rules replace the other three, and the one
        that is not given is ``keep``.
    blq_consecutive : int or None
        After so many samples below the limit in a row that follow a quantifiable one, every later sample counts as
        below the limit too.
    min_points : int
        Fewest points of the terminal line, at least 2.
    allow_tmax : bool
        Whether the sample at Tmax may be one of them. WinNonlin and NonCompart allow it after a bolus.
    first_tmax : bool
        Of several samples with the highest concentration the first gives Tmax, else the last.
    adj_r2_factor : float
        The line with most points is taken among those whose adjusted r² is within this of the best.
    intervals : tuple of (start, end)
        Intervals to analyse, in the clock of the samples; both ends belong to the interval.
    tau : float or None
        Length of the dosing interval; where it is None, a finite interval is taken as one dosing interval.
    sparse : bool
        Samples of one id come from many animals or participants (column ``subject``), few from each.
    start_value : str
        Concentration at a dose that has no sample at its time, other than a bolus. ``predose``: the last sample before
        it and after the dose before it. ``missing``: none (PKNCA). ``zero``: 0 before the first dose (NonCompart,
        WinNonlin), else as ``predose``.
    to_zero : str
        Area of a step that falls to zero under a logarithmic rule: ``linear`` (PKNCA, WinNonlin) or ``none``
        (NonCompart).
    all_blq : str
        Areas and Clast of a profile without a quantifiable sample: ``zero`` (PKNCA) or ``missing`` (NonCompart).
    lag : str
        Tlag: ``first_rise``, the last time before the first rise (PKNCA), or ``last_zero``, the last zero before Tlast
        (NonCompart).
    duplicates : str
        Samples of one time: ``refuse`` the profile (PKNCA), take their ``mean``, or ``keep`` all in the order given
        (NonCompart).
    across_doses : bool
        Whether the area to the end of an interval may be interpolated towards a sample that was taken after a dose at
        or after that end. PKNCA does (``aucint.last``); it lets the next dose into the interval before.
    sample_at_dose : str
        Of a sample at the very time of a later dose: ``before`` the dose, ``after`` it, or ``by_value``: after it where
        a bolus was given and the concentration is above that of the sample before, else before. A sample after the dose
        is no part of the interval that ends there.
    conc_unit, time_unit, dose_unit : str
        Words for the units of the result; they convert nothing.
    """

    route: Route = "extravascular"
    auc_method: AucMethod = "linear_up_log_down"
    blq_first: BlqRule = "keep"
    blq_middle: BlqRule = "drop"
    blq_last: BlqRule = "keep"
    blq_before_tmax: BlqRule | None = None
    blq_after_tmax: BlqRule | None = None
    blq_consecutive: int | None = None
    min_points: int = 3
    allow_tmax: bool = False
    first_tmax: bool = True
    adj_r2_factor: float = 1e-4
    intervals: tuple[tuple[float, float], ...] = ((0.0, math.inf),)
    tau: float | None = None
    sparse: bool = False
    start_value: Literal["predose", "missing", "zero"] = "predose"
    to_zero: Literal["linear", "none"] = "linear"
    all_blq: Literal["zero", "missing"] = "zero"
    lag: Literal["first_rise", "last_zero"] = "first_rise"
    duplicates: Literal["refuse", "mean", "keep"] = "refuse"
    across_doses: bool = False
    sample_at_dose: Literal["by_value", "before", "after"] = "by_value"
    conc_unit: str = "concentration"
    time_unit: str = "time"
    dose_unit: str = "dose"

    def __post_init__(self) -> None:
        """Take intervals as pairs of numbers, and refuse what is no setting.

        Raises
        ------
        ValueError
            Every setting that is wrong: its name, what was found and what was expected.
        """
        spans = tuple((float(start), float(end)) for start, end in self.intervals)
        object.__setattr__(self, "intervals", spans)
        faults = [*_wrong_words(self), *_wrong_rules(self), *_wrong_numbers(self)]
        if faults:
            raise ValueError("; ".join(faults))


_CHOICES: dict[str, tuple[str, ...]] = {
    "route": ROUTES,
    "auc_method": get_args(AucMethod),
    "start_value": ("predose", "missing", "zero"),
    "to_zero": ("linear", "none"),
    "all_blq": ("zero", "missing"),
    "lag": ("first_rise", "last_zero"),
    "duplicates": ("refuse", "mean", "keep"),
    "sample_at_dose": ("by_value", "before", "after"),
}


def _wrong_words(options: NcaOptions) -> list[str]:
    return [
        f"{name}: found {getattr(options, name)!r}, expected one of {', '.join(allowed)}"
        for name, allowed in _CHOICES.items()
        if getattr(options, name) not in allowed
    ]


def _wrong_rules(options: NcaOptions) -> list[str]:
    names = [field.name for field in fields(options) if field.name.startswith("blq_") and "consec" not in field.name]
    return [
        f"{name}: found {getattr(options, name)!r}, expected {', '.join(get_args(Rule))} or a number of at least 0"
        for name in names
        if not _is_rule(getattr(options, name), may_be_absent="tmax" in name)
    ]


def _is_rule(rule: object, *, may_be_absent: bool) -> bool:
    if rule is None or isinstance(rule, str):
        return may_be_absent if rule is None else rule in get_args(Rule)
    return isinstance(rule, int | float) and not isinstance(rule, bool) and 0 <= rule < math.inf


def _wrong_numbers(options: NcaOptions) -> list[str]:
    bad = [pair for pair in options.intervals if not (math.isfinite(pair[0]) and pair[0] < pair[1])]
    checks = (
        (options.min_points >= 2, f"min_points: found {options.min_points}, expected at least 2"),
        (options.adj_r2_factor >= 0, f"adj_r2_factor: found {options.adj_r2_factor}, expected at least 0"),
        (options.tau is None or 0 < options.tau < math.inf, f"tau: found {options.tau}, expected a length above 0"),
        (
            options.blq_consecutive is None or options.blq_consecutive >= 1,
            f"blq_consecutive: found {options.blq_consecutive}, expected at least 1",
        ),
        (bool(options.intervals), "intervals: found none, expected at least one"),
        (not bad, f"intervals: found {bad}, expected a finite start below the end"),
        (len(set(options.intervals)) == len(options.intervals), "intervals: one is given twice"),
    )
    return [words for holds, words in checks if not holds]
