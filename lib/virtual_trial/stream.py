"""Random numbers that are a function of a name: the same on every machine, in any order of asking."""

from __future__ import annotations

import hashlib
import math
import struct
from collections.abc import Sequence
from typing import TypeVar

T = TypeVar("T")

_UNIT = 2.0**-53
_CENTRE = 0.425
_TAIL = 5.0
_MIDDLE = (
    (1.42343711074968357734e0, 1.0),
    (4.63033784615654529590e0, 2.05319162663775882187e0),
    (5.76949722146069140550e0, 1.67638483018380384940e0),
    (3.64784832476320460504e0, 6.89767334985100004550e-1),
    (1.27045825245236838258e0, 1.48103976427480074590e-1),
    (2.41780725177450611770e-1, 1.51986665636164571966e-2),
    (2.27238449892691845833e-2, 5.47593808499534494600e-4),
    (7.74545014278341407640e-4, 1.05075007164441684324e-9),
)
_FAR = (
    (6.65790464350110377720e0, 1.0),
    (5.46378491116411436990e0, 5.99832206555887937690e-1),
    (1.78482653991729133580e0, 1.36929880922735805310e-1),
    (2.96560571828504891230e-1, 1.48753612908506148525e-2),
    (2.65321895265761230930e-2, 7.86869131145613259100e-4),
    (1.24266094738807843860e-3, 1.84631831751005468180e-5),
    (2.71155556874348757815e-5, 1.42151175831644588870e-7),
    (2.01033439929228813265e-7, 2.04426310338993978564e-15),
)


def _ratio(coefficients: Sequence[tuple[float, float]], x: float) -> float:
    above = below = 0.0
    for top, bottom in reversed(coefficients):
        above = above * x + top
        below = below * x + bottom
    return above / below


def _central(r: float) -> float:
    above = 2.5090809287301226727e3 * r + 3.3430575583588128105e4
    above = (above * r + 6.7265770927008700853e4) * r + 4.5921953931549871457e4
    above = (above * r + 1.3731693765509461125e4) * r + 1.9715909503065514427e3
    above = (above * r + 1.3314166789178437745e2) * r + 3.3871328727963666080e0
    below = 5.2264952788528545610e3 * r + 2.8729085735721942674e4
    below = (below * r + 3.9307895800092710610e4) * r + 2.1213794301586595867e4
    below = (below * r + 5.3941960214247511077e3) * r + 6.8718700749205790830e2
    below = (below * r + 4.2313330701600911252e1) * r + 1.0
    return above / below


def normal_quantile(p: float) -> float:
    """Value below which a standard normal variable lies with probability ``p``.

    Parameters
    ----------
    p : float
        Probability, 0 < p < 1.

    Returns
    -------
    float
        Quantile, relative accuracy about 1e-15.

    Notes
    -----
    Algorithm AS 241 (PPND16): Wichura, Applied Statistics 1988;37:477-484, doi:10.2307/2347330.

    Examples
    --------
    >>> round(normal_quantile(0.975), 6)
    1.959964
    """
    q = p - 0.5
    if abs(q) <= _CENTRE:
        return q * _central(_CENTRE * _CENTRE - q * q)
    r = math.sqrt(-math.log(p if q < 0 else 1.0 - p))
    tail = _ratio(_MIDDLE, r - 1.6) if r <= _TAIL else _ratio(_FAR, r - _TAIL)
    return -tail if q < 0 else tail


_first_word = struct.Struct(">Q").unpack_from


class Stream:
    """Draws of one participant (or of the trial) by name.

    A draw is the SHA-256 of the stream's path and the draw's name, so that a draw added elsewhere changes no other.

    Parameters
    ----------
    path : str
        Seed and owner, for example ``2|5-03``.
    """

    __slots__ = ("_hash", "_kept")

    def __init__(self, path: str) -> None:
        self._hash = hashlib.sha256(path.encode())
        self._kept: dict[str, float] = {}

    def uniform(self, name: str) -> float:
        """Uniform draw, 0 < value < 1, a function of the stream and of ``name``."""
        state = self._hash.copy()
        state.update(name.encode())
        word: int = _first_word(state.digest())[0]
        return ((word >> 11) + 0.5) * _UNIT

    def normal(self, name: str) -> float:
        """Return standard normal draw."""
        return normal_quantile(self.uniform(name))

    def trait(self, name: str) -> float:
        """Return the standard normal draw of this name; kept, as it is asked for again and again."""
        if name not in self._kept:
            self._kept[name] = self.normal(name)
        return self._kept[name]

    def whole(self, name: str, low: int, high: int) -> int:
        """Whole number, each from ``low`` to ``high`` (both included) equally likely."""
        return low + int(self.uniform(name) * (high - low + 1))

    def chance(self, name: str, probability: float) -> bool:
        """Whether an event of this probability happens."""
        return self.uniform(name) < probability

    def pick(self, name: str, values: Sequence[T]) -> T:
        """One of the values, all equally likely."""
        return values[int(self.uniform(name) * len(values))]

    def weighted(self, name: str, values: Sequence[T], weights: Sequence[float]) -> T:
        """One of the values, likely in proportion to its weight."""
        left = self.uniform(name) * sum(weights)
        for value, weight in zip(values, weights, strict=True):
            left -= weight
            if left < 0:
                return value
        return values[-1]

    def shuffled(self, name: str, values: Sequence[T]) -> list[T]:
        """All values in random order."""
        keyed = [(self.uniform(f"{name}.{index}"), index) for index in range(len(values))]
        return [values[index] for _, index in sorted(keyed)]


def rounded(value: float, decimals: int = 0) -> float:
    """Value rounded half up to so many decimals.

    Examples
    --------
    >>> rounded(2.5), rounded(-0.25, 1)
    (3.0, -0.2)
    """
    factor = 10.0**decimals
    return math.floor(value * factor + 0.5) / factor


def clipped(value: float, low: float, high: float) -> float:
    """Value, or the limit it exceeds."""
    if value < low:
        return low
    return high if value > high else value
