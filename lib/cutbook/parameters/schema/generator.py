"""JSON Schema (draft 2020-12) of a parameter model: of its values, and of the YAML file that is read as text."""

from __future__ import annotations

import inspect
import json
import re
from functools import cache
from typing import Any

import yaml
from pydantic import BaseModel
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaMode, NoDefault
from pydantic_core import CoreSchema, core_schema

from cutbook.parameters.base import LEFT_OUT, WORDS

Schema = dict[str, Any]

_DIALECT = "https://json-schema.org/draft/2020-12/schema"
_WHOLE = r"^\s*[+-]?\d+(_\d+)*(\.0*)?\s*$"
_NUMBER = r"^\s*[+-]?(\d+(_\d+)*(\.\d*)?|\.\d+)([Ee][+-]?\d+)?\s*$"
_TRUTH = r"^([Tt][Rr][Uu][Ee]|[Ff][Aa][Ll][Ss][Ee]|[Yy]([Ee][Ss])?|[Nn][Oo]?|[Oo][Nn]|[Oo][Ff][Ff]|[Tt]|[Ff]|[01])$"


@cache
def json_schema(model: type[BaseModel]) -> Schema:
    """Return the JSON Schema of a model's values, with the default of every key."""
    return {"$schema": _DIALECT, **model.model_json_schema(schema_generator=_OfValues)}


@cache
def text_schema(model: type[BaseModel]) -> Schema:
    """Return the JSON Schema of the YAML file that states a model.

    The file is read as text. So an editor, which reads ``007`` as a number and ``NO`` perhaps as false, may find a
    number, a truth value or nothing wherever the model wants a text, and a number in quotes where it wants a number.
    """
    return {"$schema": _DIALECT, **model.model_json_schema(schema_generator=_OfText)}


def paragraphs(text: str) -> str:
    r"""Return a docstring as Markdown, one line a paragraph.

    Examples
    --------
    >>> paragraphs("Arms in\n    order.\n\n    ``control`` is one.")
    'Arms in order.\n\n`control` is one.'
    """
    blocks = re.split(r"\n\s*\n", inspect.cleandoc(text))
    return "\n\n".join(" ".join(block.split()) for block in blocks).replace("``", "`")


def schema_text(schema: Schema) -> str:
    """Return a schema as JSON for editors and other programs, without the words of this program's own messages."""
    return json.dumps(_without_words(schema), indent=2, ensure_ascii=False) + "\n"


def _without_words(part: object) -> object:
    if isinstance(part, dict):
        return {key: _without_words(value) for key, value in part.items() if key not in (WORDS, LEFT_OUT)}
    return [_without_words(item) for item in part] if isinstance(part, list) else part


class _OfValues(GenerateJsonSchema):
    """JSON Schema without titles of keys, with checked keys of mappings and with made defaults."""

    def generate(self, schema: CoreSchema, mode: JsonSchemaMode = "validation") -> Schema:
        """Return the schema with docstrings as Markdown."""
        whole = super().generate(schema, mode)
        for node in (whole, *whole.get("$defs", {}).values()):
            if "description" in node:
                node["description"] = paragraphs(node["description"])
        return whole

    def field_title_should_be_set(self, schema: object) -> bool:  # noqa: ARG002 - of the base class
        """Return False: the key is the title."""
        return False

    def dict_schema(self, schema: core_schema.DictSchema) -> Schema:
        """Return the schema of a mapping, in which every key is checked."""
        keys = self.generate_inner(schema["keys_schema"]) if "keys_schema" in schema else {}
        found: Schema = {"type": "object"}
        if named := {name: keys[name] for name in ("pattern", "minLength", "maxLength", "enum", WORDS) if name in keys}:
            found["propertyNames"] = named
        values = self.generate_inner(schema["values_schema"]) if "values_schema" in schema else {}
        found["additionalProperties"] = values or True
        self.update_with_validations(found, schema, self.ValidationsMapping.object)
        return found

    def get_default_value(self, schema: core_schema.WithDefaultSchema) -> object:
        """Return the default of a key, made where it is made."""
        if "default_factory" in schema and not schema.get("default_factory_takes_data"):
            return schema["default_factory"]()  # type: ignore[call-arg]  # the other kind takes data
        return super().get_default_value(schema)


class _OfText(_OfValues):
    """JSON Schema of a file whose scalars are read as text."""

    def get_default_value(self, schema: core_schema.WithDefaultSchema) -> object:
        """Return the default of a key; a key that may be absent has none that could be written."""
        default = super().get_default_value(schema)
        return NoDefault if default is None else default

    def str_schema(self, schema: core_schema.StringSchema) -> Schema:
        """Return the schema of a text: any scalar is one."""
        return {**super().str_schema(schema), "type": ["string", "number", "boolean", "null"]}

    def int_schema(self, schema: core_schema.IntSchema) -> Schema:
        """Return the schema of a whole number, bare or in quotes."""
        return {"anyOf": [super().int_schema(schema), {"type": "string", "pattern": _WHOLE}]}

    def float_schema(self, schema: core_schema.FloatSchema) -> Schema:
        """Return the schema of a number, bare or in quotes."""
        return {"anyOf": [super().float_schema(schema), {"type": "string", "pattern": _NUMBER}]}

    def bool_schema(self, schema: core_schema.BoolSchema) -> Schema:  # noqa: ARG002 - of the base class
        """Return the schema of a truth value in any spelling that is read."""
        return {"anyOf": [{"type": "boolean"}, {"enum": [0, 1]}, {"type": "string", "pattern": _TRUTH}]}

    def literal_schema(self, schema: core_schema.LiteralSchema) -> Schema:
        """Return the schema of a choice, with what an editor makes of it where that is no text (``no`` is false)."""
        texts = [value for value in schema["expected"] if isinstance(value, str)]
        others = [value for text in texts if isinstance(value := yaml.safe_load(text), (bool, int, float, type(None)))]
        if not others:
            return super().literal_schema(schema)
        return {"enum": [*schema["expected"], *others]}

    def nullable_schema(self, schema: core_schema.NullableSchema) -> Schema:
        """Return the schema without nothing: a key that may be absent is left out."""
        return self.generate_inner(schema["schema"])
