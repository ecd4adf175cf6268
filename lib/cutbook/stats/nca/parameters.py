"""Parameters of one interval, each from estimates and their reasons."""

from __future__ import annotations

import numpy as np

from cutbook.stats.nca.estimates import Estimate, Flags, Floats, NcaReason, combine, in_any, known, ratio
from cutbook.stats.nca.options import NcaOptions
from cutbook.stats.nca.profiles.curves import Area, Window, area
from cutbook.stats.nca.terminal import Terminal

Found = dict[str, Estimate]


def observed(window: Window, options: NcaOptions) -> Found:
    """Return what is read off the samples: number, highest, lowest and last concentration, their times, lag time.

    Times count from the start of the interval. A sample at the end of the interval at which the next dose is given is
    the trough of this one and never its highest concentration. Concentrations below the limit count as 0. Agrees with
    PKNCA ``cmax``, ``tmax``, ``tlast``, ``clast.obs``, ``tlag``, ``cmin`` and NonCompart.
    """
    raw, refused = window.raw, window.refused
    rows = np.arange(len(raw.time))
    none = (_none_quantified(window), NcaReason.ALL_BELOW_LIMIT)
    peak, has_peak = peak_place(window, options)
    quantified = raw.present & ~raw.is_blq
    last = raw.time.shape[1] - 1 - np.argmax(quantified[:, ::-1], axis=1)
    lowest = np.where(raw.present, raw.conc, np.inf).min(axis=1)
    found = {
        "NCONC": known(raw.present.sum(axis=1), *refused),
        "CMAX": known(raw.conc[rows, peak], *refused, (~has_peak, NcaReason.NO_SAMPLES)),
        "TMAX": known(raw.time[rows, peak] - window.start, *refused, none, (~has_peak, NcaReason.NO_SAMPLES)),
        "TLST": known(raw.time[rows, last] - window.start, *refused, none),
        "CLST": known(np.where(none[0], 0.0, raw.conc[rows, last]), *refused),
        "CMIN": known(lowest, *refused),
        "CSTART": known(_at(window, window.start), *refused, (~_has(window, window.start), NcaReason.NO_START)),
        "TLAG": _lag(window, options),
    }
    if options.all_blq == "missing":
        found["CLST"] = found["CLST"].but(*none)
    return found


def _none_quantified(window: Window) -> Flags:
    return ~in_any(window.raw.present & ~window.raw.is_blq)


def peak_place(window: Window, options: NcaOptions) -> tuple[Floats, Flags]:
    """Return where the highest concentration stands among the samples, and whether there is one."""
    raw = window.raw
    is_trough = (raw.time == window.end) & (window.doses.following == window.end)[:, None]
    levels = np.where(raw.present & ~is_trough, raw.conc, -1.0)
    if options.first_tmax:
        place = np.argmax(levels, axis=1)
    else:
        place = levels.shape[1] - 1 - np.argmax(levels[:, ::-1], axis=1)
    return place, levels.max(axis=1) >= 0


def _has(window: Window, time: float) -> Flags:
    return in_any(window.raw.time == time)


def _at(window: Window, time: float) -> Floats:
    """Return the concentration of the sample at a time, 0 where there is none."""
    found: Floats = np.where(window.raw.time == time, window.raw.conc, 0.0).max(axis=1)
    return found


def _lag(window: Window, options: NcaOptions) -> Estimate:
    """Return Tlag: the time before the concentration first rises, or that of the last zero before Tlast."""
    raw, first = window.raw, window.first_value
    rest = raw.where(raw.present & (raw.time > window.start))
    time = np.hstack([np.full((len(rest.time), 1), window.start), rest.time])
    conc = np.hstack([first.value[:, None], np.where(rest.present, rest.conc, np.nan)])
    rows = np.arange(len(time))
    none = (_none_quantified(window), NcaReason.ALL_BELOW_LIMIT)
    why = (*window.refused, none, (first.why > 0, NcaReason.NO_START))
    if options.lag == "last_zero":
        zero = (conc == 0) & (time < window.curve.tlast[:, None])
        place = time.shape[1] - 1 - np.argmax(zero[:, ::-1], axis=1)
        return known(np.where(in_any(zero), time[rows, place] - window.start, 0.0), *why)
    with np.errstate(invalid="ignore"):
        rises = conc[:, 1:] > conc[:, :-1]
    return known(time[rows, np.argmax(rises, axis=1)] - window.start, *why, (~in_any(rises), NcaReason.NO_RISE))


