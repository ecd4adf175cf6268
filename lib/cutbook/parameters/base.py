"""What all parameter models share: the base model and the texts that may stand in them."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, StringConstraints

Name = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$")]
DatasetName = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9]{1,31}$")]
VariableName = Annotated[str, StringConstraints(pattern=r"^[A-Z][A-Z0-9_]{0,7}$")]
Text = Annotated[str, StringConstraints(min_length=1, max_length=500)]


def _none_if_written_so(value: object) -> object:
    return None if value in ("", "null", "none", "~") else value


OptionalCount = Annotated[int | None, BeforeValidator(_none_if_written_so)]
"""A whole number, or ``null`` for none: YAML is read as text, so the word has to be known here."""


class Model(BaseModel):
    """Base of all parameter models: frozen, and an unknown key is a fault."""

    model_config = ConfigDict(frozen=True, extra="forbid")
