"""Decisions about a study file: what each says, how it was found, how sure it is, and what a person is asked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

Value: TypeAlias = "str | int | float | bool | Sequence[Value] | Mapping[str, Value]"
"""What may stand in a study file."""

Confidence: TypeAlias = Literal["sure", "likely", "guess", "unknown"]


@dataclass(frozen=True)
class Decision:
    """One value of a study file, found by a rule.

    Attributes
    ----------
    key : str
        Where it stands in the file, its parts joined by points: ``treatment.compound``, ``data_cut.roll_back.AEENDTC``,
        where an item of a list has a name in the place of a number. It is the name of the question as well.
    value : Value or None
        What was found; None: the key is left out.
    rule : str
        How it was found.
    evidence : str
        What in the data speaks for it, with counts.
    confidence : {"sure", "likely", "guess", "unknown"}
        ``unknown``: the data say nothing, and no value can stand until a person gives it.
    question : str
        What a person is asked; empty where the data decide.
    """

    key: str
    value: Value | None
    rule: str
    evidence: str
    confidence: Confidence = "sure"
    question: str = ""


LISTS = frozenset({
    "characteristics", "data_cut.roll_back", "findings", "pharmacokinetics.matrices", "treatment.arms", "visits",
})  # fmt: skip
"""Keys whose items are written as a list, each decided by itself."""


@dataclass(frozen=True)
class Draft:
    """A study file in the making.

    Attributes
    ----------
    decisions : tuple of Decision
        In the order of the file.
    alarms : tuple of str
        What in the data contradicts itself, each a sentence.
    answered : mapping of str to Value
        Answers of a person by the key of the question.
    """

    decisions: tuple[Decision, ...]
    alarms: tuple[str, ...] = ()
    answered: Mapping[str, Value | None] = field(default_factory=dict)

    @property
    def open(self) -> list[Decision]:
        """Return the decisions whose question nobody has answered."""
        return [one for one in self.decisions if one.question and one.key not in self.answered]

    def find(self, key: str) -> Decision | None:
        """Return the decision about a key."""
        return next((one for one in self.decisions if one.key == key), None)
