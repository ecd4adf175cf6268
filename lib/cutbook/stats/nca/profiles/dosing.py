"""Doses seen from one interval, and which samples were taken after the dose that was given at their very time."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from cutbook.stats.nca.estimates import Codes, Estimate, Flags, Floats, NcaReason, in_any, known
from cutbook.stats.nca.profiles.loading import Doses, Profiles

_CLOSE = 1e-9
"""Times that differ relatively by less are one time: sums of decimal fractions are rarely exact."""


@dataclass(frozen=True)
class Dosing:
    """Doses of many profiles seen from one interval; a dose at its end belongs to the next one.

    Attributes
    ----------
    amount : Estimate
        All doses of the interval together.
    duration : Estimate
        Length of the infusion, 0 for other routes.
    number : array of int
        Doses in the interval.
    is_first : array of bool
        Whether no dose was given before the interval.
    at_start, behind_start : array of bool
        Whether a dose was given at its start, and whether one was behind it.
    last_end : array of float
        When the last dose of the interval had been given, -inf where there is none.
    following : array of float
        Time of the first dose at or after the end, inf where there is none.
    """

    amount: Estimate
    duration: Estimate
    number: Codes
    is_first: Flags
    at_start: Flags
    behind_start: Flags
    last_end: Floats
    following: Floats


def snapped(time: Floats, bound: float) -> Floats:
    """Return times where those next to a bound are the bound.

    Examples
    --------
    >>> snapped(np.array([24.000000000000004, 24.1]), 24.0).tolist()
    [24.0, 24.1]
    """
    if not np.isfinite(bound):
        return time
    return np.where(np.abs(time - bound) <= _CLOSE * max(1.0, abs(bound)), bound, time)


def dosing(doses: Doses, start: float, end: float) -> Dosing:
    """Return what the doses are to one interval."""
    time = snapped(snapped(doses.time, start), end)
    given = np.isfinite(time)
    inside = given & (time >= start) & (time < end)
    number = inside.sum(axis=1)
    is_infusion = doses.route == "iv_infusion"
    base = [(doses.why == code, reason) for code, reason in enumerate(NcaReason) if code and (doses.why == code).any()]
    base.append((number == 0, NcaReason.NO_DOSE))
    amounts = np.where(inside, doses.amount, 0.0)
    amount = known(
        amounts.sum(axis=1), *base, (in_any(np.isnan(amounts)), NcaReason.DOSE_UNKNOWN),
        (in_any(inside & ~(doses.amount > 0)), NcaReason.DOSE_NOT_POSITIVE),
    )  # fmt: skip
    lengths = np.where(inside, np.where(is_infusion[:, None], doses.duration, 0.0), 0.0)
    no_length = in_any(inside & ~(lengths > 0)) & is_infusion
    duration = known(
        lengths.max(axis=1), *base, (no_length, NcaReason.NO_DURATION), (number > 1, NcaReason.SEVERAL_DOSES)
    )
    ends = np.where(inside, time + np.nan_to_num(lengths), -np.inf)
    return Dosing(
        amount, duration, number, ~in_any(given & (time < start)), in_any(given & (time == start)),
        in_any(inside & (time > start)), ends.max(axis=1),
        np.where(given & (time >= end), time, np.inf).min(axis=1),
    )  # fmt: skip


def taken_after_dose(profiles: Profiles, rule: str) -> Flags:
    """Return which samples at the very time of a dose were taken after it.

    A sample above zero at the first dose of a bolus is. Of later doses ``rule`` decides; by its value a sample is after
    a bolus where it is above the next sample and above the one before, if that was taken since the dose before.
    """
    samples, doses = profiles.samples, profiles.doses
    is_bolus = (doses.route == "iv_bolus")[:, None]
    if rule != "after" and not is_bolus.any():
        return np.zeros(samples.time.shape, dtype="bool")
    gap = np.abs(samples.time[:, :, None] - doses.time[:, None, :])
    close = gap <= _CLOSE * np.maximum(1.0, np.abs(doses.time[:, None, :]))
    is_first = close[:, :, 0]
    is_later = close[:, :, 1:].any(axis=2)
    with np.errstate(invalid="ignore"):
        before = (doses.time[:, None, :] < samples.time[:, :, None]) & ~close
    dose_before = np.where(before, doses.time[:, None, :], -np.inf).max(axis=2)
    later = {"before": np.zeros_like(is_later), "after": is_later, "by_value": is_later & is_bolus}[rule]
    if rule == "by_value":
        later = later & _is_above_neighbours(samples.time, samples.conc, dose_before)
    found: Flags = (is_first & is_bolus & (samples.conc > 0)) | later
    return found


def _is_above_neighbours(time: Floats, conc: Floats, dose_before: Floats) -> Flags:
    edge = np.full((len(time), 1), np.nan)
    conc_before, time_before = np.hstack([edge, conc[:, :-1]]), np.hstack([edge, time[:, :-1]])
    conc_next = np.hstack([conc[:, 1:], edge])
    with np.errstate(invalid="ignore"):
        has_before = time_before >= dose_before
        above = (~has_before | (conc > conc_before)) & (np.isnan(conc_next) | (conc > conc_next))
    found: Flags = above & (has_before | ~np.isnan(conc_next))
    return found
