"""JSON Schema of the parameter files, and what a schema says in words."""

from cutbook.parameters.schema.generator import json_schema, schema_text, text_schema
from cutbook.parameters.schema.nodes import Node

__all__ = ["Node", "json_schema", "schema_text", "text_schema"]
