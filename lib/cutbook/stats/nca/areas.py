"""Areas under a concentration curve and its first moment, step by step between two samples."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[Any]
Flags = npt.NDArray[Any]

_SERIES = (1 / 2, 1 / 3, 1 / 8, 1 / 30, 1 / 144, 1 / 840, 1 / 5760)
_NEARLY_FLAT = 0.05
"""Below this |ln(c2/c1)| the moment is summed as a series, because its closed form would lose digits."""


def step_auc(time: tuple[Floats, Floats], conc: tuple[Floats, Floats], is_log: Flags) -> Floats:
    """Return the area of steps between two samples.

    Linear: ``(t2 - t1) (c1 + c2) / 2``; logarithmic: ``(t2 - t1) (c2 - c1) / ln(c2 / c1)``. Unit concentration × time.
    Agrees with PKNCA ``pk.calc.auc`` and NonCompart ``AUC``.

    Examples
    --------
    >>> ends = np.array([0.0, 0.0]), np.array([2.0, 2.0])
    >>> step_auc(ends, (np.array([4.0, 4.0]), np.array([1.0, 1.0])), np.array([False, True])).round(6).tolist()
    [5.0, 4.328085]
    """
    width = time[1] - time[0]
    rise = conc[1] - conc[0]
    with np.errstate(all="ignore"):
        logarithmic = width * rise / np.log1p(rise / conc[0])
    found: Floats = np.where(is_log, logarithmic, width * (conc[0] + conc[1]) / 2)
    return found


def step_aumc(time: tuple[Floats, Floats], conc: tuple[Floats, Floats], is_log: Flags) -> Floats:
    """Return the area of steps under the first moment curve, time × concentration.

    Linear: ``(t2 - t1) (c1 t1 + c2 t2) / 2``; logarithmic, with ``L = ln(c2 / c1)``: ``(t2 - t1) (c2 t2 - c1 t1) / L -
    (t2 - t1)² (c2 - c1) / L²``. Unit concentration × time². Agrees with PKNCA ``pk.calc.aumc`` and NonCompart ``AUC``.

    Examples
    --------
    >>> ends = np.array([1.0]), np.array([2.0])
    >>> step_aumc(ends, (np.array([4.0]), np.array([2.0])), np.array([False])).tolist()
    [4.0]
    """
    width = time[1] - time[0]
    linear = width * (conc[0] * time[0] + conc[1] * time[1]) / 2
    with np.errstate(all="ignore"):
        slope = np.log1p((conc[1] - conc[0]) / conc[0])
        closed = (np.exp(slope) * (slope - 1) + 1) / slope**2
        moment = np.where(np.abs(slope) < _NEARLY_FLAT, np.polynomial.polynomial.polyval(slope, _SERIES), closed)
        logarithmic = time[0] * step_auc(time, conc, is_log) + width**2 * conc[0] * moment
    found: Floats = np.where(is_log, logarithmic, linear)
    return found


def between(time: tuple[Floats, Floats], conc: tuple[Floats, Floats], is_log: Flags, at: Floats) -> Floats:
    """Return the concentration at a time between two samples, on the straight or the semi-logarithmic line.

    Agrees with PKNCA ``interpolate.conc`` and NonCompart ``Interpol``.

    Examples
    --------
    >>> ends = np.array([0.0, 0.0]), np.array([2.0, 2.0])
    >>> between(ends, (np.array([4.0, 4.0]), np.array([1.0, 1.0])), np.array([False, True]), np.array([1.0])).tolist()
    [2.5, 2.0]
    """
    with np.errstate(all="ignore"):
        share = (at - time[0]) / (time[1] - time[0])
        logarithmic = conc[0] * np.exp(share * np.log(conc[1] / conc[0]))
        linear = conc[0] + share * (conc[1] - conc[0])
    found: Floats = np.where(is_log, logarithmic, linear)
    return found


def is_logarithmic(time: tuple[Floats, Floats], conc: tuple[Floats, Floats], tmax: Floats, method: str) -> Flags:
    """Return which steps the rule takes as logarithmic; none that touches zero.

    Parameters
    ----------
    time, conc : pair of array
        Both ends of each step.
    tmax : array
        Time of the highest concentration; only the rule ``log`` asks for it.
    method : str
        As ``auc_method`` of :class:`~cutbook.stats.nca.options.NcaOptions`.

    Examples
    --------
    >>> ends = np.array([0.0, 1.0, 2.0]), np.array([1.0, 2.0, 3.0])
    >>> levels = np.array([1.0, 4.0, 2.0]), np.array([4.0, 2.0, 0.0])
    >>> is_logarithmic(ends, levels, np.array([1.0]), "linear_up_log_down").tolist()
    [False, True, False]
    """
    positive: Flags = (conc[0] > 0) & (conc[1] > 0)
    match method:
        case "linear_up_log_down":
            counts = conc[1] < conc[0]
        case "log":
            counts = (time[1] > tmax) & (conc[1] != conc[0])
        case _:
            counts = np.zeros_like(positive)
    return positive & counts
