"""The page of the parameter files is made of the models and of files that are valid."""

from __future__ import annotations

import re
import runpy
import sys
from io import BytesIO, TextIOWrapper
from pathlib import Path
from typing import Annotated, Any, Literal

import pytest
import yaml
from pydantic import BaseModel, Field

from cutbook.parameters.base import DatasetName, Model
from cutbook.parameters.cut import CutParameters
from cutbook.parameters.document import document_page
from cutbook.parameters.document.examples import Examples
from cutbook.parameters.document.outline import outline
from cutbook.parameters.document.page import section_page
from cutbook.parameters.project import Project
from cutbook.parameters.recipients import Recipients
from cutbook.parameters.schema import Node, json_schema
from cutbook.parameters.study import Study


class Day(Model):
    """A visit by its day."""

    by: Literal["day"]
    day: int = Field(ge=1, description="Study day.")


class Number(Model):
    """A visit by its number."""

    by: Literal["number"]


class Visits(Model):
    """Visits of ``one`` schedule.

    In their
    order.
    """

    visits: list[Annotated[Day | Number, Field(discriminator="by")]] = Field(min_length=1, description="The visits.")
    also: Day | None = None


class Whole(Model):
    """A file."""

    title: str = Field(max_length=9, description="The title | of the study.\n\nMore of it.")
    schedules: dict[DatasetName, Visits] = Field(default_factory=dict, description="Schedules by dataset.")
    order: Literal["a", "b"] = Field(default="a", description="The order.")
    days: list[int] = Field(default_factory=lambda: [1, 2], description="Days.")
    final: bool = False
    empty: str = ""


@pytest.fixture
def page(project: Path) -> str:
    """Return the page as it is committed."""
    return (project / "docs/study.md").read_text(encoding="utf-8")


def test_the_page_is_the_generated_one(project: Path, page: str) -> None:
    assert page == document_page(Project(project))


