"""Antibodies against the drug: which tests tell them, and when a titre counts as boosted."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from cutbook.parameters.base import Model, OneOrMore, Rule, Text, left_out


class AntibodyTest(Model):
    """A test for antibodies against the drug."""

    testcd: Text
    """Code of the test (ISTESTCD)."""
    label: Text
    """The reader's words for what it finds."""


_STANDARD = (
    AntibodyTest(testcd="ADA_BAB", label="Binding antidrug antibodies"),
    AntibodyTest(testcd="ADA_NAB", label="Neutralising antidrug antibodies"),
)


class Immunogenicity(Rule):
    """How antibodies against the drug are counted."""

    tests: Annotated[list[AntibodyTest], OneOrMore()] = Field(
        default_factory=lambda: list(_STANDARD), json_schema_extra=left_out("ADA_BAB and ADA_NAB")
    )
    """The tests, in the order shown."""
    boosted: float = Field(default=4.0, gt=1)
    """By how many times the highest titre after the first dose must exceed that before it to count as boosted."""
