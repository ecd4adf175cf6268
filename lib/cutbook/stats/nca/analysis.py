"""The analysis: every interval of every profile, as one frame of values and reasons."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd

from cutbook.stats.nca.estimates import REASONS, Estimate, Flags, NcaReason, ratio
from cutbook.stats.nca.names import ORDER, ROUTES_OF, unit
from cutbook.stats.nca.options import ROUTES, NcaOptions
from cutbook.stats.nca.parameters import (
    Found,
    bolus,
    disposition,
    exposure,
    line,
    observed,
    of_interval,
    peak_place,
    steady,
)
from cutbook.stats.nca.profiles.curves import Window, window
from cutbook.stats.nca.profiles.dosing import taken_after_dose
from cutbook.stats.nca.profiles.loading import Profiles, load
from cutbook.stats.nca.sparse import mean_profiles, standard_errors
from cutbook.stats.nca.terminal import Terminal, terminal

_STEADY = (
    "CMIN", "AUCINT", "AUCINTA", "AUCTAU", "AUCTAUP", "CAVG", "CAVGLST", "CAVGINT", "CSTART", "CTROUGH", "PTROUGHR",
    "FLUCP", "FLUCPLST", "SWING", "CLTAU", "VZTAU",
)  # fmt: skip
_BY_ROUTE = {
    "CLLST": ("CLFLST", "CLLST"), "CLO": ("CLFO", "CLO"), "CLP": ("CLFP", "CLP"), "VZO": ("VZFO", "VZO"),
    "VZP": ("VZFP", "VZP"), "MRTLST": ("MRTEVLST", "MRTIVLST"), "MRTIFO": ("MRTEVIFO", "MRTIVIFO"),
    "MRTIFP": ("MRTEVIFP", "MRTIVIFP"), "VSSO": ("VSSO",), "VSSP": ("VSSP",), "CLTAU": ("CLFTAU", "CLTAU"),
    "VZTAU": ("VZFTAU", "VZTAU"),
}  # fmt: skip
"""Codes of CDISC for what has another name after another route."""


def nca(conc: pd.DataFrame, dose: pd.DataFrame, *, options: NcaOptions | None = None) -> pd.DataFrame:
    """Return the non-compartmental parameters of many profiles.

    Parameters
    ----------
    conc : frame
        One row a sample: ``id``, ``time``, ``conc`` (0 below the limit of quantification) and, where there are such
        columns, ``lloq`` (a concentration under it is below the limit), ``blq`` (true: below the limit), ``excluded``
        (true or a reason), ``lambda_z`` (``use``, ``leave out``) with ``lambda_z_reason``, and ``subject`` of sparse
        samples. A sample without a concentration was not measured and takes no part.
    dose : frame
        One row a dose: ``id``, ``time``, ``dose`` and, where there are such columns, ``duration`` and ``route``.
    options : NcaOptions

    Returns
    -------
    frame
        ``id``, ``start``, ``end``, ``parameter`` (see :func:`~cutbook.stats.nca.names.nca_parameters`), ``value``,
        ``unit``, ``reason``: empty where there is a value, else a text of
        :class:`~cutbook.stats.nca.estimates.NcaReason`. A profile with a fault has its reasons in every row and changes
        no other profile. Parameters of a dosing interval stand there for finite intervals, or where ``tau`` is given;
        those of accumulation for all intervals but the first.

    Raises
    ------
    ValueError
        A column is absent, or a row has no id.

    Examples
    --------
    >>> conc = pd.DataFrame({"id": 1, "time": [0.0, 1, 2, 3, 4], "conc": [0.0, 8, 4, 2, 1]})
    >>> dose = pd.DataFrame({"id": [1], "time": [0.0], "dose": [100.0]})
    >>> found = nca(conc, dose, options=NcaOptions(auc_method="linear")).set_index("parameter")["value"]
    >>> found[["CMAX", "LAMZHL", "AUCLST"]].round(9).tolist()
    [8.0, 1.0, 14.5]
    """
    options = options or NcaOptions()
    if options.sparse:
        return _sparse(conc, dose, options)
    profiles = load(conc, dose, options)
    after = taken_after_dose(profiles, options.sample_at_dose)
    spans = sorted(options.intervals)
    results = [_interval(profiles, after, span, options) for span in spans]
    for later in results[1:]:
        later |= _accumulation(results[0], later)
    return _frame(profiles, spans, results, options)


def terminal_points(conc: pd.DataFrame, dose: pd.DataFrame, *, options: NcaOptions | None = None) -> pd.DataFrame:
    """Return the samples of each interval and whether they are on its terminal line.

    Returns
    -------
    frame
        ``id``, ``start``, ``end``, ``time``, ``conc``, ``used``, ``by_hand``, and ``predicted``: the concentration that
        the line has at that time, missing where there is no line.
    """
    options = options or NcaOptions()
    profiles = load(conc, dose, options)
    after = taken_after_dose(profiles, options.sample_at_dose)
    parts = []
    for span in sorted(options.intervals):
        seen = window(profiles, after, span, options)
        fit = _terminal(profiles, seen, options)
        rows, places = np.nonzero(seen.clean.present)
        columns = {
            "id": profiles.ids.take(rows), "start": span[0], "end": span[1], "time": seen.clean.time[rows, places],
            "conc": seen.clean.conc[rows, places], "used": fit.used[rows, places] & (fit.lambda_z.why[rows] == 0),
            "by_hand": fit.by_hand[rows],
        }  # fmt: skip
        line_at = fit.level.value[rows] - fit.lambda_z.value[rows] * (columns["time"] - fit.last.value[rows])
        parts.append(pd.DataFrame(columns | {"predicted": np.exp(line_at)}))
    return pd.concat(parts, ignore_index=True)


def _sparse(conc: pd.DataFrame, dose: pd.DataFrame, options: NcaOptions) -> pd.DataFrame:
    """Return the parameters of the mean profiles by the linear rule, and the standard errors of their AUC.

    A mean of 0 is a concentration like any other, so that the AUC is the weighted sum whose error is estimated.
    """
    linear = replace(
        options, sparse=False, auc_method="linear", duplicates="refuse", blq_first="keep", blq_middle="keep",
        blq_last="keep", blq_before_tmax=None, blq_after_tmax=None,
    )  # fmt: skip
    found = nca(mean_profiles(conc), dose, options=linear)
    errors = standard_errors(conc, found[found["parameter"].isin(["AUCLST", "TLST"])], options)
    both = pd.concat([found, errors], ignore_index=True)
    place = both["parameter"].map({code: number for number, code in enumerate(ORDER)})
    return (
        both.assign(place=place).sort_values(["id", "start", "end", "place"], ignore_index=True).drop(columns="place")
    )


def _terminal(profiles: Profiles, seen: Window, options: NcaOptions) -> Terminal:
    place, _ = peak_place(seen, options)
    tmax = seen.raw.time[np.arange(len(place)), place]
    return terminal(seen.clean, tmax, seen.doses.last_end, seen.refused, profiles.unexplained, options)


def _interval(profiles: Profiles, after: Flags, span: tuple[float, float], options: NcaOptions) -> Found:
    """Return the parameters of one interval, and those of the dosing interval where it has one."""
    seen = window(profiles, after, span, options)
    fit = _terminal(profiles, seen, options)
    found = observed(seen, options)
    found |= line(seen, fit, found)
    found |= exposure(seen, fit, options)
    found |= disposition(seen, found)
    if (profiles.doses.route == "iv_bolus").any():
        found |= bolus(seen, found, options)
    if np.isfinite(span[1]):
        found |= of_interval(seen, fit.lambda_z, fit, options)
    end = span[0] + options.tau if options.tau is not None else span[1]
    if np.isfinite(end):
        found |= _dosing_interval(profiles, after, (seen, end), (found, fit), options)
    return found


def _dosing_interval(
    profiles: Profiles, after: Flags, at: tuple[Window, float], so_far: tuple[Found, Terminal], options: NcaOptions
) -> Found:
    """Return the parameters of the dosing interval, which may end before the interval does."""
    (seen, end), (found, fit) = at, so_far
    if end == seen.end:
        return steady(seen, found)
    within = window(profiles, after, (seen.start, end), options)
    inner = observed(within, options)
    inner |= {"LAMZ": found["LAMZ"], "AUCLST": exposure(within, fit, options)["AUCLST"]}
    inner |= of_interval(within, fit.lambda_z, fit, options)
    inner |= steady(within, inner)
    return {code: inner[code] for code in _STEADY if code in inner and code not in ("AUCINT", "AUCINTA", "CAVGINT")}


def _accumulation(first: Found, later: Found) -> Found:
    """Return ratios of an interval to the first: AUC of the dosing interval and of the interval, Cmax, trough."""
    codes = {"ARAUC": "AUCTAU", "ARAUCINT": "AUCINT", "ARCMAX": "CMAX", "ARCTROUG": "CTROUGH"}
    found = {}
    for code, source in codes.items():
        if source in first and source in later:
            start = first[source]
            base = Estimate(start.value, np.where(start.why > 0, np.int8(REASONS.index(NcaReason.NO_FIRST)), start.why))
            found[code] = ratio(later[source], base)
    return found


def _frame(
    profiles: Profiles, spans: list[tuple[float, float]], results: list[Found], options: NcaOptions
) -> pd.DataFrame:
    """Return all estimates as rows: by profile, interval and parameter."""
    route = np.stack([profiles.doses.route == name for name in ROUTES], axis=1)
    has = np.array([[name in ROUTES_OF[code] for name in ROUTES] for code in ORDER])
    parts = []
    for number, (span, found) in enumerate(zip(spans, results, strict=True)):
        named = {code: value for name, value in found.items() for code in _BY_ROUTE.get(name, (name,))}
        codes = [place for place, code in enumerate(ORDER) if code in named]
        values = np.stack([named[ORDER[place]].value for place in codes], axis=1)
        why = np.stack([named[ORDER[place]].why for place in codes], axis=1)
        rows, columns = np.nonzero(route @ has[codes].T)
        place = np.asarray(codes)[columns]
        parts.append((rows, np.full(len(rows), number), place, values[rows, columns], why[rows, columns], span))
    joined = [np.concatenate([part[item] for part in parts]) for item in range(5)]
    order = np.lexsort((joined[2], joined[1], joined[0])) if len(parts) > 1 else slice(None)
    rows, numbers, places, values, why = (column[order] for column in joined)
    bounds = np.asarray(spans, dtype="float64")
    return pd.DataFrame(
        {
            "id": profiles.ids.take(rows),
            "start": bounds[numbers, 0],
            "end": bounds[numbers, 1],
            "parameter": pd.array(list(ORDER), dtype="str").take(places),
            "value": values,
            "unit": pd.array([unit(code, options) for code in ORDER], dtype="str").take(places),
            "reason": pd.array([str(reason) for reason in REASONS], dtype="str").take(why.astype("int64")),
        }
    )
