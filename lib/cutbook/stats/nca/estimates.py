"""A value of many profiles at once, each with the reason why it is missing; reasons follow values through formulas."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[Any]
Flags = npt.NDArray[Any]
Codes = npt.NDArray[Any]


class NcaReason(StrEnum):
    """Why a parameter has no value."""

    NONE = ""
    NO_SAMPLES = "no samples in the interval"
    NOT_A_NUMBER = "a concentration that is not a number"
    NEGATIVE = "a negative or infinite concentration"
    NO_TIME = "a sample without a time"
    TWO_AT_ONE_TIME = "two samples at one time"
    NO_LIMIT = "a sample below the limit without its limit"
    ONE_SAMPLE = "only one sample"
    ALL_BELOW_LIMIT = "no sample above the limit of quantification"
    NO_START = "the concentration at the start of the interval is not known"
    NO_END = "no sample at the end of the interval"
    BOLUS_INSIDE = "a bolus that is not at the start of the interval"
    NO_RISE = "the concentration does not rise"
    NO_C0 = "the first sample after the bolus is below the limit of quantification"
    TOO_FEW = "too few points for the terminal slope"
    NOT_FALLING = "the terminal slope does not fall"
    TWO_POINTS = "adjusted r² needs three points"
    NOT_EXPLAINED = "points chosen by hand without a reason"
    NO_DOSE = "no dose in the interval"
    DOSE_UNKNOWN = "the dose, its time or its route is not known"
    DOSE_TWICE = "two doses at one time"
    DOSE_NOT_POSITIVE = "the dose is not above zero"
    NO_DURATION = "the duration of the infusion is not known"
    FIRST_DOSE = "a first dose is not at steady state"
    EARLIER_DOSES = "an earlier dose still counts"
    SEVERAL_DOSES = "several doses in the interval"
    ZERO_BELOW = "division by zero"
    NO_FIRST = "no value in the first interval"
    NO_COLLECTION = "the urine collections do not cover the interval"
    NOT_MEASURED = "a urine collection without concentration or volume"
    OVERLAP = "urine collections overlap"
    ONE_A_TIME = "a time with one sample only"
    SAMPLED_AGAIN = "subjects sampled more than once"
    NOT_ESTIMABLE = "not estimable"


REASONS = tuple(NcaReason)
_CODE = {reason: place for place, reason in enumerate(REASONS)}


@dataclass(frozen=True)
class Estimate:
    """One parameter of many profiles.

    Attributes
    ----------
    value : array of float
        One a profile, missing where there is a reason.
    why : array of int
        Place of the reason in :data:`REASONS`; 0 where there is a value.
    """

    value: Floats
    why: Codes

    def but(self, mask: Flags, reason: NcaReason) -> Estimate:
        """Return the estimate, missing for this reason where ``mask`` holds and no earlier reason stands."""
        if not np.any(mask):
            return self
        why = np.where((self.why == 0) & mask, np.int8(_CODE[reason]), self.why)
        return Estimate(np.where(why == 0, self.value, np.nan), why)

    def instead(self, mask: Flags, value: npt.ArrayLike) -> Estimate:
        """Return the estimate with ``value`` where ``mask`` holds, whatever its reason was."""
        return Estimate(np.where(mask, value, self.value), np.where(mask, np.int8(0), self.why))


def known(value: npt.ArrayLike, *reasons: tuple[Flags, NcaReason]) -> Estimate:
    """Return an estimate; reasons are tried in their order, and what is not finite without one is not estimable.

    Examples
    --------
    >>> one = known([1.0, 2.0, np.inf], (np.array([True, False, False]), NcaReason.NO_SAMPLES))
    >>> one.value.tolist(), [str(REASONS[code]) for code in one.why]
    ([nan, 2.0, nan], ['no samples in the interval', '', 'not estimable'])
    """
    values = np.asarray(value, dtype="float64")
    found = Estimate(values, np.zeros(values.shape, dtype="int8"))
    for mask, reason in reasons:
        found = found.but(mask, reason)
    return found.but(~np.isfinite(values), NcaReason.NOT_ESTIMABLE)


def combine(formula: Callable[..., Any], *parts: Estimate) -> Estimate:
    """Return what a formula gives of estimates; where one of them is missing, the reason of the first that is.

    Examples
    --------
    >>> half = combine(lambda dose, auc: dose / auc, known([4.0, 4.0]), known([2.0, 0.0]))
    >>> half.value.tolist(), str(REASONS[half.why[1]])
    ([2.0, nan], 'division by zero')
    """
    why = parts[0].why
    for part in parts[1:]:
        why = np.where(why == 0, part.why, why)
    with np.errstate(all="ignore"):
        values = np.asarray(formula(*(part.value for part in parts)), dtype="float64")
    return Estimate(np.where(why == 0, values, np.nan), why).but(~np.isfinite(values), NcaReason.ZERO_BELOW)


def in_any(mask: Flags) -> Flags:
    """Return the rows in which a mask holds somewhere."""
    found: Flags = np.any(mask, axis=1)
    return found


def ratio(above: Estimate, below: Estimate) -> Estimate:
    """Return one estimate divided by another."""
    return combine(lambda top, bottom: top / bottom, above, below)
