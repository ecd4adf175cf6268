"""Faults of models built in every way that models are: the place is the one in the file, whatever a model does."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, Literal

import pytest
from pydantic import BaseModel, BeforeValidator, Discriminator, Field, RootModel, Tag, ValidationError, model_validator
from typing_extensions import TypeAliasType

from cutbook.parameters.base import Model
from cutbook.parameters.faults import faults_of
from cutbook.parameters.schema import json_schema, text_schema
from cutbook.parameters.yaml_text import read_document
from parameters.broken import VOCABULARY


class Size(StrEnum):
    """A size."""

    SMALL = "small"
    LARGE = "large"


class Short(Model):
    """Written as one text."""

    kind: Literal["short"] = "short"
    text: str


class Long(Model):
    """Written in full."""

    first: int
    last: int

    @model_validator(mode="before")
    @classmethod
    def _of_text(cls, value: object) -> object:
        if isinstance(value, str):
            first, _, last = value.partition("-")
            return {"first": first, "last": last}
        return value


class Numbers(RootModel[list[int]]):
    """Numbers."""


class Tree(Model):
    """A section that holds others like it."""

    name: str
    below: list[Tree] = Field(default_factory=list)


def _kind(value: object) -> str:
    return "long" if isinstance(value, dict) and "first" in value else "short"


def _listed(value: object) -> object:
    return value.split() if isinstance(value, str) else value


Alias = TypeAliasType("Alias", Annotated[int, Field(ge=1)])


class Whole(Model):
    """A file."""

    size: Size = Size.SMALL
    window: Long | None = None
    called: Annotated[Annotated[Short, Tag("short")] | Annotated[Long, Tag("long")], Discriminator(_kind)] | None = None
    listed: Annotated[list[int], BeforeValidator(_listed)] = Field(default_factory=list)
    numbers: Numbers | None = None
    many: dict[str, Numbers | Long] = Field(default_factory=dict)
    pair: tuple[int, Alias] = (1, 1)
    tree: Tree | None = None
    anything: Any = None
    strict: Annotated[int, Field(strict=True)] | list[Size] | Size = 1


CASES = {
    "an enumeration": ("size: smal\n", "size", 1, "'smal'", "small or large"),
    "a text that a model takes apart": ("window: 1-x\n", "window.last", 1, "'x'", "a whole number"),
    "in what a text was taken apart to": ("listed: 1 2 x\n", "listed[2]", 1, "'x'", "a whole number"),
    "a kind that a function finds": ("called:\n  first: x\n  last: 1\n", "called.first", 2, "'x'", "a whole number"),
    "the other kind": (
        "called: {txet: x, text: y}\n", "called.txet", 1, "a key that is not known in called", "text",
    ),
    "a list that is a model": ("numbers:\n  - 1\n  - x\n", "numbers[1]", 3, "'x'", "a whole number"),
    "a list that is one of several models": ("many:\n  a: [1, x]\n", "many.a[1]", 2, "'x'", "a whole number"),
    "a section of several": ("many:\n  a: {first: 1, last: x}\n", "many.a.last", 2, "'x'", "a whole number"),
    "the second of a pair": ("pair: [1, 0]\n", "pair[1]", 1, "'0'", "a whole number of at least 1"),
    "a section in itself": (
        "tree:\n  name: a\n  below:\n    - name: b\n      below:\n        - nmae: c\n          name: d\n",
        "tree.below[0].below[0].nmae", 6, "a key that is not known in tree.below[0].below[0]", "name",
    ),
    "one of many kinds": (
        "strict: x\n", "strict", 1, "'x'", "a whole number, or a list, each small or large, or small or large",
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_the_place_is_the_one_in_the_file(tmp_path: Path, case: tuple[str, str, int, str, str]) -> None:
    text, *told = case
    (fault,) = faults(tmp_path, text, Whole)
    assert [fault.variable, fault.row, fault.found, fault.expected] == told


def faults(folder: Path, text: str, model: type[BaseModel]) -> list[Any]:
    file = folder / "f.yaml"
    file.write_text(text, encoding="utf-8")
    document = read_document(file, "f")
    with pytest.raises(ValidationError) as caught:
        model.model_validate(document.tree)
    found = faults_of(caught.value, model, document)
    assert [word for word in VOCABULARY if word in " ".join(map(str, found))] == []
    return found


@pytest.mark.parametrize(
    "wrong", ["x", "[x]", "[[x]]", "{x: y}", "{}", "[]", "", "{first: {}}", "[{}]", "{below: [1]}"]
)
@pytest.mark.parametrize("key", [key for key in Whole.model_fields if key != "anything"])
def test_whatever_stands_at_a_key_is_told_at_or_below_it(tmp_path: Path, key: str, wrong: str) -> None:
    for fault in faults(
        tmp_path, f"{key}: {wrong}\nsize: wrong\n" if key != "size" else f"size: {wrong}\nx: y\n", Whole
    ):
        assert fault.variable.startswith((key, "size", "x"))
        assert fault.row in (1, 2)


def test_schemas_of_all_kinds_are_made() -> None:
    assert list(json_schema(Whole)["properties"]) == list(text_schema(Whole)["properties"]) == list(Whole.model_fields)
