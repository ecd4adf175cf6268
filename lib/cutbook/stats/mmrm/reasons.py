"""Why a model, or a mean of it, cannot be estimated."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class NotEstimable:
    """What stands in the place of a result that the data do not give.

    Attributes
    ----------
    reason : str
        Why, as words that follow "not estimable:"; it names no participant.
    attempts : tuple of str
        What was tried before, one sentence each, in the order tried.
    """

    reason: str
    attempts: tuple[str, ...] = ()
