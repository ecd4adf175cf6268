"""What all parameter models share: the base model, and the texts, lists and conditions that may stand in them."""

from __future__ import annotations

from dataclasses import dataclass
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

WORDS = "x-words"
"""Key of a JSON Schema under which stands in the reader's words what a text may be."""

LEFT_OUT = "x-left-out"
"""Key of a JSON Schema under which stands in the reader's words what holds where a key is left out."""


def left_out(words: str) -> dict[str, Any]:
    """Return what a field adds to its JSON Schema to say what holds where its key is left out."""
    return {LEFT_OUT: words}


@dataclass(frozen=True)
class InWords:
    """What a text may be, in words for messages and pages, and as a pattern where a function checks it.

    Parameters
    ----------
    words : str
        For example "a date YYYY-MM-DD".
    pattern : str
        Regular expression that every accepted text matches; empty where the type itself has one.
    """

    words: str
    pattern: str = ""

    def __get_pydantic_json_schema__(self, core: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        """Return the JSON Schema of the type with the words, and with the pattern."""
        pattern = {"pattern": self.pattern} if self.pattern else {}
        return {**handler(core), **pattern, WORDS: self.words}


class PlacedError(ValueError):
    """What a model finds wrong further down: where, as keys and positions below the model, and what was expected."""

    def __init__(self, keys: tuple[str | int, ...], expected: str) -> None:
        super().__init__(expected)
        self.keys = keys


Name = Annotated[
    str,
    StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$"),
    InWords("a name: 1 to 64 letters, digits, '_' or '-', starting with a letter or digit"),
]
DatasetName = Annotated[
    str,
    StringConstraints(pattern=r"^[a-z][a-z0-9]{1,31}$"),
    InWords("the name of a dataset: 2 to 32 small letters or digits, starting with a letter"),
]
VariableName = Annotated[
    str,
    StringConstraints(pattern=r"^[A-Z][A-Z0-9_]{0,7}$"),
    InWords("the name of a variable: 1 to 8 capitals, digits or '_', starting with a capital"),
]
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


_NOTHING = ("", "null", "none", "~")


def _none_if_written_so(value: object) -> object:
    return None if value in _NOTHING else value


@dataclass(frozen=True)
class _OrNothing:
    """Says in the JSON Schema that the word for nothing may stand for a value."""

    def __get_pydantic_json_schema__(self, core: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        """Return the JSON Schema of the type with the words for nothing as another choice."""
        whole = handler(core)
        choices = [choice for choice in whole.get("anyOf", [whole]) if choice != {"type": "null"}]
        return {"anyOf": [*choices, {"enum": [None, *_NOTHING], WORDS: "null for none"}]}


OptionalCount = Annotated[int | None, BeforeValidator(_none_if_written_so), _OrNothing()]
"""A whole number, or ``null`` for none: YAML is read as text, so the word has to be known here."""


OptionalNumber = Annotated[float | None, BeforeValidator(_none_if_written_so), _OrNothing()]
"""A number, or ``null`` for none."""


class Model(BaseModel):
    """Base of all parameter models: frozen, and an unknown key is a fault."""

    model_config = ConfigDict(
        frozen=True, extra="forbid", use_attribute_docstrings=True, validate_by_name=True, validate_by_alias=True
    )


class Rule(Model):
    """A section that states a rule of the analysis."""

    sap: str = ""
    """Section of the statistical analysis plan that states this rule, for example "9.3.1"."""
