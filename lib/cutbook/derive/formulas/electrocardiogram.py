"""Intervals of the electrocardiogram corrected for the heart rate."""

from __future__ import annotations

import numpy as np
import pandas as pd


def fridericia(qt: pd.Series, rr: pd.Series) -> pd.Series:
    """Return QT corrected by Fridericia's formula: QT / (RR in seconds) ** (1/3).

    Parameters
    ----------
    qt : Series of float
        QT interval, ms.
    rr : Series of float
        RR interval, ms.

    Returns
    -------
    Series of float
        QTcF, ms; missing without either, or where RR is not positive. Agrees with ``compute_qtc`` of R's admiral.

    Notes
    -----
    Fridericia, Acta Med Scand 1920;53:469.

    Examples
    --------
    >>> fridericia(pd.Series([400.0, 400.0]), pd.Series([512.0, 0.0])).round(9).tolist()
    [500.0, nan]
    """
    return qt / pd.Series(np.cbrt(rr.where(rr.gt(0)) / 1000), index=qt.index)


def rr_of(heart_rate: pd.Series) -> pd.Series:
    """Return the RR interval (ms) of a heart rate (beats/min), missing where that is not positive.

    Examples
    --------
    >>> rr_of(pd.Series([60.0, 0.0])).tolist()
    [1000.0, nan]
    """
    return 60000 / heart_rate.where(heart_rate.gt(0))