def line(window: Window, fit: Terminal, found: Found) -> Found:
    """Return the parameters of the terminal line.

    Half-life ``ln 2 / λz``; span ``(last − first time) / half-life``. Agrees with PKNCA and NonCompart.
    """
    half_life = combine(lambda rate: np.log(2) / rate, fit.lambda_z)
    span = combine(lambda first, last, half: (last - first) / half, fit.first, fit.last, half_life)
    tlast = combine(lambda time: time + window.start, found["TLST"])
    return {
        "LAMZ": fit.lambda_z,
        "LAMZHL": half_life,
        "LAMZLL": combine(lambda time: time - window.start, fit.first),
        "LAMZUL": combine(lambda time: time - window.start, fit.last),
        "LAMZNPT": fit.number,
        "LAMZSPN": span,
        "CORRXY": fit.correlation,
        "R2": fit.r2,
        "R2ADJ": fit.adj_r2,
        "CLSTP": combine(lambda predicted, _: predicted, fit.at(tlast.value), tlast),
    }


def exposure(window: Window, fit: Terminal, options: NcaOptions) -> Found:
    """Return areas to the last concentration and to infinity, and the percentage that is extrapolated.

    ``AUCIFO = AUCLST + Clast / λz``; ``AUMCIFO = AUMCLST + Clast Tlast / λz + Clast / λz²``; the predicted ones
    take the concentration of the terminal line at Tlast. ``AUCPEO = 100 (1 − AUCLST / AUCIFO)``. Agrees with PKNCA and
    NonCompart.
    """
    curve = window.curve
    found: Area = area(curve, np.inf, options)
    none = (curve.is_zero, NcaReason.ALL_BELOW_LIMIT)
    is_missing = (curve.is_zero & (options.all_blq == "missing"), NcaReason.ALL_BELOW_LIMIT)
    to_last, moment = found.auc_last.but(*is_missing), found.aumc_last.but(*is_missing)
    results = {"AUCLST": to_last, "AUCALL": found.auc_all, "AUMCLST": moment}
    time = known(curve.tlast - window.start, none)
    ends = {"O": known(curve.clast, none), "P": fit.at(curve.tlast)}
    is_zero = curve.is_zero & (to_last.why == 0)
    for kind, last in ends.items():
        auc = combine(lambda auc, conc, rate: auc + conc / rate, to_last, last, fit.lambda_z)
        aumc = combine(
            lambda aumc, conc, at, rate: aumc + conc * at / rate + conc / rate**2,
            moment, last, time, fit.lambda_z,
        )  # fmt: skip
        results[f"AUCIF{kind}"] = auc.instead(is_zero, 0.0)
        results[f"AUMCIF{kind}"] = aumc.instead(is_zero, 0.0)
        for code, part, whole in (("AUCPE", to_last, auc), ("AUMCPE", moment, aumc)):
            results[f"{code}{kind}"] = combine(lambda some, total: 100 * (1 - some / total), part, whole)
    return results


def bolus(window: Window, found: Found, options: NcaOptions) -> Found:
    """Return C0 and the percentage of the AUC that lies before the first sample, of a bolus.

    ``AUCPBEO = 100 × area from the bolus to the first sample / AUCIFO``, 0 where the bolus has a sample at its time.
    Agrees with NonCompart and PKNCA ``aucpbextinf``.
    """
    curve = window.curve
    no_dose = (~window.doses.at_start, NcaReason.NO_DOSE)
    c0 = window.first_value.but(*no_dose)
    first = np.where(np.isfinite(curve.time[:, 1:]), curve.time[:, 1:], np.inf).min(axis=1)
    before = _area_to_first(window, first, options)
    share = {"C0": combine(lambda conc: conc, c0)}
    for kind in "OP":
        part = (
            Estimate(before.value, before.why).instead(window.is_sampled_after & (before.why == 0), 0.0).but(*no_dose)
        )
        share[f"AUCPBE{kind}"] = combine(lambda some, total: 100 * some / total, part, found[f"AUCIF{kind}"])
    return share


def _area_to_first(window: Window, first: Floats, options: NcaOptions) -> Estimate:
    """Return the area from the start to the first sample after it."""
    curve = window.curve
    cut = type(curve)(
        curve.start, curve.time[:, :2], curve.conc[:, :2], curve.known, np.minimum(first, curve.tlast), curve.clast,
        curve.is_zero,
    )  # fmt: skip
    return area(cut, np.inf, options).auc_all


