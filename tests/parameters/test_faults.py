"""Faults of parameter files in words, each message in full."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any, Literal, NamedTuple

import pytest
from pydantic import BeforeValidator, Field, ValidationError, model_validator

from cutbook.errors import Fault
from cutbook.parameters.base import Model, OptionalCount, PlacedError, VariableName
from cutbook.parameters.faults import faults_of
from cutbook.parameters.yaml_text import read_document


class Windows(Model):
    """Visits by day."""

    by: Literal["day"]
    first_day: int = Field(description="The first day of the window. It counts from the first dose.")


class Numbers(Model):
    """Visits by number."""

    by: Literal["number"]
    numbers: list[int] = Field(min_length=1)

    @model_validator(mode="after")
    def _each_once(self) -> Numbers:
        if len(set(self.numbers)) < len(self.numbers):
            raise ValueError("every number once")
        return self


class Point(Model):
    """One point in time."""

    day: int


class Item(Model):
    """One item."""

    paramcd: VariableName
    label: str = ""
    at: int | list[int] | Point = 0
    visits: Windows | Numbers | None = None
    tagged: Annotated[Windows | Numbers, Field(discriminator="by")] | None = None
    level: Annotated[str, BeforeValidator(lambda value: value)] | Literal["none"] = "none"
    scale: float = Field(default=1, gt=0, le=10)
    count: OptionalCount = Field(default=None, ge=1)


class Whole(Model):
    """A whole file."""

    title: str = Field(min_length=1, max_length=20, description="What the ``study`` is called.")
    items: list[Item] = Field(default_factory=list)
    rules: dict[VariableName, Literal["keep", "drop"]] = Field(default_factory=dict)
    is_final: bool = False

    @model_validator(mode="after")
    def _names_agree(self) -> Whole:
        if self.is_final and not self.rules:
            raise ValueError("rules of a draft: expected rules that are final; write them")
        for number, item in enumerate(self.items):
            if item.label == self.title:
                raise PlacedError(("items", number, "label"), "another text than the title")
        return self


def told(folder: Path, text: str) -> list[Fault]:
    """Return the faults of a file."""
    file = folder / "f.yaml"
    file.write_text(text, encoding="utf-8")
    document = read_document(file, "f")
    with pytest.raises(ValidationError) as caught:
        Whole.model_validate(document.tree)
    return faults_of(caught.value, Whole, document)


class Case(NamedTuple):
    """A file with one fault, and every part of what is said of it."""

    text: str
    variable: str
    row: int
    found: str
    expected: str
    remedy: str


CASES = {
    "missing at the top": Case(
        "rules: {}\n",
        "title", 1,
        "the key is missing in the file",
        "title, what the study is called: a text of 1 to 20 characters",
        "add it",
    ),
    "missing in an item": Case(
        "title: T\nitems:\n  - label: L\n",
        "items[0] (L).paramcd", 3,
        "the key is missing in items[0] (L)",
        "paramcd, the name of a variable: 1 to 8 capitals, digits or '_', starting with a capital",
        "add it",
    ),
    "misspelt": Case(
        "title: T\nitems:\n  - paramcd: A\n    lable: L\n",
        "items[0] (A).lable", 4,
        "a key that is not known in items[0] (A)",
        "label",
        "rename it to label, or remove it",
    ),
    "unknown": Case(
        "title: T\nzzz: 1\n",
        "zzz", 2,
        "a key that is not known in the file",
        "one of title, items, rules, is_final",
        "rename or remove it",
    ),
    "a text for a list": Case(
        "title: T\nitems: none\n",
        "items", 2,
        "'none'",
        "a list, each a section with the keys paramcd, label, at, visits, tagged, level, scale, count",
        "mend it there",
    ),
    "a list for a text": Case(
        "title:\n  - a\n  - b\n",
        "title", 1,
        "a list of 2",
        "a text of 1 to 20 characters",
        "mend it there",
    ),
    "a section for a text": Case(
        "title: {a: 1, b: 2, c: 3, d: 4}\n",
        "title", 1,
        "a mapping with keys a, b, c and 1 more",
        "a text of 1 to 20 characters",
        "mend it there",
    ),
    "too long a text": Case(
        "title: xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\n",
        "title", 1,
        "'xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx…'",
        "a text of 1 to 20 characters",
        "mend it there",
    ),
    "nothing": Case(
        "title:\n",
        "title", 1,
        "an empty text",
        "a text of 1 to 20 characters",
        "mend it there",
    ),
    "a choice": Case(
        "title: T\nrules: {SEX: keep, AGE: kepe}\n",
        "rules.AGE", 2,
        "'kepe'",
        "keep or drop",
        "write keep if that is meant",
    ),
    "a key that is none": Case(
        "title: T\nrules:\n  SEX: keep\n  age: keep\n",
        "rules.age", 4,
        "the key 'age'",
        "the name of a variable: 1 to 8 capitals, digits or '_', starting with a capital",
        "rename the key",
    ),
    "a truth value": Case(
        "title: T\nis_final: perhaps\n",
        "is_final", 2,
        "'perhaps'",
        "true or false",
        "mend it there",
    ),
    "a number out of range": Case(
        "title: T\nitems:\n  - paramcd: A\n    scale: 11\n",
        "items[0] (A).scale", 4,
        "'11'",
        "a number above 0 and of at most 10",
        "mend it there",
    ),
    "a number or nothing": Case(
        "title: T\nitems:\n  - paramcd: A\n    count:\n      0\n",
        "items[0] (A).count", 5,
        "'0'",
        "a whole number of at least 1 or null for none",
        "mend it there",
    ),
    "none of several kinds": Case(
        "title: T\nitems:\n  - paramcd: A\n    at: soon\n",
        "items[0] (A).at", 4,
        "'soon'",
        "a whole number, or a list, each a whole number, or a section with the key day",
        "mend it there",
    ),
    "wrong inside the list that was meant": Case(
        "title: T\nitems:\n  - paramcd: A\n    at: [1, x]\n",
        "items[0] (A).at[1]", 4,
        "'x'",
        "a whole number",
        "mend it there",
    ),
    "wrong inside the section that was meant": Case(
        "title: T\nitems:\n  - paramcd: A\n    at: {day: x}\n",
        "items[0] (A).at.day", 4,
        "'x'",
        "a whole number",
        "mend it there",
    ),
    "missing in the section whose kind is written": Case(
        "title: T\nitems:\n  - paramcd: A\n    visits: {by: day}\n",
        "items[0] (A).visits.first_day", 4,
        "the key is missing in items[0] (A).visits",
        "first_day, the first day of the window: a whole number",
        "add it",
    ),
    "a rule of the section that was meant": Case(
        "title: T\nitems:\n  - paramcd: A\n    visits: {by: number, numbers: [1, 1]}\n",
        "items[0] (A).visits", 4,
        "values that do not agree",
        "every number once",
        "mend it in that section",
    ),
    "neither section": Case(
        "title: T\nitems:\n  - paramcd: A\n    visits: later\n",
        "items[0] (A).visits", 4,
        "'later'",
        "a section with the keys by, first_day, or a section with the keys by, numbers",
        "mend it there",
    ),
    "a kind that is not known": Case(
        "title: T\nitems:\n  - paramcd: A\n    tagged: {by: week}\n",
        "items[0] (A).tagged.by", 4,
        "'week'",
        "day or number",
        "mend it there",
    ),
    "wrong in the section of the kind": Case(
        "title: T\nitems:\n  - paramcd: A\n    tagged:\n      by: number\n      numbers: []\n",
        "items[0] (A).tagged.numbers", 6,
        "a list of 0",
        "a list of at least 1 item, each a whole number",
        "mend it there",
    ),
    "a rule of the whole": Case(
        "title: T\nis_final: yes\n",
        "", 1,
        "rules of a draft",
        "rules that are final",
        "write them",
    ),
    "a rule with its place": Case(
        "title: T\nitems:\n  - paramcd: A\n    label: T\n",
        "items[0] (A).label", 4,
        "'T'",
        "another text than the title",
        "mend it there",
    ),
    "control characters": Case(
        "title: T\nis_final: \"\\e[2J\\n\"\n",
        "is_final", 2,
        "'\\x1b[2J\\n'",
        "true or false",
        "mend it there",
    ),
    "no kind": Case(
        "title: T\nitems:\n  - paramcd: A\n    tagged: {first_day: 1}\n",
        "items[0] (A).tagged.by", 4,
        "the key is missing in items[0] (A).tagged",
        "by, day or number",
        "add it",
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_a_fault_says_place_row_found_expected_and_remedy(tmp_path: Path, case: Case) -> None:
    (fault,) = told(tmp_path, case.text)
    assert (fault.variable, fault.row, fault.found, fault.expected, fault.remedy) == case[1:]


def test_a_fault_is_one_line(tmp_path: Path) -> None:
    (fault,) = told(tmp_path, "title: T\nis_final: 'per\n\n  haps'\n")
    assert str(fault) == "f.is_final row 2: found 'per\\nhaps'; expected true or false; mend it there"


def test_all_faults_stand_in_the_order_of_lines(tmp_path: Path) -> None:
    text = "is_final: x\nitems:\n  - {paramcd: a, scale: x}\n  - {paramcd: B, foo: x}\nrules: x\n"
    assert [(fault.variable, fault.row) for fault in told(tmp_path, text)] == [
        ("title", 1), ("is_final", 1), ("items[0] (a).paramcd", 3), ("items[0] (a).scale", 3), ("items[1] (B).foo", 4),
        ("rules", 5),
    ]  # fmt: skip


def test_lines_of_keys_and_values_are_kept(tmp_path: Path) -> None:
    file = tmp_path / "f.yaml"
    file.write_text("# first\na:\n  b:\n    long\n  c: [x,\n      y]\n", encoding="utf-8")
    document = read_document(file, "f")
    assert document.tree == {"a": {"b": "long", "c": ["x", "y"]}}
    assert document.key_rows == {("a",): 2, ("a", "b"): 3, ("a", "c"): 5, ("a", "c", 0): 5, ("a", "c", 1): 6}
    rows = {("a",): 2, ("a", "b"): 4, ("a", "c"): 5, ("a", "c", 1): 6, ("a", "z"): 2, ("z",): 1, (): 1}
    assert {keys: document.row(keys) for keys in rows} == rows


def test_what_was_written_is_not_repeated_where_a_secret_could_stand(tmp_path: Path) -> None:
    file = tmp_path / "f.yaml"
    file.write_text("title: T\nis_final: canary\nrules: {SEX: canary}\nitems: {canary: 1}\n", encoding="utf-8")
    document = read_document(file, "f")
    with pytest.raises(ValidationError) as caught:
        Whole.model_validate(document.tree)
    faults: list[Any] = faults_of(caught.value, Whole, document, repeats=lambda _: False)
    assert [fault.found for fault in faults] == [*["a text that is not repeated here"] * 2, "a mapping"]
