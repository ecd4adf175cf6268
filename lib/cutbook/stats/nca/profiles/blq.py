"""What stands for samples below the limit of quantification."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from cutbook.stats.nca.estimates import Flags, Floats, in_any
from cutbook.stats.nca.options import BlqRule, NcaOptions
from cutbook.stats.nca.profiles.loading import Samples


def after_run_of_blq(samples: Samples, length: int | None) -> Samples:
    """Return the samples where every one after ``length`` in a row below the limit is below it too.

    Only a run that follows a quantifiable sample counts.
    """
    if length is None:
        return samples
    follows = np.logical_or.accumulate(samples.present & ~samples.is_blq, axis=1)
    run = samples.is_blq & follows
    ends = run.copy()
    for step in range(1, length):
        shifted = np.zeros_like(run)
        shifted[:, step:] = run[:, :-step]
        ends &= shifted
    is_blq = samples.is_blq | (np.logical_or.accumulate(ends, axis=1) & samples.present)
    return replace(samples, is_blq=is_blq, conc=np.where(is_blq, 0.0, samples.conc))


def with_blq_rules(samples: Samples, options: NcaOptions) -> tuple[Samples, Flags]:
    """Return the samples that areas and the terminal line are made of, and the profiles that lack a limit they need.

    Agrees with PKNCA ``clean.conc.blq``: where nothing is quantifiable the rule ``first`` (or ``before_tmax``) holds.
    """
    if not samples.is_blq.any():
        return samples, np.zeros(len(samples.time), dtype="bool")
    conc, gone = samples.conc, np.zeros_like(samples.is_blq)
    for place, rule in _places(samples, options):
        chosen = samples.is_blq & place
        gone |= chosen & (rule == "drop")
        conc = np.where(chosen, _stand_in(rule, samples.limit), conc)
    lacks = in_any(samples.present & ~gone & np.isnan(conc))
    return replace(samples, conc=conc).where(samples.present & ~gone), lacks


def _places(samples: Samples, options: NcaOptions) -> list[tuple[Flags, BlqRule]]:
    """Return where each rule holds."""
    place = np.arange(samples.time.shape[1])[None, :]
    quantified = samples.present & ~samples.is_blq
    never = place.shape[1]
    none = ~in_any(quantified)
    if options.blq_before_tmax is not None or options.blq_after_tmax is not None:
        tmax = np.where(none, never, np.argmax(np.where(quantified, samples.conc, -1.0), axis=1))[:, None]
        rules = (options.blq_before_tmax, options.blq_after_tmax)
        before, after = ("keep" if rule is None else rule for rule in rules)
        return [(place < tmax, before), (place >= tmax, after)]
    first = np.where(none, never, np.argmax(quantified, axis=1))[:, None]
    last = np.where(none, never, never - 1 - np.argmax(quantified[:, ::-1], axis=1))[:, None]
    return [
        (place < first, options.blq_first),
        ((place > first) & (place < last), options.blq_middle),
        (place > last, options.blq_last),
    ]


def _stand_in(rule: BlqRule, limit: Floats) -> Floats | float:
    match rule:
        case "half_lloq":
            return limit / 2
        case "keep" | "drop" | "zero":
            return 0.0
        case _:
            return float(rule)
