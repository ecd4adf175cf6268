"""A response that is a ratio against exposure: its change with every doubling, and the correlation of their ranks."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy import stats


def per_doubling(exposure: pd.Series, ratio: pd.Series) -> dict[str, float]:
    """Return by how many percent a ratio changes with every doubling of exposure, and the rank correlation.

    Parameters
    ----------
    exposure, ratio : Series of float
        Above zero, one value a participant.

    Returns
    -------
    dict
        diff_pct, diff_pct_low, diff_pct_high (95 %, t, of the line of the logarithms) · rho (Spearman).

    Examples
    --------
    >>> halved = per_doubling(pd.Series([1.0, 2.0, 4.0, 8.0]), pd.Series([1.0, 0.5, 0.25, 0.125]))
    >>> [round(value, 6) for value in halved.values()]
    [-50.0, -50.0, -50.0, -1.0]
    """
    line = stats.linregress(np.log2(exposure), np.log2(ratio))
    margin = float(stats.t.ppf(0.975, len(exposure) - 2)) * float(line.stderr)
    slopes = (line.slope, line.slope - margin, line.slope + margin)
    names = ("diff_pct", "diff_pct_low", "diff_pct_high")
    found = {name: 100 * (2 ** float(slope) - 1) for name, slope in zip(names, slopes, strict=True)}
    return {**found, "rho": float(stats.spearmanr(exposure, ratio).statistic)}
