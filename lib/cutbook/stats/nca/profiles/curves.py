"""The concentration curve of one interval: its samples, the value at its start, and areas below it."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from cutbook.stats.nca.areas import between, is_logarithmic, step_auc, step_aumc
from cutbook.stats.nca.estimates import REASONS, Estimate, Flags, Floats, NcaReason, in_any, known
from cutbook.stats.nca.options import NcaOptions
from cutbook.stats.nca.profiles.blq import after_run_of_blq, with_blq_rules
from cutbook.stats.nca.profiles.dosing import Dosing, dosing, snapped
from cutbook.stats.nca.profiles.loading import Profiles, Samples


@dataclass(frozen=True)
class Area:
    """Areas below a curve up to a time: to the last concentration, and with the step from it to the next sample."""

    auc_last: Estimate
    auc_all: Estimate
    aumc_last: Estimate


@dataclass(frozen=True)
class Curve:
    """A curve that begins at the start of its interval.

    Attributes
    ----------
    start : float
        Where the interval begins.
    time, conc : array of float
        The value at the start, where it is known, and what the samples stand for; filled up with missing times.
    known : Estimate
        1 where areas can be computed, else why not.
    tlast, clast : array of float
        Where the last concentration above zero stands, and what it is; missing where there is none.
    is_zero : array of bool
        Whether no sample is quantifiable.
    """

    start: float
    time: Floats
    conc: Floats
    known: Estimate
    tlast: Floats
    clast: Floats
    is_zero: Flags


@dataclass(frozen=True)
class Window:
    """One interval of all profiles: its samples as collected and as the rules leave them, doses and curves.

    ``is_sampled_after`` are the profiles with a sample at the start that was taken after the dose there. ``reach`` is
    the curve up to the next dose at or after the end, with which the area to the end is found.
    """

    start: float
    end: float
    raw: Samples
    clean: Samples
    doses: Dosing
    refused: tuple[tuple[Flags, NcaReason], ...]
    first_value: Estimate
    is_sampled_after: Flags
    curve: Curve
    reach: Curve


def window(profiles: Profiles, after: Flags, span: tuple[float, float], options: NcaOptions) -> Window:
    """Return one interval of all profiles.

    Parameters
    ----------
    profiles : Profiles
    after : array of bool
        Samples that were taken after the dose at their very time.
    span : tuple of float
        Start and end of the interval.
    options : NcaOptions
    """
    start, end = span
    doses = dosing(profiles.doses, start, end)
    time = snapped(snapped(profiles.samples.time, start), end)
    samples = replace(profiles.samples, time=time)
    inside = (time >= start) & (time <= end)
    raw = after_run_of_blq(samples.where(inside & ~(after & (time == end))), options.blq_consecutive)
    clean, lacks = with_blq_rules(raw, options)
    why = profiles.why
    faults = tuple((why == code, reason) for code, reason in enumerate(REASONS) if code and (why == code).any())
    refused = (*faults, (~in_any(raw.present), NcaReason.NO_SAMPLES), (lacks, NcaReason.NO_LIMIT))
    began = in_any(inside & after & (time == start))
    first = _first_value((samples, after), profiles, doses, (raw, clean), (start, began), options).but(
        lacks, NcaReason.NO_LIMIT
    )
    first = first.but((profiles.doses.route == "iv_bolus") & doses.behind_start, NcaReason.BOLUS_INSIDE)
    curve = _curve(raw, clean, first, refused, start)
    reach = curve
    if np.isfinite(end):
        limit = np.full(len(why), np.inf) if options.across_doses else doses.following
        within = (time >= start) & (time <= limit[:, None]) & ~(after & (time == limit[:, None]))
        longer = after_run_of_blq(samples.where(within), options.blq_consecutive)
        cleaned, lacking = with_blq_rules(longer, options)
        none = (*faults, (~in_any(longer.present), NcaReason.NO_SAMPLES), (lacking, NcaReason.NO_LIMIT))
        reach = _curve(longer, cleaned, first, none, start, around=~doses.at_start & ~in_any(raw.time == start))
    return Window(start, end, raw, clean, doses, refused, first, began, curve, reach)


def _curve(
    raw: Samples, clean: Samples, first: Estimate, refused: tuple[tuple[Flags, NcaReason], ...], start: float,
    around: Flags | bool = False,
) -> Curve:  # fmt: skip
    """Return the samples with the value at the start before them, in the place of a sample at the start.

    Where ``around`` holds, the value at the start comes from a sample before it, so that one behind it is enough.
    """
    rest = clean.where(clean.present & (clean.time > start))
    time = np.hstack([np.where(first.why == 0, start, np.nan)[:, None], rest.time])
    conc = np.hstack([first.value[:, None], rest.conc])
    positive = np.isfinite(time) & (conc > 0)
    place = time.shape[1] - 1 - np.argmax(positive[:, ::-1], axis=1)
    rows = np.arange(len(time))
    has_last = in_any(positive)
    is_zero = ~in_any(raw.present & ~raw.is_blq) & ~(first.value > 0)
    one = (clean.present.sum(axis=1) + (around & (first.why == 0)) < 2, NcaReason.ONE_SAMPLE)
    able = known(np.ones(len(time)), *refused, one)
    missing = (first.why > 0) & (able.why == 0) & ~is_zero
    able = Estimate(np.where(missing, np.nan, able.value), np.where(missing, first.why, able.why))
    last = np.where(has_last, time[rows, place], np.nan)
    return Curve(start, time, conc, able, last, np.where(has_last, conc[rows, place], np.nan), is_zero)


def area(curve: Curve, until: float, options: NcaOptions) -> Area:
    """Return the areas below a curve up to a time; the moment counts from the start of the interval."""
    clock, until = curve.time - curve.start, until - curve.start
    left, right = clock[:, :-1], clock[:, 1:]
    levels = curve.conc[:, :-1], curve.conc[:, 1:]
    tmax = _first_peak(clock, curve.conc)
    is_log = is_logarithmic((left, right), levels, tmax, options.auc_method)
    cut = np.minimum(right, until)
    reached = np.where(right > until, between((left, right), levels, is_log, np.full((1, 1), until)), levels[1])
    tlast = (curve.tlast - curve.start)[:, None]
    counts = np.isfinite(left) & np.isfinite(right) & (left < until) & (right > left)
    if options.to_zero == "none" and options.auc_method != "linear":
        counts &= ~((levels[0] > 0) & (levels[1] == 0))
    auc, aumc = (
        np.where(counts, step((left, cut), (levels[0], reached), is_log), 0.0) for step in (step_auc, step_aumc)
    )
    is_last = right <= tlast
    parts = [
        np.where(mask, size, 0.0).sum(axis=1)
        for mask, size in ((is_last, auc), (is_last | (left == tlast), auc), (is_last, aumc))
    ]
    return Area(*(_area(curve, values) for values in parts))


def _area(curve: Curve, values: Floats) -> Estimate:
    """Return areas; of a profile without a quantifiable sample they are 0."""
    is_able = curve.known.why == 0
    found = Estimate(np.where(is_able, values, np.nan), curve.known.why)
    return found.instead(curve.is_zero & is_able, 0.0)


def _first_peak(time: Floats, conc: Floats) -> Floats:
    place = np.argmax(np.where(np.isfinite(time), conc, -1.0), axis=1)
    found: Floats = time[np.arange(len(time)), place][:, None]
    return found


def _first_value(
    given: tuple[Samples, Flags], profiles: Profiles, doses: Dosing, taken: tuple[Samples, Samples],
    at: tuple[float, Flags], options: NcaOptions,
) -> Estimate:  # fmt: skip
    """Return the concentration at the start of the interval: sampled, else C0 after a bolus, else by the rule."""
    (raw, clean), (start, began) = taken, at
    sampled = in_any(clean.time == start)
    was_sampled = in_any(raw.time == start)
    conc = np.where(clean.time == start, clean.conc, 0.0).max(axis=1, initial=0.0)
    bolus = (profiles.doses.route == "iv_bolus") & doses.at_start & ~began
    found = known(conc, (~sampled, NcaReason.NO_START))
    if bolus.any():
        back = back_extrapolated(raw, start)
        found = Estimate(np.where(bolus, back.value, found.value), np.where(bolus, back.why, found.why))
    open_start = ~sampled & ~was_sampled & ~bolus
    if options.start_value == "missing" or not open_start.any():
        return found
    value = _unsampled(given, profiles, doses, start, options)
    return found.instead(open_start & np.isfinite(value), value)


def _unsampled(
    given: tuple[Samples, Flags], profiles: Profiles, doses: Dosing, start: float, options: NcaOptions
) -> Floats:
    """Return the value at a start without a sample.

    At a dose it is that of the sample before it, if no dose lies between. Elsewhere it is interpolated between the
    samples around the start, if no dose lies between them; a dose at the time of the first of them does not, except a
    bolus that came after it.
    """
    samples, after = given
    rows = np.arange(len(samples.time))
    place = (samples.time < start).sum(axis=1)
    edge = samples.time.shape[1] - 1
    before, behind = np.maximum(place - 1, 0), np.minimum(place, edge)
    times = np.where(place > 0, samples.time[rows, before], np.nan), samples.time[rows, behind]
    levels = samples.conc[rows, before], samples.conc[rows, behind]
    dosed = profiles.doses.time
    breaks = (profiles.doses.route == "iv_bolus") & ~after[rows, before]
    with np.errstate(invalid="ignore"):
        since = in_any((dosed >= times[0][:, None]) & (dosed < start))
        behind_it = (dosed > times[0][:, None]) | (breaks[:, None] & (dosed == times[0][:, None]))
        around = in_any(behind_it & (dosed < times[1][:, None]))
    predose = np.where((place > 0) & ~since, levels[0], np.nan)
    if options.start_value == "zero":
        predose = np.where(doses.is_first, 0.0, predose)
    peak = _first_peak(samples.time, samples.conc)[:, 0]
    is_log = is_logarithmic(times, levels, peak, options.auc_method)
    has_doses = in_any(np.isfinite(dosed))
    inner = np.where(~around & has_doses, between(times, levels, is_log, np.full(1, start)), np.nan)
    return np.where(doses.at_start, predose, inner)


def back_extrapolated(samples: Samples, start: float) -> Estimate:
    """Return C0 after a bolus: the semi-logarithmic line through the first two samples, back to the dose.

    ``C0 = c1 exp((t1 - t0) ln(c1 / c2) / (t2 - t1))``; where the second is zero or not below the first, C0 is the first
    sample. Unit concentration. Agrees with PKNCA ``pk.calc.c0`` (``logslope``, then ``c1``) and NonCompart ``C0``.
    """
    later = samples.where(samples.present & (samples.time > start))
    width = later.time.shape[1]
    time = np.hstack([later.time, np.full((len(later.time), max(2 - width, 0)), np.nan)])
    conc = np.hstack([later.conc, np.full((len(later.time), max(2 - width, 0)), np.nan)])
    first, second = conc[:, 0], conc[:, 1]
    with np.errstate(all="ignore"):
        falls = (second > 0) & (second < first)
        line = first * np.exp((time[:, 0] - start) * np.log(first / second) / (time[:, 1] - time[:, 0]))
    return known(
        np.where(falls, line, first), (np.isnan(time[:, 0]), NcaReason.NO_START), (first == 0, NcaReason.NO_C0)
    )
