"""Rules by which a terminal line is believed: they flag, and change no value."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd


@dataclass(frozen=True, kw_only=True)
class AcceptanceLimits:
    """Limits of a terminal line and what is extrapolated with it; None for no rule.

    Attributes
    ----------
    adj_r2 : float or None
        Least adjusted r² (``R2ADJ``); PKNCA ``min.hl.r.squared`` has 0.9.
    span : float or None
        Fewest half-lives that the line covers (``LAMZSPN``); PKNCA ``min.span.ratio`` has 2.
    points : float or None
        Fewest points of the line (``LAMZNPT``).
    extrapolated, back_extrapolated : float or None
        Largest percentage of the AUC behind the last sample (``AUCPEO``), PKNCA ``max.aucinf.pext`` has 20, and before
        the first after a bolus (``AUCPBEO``).
    """

    adj_r2: float | None = 0.9
    span: float | None = 2.0
    points: float | None = 3.0
    extrapolated: float | None = 20.0
    back_extrapolated: float | None = 20.0


_RULES = {
    "R2ADJ": "adj_r2",
    "LAMZSPN": "span",
    "LAMZNPT": "points",
    "AUCPEO": "extrapolated",
    "AUCPBEO": "back_extrapolated",
}
_AT_MOST = ("AUCPEO", "AUCPBEO")


def acceptance(found: pd.DataFrame, limits: AcceptanceLimits | None = None) -> pd.DataFrame:
    """Return which rules each profile and interval meets.

    Parameters
    ----------
    found : frame
        Result of :func:`~cutbook.stats.nca.nca`.
    limits : AcceptanceLimits
        A value at its limit meets the rule.

    Returns
    -------
    frame
        ``id``, ``start``, ``end``, ``parameter``, ``value``, ``limit``, ``is_met`` (missing where there is no value),
        ``reason`` (why there is none).

    Examples
    --------
    >>> found = pd.DataFrame({"id": 1, "start": 0.0, "end": np.inf, "parameter": ["R2ADJ", "AUCPEO"]})
    >>> acceptance(found.assign(value=[0.9, 20.5], reason=""))["is_met"].tolist()
    [True, False]
    """
    limits = limits or AcceptanceLimits()
    bounds = {code: getattr(limits, name) for code, name in _RULES.items() if getattr(limits, name) is not None}
    rows = found.loc[found["parameter"].isin(list(bounds)), ["id", "start", "end", "parameter", "value", "reason"]]
    limit = rows["parameter"].map(bounds).astype("float64")
    is_met = np.where(rows["parameter"].isin(_AT_MOST), rows["value"] <= limit, rows["value"] >= limit)
    judged = pd.Series(is_met, index=rows.index, dtype="boolean").mask(rows["value"].isna())
    columns = ["id", "start", "end", "parameter", "value", "limit", "is_met", "reason"]
    return rows.assign(limit=limit, is_met=judged)[columns].reset_index(drop=True)
