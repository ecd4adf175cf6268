from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from cutbook.parameters.cut import CutParameters
from cutbook.parameters.project import read_study
from cutbook.published.hashes import sha256_text
from cutbook.published.manifest import (
    MANIFEST,
    Input,
    identity_of,
    outputs_of,
    read_manifest,
    write_manifest,
)
from published.manifests import a_manifest
from report.fake_project import make_project

SHA256 = "ab" * 32

WHOLE: dict[str, Any] = {
    "format": "cutbook-manifest-1",
    "run": "20240701T080000Z-0000aaaa",
    "started": "2024-07-01T08:00:00Z",
    "requester": "worker",
    "study": "demo",
    "cut": "C2",
    "audience": "unblinded",
    "revision": 1,
    "purpose": "x\u2028 –",
    "reports": ["safety"],
    "set": "unblinded-r1-20240701T080000Z-0000aaaa",
    "rendered": "2024-07-01T08:00:00Z",
    "finished": "2024-07-01T08:01:00Z",
    "is_complete": True,
    "is_synthetic": True,
    "is_verified": False,
    "copies": 1,
    "extracted": "",
    "identity": {
        "parameters": {
            "study": "demo",
            "cut_id": "C2",
            "cutoff_date": "2024-06-30",
            "transfer": "T2",
            "previous_cut": "C1",
            "revision": 1,
            "purpose": "x\u2028 –",
            "status": "draft",
            "audience": "unblinded",
        },
        "study_sha256": SHA256,
        "inputs": {"dm.xpt": SHA256},
    },
    "inputs": [{"dataset": "dm", "file": "dm.xpt", "rows": 2, "sha256": SHA256}],
    "previous": {"cut": "C1", "run": "run0", "history": [{"cut": "C1", "run": "run0"}], "inputs": {"dm.xpt": SHA256}},
    "outputs": [{"file": "safety.html", "bytes": 4, "sha256": SHA256, "run": "20240701T080000Z-0000aaaa"}],
    "code": {
        "platform": "Linux",
        "versions": {"python": "3.13.1"},
        "locks": {},
        "notebooks": {},
        "commit": None,
        "is_dirty": None,
    },
}
"""A manifest with every key that a run writes."""


def put(folder: Path, told: dict[str, Any]) -> bytes:
    text = json.dumps(told, indent=1, sort_keys=True, ensure_ascii=False) + "\n"
    (folder / MANIFEST).write_text(text, encoding="utf-8")
    return (folder / MANIFEST).read_bytes()


def without(*place: str) -> dict[str, Any]:
    told = json.loads(json.dumps(WHOLE))
    part = told
    for key in place[:-1]:
        part = part[key]
    del part[place[-1]]
    return told


@pytest.mark.parametrize("changes", [{}, {"previous": None}, {"inputs": [], "outputs": [], "reports": []}])
def test_a_manifest_is_written_with_the_bytes_that_it_was_read_from(tmp_path: Path, changes: dict[str, Any]) -> None:
    content = put(tmp_path, WHOLE | changes)
    manifest = read_manifest(tmp_path)
    assert manifest is not None
    assert write_manifest(tmp_path, manifest).read_bytes() == content
    assert read_manifest(tmp_path) == manifest


def test_a_manifest_cannot_be_changed() -> None:
    manifest = a_manifest()
    with pytest.raises(ValidationError, match="frozen"):
        manifest.revision = 2
    with pytest.raises(ValidationError, match="frozen"):
        manifest.identity.parameters.cutoff_date = "2024-07-01"


@pytest.mark.parametrize("content", ["", "{", "[]", '{"format": "other"}', "[" * 100_000])
def test_what_is_no_manifest_is_not_read_as_one(tmp_path: Path, content: str) -> None:
    (tmp_path / MANIFEST).write_text(content, encoding="utf-8")
    assert read_manifest(tmp_path) is None
    assert read_manifest(tmp_path / "absent") is None


