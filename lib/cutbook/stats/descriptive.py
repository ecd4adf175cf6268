"""Descriptive statistics of many groups at once."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd

from cutbook.stats.intervals import mean_limits

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]

DESCRIPTIVE = ("n", "mean", "sd", "median", "q1", "q3", "min", "max")
"""Statistics of :func:`summaries`, in their usual order."""

GEOMETRIC = ("geomean", "geocv", "geo_ci_low", "geo_ci_high")
"""Statistics of the logarithms of values, as :func:`describe` names them."""


def describe(frame: pd.DataFrame, by: Sequence[str], value: str, statistics: Sequence[str]) -> pd.DataFrame:
    """Return any of the descriptive statistics of ``value`` for every group.

    Parameters
    ----------
    frame, by, value
        As in :func:`summaries`.
    statistics : sequence of str
        Of :data:`DESCRIPTIVE`, ``cv`` (100 SD / mean, of a positive mean), ``ci_low`` and ``ci_high`` (95 % limits of
        the mean, t), and :data:`GEOMETRIC`: geometric mean, geometric CV (%), and the limits of the geometric mean.

    Returns
    -------
    frame
        Index ``by``, a column a statistic asked for; groups without a value are absent.

    Examples
    --------
    >>> data = pd.DataFrame({"ARM": ["A", "A"], "AVAL": [1.0, 4.0]})
    >>> describe(data, ["ARM"], "AVAL", ["geomean", "cv"]).loc["A"].round(2).tolist()
    [2.0, 84.85]
    """
    found = summaries(frame, by, value)
    low, high = mean_limits(found["mean"], found["sd"], found["n"])
    found = found.assign(cv=coefficient_of_variation(found["mean"], found["sd"]), ci_low=low, ci_high=high)
    if set(statistics) & set(GEOMETRIC):
        found = found.join(geometric_summaries(frame, by, value).drop(columns="n"))
    return found[list(statistics)]


def quantile(values: pd.Series, share: float) -> float:
    """Return a quantile of some values, SAS definition 5 (R type 2); missing ones do not count.

    Examples
    --------
    >>> quantile(pd.Series([1.0, 2.0, 3.0, 4.0, None]), 0.5), quantile(pd.Series([1.0, 2.0, 9.0]), 0.9)
    (2.5, 9.0)
    """
    known = np.sort(values.dropna().to_numpy("float64"))
    if not len(known):
        return float("nan")
    return float(_quantile(known, np.array([0]), np.array([len(known)]), share)[0])


def coefficient_of_variation(mean: pd.Series, sd: pd.Series) -> pd.Series:
    """Return 100 SD / mean; missing where the mean is not positive.

    Examples
    --------
    >>> coefficient_of_variation(pd.Series([4.0, 0.0]), pd.Series([1.0, 1.0])).tolist()
    [25.0, nan]
    """
    return 100 * sd / mean.where(mean > 0)


def summaries(frame: pd.DataFrame, by: Sequence[str], value: str) -> pd.DataFrame:
    """Return n, mean, SD, median, quartiles, minimum and maximum of ``value`` for every group.

    Parameters
    ----------
    frame : frame
        Columns ``by`` (a missing key is a group of its own) and ``value`` (float64; missing values do not count).
    by : sequence of str
        Grouping columns.
    value : str
        Column to summarise.

    Returns
    -------
    frame
        Index ``by`` in order of sorted keys, columns n, mean, sd, median, q1, q3, min, max. Groups without a value are
        absent. SD is missing when n is 1. Quartiles are SAS's default (PCTLDEF=5, R type 2).

    Examples
    --------
    >>> data = pd.DataFrame({"ARM": ["A", "A", "A", "A", "B"], "AVAL": [1.0, 2.0, 3.0, 10.0, 5.0]})
    >>> summaries(data, ["ARM"], "AVAL").loc["A", ["n", "mean", "median", "q1", "q3"]].tolist()
    [4.0, 4.0, 2.5, 1.5, 6.5]
    """
    ordered, starts, counts, index = _sorted_groups(frame, by, value)
    mean = np.add.reduceat(ordered, starts) / counts if len(starts) else np.empty(0)
    columns = {
        "n": counts.astype("float64"),
        "mean": mean,
        "sd": _standard_deviation(ordered, starts, counts, mean),
        "median": _quantile(ordered, starts, counts, 0.5),
        "q1": _quantile(ordered, starts, counts, 0.25),
        "q3": _quantile(ordered, starts, counts, 0.75),
        "min": ordered[starts] if len(starts) else np.empty(0),
        "max": ordered[starts + counts - 1] if len(starts) else np.empty(0),
    }
    return pd.DataFrame(columns, index=index)


def geometric_summaries(frame: pd.DataFrame, by: Sequence[str], value: str) -> pd.DataFrame:
    """Return geometric mean, its 95 % limits, and geometric coefficient of variation (%) of ``value`` for every group.

    The geometric CV is ``100 * sqrt(exp(s**2) - 1)`` with s the SD of the natural logarithms (as R's tern).

    Parameters
    ----------
    frame, by, value
        As in :func:`summaries`.

    Returns
    -------
    frame
        Index ``by``, columns n, geomean, geocv, geo_ci_low, geo_ci_high (t on logarithms); all but n missing when a
        value of the group is zero or negative, the last three also when n is 1.

    Examples
    --------
    >>> data = pd.DataFrame({"ARM": ["A", "A"], "AVAL": [1.0, 4.0]})
    >>> geometric_summaries(data, ["ARM"], "AVAL").loc["A", "geomean"].item()
    2.0
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        logs = np.log(frame[value].to_numpy(dtype="float64"))
    logged = frame[list(by)].assign(**{value: logs})
    logged.loc[frame[value].le(0).to_numpy(), value] = -np.inf
    finite = np.isfinite(logged[value]) | logged[value].isna()
    all_positive = finite.groupby([logged[column] for column in by], dropna=False, sort=True).all()
    result = summaries(logged.assign(**{value: logged[value].where(finite, 0.0)}), by, value)
    positive = all_positive.reindex(result.index).to_numpy(dtype=bool)
    with np.errstate(over="ignore"):
        geocv = 100 * np.sqrt(np.expm1(result["sd"] ** 2))
        low, high = (np.exp(limit) for limit in mean_limits(result["mean"], result["sd"], result["n"]))
    columns = {"geomean": np.exp(result["mean"]), "geocv": geocv, "geo_ci_low": low, "geo_ci_high": high}
    shown = pd.DataFrame(columns, index=result.index).where(np.repeat(positive[:, np.newaxis], len(columns), axis=1))
    return shown.assign(n=result["n"])[["n", *columns]]


def _sorted_groups(frame: pd.DataFrame, by: Sequence[str], value: str) -> tuple[Floats, Integers, Integers, pd.Index]:
    known = frame.loc[frame[value].notna(), [*by, value]]
    grouped = known.groupby(list(by), dropna=False, sort=True, observed=True)
    codes = grouped.ngroup().to_numpy()
    order = np.lexsort((known[value].to_numpy(), codes))
    counts = grouped.size()
    sizes = np.asarray(counts, dtype=np.int64)
    starts = np.asarray(np.cumsum(sizes) - sizes, dtype=np.int64)
    return known[value].to_numpy(dtype="float64")[order], starts, sizes, counts.index


def _standard_deviation(ordered: Floats, starts: Integers, counts: Integers, mean: Floats) -> Floats:
    if not len(starts):
        return np.empty(0)
    squares = (ordered - np.repeat(mean, counts)) ** 2
    freedom = np.where(counts > 1, counts - 1, 1)
    return np.where(counts > 1, np.sqrt(np.add.reduceat(squares, starts) / freedom), np.nan)


def _quantile(ordered: Floats, starts: Integers, counts: Integers, share: float) -> Floats:
    """Return R's type 2 quantile: the average of the two neighbours where n * share is a whole number."""
    position = counts * share
    whole = np.floor(position).astype("int64")
    is_exact = position == whole
    lower = np.clip(np.where(is_exact, whole - 1, whole), 0, counts - 1)
    upper = np.clip(whole, 0, counts - 1)
    if not len(starts):
        return np.empty(0)
    quantiles: Floats = (ordered[starts + lower] + ordered[starts + upper]) / 2
    return quantiles
