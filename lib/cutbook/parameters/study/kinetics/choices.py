"""What was decided by hand about samples and profiles: who, when and why."""

from __future__ import annotations

from typing import Self

from pydantic import Field, model_validator

from cutbook.parameters.base import Model, Numbers, Text, left_out


class Decision(Model):
    """One decision about a profile, reviewed like code: it stands in a file beside the study file."""

    participant: Text
    """USUBJID."""
    matrix: Text
    """Label of the matrix."""
    dose: int = Field(ge=1)
    """Number of the dose."""
    reason: Text
    """Why."""
    by: Text
    """Who decided."""
    date: Text
    """When, YYYY-MM-DD."""


class Exclusion(Decision):
    """A sample, or all of a dose, that takes no part in analyses: of profiles, troughs, half-lives and response."""

    time: float | None = Field(default=None, json_schema_extra=left_out("all samples of the dose"))
    """Planned hours after the dose."""


class TerminalChoice(Decision):
    """Points of a terminal line chosen by hand."""

    use: Numbers = Field(default_factory=list, json_schema_extra=left_out("chosen by the rule"))
    """Planned hours of the points of the line."""
    leave_out: Numbers = Field(default_factory=list, json_schema_extra=left_out("none"))
    """Planned hours of points that the rule may not take."""

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if bool(self.use) == bool(self.leave_out):
            raise ValueError("use, or leave_out; one of them")
        return self


class Choices(Model):
    """Decisions about profiles."""

    exclusions: list[Exclusion] = Field(default_factory=list, json_schema_extra=left_out("nothing is excluded"))
    """Samples and profiles that take no part."""
    terminal: list[TerminalChoice] = Field(default_factory=list, json_schema_extra=left_out("all by the rule"))
    """Terminal lines whose points were chosen by hand."""