@pytest.mark.parametrize(
    "place",
    [
        ("run",), ("started",), ("requester",), ("purpose",), ("reports",), ("set",), ("rendered",), ("finished",),
        ("is_verified",), ("extracted",), ("inputs",), ("previous",), ("previous", "history"), ("previous", "inputs"),
        ("previous", "run"), ("code",), ("code", "platform"), ("identity", "inputs"), ("identity", "study_sha256"),
        ("identity", "parameters", "purpose"), ("identity", "parameters", "status"),
    ],
)  # fmt: skip
def test_a_manifest_of_a_version_that_did_not_write_a_key_is_read(tmp_path: Path, place: tuple[str, ...]) -> None:
    put(tmp_path, without(*place))
    manifest = read_manifest(tmp_path)
    assert manifest is not None
    assert (manifest.study, manifest.cut, manifest.files["safety.html"].bytes) == ("demo", "C2", 4)


@pytest.mark.parametrize(
    "place",
    [
        ("format",), ("study",), ("cut",), ("audience",), ("revision",), ("is_complete",), ("is_synthetic",),
        ("identity",), ("identity", "parameters"), ("identity", "parameters", "cutoff_date"), ("outputs",),
    ],
)  # fmt: skip
def test_for_whom_a_set_is_and_what_belongs_to_it_is_never_made_up(tmp_path: Path, place: tuple[str, ...]) -> None:
    put(tmp_path, without(*place))
    assert read_manifest(tmp_path) is None


@pytest.mark.parametrize(
    "changes",
    [
        {"audience": "everyone"},
        {"study": "../demo"},
        {"outputs": [{"file": "../safety.html", "bytes": 4, "sha256": SHA256}]},
        {"outputs": [{"file": "safety.html", "bytes": 4, "sha256": "0"}]},
    ],
)
def test_a_manifest_that_leads_elsewhere_is_not_read(tmp_path: Path, changes: dict[str, Any]) -> None:
    put(tmp_path, WHOLE | changes)
    assert read_manifest(tmp_path) is None


def test_keys_of_a_later_version_are_passed_over_and_its_parameters_kept(tmp_path: Path) -> None:
    told = json.loads(json.dumps(WHOLE | {"colour": "blue"}))
    told["identity"]["parameters"]["region"] = "EU"
    put(tmp_path, told)
    manifest = read_manifest(tmp_path)
    assert manifest is not None
    assert "colour" not in manifest.model_dump()
    assert manifest.identity.parameters.model_dump()["region"] == "EU"


def test_outputs_are_listed_with_size_hash_and_the_run_that_made_them(tmp_path: Path) -> None:
    for name in ("safety.html", "efficacy.html"):
        (tmp_path / name).write_bytes(b"page")
    write_manifest(tmp_path, a_manifest())
    digest = hashlib.sha256(b"page").hexdigest()
    outputs = outputs_of(tmp_path, "run2", {"efficacy.html": "run1"})
    assert [(item.file, item.bytes, item.sha256, item.run) for item in outputs] == [
        ("efficacy.html", 4, digest, "run1"),
        ("safety.html", 4, digest, "run2"),
    ]


def test_the_identity_of_a_cut_is_its_parameters_study_file_and_inputs(tmp_path: Path) -> None:
    study = read_study(make_project(tmp_path / "project"), "demo")
    cut = CutParameters(study="demo", cut_id="C1", cutoff_date="2024-06-30", transfer="T1")
    identity = identity_of(study, cut, [Input(dataset="dm", file="dm.xpt", rows=2, sha256=SHA256)])
    assert identity.parameters.model_dump() == cut.model_dump(mode="json")
    assert identity.study_sha256 == sha256_text(study.model_dump_json(exclude={"guesses", "blinding"}))
    assert identity.inputs == {"dm.xpt": SHA256}


def test_a_study_file_is_another_one_when_a_guess_is_confirmed(tmp_path: Path) -> None:
    study = read_study(make_project(tmp_path / "project"), "demo")
    cut = CutParameters(study="demo", cut_id="C1", cutoff_date="2024-06-30", transfer="T1")
    guessed = [study.model_copy(update={"guesses": number}) for number in (0, 1, 2)]
    assert len({identity_of(one, cut, []).study_sha256 for one in guessed}) == 3
