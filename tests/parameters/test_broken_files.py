"""Every key of every parameter file in turn: removed, misspelt, or given a value of another kind."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
import yaml

from cutbook.errors import BlindingError, CutbookError, ParameterError
from cutbook.parameters.cut import CutParameters
from cutbook.parameters.faults import place
from cutbook.parameters.project import Project, read_cut, read_study
from cutbook.parameters.recipients import Recipients
from cutbook.parameters.recipients_file import read_recipients
from cutbook.parameters.schema import Node, json_schema
from cutbook.parameters.study import Study
from cutbook.parameters.yaml_text import Keys, read_document
from parameters.broken import VOCABULARY, Broken, changes, shortened

STUDY = Node.of(json_schema(Study))
SECTIONS = [key for key in STUDY.keys if any(STUDY.keys[key].sections)]
SHIPPED = ("tofersen", "cdiscpilot01")
NOT_SHIPPED = {
    "oddities": [
        {"dataset": "dm", "variable": "DTHDTC", "weight": "list", "reason": "Known"},
        {"dataset": "ex", "weight": "stop"},
    ],
    "immunogenicity": {"tests": [{"testcd": "ADA_BAB", "label": "Antibodies"}], "boosted": 4},
    "disposition": {"category": "DISPOSITION EVENT", "completed": "COMPLETED", "not_an_end": ["RANDOMIZED"]},
    "reproduction": {
        "cuts": ["C1"],
        "numbers": [{"label": "Deaths", "value": "3", "source": "A paper", "at": {"display": "D9"}}],
    },
}
"""Sections that no study file of the project writes, or writes whole."""


@pytest.fixture
def alpha(tmp_path: Path) -> Project:
    (tmp_path / "notebooks").mkdir()
    (tmp_path / "parameters/alpha").mkdir(parents=True)
    return Project(tmp_path)


def write(project: Project, name: str, tree: dict[str, Any]) -> None:
    text = yaml.dump(tree, sort_keys=False, allow_unicode=True, default_style='"', Dumper=yaml.CSafeDumper)
    (project.parameters / "alpha" / name).write_text(text, encoding="utf-8")


def faults_of(read: Callable[[], object]) -> list[Any]:
    """Return the faults of a file after asserting what holds for all: words, lines, and their order."""
    try:
        read()
    except (ParameterError, BlindingError) as error:
        faults = list(error.faults)
    else:
        return []
    lines = [str(fault) for fault in faults]
    assert [line for line in lines for word in VOCABULARY if word in line] == []
    assert [line for line, fault in zip(lines, faults, strict=True) if fault.row is None] == []
    assert [fault.row for fault in faults] == sorted(fault.row for fault in faults)
    return faults


def at(faults: list[Any], keys: Keys, tree: dict[str, Any]) -> list[Any]:
    return [fault for fault in faults if fault.variable == place(keys, tree)]


def assert_told(broken: Broken, faults: list[Any]) -> None:
    """Assert that what was broken is told at its place, where the kind of change leaves no doubt."""
    if broken.what == "removed" and broken.is_required:
        (fault,) = at(faults, broken.keys, broken.tree)
        assert fault.found.startswith("the key is missing in ")
        assert fault.expected.startswith(f"{broken.keys[-1]}, ")
    if broken.what == "misspelt":
        (fault,) = at(faults, (*broken.keys[:-1], f"{broken.keys[-1]}q"), broken.tree)
        assert fault.found.startswith("a key that is not known in ")
        assert fault.expected == broken.keys[-1]
    if broken.node.shape == "text" and broken.what in ("a list", "a mapping"):
        (fault,) = at(faults, broken.keys, broken.tree)
        assert fault.found in ("a list of 2", "a mapping with keys x", "a mapping")
    if broken.node.shape in ("list", "mapping") and broken.what == "a strange text":
        (fault,) = at(faults, broken.keys, broken.tree)
        assert fault.found in ("'☃ ?!'", "a text that is not repeated here")


@pytest.mark.parametrize("section", SECTIONS)
def test_every_key_of_a_study_file(alpha: Project, project: Path, section: str) -> None:
    met = 0
    for study in SHIPPED:
        whole = read_document(project / f"parameters/{study}/study.yaml", "study.yaml").tree | NOT_SHIPPED
        if section not in whole:
            continue
        for broken in changes(STUDY, shortened({section: whole[section]})):
            if broken.keys[0] == section:
                write(alpha, "study.yaml", broken.tree)
                assert_told(broken, faults_of(lambda: read_study(alpha, "alpha")))
                met += 1
    assert met > 10


def test_every_key_at_the_top_of_a_study_file(alpha: Project, project: Path) -> None:
    whole = read_document(project / "parameters/tofersen/study.yaml", "study.yaml").tree
    tree = whole | NOT_SHIPPED
    for key in STUDY.keys:
        for what in (["x", "y"], "☃ ?!"):
            write(alpha, "study.yaml", {**tree, "id": "alpha", key: what})
            faults = faults_of(lambda: read_study(alpha, "alpha"))
            is_right = STUDY.keys[key].shape == ("list" if isinstance(what, list) else "text")
            assert is_right or [fault.variable for fault in faults] == [key]


@pytest.mark.parametrize("model", [CutParameters, Recipients])
def test_every_key_of_the_other_files(alpha: Project, project: Path, model: Any) -> None:
    name = "recipients.yaml" if model is Recipients else "C2.yaml"
    tree = read_document(project / f"parameters/tofersen/{name}", name).tree
    for broken in changes(Node.of(json_schema(model)), {**tree, "study": "alpha"} if model is CutParameters else tree):
        write(alpha, name, broken.tree)
        assert_told(broken, faults_of(lambda: read(alpha, name)))


def read(project: Project, name: str) -> object:
    return read_recipients(project, "alpha") if name == "recipients.yaml" else read_cut(project, "alpha", "C2")


ALIASES = "".join(f"{new}: &{new} [{', '.join([f'*{old}'] * 8)}]\n" for old, new in pairwise("abcdefghij"))
NO_FILES = [
    "", "x", "- x", "null", "id", "id: [", "id: {", "\t", "{}", "? [a]\n: b", "? {a: b}\n: c", "a: &x [*x]", "&x a: *x",
    "a: *x", "!!python/name:os.system a: 1", "id: !!binary x", "\ufeffid: a", 'id: "\\ud83d"', "id: 'a",
    "%YAML 9.9\n---\n", "---\na: 1\n---\nb: 2", "a: b: c", f"a: {'[' * 300}{']' * 300}",
    f"a: {'{a: ' * 300}{'}' * 300}", "[" * 1500, f"a: &a [x, x]\n{ALIASES}",
]  # fmt: skip


@pytest.mark.parametrize("text", NO_FILES)
@pytest.mark.parametrize("name", ["study.yaml", "recipients.yaml", "C2.yaml"])
def test_what_is_no_parameter_file_is_a_fault_and_nothing_else(alpha: Project, text: str, name: str) -> None:
    (alpha.parameters / "alpha" / name).write_text(text, encoding="utf-8")
    with pytest.raises(CutbookError) as caught:
        read_study(alpha, "alpha") if name == "study.yaml" else read(alpha, name)
    assert caught.value.exit_code == 2
    assert [line for line in str(caught.value).splitlines() for word in VOCABULARY if word in line] == []
