"""The JSON Schemas of the files that a project holds or receives, made of the models themselves."""

from __future__ import annotations

from cutbook.data.transfer.manifest import Manifest
from cutbook.parameters.cut import CutParameters
from cutbook.parameters.recipients import Recipients
from cutbook.parameters.schema import json_schema, schema_text, text_schema
from cutbook.parameters.study import Study
from cutbook.parameters.study.kinetics.choices import Choices

FOLDER = "docs/schema"
"""Where the first line of a parameter file says that its schema lies."""

_FILES = {"study": Study, "cut": CutParameters, "recipients": Recipients, "pk_choices": Choices}


def schema_of(name: str) -> str:
    """Return the JSON Schema of ``study``, ``cut``, ``recipients``, ``pk_choices`` or ``manifest`` as text."""
    return schema_text(text_schema(_FILES[name]) if name in _FILES else json_schema(Manifest))


def schema_files() -> dict[str, str]:
    """Return every schema as text, by its path in a project."""
    return {f"{FOLDER}/{name}.schema.json": schema_of(name) for name in (*_FILES, "manifest")}
