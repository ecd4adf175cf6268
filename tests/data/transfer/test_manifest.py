from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from cutbook.data.transfer.manifest import ListedFile, Manifest, manifest_text, read_manifest
from cutbook.errors import DataError
from parameters.broken import VOCABULARY
from transfer_files import study_of, write_manifest

STUDY = study_of(["dm"])


def entry(**changes: Any) -> dict[str, Any]:
    return {"path": "dm.xpt", "dataset": "dm", "sha256": "0" * 64, "rows": 3} | changes


def faults_of(folder: Path, files: list[dict[str, Any]], **changes: Any) -> list[str]:
    _, faults = read_manifest(write_manifest(folder, files, **changes), folder.name, STUDY)
    return [f"{fault.variable}: {fault.found}" for fault in faults]


def test_a_manifest_states_whose_transfer_it_is_and_its_files(tmp_path: Path) -> None:
    manifest, faults = read_manifest(write_manifest(tmp_path, [entry(sha256="A" * 64)]), tmp_path.name, STUDY)
    assert faults == []
    assert manifest.extracted == "2024-04-01"
    assert manifest.files[0].model_dump() == entry(sha256="a" * 64)
    assert manifest.copies == 1


def test_a_manifest_may_state_how_many_times_it_holds_a_simulated_trial(tmp_path: Path) -> None:
    manifest, faults = read_manifest(write_manifest(tmp_path, [entry()], copies=10), tmp_path.name, STUDY)
    assert (manifest.copies, faults) == (10, [])


@pytest.mark.parametrize(
    ("path", "problem"),
    [
        ("../dm.xpt", "a path that leaves the folder"),
        ("sub/../../dm.xpt", "a path that leaves the folder"),
        ("/etc/passwd.xpt", "an absolute path"),
        ("C:\\dm.xpt", "a path that is not written with '/' from the folder"),
        ("..\\dm.xpt", "a path that is not written with '/' from the folder"),
        ("~/dm.xpt", "a path that is not written with '/' from the folder"),
        ("dm\0.xpt", "a path with characters that do not print"),
        ("dm\n.xpt", "a path with characters that do not print"),
        ("\udcff.xpt", "a path with characters that do not print"),
        ("sub//dm.xpt", "a path with empty parts"),
        ("./dm.xpt", "a path with empty parts"),
        ("", "an empty path"),
        ("x" * 1100 + ".xpt", "a path of more than 1024 characters"),
        ("dm.pkl", "unknown format"),
        ("dm.xpt.joblib", "unknown format"),
        ("safety.ipynb", "unknown format"),
        ("dm.zip", "unknown format"),
        ("dm", "unknown format"),
    ],
)
def test_paths_that_escape_and_formats_that_are_unknown_are_faults(tmp_path: Path, path: str, problem: str) -> None:
    (found,) = faults_of(tmp_path, [entry(path=path)])
    assert found.startswith("files[0] (dm).path: ")
    assert found.endswith(problem)


def test_a_path_with_escape_sequences_is_shown_without_them(tmp_path: Path) -> None:
    (found,) = faults_of(tmp_path, [entry(path="\x1b[2J.xpt")])
    assert "\x1b" not in found


def test_a_dataset_or_a_path_named_twice_is_a_fault(tmp_path: Path) -> None:
    files = [entry(), entry(path="other/dm.xpt"), entry(dataset="ae")]
    assert faults_of(tmp_path, files) == ['files: dataset "dm" twice', 'files: path "dm.xpt" twice']


def test_a_manifest_of_another_study_or_transfer_or_kind_of_data_is_a_fault(tmp_path: Path) -> None:
    found = faults_of(tmp_path, [entry()], study="other", transfer="C9", is_synthetic=False)
    assert found == ['study: "other"', 'transfer: "C9"', 'is_synthetic: "False"']


def test_the_manifest_of_another_study_offers_the_id_the_manifest_and_the_folder(tmp_path: Path) -> None:
    _, (fault,) = read_manifest(write_manifest(tmp_path, [entry()], study="c00"), tmp_path.name, STUDY)
    assert str(fault) == (
        'manifest.json.study: found "c00"; expected "demo"; where the data are of this study, give the study file the '
        "id that its sender uses, or have the manifest corrected by the sender; where they are not, let sources.root "
        "and transfer name another folder"
    )


