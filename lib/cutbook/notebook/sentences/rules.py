"""When words like "rises with dose" may be said of counts, and how numbers and arms are joined to a sentence."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from itertools import pairwise

from cutbook.display.tables.matrix import RAISED_POINTS

PEOPLE = 2
"""Participants above what the control's share would give, from which an arm differs."""

FEWEST = 3
"""Values from which anything is concluded of an arm."""

_NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")


class Judgement(Enum):
    """What may be said of the shares of the arms against the control; the first rule that holds.

    ``RISES``: no share falls from dose to dose, and the top dose differs. ``ONE``: one arm differs. ``SOME``: several
    do. ``NONE``: none does. An arm differs when its share lies at least 20 percentage points above the control's, and
    its count at least two participants above what that share gives; nothing is said of fewer than three participants.
    """

    RISES = "rises with dose"
    ONE = "differs in one arm"
    SOME = "differs in some arms"
    NONE = "no difference seen"


@dataclass(frozen=True)
class Share:
    """Participants with something in an arm, of how many; ``arm`` is how a sentence names it."""

    arm: str
    count: int
    size: int

    @property
    def percent(self) -> float:
        """Return 100 n / N."""
        return 100 * self.count / self.size


def differs(share: Share, control: Share) -> bool:
    """Return whether an arm differs upwards from the control.

    Examples
    --------
    >>> differs(Share("40 mg", 2, 9), Share("placebo", 0, 12)), differs(Share("20 mg", 1, 4), Share("placebo", 0, 12))
    (True, False)
    """
    if min(share.size, control.size) < FEWEST:
        return False
    above = share.count - share.size * control.percent / 100
    return share.percent - control.percent >= RAISED_POINTS and above >= PEOPLE


def judge(shares: Sequence[Share], control: Share | None) -> tuple[Judgement, list[Share]]:
    """Return what may be said, and the arms that differ.

    Parameters
    ----------
    shares : sequence of Share
        The arms by rising dose, those with participants.
    control : Share or None
        The control; None: nothing is compared.

    Examples
    --------
    >>> arms = [Share("20 mg", 1, 10), Share("40 mg", 2, 9), Share("60 mg", 4, 9)]
    >>> judge(arms, Share("placebo", 0, 12))[0]
    <Judgement.RISES: 'rises with dose'>
    """
    if control is None or control.size == 0:
        return Judgement.NONE, []
    different = [share for share in shares if share.size and differs(share, control)]
    percents = [share.percent for share in shares if share.size]
    is_rising = all(one <= other for one, other in pairwise(percents))
    if different and is_rising and len(percents) > 1 and different[-1] is shares[-1]:
        return Judgement.RISES, different
    if not different:
        return Judgement.NONE, []
    return (Judgement.ONE if len(different) == 1 else Judgement.SOME), different


def listed(words: Sequence[str], last: str = "and") -> str:
    """Return words as a list in a sentence.

    Examples
    --------
    >>> listed(["20", "40", "60 mg"]), listed(["20"])
    ('20, 40 and 60 mg', '20')
    """
    return f" {last} ".join(filter(None, [", ".join(words[:-1]), *words[-1:]]))


def numeral(number: int) -> str:
    """Return a number as a word up to ten.

    Examples
    --------
    >>> numeral(2), numeral(12)
    ('two', '12')
    """
    return _NUMBERS[number] if 0 <= number < len(_NUMBERS) else str(number)


def counted(number: int, thing: str, things: str = "") -> str:
    """Return a number of things: ``two deaths``.

    Examples
    --------
    >>> counted(1, "death"), counted(3, "death")
    ('one death', 'three deaths')
    """
    return f"{numeral(number)} {thing if number == 1 else things or f'{thing}s'}"
