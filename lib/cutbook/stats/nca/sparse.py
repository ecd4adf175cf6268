"""Sparse (destructive) sampling: mean profiles, and the standard error of the AUC below one."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from cutbook.stats.nca.estimates import Floats, NcaReason
from cutbook.stats.nca.names import unit
from cutbook.stats.nca.options import NcaOptions
from cutbook.stats.nca.profiles.loading import Rows, read_rows

_CLOSE = 1e-9
"""Times that differ by less are one time."""


def mean_profiles(conc: pd.DataFrame) -> pd.DataFrame:
    """Return the mean concentration of each id and time, 0 where more than half of the samples are below the limit.

    Samples below the limit count as 0, as PKNCA ``sparse_mean`` has it. Of an id with a fault the faulty rows come
    back as they are, so that the analysis refuses it for the same reason.

    Examples
    --------
    >>> conc = pd.DataFrame({"id": "A", "time": [0, 0, 1, 1, 1], "conc": [0.0, 4, 0, 0, 9]})
    >>> mean_profiles(conc)["conc"].tolist()
    [2.0, 0.0]
    """
    rows = read_rows(conc)
    faulty = np.logical_or.reduce([mask for mask, _ in rows.faults])
    used = pd.DataFrame({"id": conc["id"].to_numpy(), "time": rows.time, "conc": rows.conc, "blq": rows.is_blq})
    groups = used[rows.taken & ~faulty].groupby(["id", "time"], sort=True)
    means = groups.agg(conc=("conc", "mean"), blq=("blq", "mean")).reset_index()
    means["conc"] = means["conc"].where(means["blq"] <= 0.5, 0.0)
    again = _sampled_twice(conc, rows)
    columns = ["id", "time", "conc"]
    unsampled = conc.loc[~conc["id"].isin(means["id"]) & ~faulty, ["id"]].assign(time=np.nan, conc=np.nan)
    found: pd.DataFrame = pd.concat(
        [means[columns], conc.loc[faulty, columns], means.loc[means["id"].isin(again), columns], unsampled]
    )
    return found


def _sampled_twice(conc: pd.DataFrame, rows: Rows) -> set[Any]:
    """Return the ids in which one subject has two samples at one time."""
    if "subject" not in conc.columns:
        return set()
    used = conc.assign(time=rows.time)[rows.taken]
    return set(used.loc[used.duplicated(["id", "subject", "time"]), "id"])


def standard_errors(conc: pd.DataFrame, found: pd.DataFrame, options: NcaOptions) -> pd.DataFrame:
    """Return the standard error of the AUC below each mean profile, and its degrees of freedom.

    ``Var = Σ w² s² / n + 2 Σ w_i w_j n_ij s_ij / (n_i n_j)``, with the weights of the linear rule over the times up to
    Tlast: Bailer (1988), Nedelman and Jia (1998, doi:10.1080/10543409808835241), covariances by Holder (2001,
    doi:10.1081/BIP-100104199); degrees of freedom by Nedelman (1995) where every subject has one sample. Agrees with
    PKNCA ``pk.calc.sparse_auc`` where no time follows Tlast; PKNCA gives Tlast the weight of the step behind it too.

    Parameters
    ----------
    conc : frame
        Samples; ``subject`` says whose they are. Without that column each sample is of another subject.
    found : frame
        AUCLST and TLST of the mean profiles, as the analysis gives them.
    options : NcaOptions
    """
    rows = read_rows(conc)
    subject = conc["subject"].to_numpy() if "subject" in conc.columns else np.arange(len(conc))
    used = pd.DataFrame({"id": conc["id"].to_numpy(), "time": rows.time, "conc": rows.conc, "subject": subject})
    by_id: dict[Any, pd.DataFrame] = dict(list(used[rows.taken].groupby("id")))
    results = []
    for key, block in found.groupby(["id", "start", "end"]):
        said = block.set_index("parameter")
        values = _error(by_id[key[0]] if key[0] in by_id else used.head(0), key, said)
        for code, (value, reason) in zip(("AUCLSTSE", "AUCLSTDF"), values, strict=True):
            results.append((*key, code, value, unit(code, options), str(reason)))
    return pd.DataFrame(results, columns=["id", "start", "end", "parameter", "value", "unit", "reason"])


def _error(samples: pd.DataFrame, key: tuple[Any, ...], said: pd.DataFrame) -> list[tuple[float, str]]:
    """Return standard error and degrees of freedom, each with the reason why it is missing."""
    for code in ("AUCLST", "TLST"):
        reason = said["reason"].get(code, "")
        if reason:
            return [(np.nan, reason)] * 2
    inside = samples["time"].between(key[1] - _CLOSE, key[1] + said["value"]["TLST"] + _CLOSE)
    if not samples.loc[inside, "time"].min() <= key[1] + _CLOSE:
        return [(np.nan, NcaReason.NO_START)] * 2
    wide = samples[inside].pivot_table(index="subject", columns="time", values="conc")
    number = wide.count().to_numpy()
    if (number < 2).any():
        return [(np.nan, NcaReason.ONE_A_TIME)] * 2
    steps = np.diff(wide.columns.to_numpy(dtype="float64"))
    weight = (np.r_[0.0, steps] + np.r_[steps, 0.0]) / 2
    share, together = _covariance(wide.to_numpy(dtype="float64"), number)
    variance = weight @ (share * together / np.outer(number, number)) @ weight
    alone = weight**2 * np.diag(share) / number
    with np.errstate(all="ignore"):
        freedom = alone.sum() ** 2 / np.sum(alone**2 / (number - 1))
    if (together - np.diag(number)).any():
        return [(float(np.sqrt(max(variance, 0.0))), ""), (np.nan, NcaReason.SAMPLED_AGAIN)]
    degrees = (float(freedom), "") if np.isfinite(freedom) else (np.nan, NcaReason.ZERO_BELOW)
    return [(float(np.sqrt(variance)), ""), degrees]


def _covariance(wide: Floats, number: Floats) -> tuple[Floats, Floats]:
    """Return the covariances of times, within the inequality of Cauchy and Schwarz, and how many subjects both have."""
    has = np.isfinite(wide)
    mean = np.where((np.where(has, wide, 1.0) == 0).sum(axis=0) > number / 2, 0.0, np.nansum(wide, axis=0) / number)
    centred = np.where(has, wide - mean, 0.0)
    together = has.T.astype("float64") @ has.astype("float64")
    share = 1 - together / number[:, None]
    with np.errstate(all="ignore"):
        found = (centred.T @ centred) / ((together - 1) + share * (1 - together / number[None, :]))
    found = np.where(together > 1, found, 0.0)
    spread = np.nanvar(wide, axis=0, ddof=1)
    limit = np.sqrt(np.outer(spread, spread))
    found = np.clip(found, -limit, limit)
    np.fill_diagonal(found, spread)
    return found, together
