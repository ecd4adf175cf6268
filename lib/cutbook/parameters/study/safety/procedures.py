"""What is looked at more closely in safety: events of special interest, and the procedure after which they happen."""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator, Field

from cutbook.parameters.base import Condition, DatasetName, Name, PlacedError, Rule, Text, VariableName, left_out


class Interest(Rule):
    """An adverse event of special interest: events that are looked at together, under one name."""

    id: Name
    """Names it where results are compared from cut to cut."""
    label: Text
    """The reader's words for it."""
    where: Condition = Field(min_length=1)
    """Which adverse events it holds, for example by AEDECOD or a flag of ``adverse_events.flags``."""


def _told_apart(written: list[Interest]) -> list[Interest]:
    known: set[str] = set()
    for number, item in enumerate(written):
        if item.id in known:
            raise PlacedError((number, "id"), f"each event of special interest once; {item.id} is twice")
        known.add(item.id)
    return written


Interests = Annotated[list[Interest], AfterValidator(_told_apart)]
"""Events of special interest, each once."""


class Medicines(Rule):
    """Medicines that are counted after a procedure."""

    label: Text
    """The reader's words for them."""
    where: Condition = Field(min_length=1)
    """Which records of CM they are."""


class Procedure(Rule):
    """The procedure of the study after which adverse events are counted, for example the puncture that gives a dose."""

    label: Text
    """The reader's words for it, as in the middle of a sentence."""
    dataset: DatasetName | None = Field(default=None, json_schema_extra=left_out("every dose counts as one"))
    """The dataset that records it, for example ``pr``."""
    where: Condition = Field(default_factory=dict, json_schema_extra=left_out("all records of the dataset"))
    """Which of its records are the procedure."""
    related: VariableName | None = Field(default=None, json_schema_extra=left_out("nobody judged it"))
    """The flag of ``adverse_events.flags`` that says whether an event is related to it."""
    medicines: Medicines | None = Field(default=None, json_schema_extra=left_out("none are counted"))
    """Medicines taken after it, for example analgesics."""
