"""Samples and doses from frames into arrays with one row a profile, and what is wrong with a profile."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from cutbook.stats.nca.estimates import REASONS, Codes, Flags, Floats, NcaReason
from cutbook.stats.nca.options import ROUTES, NcaOptions


@dataclass(frozen=True)
class Samples:
    """Samples of many profiles, each row in the order of time and filled up with missing times.

    Attributes
    ----------
    time, conc, limit : array of float, profiles × samples
        ``conc`` is 0 below the limit of quantification; ``limit`` is missing where it is not known.
    is_blq : array of bool
        Whether a sample is below the limit.
    fit : array of int
        1 taken for the terminal line by hand, -1 left out of it by hand, else 0.
    """

    time: Floats
    conc: Floats
    limit: Floats
    is_blq: Flags
    fit: Codes

    @property
    def present(self) -> Flags:
        """Where a row has a sample."""
        return np.isfinite(self.time)

    def where(self, mask: Flags) -> Samples:
        """Return the samples for which ``mask`` holds, moved to the front of their row."""
        if np.array_equal(mask, self.present):
            return self
        order = np.argsort(~mask, axis=1, kind="stable")
        kept = np.take_along_axis(mask, order, axis=1)
        width = max(int(kept.sum(axis=1).max(initial=0)), 1)
        order, kept = order[:, :width], kept[:, :width]
        parts = (
            np.take_along_axis(part, order, axis=1)
            for part in (self.time, self.conc, self.limit, self.is_blq, self.fit)
        )
        time, conc, limit, is_blq, fit = parts
        gone = np.nan
        return Samples(
            np.where(kept, time, gone), np.where(kept, conc, gone), np.where(kept, limit, gone), is_blq & kept,
            np.where(kept, fit, np.int8(0)),
        )  # fmt: skip


@dataclass(frozen=True)
class Doses:
    """Doses of many profiles, each row in the order of time and filled up with missing times.

    Attributes
    ----------
    time, amount, duration : array of float, profiles × doses
    route : array of str, one a profile
    why : array of int, one a profile
        Why nothing that needs a dose is known of the profile, 0 where there is no such reason.
    """

    time: Floats
    amount: Floats
    duration: Floats
    route: np.ndarray[Any, np.dtype[np.str_]]
    why: Codes


@dataclass(frozen=True)
class Profiles:
    """All profiles of an analysis: ids in order, samples, doses, and why a profile is refused (0 where it is not)."""

    ids: pd.Index
    samples: Samples
    doses: Doses
    why: Codes
    unexplained: Flags


def load(conc: pd.DataFrame, dose: pd.DataFrame, options: NcaOptions) -> Profiles:
    """Return the profiles of samples and doses, one an id that has either.

    Parameters
    ----------
    conc : frame
        ``id``, ``time``, ``conc`` and, where there are such columns, ``lloq``, ``blq`` (true: below the limit whatever
        ``conc`` holds), ``excluded`` (true or a reason: the sample takes no part), ``lambda_z`` (``use`` or ``leave
        out``) and ``lambda_z_reason``. A sample without a concentration was not measured and takes no part.
    dose : frame
        ``id``, ``time``, ``dose`` and, where there are such columns, ``duration`` and ``route``.
    options : NcaOptions

    Raises
    ------
    ValueError
        A column is absent, or a row has no id.
    """
    _check_columns(conc, ("id", "time", "conc"), "samples")
    _check_columns(dose, ("id", "time", "dose"), "doses")
    both = pd.concat([conc["id"], dose["id"]], ignore_index=True)
    codes, ids = pd.factorize(both, sort=True)
    if (codes < 0).any():
        raise ValueError(f"{int((codes < 0).sum())} rows without an id: expected an id in every row")
    samples, why, unexplained = _samples(conc, codes[: len(conc)], len(ids), options)
    doses = _doses(dose, codes[len(conc) :], len(ids), options)
    return Profiles(pd.Index(ids), samples, doses, why, unexplained)


def _check_columns(frame: pd.DataFrame, needed: tuple[str, ...], what: str) -> None:
    absent = [name for name in needed if name not in frame.columns]
    if absent:
        raise ValueError(f"{what}: no column {', '.join(absent)}; expected {', '.join(needed)}")


def _numbers(column: pd.Series) -> Floats:
    numeric = column if pd.api.types.is_numeric_dtype(column) else pd.to_numeric(column, errors="coerce")
    return numeric.to_numpy(dtype="float64", na_value=np.nan)


def _truth(frame: pd.DataFrame, name: str) -> Flags:
    """Return which rows say yes or give a reason; an absent column, a missing value and a text for no say no."""
    if name not in frame.columns:
        return np.zeros(len(frame), dtype="bool")
    column = frame[name]
    if pd.api.types.is_bool_dtype(column) or pd.api.types.is_numeric_dtype(column):
        return column.fillna(0).astype("bool").to_numpy(dtype="bool")
    said = column.map(lambda value: value if isinstance(value, bool) else _says_yes(str(value)), na_action="ignore")
    return said.eq(True).fillna(False).to_numpy(dtype="bool")


@dataclass(frozen=True)
class Rows:
    """Rows of samples as numbers.

    ``conc`` is 0 below the limit of quantification, ``taken`` leaves out what was excluded or not measured, and
    ``faults`` are the rows with a fault.
    """

    time: Floats
    conc: Floats
    limit: Floats
    is_blq: Flags
    taken: Flags
    faults: tuple[tuple[Flags, NcaReason], ...]


def _says_yes(text: str) -> bool:
    return text.strip().lower() not in ("", "n", "no", "false", "0")


def read_rows(conc: pd.DataFrame) -> Rows:
    """Return rows of samples as numbers, with the columns of :func:`load`."""
    _check_columns(conc, ("id", "time", "conc"), "samples")
    given, time = _numbers(conc["conc"]), _numbers(conc["time"])
    limit = _numbers(conc["lloq"]) if "lloq" in conc.columns else np.full(len(conc), np.nan)
    said_blq = _truth(conc, "blq")
    is_text = ~said_blq & np.isnan(given) & conc["conc"].notna().to_numpy(dtype="bool")
    taken = ~_truth(conc, "excluded") & (said_blq | is_text | ~np.isnan(given))
    with np.errstate(invalid="ignore"):
        is_blq = said_blq | (given == 0) | ((given >= 0) & (given < limit))
    faults = (
        (taken & is_text, NcaReason.NOT_A_NUMBER),
        (taken & ~is_blq & ~is_text & ~((given >= 0) & np.isfinite(given)), NcaReason.NEGATIVE),
        (taken & ~np.isfinite(time), NcaReason.NO_TIME),
    )
    return Rows(time, np.where(is_blq, 0.0, given), limit, is_blq, taken, faults)


def _samples(conc: pd.DataFrame, codes: Codes, count: int, options: NcaOptions) -> tuple[Samples, Codes, Flags]:
    """Return the samples, why profiles are refused, and which have points chosen by hand without a reason."""
    rows = read_rows(conc)
    fit, unexplained = _chosen(conc)
    why = np.zeros(count, dtype="int8")
    for faulty, reason in rows.faults:
        why = _mark(why, codes[faulty], reason)
    keep = rows.taken & np.isfinite(rows.time) & np.isfinite(rows.conc)
    columns = [rows.conc[keep], rows.limit[keep], rows.is_blq[keep], fit[keep]]
    laid, twice = _laid_out(codes[keep], rows.time[keep], columns, count, options.duplicates)
    if options.duplicates == "refuse":
        why = _mark(why, twice, NcaReason.TWO_AT_ONE_TIME)
    hand = np.zeros(count, dtype="bool")
    hand[codes[unexplained & keep]] = True
    return laid, why, hand


def _mark(why: Codes, profiles: Codes, reason: NcaReason) -> Codes:
    marked = np.zeros(len(why), dtype="bool")
    marked[profiles] = True
    return np.where((why == 0) & marked, np.int8(REASONS.index(reason)), why)


def _chosen(conc: pd.DataFrame) -> tuple[Codes, Flags]:
    """Return the choices made by hand for the terminal line, and which of them have no reason."""
    if "lambda_z" not in conc.columns:
        return np.zeros(len(conc), dtype="int8"), np.zeros(len(conc), dtype="bool")
    words = conc["lambda_z"].astype("str").str.strip().str.lower()
    fit = np.where(words.eq("use"), np.int8(1), np.where(words.eq("leave out"), np.int8(-1), np.int8(0)))
    return fit, (fit != 0) & ~_truth(conc, "lambda_z_reason")


def _laid_out(codes: Codes, time: Floats, columns: list[Floats], count: int, duplicates: str) -> tuple[Samples, Codes]:
    """Return rows as samples × profiles in the order of time, and the profiles with two samples at one time."""
    order = np.lexsort((time, codes))
    codes, time = codes[order], time[order]
    columns = [column[order] for column in columns]
    same = np.zeros(len(codes), dtype="bool")
    same[1:] = (codes[1:] == codes[:-1]) & (time[1:] == time[:-1])
    twice = codes[same]
    if duplicates == "mean" and same.any():
        codes, time, columns = _averaged(codes, time, columns, same)
    place = np.arange(len(codes)) - np.searchsorted(codes, codes)
    shape = (count, max(int(place.max(initial=-1)) + 1, 1))
    laid = [np.full(shape, np.nan), np.full(shape, np.nan), np.full(shape, np.nan), np.zeros(shape, "bool")]
    laid.append(np.zeros(shape, "int8"))
    for target, column in zip(laid, (time, *columns), strict=True):
        target[codes, place] = column
    return Samples(*laid), twice


def _averaged(codes: Codes, time: Floats, columns: list[Floats], same: Flags) -> tuple[Codes, Floats, list[Floats]]:
    """Return one row a time: the mean of its concentrations, below the limit where all of them are."""
    group = np.cumsum(~same) - 1
    size = np.bincount(group)
    first = np.flatnonzero(~same)
    conc, limit, is_blq, fit = columns
    mean = np.bincount(group, weights=conc) / size
    all_blq = np.bincount(group, weights=is_blq) == size
    return codes[first], time[first], [mean, limit[first], all_blq, fit[first]]


def _doses(dose: pd.DataFrame, codes: Codes, count: int, options: NcaOptions) -> Doses:
    time, amount = _numbers(dose["time"]), _numbers(dose["dose"])
    length = _numbers(dose["duration"]) if "duration" in dose.columns else np.full(len(dose), np.nan)
    route, unknown = _routes(dose, codes, count, options)
    why = _mark(np.zeros(count, dtype="int8"), codes[~np.isfinite(time)], NcaReason.DOSE_UNKNOWN)
    why = _mark(why, np.flatnonzero(unknown), NcaReason.DOSE_UNKNOWN)
    keep = np.isfinite(time)
    columns = [amount[keep], length[keep], np.zeros(keep.sum(), "bool"), np.zeros(keep.sum(), "int8")]
    laid, twice = _laid_out(codes[keep], time[keep], columns, count, "keep")
    why = _mark(why, twice, NcaReason.DOSE_TWICE)
    return Doses(laid.time, laid.conc, laid.limit, route, why)


def _routes(dose: pd.DataFrame, codes: Codes, count: int, options: NcaOptions) -> tuple[Codes, Flags]:
    """Return the route of each profile, and which have a route that is unknown or more than one."""
    route = np.full(count, options.route, dtype="U16")
    unknown = np.zeros(count, dtype="bool")
    if "route" not in dose.columns:
        return route, unknown
    words = dose["route"].fillna("").astype("str").str.strip().replace("", options.route).to_numpy(dtype="U32")
    is_route = np.isin(words, ROUTES)
    route[codes[is_route]] = words[is_route]
    unknown[codes[~is_route]] = True
    unknown[codes[is_route][route[codes[is_route]] != words[is_route]]] = True
    return route, unknown
