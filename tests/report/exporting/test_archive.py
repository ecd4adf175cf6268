"""A published set as one archive."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from cutbook.errors import ParameterError, PublishError
from cutbook.published.hashes import sha256_bytes
from cutbook.published.manifest import Manifest
from cutbook.report.exporting.archive import find_set, write_archive
from report.fake_project import cutbook, make_project


@pytest.fixture
def outputs(tmp_path: Path) -> Path:
    """Return the outputs of a project in which a set is published."""
    project = make_project(tmp_path / "project", ("safety",))
    done = cutbook(project, "run", "demo", "C1")
    assert done.returncode == 0, done.stderr
    return project.outputs


def test_an_archive_holds_every_file_of_the_set_and_its_manifest(outputs: Path, tmp_path: Path):
    published = find_set(outputs, "demo", "C1", "unblinded")
    files = write_archive(published, tmp_path / "out")
    assert [file.name for file in files] == ["demo_C1_unblinded_r1.zip"]
    with zipfile.ZipFile(next(iter(files))) as archive:
        assert archive.testzip() is None
        contents = {name.partition("/")[2]: archive.read(name) for name in archive.namelist()}
    manifest = Manifest.model_validate_json(contents.pop("manifest.json"))
    assert {name: sha256_bytes(content) for name, content in contents.items()} == {
        name: output.sha256 for name, output in manifest.files.items()
    }
    assert "safety.html" in contents


def test_the_same_set_gives_the_same_bytes(outputs: Path, tmp_path: Path):
    published = find_set(outputs, "demo", "C1", "unblinded")
    made = [next(iter(write_archive(published, tmp_path / name))) for name in ("one", "two")]
    assert made[0].read_bytes() == made[1].read_bytes()


def test_a_file_that_was_changed_is_archived_as_nothing(outputs: Path, tmp_path: Path):
    published = find_set(outputs, "demo", "C1", "unblinded")
    page = published.folder / "safety.html"
    page.chmod(0o600)
    page.write_text("changed", encoding="utf-8")
    with pytest.raises(PublishError, match=r"safety\.html, changed after publication"):
        write_archive(published, tmp_path / "out")


def test_without_a_published_set_it_says_how_to_get_one(tmp_path: Path):
    with pytest.raises(ParameterError, match="publish one: cutbook run demo C1"):
        find_set(tmp_path, "demo", "C1", "unblinded")