def disposition(window: Window, found: Found) -> Found:
    """Return clearance, volumes and mean residence times, by the names for any route.

    ``CL = dose / AUC``; ``Vz = CL / λz``; ``MRT = AUMC / AUC − duration / 2``; ``Vss = MRT × CL``. After an earlier
    dose nothing that needs the AUC to infinity is estimated, for that AUC holds a part of the earlier dose; MRT
    and Vss need a single dose. Agrees with PKNCA (``cl``, ``vz``, ``mrt.iv``, ``vss.iv``) and NonCompart.
    """
    doses = window.doses
    dose = doses.amount
    alone = dose.but(~doses.is_first, NcaReason.EARLIER_DOSES)
    single = doses.duration.but(~doses.is_first, NcaReason.EARLIER_DOSES)
    results = {
        "CMAXD": ratio(found["CMAX"], dose),
        "CLLST": ratio(dose, found["AUCLST"]),
        "MRTLST": _mrt(found["AUMCLST"], found["AUCLST"], doses.duration),
    }
    for kind in "OP":
        auc = found[f"AUCIF{kind}"]
        clearance = ratio(alone, auc)
        residence = _mrt(found[f"AUMCIF{kind}"], auc, single)
        results |= {
            f"AUCIF{kind}D": ratio(auc, alone),
            f"CL{kind}": clearance,
            f"VZ{kind}": ratio(clearance, found["LAMZ"]),
            f"MRTIF{kind}": residence,
            f"VSS{kind}": combine(lambda time, cl: time * cl, residence, clearance),
        }
    return results


def _mrt(aumc: Estimate, auc: Estimate, duration: Estimate) -> Estimate:
    return combine(lambda moment, total, length: moment / total - length / 2, aumc, auc, duration)


def of_interval(window: Window, rate: Estimate, line_at: Terminal, options: NcaOptions) -> Found:
    """Return the areas of a finite interval.

    Up to the last concentration before the next dose they are interpolated at the end. Behind it AUCINT adds nothing,
    AUCINTA the step to the next sample, AUCTAU ``Clast (1 − exp(−λz (end − Tlast))) / λz`` and AUCTAUP the same with
    the predicted concentration. Agrees with PKNCA ``aucint.last``, ``aucint.all``, ``aucint.inf.obs`` and
    ``aucint.inf.pred`` where no later dose lies between the samples around the end.
    """
    reach = window.reach
    found = area(reach, window.end, options)
    gap = known(
        np.where(reach.is_zero, 0.0, np.maximum(window.end - reach.tlast, 0.0)),
        (np.isnan(reach.tlast) & ~reach.is_zero, NcaReason.NOT_ESTIMABLE),
    )
    closed = gap.value == 0
    length = window.end - window.start
    results = {
        "AUCINT": found.auc_last,
        "AUCINTA": found.auc_all,
        "CAVGINT": combine(lambda auc: auc / length, found.auc_last),
    }
    for code, last in (("AUCTAU", known(reach.clast)), ("AUCTAUP", line_at.at(reach.tlast))):
        tail = combine(lambda conc, slope, time: conc * -np.expm1(-slope * time) / slope, last, rate, gap)
        results[code] = combine(lambda some, more: some + more, found.auc_last, tail.instead(closed, 0.0))
    return results


def steady(window: Window, found: Found) -> Found:
    """Return what describes a dosing interval: average, trough, fluctuation, clearance by its AUC after the first.

    ``CAVG = AUCTAU / tau``; ``FLUCP = 100 (CMAX − CMIN) / CAVG``; ``SWING = 100 (CMAX − CMIN) / CMIN`` (PKNCA
    gives a percentage, WinNonlin a ratio). CAVGLST and FLUCPLST take AUCLST, as PKNCA ``cav`` and ``deg.fluc`` do; the
    average is too low where sampling ends before tau.
    """
    length = window.end - window.start
    has_end = _has(window, window.end)
    trough = known(_at(window, window.end), *window.refused, (~has_end, NcaReason.NO_END))
    average = combine(lambda auc: auc / length, found["AUCTAU"])
    by_last = combine(lambda auc: auc / length, found["AUCLST"])
    swing = combine(lambda high, low: high - low, found["CMAX"], found["CMIN"])
    swing = swing.but(found["NCONC"].value < 2, NcaReason.ONE_SAMPLE)
    settled = window.doses.amount.but(window.doses.is_first, NcaReason.FIRST_DOSE)
    clearance = ratio(settled, found["AUCTAU"])
    return {
        "CAVG": average,
        "CAVGLST": by_last,
        "CTROUGH": trough,
        "PTROUGHR": ratio(found["CMAX"], trough),
        "FLUCP": combine(lambda some, mean: 100 * some / mean, swing, average),
        "FLUCPLST": combine(lambda some, mean: 100 * some / mean, swing, by_last),
        "SWING": combine(lambda some, low: 100 * some / low, swing, found["CMIN"]),
        "CLTAU": clearance,
        "VZTAU": ratio(clearance, found["LAMZ"]),
    }
