"""What all parameter models share: the base model, and the texts, lists and conditions that may stand in them."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    GetCoreSchemaHandler,
    GetJsonSchemaHandler,
    StringConstraints,
)
from pydantic_core import CoreSchema, core_schema

Name = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$")]
DatasetName = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9]{1,31}$")]
VariableName = Annotated[str, StringConstraints(pattern=r"^[A-Z][A-Z0-9_]{0,7}$")]
Text = Annotated[str, StringConstraints(min_length=1, max_length=500)]


class OneOrMore:
    """A list of which a single item may be written without brackets."""

    def __get_pydantic_core_schema__(self, source: object, handler: GetCoreSchemaHandler) -> CoreSchema:
        """Return the schema of the list, before which a single item becomes a list of one."""
        return core_schema.no_info_before_validator_function(_listed, handler(source))

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        """Return what an editor accepts: an item, or a list of items."""
        several = handler(schema)
        return {"anyOf": [several.get("items", {}), several]}


def _listed(value: object) -> object:
    return [value] if isinstance(value, str | int | float) else value


Values = Annotated[list[str], OneOrMore()]
"""Accepted values; an empty text accepts a missing one."""

Numbers = Annotated[list[float], OneOrMore()]

Variables = Annotated[list[VariableName], OneOrMore()]

Condition = dict[VariableName, Values]
"""Records whose variables have these values; of several variables all must hold."""


def _none_if_written_so(value: object) -> object:
    return None if value in ("", "null", "none", "~") else value


OptionalCount = Annotated[int | None, BeforeValidator(_none_if_written_so)]
"""A whole number, or ``null`` for none: YAML is read as text, so the word has to be known here."""


class Model(BaseModel):
    """Base of all parameter models: frozen, and an unknown key is a fault."""

    model_config = ConfigDict(
        frozen=True, extra="forbid", use_attribute_docstrings=True, validate_by_name=True, validate_by_alias=True
    )


class Rule(Model):
    """A section that states a rule of the analysis."""

    sap: str = ""
    """Section of the statistical analysis plan that states this rule, for example "9.3.1"."""
