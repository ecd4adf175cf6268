"""The terminal line: logarithms of the last concentrations against time, by least squares."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from cutbook.stats.nca.estimates import Estimate, Flags, Floats, NcaReason, combine, in_any, known
from cutbook.stats.nca.options import NcaOptions
from cutbook.stats.nca.profiles.loading import Samples


@dataclass(frozen=True)
class Terminal:
    """Terminal lines of many profiles, times in the clock of the samples.

    Attributes
    ----------
    lambda_z : Estimate
        Rate, 1 / time.
    level : Estimate
        Natural logarithm of the concentration that the line has at ``last``.
    r2, adj_r2, correlation : Estimate
    number, first, last : Estimate
        Points of the line, time of its first and last.
    used : array of bool
        Samples on the line.
    by_hand : array of bool
        Whether its points were chosen by hand.
    """

    lambda_z: Estimate
    level: Estimate
    r2: Estimate
    adj_r2: Estimate
    correlation: Estimate
    number: Estimate
    first: Estimate
    last: Estimate
    used: Flags
    by_hand: Flags

    def at(self, time: Floats) -> Estimate:
        """Return the concentration that the line predicts at a time."""
        return combine(
            lambda level, rate, last: np.exp(level - rate * (time - last)), self.level, self.lambda_z, self.last
        )


@dataclass(frozen=True)
class _Lines:
    """The line through each point and all later ones of its profile."""

    number: Floats
    slope: Floats
    level: Floats
    r2: Floats
    adj_r2: Floats
    correlation: Floats


def terminal(
    samples: Samples, tmax: Floats, dosed_until: Floats, refused: tuple[tuple[Flags, NcaReason], ...],
    unexplained: Flags, options: NcaOptions,
) -> Terminal:  # fmt: skip
    """Return the terminal line of each profile.

    Candidates are the lines through the last ``min_points`` or more concentrations above zero after Tmax (with Tmax,
    where ``allow_tmax`` says so) and after the last dose. The line falls, has an adjusted r² within ``adj_r2_factor``
    of the best of all candidates, and of these the most points. Points chosen by hand are taken as they are.

    Agrees with PKNCA ``pk.calc.half.life`` and NonCompart ``BestSlope``. A rising line is never taken; where the best
    line rises, and no falling one is as good, there is none (PKNCA).

    Parameters
    ----------
    samples : Samples
        What the samples of the interval stand for.
    tmax, dosed_until : array of float
        One a profile, in the clock of the samples.
    refused : pairs of mask and reason
        Profiles without any value.
    unexplained : array of bool
        Profiles with points chosen by hand without a reason.
    options : NcaOptions
    """
    usable = samples.present & (samples.conc > 0) & (samples.fit >= 0)
    by_hand = in_any(usable & (samples.fit == 1))
    with np.errstate(invalid="ignore"):
        behind = samples.time >= tmax[:, None] if options.allow_tmax else samples.time > tmax[:, None]
        behind &= samples.time >= dosed_until[:, None]
    points = usable & np.where(by_hand[:, None], samples.fit == 1, behind)
    lines = _lines(samples, points)
    fewest = np.where(by_hand, 2, options.min_points)
    chosen = _chosen(lines, points, by_hand, fewest, options.adj_r2_factor)
    place = np.argmax(chosen, axis=1)
    rows = np.arange(len(place))
    used = points & (np.arange(points.shape[1])[None, :] >= place[:, None]) & in_any(chosen)[:, None]
    why = (
        *refused,
        (~in_any(samples.present & ~samples.is_blq), NcaReason.ALL_BELOW_LIMIT),
        (unexplained, NcaReason.NOT_EXPLAINED),
        (points.sum(axis=1) < fewest, NcaReason.TOO_FEW),
        (~in_any(chosen), NcaReason.NOT_FALLING),
    )
    number = lines.number[rows, place]
    last = np.max(np.where(points, samples.time, -np.inf), axis=1, initial=-np.inf)
    return Terminal(
        known(-lines.slope[rows, place], *why), known(lines.level[rows, place], *why),
        known(lines.r2[rows, place], *why), known(lines.adj_r2[rows, place], *why, (number == 2, NcaReason.TWO_POINTS)),
        known(lines.correlation[rows, place], *why), known(number, *why), known(samples.time[rows, place], *why),
        known(last, *why), used, by_hand,
    )  # fmt: skip


def _chosen(lines: _Lines, points: Flags, by_hand: Flags, fewest: Floats, factor: float) -> Flags:
    """Return the candidates that qualify; the first of a row has most points."""
    enough = points & (lines.number >= fewest[:, None])
    falls = enough & (lines.slope < 0)
    hand = falls & (lines.number == lines.number.max(axis=1, keepdims=True, initial=0.0))
    rated = np.where(enough & np.isfinite(lines.adj_r2), lines.adj_r2, -np.inf)
    best = rated.max(axis=1, keepdims=True, initial=-np.inf)
    only_two = (points.sum(axis=1) == 2)[:, None] & (lines.number == 2)
    automatic = falls & (only_two | (rated > best - factor))
    found: Flags = np.where(by_hand[:, None], hand, automatic)
    return found


def _lines(samples: Samples, points: Flags) -> _Lines:
    """Return all candidate lines at once: sums from the end, of times and logarithms less those of the last point."""
    rows = np.arange(len(points))
    last = points.shape[1] - 1 - np.argmax(points[:, ::-1], axis=1)
    logs = np.log(np.where(points, samples.conc, 1.0))
    x = np.where(points, samples.time - samples.time[rows, last][:, None], 0.0)
    y = np.where(points, logs - logs[rows, last][:, None], 0.0)
    number, sum_x, sum_y, sum_xx, sum_xy, sum_yy = (
        np.cumsum(part[:, ::-1], axis=1)[:, ::-1] for part in (points.astype("float64"), x, y, x * x, x * y, y * y)
    )
    with np.errstate(all="ignore"):
        xx, xy, yy = sum_xx - sum_x**2 / number, sum_xy - sum_x * sum_y / number, sum_yy - sum_y**2 / number
        slope = xy / xx
        level = logs[rows, last][:, None] + (sum_y - slope * sum_x) / number
        correlation = np.clip(xy / np.sqrt(xx * yy), -1.0, 1.0)
        r2 = correlation**2
        adj_r2 = np.where(number > 2, 1 - (1 - r2) * (number - 1) / (number - 2), np.nan)
    return _Lines(number, slope, level, r2, adj_r2, correlation)