@pytest.mark.parametrize(
    ("changes", "variable"),
    [
        ({"format": "cutbook-transfer-2"}, "format"),
        ({"extracted": "2024-02-30"}, "extracted"),
        ({"extracted": "20240401"}, "extracted"),
        ({"is_synthetic": "yes"}, "is_synthetic"),
        ({"copies": 0}, "copies"),
        ({"copies": "10"}, "copies"),
        ({"files": {}}, "files"),
        ({"note": "unknown key"}, "note"),
        ({"files": [entry(sha256="0" * 63)]}, "files[0] (dm).sha256"),
        ({"files": [entry(rows=-1)]}, "files[0] (dm).rows"),
        ({"files": [entry(rows="3")]}, "files[0] (dm).rows"),
        ({"files": [entry(rows=3.0)]}, "files[0] (dm).rows"),
        ({"files": [entry(dataset="DM/../x")]}, "files[0] (DM/../x).dataset"),
        ({"files": [entry(dataset="DM")]}, "files[0] (DM).dataset"),
        ({"files": [entry(path=7)]}, "files[0] (dm).path"),
        ({"files": ["dm.xpt"]}, "files[0]"),
    ],
)
def test_keys_that_do_not_fit_are_named(tmp_path: Path, changes: dict[str, Any], variable: str) -> None:
    manifest = write_manifest(tmp_path, **({"files": [entry()]} | changes))
    with pytest.raises(DataError) as caught:
        read_manifest(manifest, tmp_path.name, STUDY)
    assert [fault.variable for fault in caught.value.faults] == [variable]
    assert [word for word in VOCABULARY if word in str(caught.value)] == []


def test_all_keys_that_do_not_fit_are_named_at_once(tmp_path: Path) -> None:
    manifest = write_manifest(tmp_path, [entry(rows=-1), entry(sha256="?")], extracted="soon")
    with pytest.raises(DataError) as caught:
        read_manifest(manifest, tmp_path.name, STUDY)
    assert [fault.variable for fault in caught.value.faults] == [
        "extracted",
        "files[0] (dm).rows",
        "files[1] (dm).sha256",
    ]


@pytest.mark.parametrize(
    ("content", "found"),
    [
        (b"", "no JSON"),
        (b"{", "no JSON"),
        (b"\x80\x04\x95", "not UTF-8"),
        (b"[" * 100_000, "nested too deep"),
        (b'{"format": "a", "format": "b"}', 'key "format" twice'),
    ],
    ids=["empty", "cut off", "pickle", "deep", "twice"],
)
def test_what_is_no_json_is_refused(tmp_path: Path, content: bytes, found: str) -> None:
    path = tmp_path / "manifest.json"
    path.write_bytes(content)
    with pytest.raises(DataError, match=found):
        read_manifest(path, tmp_path.name, STUDY)


def test_a_list_is_no_manifest(tmp_path: Path) -> None:
    path = tmp_path / "manifest.json"
    path.write_text("[]", encoding="utf-8")
    with pytest.raises(DataError, match=r"manifest\.json"):
        read_manifest(path, tmp_path.name, STUDY)


def test_an_oversized_manifest_is_refused_unread(tmp_path: Path) -> None:
    path = tmp_path / "manifest.json"
    with path.open("wb") as stream:
        stream.truncate(17 * 1024**2)
    with pytest.raises(DataError, match="more than 16 MB"):
        read_manifest(path, tmp_path.name, STUDY)


def test_a_manifest_is_written_as_the_pilots_is(project: Path) -> None:
    text = (project / "parameters" / "cdiscpilot01" / "manifest.json").read_text(encoding="utf-8")
    assert manifest_text(Manifest.model_validate_json(text)) == text


def test_the_example_of_the_page_is_a_manifest(project: Path) -> None:
    page = (project / "docs" / "manifest.md").read_text(encoding="utf-8")
    example = page.partition("```json\n")[2].partition("```")[0]
    assert manifest_text(Manifest.model_validate_json(example)) == example


def test_the_page_explains_every_key(project: Path) -> None:
    page = (project / "docs" / "manifest.md").read_text(encoding="utf-8")
    explained = re.findall(r"^\| `([a-z0-9_.]+)` \|", page, flags=re.MULTILINE)
    of_files = [f"files.{name}" for name in ListedFile.model_fields]
    assert explained == [*Manifest.model_fields, *of_files]


def test_the_pilots_manifest_names_every_file_but_one_of_the_shared_folder(project: Path, shared: Path) -> None:
    folder = shared / "data" / "cdiscpilot01"
    tree = json.loads((project / "parameters" / "cdiscpilot01" / "manifest.json").read_text(encoding="utf-8"))
    present = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    assert present - {file["path"] for file in tree["files"]} == {"pk/ex.csv"}
    assert {file["path"] for file in tree["files"]} <= present
