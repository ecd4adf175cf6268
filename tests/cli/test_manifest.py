from __future__ import annotations

import hashlib
import json
import os
import shutil
from pathlib import Path
from typing import Any

import pytest

from command_line import call
from cutbook.parameters.project import Project
from data.formats.test_sas7bdat import PLAIN, content_of
from report.fake_project import STUDY, demographics, make_project, tree
from transfer_files import frame_of_records, write_dataset

ENDINGS = (".xpt", ".parquet", ".csv", ".json", ".ndjson")
NOON = 1_719_835_200
"""2024-07-01T12:00:00Z."""


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """Return a project without a transfer."""
    project = make_project(tmp_path / "project", ("safety",))
    shutil.rmtree(project.root / "data" / "T1")
    return project


def fill(project: Project, *names: str) -> Path:
    """Write DM into the transfer under these names, dated 2024-07-01, and return the folder."""
    folder = project.root / "data" / "T1"
    for name in names:
        write_dataset(folder / name, frame_of_records(demographics([61.0, 47.0]).to_dict("list")))
        os.utime(folder / name, (NOON, NOON))
    return folder


def digest(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()


def write(capsys: pytest.CaptureFixture[str], project: Project, *arguments: str) -> tuple[int, str, list[str]]:
    """Return what the command did for transfer T1."""
    folder = str(project.root / "data" / "T1")
    return call(capsys, "manifest", folder, "--synthetic", "--project", str(project.root), *arguments)


def content(folder: Path) -> dict[str, Any]:
    return json.loads((folder / "manifest.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("ending", ENDINGS)
def test_what_is_written_passes_the_check(project: Project, capsys: pytest.CaptureFixture[str], ending: str) -> None:
    folder = fill(project, f"dm{ending}")
    assert write(capsys, project)[0] == 0
    assert content(folder) == {
        "format": "cutbook-transfer-1",
        "study": "demo",
        "transfer": "T1",
        "extracted": "2024-07-01",
        "is_synthetic": True,
        "files": [{"path": f"dm{ending}", "dataset": "dm", "sha256": digest(folder / f"dm{ending}"), "rows": 2}],
    }
    code, out, errors = call(capsys, "check", "demo", "C1", "--project", str(project.root))
    assert (code, errors) == (0, [])
    assert out.startswith("demo C1: 1 datasets, 2 rows after the cut")


def test_a_sas_dataset_is_counted_too(project: Project, capsys: pytest.CaptureFixture[str]) -> None:
    folder = fill(project, "dm.csv")
    (folder / "vs.sas7bdat").write_bytes(content_of(PLAIN))
    assert write(capsys, project)[0] == 0
    assert content(folder)["files"][1] == {
        "path": "vs.sas7bdat",
        "dataset": "vs",
        "sha256": digest(folder / "vs.sas7bdat"),
        "rows": 3,
    }
    assert call(capsys, "check", "demo", "C1", "--project", str(project.root))[0] == 0


def test_files_are_sorted_by_path_and_the_same_folder_gives_the_same_bytes(
    project: Project, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = fill(project, "vs.csv", "sdtm/AE.csv", "dm.parquet")
    write(capsys, project)
    first = (folder / "manifest.json").read_bytes()
    assert [(file["path"], file["dataset"]) for file in content(folder)["files"]] == [
        ("dm.parquet", "dm"),
        ("sdtm/AE.csv", "ae"),
        ("vs.csv", "vs"),
    ]
    assert write(capsys, project, "--force")[0] == 0
    assert (folder / "manifest.json").read_bytes() == first


def test_what_is_no_dataset_is_named_and_left_out(project: Project, capsys: pytest.CaptureFixture[str]) -> None:
    folder = fill(project, "dm.csv")
    for name in ("readme.txt", "01 notes.csv", "define.json"):
        (folder / name).write_text("{}", encoding="utf-8")
    code, out, errors = write(capsys, project, "--leave-out", "define.json")
    assert (code, errors) == (0, [])
    told = {line.split("/")[-1] for line in out.splitlines() if line.startswith("left out: ")}
    assert told == {
        "readme.txt: no format that is read",
        "01 notes.csv: no name of a dataset",
        "define.json: as asked for",
    }
    assert [file["path"] for file in content(folder)["files"]] == ["dm.csv"]


def test_the_restricted_part_gets_a_manifest_of_its_own(project: Project, capsys: pytest.CaptureFixture[str]) -> None:
    folder = fill(project, "dm.csv", "restricted/dm.csv", "restricted/ex.csv")
    code, out, _ = write(capsys, project)
    assert code == 0
    assert [file["path"] for file in content(folder)["files"]] == ["dm.csv"]
    apart = content(folder / "restricted")
    assert (apart["transfer"], [file["path"] for file in apart["files"]]) == ("T1", ["dm.csv", "ex.csv"])
    assert [line.split(": ")[2] for line in out.splitlines()[:2]] == ["1 datasets, 2 rows", "2 datasets, 4 rows"]


def test_a_manifest_that_is_there_is_replaced_only_when_asked_to(
    project: Project, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = fill(project, "dm.csv")
    (folder / "manifest.json").write_text("mine", encoding="utf-8")
    code, _, errors = write(capsys, project)
    assert code == 2
    assert "found a manifest; expected none yet; give --force" in errors[0]
    assert (folder / "manifest.json").read_text(encoding="utf-8") == "mine"
    assert write(capsys, project, "--force")[0] == 0
    assert content(folder)["transfer"] == "T1"


def test_unreadable_files_are_all_faults_of_the_data_and_nothing_is_written(
    project: Project, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = fill(project, "dm.csv", "restricted/ex.xpt")
    (folder / "ae.xpt").write_bytes(b"not an XPT file")
    (folder / "restricted" / "pc.parquet").write_bytes((folder / "restricted" / "ex.xpt").read_bytes())
    before = tree(project.root)
    code, out, errors = write(capsys, project)
    assert (code, out) == (3, "")
    assert [line.split(":")[0] for line in errors] == ["3 ae", "3 restricted/pc"]
    assert tree(project.root) == before


def test_a_dataset_that_lies_there_twice_is_a_fault(project: Project, capsys: pytest.CaptureFixture[str]) -> None:
    fill(project, "dm.csv", "old/dm.parquet")
    code, _, errors = write(capsys, project)
    assert code == 3
    assert errors[0].startswith("3 dm: found dm.csv and old/dm.parquet; expected one file a dataset; leave out with")
    assert write(capsys, project, "--leave-out", "old/dm.parquet")[0] == 0


def test_a_folder_without_datasets_is_a_fault(project: Project, capsys: pytest.CaptureFixture[str]) -> None:
    folder = fill(project, "dm.csv")
    (folder / "dm.csv").rename(folder / "dm.txt")
    code, _, errors = write(capsys, project)
    assert (code, errors[0].split(";")[0]) == (3, "3 T1: found no dataset")
    assert not (folder / "manifest.json").exists()


def test_a_link_out_of_the_folder_is_a_fault(project: Project, capsys: pytest.CaptureFixture[str]) -> None:
    folder = fill(project, "dm.csv")
    (folder / "ae.csv").symlink_to(project.root / "parameters" / "demo" / "C1.yaml")
    code, _, errors = write(capsys, project)
    assert code == 3
    assert 'ae: found in "ae.csv" a link that leaves the transfer folder' in errors[0]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--leave-out", "absent.csv"], 'leave-out: found "absent.csv"'),
        (["--study", "../x"], "study: found '../x'"),
        (["--extracted", "2024-02-30"], "2024-02-30"),
    ],
)
def test_a_wrong_statement_is_wrong_usage_and_nothing_is_written(
    project: Project, capsys: pytest.CaptureFixture[str], arguments: list[str], words: str
) -> None:
    folder = fill(project, "dm.csv")
    code, _, errors = write(capsys, project, *arguments)
    assert code == 2
    assert words in errors[0]
    assert not (folder / "manifest.json").exists()


def test_what_the_study_file_says_of_synthetic_data_must_agree(
    project: Project, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = fill(project, "dm.csv")
    code, _, errors = call(capsys, "manifest", str(folder), "--project", str(project.root))
    assert code == 2
    assert "is_synthetic: found no --synthetic; expected --synthetic" in errors[0]
    assert not (folder / "manifest.json").exists()


def test_encodings_and_the_place_of_the_manifest_are_those_of_the_study_file(
    project: Project, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = fill(project, "dm.csv")
    text = (folder / "dm.csv").read_text(encoding="utf-8").replace("WHITE", "ÉTÉ")
    (folder / "dm.csv").write_bytes(text.encode("cp1252"))
    assert write(capsys, project)[0] == 3
    own = STUDY.replace("  root: data\n", '  root: data\n  manifest: "study:t1.json"\n  encodings: {dm: cp1252}\n')
    (project.parameters / "demo" / "study.yaml").write_text(f"{own}reports: [safety]\n", encoding="utf-8")
    assert write(capsys, project)[0] == 0
    assert not (folder / "manifest.json").exists()
    assert json.loads((project.parameters / "demo" / "t1.json").read_text(encoding="utf-8"))["transfer"] == "T1"


def test_the_manifest_of_another_transfer_is_never_replaced(
    project: Project, capsys: pytest.CaptureFixture[str]
) -> None:
    fill(project, "dm.csv").rename(project.root / "data" / "T0")
    fill(project, "dm.csv")
    own = STUDY.replace("  root: data\n", '  root: data\n  manifest: "study:manifest.json"\n')
    (project.parameters / "demo" / "study.yaml").write_text(f"{own}reports: [safety]\n", encoding="utf-8")
    assert write(capsys, project)[0] == 0
    kept = (project.parameters / "demo" / "manifest.json").read_bytes()
    other = str(project.root / "data" / "T0")
    for force in ([], ["--force"]):
        code, out, errors = call(capsys, "manifest", other, "--synthetic", "--project", str(project.root), *force)
        assert (code, out) == (2, "")
        assert errors[0].startswith('2 manifest.json.transfer: found "T1"; expected "T0", the name of the folder; ')
        assert (project.parameters / "demo" / "manifest.json").read_bytes() == kept
    assert write(capsys, project, "--force")[0] == 0


def test_a_sender_needs_no_project_but_names_the_study(
    tmp_path: Path, project: Project, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = fill(project, "dm.csv").rename(tmp_path / "T7")
    monkeypatch.chdir(tmp_path)
    code, _, errors = call(capsys, "manifest", "T7")
    assert (code, "name it: --study" in errors[0]) == (2, True)
    assert call(capsys, "manifest", "T7", "--study", "abc", "--extracted", "2024-05-06")[0] == 0
    told = content(folder)
    assert (told["study"], told["extracted"], told["is_synthetic"]) == ("abc", "2024-05-06", False)


def test_whoever_may_read_the_data_may_read_the_manifest(project: Project, capsys: pytest.CaptureFixture[str]) -> None:
    folder = fill(project, "dm.csv")
    (folder / "dm.csv").chmod(0o440)
    write(capsys, project)
    assert (folder / "manifest.json").stat().st_mode & 0o777 == 0o640


def test_the_pilots_manifest_comes_out_again(
    project: Project, shared: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    stated = Path(__file__).parents[2] / "parameters" / "cdiscpilot01" / "manifest.json"
    study = (stated.parent / "study.yaml").read_text(encoding="utf-8").replace("../shared/data", str(shared / "data"))
    own = project.parameters / "cdiscpilot01"
    own.mkdir()
    (own / "study.yaml").write_text(study, encoding="utf-8")
    folder = shared / "data" / "cdiscpilot01"
    options = ("--extracted", "2015-03-06", "--leave-out", "pk/ex.csv", "--project", str(project.root))
    assert call(capsys, "manifest", str(folder), *options)[0] == 0
    lines, expected = ((place / "manifest.json").read_text("utf-8").splitlines() for place in (own, stated.parent))
    assert sorted(line.rstrip(",") for line in lines) == sorted(line.rstrip(",") for line in expected)
