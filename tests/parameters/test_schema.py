"""The JSON Schemas that editors read: they take what the readers take, and no key that is not known."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Literal

import pytest
import yaml
from jsonschema import Draft202012Validator
from papermill.iorw import read_yaml_file
from pydantic import BaseModel, Field, ValidationError

from cutbook.data.transfer.manifest import Manifest
from cutbook.parameters.base import Model, Name, OptionalCount, Text
from cutbook.parameters.cut import CutParameters
from cutbook.parameters.recipients import Recipients
from cutbook.parameters.schema import Node, json_schema, schema_text, text_schema
from cutbook.parameters.study import Study
from cutbook.parameters.study.kinetics.choices import Choices
from cutbook.parameters.yaml_text import read_document
from parameters.broken import changes, shortened

MODELS: dict[str, type[BaseModel]] = {
    "study": Study,
    "cut": CutParameters,
    "recipients": Recipients,
    "pk_choices": Choices,
}
FIRST_LINE = "# yaml-language-server: $schema=../../docs/schema/{}.schema.json"


_PROFILE = {"participant": "S1", "matrix": "Plasma", "dose": "1", "reason": "Clear", "by": "A. R", "date": "2024-02-01"}
DECIDED: dict[str, Any] = {
    "exclusions": [{**_PROFILE, "time": "4"}],
    "terminal": [{**_PROFILE, "use": ["6", "8", "24"]}, {**_PROFILE, "leave_out": ["8"]}],
}
"""Decisions about profiles; the virtual trial has none."""


class _Editor(yaml.SafeLoader):
    """Reads YAML as editors do: numbers and truth values are none of text, dates are text."""


_Editor.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:timestamp"]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def in_editor(text: str) -> Any:
    """Return a YAML text as an editor reads it."""
    return yaml.load(text, Loader=_Editor)  # noqa: S506 - a safe loader without dates


def kind_of(file: Path) -> str:
    return file.stem if file.stem in MODELS else "cut"


def files(project: Path) -> list[Path]:
    """Return the parameter files, each of which has a schema."""
    return sorted((project / "parameters").glob("*/*.yaml"))


@pytest.fixture(scope="module")
def validators(project: Path) -> dict[str, Draft202012Validator]:
    """Return the validator of every committed schema."""
    folder = project / "docs/schema"
    found = {file.name.split(".")[0]: json.loads(file.read_text(encoding="utf-8")) for file in folder.iterdir()}
    for schema in found.values():
        assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
        Draft202012Validator.check_schema(schema)
    return {name: Draft202012Validator(schema) for name, schema in found.items()}


def test_committed_schemas_are_those_of_the_models(project: Path) -> None:
    written = {file.name: file.read_text(encoding="utf-8") for file in (project / "docs/schema").iterdir()}
    made = {f"{name}.schema.json": schema_text(text_schema(model)) for name, model in MODELS.items()}
    assert written == {**made, "manifest.schema.json": schema_text(json_schema(Manifest))}


def test_shipped_files_fit_as_an_editor_reads_them_and_as_text(
    project: Path, validators: dict[str, Draft202012Validator]
) -> None:
    for file in files(project):
        validator = validators[kind_of(file)]
        assert list(validator.iter_errors(in_editor(file.read_text(encoding="utf-8")))) == []
        assert list(validator.iter_errors(read_document(file, file.name).tree)) == []
    for file in (project / "parameters").glob("*/*.json"):
        assert list(validators["manifest"].iter_errors(json.loads(file.read_text(encoding="utf-8")))) == []


def test_parameter_files_name_their_schema_for_editors(project: Path) -> None:
    for file in files(project):
        first = file.read_text(encoding="utf-8").splitlines()[0]
        if file.stem != "study" or first.startswith("# yaml-language-server:"):
            assert first == FIRST_LINE.format(kind_of(file))


def test_plain_papermill_reads_a_cut_file_with_its_first_line(project: Path) -> None:
    given = read_yaml_file(str(project / "parameters/tofersen/C2.yaml"))
    assert list(given) == list(CutParameters.model_fields)
    assert (given["cut_id"], given["cutoff_date"], given["revision"]) == ("C2", "2017-09-01", 1)


def read(model: type[BaseModel], tree: Any) -> bool:
    try:
        model.model_validate(tree, strict=False)
    except ValidationError:
        return False
    return True


@pytest.mark.parametrize("kind", MODELS)
def test_what_the_reader_accepts_the_schema_accepts_and_no_unknown_key(
    project: Path, validators: dict[str, Draft202012Validator], kind: str
) -> None:
    name = "DBL" if kind == "cut" else kind
    tree = DECIDED if kind == "pk_choices" else read_document(project / f"parameters/tofersen/{name}.yaml", name).tree
    for key in tree:
        shorter = {**tree, key: shortened(tree[key])}
        tree = shorter if read(MODELS[kind], shorter) else tree
    assert read(MODELS[kind], tree)
    refused: dict[str, int] = {}
    for broken in changes(Node.of(json_schema(MODELS[kind])), tree):
        fits = validators[kind].is_valid(broken.tree)
        assert fits or not read(MODELS[kind], broken.tree), (broken.keys, broken.what)
        assert not fits or broken.what != "misspelt", broken.keys
        refused[broken.what] = refused.get(broken.what, 0) + (not fits)
    assert refused["misspelt"] > 5
    assert refused["a list of lists"] > 5


class Scalars(Model):
    """One key a kind of scalar."""

    whole: int = Field(default=1, ge=0, le=99)
    number: float = 1
    truth: bool = False
    text: Text = "x"
    name: Name = "x"
    often: Literal["no", "daily"] = "no"
    count: OptionalCount = None


SPELLINGS = [
    "1", "01", "1.0", "+1", "1_0", "1e1", ".5", "5.", "-1", "100", "0x1", "true", "True", "yes", "No", "no", "off", "y",
    "daily", "null", "~", "", "none", "2024-01-01", "12:30", "text", "a b", "'1'", "'no'", "NO", ".inf",
]  # fmt: skip


@pytest.mark.parametrize("spelling", SPELLINGS)
@pytest.mark.parametrize("key", Scalars.model_fields)
def test_a_bare_scalar_that_the_reader_takes_fits_the_schema(tmp_path: Path, key: str, spelling: str) -> None:
    file = tmp_path / "f.yaml"
    file.write_text(f"{key}: {spelling}\n", encoding="utf-8")
    tree = read_document(file, "f").tree
    validator = Draft202012Validator(text_schema(Scalars))
    if read(Scalars, tree):
        assert validator.is_valid(tree)
        assert validator.is_valid(in_editor(file.read_text(encoding="utf-8")))


@pytest.mark.parametrize(
    "wrong",
    [
        {"whole": 100}, {"whole": "x"}, {"whole": 1.5}, {"whole": []}, {"whole": None}, {"number": "x"},
        {"truth": "maybe"},
        {"truth": 2}, {"text": ""}, {"text": ["x"]}, {"text": {}}, {"name": "a b"}, {"often": "hourly"},
        {"count": "some"},
        {"other": 1},
    ],
)  # fmt: skip
def test_what_no_reader_takes_the_schema_refuses(wrong: dict[str, Any]) -> None:
    assert not Draft202012Validator(text_schema(Scalars)).is_valid(wrong)


FILE = {"path": "sdtm/dm.xpt", "dataset": "dm", "sha256": "a" * 64, "rows": 3}
MANIFEST = {
    "format": "cutbook-transfer-1", "study": "s", "transfer": "t", "extracted": "2024-04-01", "is_synthetic": True,
    "files": [FILE],
}  # fmt: skip


def test_a_manifest_fits_and_one_with_another_kind_of_value_does_not(
    validators: dict[str, Draft202012Validator],
) -> None:
    assert validators["manifest"].is_valid(MANIFEST)
    wrong = {"format": "cutbook-transfer-2", "study": 1, "extracted": "1 April", "is_synthetic": "yes", "files": {}}
    trees = [*({**MANIFEST, key: value} for key, value in wrong.items()), {**MANIFEST, "note": "x"}]
    trees += [{**MANIFEST, "files": [{**FILE, key: value}]} for key, value in [
        ("path", "../dm.xpt"), ("path", "a/../dm.xpt"), ("path", "a/./dm.xpt"), ("path", "/dm.xpt"),
        ("path", "C:\\dm.xpt"),
        ("path", "~/dm.xpt"), ("path", "a//dm.xpt"), ("path", "dm.pkl"), ("path", "dm.xpt.joblib"), ("path", "dm"),
        ("path", "dm\n.xpt"), ("path", ""), ("dataset", "DM"), ("sha256", "a" * 63), ("rows", -1), ("rows", "3"),
        ("size", 1),
    ]]  # fmt: skip
    assert [tree for tree in trees if validators["manifest"].is_valid(tree)] == []
    for path in ("dm.xpt", "a/b/DM.XPT", "..a/dm.parquet", "dm 1.csv", "a.b/dm.ndjson", "é.sas7bdat"):
        assert validators["manifest"].is_valid({**MANIFEST, "files": [{**FILE, "path": path}]})
