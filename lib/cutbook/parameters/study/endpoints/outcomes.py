"""Outcomes that are not one measurement: survival, and function and survival together."""

from __future__ import annotations

from pydantic import Field

from cutbook.parameters.base import Name, Numbers, Rule, VariableName, left_out


class JointRank(Rule):
    """Joint rank of function and survival (CAFS): every participant compared with every other."""

    endpoint: VariableName
    """``paramcd`` of the endpoint whose change decides where survival does not; higher is better."""
    population: Name = "RANDFL"
    """Flag of the population that counts."""
    estimand: str = ""
    """As for ``analysis`` of endpoints."""


class Survival(Rule):
    """Time until death."""

    days: Numbers = Field(min_length=1)
    """Study days at which the share alive is told."""
    population: Name = "SAFFL"
    """Flag of the population that counts."""
    fewest: int = Field(default=8, ge=1, json_schema_extra=left_out("8"))
    """Where an arm has fewer participants, all arms with a dose are pooled."""