def test_the_command_that_the_page_names_prints_the_page(
    project: Path, page: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "`python -m cutbook.parameters.document > docs/study.md`" in page
    monkeypatch.chdir(project)
    printed = BytesIO()
    monkeypatch.setattr(sys, "stdout", TextIOWrapper(printed, encoding="ascii"))
    runpy.run_module("cutbook.parameters.document", run_name="__main__")
    assert printed.getvalue() == page.encode("utf-8")


@pytest.mark.parametrize("model", [Study, CutParameters, Recipients])
def test_every_section_and_key_of_a_model_is_on_the_page(page: str, model: type[BaseModel]) -> None:
    for section in outline(Node.of(json_schema(model))):
        tables = re.findall(rf"^### {re.escape(section.title)}\n(.*?)(?=^##|\Z)", page, re.MULTILINE | re.DOTALL)
        keys = [re.findall(r"^\| `(\w+)` \|", table, re.MULTILINE) for table in tables]
        assert list(section.node.keys) in keys


def test_every_link_leads_to_a_heading(page: str) -> None:
    headings = re.findall(r"^#+ (.*)$", page, re.MULTILINE)
    anchors = {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}
    assert set(re.findall(r"\]\(#([^)]*)\)", page)) <= anchors


def test_every_example_is_yaml_that_begins_where_its_section_does(page: str) -> None:
    found = re.findall(
        r"^### `([\w.]+)`(, each \w+)?\n(?:(?!^##).)*?^```yaml\n(.*?)```", page, re.MULTILINE | re.DOTALL
    )
    assert len(found) > 12
    for name, each, text in found:
        example: Any = yaml.safe_load(text)
        key = name.split(".")[-1]
        is_own = list(example) == [key]
        assert (len(example) == 1 and is_own != bool(each)) or (each == ", each entry" and is_own)


def test_sections_stand_in_the_order_of_the_model_each_kind_once() -> None:
    assert [section.title for section in outline(Node.of(json_schema(Whole)))] == [
        "The keys of the file",
        "`schedules`, each entry",
        "`schedules.visits`, each item (by: day)",
        "`schedules.visits`, each item (by: number)",
    ]


def test_a_section_says_what_it_is_for_and_what_each_key_may_hold() -> None:
    whole, visits, *_ = found = outline(Node.of(json_schema(Whole)))
    assert section_page(whole, found, "title: T").splitlines() == [
        "### The keys of the file",
        "",
        "A file.",
        "",
        "| Key | What it is | What may stand there | Left out |",
        "|---|---|---|---|",
        r"| `title` | The title \| of the study. | a text of at most 9 characters | *required* |",
        (
            "| `schedules` | Schedules by dataset. | a mapping: each key the name of a dataset, each value a section "
            "[`schedules`](#schedules-each-entry) | none |"
        ),
        "| `order` | The order. | a or b | `a` |",
        "| `days` | Days. | a list, each a whole number | `[1, 2]` |",
        "| `final` |  | true or false | `false` |",
        "| `empty` |  | a text | empty |",
        "",
        "```yaml",
        "title: T",
        "```",
    ]
    lines = section_page(visits, found, "").splitlines()
    assert lines[2:5] == ["Visits of `one` schedule.", "", "In their order."]
    day = "a section [`schedules.visits`](#schedulesvisits-each-item-by-day) (by: day)"
    number = "a section [`schedules.visits`](#schedulesvisits-each-item-by-number) (by: number)"
    assert lines[8:10] == [
        f"| `visits` | The visits. | a list of at least 1 item, each {day} or {number} | *required* |",
        f"| `also` | A visit by its day. | {day} | none |",
    ]


def test_a_section_with_short_forms_has_its_table_and_its_name_and_an_example_of_every_form(page: str) -> None:
    assert "[``]" not in page
    rules = re.search(r"### `data_cut.rules`, each entry\n.*?```yaml\n(.*?)```", page, re.DOTALL)
    schedules = re.search(r"### `schedules`, each entry\n.*?```yaml\n(.*?)```", page, re.DOTALL)
    assert rules
    assert yaml.safe_load(rules[1]) == {
        "rules": {
            "ae": "AESTDTC",
            "dm": {"rule": "special_dm"},
            "ds": {"rule": "date", "date": "DSSTDTC"},
            "lb": ["LBDTC", "LBENDTC"],
            "sc": "participant",
            "xr": "none",
        }
    }
    assert schedules
    assert yaml.safe_load(schedules[1]) == {
        "schedules": {"clinic": ["WEEK4", "WEEK8"], "efficacy": {"by": "day", "visits": ["WEEK8"]}}
    }
    assert (
        "each value a list of at least 1 item, each a text, or a section [`schedules`](#schedules-each-entry)" in page
    )


def test_what_holds_without_a_key_is_said_where_the_model_states_it(page: str) -> None:
    (until,) = re.findall(r"^\| `until` \|.*\| (.*) \|$", page, re.MULTILINE)
    assert until == "to the end of study or the cut-off"


FILE = """\
# first
a:
  b: {c: 1, d: 2}

  # of e
  e:
    - f: 1
    - f: 2
      g: 3
# of h
h: {i: 1}
"""


@pytest.mark.parametrize(
    ("path", "example"),
    [
        (("a",), "a:\n  b: {c: 1, d: 2}\n\n  # of e\n  e:\n    - f: 1\n    - f: 2\n      g: 3"),
        (("a", "b"), "b: {c: 1, d: 2}"),
        (("a", "e", "[]"), "- f: 2\n  g: 3"),
        (("h",), "h: {i: 1}"),
        (("h", "i"), ""),
        (("z",), ""),
        (("{}", "b"), "b: {c: 1, d: 2}"),
    ],
)
def test_an_example_is_cut_out_of_a_file(tmp_path: Path, path: tuple[str, ...], example: str) -> None:
    file = tmp_path / "f.yaml"
    file.write_text(FILE, encoding="utf-8")
    assert Examples([file]).cut(path) == example


def test_no_line_is_an_example_twice_and_a_long_one_ends_before_an_item(tmp_path: Path) -> None:
    file = tmp_path / "f.yaml"
    file.write_text("a:\n" + "".join(f"  - b: {n}\n    c: {n}\n" for n in range(40)) + "z: 1\n", encoding="utf-8")
    examples = Examples([file])
    assert examples.cut(("a",)).splitlines()[-3:] == ["  - b: 10", "    c: 10", "  # ... 58 more lines"]
    assert examples.cut(("a", "[]")) == ""
